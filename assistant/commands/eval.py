"""`parley eval`: run a suite, score a run, compare two; the gate and the reports hang on the scored run."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from assistant.backends.choosing import Choice, backend_for, base_url_for
from assistant.commands.eval_results import compare, known_baseline, refuse_overwriting, report, score
from assistant.commands.flags import common_flags, confidence_flag, embedder
from assistant.commands.narration import Narrator, tell
from assistant.errors import ConfigurationError, ExitCode
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.backends.protocol import Backend
    from evals.cases import Suite
    from evals.evaluation import AskedOf
    from evals.runner import Progress, Selection

SOLVERS = ("lexical", "dense", "hybrid", "full")
FILE = click.Path(dir_okay=False, path_type=Path)
ASKING = ("solver", "limit", "seed", "case", "out", "resume", "backend", "min_confidence")
JUDGING = ("junit", "html", "gate", "update_baseline")


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
@confidence_flag
def command(words: tuple[str, ...], **flags: Any) -> int:
    """Ask every question of SUITE (by default the gold questions over the sample articles) and score the answers.

    A suite is a folder with questions.jsonl and corpus/; `followups` stands for the gold questions that come
    after others. `score` scores a run again without asking anything; `compare` lays two runs side by side,
    case by case.
    """
    if flags["corpus"]:
        raise ConfigurationError("a suite brings its own articles", "leave --corpus out, and name the suite")
    if words[:1] == ("compare",):
        _refuse_flags("compare shows two runs", (*ASKING, *JUDGING))
        if len(words) != 3:
            raise ConfigurationError("compare takes two runs", "parley eval compare RUN_A RUN_B")
        compare(Path(words[1]), Path(words[2]), as_json=flags["as_json"])
        return ExitCode.ANSWERED
    if words[:1] == ("score",):
        _refuse_flags("score asks nothing", ASKING)
        if len(words) not in (2, 3):
            raise ConfigurationError("score takes a run", "parley eval score RUN [SUITE]")
        return report(score(Path(words[1]), _suite(words[2:]) if words[2:] else None), Path(words[1]), flags)
    if len(words) > 1:
        raise ConfigurationError(f"one suite at a time, not {len(words)}", "parley eval [SUITE]")
    plan = _plan(_suite(words), flags)
    plan = _look_ahead(plan, flags)
    _run(plan, flags)
    return report(score(plan.path, plan.suite), plan.path, flags)


def _refuse_flags(why: str, names: tuple[str, ...]) -> None:
    """Refuse flags that would be passed over in silence."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = name.replace("_", "-")
            raise ConfigurationError(f"{why}, so --{flag} has no say", f"see {context.command_path} --help")


