"""Which words mean the same: forms, spellings, synonyms, derivations; and where the lexicon comes from."""

from pathlib import Path

import pytest

from assistant.answering.support.lexicon import (
    AKIN,
    SAME,
    SYNONYM,
    are_opposites,
    bases,
    kinship,
    parts,
    verb_form,
)
from assistant.answering.support.wordnet.extract import collect, irregular_forms, lines


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("escalates", "escalating"),
        ("rose", "rise"),
        ("held", "hold"),
        ("aluminium", "aluminum"),
        ("talks", "talk"),
    ],
)
def test_forms_and_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert kinship(one, other) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("inquiry", "investigation"),
        ("opened", "began"),
        ("methods", "tactics"),
        ("duties", "tariffs"),
        ("relaxation", "relaxing"),
        ("commerce", "commercial"),
    ],
)
def test_synonyms_and_derivations_are_nearly_one(one: str, other: str) -> None:
    assert kinship(one, other) == SYNONYM


def test_a_compound_is_akin_to_its_last_part() -> None:
    assert kinship("cybertheft", "theft") == AKIN


@pytest.mark.parametrize(("one", "other"), [("steel", "aluminium"), ("soybeans", "cars"), ("foreign", "commerce")])
def test_other_words_are_strangers(one: str, other: str) -> None:
    assert kinship(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("increased", "reducing"), ("confirmed", "denied"), ("imports", "exports"), ("tightening", "relax")],
)
def test_opposites_are_known_in_all_their_forms(one: str, other: str) -> None:
    assert are_opposites(one, other)
    assert are_opposites(other, one)
    assert kinship(one, other) == 0


def test_a_comparative_is_no_form_of_a_word_that_stands_by_itself() -> None:
    assert bases("offer") == ("offer",)
    assert "big" in bases("bigger")
    assert bases("leader") == ("leader",)


def test_a_word_tells_what_it_may_be() -> None:
    assert parts("tariff")[0] == "n"
    assert [verb_form(word) for word in ("rising", "rose", "rise", "steel")][:3] == ["ing", "past", "base"]


def test_names_are_no_common_words() -> None:
    assert parts("beijing") == ""
    assert not are_opposites("beijing", "washington")


DATA = {
    "data.noun": "00000010 00 n 01 rise 0 002 + 00000030 v 0101 ! 00000020 n 0101 | going up  \n"
    "00000020 00 n 01 fall 0 001 ! 00000010 n 0101 | going down  \n"
    "00000040 00 n 01 Rome 0 000 | a city  \n",
    "data.verb": "00000030 00 v 02 rise 0 climb 1 001 + 00000010 n 0101 01 + 01 00 | go up  \n",
    "data.adj": "",
    "data.adv": "",
    "index.noun": "fall n 1 1 ! 1 1 00000020  \nrise n 1 2 + ! 1 1 00000010  \nrome n 1 0 1 1 00000040  \n",
    "index.verb": "climb v 1 0 1 1 00000030  \nrise v 1 1 + 1 1 00000030  \n",
    "index.adj": "",
    "index.adv": "",
    "cntlist.rev": "rise%1:11:00:: 1 4\nfall%1:11:00:: 1 5\nrome%1:15:00:: 1 2\nrise%2:38:00:: 1 9\n",
    "noun.exc": "",
    "verb.exc": "rose rise\nrisen rise\n",
    "adj.exc": "",
    "adv.exc": "",
}


def test_the_extract_joins_derivations_and_keeps_opposites_and_irregular_forms(tmp_path: Path) -> None:
    for name, content in DATA.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    entries = collect(tmp_path)
    assert sorted(entries) == ["climb", "fall", "rise"]
    assert entries["rise"].meanings >= entries["climb"].meanings
    written = {line.split("\t")[0]: line.split("\t")[1:] for line in lines(entries)}
    assert written["rise"][0] == "vn"
    assert written["rise"][3] == "fall"
    assert list(irregular_forms(tmp_path, entries)) == ["risen\t~rise", "rose\t~rise"]
