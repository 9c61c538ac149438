"""Questions put to what our own retrieval finds: near, but without the answer and no version of the paragraph."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.answering.reader_model.data import Article, read_articles
from assistant.answering.reader_model.retrieved import RETRIEVED, Twins, retrieve, write_corpus
from index.catalog import Catalog
from reading_data import NORMANS, VIKINGS, article, qa, write

PINES = "Oaks and pines were felled for ships along the fjords. Each hull took the wood of eleven trees."
DANES = "King Harald of Denmark had a leader of the Normans among his guests. The feast lasted for nine days."
OWN = f"{NORMANS} {VIKINGS}"
REPRINT = f"As was said before: {OWN} So much for the Normans."
ASKED = qa("n", "Who was the leader of the Normans?", OWN, "Rollo")


def read(tmp_path: Path, *others: str, source: str = "squad2") -> list[Article]:
    stated = [(text, [qa(f"o{n}", "Unasked?", text)]) for n, text in enumerate(others)]
    articles = [article("A", (OWN, [ASKED]), source=source)]
    articles += [article(f"B{n}", paragraph, source=source) for n, paragraph in enumerate(stated)]
    return read_articles(write(tmp_path / "x.gz", *articles))


@pytest.mark.slow
class TestRetrieving:
    def test_the_best_passage_without_the_answer_is_taken(self, tmp_path: Path) -> None:
        (made,) = retrieve(read(tmp_path, PINES, DANES), 5, seed=1, folder=tmp_path / "index")
        assert (made.id, made.paragraph, made.answers, made.made) == ("n-retrieved", DANES, (), RETRIEVED)

    def test_neither_its_own_paragraph_nor_a_reprint_nor_what_answers_is_taken(self, tmp_path: Path) -> None:
        cut = REPRINT.replace("Rollo", "Hrolf")
        told = f"{DANES} The guest was Rollo."
        assert retrieve(read(tmp_path, cut, told), 5, seed=1, folder=tmp_path / "index") == []

    def test_questions_that_lean_on_their_post_are_left_alone(self, tmp_path: Path) -> None:
        posts = read(tmp_path, source="squadshifts_reddit") + read(tmp_path, DANES)
        made = retrieve(posts, 5, seed=1, folder=tmp_path / "index")
        assert {question.source for question in made} == {"squad2"}

    def test_an_index_that_is_there_is_used_again(self, tmp_path: Path) -> None:
        articles = read(tmp_path, PINES, DANES)
        first = retrieve(articles, 5, seed=1, folder=tmp_path / "index")
        assert retrieve(articles, 5, seed=1, folder=tmp_path / "index") == first
        (file,) = (tmp_path / "index").glob("state/*/catalog.sqlite3")
        with closing(Catalog.open(file)) as catalog:
            manifest = catalog.manifest()
        assert manifest is not None
        assert manifest.generation == 1


def test_paragraphs_stand_in_the_corpus_where_it_is_said(tmp_path: Path) -> None:
    odd = "A line\rand another\nand a third."
    places = write_corpus(read(tmp_path, VIKINGS, odd), tmp_path / "corpus")
    for paragraph in (OWN, VIKINGS, odd):
        place = places[paragraph]
        text = (tmp_path / "corpus" / place.file).read_text(encoding="utf-8-sig")
        assert text[place.start : place.end] == paragraph.replace("\r", " ")


def test_texts_with_a_long_stretch_in_common_are_twins() -> None:
    twins = Twins()
    assert twins.are(OWN, REPRINT)
    assert not twins.are(NORMANS, VIKINGS)
    assert not twins.are("Rollo", "Rollo")