def _suite(words: tuple[str, ...]) -> Suite:
    from evals.cases import Suite

    return Suite.at(Path(words[0])) if words else Suite.gold()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, on what, and where it goes."""

    suite: Suite
    settings: Settings
    solver: str
    min_confidence: float | None
    """None for the shipped threshold, or where nothing is answered."""
    path: Path
    """The file of the run."""
    selection: Selection | None
    """None to go on with the run that is there."""
    cases: tuple[str, ...]
    """The ids of all that the run is to hold."""


def _plan(suite: Suite, flags: dict[str, Any]) -> Plan:
    from evals.evaluation import new_run, unfinished
    from evals.run_file import read_run
    from evals.runner import Selection
    from index.state import StateFolder

    suite.check()
    # The suite names the corpus; what a variable or the configuration file names is another one.
    settings = load_settings({**flags, "corpus": str(suite.corpus)})
    runs = StateFolder.of(suite.corpus, settings.state).root / "runs"
    if flags["resume"]:
        as_begun = ("solver", "limit", "seed", "case", "min_confidence")
        _refuse_flags("--resume goes on as the run was begun", as_begun)
        begun = read_run(flags["out"] or unfinished(runs))
        cases = tuple(begun.header["selection"]["cases"])
        solver, chosen = begun.header["solver"], begun.header.get("min_confidence")
        return Plan(suite, settings, solver, chosen, begun.path, None, cases)
    if flags["solver"] != "full":
        _refuse_flags(f"--solver {flags['solver']} answers nothing", ("min_confidence",))
    selection = Selection(flags["limit"], flags["seed"], flags["case"])
    cases = tuple(case.id for case in selection.of(suite))
    path = flags["out"] or new_run(runs, flags["solver"])
    chosen = settings.min_confidence if flags["solver"] == "full" else None
    return Plan(suite, settings, flags["solver"], chosen, path, selection, cases)


def _look_ahead(plan: Plan, flags: dict[str, Any]) -> Plan:
    """Refuse what could only fail once every question is asked; a model that nobody named has its name then."""
    refuse_overwriting(flags, plan.suite, plan.path)
    if plan.solver == "full" and (model := _backend(plan)):
        from assistant.backends.probing import probe  # 0.1 s

        probe(model)
        plan = replace(plan, settings=replace(plan.settings, backend=model.name))
    if not flags["gate"] and not flags["update_baseline"]:
        return plan
    if plan.solver != "full":
        raise ConfigurationError("passages alone are neither right nor wrong", "a baseline needs --solver full")
    if flags["update_baseline"]:
        known_baseline(flags["update_baseline"])
    if flags["gate"]:
        from evals.fingerprints import suite_fingerprint
        from evals.gate import Baseline, read_baseline, require_same

        fingerprint = suite_fingerprint(plan.suite)
        outcomes = dict.fromkeys(plan.cases, False)
        name, backend = plan.suite.name, plan.settings.backend
        run = Baseline(name, fingerprint, plan.solver, backend, outcomes, plan.min_confidence)
        require_same(read_baseline(flags["gate"]), run)
    return plan


def _backend(plan: Plan) -> Backend | None:
    return backend_for(Choice.of(plan.settings.backend), plan.settings.base_url)


def _asked(plan: Plan) -> AskedOf:
    from evals.evaluation import AskedOf

    name, price = plan.settings.backend, plan.settings.price
    return AskedOf(name, base_url_for(Choice.of(name), plan.settings.base_url), price)


def _run(plan: Plan, flags: dict[str, Any]) -> None:
    """Try the cases that are to be tried."""
    from assistant.assistant import Assistant  # with what it needs about 20 ms
    from evals.evaluation import Evaluation
    from evals.solvers import DENSE_WEIGHTS

    narrator = Narrator(flags["quiet"])

    def show(progress: Progress) -> None:
        narrator.asked(_progress_line(progress), begins=progress.done == 0)

    suite, states, weight = plan.suite, plan.settings.state, DENSE_WEIGHTS[plan.solver]
    evaluation = Evaluation(suite, plan.solver, _asked(plan), show, plan.min_confidence)
    backend = _backend(plan) if plan.solver == "full" else None
    with Assistant.open(
        suite.corpus, states, embedder(), narrator, weight, plan.min_confidence, backend
    ) as assistant:
        try:
            if plan.selection:
                evaluation.start(assistant, plan.path, plan.selection)
            else:
                evaluation.resume(assistant, plan.path)
        except KeyboardInterrupt:
            if plan.path.exists():
                narrator.warn(f"what is done is kept; go on: {_resuming(plan, flags)}")
            raise
        finally:
            narrator.end_line()
    if not flags["quiet"]:
        tell(f"the run is in {plan.path}")


def _resuming(plan: Plan, flags: dict[str, Any]) -> str:
    """The command that goes on with a run."""
    state = ("--state", flags["state"]) if flags["state"] else ()
    return shlex.join(
        ["parley", "eval", plan.suite.word or str(plan.suite.folder), "--resume", "--out", str(plan.path), *state]
    )


def _progress_line(progress: Progress) -> str:
    failed = f", {progress.failed} failed" if progress.failed else ""
    left = ""
    if progress.remaining_s is not None:
        minutes, seconds = divmod(round(progress.remaining_s), 60)
        left = f" · about {minutes} min {seconds:02d} s left" if minutes else f" · about {seconds} s left"
    return f"asked {progress.done}/{progress.total} questions{failed}{left}"
