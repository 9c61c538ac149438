"""What a question asks for, told by its words alone."""

import pytest

from assistant.answering.question_kinds import kind_of

ASKED = {
    "yes_or_no": [
        "Did China offer 200 billion dollars?",
        "is the last game of thrones book written",
        "And hasn’t the mill burned down?",
        "Are there any other communities of this kind?",
    ],
    "reason": [
        "Why was Telenet purchased in 1979?",
        "How do plankton reproduce?",
        "how is the list of members kept",
        "What caused the panic of 1837?",
        "What was the main purpose of the troops?",
        "Explain the tides",
    ],
    "several": [
        "Who led the talks and what did they agree on?",
        "What are the two main forms of local government?",
        "Who were the members of the delegation?",
        "What is the difference between tariffs and quotas?",
        "List the ports",
        "What are all of the four stages?",
    ],
    "one": [
        "How much is the deficit?",
        "How long did the talks last?",
        "How far is it to the mill?",
        "How expensive is it?",
        "How about the price of oil?",
        "Which of the three parties won?",
        "What two-day event took place in May?",
        "May 2019 trade deficit",
        "Who led the talks?",
        "Was it Lima or Quito?",
        "Will you identify the country that it belongs to?",
        "Is what industry was attracted to Jacksonville?",
        "trade deficit china",
        "What are jet engines used to supply?",
        "Time and space are both examples of what?",
        "",
        "?!",
    ],
}


@pytest.mark.parametrize(("kind", "question"), [(kind, asked) for kind in ASKED for asked in ASKED[kind]])
def test_a_question_is_told_by_its_words(kind: str, question: str) -> None:
    assert kind_of(question) == kind


def test_a_question_of_any_length_is_told_by_its_beginning() -> None:
    assert kind_of("why " + "what " * 10_000 + "and what") == "reason"


def test_neither_case_nor_white_space_matters() -> None:
    assert kind_of("  WHY\n was it  closed ?") == kind_of("why was it closed?") == "reason"
