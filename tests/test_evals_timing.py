"""Timing two sides in one run: cold questions and indexing, with their verdicts."""

import socket
import sys
from itertools import chain, cycle
from pathlib import Path
from typing import Any

import onnxruntime  # type: ignore[import-untyped]
import pytest

from evals.performance import cold_start, evaluation_speed, machine
from index.encoder import MODEL_FOLDER


def test_the_machine_is_named_without_a_path_or_its_own_name() -> None:
    line = machine.describe()
    assert "cores" in line
    assert f"Python {sys.version.split()[0]}" in line
    assert "\n" not in line
    assert str(Path.home()) not in line
    assert socket.gethostname() not in line.split()


def test_a_process_is_timed_with_what_its_children_cost(tmp_path: Path, python: str) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    script = f"""
import os, subprocess, sys
print(os.getcwd())
subprocess.run([sys.executable, "-c", {burn!r}])
sys.exit(3)
"""
    run = machine.run_process([python, "-c", script], {}, tmp_path)
    assert (run.code, run.stdout.strip(), run.stderr) == (3, str(tmp_path.resolve()), "")
    assert run.cpu_s >= 0.3
    assert run.wall_s >= 0.3


def test_a_process_that_fails_says_why(tmp_path: Path, python: str) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)ended with 1.*ValueError: lost"):
        cold_start.run([python, "-c", "raise ValueError('lost')"], tmp_path)


def test_a_timed_process_sees_no_settings_of_the_person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_CORPUS", "elsewhere")
    monkeypatch.setenv("XDG_CONFIG_HOME", "elsewhere")
    assert "elsewhere" not in cold_start.environment(tmp_path).values()


def test_enough_different_questions_are_there() -> None:
    assert len(set(cold_start.QUESTIONS)) == len(cold_start.QUESTIONS) > 20


def test_a_spread_is_median_least_and_most() -> None:
    assert cold_start.spread([3.0, 1.0, 2.5]) == "2.50 (1.00-3.00)"


def run(wall_s: float) -> machine.Run:
    """A process that took so long, half of it at work."""
    return machine.Run(wall_s, wall_s / 2, 0, "", "")


@pytest.mark.parametrize(
    ("walls", "taken"),
    [
        ([0.20, 0.21, 0.19, 0.22, 0.20], range(5, 6)),  # it is below
        ([0.30, 0.31, 0.29, 0.33, 0.30], range(5, 6)),  # it is above
        ([0.20, 0.30, 0.24, 0.26, 0.25], range(40, 41)),  # it stays open
        ([0.22, 0.30, 0.22, 0.23, 0.26, *[0.22] * 35], range(6, 20)),  # it turns out
    ],
)
def test_cold_questions_are_timed_until_their_ratio_is_known_to_be_above_or_below(
    walls: list[float], taken: range
) -> None:
    pairs = (cold_start.Pair(run(wall), run(1.0)) for wall in cycle(walls))
    assert len(cold_start.until_sure(pairs, 5, 40, 0.25)) in taken


@pytest.mark.parametrize(
    ("walls", "taken"),
    [
        ([0.2, 0.4, 0.4], 3),
        ([0.5, 0.4, 0.4, 0.4, 0.2], 5),  # it was quick at last
        ([0.5] * 7, 7),  # it is slow
    ],
)
def test_the_help_text_is_timed_until_it_was_quick(
    walls: list[float], taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.1, *walls])  # the first one does not count
    monkeypatch.setattr(cold_start, "run", lambda command, home: run(next(times)))
    assert [each.wall_s for each in cold_start.time_help(tmp_path, 3, 7, 0.3)] == walls[:taken]


@pytest.mark.parametrize(
    ("walls", "taken"),
    [
        ([(9, 0.5), (40, 2)], 2),
        ([(40, 0.5), (40, 2), (9, 2)], 3),  # each was quick at last
        ([(40, 0.5)] * 6, 6),  # one is slow
    ],
)
def test_an_evaluation_is_timed_until_it_and_its_scoring_were_quick(
    walls: list[tuple[float, float]], taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.1, *chain.from_iterable(walls)])  # the first one indexes
    monkeypatch.setattr(evaluation_speed, "run", lambda command, home: run(next(times)))
    asked, scored = evaluation_speed.time_gold(tmp_path, 2)
    assert list(zip(asked, scored, strict=True)) == walls[:taken]


