"""An article of the corpus by its name, and spans of its text, read from the file as it is now."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ConfigurationError

SCHEMA = "parley.text/1"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span of an article; offsets count characters, as those of citations do."""

    article: str
    """Path relative to the corpus."""
    start: int
    end: int
    whole: str
    """The text of the article."""

    @property
    def text(self) -> str:
        """What stands in the span."""
        return self.whole[self.start : self.end]

    def to_json(self) -> dict[str, Any]:
        """The span in the schema that scripts rely on."""
        return {
            "schema": SCHEMA,
            "article": self.article,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "of": "file",
        }


def excerpt(corpus: Path, article: str, start: int = 0, end: int | None = None) -> Excerpt:
    """A span of an article, up to its end where no other is given.

    Raises:
        ConfigurationError: the article has no such span.
        CorpusError: it cannot be read.
    """
    whole = _read(corpus / article)
    last = len(whole) if end is None else end
    if not start < last <= len(whole):
        raise ConfigurationError(f"{article} has no characters {start}-{last}", f"it ends at {len(whole)}")
    return Excerpt(article, start, last, whole)


def find_article(wanted: str, names: Sequence[str]) -> str:
    """The article of this name, or the only one whose name begins so.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    if wanted in names:
        return wanted
    beginning = [name for name in names if name.startswith(wanted) or Path(name).name.startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0]
    close = beginning or difflib.get_close_matches(wanted, names, n=3, cutoff=0.3)
    several = "more than one article begins with" if beginning else "there is no article"
    hint = f"did you mean {' or '.join(close[:3])}?" if close else "look for its name with search"
    raise ConfigurationError(f"{several} {wanted!r}", hint)


def _read(path: Path) -> str:
    from index.articles import UnreadableArticle, decode
    from index.errors import CorpusError

    try:
        return decode(path.read_bytes())
    except UnreadableArticle as error:
        raise CorpusError(f"{path} {error}", "save it as plain text in UTF-8") from error
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}", "see to the rights of that file") from error
