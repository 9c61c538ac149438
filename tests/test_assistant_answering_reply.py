"""A reply becomes sentences with ids, however a model writes them and however it is cut into pieces."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answering.reply import LONGEST, MOST_REPEATS, MOST_SENTENCES, REPEATED, RepliedSentence, Reply
from assistant.backends.protocol import SentenceId
from traced_time import allowed


def sentences(text: str) -> list[tuple[str, str]]:
    reply = Reply()
    reply.feed(text)
    return [(sentence.text, "".join(map(str, sentence.ids))) for sentence in reply.sentences()]


def test_each_sentence_has_the_ids_that_follow_it() -> None:
    assert sentences("The mill closed in May [1.2]. It reopened in June [2.1][2.3].") == [
        ("The mill closed in May.", "[1.2]"),
        ("It reopened in June.", "[2.1][2.3]"),
    ]


def test_ids_after_a_full_stop_belong_to_the_sentence_before_them() -> None:
    assert sentences("The mill closed in May. [1.2] It reopened. [2.1]") == [
        ("The mill closed in May.", "[1.2]"),
        ("It reopened.", "[2.1]"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[1.2, 1.3]", "[1.2][1.3]"),
        ("[1.2; 3.1]", "[1.2][3.1]"),
        ("[1.2 and 1.3]", "[1.2][1.3]"),
        ("[1.2-1.4]", "[1.2][1.3][1.4]"),
        ("[1.2–4]", "[1.2][1.3][1.4]"),
        ("[1.2]-[1.4]", "[1.2][1.4]"),
        ("【1.2】", "[1.2]"),
        ("[[1.2], [1.3]]", "[1.2][1.3]"),
        ("[1.2][1.2]", "[1.2]"),
        ("[ 1.2 ]", "[1.2]"),
        ("[99.9]", "[99.9]"),  # whether a prompt held it is not for the reply to say
        ("[1.2-2.4]", ""),  # a range over passages means nothing
        ("[1.4-1.2]", ""),
        ("[1.1-1.9999]", ""),
        ("[1]", ""),
    ],
)
def test_ids_are_read_as_models_write_them(written: str, meant: str) -> None:
    [(_, ids)] = sentences(f"The mill closed in May {written}.")
    assert ids == meant


def test_a_mark_may_touch_the_word_before_it() -> None:
    assert sentences("The mill closed[1.2].") == [("The mill closed.", "[1.2]")]


@pytest.mark.parametrize("text", ["It is called mill[1.2]er.", "Call `mills[1.2]` first.", "```\nmills[1.2]\n```"])
def test_inside_a_word_or_code_it_is_text(text: str) -> None:
    assert all(not ids for _, ids in sentences(text))
    assert any("[1.2]" in told for told, _ in sentences(text))


def test_a_decimal_number_is_no_id() -> None:
    assert sentences("It cost $1.2 billion (1.2 times as much) [1.3].") == [
        ("It cost $1.2 billion (1.2 times as much).", "[1.3]")
    ]


def test_lists_emphasis_and_headings_are_taken_off() -> None:
    assert sentences("## Mills\n- **One** closed [1.1].\n2. *Another* did not [1.2].") == [
        ("Mills", ""),
        ("One closed.", "[1.1]"),
        ("Another did not.", "[1.2]"),
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert [told for told, _ in sentences("Mr. Liu left the U.S. on Friday [1.1]. He slept [1.2].")] == [
        "Mr. Liu left the U.S. on Friday.",
        "He slept.",
    ]


@pytest.mark.parametrize(
    "text", ["NOT IN THESE ARTICLES", "Not in these articles.", "**Not in these articles** - sorry"]
)
def test_the_fixed_phrase_says_that_there_is_no_answer(text: str) -> None:
    reply = Reply()
    reply.feed(text)
    assert reply.finds_nothing
    assert reply.sentences() == ()


def test_what_the_provider_cites_belongs_to_the_sentences_that_it_covers() -> None:
    reply = Reply()
    reply.feed("Two mills closed. ")
    reply.cite(())
    reply.feed("One was old, ")
    reply.cite((SentenceId(1, 1),))
    reply.feed("the other new. Both")
    reply.cite((SentenceId(1, 2),))
    reply.feed(" burned.")
    assert reply.sentences() == (
        RepliedSentence("Two mills closed.", ()),
        RepliedSentence("One was old, the other new.", (SentenceId(1, 1), SentenceId(1, 2))),
        RepliedSentence("Both burned.", (SentenceId(1, 2),)),
    )


def test_what_is_beyond_the_bound_is_not_read() -> None:
    reply = Reply()
    for _ in range(5):
        reply.feed("mill " * LONGEST)
    assert reply.full
    assert len(reply.text) == LONGEST


@given(st.text("ab [1.2],-3【】.\n`*", max_size=80), st.data())
def test_pieces_make_no_difference(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    whole, pieces = Reply(), Reply()
    whole.feed(text)
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        pieces.feed(text[start:end])
    assert pieces.sentences() == whole.sentences()


@example("[1.1]][b")
@example("[1.1] ]...[")
@given(st.text("ab [1.2]. ", max_size=60))
def test_a_draft_shows_no_mark_however_it_is_cut(text: str) -> None:
    reply = Reply()
    shown = "".join(map(reply.feed, text))
    whole = Reply().feed(text)
    assert shown.startswith(whole) or whole.startswith(shown)


def test_ten_thousand_pieces_are_read_in_half_a_second() -> None:
    reply, began = Reply(), time.process_time()
    for number in range(10_000):
        reply.feed(f"mill [{number % 9 + 1}.2]. " if number % 8 == 0 else "mill ")
    reply.sentences()
    assert time.process_time() - began < allowed(0.5)


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        ("It rained [1.1]. China will buy it", ["It rained."]),  # "only if" may have been to come
        ("It rained [1.1]. It snow", ["It rained."]),
        ("It rained [1.1]. He said: “It snowed.”", ["It rained.", "He said: “It snowed.”"]),
        ("It rained [1.1]. It snowed [1.2]", ["It rained.", "It snowed"]),
        ("It rained", []),
        ("", []),
    ],
)
def test_of_a_reply_that_was_cut_off_only_whole_sentences_count(cut: str, kept: list[str]) -> None:
    reply = Reply()
    reply.feed(cut)
    assert [sentence.text for sentence in reply.whole_sentences()] == kept


def test_many_short_lines_that_a_provider_cites_are_read_in_seconds() -> None:
    reply = Reply()
    for _ in range(4_000):
        reply.feed("a\n")
        reply.cite((SentenceId(1, 1),))
    began = time.thread_time()
    assert {said.ids for said in reply.sentences()} == {(SentenceId(1, 1),)}
    assert time.thread_time() - began < 15


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('The sentence that answers this question is: "It rained all day." [1.1]', "It rained all day."),
        ("The answer is: It rained.", "It rained."),
        ("Answer: It rained.", "It rained."),
        ("**Answer:** It rained.", "It rained."),
        ('He said: "It rained."', 'He said: "It rained."'),
        ('"It rained all day."', '"It rained all day."'),
        ("The answer was clear: it rained.", "it rained."),
        ("The answer is:", "The answer is:"),
    ],
)
def test_what_only_announces_an_answer_is_no_part_of_it(written: str, told: str) -> None:
    reply = Reply()
    reply.feed(written)
    assert [sentence.text for sentence in reply.sentences()] == [told]


def test_tags_of_the_prompt_that_a_model_repeats_are_no_sentences() -> None:
    reply = Reply()
    reply.feed('<passages>\n<passage number="3" outlet="A. B. Times" title="Rain">\n[3.1] It rained.\n</passage>')
    assert reply.sentences() == (RepliedSentence("It rained.", (SentenceId(3, 1),)),)


@pytest.mark.parametrize(
    "circle",
    [
        "It rained in the whole of the country. Then it snowed, and nobody went out. ",
        "a report about ",
        '<passage number="3">\n',
    ],
)
def test_a_reply_that_goes_round_in_a_circle_is_full(circle: str) -> None:
    reply = Reply()
    fed = 0
    while not reply.full:
        reply.feed(circle[fed % len(circle)])
        fed += 1
    assert MOST_REPEATS * REPEATED <= fed <= (MOST_REPEATS + 1) * max(len(circle), REPEATED) + 256


def test_a_reply_without_circles_is_read_to_its_end() -> None:
    reply = Reply()
    for number in range(300):
        reply.feed(f"On day {number} it rained {number * number} drops. ")
        assert not reply.full
    assert len(reply.sentences()) == MOST_SENTENCES
