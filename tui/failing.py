"""What people can mend, as it is told where they are."""

from __future__ import annotations

from textual.content import Content

from assistant.errors import ConfigurationError, told
from assistant.sanitize import sanitize_line
from index.errors import IndexingError

MENDABLE = (ConfigurationError, IndexingError)
"""What sessions, dates and settings raise where somebody can do something about it."""


def failure_line(failure: ConfigurationError | IndexingError) -> Content:
    """A failure with its hint, on one line; the sign says what it is where no colour does."""
    return Content.assemble(("! ", "bold $text-error"), sanitize_line(told(str(failure), failure.hint)))
