"""Whether an answer says what the gold answers say, and shows what the case needs to be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.attempts import Attempt, Place
from evals.cases import Case, Suite
from evals.quantities import Quantity, quantities, same, sole_quantity
from evals.scorers import ONLY_RETRIEVES, Measure, Score
from evals.squad_text import exact_match, normalise, token_f1, tokens

LONGEST_EXPECTED = 12
"""Normalised tokens of a gold answer from which on it is a reference text, not expected word for word."""

_MARKER = re.compile(r"\[([0-9]+)\]")


class AnswerScorer:
    """Measures of what an answer says; they apply to answerable cases.

    `contained`: a gold answer stands in the answer, see `contained`. `number`: the same over the gold answers
    that are nothing but a quantity. `short_em` and `short_f1`: the short answer against the best gold answer
    (Rajpurkar et al., 2016). `needs_met`: the share of needs that the cited spans meet (the Suite contract).
    """

    measures: tuple[Measure, ...] = (
        Measure("contained", "gold answer contained", "rate"),
        Measure("number", "number right", "rate"),
        Measure("short_em", "exact match of the short answer", "rate"),
        Measure("short_f1", "token F1 of the short answer", "mean"),
        Measure("needs_met", "needs met by the citations", "mean"),
    )

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """Refused or failed is 0; the short answer's measures apply only where there is one, failed or not."""
        if attempt.status == "retrieved" or not case.answerable:
            why = ONLY_RETRIEVES if attempt.status == "retrieved" else "the case has no answer"
            return dict.fromkeys((measure.name for measure in self.measures), Score(None, why))
        return {
            "contained": contained(case, attempt),
            "number": _number(case, attempt),
            **_short(case, attempt),
            "needs_met": _needs_met(suite, case, attempt),
        }


def contained(case: Case, attempt: Attempt) -> Score:
    """1 if a gold answer stands in what an answer says, else 0, and so for what was refused or failed.

    Its normalised words (Rajpurkar et al., 2016) have to stand there side by side, and its quantities as equal
    quantities, since words without punctuation confuse 2.5 and 25; a gold answer that is nothing but a quantity
    may be written in another way. It does not apply where all gold answers are long references.
    """
    why = why_nothing_is_expected(case)
    if why:
        return Score(None, why)
    said = _Said.of(attempt)
    return Score(float(any(said.holds(gold) for gold in case.answers)))


def why_nothing_is_expected(case: Case) -> str:
    """Why no words are expected of an answer to this case; empty where some are."""
    lengths = [len(tokens(gold)) for gold in case.answers]
    if not any(lengths):
        return "no gold answer is stated"
    if not any(0 < length <= LONGEST_EXPECTED for length in lengths):
        return f"the gold answer is a text of more than {LONGEST_EXPECTED} words, not expected word for word"
    return ""


def spans_shown(attempt: Attempt) -> list[Place]:
    """The spans that claims of an answer cite, struck ones left out; none unless it is an answer."""
    if attempt.status != "answered":
        return []
    shown = {number for claim in attempt.claims if claim.support != "unsupported" for number in claim.citations}
    return [(item.article, item.start, item.end) for item in attempt.citations if item.id in shown]


@dataclass(frozen=True, slots=True)
class _Said:
    """What an answer says, made ready to look for gold answers."""

    words: str
    quantities: Sequence[Quantity]

    @classmethod
    def of(cls, attempt: Attempt) -> _Said:
        text = _text_that_stands(attempt) if attempt.status == "answered" else ""
        return cls(normalise(text), quantities(text))

    def holds(self, gold: str) -> bool:
        if sole_quantity(gold) is None:
            wanted = normalise(gold)
            if not wanted or f" {wanted} " not in f" {self.words} ":
                return False
        return all(any(same(wanted, stated) for stated in self.quantities) for wanted in quantities(gold))


def _text_that_stands(attempt: Attempt) -> str:
    """The claims that were not struck; of a solver that states no claims the text, without its markers."""
    if attempt.claims:
        # An empty line between them, or a number at the end of one runs on into the next.
        return "\n\n".join(claim.text for claim in attempt.claims if claim.support != "unsupported")
    ids = {str(item.id) for item in attempt.citations}
    return _MARKER.sub(lambda marker: " " if marker[1] in ids else marker[0], attempt.text)


def _number(case: Case, attempt: Attempt) -> Score:
    golds = [gold for gold in case.answers if sole_quantity(gold)]
    if not golds:
        return Score(None, "no gold answer is a number alone")
    said = _Said.of(attempt)
    return Score(float(any(said.holds(gold) for gold in golds)))


def _short(case: Case, attempt: Attempt) -> dict[str, Score]:
    why = why_nothing_is_expected(case)
    if why or attempt.status != "answered" or not attempt.short:
        return dict.fromkeys(("short_em", "short_f1"), Score(None, why or "there is no short answer"))
    return {
        "short_em": Score(exact_match(attempt.short.text, case.answers)),
        "short_f1": Score(token_f1(attempt.short.text, case.answers)),
    }


def _needs_met(suite: Suite, case: Case, attempt: Attempt) -> Score:
    if not case.needs:
        return Score(None, "no evidence is stated")
    met = suite.needs_met(case, spans_shown(attempt))
    return Score(sum(met) / len(met))
