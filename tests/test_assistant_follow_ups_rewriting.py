"""Follow-ups put by rule: from the last question, its answer, or both, and always a short question on one line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation, Source
from assistant.conversation import Turn
from assistant.follow_ups.rewriting import RuleRewriter, leans
from assistant.follow_ups.wording import LONGEST
from assistant.sanitize import sanitize_line

RULES = RuleRewriter()
PORK = Turn(
    "How much pork did China buy?", "China bought 3,000 tons of pork in January, the Agriculture Department said."
)
LED = Turn("Who led the talks for China?", "Chinese Vice Premier Liu He led the talks in Washington on Jan. 30.")
OFFER = Turn("What did China offer?", "China offered to buy more soybeans, but the US wants structural changes.")
ARREST = Turn(
    "Where was Meng Wanzhou arrested?", "Meng Wanzhou, the finance chief of Huawei, was arrested in Vancouver."
)
STORM = Turn(
    "Where did Harvey make landfall in Texas?", "Harvey made landfall near Rockport, Texas, at peak intensity."
)
FILTER = Turn(
    "Who invented a filter with small pores?", "In 1884, Charles Chamberland invented a filter with small pores."
)
PROGRESS = Turn("How are the talks going?", "“We are making a lot of progress,” Steven Mnuchin said on Tuesday.")
DEADLINE = Turn(
    "What did Trump say about the deadline?", "Donald Trump said he might let the deadline slide a little."
)
REFUSED = Turn("How old is Liu He?", "")


@pytest.mark.parametrize(
    ("before", "asked", "standalone"),
    [
        # A word that points back gives way to what it means.
        (LED, "What did he want?", "What did Vice Premier Liu He want?"),
        (DEADLINE, "Did he meet Xi?", "Did Donald Trump meet Xi?"),
        (DEADLINE, "What did his advisers say?", "What did Donald Trump's advisers say?"),
        (ARREST, "Who is she?", "Who is Meng Wanzhou?"),
        (ARREST, "Is she still there?", "Is Meng Wanzhou still in Vancouver?"),
        (STORM, "When did it come ashore?", "When did Harvey come ashore?"),
        (STORM, "How many people died there?", "How many people died near Rockport?"),
        (FILTER, "Who used it later on?", "Who used the filter with small pores later on?"),
        (PORK, "How much did it cost?", "How much did the pork that China bought cost?"),
        (OFFER, "Did they agree?", "Did China and the US agree?"),
        # A piece of a question is made whole with the last one.
        (STORM, "And Louisiana?", "Where did Harvey make landfall in Louisiana?"),
        (PORK, "And Europe?", "How much pork did Europe buy?"),
        (PORK, "and in 2017?", "How much pork did China buy in 2017?"),
        (PORK, "And what about soybeans?", "What about soybeans: how much pork did China buy?"),
        (PORK, "When was this?", "When did China buy pork?"),
        (LED, "And for the US?", "Who led the talks for the US?"),
        (DEADLINE, "And Mnuchin?", "What did Mnuchin say about the deadline?"),
        (OFFER, "And the other side?", "What did the US offer?"),
        (OFFER, "What else?", "What else did China offer?"),
        (ARREST, "Why?", "Why was Meng Wanzhou arrested?"),
        (ARREST, "And when was that?", "When was Meng Wanzhou arrested?"),
        # Or with what was answered.
        (PORK, "Who said that?", "Who said that China bought 3,000 tons of pork in January?"),
        (PROGRESS, "Who said that?", "Who said that we are making a lot of progress?"),
        (
            LED,
            "When was this?",
            "When was this: Chinese Vice Premier Liu He led the talks in Washington on Jan. 30?",
        ),
        (STORM, "And then?", "What happened next: Harvey made landfall near Rockport, Texas, at peak intensity?"),
        (REFUSED, "Where was he born?", "Where was Liu He born?"),
    ],
)
def test_a_follow_up_is_put_as_a_person_might_ask_it(before: Turn, asked: str, standalone: str) -> None:
    assert RULES.standalone(asked, [before]) == standalone
    assert RULES.standalone(standalone, [before]) is None


def test_a_question_that_stands_by_itself_or_comes_first_is_left_alone() -> None:
    assert RULES.standalone("What did Trump say about Huawei?", [LED, PORK]) is None
    assert RULES.standalone("What did he want?", []) is None
    assert RULES.standalone("   ", [LED]) is None


def test_the_last_turn_counts_unless_the_question_takes_up_words_of_one_before_it() -> None:
    history = [DEADLINE, Turn("Who is Robert Lighthizer?", "Robert Lighthizer is the trade representative.")]
    assert RULES.standalone("What did he study?", history) == "What did Robert Lighthizer study?"
    assert RULES.standalone("Did he let it slide?", history) == "Did Donald Trump let the deadline slide?"


def test_a_turn_that_leaned_on_others_itself_is_made_whole_first() -> None:
    history = [LED, Turn("Where did he speak?", "He spoke in Washington.")]
    assert RULES.standalone("When did he speak?", history) == "When did Vice Premier Liu He speak?"
    told = [Turn("Where did he speak?", "In Washington.", "Where did Mnuchin speak?")]
    assert RULES.standalone("And when?", told) == "When did Mnuchin speak?"


def test_what_was_cited_stands_for_an_answer_that_is_not_kept() -> None:
    quote = "Robert Lighthizer led the talks for the US."
    cited = (Citation(1, Source("a.txt", None, None, None), 0, len(quote), quote),)
    assert RULES.standalone("What did he say?", [Turn("Who led the talks?", "", cited=cited)]) == (
        "What did Robert Lighthizer say?"
    )


def test_where_nothing_fits_the_last_question_follows_after_a_colon() -> None:
    assert RULES.standalone("What did she say?", [PORK]) == "What did she say: the pork that China bought?"


def test_of_pieces_one_after_another_the_last_alone_stands_before_the_question() -> None:
    beans = Turn("And what about soybeans?", "", "What about soybeans: how much pork did China buy?")
    assert RULES.standalone("And the tariffs?", [PORK, beans]) == (
        "What about the tariffs: how much pork did China buy?"
    )


def test_only_the_last_turns_count_and_a_long_conversation_costs_no_more() -> None:
    history = [*[Turn("What did Xi say?", "word " * 2000)] * 499, DEADLINE]
    RULES.standalone("What did he want?", history)  # loads the lexicon
    began = time.thread_time()
    put = RULES.standalone("And what did he want?", history)
    assert put == "What did Donald Trump want?"
    assert time.thread_time() - began < 1.0  # of the processor; some hundredths are usual


VOCABULARY = (
    "who what when where why how did does is was he she it they him his their that this there then and but "
    "about the a of in for China Trump Liu He talks deal tariffs soybeans said want buy led 2018 first second "
    "one other side else same week after before ? , : ( ) ’"
)
WORDS = st.sampled_from([*VOCABULARY.split(), "\x1b", "\n", '"'])
ASKED = st.one_of(st.text(max_size=80), st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
TURNS = st.lists(st.builds(Turn, ASKED, st.one_of(st.just(""), ASKED)), max_size=4)


@given(ASKED, TURNS)
def test_whatever_is_asked_a_completed_question_is_short_harmless_and_left_alone(
    asked: str, history: list[Turn]
) -> None:
    put = RULES.standalone(asked, history)
    if put is not None:
        assert 0 < len(put) <= LONGEST
        assert sanitize_line(put) == put
        assert RULES.standalone(put, history) is None
        assert not leans(put)
