"""How commands tell people, on stderr, what happens to the index while they wait."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from assistant.phrasing import counted
from assistant.sanitize import sanitize_line
from index.sync_report import NOTHING_INDEXED

if TYPE_CHECKING:
    from index.sync import Progress, SyncReport


def tell(message: str) -> None:
    """A remark for people, on stderr."""
    with suppress(OSError):  # a full or closed stderr must not cost anybody the answer
        click.echo(sanitize_line(f"parley: {message}"), err=True)


def tell_rewritten(standalone: str) -> None:
    """Say how a question is looked for that leaned on earlier ones."""
    tell(f"asked as: {standalone}")


def is_live() -> bool:
    """Can lines on stderr be written over?"""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def clear_line() -> None:
    """Remove what a progress line or ^C left standing on the terminal, before something else is said."""
    if is_live():
        click.echo("\r\x1b[2K", err=True, nl=False)


WORTH_TELLING = 200
"""Passages from which on their encoding takes long enough to be announced in a pipe."""


class Narrator:
    """Tells on stderr what happens to the index: one live line on a terminal, plain lines elsewhere."""

    PLAIN_EVERY_S = 5.0

    def __init__(self, quiet: bool, clear: Callable[[], None] | None = None) -> None:
        """`clear` takes away what others show on the terminal, before a remark is made there."""
        self._quiet = quiet
        self._clear = clear
        self._live = is_live()
        self._stage = ""
        self._stage_began = 0.0
        self._last_told = 0.0
        self._line_open = False
        self._remarked: set[str] = set()

    def progress(self, progress: Progress) -> None:
        """Show how far a sync has come, with the rate of what it does now."""
        now = time.monotonic()
        begins = progress.stage != self._stage
        if begins:
            self._stage, self._stage_began = progress.stage, now
        worth_telling = progress.stage == "encoding" and progress.total >= WORTH_TELLING
        self._show(_progress_line(progress, now - self._stage_began), now, begins=begins, at_once=worth_telling)

    def asked(self, line: str, *, begins: bool) -> None:
        """Show how far a list of questions has come."""
        self._show(line, time.monotonic(), begins=begins, at_once=False)

    def _show(self, line: str, now: float, *, begins: bool, at_once: bool) -> None:
        """Show a line in place of what was shown before, but not too often.

        What begins something is shown on a terminal at once; elsewhere only where it is worth telling at once.
        """
        if self._quiet or (not begins and now - self._last_told < (0.1 if self._live else self.PLAIN_EVERY_S)):
            return
        self._last_told = now
        if self._live:
            click.echo(f"\r\x1b[2K{line}", err=True, nl=False)
            self._line_open = True
        elif not begins or at_once:
            tell(line)

    def synced(self, report: SyncReport) -> None:
        """Say what a sync changed."""
        self.remarks(report)
        if report.anything and not self._quiet:
            if report.rebuilt and report.rebuilt != NOTHING_INDEXED:
                tell(f"the index was built anew: {report.rebuilt}")
            tell(sync_summary(report))

    def remarks(self, report: SyncReport) -> None:
        """Say what a sync passed over, and why; the same remark is not made twice."""
        if self._quiet:
            return
        self.end_line()
        remarks = list(report.warnings)
        if report.others:
            counted = ", ".join(f"{count} {suffix}" for suffix, count in sorted(report.others.items()))
            remarks.append(f"passed over files that are no .txt or .md: {counted}")
        for remark in remarks:
            if remark not in self._remarked:
                self._remarked.add(remark)
                tell(remark)

    def warn(self, message: str) -> None:
        """Say what people should know."""
        if not self._quiet:
            if self._clear is not None:
                self._clear()
            self.end_line()
            tell(message)

    def end_line(self) -> None:
        """Remove the live line, before something else is said."""
        if self._line_open:
            clear_line()
            self._line_open = False


def _progress_line(progress: Progress, spent_s: float) -> str:
    unit = "passages" if progress.stage == "encoding" else "articles"
    if progress.stage == "saving":
        return "saving"
    if progress.stage == "loading":
        return f"getting ready to split {counted(progress.total, 'article')} (some seconds)"
    rate = f" · {progress.done / spent_s:.0f}/s" if spent_s > 1 and progress.done else ""
    return f"{progress.stage} {progress.done}/{progress.total} {unit}{rate}"


def sync_summary(report: SyncReport) -> str:
    """What a sync did, in a line."""
    parts = [
        f"{count} {word}"
        for count, word in (
            (report.added, "added"),
            (report.changed, "changed"),
            (report.moved, "moved"),
            (report.deleted, "deleted"),
        )
        if count
    ]
    done = ", ".join(parts) or "nothing changed"
    encoded = f"; {report.encoded} encoded, {report.reused} reused" if report.encoded or report.reused else ""
    held = f"{counted(report.articles, 'article')}, {counted(report.passages, 'passage')}"
    return f"indexed {held} ({done}{encoded})"
