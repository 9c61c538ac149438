"""How long it takes to open a saved conversation in a process of its own, imports included.

    python -m evals.performance.session_opening [--turns 500] [--sessions 20] [--rounds 5]

Makes a session of so many turns in a folder with so many others of twenty turns, then opens it by name in new
interpreters, and prints the median time from the first import to the last turn read, how much of that is reading,
and how much of it the processor worked: on a busy machine the rest is waiting. Then what listing them all takes.
Exit code 1 if opening takes more than 0.3 s of the processor in the quickest round, or loads anything heavy.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.answer import Answer, Citation, Claim, IndexStatus, ShortAnswer, Source
from assistant.sessions.store import SessionStore
from evals.performance.machine import describe

MOST_S = 0.3
OTHERS_TURNS = 20
HEAVY = ("numpy", "onnxruntime", "chromadb", "chromadb_rust_bindings", "rich", "httpx", "jinja2", "pydantic")
CHILD = """
import time
began, worked = time.perf_counter(), time.process_time()
import json, sys
from pathlib import Path
from assistant.sessions.store import SessionStore
imported = time.perf_counter()
store = SessionStore(Path(sys.argv[1]), Path(sys.argv[2]), print)
session = store.open("long")
opened, worked = time.perf_counter(), time.process_time() - worked
history = session.history()
listed = time.perf_counter()
store.list()
ended = time.perf_counter()
print(json.dumps({
    "open_s": opened - began, "worked_s": worked, "read_s": opened - imported, "list_s": ended - listed,
    "turns": len(session.turns), "history": len(history), "modules": sorted(sys.modules),
}))
"""


def make_answer(number: int) -> Answer:
    """An answer of three sentences, as long as those over news are."""
    source = Source(f"2019/article-{number:04d}.txt", "China Trade Talks End", "Daily News", date(2019, 2, 2))
    quote = f"The deficit of year {number} reached $375.2 billion, said the ministry, " + "and so it went on " * 6
    citations = tuple(Citation(n, source, n * 400, n * 400 + len(quote), quote) for n in (1, 2, 3))
    return Answer(
        question=f"How big was the trade deficit with China in the year {number}?",
        status="answered",
        confidence=0.83,
        text=" ".join(f"{quote} [{n}]" for n in (1, 2, 3)),
        claims=tuple(Claim(quote, (n,), "verbatim") for n in (1, 2, 3)),
        citations=citations,
        evidence=(),
        index=IndexStatus(2000, 21_000, "2019-02-02T10:00:00+00:00", stale=False),
        backend="extractive",
        shorts=(ShortAnswer("$375.2 billion", 1, 431, 445),),
        timings_ms={"sync": 3.0, "retrieve": 20.0, "answer": 120.0, "verify": 1.0, "total": 144.0},
    )


def fill(folder: Path, turns: int, sessions: int) -> int:
    """Make the sessions; the bytes of the long one."""
    store = SessionStore(folder, Path("articles"), print)
    for name, count in [("long", turns), *((f"session {number}", OTHERS_TURNS) for number in range(sessions))]:
        session = store.create(name)
        for number in range(count):
            session.append(make_answer(number))
    return max(path.stat().st_size for path in folder.glob("*.jsonl"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 if it takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--sessions", type=int, default=20, help="How many others there are.")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    print(describe())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sessions"
        size = fill(folder, chosen.turns, chosen.sessions)
        command = [sys.executable, "-c", CHILD, str(folder), "articles"]
        rounds = []
        for _ in range(chosen.rounds):
            ran = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True)
            rounds.append(json.loads(ran.stdout))
    loaded = sorted(set(HEAVY).intersection(*[found["modules"] for found in rounds]))
    opened, worked = ([found[name] for found in rounds] for name in ("open_s", "worked_s"))
    print(f"a session of {rounds[0]['turns']} turns, {size / 1e6:.2f} MB, beside {chosen.sessions} others:")
    print(f"opened in {statistics.median(opened):.3f} s ({min(opened):.3f}-{max(opened):.3f}), imports included;")
    print(f"{statistics.median(worked):.3f} s of the processor ({min(worked):.3f}-{max(worked):.3f});")
    print(f"of that {statistics.median(found['read_s'] for found in rounds):.3f} s reading, by the clock;")
    print(f"all of them listed in {statistics.median(found['list_s'] for found in rounds):.3f} s")
    if loaded:
        print(f"loads {', '.join(loaded)}")
    return int(min(worked) > MOST_S or bool(loaded))


if __name__ == "__main__":
    sys.exit(main())
