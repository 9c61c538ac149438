"""Answers to keep, sessions to keep them in, and a store that collects what it warns of."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assistant.answer import Answer, Citation, Claim, Evidence, IndexStatus, ShortAnswer, Source, Spent
from assistant.sessions.store import SessionStore

MILL = "The old mill burned down in May."
DAM = "The dam at Kessock was inspected in June."
ARTICLES = {"mill.txt": f"Fire\n\n{MILL} Nobody was hurt.\n", "dam.txt": f"{DAM} It held.\n"}
START = datetime(2019, 2, 2, 10, 0, tzinfo=UTC)


class Ticking:
    """A clock on which every look takes a minute."""

    def __init__(self, start: datetime = START) -> None:
        self.shows = start

    def __call__(self) -> datetime:
        self.shows += timedelta(minutes=1)
        return self.shows


class Kept:
    """A store in a folder of its own, and what it warned of."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "sessions"
        self.warned: list[str] = []
        self.clock = Ticking()
        self.store = self.reopened()

    def reopened(self) -> SessionStore:
        """The same folder as another process sees it."""
        return SessionStore(self.folder, Path("/articles"), self.warned.append, self.clock)

    def file(self, identity: str) -> Path:
        return self.folder / f"{identity}.jsonl"


def citation(number: int = 1, article: str = "mill.txt", start: int = 6, quote: str = MILL) -> Citation:
    return Citation(
        number, Source(article, "Fire", "Daily News", date(2019, 2, 2)), start, start + len(quote), quote
    )


def answered(question: str = "What burned down?", *cited: Citation, **more: object) -> Answer:
    """An answer that quotes what it cites."""
    citations = cited or (citation(),)
    stated: dict[str, object] = {
        "question": question,
        "status": "answered",
        "confidence": 0.9312,
        "text": " ".join(f"{item.quote} [{item.id}]" for item in citations),
        "claims": tuple(Claim(item.quote, (item.id,), "verbatim") for item in citations),
        "citations": citations,
        "evidence": (),
        "index": IndexStatus(2, 2, "2019-02-02T10:00:00+00:00", stale=False),
        "backend": "extractive",
    }
    return Answer(**{**stated, **more})  # type: ignore[arg-type]


def refused(question: str = "Who built it?") -> Answer:
    """A question that the articles do not answer, with the four passages that come closest."""
    source = Source("mill.txt", "Fire", None, None)
    closest = tuple(
        Evidence(source, n * 10, n * 10 + 8, f"passage {n}", (), lexical=0.0, dense=None, score=0.5 - n / 10)
        for n in range(4)
    )
    return answered(
        question, status="not_found", text="", claims=(), citations=(), evidence=closest, confidence=0.1
    )


def full_answer() -> Answer:
    """One with everything that an answer may hold."""
    struck = Claim("It was struck.", (), "unsupported", "no sentence is cited for it")
    return answered(
        "What burned down, and when?",
        claims=(Claim(MILL, (1,), "verbatim"), struck),
        shorts=(ShortAnswer("The old mill", 1, 6, 18),),
        standalone="What burned down in Kessock, and when?",
        incomplete=True,
        spent=Spent(120, 30, 0.0005),
        timings_ms={"sync": 1.5, "total": 20.0},
    )
