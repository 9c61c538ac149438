"""Server-sent events out of bytes, however these are split."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backends.sse import EventParser, EventTooLargeError, ServerEvent


def parsed(*chunks: bytes, largest: int = 1 << 20) -> list[ServerEvent]:
    parser = EventParser(largest)
    return [event for chunk in chunks for event in parser.feed(chunk)]


def data(*chunks: bytes) -> list[str]:
    return [event.data for event in parsed(*chunks)]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_lines_end_in_three_ways(end: bytes) -> None:
    assert data(b"data: a" + end + b"data: b" + end + end + b"data: c" + end + end) == ["a\nb", "c"]


def test_an_event_is_there_as_soon_as_its_empty_line_is_even_if_that_ends_with_cr() -> None:
    parser = EventParser()
    assert [event.data for event in parser.feed(b"data: a\r\n\r")] == ["a"]
    assert [event.data for event in parser.feed(b"\ndata: b\r\n\r\n")] == ["b"]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data:a\n\n", ["a"]),
        (b"data:  a \n\n", [" a "]),
        (b"data\n\n", [""]),
        (b"data\ndata\n\n", ["\n"]),
        (b"data: a: b\n\n", ["a: b"]),
        (b": a comment\n\n:\n\ndata: a\n: another\ndata: b\n\n", ["a\nb"]),
        (b"id: 7\nretry: 10\nwhatever: x\ndata: a\n\n", ["a"]),
        (b"\n\n\n", []),
        (b"event: ping\n\n", []),
        (b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", ["a"]),
        (b"\xef\xbb\xbf\n\ndata: a\n\n", ["a"]),
        (b"data: caf\xc3\xa9 \xff\n\n", ["café \ufffd"]),
        (b"data: a\x0bb\xc2\x85c\xe2\x80\xa8d\n\n", ["a\x0bb\x85c\u2028d"]),
        (b"data: whole\n\ndata: cut", ["whole"]),
        (b"data: whole\n\ndata: cut\n", ["whole"]),
    ],
)
def test_fields_comments_and_odd_bytes(stream: bytes, expected: list[str]) -> None:
    assert data(stream) == expected


def test_the_name_of_an_event_is_its_own() -> None:
    assert parsed(b"event: error\ndata: a\n\ndata: b\n\n") == [
        ServerEvent("error", "a"),
        ServerEvent("message", "b"),
    ]


@pytest.mark.parametrize(
    "too_large",
    [b"data: " + b"x" * 100, b"data: x\n" * 20, b":\n" * 99],
    ids=["a line", "many lines of data", "many comments"],
)
@pytest.mark.parametrize("length", [1, 7, 1000])
def test_what_is_too_large_ends_the_stream_after_the_events_before_it(too_large: bytes, length: int) -> None:
    stream = b"data: a\n\n" + too_large
    parser, seen = EventParser(largest=90), list[str]()

    def read() -> None:
        for start in range(0, len(stream), length):
            for event in parser.feed(stream[start : start + length]):
                seen.append(event.data)

    with pytest.raises(EventTooLargeError, match="more than 90 bytes"):
        read()
    assert seen == ["a"]


def test_many_small_events_are_not_a_large_one() -> None:
    assert len(parsed(b"data: a\n\n" * 1000, largest=10)) == 1000


LINES = st.sampled_from(
    [
        b"data: a",
        b"data:b",
        b"data",
        b"event: e",
        b": c",
        b"",
        b"",
        b"id: 1",
        b"\xef\xbb\xbfdata: x",
        "data: é€𝄞".encode(),
    ]
)
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r", b"\r\n"])), max_size=30).map(
    lambda lines: b"".join(itertools.chain.from_iterable(lines))
)


@given(stream=STREAMS | st.binary(max_size=200), cuts=st.lists(st.integers(0, 300), max_size=12))
def test_however_a_stream_is_split_the_events_are_the_same(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert parsed(*(stream[start:end] for start, end in itertools.pairwise(places))) == parsed(stream)


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), min_size=1))
def test_what_is_sent_is_what_is_read(lines: list[str]) -> None:
    stream = b"".join(b"data: " + line.encode() + b"\n" for line in lines) + b"\n"
    assert data(stream) == ["\n".join(lines)]
