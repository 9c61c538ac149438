"""Templates of whole pages of HTML, in which no text becomes markup and none stays invisible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.sanitize import sanitize


def templates_in(folder: Path) -> Environment:
    """The templates of a folder; what they use beside what they are given is for the caller to add.

    A name that nobody has given is an error, not an empty place.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )


def _visible(value: Any) -> Any:
    """Whatever the template writes, without characters that hide or steer; what is Markup is our own."""
    return sanitize(value) if isinstance(value, str) and not isinstance(value, Markup) else value
