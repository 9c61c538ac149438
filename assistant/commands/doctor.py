"""`parley doctor`: what is installed, configured and healthy; --fix mends what it can."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.flags import Common, common_flags, common_from, embedder
from assistant.commands.narration import Narrator, tell
from assistant.errors import ExitCode
from assistant.sanitize import json_line, sanitize_line

if TYPE_CHECKING:
    from assistant.diagnosis import Check

SCHEMA = "parley.doctor/1"
MARKS = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}


@click.command("doctor", short_help="Check the installation and the index; --fix repairs.")
@click.option("--fix", is_flag=True, help="Adopt the index of a corpus that was moved; rebuild a damaged index.")
@common_flags
def command(fix: bool, **flags: Any) -> int:
    """Look at versions, configuration, corpus, encoder, locks and index, and say what is wrong."""
    from assistant.diagnosis import Diagnosis

    common = common_from(flags)
    if fix:
        _adopt(common)
    checks = Diagnosis(common.settings).checks()
    if fix and any(check.status == "problem" and check.name in ("index", "vectors") for check in checks):
        _rebuild(common)
        checks = Diagnosis(common.settings).checks()
    _print([_for_this_folder(check, common) for check in checks], as_json=common.as_json)
    problems = {check.name for check in checks if check.status == "problem"}
    if not problems:
        return ExitCode.ANSWERED
    return ExitCode.BACKEND if problems == {"backend"} else ExitCode.CORPUS


def _adopt(common: Common) -> None:
    from index.adopting import adopt_moved

    adopted = adopt_moved(common.settings.corpus, common.settings.state)
    if adopted and not common.quiet:
        tell(f"adopted the index that was made when the articles stood in {adopted}")


def _rebuild(common: Common) -> None:
    from index.state import StateFolder
    from index.sync import sync

    settings, narrator = common.settings, Narrator(common.quiet)
    state = StateFolder.of(settings.corpus, settings.state)
    report = sync(settings.corpus, state, embedder(), narrator.progress, rebuild="it was damaged")
    narrator.synced(report)


def _for_this_folder(check: Check, common: Common) -> Check:
    """With the folder in the command that mends it, so that this can be called as it stands there."""
    return replace(check, mend=common.calling(check.mend)) if check.mend.startswith("parley ") else check


def _print(checks: list[Check], *, as_json: bool) -> None:
    if as_json:
        healthy = all(check.status != "problem" for check in checks)
        found = {"schema": SCHEMA, "healthy": healthy, "checks": [check.to_json() for check in checks]}
        click.echo(json_line(found))
        return
    for check in checks:
        mend = f" -> {check.mend}" if check.mend and check.status != "ok" else ""
        click.echo(sanitize_line(f"{MARKS[check.status]}  {check.name}: {check.found}{mend}"))
