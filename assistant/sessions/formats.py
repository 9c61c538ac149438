"""An export as text, in one of the formats that a session leaves Parley in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.sanitize import json_line

if TYPE_CHECKING:
    from assistant.sessions.export import Export

FORMATS = {"markdown": (".md", ".markdown"), "html": (".html", ".htm"), "json": (".json",)}
"""What a session is exported as, each with the endings of files that stand for it."""


def export_text(exported: Export, kind: str) -> str:
    """The export in one of the FORMATS, its last line ended."""
    if kind == "html":
        from assistant.sessions.page import to_html  # jinja2, 50 ms

        return to_html(exported)
    if kind == "markdown":
        from assistant.sessions.markdown import to_markdown

        return to_markdown(exported)
    return json_line(exported.to_json()) + "\n"
