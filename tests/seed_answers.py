"""Answers over the sample articles, as pictures of the app show them; every quote is looked up in its file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.answer import Answer, Citation, Claim, Evidence, IndexStatus, ShortAnswer, Source, Spent
from assistant.engine.notices import ArticleText

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
NEWS = Source("000_5a1fd5bd54023a35.txt", None, "1 NEWS", None)
BLOOMBERG = Source("001_ef2d0ced4d4ce417.txt", None, "Bloomberg", date(2019, 2, 2))
IMPASSE = Source("002_3fb6c22dd49dd698.txt", "China Trade Talks End in an Impasse", None, None)
FOUNDATION = Source(
    "003_dbc810bcc8f279d1.txt", "China says US trade talks 'laid foundation' to resolve concerns", None, None
)
WASHINGTON = Source("004_388c88fb4b3fc9a0.txt", None, None, None)
TEXTS = {
    source.article: ArticleText(
        source, (SEEDS / source.article).read_text(encoding="utf-8-sig"), f"/articles/seeds/{source.article}"
    )
    for source in (NEWS, BLOOMBERG, IMPASSE, FOUNDATION, WASHINGTON)
}
INDEX = IndexStatus(5, 38, "2019-02-04T15:00:00+00:00", stale=False)
STARTERS = (
    "Who led the talks on the American side?",
    "How large was the US trade deficit with China last year?",
    "What did China agree to buy more of?",
    "Why was ZTE penalized?",
)

HE_VIEWS = (
    "He views the massive US trade deficit with China - $337 billion last year, the biggest with any country - "
    "as evidence that Beijing is engaged in abusive trading practices and has outmaneuvered previous US "
    "administrations."
)
REACHED = "The trade deficit with China reached $375.2 billion last year."
AGREED = (
    "China has agreed to increase imports of US agricultural, energy and industrial products, as well as "
    "services, it said, without providing details."
)
SOYBEANS = (
    "China has agreed to buy a substantial amount of US soybeans, he added, calling the offer a sign of good "
    "faith."
)
EXPORTS = (
    'They also agreed on "meaningful increases" in US exports of agriculture and energy products and greater '
    "efforts to increase trade in manufactured goods and services."
)


def cite(number: int, source: Source, quote: str, also_in: tuple[str, ...] = ()) -> Citation:
    """A citation of the first place that holds the quote."""
    start = TEXTS[source.article].text.index(quote)
    return Citation(number, source, start, start + len(quote), quote, also_in=also_in)


def passage(source: Source, beginning: str, ending: str, score: float) -> Evidence:
    """The passage between these words, both included."""
    text = TEXTS[source.article].text
    start = text.index(beginning)
    end = text.index(ending, start) + len(ending)
    return Evidence(source, start, end, text[start:end], (), 0.3, None, score)


def disagreeing() -> Answer:
    """Two accounts that contradict each other, quoted word for word."""
    first, second = cite(1, NEWS, HE_VIEWS), cite(2, WASHINGTON, REACHED)
    return Answer(
        question=STARTERS[1],
        status="answered",
        confidence=0.88,
        text=f"{HE_VIEWS} [1] {REACHED} [2]",
        claims=(Claim(HE_VIEWS, (1,), "verbatim"), Claim(REACHED, (2,), "verbatim")),
        citations=(first, second),
        evidence=(),
        index=INDEX,
        backend="extractive",
        shorts=(_short("$337 billion", first), _short("$375.2 billion", second)),
        timings_ms={"total": 412.0},
    )


def worded_by_a_model() -> Answer:
    """A follow-up in the words of a model, two of whose claims were struck."""
    citations = (
        cite(1, BLOOMBERG, AGREED),
        cite(2, BLOOMBERG, SOYBEANS),
        cite(3, NEWS, EXPORTS, also_in=("copies/000.txt",)),
    )
    kept = (
        Claim(
            "China agreed to import more farm, energy and industrial goods and services from the US.",
            (1, 3),
            "supported",
        ),
        Claim("It also agreed to buy a substantial amount of soybeans.", (2,), "supported"),
    )
    return Answer(
        question="And what did it agree to buy?",
        standalone="What did China agree to buy?",
        status="answered",
        confidence=0.64,
        text=" ".join(claim.text for claim in kept),
        claims=(
            *kept,
            Claim(
                "The purchases are worth $200 billion.",
                (1,),
                "unsupported",
                "the cited sentence does not hold 200",
            ),
            Claim("Analysts welcomed it.", (), "unsupported", "no sentence is cited for it"),
        ),
        citations=citations,
        evidence=(),
        index=INDEX,
        backend="openai:small",
        spent=Spent(1203, 87, 0.0021),
        timings_ms={"total": 2310.0},
    )


def cut_off() -> Answer:
    """What was proven of an answer before it was stopped."""
    cited = cite(1, BLOOMBERG, AGREED)
    claim = Claim("China agreed to import more US goods and services.", (1,), "supported")
    return Answer(
        question=STARTERS[2],
        status="answered",
        confidence=0.58,
        text=claim.text,
        claims=(claim,),
        citations=(cited,),
        evidence=(),
        index=INDEX,
        backend="openai:small",
        incomplete=True,
        spent=Spent(1203, 21, 0.0014),
        timings_ms={"total": 950.0},
    )


def not_found() -> Answer:
    """A question that the articles do not answer, with the passages that come closest."""
    closest = (
        passage(BLOOMBERG, "The US has insisted", "“foundational.”", 0.31),
        passage(WASHINGTON, "Scott Paul, the president", "playing field in China.", 0.27),
        passage(FOUNDATION, "World markets rose", "down on Thursday.", 0.22),
    )
    return Answer(
        question="Who won the Rugby World Cup?",
        status="not_found",
        confidence=0.04,
        text="",
        claims=(),
        citations=(),
        evidence=closest,
        index=INDEX,
        backend="extractive",
        timings_ms={"total": 388.0},
    )


def _short(words: str, citation: Citation) -> ShortAnswer:
    start = citation.start + citation.quote.index(words)
    return ShortAnswer(words, citation.id, start, start + len(words))
