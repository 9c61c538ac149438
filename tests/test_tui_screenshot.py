"""The script that takes the README's picture."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_picture_shows_an_answer_beside_its_source_and_fetches_nothing(tmp_path: Path) -> None:
    target = tmp_path / "picture.svg"
    subprocess.run([sys.executable, "-m", "tui.screenshot", str(target)], check=True, timeout=600)
    picture = target.read_text(encoding="utf-8")
    shown = re.sub(r"<[^>]*>|&#160;", " ", picture)
    assert "$375.2" in shown
    assert "2 of 3" in " ".join(shown.split())
    assert "@font-face" not in picture
    assert "url(http" not in picture
