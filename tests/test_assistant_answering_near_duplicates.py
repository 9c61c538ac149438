"""What several articles carry is read once, and nothing is lost by it."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Evidence, Source
from assistant.answering.near_duplicates import carries, collapse, shingles

STORY = (
    "The port of Haven will close for two weeks in May while its cranes are replaced, an official said Monday.\n"
    "Ships are to be sent to the southern terminal until the work is done. The cranes date from before the war "
    "and have often failed in strong wind, which kept freighters waiting outside the bay for days at a time."
)


def passage(text: str, article: str, start: int = 0, score: float = 0.5) -> Evidence:
    return Evidence(Source(article, None, None, None), start, start + len(text), text, (), 0.5, 0.5, score)


def test_the_best_of_several_stays_and_names_the_others() -> None:
    ranked = [passage(STORY, "a"), passage("Rain fell.", "b"), passage(STORY, "c"), passage(STORY, "b", 40)]
    first, second = collapse(ranked, 5)
    assert (first.told, first.copies) == (ranked[0], (ranked[2], ranked[3]))
    assert (second.told, second.copies) == (ranked[1], ())


def test_a_few_other_words_do_not_make_another_story() -> None:
    assert carries(passage(STORY, "a"), passage(STORY.replace("Monday", "on Sunday"), "b"))
    assert carries(passage(STORY, "a"), passage(STORY.replace("\n", " ").upper(), "b"))


def test_a_story_that_was_brought_up_to_date_is_another() -> None:
    assert not carries(passage(STORY, "a"), passage(STORY.replace("two weeks", "three weeks"), "b"))
    assert not carries(passage(STORY, "a"), passage(STORY + " It will cost 375.2 million.", "b"))
    in_millions, in_billions = (STORY + f" It will cost 5 {sign}." for sign in ("million", "billion"))
    assert not carries(passage(in_millions, "a"), passage(in_billions, "b"))


def test_a_story_that_was_denied_is_another() -> None:
    assert not carries(passage(STORY, "a"), passage(STORY.replace("will close", "will not close"), "b"))
    assert not carries(passage(STORY, "a"), passage(STORY.replace("have often", "haven't often"), "b"))


def test_a_passage_that_says_more_is_kept() -> None:
    longer = STORY + " The union of crane drivers called the plan a danger to its members and asked for a delay."
    assert not carries(passage(STORY, "a"), passage(longer, "b"))
    assert carries(passage(longer, "a"), passage(STORY, "b"))


def test_what_an_article_says_twice_stays_twice() -> None:
    assert len(collapse([passage(STORY, "a"), passage(STORY, "a", 500)], 5)) == 2


def test_the_count_is_filled_with_others_and_copies_are_counted_beyond_it() -> None:
    ranked = [passage(STORY, "a"), passage(STORY, "b"), passage("Rain fell.", "c"), passage("Snow.", "d"),
              passage(STORY, "e")]  # fmt: skip
    found = collapse(ranked, 2)
    assert [item.told.source.article for item in found] == ["a", "c"]
    assert found[0].copies == (ranked[1], ranked[4])


def test_a_text_of_few_words_is_one_shingle() -> None:
    assert shingles(["rain", "fell"]) == {("rain", "fell")}
    assert shingles([]) == {()}
    assert shingles(list("abcdef")) == {tuple("abcde"), tuple("bcdef")}


TEXTS = st.sampled_from([STORY, STORY + " More.", STORY[:90], "Rain fell.", "", "Profit was 5.", "Profit was 6."])


@given(st.lists(st.tuples(TEXTS, st.sampled_from("abcd"))), st.integers(0, 6))
def test_each_passage_is_shown_or_carried_by_a_better_one(told: list[tuple[str, str]], count: int) -> None:
    ranked = [passage(text, article, 1000 * at) for at, (text, article) in enumerate(told)]
    everything = collapse(ranked, len(ranked))
    shown = [item.told.start for item in everything]
    copies = [copy.start for item in everything for copy in item.copies]
    assert sorted(shown + copies) == [item.start for item in ranked]
    assert shown == sorted(shown)
    assert [item.told.start for item in collapse(ranked, count)] == shown[:count]