def test_the_ratio_of_cold_questions_is_the_median_of_the_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    # By medians of each side alone it would be 2/5.
    pairs = [cold_start.Pair(run(ours), run(theirs)) for ours, theirs in ((1, 5), (2, 20), (3, 5))]
    helps = [run(0.2), run(0.25), run(9.0)]
    assert cold_start.report(pairs, helps, 0.25, 0.3) == 0
    printed = capsys.readouterr().out
    assert "ratio a pair          wall 0.200 (0.100-0.600)  processor 0.200" in printed
    assert "llama-index + Chroma  wall 5.00 (5.00-20.00) s  processor 2.50 (2.50-10.00) s" in printed
    assert cold_start.report(pairs, helps, 0.19, 0.3) == 1
    assert cold_start.report(pairs, helps, 0.25, 0.19) == 1


@pytest.mark.slow
def test_a_cold_question_is_timed_against_the_plain_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert cold_start.main(["--runs", "1", "--most-ratio", "9", "--most-help", "9"]) == 0
    assert "ratio a pair" in capsys.readouterr().out


@pytest.mark.slow
def test_indexing_is_timed_against_chromas_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from evals.performance import indexing_speed  # chromadb: 1.3 to 1.8 s

    class Unmasked(onnxruntime.InferenceSession):  # type: ignore[misc]
        """A session of the shipped model, which has no mask, in place of the fp32 one: Chroma gives it one."""

        def run(self, outputs: Any, inputs: dict[str, Any], options: Any = None) -> Any:
            return super().run(outputs, {name: inputs[name] for name in ("input_ids", "token_type_ids")}, options)

    monkeypatch.setattr(onnxruntime, "InferenceSession", Unmasked)
    model = str(MODEL_FOLDER / "model.onnx")  # this is no test of speed
    assert indexing_speed.main(["--fp32", model, "--passages", "6", "--least", "0"]) == 0
    printed = capsys.readouterr().out
    assert "6 passages" in printed
    assert "median of 1 blocks" in printed
    assert "at least 0 times as fast: yes" in printed


@pytest.mark.slow
def test_few_passages_are_taken_again_and_blocks_lose_none(seeds: Path) -> None:
    from evals.performance import indexing_speed  # chromadb: 1.3 to 1.8 s

    texts = indexing_speed.read_passages(seeds, 100)
    assert len(texts) == 100
    assert len(set(texts)) < 100
    seen: list[tuple[str, str]] = []
    blocks = list(
        indexing_speed.take_turns(
            texts, "x", lambda ids, block: seen.extend(zip(ids, block, strict=True)), lambda ids, block: None
        )
    )
    assert [block.passages for block in blocks] == [64, 36]
    assert [text for _, text in seen] == texts
    assert len({name for name, _ in seen}) == 100


@pytest.mark.slow
def test_the_ratio_is_the_median_of_the_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    from evals.performance import indexing_speed  # chromadb: 1.3 to 1.8 s

    blocks = [indexing_speed.Block(10, 1.0, 2.0, wall, 8.0) for wall in (2.0, 5.0, 8.0)]
    assert indexing_speed.print_blocks("encoding", blocks) == (2.0, 8.0)
    printed = capsys.readouterr().out
    assert "parley 10.0 passages/s, Chroma's default 2.0; a processor second 5.0 and 1.2" in printed
    assert "5.00 [2.00, 8.00], by processor time 4.00" in printed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("intervals", "code", "said"),
    [
        ([(4.0, 5.0), (4.1, 4.2)], 0, "yes"),
        ([(3.8, 4.2), (4.1, 4.2)], 0, "within the noise"),
        ([(3.8, 3.9), (4.1, 4.2)], 1, "no"),
    ],
)
def test_only_an_interval_below_the_target_fails(
    intervals: list[tuple[float, float]], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from evals.performance import indexing_speed  # chromadb: 1.3 to 1.8 s

    assert indexing_speed.verdict(intervals, 4.0) == code
    assert f"as fast: {said}" in capsys.readouterr().out
