"""Questions that lean on what came before them, and the words in them that point there."""

import pytest

from assistant.follow_ups.references import references
from assistant.follow_ups.rewriting import leans

LEANING = """\
What did he want?
Who said that?
When was this?
And the other side?
And Europe?
And what about soybeans?
Why?
Why is that?
And then?
What else?
How did it end?
Who used it eight years later?
What did they do then?
Who proved him wrong?
Which song was it?
Who was the drummer?
Who won?
How much was it worth?
How many people died there?
What is the purpose of the one of 1992?
What body was set up because of that?
Where did she work?
What was the new man soon to become?
Back to Cuba: when did it grow to cover nearly all imports?
How were they paid before?
Who signed that deal?
What does this mean for farmers?
What did Trump say about it?
Did China agree to that?
What did the committee say about his role?
Who helped her design it?
Was that in May?
What happened next?
When will these talks begin?
Is he still in office?
Does it include cars?
Who told them so?
How did China respond to it?
Who is she?
Did Britain do the same?
What did the former say about China?
says who
by whom?
Huawei?
""".splitlines()


@pytest.mark.parametrize("question", LEANING)
def test_a_question_that_points_back_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    ("question", "pointing"),
    [
        ("What did he tell her about it?", ["he", "her", "it"]),
        ("What did Trump say about his deadline?", []),
        ("What did the committee say about his role?", ["his"]),
        ("When Liu He came, whom did he meet?", []),
        ("Is it true that he left?", ["he"]),
        ("Who signed that deal a year later?", ["that deal", "a year later"]),
        ("When was this: the talks in Beijing?", []),
    ],
)
def test_the_words_that_point_are_found_in_their_order(question: str, pointing: list[str]) -> None:
    assert [question[found.start : found.end] for found in references(question)] == pointing


def test_a_name_known_to_be_somebodys_is_no_it() -> None:
    asked = "What did Trump say when it failed?"
    assert references(asked) == ()
    assert [found.kind for found in references(asked, frozenset({"trump"}))] == ["thing"]
