"""What `parley eval` does with a run: scores it, shows it, writes reports, judges it, keeps a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.narration import tell
from assistant.errors import ConfigurationError, ExitCode
from assistant.sanitize import json_line

if TYPE_CHECKING:
    from evals.cases import Suite
    from evals.gate import Baseline, Verdict
    from evals.results import Scored


def score(path: Path, suite: Suite | None = None) -> Scored:
    """Score the run in a file; without a suite, on the one that it names.

    Raises:
        ConfigurationError: it is no run, or its suite is not as it was.
    """
    from evals.run_file import read_run

    run = read_run(path)
    from evals.scoring import score_run  # numpy: 0.2 s

    return score_run(run, suite or _suite_of(path, run.header))


def _suite_of(path: Path, header: Mapping[str, Any]) -> Suite:
    """The suite that a run was run on: where it lay then, or the gold questions of this program."""
    from evals.cases import Suite
    from evals.fingerprints import suite_fingerprint

    for gold in (Suite.gold(), Suite.follow_ups()):
        if header["suite"]["fingerprint"] == suite_fingerprint(gold):
            return gold
    suite = Suite(Path(header["run"]["suite"]))
    if not suite.questions.is_file():
        told = f"{suite.folder}, which {path} was run on, is no suite any more"
        raise ConfigurationError(told, "say where it is now: parley eval score RUN SUITE")
    return suite


def report(scored: Scored, path: Path, flags: Mapping[str, Any]) -> int:
    """Show a scored run, write what was asked for; the exit code is that of the gate, where there is one."""
    refuse_overwriting(flags, scored.suite, path)
    verdict = _judge(scored, flags["gate"])
    if not flags["as_json"]:
        click.echo(_text(scored, in_full=bool(flags["case"])))
        if verdict:
            click.echo(f"\ngate: {verdict.told}")
    _write_reports(scored, path, flags)
    if flags["update_baseline"]:
        _update_baseline(scored, flags["update_baseline"])
    if flags["as_json"]:  # last: should a file not be written, the error is the one document
        from evals.reports.document import to_json

        judged = {"gate": {**asdict(verdict), "told": verdict.told}} if verdict else {}
        click.echo(json_line({**to_json(scored), **judged}))
    return verdict.exit_code if verdict else ExitCode.ANSWERED


def refuse_overwriting(flags: Mapping[str, Any], suite: Suite, run: Path) -> None:
    """Refuse to write a report over anything that must be kept.

    Raises:
        ConfigurationError: a report has no folder, or would take the place of something else.
    """
    taken = {"run": run, "questions": suite.questions, "baseline": flags["gate"]}
    seen = {path.resolve(): name for name, path in taken.items() if path}
    for flag in ("junit", "html", "update_baseline"):
        path = flags[flag]
        if not path:
            continue
        if not path.absolute().parent.is_dir():
            raise ConfigurationError(f"{path.parent} is no folder", "make it, or name another")
        real = path.resolve()
        other = "articles" if real.is_relative_to(suite.corpus.resolve()) else seen.get(real)
        if other and (flag, other) != ("update_baseline", "baseline"):
            dashed = flag.replace("_", "-")
            raise ConfigurationError(f"--{dashed} {path} would overwrite the {other}", "name another file")
        seen[real] = flag.replace("_", " ")


def known_baseline(path: Path) -> Baseline | None:
    """The baseline that stands there; what is no baseline is not written over."""
    from evals.gate import read_baseline

    return read_baseline(path) if path.exists() else None


def compare(before: Path, after: Path, *, as_json: bool) -> None:
    """Show two runs side by side."""
    from evals.compare import compare as compared_by_case  # with numpy 0.2 s
    from evals.scoring import MEASURES

    compared = compared_by_case(score(before), score(after), MEASURES)
    click.echo(json_line(compared.to_json()) if as_json else compared.to_text())


def _text(scored: Scored, *, in_full: bool) -> str:
    """The figures, or each case where single ones were asked for."""
    from evals.reports import case_text, terminal

    if in_full:
        return "\n\n".join(case_text.to_text(scored.suite, item) for item in scored.cases)
    return terminal.to_text(scored)


def _judge(scored: Scored, baseline: Path | None) -> Verdict | None:
    if not baseline:
        return None
    from evals.gate import judge, read_baseline

    return judge(read_baseline(baseline), scored)


def _write_reports(scored: Scored, run: Path, flags: Mapping[str, Any]) -> None:
    if flags["junit"]:
        from evals.reports.junit import to_junit

        _write(flags["junit"], to_junit(scored), run)
    if flags["html"]:
        from evals.reports.page import to_html  # with jinja2 about 0.1 s

        _write(flags["html"], to_html(scored).encode(), run)


def _write(path: Path, content: bytes, run: Path) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        told, hint = f"{path} cannot be written: {error.strerror}", f"parley eval score {run} asks nothing again"
        raise ConfigurationError(told, hint) from error


def _update_baseline(scored: Scored, path: Path) -> None:
    """Say what a new baseline changes, and keep it."""
    from evals.gate import baseline_of, describe_change, write_baseline

    new = baseline_of(scored)
    for line in describe_change(known_baseline(path), new):
        tell(line)
    write_baseline(path, new)
    tell(f"the baseline is in {path}")
