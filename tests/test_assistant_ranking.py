"""What speaks for a sentence: its words, its meaning, its passage, and the reader's pointing finger."""

from dataclasses import replace

import pytest

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.fakes import ScriptedReader
from assistant.answering.ranking import RankedSentence, SentenceRanker, overlap, rerank
from assistant.retrieval import Retrieval
from index.fakes import FakeEmbedder
from index.lexical import Stemmer, Term

MILL, BURN = Term(("mill",)), Term(("burn",))
TEXT = "The mill burned. The mill was rebuilt. The mill stands."
SENTENCES = (Sentence(100, 116, prose=True), Sentence(117, 138, prose=True), Sentence(139, 155, prose=True))


def passage(article: str = "a.txt", title: str | None = None, text: str = TEXT) -> Evidence:
    source = Source(article, title, None, None)
    return Evidence(source, 100, 100 + len(text), text, SENTENCES, 0.5, 0.4, 0.5)


def rank(reader: ScriptedReader | None, *evidence: Evidence, **depth: int) -> list[RankedSentence]:
    retrieval = Retrieval("Which mill burned?", evidence or (passage(),), {MILL: 1.0, BURN: 3.0})
    return SentenceRanker(FakeEmbedder(), Stemmer(), **depth).rank(retrieval, reader)


def by_start(ranked: list[RankedSentence]) -> list[RankedSentence]:
    return sorted(ranked, key=lambda item: item.quoted.sentence.start)


def test_words_count_by_their_rarity_in_the_sentence_and_in_its_passage() -> None:
    burned, rebuilt, _ = by_start(rank(None))
    assert (burned.overlap, rebuilt.overlap) == (1.0, 0.25)
    assert burned.coverage == rebuilt.coverage == 1.0


def test_the_title_counts_as_a_part_of_the_passage() -> None:
    other = "One day passed.. Another day passed... The third came."[: len(TEXT)].ljust(len(TEXT), ".")
    (first, *_) = rank(None, passage(title="How the mill burned", text=other))
    assert (first.overlap, first.coverage) == (0.0, 1.0)


def test_each_span_speaks_for_the_sentence_that_holds_it_whole() -> None:
    reader = ScriptedReader({"rebuilt": 6.0, "burned. The mill": 9.0})
    burned, rebuilt, stands = by_start(rank(reader))
    assert rebuilt.pointed is not None
    assert (rebuilt.pointed.start, rebuilt.pointed.end) == (130, 137)
    assert rebuilt.margin == pytest.approx(0.5)
    assert (burned.pointed, burned.margin) == (None, -1.0)
    assert stands.margin == -1.0


def test_the_surest_of_two_spans_in_a_sentence_speaks_for_it() -> None:
    (burned, *_) = by_start(rank(ScriptedReader({"mill": 1.0, "burned": 6.0})))
    assert burned.margin == pytest.approx(0.5)


@pytest.mark.parametrize(("logits", "margin"), [(50.0, 1.0), (-50.0, -1.0), (0.0, 0.0)])
def test_beyond_sure_there_is_nothing(logits: float, margin: float) -> None:
    (burned, *_) = by_start(rank(ScriptedReader({"burned": logits})))
    assert burned.margin == margin


def test_without_a_reader_no_margin_speaks_for_or_against() -> None:
    assert [(item.read, item.margin, item.pointed) for item in rank(None)] == [(False, 0.0, None)] * 3


def test_only_so_many_passages_are_looked_at() -> None:
    ranked = rank(None, *(scored(f"{word}.txt", word, 0.5) for word in ("mill", "barn", "dock")), first=2)
    assert {item.quoted.evidence.source.article for item in ranked} == {"mill.txt", "barn.txt"}


@pytest.mark.parametrize(("logits", "read"), [(9.0, {"mill.txt"}), (1.0, {"mill.txt", "barn.txt"})])
def test_further_passages_are_read_where_none_of_the_first_surely_answers(logits: float, read: set[str]) -> None:
    found = [scored(f"{word}.txt", word, 0.5) for word in ("mill", "barn", "dock")]
    ranked = rank(ScriptedReader({"mill": logits}), *found, first=1, passages=2)
    assert {item.quoted.evidence.source.article for item in ranked} == read


def test_a_sentence_that_is_not_encoded_has_the_likeness_of_its_passage() -> None:
    far = passage("b.txt", text=TEXT.replace("mill", "barn"))
    ranked = rank(ScriptedReader({}), passage("a.txt"), far, encoded=1)
    assert {item.similarity for item in ranked if item.quoted.evidence is far} == {0.4}


def test_a_passage_without_a_likeness_has_its_sentences_encoded() -> None:
    far = replace(passage("b.txt", text=TEXT.replace("mill", "barn")), dense=None)
    ranked = rank(ScriptedReader({}), passage("a.txt"), far, encoded=1)
    assert len({item.similarity for item in ranked if item.quoted.evidence is far}) > 1


def test_what_several_articles_carry_is_read_once_and_the_others_are_named() -> None:
    ranked = rank(ScriptedReader({"burned": 3.0}), passage("a.txt"), passage("b.txt"))
    assert {(item.quoted.evidence.source.article, item.quoted.also_in) for item in ranked} == {
        ("a.txt", ("b.txt",))
    }


def test_a_question_without_weighty_words_overlaps_with_nothing() -> None:
    assert overlap({}, ["mill"]) == 0.0
    assert overlap({MILL: 0.0}, ["mill"]) == 0.0


def scored(article: str, word: str, score: float) -> Evidence:
    """A passage of its own story and score."""
    source = Source(article, None, None, None)
    text = TEXT.replace("mill", word)
    return Evidence(source, 100, 100 + len(text), text, SENTENCES, 0.5, 0.4, score)


def test_passages_go_by_their_score_and_what_the_reader_sees_in_them() -> None:
    found = scored("a.txt", "mill", 0.6), scored("b.txt", "barn", 0.55), scored("c.txt", "dock", 0.3)
    ranked = rank(ScriptedReader({"barn": 12.0, "dock": 12.0}), *found)
    assert [passage.source.article for passage in rerank(found, ranked)] == ["b.txt", "a.txt", "c.txt"]


def test_without_a_reader_passages_stay_as_they_were_found() -> None:
    found = scored("a.txt", "mill", 0.3), scored("b.txt", "barn", 0.6)
    assert rerank(found, rank(None, *found)) == found


def test_what_was_not_read_stays_behind_what_it_was_found_after() -> None:
    found = scored("a.txt", "mill", 0.6), scored("b.txt", "mill", 0.6), scored("c.txt", "dock", 0.58)
    ranked = rank(ScriptedReader({"dock": 12.0}), *found)  # b.txt carries the story of a.txt, and is not read
    assert [passage.source.article for passage in rerank(found, ranked)] == ["c.txt", "a.txt", "b.txt"]
