"""Pages of HTML are written so that no text in them becomes markup, and none stays invisible."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from assistant.html_templates import templates_in


def write(folder: Path, template: str, **given: object) -> str:
    (folder / "page.html.jinja").write_text(template, encoding="utf-8")
    return templates_in(folder).get_template("page.html.jinja").render(given)


def test_a_text_becomes_no_markup_and_what_steers_in_it_is_shown(tmp_path: Path) -> None:
    hostile = "<script>\x1b[31m\u202e{{ 7*7 }}"
    assert write(tmp_path, "<p>{{ said }}</p>", said=hostile) == "<p>&lt;script&gt;␛[31m\ufffd{{ 7*7 }}</p>"


def test_markup_of_our_own_and_what_is_no_text_are_written_as_they_are(tmp_path: Path) -> None:
    assert write(tmp_path, "{{ ours }} {{ number }}", ours=Markup("<b>x</b>"), number=7) == "<b>x</b> 7"


def test_a_name_that_nobody_has_given_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError, match="'said' is undefined"):
        write(tmp_path, "<p>{{ said }}</p>")
