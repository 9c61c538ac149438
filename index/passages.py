"""Sentences to passages of 64 to 128 tokens, through llama-index's sentence splitter.

llama-index counts, fills and cuts; where a sentence ends it is told, so that a passage is a run of whole
sentences and its span is exact.
"""

import importlib.util
import os
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from index.articles import Article
from index.balancing import Balancer, Run
from index.segmentation import Sentence, divide, segment
from index.versions import installed_version

FEWEST_TOKENS = 64
MOST_TOKENS = 128
"""Tokens in a passage: no more than the most, and where an article allows it no fewer than the fewest."""

VOCABULARY = "o200k_base"

SPLITTER = (
    f"parley/1 {VOCABULARY} {FEWEST_TOKENS}-{MOST_TOKENS} tokens,"
    f" llama-index-core {installed_version('llama-index-core')}"
)
"""What decides how articles are split; an index split otherwise is rebuilt."""

WIDEST_GAP = 240
"""Characters of white space or metadata lines inside a passage; at a wider gap a new one begins."""

_SURELY_FITS = MOST_TOKENS // 4
"""Characters: each is at most four bytes, and a token is at least a byte."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article."""

    start: int
    end: int
    """Offsets in the article's text: from its first sentence's start to its last one's end."""

    tokens: int
    """Tokens of the text between them."""

    sentences: tuple[Sentence, ...]


class Splitter:
    """Splits articles; build one and keep it, in one thread.

    Building imports llama-index and loads a vocabulary: 3 to 5 seconds together on a small machine.
    """

    def __init__(self) -> None:
        self._count = _token_counter()
        self._filler = _Filler()

    def split(self, article: Article) -> list[Passage]:
        """The passages of an article in order; together they hold each of its sentences once."""
        text = article.text
        sentences = [piece for whole in segment(text, article.stated_at) for piece in self._fitted(text, whole)]
        balancer = Balancer(text, sentences, self._count, (FEWEST_TOKENS, MOST_TOKENS), WIDEST_GAP)
        runs = [run for group in _groups(sentences) for run in self._runs(text, sentences, group)]
        return [
            Passage(
                sentences[first].start,
                sentences[last - 1].end,
                balancer.tokens((first, last)),
                tuple(sentences[first:last]),
            )
            for first, last in balancer.run(runs)
        ]

    def _fitted(self, text: str, sentence: Sentence) -> Iterator[Sentence]:
        """A sentence, cut where it alone has more tokens than a passage may have."""
        words = text[sentence.start : sentence.end]
        # A token is at least a byte: what has few bytes need not be counted.
        if len(words.encode()) <= MOST_TOKENS or (tokens := self._count(words)) <= MOST_TOKENS:
            yield sentence
            return
        longest = len(words) * MOST_TOKENS // (tokens + MOST_TOKENS // 4)
        for start, end in divide(text, sentence.start, sentence.end, max(_SURELY_FITS, longest)):
            yield from self._fitted(text, replace(sentence, start=start, end=end))

    def _runs(self, text: str, sentences: Sequence[Sentence], group: Run) -> Iterator[Run]:
        """What llama-index makes of a group of sentences."""
        first, last = group
        start, end = sentences[first].start, sentences[last - 1].end
        ends = [each.end for each in sentences[first:last]]
        # Each piece begins with the white space before its sentence, as tokens do: sizes then add up.
        pieces = [text[left:right] for left, right in pairwise([start, *ends])]
        sizes = [min(self._count(piece), MOST_TOKENS) for piece in pieces]
        opening = 0
        for chunk in self._filler.fill(text[start:end], pieces, sizes):
            start = text.index(chunk, start) + len(chunk)
            closing = bisect_left(ends, start, opening) + 1
            yield first + opening, first + closing
            opening = closing


class _Filler:
    """llama-index's SentenceSplitter, told where sentences end and how many tokens they have."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Here and not above: the import takes 2.7 to 4.2 s.
            from llama_index.core.node_parser import SentenceSplitter

        self._pieces: list[str] = []
        self._sizes: dict[str, int] = {}
        self._splitter = SentenceSplitter(
            chunk_size=MOST_TOKENS,
            chunk_overlap=0,
            tokenizer=lambda text: range(self._sizes[text]),
            chunking_tokenizer_fn=lambda text: self._pieces,
            # No article holds NUL: only the line above cuts. With both functions given nltk stays unread.
            paragraph_separator="\0",
        )

    def fill(self, text: str, pieces: list[str], sizes: list[int]) -> list[str]:
        """Chunks of whole pieces of `text`, each without white space at its ends."""
        self._pieces = pieces
        self._sizes = dict(zip(pieces, sizes, strict=True)) | {text: sum(sizes)}
        return self._splitter.split_text(text)


def _groups(sentences: Sequence[Sentence]) -> Iterator[Run]:
    """Runs of sentences that no wide gap interrupts."""
    first = 0
    for number, (left, right) in enumerate(pairwise(sentences), start=1):
        if right.start - left.end > WIDEST_GAP:
            yield first, number
            first = number
    if sentences:
        yield first, len(sentences)


def _token_counter() -> Callable[[str], int]:
    """Count tokens by the vocabulary that llama-index brings along; tiktoken alone would download it."""
    import tiktoken  # deferred: 0.1 s, and the vocabulary 0.3 to 0.6 s

    package = importlib.util.find_spec("llama_index.core")
    places = package.submodule_search_locations if package else None
    if not places:
        raise ImportError("llama-index-core is not installed; install it with: pip install llama-index-core")
    with _environment("TIKTOKEN_CACHE_DIR", str(Path(places[0], "_static", "tiktoken_cache"))):
        vocabulary = tiktoken.get_encoding(VOCABULARY)
    return lambda text: len(vocabulary.encode_ordinary(text))


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for a while; what was there comes back, and no variable if none was."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
