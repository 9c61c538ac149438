"""Questions over the sample articles, and what a solver is to make of each: material of `scored_runs`."""

import re
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ARTICLES = sorted(path.name for path in SEEDS.glob("*.txt"))
JOINT, NEXT, IMPASSE, GROUND, TIMES = ARTICLES
HOSTILE_ARTICLE = "hostile.txt"
HOSTILE = "<script>alert(1)</script> [/b] {{ 7*7 }} \x1b[31mred \u202egnp.exe " + "Donaudampfschiff" * 20
ERROR = "BackendError: the model at 127.0.0.1 did not answer within 5 s\n\x1b[31m(3 attempts)"

SCRIPT: dict[str, dict[str, Any]] = {}
"""By question: `said` and `cited`, or an `error`, or neither where it is refused; `rank` of the evidence."""


def sentence(article: str, words: str) -> str:
    """The sentence of a sample article that holds these words."""
    text = (SEEDS / article).read_text(encoding="utf-8-sig")
    found = re.search(rf"[^.\n]*{re.escape(words)}[^\n]*?\.(?=\s|$)", text)
    assert found, words
    return found.group().strip(" \n”")


def question(
    name: str,
    text: str,
    kind: str,
    answers: list[str],
    evidence: list[tuple[str, str, int]],
    *cited: tuple[str, str],
    **script: Any,
) -> dict[str, Any]:
    """A line of questions.jsonl, its script kept: without a word from it, each citation is said as it stands."""
    if cited:
        script = {"said": [quote for _, quote in cited], **script}
    SCRIPT[text] = {"cited": cited, "rank": 1, **script}
    stated = [{"doc": doc, "quote": quote, "need": need} for doc, quote, need in evidence]
    return {
        "id": name,
        "question": text,
        "type": kind,
        "answers": answers,
        "answerable": bool(evidence),
        "evidence": stated,
    }


LED = sentence(JOINT, "The two days of talks")
SANCTIONS = sentence(TIMES, "penalized ZTE")
MARCH = sentence(NEXT, "reiterated its threat")
STEEL = sentence(IMPASSE, "ski resort of Whistler")
GUEST_HOUSE = sentence(IMPASSE, "Diaoyutai")
DEFICIT_JOINT = sentence(JOINT, "$337 billion")
DEFICIT_IMPASSE = sentence(IMPASSE, "$375bn")
DEFICIT_TIMES = sentence(TIMES, "$375.2 billion")
LIU = sentence(TIMES, "But Liu He")
REMAINS = sentence(TIMES, "remains to be seen")
DEMANDS = sentence(TIMES, "They are meeting many")
TRUCE = sentence(GROUND, "three-month truce")
GAO = sentence(GROUND, "spokesman Gao Feng")
SOYBEANS = sentence(NEXT, "soybeans")

QUESTIONS = [
    question(
        *("led-talks", "Who headed the two delegations in Washington?", "single", ["Liu He", "Steven Mnuchin"]),
        [(JOINT, LED, 1)],
        (JOINT, LED),
        short="Vice Premier Lie He",
        confidence=0.97,
    ),
    question(
        *("zte-reason", "Why was the telecom firm ZTE punished?", "single", ["violating American sanctions"]),
        [(TIMES, SANCTIONS, 1)],
        (TIMES, SANCTIONS),
        confidence=0.94,
        rank=3,
    ),
    question(
        *("deadline", "By when do duties go up if nothing satisfactory comes of it?", "single", ["March 1"]),
        [(NEXT, MARCH, 1)],
        (NEXT, MARCH),
        short="March 1",
        confidence=0.93,
    ),
    question(
        *("metal-duties", "How high are the metal duties that angered Canada?", "single", ["25% and 10%"]),
        [(IMPASSE, "tariffs of 25% on steel and 10% on aluminium", 1)],
        (IMPASSE, STEEL),
        short="25%",
        confidence=0.96,
        rank=2,
    ),
    question(
        *("guest-house", "In which building did they meet in June?", "single", ["Diaoyutai State Guesthouse"]),
        [(IMPASSE, GUEST_HOUSE, 1)],
        (IMPASSE, GUEST_HOUSE),
        struck=["It was built in 1959."],
        confidence=0.78,
    ),
    question(
        *("deficit", "How large was the American deficit?", "conflict", ["$337 billion", "$375.2 billion"]),
        [(JOINT, DEFICIT_JOINT, 1), (IMPASSE, DEFICIT_IMPASSE, 2), (TIMES, DEFICIT_TIMES, 2)],
        (TIMES, DEFICIT_TIMES),
        short="$375.2 billion",
        confidence=0.76,
    ),
    question(
        *("leader-name", "Who negotiated for Beijing?", "conflict", ["Liu He", "Lie He"]),
        [(JOINT, LED, 1), (TIMES, LIU, 2)],
        (JOINT, LED),
        (TIMES, LIU),
        confidence=0.74,
        rank=2,
    ),
    question(
        *("kudlow", "What did the head of the council say of Beijing's concessions?", "single", ["meeting many"]),
        [(TIMES, "They are meeting many of our demands", 1)],
        (TIMES, REMAINS),
        confidence=0.55,
        rank=6,
    ),
    question(
        *("truce", "How long a truce did the two presidents agree on?", "single", ["three months"]),
        [(GROUND, TRUCE, 1)],
        confidence=0.21,
        rank=11,
    ),
    question(
        *("timeout", "Who spoke for the commerce ministry?", "single", ["Gao Feng"]),
        [(GROUND, GAO, 1)],
        error=ERROR,
    ),
    question("near-miss-age", "How old is Robert Lighthizer?", "unanswerable", [], [], confidence=0.12),
    question(
        *("near-miss-soy", "How many tonnes of soybeans will China buy?", "unanswerable", []),
        [],
        (NEXT, SOYBEANS),
        confidence=0.36,
    ),
    question("off-topic", "What is the capital of Bhutan?", "unanswerable", [], [], confidence=0.03),
    question(
        *("hostile<b>", f"What does the note say? {HOSTILE}", "single", [HOSTILE]),
        [(HOSTILE_ARTICLE, HOSTILE, 1)],
        (HOSTILE_ARTICLE, HOSTILE),
        confidence=0.36,
    ),
]
