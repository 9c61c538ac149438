"""What an engine tells apart from answers, and what it knows of articles."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import IndexStatus, Source


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that people should know, and that stops nothing; not sanitised."""

    text: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """How far a sync has come; `stage` is one of reading, loading, splitting, encoding, saving."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The index as questions now see it, and how it came to be so."""

    index: IndexStatus
    said: str = ""
    """What a sync changed, in words (`2 articles added, 1 changed`); empty where nothing did."""


@dataclass(frozen=True, slots=True)
class FolderChanged:
    """Files were added, changed or removed beneath; the index is being brought up to date."""


@dataclass(frozen=True, slots=True)
class IndexingFailed:
    """The index could not be brought up to date; questions are answered from what is there, if anything is."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The engine's process ended by itself; the next question starts another."""

    message: str
    report: str
    """What it wrote on stderr, for people to copy."""


Notice = Remark | Indexing | Standing | FolderChanged | IndexingFailed | Lost


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article as a list shows it."""

    source: Source
    words: int
    characters: int


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as its file holds it now; offsets of citations count its characters."""

    source: Source
    text: str
    path: str
    """Of the file itself, for programs that open it."""
