"""All sessions of a corpus: names that mean one, deletion that can be undone, words that are found again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.sessions.store import KEPT_DELETED_S, SessionStore
from index.state import StateFolder
from kept_sessions import DAM, Kept, answered, citation, refused

HEAVY = {"numpy", "onnxruntime", "chromadb", "chromadb_rust_bindings", "rich", "httpx", "jinja2", "pydantic"}


def make(kept: Kept, *names: str) -> None:
    for name in names:
        kept.store.create(name).append(answered(f"What of {name}?"))


def names(store: SessionStore) -> list[str]:
    return [summary.name for summary in store.list()]


def test_sessions_stand_in_the_state_of_their_corpus(tmp_path: Path) -> None:
    corpus, states = tmp_path / "articles", tmp_path / "states"
    corpus.mkdir()
    session = SessionStore.of(corpus, states, print).create("talks")
    session.append(answered())
    assert (StateFolder.of(corpus, states).root / "sessions" / f"{session.id}.jsonl").is_file()
    assert SessionStore.of(tmp_path / "others", states, print).list() == ()
    assert list(corpus.iterdir()) == []


def test_the_list_begins_with_the_last_used_one(kept: Kept) -> None:
    make(kept, "first", "second", "third")
    kept.store.open("first").append(refused("And then?"))
    assert names(kept.store) == ["first", "third", "second"]
    summary = kept.store.list()[0]
    assert (summary.turns, summary.question) == (2, "And then?")
    latest = kept.store.latest()
    assert latest is not None
    assert latest.name == "first"


def test_where_there_is_none_there_is_no_last_one(kept: Kept) -> None:
    assert kept.store.latest() is None
    assert kept.store.list() == ()


# Names.


def test_a_name_its_only_beginning_and_an_id_mean_a_session(kept: Kept) -> None:
    make(kept, "trade", "trade talks", "crops")
    assert kept.store.open("trade").name == "trade"  # exactly, though another begins so, too
    assert kept.store.open("trade ").name == "trade talks"
    assert kept.store.open("c").name == "crops"
    assert kept.store.open(kept.store.open("crops").id).name == "crops"


@pytest.mark.parametrize(
    ("wanted", "message", "hint"),
    [
        ("tr", "more than one session begins with 'tr'", "did you mean 'trade talks' or 'trade'?"),
        ("corps", "there is no session 'corps'", "did you mean 'crops'?"),
        ("", "there is no session ''", "see them all with: parley sessions"),
        ("../crops", "there is no session '../crops'", "did you mean 'crops'?"),
    ],
)
def test_what_means_none_or_several_gets_the_closest_names(
    kept: Kept, wanted: str, message: str, hint: str
) -> None:
    make(kept, "trade", "trade talks", "crops")
    with pytest.raises(ConfigurationError, match="session") as told:
        kept.store.open(wanted)
    assert (str(told.value), told.value.hint) == (message, hint)


def test_asking_in_a_session_takes_no_beginning_for_a_name(kept: Kept) -> None:
    make(kept, "trade talks")
    kept.store.open_or_create("trade").append(answered())
    assert names(kept.store) == ["trade", "trade talks"]
    kept.store.open_or_create("trade").append(answered())
    assert [summary.turns for summary in kept.store.list()] == [2, 1]


@pytest.mark.parametrize(
    "name",
    [
        "../../escape",
        "/etc/passwd",
        ".",
        "..",
        "a/b",
        "con",
        "\x1b[31mred",
        "x\0y",
        "名前",
        "\udcff",
        "a" * 200,
        "*?",
    ],
)
def test_any_name_will_do_and_none_becomes_a_path(kept: Kept, tmp_path: Path, name: str) -> None:
    make(kept, name)
    assert names(kept.reopened()) == [name]
    assert kept.reopened().open(name).name == name
    assert {path.name for path in tmp_path.iterdir()} == {"sessions"}
    assert {path.suffix for path in kept.folder.iterdir()} == {".jsonl", ""}
    kept.store.delete(name)
    assert kept.store.restore(name).name == name


def test_an_accent_means_the_same_however_it_is_written(kept: Kept) -> None:
    make(kept, "cafe\u0301")
    assert kept.store.open("caf\xe9").name == kept.store.open("cafe\u0301").name == "caf\xe9"


def test_white_space_in_a_name_is_one_blank(kept: Kept) -> None:
    make(kept, "  trade\n talks\t")
    assert names(kept.store) == ["trade talks"]
    assert kept.store.open_or_create("trade\ntalks").turns


@pytest.mark.parametrize("name", ["", " \n", "a" * 201])
def test_a_name_needs_something_in_it_and_has_an_end(kept: Kept, name: str) -> None:
    for use in (kept.store.create, kept.store.open_or_create):
        with pytest.raises(ConfigurationError, match="the name of a session"):
            use(name)


def test_a_name_is_given_once(kept: Kept) -> None:
    make(kept, "trade", "crops")
    with pytest.raises(ConfigurationError, match="there is a session 'trade' already"):
        kept.store.create("trade")
    with pytest.raises(ConfigurationError, match="there is a session 'trade' already"):
        kept.store.rename("crops", "trade")
    assert kept.store.rename("crops", "harvest").name == "harvest"
    assert kept.store.rename("harvest", "harvest").name == "harvest"
    assert names(kept.store) == ["harvest", "trade"]


def test_copied_files_share_a_name_and_are_told_apart_by_their_ids(kept: Kept) -> None:
    make(kept, "trade")
    identity = kept.store.open("trade").id
    kept.file("copy").write_bytes(kept.file(identity).read_bytes())
    with pytest.raises(ConfigurationError, match="several sessions are called 'trade'") as told:
        kept.store.open("trade")
    assert identity in told.value.hint
    kept.store.rename("copy", "another")
    assert sorted(names(kept.store)) == ["another", "trade"]


# Deleting.


def test_a_deleted_session_can_be_brought_back(kept: Kept) -> None:
    make(kept, "trade", "crops")
    deleted = kept.store.delete("tra")
    assert names(kept.store) == ["crops"]
    assert kept.store.search("trade") == ()
    assert kept.store.restore(deleted.id) == deleted
    assert sorted(names(kept.store)) == ["crops", "trade"]
    with pytest.raises(ConfigurationError, match="there is no deleted session 'trade'"):
        kept.store.restore("trade")


def test_who_names_no_deleted_session_is_told_which_there_are(kept: Kept) -> None:
    with pytest.raises(ConfigurationError) as none:
        kept.store.restore("wheat")
    assert none.value.hint == "none was deleted within the last thirty days"
    make(kept, "trade", "crops")
    for name in ("trade", "crops"):
        kept.store.delete(name)
    with pytest.raises(ConfigurationError) as other:
        kept.store.restore("xyz")
    assert other.value.hint == "deleted were 'crops', 'trade'"


def test_the_hint_for_an_empty_name_fits_whoever_gives_one(kept: Kept) -> None:
    make(kept, "trade")
    with pytest.raises(ConfigurationError) as empty:
        kept.store.rename("trade", " ")
    assert empty.value.hint == 'give it one, such as "trade talks"'


def test_one_that_comes_back_to_find_its_name_taken_gets_another(kept: Kept) -> None:
    make(kept, "trade")
    deleted = kept.store.delete("trade")
    make(kept, "trade")
    assert kept.store.restore(deleted.id).name == "trade (2)"
    assert sorted(names(kept.store)) == ["trade", "trade (2)"]


def test_what_was_deleted_a_month_ago_is_thrown_away_with_the_next_one(kept: Kept) -> None:
    make(kept, "trade", "crops", "mills")
    old = kept.folder / "deleted" / f"{kept.store.delete('trade').id}.jsonl"
    recent = kept.folder / "deleted" / f"{kept.store.delete('crops').id}.jsonl"
    then = old.stat().st_mtime - KEPT_DELETED_S - 60
    os.utime(old, (then, then))
    kept.store.delete("mills")
    assert not old.exists()
    assert recent.exists()


# Searching.


def test_words_are_found_in_questions_answers_quotes_and_sources(kept: Kept) -> None:
    make(kept, "trade", "crops")
    kept.store.open("trade").append(answered("Which dam?", citation(1, "dam.txt", 0, DAM)))
    for words in ("kessock", "INSPECTED june", "dam.txt", "which dam", "daily spect"):
        (hit, *others) = kept.store.search(words)
        assert (hit.session.name, hit.number, hit.turn.answer.question) == ("trade", 2, "Which dam?")
        assert others == [] or words == "daily spect"
    assert [hit.session.name for hit in kept.store.search("mill")] == ["trade", "crops"]
    assert kept.store.search("kessock crops") == ()


def test_accents_and_case_make_no_difference(kept: Kept) -> None:
    kept.store.create("x").append(answered("Was there a Communiqué about Straße 5?"))
    assert len(kept.store.search("COMMUNIQUE strasse")) == 1


def test_an_excerpt_shows_where_the_word_stands(kept: Kept) -> None:
    long = f"{'before ' * 30}needle {'after ' * 30}".strip()
    kept.store.create("x").append(answered("?", citation(1, quote=long)))
    (hit,) = kept.store.search("needle")
    assert hit.excerpt.startswith("...")
    assert hit.excerpt.endswith("...")
    assert "before needle after" in hit.excerpt
    assert len(hit.excerpt) < 150


def test_without_a_word_nothing_is_searched(kept: Kept) -> None:
    with pytest.raises(ConfigurationError, match="nothing to search for"):
        kept.store.search(" ")


# Speed.


def test_opening_a_session_loads_nothing_heavy(kept: Kept) -> None:
    make(kept, "trade")
    spy = (
        "import sys; from pathlib import Path; from assistant.sessions.store import SessionStore;"
        f"SessionStore(Path({str(kept.folder)!r}), Path('/'), print).open('trade').history();"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    root = Path(__file__).resolve().parent.parent
    ran = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=root, check=True)
    assert not set(ran.stdout.split()) & HEAVY
