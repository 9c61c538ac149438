"""Name the machine that figures were taken on, and what a process costs on it.

    python -m evals.performance.machine

prints one line: processor, cores, memory, system and the versions that matter; no path, no host's name.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.onnx_runtime import count_cores

PACKAGES = ("chromadb", "llama-index-core", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end."""

    wall_s: float
    cpu_s: float
    """User and system time, of its own children too."""
    code: int
    stdout: str
    stderr: str


def run_process(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Run:
    """Run a command in a folder until it ends; it reads nothing, and what it prints is kept."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=dict(environment), cwd=folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    return Run(wall, usage.ru_utime + usage.ru_stime, process.returncode, texts[0], texts[1])


def describe() -> str:
    """Processor, cores, memory, system, Python and the packages that are compared, in one line."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"{_processor()}, {count_cores()} cores, {_memory_gib():.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _processor() -> str:
    """The processor's name, with the instructions that decide how fast eight-bit models run."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = facts.get("flags", "").split()
    found = [label for flag, label in (("avx2", "AVX2"), ("avx512_vnni", "VNNI")) if flag in flags]
    name = facts.get("model name") or platform.machine()
    return f"{name} ({', '.join(found)})" if found else name


if __name__ == "__main__":
    print(describe())
