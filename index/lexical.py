"""Full-text search over the passages: candidates from FTS5, scored by BM25 with an idf that never vanishes.

FTS5's own bm25() gives a term that stands in half of the passages no weight, so in a corpus of one or
two passages every score is nought. Candidates are therefore scored here again, with the stems that FTS5
itself makes and the idf of Lucene, log(1 + (N - n + 0.5) / (n + 0.5)), which stays positive.
(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3; k1 and b as usual there.)
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.catalog import TOKENIZER, Catalog, day_range
from index.variants import WORD as WORD
from index.variants import spelled_out, writings

K1 = 1.2
B = 0.75
MOST_QUERY_TERMS = 64
"""A question of 50,000 characters is searched by its first so many different terms."""

_STOP_WORDS = """
a about above after again all also am an and any are as at be because been before being below
between both but by can could did do does doing down during each few for from further had has have
having he her here hers herself him himself his how i if in into is it its itself just me more most
my myself no nor not now of off on once only or other our ours ourselves out over own same she
should so some such than that the their theirs them themselves then there these they this those
through to too under until up very was we were what when where which while who whom why will with
would you your yours yourself yourselves s t d ll m re ve don doesn didn isn aren wasn weren hasn
haven hadn won wouldn shouldn couldn tell please say says said
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words(text: str) -> list[str]:
    """The words of a text, lower case, as FTS5's unicode61 divides them."""
    return WORD.findall(text.lower())  # the whole text: a word's last letter may depend on what comes after it


def query_words(question: str) -> list[str]:
    """The different words to search for, in order, without stop words unless there are no others."""
    different = list(dict.fromkeys(words(question)))
    telling = [word for word in different if word not in STOP_WORDS]
    return (telling or different)[:MOST_QUERY_TERMS]


def search_words(question: str) -> list[tuple[str, ...]]:
    """As `query_words`, but each in all its ways, the one at hand first; several words are parted by blanks."""
    asked = writings(question)
    telling = [ways for ways in asked if ways[0] not in STOP_WORDS]
    different: dict[str, dict[str, None]] = {}
    for ways in telling or asked:
        # `W.H.O.` and `1,000` are one term with `WHO` and `1000`; `who` itself tells nothing.
        found = different.setdefault(ways[0].replace(" ", ""), {})
        found.update(dict.fromkeys(way for way in ways if way == ways[0] or way not in STOP_WORDS))
    return [tuple(ways) for ways in different.values()][:MOST_QUERY_TERMS]


class StemmedText:
    """The stems of a text, to be counted."""

    def __init__(self, stems: Sequence[str]) -> None:
        self.length = len(stems)
        self._counts = Counter(stems)
        self._line = f" {' '.join(stems)} "

    def count(self, way: str) -> int:
        """How often a stem stands in the text, or several in a row, parted by blanks."""
        return self._line.count(f" {way} ") if " " in way else self._counts[way]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question, in all the ways in which a text may write it."""

    ways: tuple[str, ...]
    """Each a stem, or several parted by blanks; the question's own first."""

    def count(self, text: StemmedText) -> int:
        """How often the text has it: that of the way it has most often, as one place may count as two ways."""
        return max(text.count(way) for way in self.ways)


