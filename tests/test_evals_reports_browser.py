"""The page in a real browser: its filter, its links, and that it neither complains nor calls out."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.reports.page import to_html
from scored_runs import sample_run

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Sets the controls of the page in a frame as a person does, then tells what address it has and what it shows.
DRIVER = """
<iframe src="page.html"></iframe><pre id="told"></pre>
<script>
  const frame = document.querySelector('iframe');
  frame.onload = () => {
    const page = frame.contentDocument;
    const form = page.getElementById('filter');
    form.elements.text.value = 'DEFICIT';
    form.elements.only.value = 'wrong';
    form.elements.tag.value = 'conflict';
    form.dispatchEvent(new Event('input', { bubbles: true }));
    const told = [frame.contentWindow.location.hash, page.getElementById('count').textContent];
    frame.contentWindow.onhashchange = () => {
      told.push(page.getElementById('count').textContent, String(page.getElementById('case-9').open));
      document.getElementById('told').textContent = told.join('|');
    };
    page.querySelector('a[href="#case-10"]').click();
  };
</script>
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser made of a page."""

    dom: str
    complaints: list[str]

    @property
    def shown(self) -> list[str]:
        """The ids of the cases that are not hidden."""
        return CaseIds(self.dom).shown

    @property
    def count(self) -> str:
        """What the page says of their number."""
        found = re.search(r'<output id="count"[^>]*>([^<]*)</output>', self.dom)
        assert found
        return found.group(1)


class CaseIds(HTMLParser):
    """Reads which cases are shown."""

    def __init__(self, dom: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self._hidden = self._at_id = False
        self.feed(dom)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("class") == "case":
            self._hidden = "hidden" in attributes
        self._at_id = attributes.get("class") == "id found-by"

    def handle_data(self, data: str) -> None:
        if self._at_id and not self._hidden:
            self.shown.append(data)
        self._at_id = False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the page, and a page that drives it."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(to_html(sample_run(folder)), encoding="utf-8")
    (folder / "driver.html").write_text(DRIVER, encoding="utf-8")
    return folder


def look(folder: Path, address: str, *flags: str) -> Seen:
    """Open a file of the folder in a browser without a window, and wait until it has settled."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    ran = subprocess.run(
        [
            found,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            f"--user-data-dir={folder / 'profile'}",
            *flags,
            "--dump-dom",
            f"file://{folder}/{address}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return Seen(ran.stdout, [line for line in ran.stderr.splitlines() if "CONSOLE" in line])


def test_all_cases_are_shown_and_the_console_stays_silent(folder: Path) -> None:
    seen = look(folder, "page.html")
    assert len(seen.shown) == 14
    assert seen.count == "14 cases"
    assert seen.complaints == []


def test_a_link_shows_the_cases_that_it_names(folder: Path) -> None:
    seen = look(folder, "page.html#only=wrong&tag=single&text=truce")
    assert seen.shown == ["truce"]
    assert seen.count == "1 of 14 cases"
    assert seen.complaints == []


def test_cases_without_an_answer_can_be_picked(folder: Path) -> None:
    seen = look(folder, "page.html#answerable=no&only=right")
    assert seen.shown == ["near-miss-age", "off-topic"]


def test_a_link_to_a_case_opens_it_among_all(folder: Path) -> None:
    seen = look(folder, "page.html#case-10")
    assert seen.count == "14 cases"
    assert re.search(r'<details class="case" id="case-10"[^>]* open=""', seen.dom)


def test_what_is_set_in_the_controls_stands_in_the_address(folder: Path) -> None:
    seen = look(folder, "driver.html", "--allow-file-access-from-files")
    found = re.search(r'<pre id="told">([^<]*)</pre>', seen.dom)
    assert found
    assert found.group(1) == "#only=wrong&amp;tag=conflict&amp;text=DEFICIT|1 of 14 cases|14 cases|false"
    assert seen.complaints == []
