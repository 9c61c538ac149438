"""Exports: every citation in full with what became of it, and article text that stays text."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer import Answer, Claim
from assistant.errors import ConfigurationError, SessionFileError
from assistant.sanitize import sanitize_line
from assistant.sessions.export import Export, export
from assistant.sessions.markdown import code, escaped, to_markdown
from assistant.sessions.new_file import write_whole
from assistant.sessions.page import to_html
from kept_sessions import ARTICLES, DAM, MILL, START, Kept, answered, citation, full_answer, refused

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "<https://evil.example>",
    "see https://evil.example/a_b?c=d and www.evil.example, or mail me@evil.example",
    "# heading",
    "1. one",
    "- item",
    "> quote",
    "    code",
    "```sh",
    "| a | b |",
    "*bold* __bold__ ~~gone~~ `code`",
    "&lt;b&gt; &#60;",
    "[1]: http://evil.example",
    "a\n\n# b\n---\n===",
    "``` ` ``",
    "http://evil.example/`<b>`",
    "\x1b[31mred\u202egnp.exe\x00",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "#12 @somebody",
    "\udcff",
]


def exported(
    tmp_path: Path, *answers: Answer, articles: Mapping[str, str] = ARTICLES, name: str = "talks"
) -> Export:
    kept = Kept(tmp_path)
    session = kept.store.create(name)
    for answer in answers:
        session.append(answer)
    return export(session, articles.get, START)


def hostile_answer(text: str) -> Answer:
    cited = citation(1, text or "x", 0, text)
    claims = (Claim(text, (1, 7), "supported"), Claim(text, (), "unsupported", text))
    return answered(text, cited, claims=claims, standalone=text or None, backend=text)


# JSON.


def test_json_gives_each_answer_with_what_became_of_its_citations(tmp_path: Path) -> None:
    changed = {"mill.txt": f"New.\n{ARTICLES['mill.txt']}", "dam.txt": "Other words."}
    answer = answered("All?", citation(1), citation(2, "dam.txt", 0, DAM), citation(3, "gone.txt"))
    stated = json.loads(json.dumps(exported(tmp_path, full_answer(), answer, articles=changed).to_json()))
    assert (stated["schema"], stated["name"], stated["folder"]) == ("parley.session-export/1", "talks", "articles")
    assert [turn["number"] for turn in stated["turns"]] == [1, 2]
    assert stated["turns"][0]["answer"]["schema"] == "parley.answer/1"
    cited = stated["turns"][1]["answer"]["citations"]
    assert [item["standing"]["state"] for item in cited] == ["moved", "changed", "gone"]
    assert cited[0] | {"standing": None} == citation(1).to_json() | {"standing": None}
    place = cited[0]["standing"]
    assert changed["mill.txt"][place["start"] : place["end"]] == MILL


def test_no_export_tells_where_the_folder_stands(tmp_path: Path) -> None:
    made = exported(tmp_path, full_answer())
    for text in (json.dumps(made.to_json()), to_markdown(made), to_html(made)):
        assert "/articles" not in text


# Markdown.


def test_markdown_gives_every_citation_in_full(tmp_path: Path) -> None:
    moved = {"mill.txt": f"New.\n{ARTICLES['mill.txt']}"}
    text = to_markdown(exported(tmp_path, full_answer(), refused(), articles=moved))
    for part in (
        "# talks",
        "2 questions about `articles`.",
        "## 1. What burned down, and when?",
        "Looked for as: What burned down in Kessock, and when?",
        "**The old mill** \\[1\\]",
        f"{MILL} \\[1\\]",
        "Daily News · 2019-02-02 · Fire, `mill.txt:6-38`",
        f"> {MILL}",
        "has moved since, to `mill.txt:11-43`",
        "- It was struck. (no sentence is cited for it)",
        "The answer was cut off before its end.",
        "certain, confidence 0.93",
        "**Not in these articles.**",
    ):
        assert part in text


def tokens(text: str) -> list[Token]:
    """All tokens that a reader with everything switched on makes of Markdown, inner ones too."""
    parsed = MarkdownIt("gfm-like").parse(text)
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def test_a_reader_of_markdown_makes_text_of_everything_that_articles_say(tmp_path: Path) -> None:
    for text in HOSTILE:
        made = exported(tmp_path / str(HOSTILE.index(text)), hostile_answer(text), name=text)
        kinds = {token.type for token in tokens(to_markdown(made))}
        ours = {"heading", "paragraph", "bullet_list", "list_item", "blockquote", "strong"}
        opened = {kind.removesuffix("_open") for kind in kinds if kind.endswith("_open")}
        assert opened <= ours, (text, kinds)
        assert kinds.isdisjoint({"html_block", "html_inline", "image", "fence", "code_block", "hr"}), text


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    check_escaped(text)


@example("\r.it")
@example("a+.at \u20ac.com t.\u0440\u0444 //1.2.3.4")
@given(st.text(max_size=60) | st.text(alphabet="[]()<>*_`~#-+.:/@! \\&|=wahtp1\n", max_size=40))
def test_any_text_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    check_escaped(text)


def check_escaped(text: str) -> None:
    expected = " ".join(sanitize_line(text).split())
    found = tokens(escaped(text))
    opened = [token.type for token in found if token.nesting == 1]
    assert opened == (["paragraph_open"] if expected else [])
    shown = "".join(token.content for token in found if token.type in ("text", "code_inline", "text_special"))
    assert shown == expected


@given(st.text(alphabet="` ab\n", max_size=20))
def test_code_shows_its_characters(text: str) -> None:
    line = " ".join(text.split())
    if line:
        assert [token.content for token in tokens(code(text)) if token.type == "code_inline"] == [line]


# HTML.


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_holds_no_tag_that_is_not_ours(tmp_path: Path, text: str) -> None:
    harmless = Page(to_html(exported(tmp_path / "a", hostile_answer("plain"), name="plain")))
    made = to_html(exported(tmp_path / "b", hostile_answer(text), name=text))
    page = Page(made)
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    assert {key for _, attrs in page.tags for key in attrs} == {key for _, attrs in harmless.tags for key in attrs}
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in page.tags)
    assert not re.search("[\x00-\x08\x1b\u202e\udcff]", made)
    made.encode()


def test_markers_on_a_page_lead_to_their_citations(tmp_path: Path) -> None:
    answer = answered("Both?", citation(1), citation(2, "dam.txt", 0, DAM))
    page = Page(to_html(exported(tmp_path, answer, full_answer())))
    targets = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    links = [attrs["href"] for _, attrs in page.tags if "href" in attrs]
    assert links == ["#t1c1", "#t1c2", "#t2c1", "#t2c1"]
    assert {(link or "").removeprefix("#") for link in links} <= targets


def test_a_page_shows_quotes_sources_and_what_changed_and_needs_nothing_else(tmp_path: Path) -> None:
    made = to_html(exported(tmp_path, full_answer(), refused(), articles={}))
    page = Page(made)
    shown = "".join(page.shown)
    for part in (MILL, "Daily News · 2019-02-02 · Fire", "mill.txt:6-38", "the article is gone", "Not in these"):
        assert part in shown
    assert "prefers-color-scheme: dark" in made
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert "default-src 'none'" in made


# Files.


def test_a_file_is_written_whole_and_over_another_only_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "talks.md"
    write_whole(path, "one")
    with pytest.raises(ConfigurationError, match=re.escape("talks.md is there already")) as told:
        write_whole(path, "two")
    assert "--force" in told.value.hint
    assert path.read_text() == "one"
    write_whole(path, "two", over=True)
    assert path.read_text() == "two"
    assert [item.name for item in tmp_path.iterdir()] == ["talks.md"]


def test_nothing_but_a_file_is_written_over(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/null")):
        with pytest.raises(ConfigurationError, match="is no file"):
            write_whole(place, "one", over=True)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError, match="cannot be written: No such file or directory"):
        write_whole(tmp_path / "nowhere" / "talks.md", "one")


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SessionFileError, match="No space left"):
        write_whole(tmp_path / "talks.md", "one")
    assert list(tmp_path.iterdir()) == []