class Stemmer:
    """Stems as FTS5's porter tokenizer makes them, read back from a table in memory. One thread at a time."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            f"CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = '{TOKENIZER}');"
            "CREATE VIRTUAL TABLE terms USING fts5vocab (texts, instance);"
        )

    def stems(self, texts: Sequence[str]) -> list[list[str]]:
        """The stems of each text, in the order of the text, stop words included."""
        # A lone surrogate cannot be stored as UTF-8, and is part of no word.
        rows = [
            (number, spelled_out(text).encode(errors="replace").decode()) for number, text in enumerate(texts, 1)
        ]
        self._connection.execute("BEGIN")
        try:
            self._connection.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", rows)
            found: list[list[str]] = [[] for _ in texts]
            for term, doc in self._connection.execute('SELECT term, doc FROM terms ORDER BY doc, "offset"'):
                found[doc - 1].append(term)
        finally:
            self._connection.execute("ROLLBACK")
        return found


class LexicalIndex:
    """BM25 over the passages of an open catalog. Call it inside the catalog's snapshot."""

    def __init__(self, catalog: Catalog, stemmer: Stemmer) -> None:
        self._catalog = catalog
        self._stemmer = stemmer

    def candidates(self, question: str, count: int, since: date | None, until: date | None) -> list[int]:
        """Keys of the passages that FTS5 ranks best for any of the question's words, best first."""
        terms = search_words(question)
        if not terms:
            return []
        sql = "SELECT passage_text.rowid FROM passage_text"
        parameters: list[object] = [_any_of([way for ways in terms for way in ways])]
        dated = ""
        if since or until:
            sql += " JOIN passages p ON p.key = passage_text.rowid JOIN articles a ON a.id = p.article"
            dated = " AND a.published BETWEEN ? AND ?"
            parameters += day_range(since, until)
        sql += f" WHERE passage_text MATCH ?{dated} ORDER BY bm25(passage_text, 0.5, 1.0) LIMIT ?"
        with self._catalog.guarded():
            rows = self._catalog.connection.execute(sql, [*parameters, count]).fetchall()
        return [row[0] for row in rows]

    def term_weights(self, question: str) -> dict[Term, float]:
        """The question's terms with their idf over all passages; one that stands nowhere weighs most.

        A passage that has a term in any of its ways counts as having it.
        """
        asked = search_words(question)
        stems = iter(self._stemmer.stems([way for ways in asked for way in ways]))
        terms = {Term(tuple(dict.fromkeys(" ".join(next(stems)) for _ in ways))): ways for ways in asked}
        _, passages = self._catalog.counts()
        return {
            term: inverse_document_frequency(passages, self._containing(term, ways))
            for term, ways in terms.items()
        }

    def _containing(self, term: Term, ways: Sequence[str]) -> int:
        """In how many passages a term stands, in any of its ways."""
        if len(term.ways) == 1 and " " not in term.ways[0]:
            query = "SELECT doc FROM passage_terms WHERE term = ?"
            sought = term.ways[0]
        else:
            query = "SELECT count(*) FROM passage_text WHERE passage_text MATCH ?"
            sought = _any_of(ways)
        with self._catalog.guarded():
            row = self._catalog.connection.execute(query, (sought,)).fetchone()
        return row[0] if row else 0

    def scores(self, weights: Mapping[Term, float], texts: Sequence[str]) -> list[float]:
        """BM25 of each text as a share of the highest that any text could reach, from 0 to 1."""
        return [bm25_share(weights, StemmedText(stems)) for stems in self._stemmer.stems(texts)]


def _any_of(ways: Sequence[str]) -> str:
    """A query of FTS5 for any of these words and phrases."""
    return " OR ".join(f'"{way}"' for way in dict.fromkeys(ways))


def inverse_document_frequency(passages: int, containing: int) -> float:
    """Lucene's idf: positive for every term, in nats."""
    return math.log(1 + (max(passages, containing) - containing + 0.5) / (containing + 0.5))


TYPICAL_LENGTH = 90
"""Stems in a passage of about 110 tokens; a fixed length keeps a score from depending on its neighbours."""


def bm25_share(weights: Mapping[Term, float], text: StemmedText) -> float:
    """BM25 of a text, divided by its bound: each term at saturation."""
    bound = sum(weights.values()) * (K1 + 1)
    if not bound:
        return 0.0
    norm = K1 * (1 - B + B * text.length / TYPICAL_LENGTH)
    counted = ((weight, term.count(text)) for term, weight in weights.items())
    gained = sum(weight * count * (K1 + 1) / (count + norm) for weight, count in counted if count)
    return gained / bound
