"""`parley eval`: run a suite, score a run, compare two; the gate and the reports hang on the scored run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from assistant.commands.flags import common_flags, embedder
from assistant.commands.narration import Narrator, tell
from assistant.errors import ConfigurationError, ExitCode
from assistant.sanitize import json_line
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from evals.cases import Suite
    from evals.gate import Baseline, Verdict
    from evals.results import Scored
    from evals.runner import Progress, Selection

SOLVERS = ("lexical", "dense", "hybrid", "full")
FILE = click.Path(dir_okay=False, path_type=Path)
ASKING = ("solver", "limit", "seed", "case", "out", "resume", "backend")


@click.command("eval", short_help="Score the gold questions, or any suite of your own.")
@click.argument("words", nargs=-1, metavar="[SUITE | score RUN [SUITE] | compare RUN_A RUN_B]")
@click.option(
    "--solver",
    type=click.Choice(SOLVERS),
    default="full",
    show_default=True,
    help="full asks for answers; the others look for passages only: by words, by meaning, by both.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Ask at most so many cases, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="What --limit draws with.")
@click.option("--case", multiple=True, metavar="ID", help="Ask this case, and show what came of it; repeatable.")
@click.option("--out", type=FILE, metavar="FILE", help="Where the run goes; by default a new file in the state.")
@click.option("--resume", is_flag=True, help="Go on with the last unfinished run, or with that of --out.")
@click.option("--junit", type=FILE, metavar="FILE", help="Write a JUnit report.")
@click.option("--html", type=FILE, metavar="FILE", help="Write a page with figures, diagrams and every case.")
@click.option("--gate", type=FILE, metavar="FILE", help="Compare with a baseline: 9 if worse, 10 if unclear.")
@click.option("--update-baseline", type=FILE, metavar="FILE", help="Make this run the baseline.")
@common_flags
def command(words: tuple[str, ...], **flags: Any) -> int:
    """Ask every question of SUITE (by default the gold questions over the sample articles) and score the answers.

    A suite is a folder with questions.jsonl and corpus/. `score` scores a run again without asking
    anything; `compare` lays two runs side by side, case by case.
    """
    if flags["corpus"]:
        raise ConfigurationError("a suite brings its own articles", "leave --corpus out, and name the suite")
    if words[:1] == ("compare",):
        return _compare(words[1:], flags)
    if words[:1] == ("score",):
        _refuse_flags("score asks nothing", ASKING)
        if len(words) not in (2, 3):
            raise ConfigurationError("score takes a run", "parley eval score RUN [SUITE]")
        return _report(Path(words[1]), _suite(words[2:]) if words[2:] else None, flags)
    if len(words) > 1:
        raise ConfigurationError(f"one suite at a time, not {len(words)}", "parley eval [SUITE]")
    suite = _suite(words)
    suite.check()
    _look_ahead(suite, flags)
    return _report(_run(suite, flags), suite, flags)


def _look_ahead(suite: Suite, flags: dict[str, Any]) -> None:
    """Refuse what could only fail once every question is asked."""
    for path in (flags["junit"], flags["html"], flags["update_baseline"]):
        if path and not path.absolute().parent.is_dir():
            raise ConfigurationError(f"{path.parent} is no folder", "make it, or name another")
    if flags["gate"]:
        from evals.fingerprints import suite_fingerprint
        from evals.gate import read_baseline, require_suite  # with pydantic 0.1 s

        require_suite(read_baseline(flags["gate"]), suite.name, suite_fingerprint(suite))
    if flags["update_baseline"]:
        _known_baseline(flags["update_baseline"])


def _refuse_flags(why: str, names: tuple[str, ...]) -> None:
    """Refuse flags that would be passed over in silence."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise ConfigurationError(f"{why}, so --{name} has no say", f"see {context.command_path} --help")


def _suite(words: tuple[str, ...]) -> Suite:
    from evals.cases import Suite

    return Suite.at(Path(words[0])) if words else Suite.gold()


def _run(suite: Suite, flags: dict[str, Any]) -> Path:
    """Try the cases; returns the file of the run."""
    from evals.evaluation import new_run, unfinished
    from evals.run_file import read_run
    from evals.runner import Selection
    from index.state import StateFolder

    selection = Selection(flags["limit"], flags["seed"], flags["case"])
    selection.of(suite)
    # The suite names the corpus; what a variable or the configuration file names is another one.
    settings = load_settings({**flags, "corpus": str(suite.corpus)})
    runs = StateFolder.of(suite.corpus, settings.state).root / "runs"
    solver = flags["solver"]
    if flags["resume"]:
        _refuse_flags("--resume goes on as the run was begun", ("solver", "limit", "seed", "case"))
        path = flags["out"] or unfinished(runs)
        solver = read_run(path).header["solver"]
    else:
        path = flags["out"] or new_run(runs, solver)
    _try_cases(suite, solver, settings, path, None if flags["resume"] else selection, Narrator(flags["quiet"]))
    if not flags["quiet"]:
        following = sum(case.has_history for case in suite.cases)
        if following:
            tell(f"{following} cases of the suite follow on from other questions; they are asked without these")
        tell(f"the run is in {path}")
    return path


