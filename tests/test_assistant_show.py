"""`parley show`: the text behind a citation, and a helping hand where a name or a span is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NAME = "002_3fb6c22dd49dd698.txt"


def test_a_whole_article_comes_out_character_by_character(parley: Callable[..., Any], sample: Path) -> None:
    for article in sample.glob("*.txt"):
        text = article.read_text(encoding="utf-8-sig")
        assert parley("show", article.name).out.removesuffix("\n") == text.removesuffix("\n")


def test_tabs_and_trailing_spaces_survive_a_pipe(parley: Callable[..., Any], folder: Callable[..., Path]) -> None:
    folder({"a.txt": "one\ttwo   \n\n  three\n"})
    assert parley("show", "a.txt").out == "one\ttwo   \n\n  three\n"


def test_a_span_is_what_the_citation_quotes(parley: Callable[..., Any], sample: Path) -> None:
    text = (sample / NAME).read_text(encoding="utf-8-sig")
    assert parley("show", f"{NAME}:2105-2320").out == f"{text[2105:2320]}\n"
    assert parley("show", f"{NAME}:0-{len(text)}").code == 0


def test_the_json_names_article_span_and_text(parley: Callable[..., Any], sample: Path) -> None:
    text = (sample / NAME).read_text(encoding="utf-8-sig")
    assert json.loads(parley("show", f"{NAME}:3-9", "--json").out) == {
        "schema": "parley.text/1",
        "article": NAME,
        "start": 3,
        "end": 9,
        "text": text[3:9],
        "of": "file",
    }


def test_the_beginning_of_a_name_will_do_where_only_one_begins_so(
    parley: Callable[..., Any], sample: Path
) -> None:
    assert json.loads(parley("show", "002", "--json").out)["article"] == NAME


def test_the_beginning_of_a_file_name_will_do_in_a_folder_below(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"deep/down/story.txt": "A story.\n"})
    assert parley("show", "sto").out == "A story.\n"


def test_a_beginning_that_several_share_names_them(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("show", "00")
    assert (ran.code, ran.out) == (2, "")
    assert "more than one article begins with '00'. Did you mean 000_" in ran.err


def test_an_unknown_article_suggests_the_closest(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("show", NAME.replace("3fb", "3bf"))
    assert ran.code == 2
    assert f"did you mean {NAME}" in ran.err.lower()


def test_an_exact_name_wins_over_longer_ones_and_over_spans(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "One.\n", "a.txt.txt": "Two.\n", "b:1-2.txt": "Three.\n", "b:1-2": "no article"})
    assert parley("show", "a.txt").out == "One.\n"
    assert parley("show", "b:1-2.txt").out == "Three.\n"
    assert parley("show", "b:1-2.txt:0-5").out == "Three\n"


@pytest.mark.parametrize("span", ["5-5", "9-3", "0-999999", "999998-999999"])
def test_a_span_that_the_article_does_not_have_says_where_it_ends(
    parley: Callable[..., Any], sample: Path, span: str
) -> None:
    ran = parley("show", f"{NAME}:{span}")
    length = len((sample / NAME).read_text(encoding="utf-8-sig"))
    assert ran.code == 2
    assert f"has no characters {span}. It ends at {length}" in ran.err


@pytest.mark.parametrize(
    "wrong", ["", ":", ":1-2", f"{NAME}:a-b", f"{NAME}:1-{'9' * 5000}", "../seeds/x", "/etc/passwd"]
)
def test_what_names_no_article_ends_with_2(parley: Callable[..., Any], sample: Path, wrong: str) -> None:
    ran = parley("show", wrong)
    assert (ran.code, ran.out) == (2, "")


def test_a_file_that_is_no_text_ends_with_5_and_its_reason(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": b"\x00\x01"})
    ran = parley("show", "a.txt")
    assert ran.code == 5
    assert "a.txt holds NUL. Save it as plain text in UTF-8\n" in ran.err


def test_where_no_article_is_like_the_name_search_is_named(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "One.\n", "notes.html": "<p>Two.</p>"})
    ran = parley("show", "notes.html")
    assert (ran.code, ran.err) == (2, "parley: there is no article 'notes.html'. Look for its name with search\n")


def complete(parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, typed: str) -> str:
    monkeypatch.setenv("_PARLEY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"parley {typed}")
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" "))))
    return str(parley().out)


def test_names_of_articles_are_completed(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, seeds: Path
) -> None:
    assert complete(parley, monkeypatch, "show 002") == f"plain,{NAME}\n"
    assert complete(parley, monkeypatch, "show ").count("plain,") == 5


def test_commands_are_completed_and_unknown_ones_are_no_failure(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complete(parley, monkeypatch, "se") == "plain,search\nplain,sessions\n"
    assert complete(parley, monkeypatch, "nonsense x").strip() == ""


def test_completion_offers_nothing_hostile_and_nothing_of_a_missing_folder(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, folder: Callable[..., Path]
) -> None:
    corpus = folder({"good.txt": "x", "g\x1b[31m\n.txt": "x"})
    assert complete(parley, monkeypatch, "show g") == "plain,good.txt\n"
    monkeypatch.setenv("PARLEY_CORPUS", str(corpus / "missing"))
    assert complete(parley, monkeypatch, "show g").strip() == ""


def test_the_script_for_completion_is_printed(parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PARLEY_COMPLETE", "bash_source")
    ran = parley()
    assert ran.code == 0
    assert "complete -o nosort -F _parley_completion parley" in ran.out
