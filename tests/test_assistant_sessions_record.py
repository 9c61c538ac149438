"""Lines of a session's file: what is written comes back, and rubbish is told apart from it and never raises."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim, Evidence, IndexStatus, ShortAnswer, Source, Spent
from assistant.sessions.record import (
    SCHEMA,
    TURN,
    Damaged,
    Header,
    KeptTurn,
    Later,
    Renamed,
    Unknown,
    read_header,
    read_record,
    to_line,
)
from kept_sessions import START, answered, full_answer, refused

HEADER = Header("20190202-1f", "trade talks", START, "/articles")

texts = st.text(max_size=30)
times = st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1), max_value=datetime(9998, 1, 1))
offsets = st.integers(min_value=-(2**70), max_value=2**70)
shares = st.floats(min_value=0, max_value=1).map(lambda value: round(value, 4))
sources = st.builds(Source, texts, st.none() | texts, st.none() | texts, st.none() | st.dates())
citations = st.builds(
    Citation, offsets, sources, offsets, offsets, texts, st.sampled_from(["file", "extracted"]), st.tuples(texts)
)
claims = st.builds(
    Claim, texts, st.tuples(offsets), st.sampled_from(["verbatim", "supported", "unsupported"]), st.none() | texts
)
passages = st.builds(
    Evidence,
    source=sources,
    start=offsets,
    end=offsets,
    text=texts,
    sentences=st.just(()),
    lexical=st.just(0.0),
    dense=st.none(),
    score=shares,
    carried=st.booleans(),
)
answers = st.builds(
    Answer,
    question=texts,
    status=st.sampled_from(["answered", "not_found"]),
    confidence=shares,
    text=texts,
    claims=st.lists(claims, max_size=2).map(tuple),
    citations=st.lists(citations, max_size=2).map(tuple),
    evidence=st.lists(passages, max_size=2).map(tuple),
    index=st.builds(IndexStatus, offsets, offsets, texts, st.booleans()),
    backend=texts,
    shorts=st.lists(st.builds(ShortAnswer, texts, offsets, offsets, offsets), max_size=2).map(tuple),
    incomplete=st.booleans(),
    spent=st.none() | st.builds(Spent, offsets, offsets, st.none() | shares),
    standalone=st.none() | texts,
    timings_ms=st.dictionaries(texts, shares.map(lambda value: round(value, 1)), max_size=2),
)


@given(answers, times)
def test_a_turn_comes_back_as_it_was_but_for_passages_that_nobody_is_shown(answer: Answer, at: datetime) -> None:
    line = to_line(KeptTurn(at, answer))
    assert line.startswith(TURN)
    assert line.count(b"\n") == 1
    shown = answer if answer.status == "not_found" else replace(answer, evidence=())
    assert read_record(line) == KeptTurn(at, shown)


@given(texts.filter(str.strip), times)
def test_a_new_name_comes_back_as_it_was(name: str, at: datetime) -> None:
    assert read_record(to_line(Renamed(at, name))) == Renamed(at, name)


@given(texts, texts.filter(str.strip), times, texts)
def test_a_header_comes_back_as_it_was(identity: str, name: str, created: datetime, corpus: str) -> None:
    header = Header(identity, name, created, corpus)
    assert read_header(to_line(header)) == header


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(line: bytes) -> None:
    assert isinstance(read_header(line), Header | Later | Damaged)
    assert isinstance(read_record(line), KeptTurn | Renamed | Unknown | Damaged)


@given(st.integers(min_value=0), st.data())
def test_no_prefix_and_no_changed_field_of_a_turn_makes_reading_raise(cut: int, data: st.DataObject) -> None:
    line = to_line(KeptTurn(START, full_answer()))
    half = line[: cut % (len(line) - 1)]
    assert isinstance(read_record(half), Damaged)
    stated = json.loads(line)
    field = data.draw(st.sampled_from(sorted(stated["answer"])))
    stated["answer"][field] = data.draw(json_values)
    assert isinstance(read_record(json.dumps(stated).encode()), KeptTurn | Damaged)


@example({"schema": "parley.session/"})  # a text that is found in the code is tried, too
@given(st.dictionaries(st.sampled_from(["kind", "at", "name", "schema", "id", "created", "corpus"]), json_values))
def test_no_object_makes_reading_raise(stated: dict[str, object]) -> None:
    line = json.dumps(stated).encode()
    assert isinstance(read_record(line), Renamed | Unknown | Damaged)
    schema = stated.get("schema")
    later = isinstance(schema, str) and schema.startswith("parley.session/") and schema != SCHEMA
    assert isinstance(read_header(line), Later if later else Header | Damaged)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\0" * 100,
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"kind": "turn", "at": ' + b"9" * 5000 + b"}",
        b'{"kind": "turn", "at": "2019-02-02", "answer": {"confidence": NaN}}',
        b'{"kind": "renamed", "at": "0001-01-01T00:00:00+14:00", "name": "x"}',
        b'{"kind": "renamed", "at": "9999-12-31T23:00:00+00:00", "name": "x"}',
        b'{"kind": "renamed", "at": "2019-02-02T10:00:00+00:00", "name": "  "}',
    ],
    ids=["empty", "NUL", "no UTF-8", "deep", "long number", "NaN", "before all time", "after it", "nameless"],
)
def test_rubbish_is_told_as_such(line: bytes) -> None:
    found = read_record(line)
    assert isinstance(found, Damaged)
    assert found.reason.startswith("is damaged: ")
    assert "\n" not in found.reason


def test_a_number_that_no_float_holds_is_damage() -> None:
    stated = json.loads(to_line(KeptTurn(START, answered())))
    stated["answer"]["confidence"] = 10**400
    assert read_record(json.dumps(stated).encode()) == Damaged("is damaged: answer.confidence: a number is needed")


def test_a_day_that_is_none_is_damage() -> None:
    stated = json.loads(to_line(KeptTurn(START, answered())))
    stated["answer"]["citations"][0]["published"] = "2019-02-30"
    assert read_record(json.dumps(stated).encode()) == Damaged("is damaged: published: a day is needed")


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert read_record(b'{"kind": "pinned", "turn": 3}') == Unknown()
    stated = json.loads(to_line(KeptTurn(START, answered())))
    stated["answer"]["mood"] = stated["mood"] = "good"
    assert read_record(json.dumps(stated).encode()) == KeptTurn(START, answered())


def test_a_header_of_another_version_is_told_apart_from_rubbish() -> None:
    assert read_header(b'{"schema": "parley.session/2", "name": "x"}') == Later("parley.session/2", "x")
    assert read_header(b'{"schema": "parley.session/2", "name": ["x"]}') == Later("parley.session/2", None)
    assert read_header(b'{"schema": "parley.run/1"}') == Damaged("is the header of no session")


def test_a_time_in_another_zone_is_read_as_utc() -> None:
    line = b'{"kind": "renamed", "at": "2019-02-02T12:00:00+02:00", "name": "x"}'
    assert read_record(line) == Renamed(START, "x")


def test_the_schema_is_on_the_first_line_for_everybody_to_read() -> None:
    assert json.loads(to_line(HEADER)) == {
        "schema": SCHEMA,
        "id": "20190202-1f",
        "name": "trade talks",
        "created": "2019-02-02T10:00:00+00:00",
        "corpus": "/articles",
    }


def test_the_line_of_an_answer_holds_its_json_with_the_passages_that_were_shown() -> None:
    kept = json.loads(to_line(KeptTurn(START, full_answer())))["answer"]
    assert kept == {**full_answer().to_json(), "passages": []}
    closest = json.loads(to_line(KeptTurn(START, refused())))["answer"]["passages"]
    assert [passage["text"] for passage in closest] == ["passage 0", "passage 1", "passage 2"]


def test_dates_of_articles_come_back() -> None:
    found = read_record(to_line(KeptTurn(START, answered())))
    assert isinstance(found, KeptTurn)
    assert found.answer.citations[0].source.published == date(2019, 2, 2)
