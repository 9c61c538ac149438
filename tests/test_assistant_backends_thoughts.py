"""What a model thinks aloud is kept apart from what it replies."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backends.protocol import ReasoningDelta, TextDelta, Withdrawn
from assistant.backends.thoughts import Piece, ThoughtSplitter


def split(*pieces: str) -> list[Piece]:
    splitter = ThoughtSplitter()
    return [*(event for piece in pieces for event in splitter.feed(piece)), *splitter.close()]


def read(*pieces: str) -> tuple[str, str]:
    """What was thought, and the reply, as whoever listens has them at the end."""
    thought, reply = "", ""
    for event in split(*pieces):
        match event:
            case TextDelta(text):
                reply += text
            case ReasoningDelta(text):
                thought += text
            case Withdrawn():
                thought, reply = thought + reply, ""
    return thought, reply


@pytest.mark.parametrize(
    ("written", "thought", "reply"),
    [
        ("A reply.", "", "A reply."),
        ("<think>Hm.</think>\n\nA reply.", "Hm.", "A reply."),
        (" \n<think>\nHm.\n</think>A reply. ", "\nHm.\n", "A reply. "),
        ("<think></think>A reply.", "", "A reply."),
        ("<think>Hm.", "Hm.", ""),
        ("<think>Hm.</thi", "Hm.</thi", ""),
        ("<thi", "", "<thi"),
        ("", "", ""),
        ("He wrote <think> in 2019 and a < b.", "", "He wrote <think> in 2019 and a < b."),
        ("<think>a</think>b</think>c<think>d", "a", "b</think>c<think>d"),
        ("Hm, so\n</think>\nA reply.", "Hm, so\n", "A reply."),
        ("Hm, <think> no.</think>A reply.</think>", "Hm, <think> no.", "A reply.</think>"),
    ],
)
def test_thought_and_reply(written: str, thought: str, reply: str) -> None:
    assert read(written) == (thought, reply)
    assert read(*written) == (thought, reply)


def test_text_that_was_only_thought_is_withdrawn_once_that_shows() -> None:
    assert split("Hm.", " So", "</think>Yes.") == [
        TextDelta("Hm."),
        TextDelta(" So"),
        Withdrawn(),
        TextDelta("Yes."),
    ]
    assert split("Hm.</think>Yes.") == [ReasoningDelta("Hm."), TextDelta("Yes.")]


def test_nothing_is_held_back_but_what_may_begin_a_tag() -> None:
    splitter = ThoughtSplitter()
    assert list(splitter.feed("a <")) == [TextDelta("a ")]
    assert list(splitter.feed("b")) == [TextDelta("<b")]


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", "</", "think>", "a", " ", "\n", "é"]), max_size=12).map(
        "".join
    ),
    st.lists(st.integers(0, 80), max_size=8),
)
def test_however_a_reply_is_cut_it_reads_the_same(written: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(written)) for cut in cuts), len(written)]
    assert read(*(written[start:end] for start, end in itertools.pairwise(places))) == read(written)
    assert all(not isinstance(event, TextDelta) or event.text for event in split(*written))