def _try_cases(
    suite: Suite, solver: str, settings: Settings, path: Path, selection: Selection | None, narrator: Narrator
) -> None:
    """Try the selected cases, or with none selected those that the run in the file lacks."""
    from assistant.assistant import Assistant  # with what it needs about 20 ms
    from evals.evaluation import Evaluation
    from evals.solvers import DENSE_WEIGHTS

    def show(progress: Progress) -> None:
        narrator.asked(_progress_line(progress), begins=progress.done == 0)

    evaluation = Evaluation(suite, solver, settings.backend, show)
    with Assistant.open(suite.corpus, settings.state, embedder(), narrator, DENSE_WEIGHTS[solver]) as assistant:
        try:
            if selection:
                evaluation.start(assistant, path, selection)
            else:
                evaluation.resume(assistant, path)
        except KeyboardInterrupt:
            if path.exists():
                narrator.warn(f"what is done is kept; go on: parley eval {suite.folder} --resume --out {path}")
            raise
        finally:
            narrator.end_line()


def _progress_line(progress: Progress) -> str:
    failed = f", {progress.failed} failed" if progress.failed else ""
    left = ""
    if progress.remaining_s is not None:
        minutes, seconds = divmod(round(progress.remaining_s), 60)
        left = f" · about {minutes} min {seconds:02d} s left" if minutes else f" · about {seconds} s left"
    return f"asked {progress.done}/{progress.total} questions{failed}{left}"


def _report(path: Path, suite: Suite | None, flags: dict[str, Any]) -> int:
    """Score the run, write what was asked for, and judge it where there is a gate."""
    scored = _score(path, suite)
    _write_reports(scored, flags)
    verdict = _judge(scored, flags["gate"])
    if flags["as_json"]:
        from evals.reports.document import to_json

        judged = {"gate": {**asdict(verdict), "told": verdict.told}} if verdict else {}
        click.echo(json_line({**to_json(scored), **judged}))
    else:
        click.echo(_text(scored, in_full=bool(flags["case"])))
        if verdict:
            click.echo(f"\ngate: {verdict.told}")
    if flags["update_baseline"]:
        _update_baseline(scored, flags["update_baseline"])
    return verdict.exit_code if verdict else ExitCode.ANSWERED


def _text(scored: Scored, *, in_full: bool) -> str:
    """The figures, or each case where single ones were asked for."""
    from evals.reports import case_text, terminal

    if in_full:
        return "\n\n".join(case_text.to_text(scored.suite, item) for item in scored.cases)
    return terminal.to_text(scored)


def _score(path: Path, suite: Suite | None = None) -> Scored:
    from evals.run_file import read_run

    run = read_run(path)
    from evals.scoring import score_run  # numpy: 0.2 s

    return score_run(run, suite or _suite_of(run.header))


def _suite_of(header: Mapping[str, Any]) -> Suite:
    """The suite that a run was run on: where it lay then, or the gold questions of this program."""
    from evals.cases import Suite
    from evals.fingerprints import suite_fingerprint

    gold = Suite.gold()
    if header["suite"]["fingerprint"] == suite_fingerprint(gold):
        return gold
    return Suite(Path(header["run"]["suite"]))


def _write_reports(scored: Scored, flags: dict[str, Any]) -> None:
    if flags["junit"]:
        from evals.reports.junit import to_junit

        _write(flags["junit"], to_junit(scored))
    if flags["html"]:
        from evals.reports.page import to_html  # with jinja2 about 0.1 s

        _write(flags["html"], to_html(scored).encode())


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        told = f"{path} cannot be written: {error.strerror}"
        raise ConfigurationError(told, "name a file in a folder that exists; the run is kept") from error


def _judge(scored: Scored, baseline: Path | None) -> Verdict | None:
    if not baseline:
        return None
    from evals.gate import judge, read_baseline  # with pydantic 0.1 s

    return judge(read_baseline(baseline), scored)


def _update_baseline(scored: Scored, path: Path) -> None:
    """Say what a new baseline changes, and keep it."""
    from evals.gate import baseline_of, describe_change, write_baseline

    new = baseline_of(scored)
    for line in describe_change(_known_baseline(path), new):
        tell(line)
    write_baseline(path, new)
    tell(f"the baseline is in {path}")


def _known_baseline(path: Path) -> Baseline | None:
    """The baseline that stands there; what is no baseline is not written over."""
    from evals.gate import read_baseline

    return read_baseline(path) if path.exists() else None


def _compare(runs: tuple[str, ...], flags: dict[str, Any]) -> int:
    _refuse_flags("compare asks nothing", ASKING)
    if len(runs) != 2:
        raise ConfigurationError("compare takes two runs", "parley eval compare RUN_A RUN_B")
    from evals.compare import compare  # with numpy 0.2 s
    from evals.scoring import MEASURES

    compared = compare(_score(Path(runs[0])), _score(Path(runs[1])), MEASURES)
    click.echo(json_line(compared.to_json()) if flags["as_json"] else compared.to_text())
    return ExitCode.ANSWERED
