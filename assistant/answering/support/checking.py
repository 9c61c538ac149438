"""Whether the sentences that a claim cites prove it, decided by rules and a fitted bound; pure, in milliseconds.

Each check gives a reason for people or None; the first reason found is the one that is given, in the order that
tells most: words in quotation marks, figures, dates, names, then what is said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.answering.support import (
    binding,
    copying,
    facts,
    framing,
    groundless,
    likeness,
    parts_played,
    polarity,
    qualifiers,
    speakers,
    standing,
    welding,
)
from assistant.answering.support.cited import Cited as Cited

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""The cosine of a text and each of others."""
LONGEST_CLAIM = 500
"""Characters; the longest labelled claim has 248. What the checks take grows with the square of it: one of 2,000
took ten seconds, and a model that never ends a sentence would be checked for hours."""


def why_unsupported(claim: str, cited: Sequence[Cited], similarity: Similarity | None) -> str | None:
    """Why a claim is not proven by the sentences that it cites, in one sentence for people; None where it is."""
    if not cited:
        return "no sentence is cited for it"
    if any(" ".join(claim.split()) == " ".join(source.text.split()) for source in cited):
        return None
    if claim.rstrip().endswith("?"):
        return "it asks, and states nothing"
    if claim.rstrip().endswith(":"):
        return "it announces, and states nothing"
    if len(claim) > LONGEST_CLAIM:
        return "it is too long for one sentence to be checked"
    return next((reason for reason in _reasons(claim, cited, similarity) if reason), None)


def _reasons(claim: str, cited: Sequence[Cited], similarity: Similarity | None) -> Iterator[str | None]:
    yield facts.missing_quotation(claim, cited)
    yield facts.missing_figure(claim, cited)
    yield facts.missing_code(claim, cited)
    yield facts.worded_address(claim)
    yield facts.missing_date(claim, cited)
    yield facts.missing_name(claim, cited)
    sentences = [source.text for source in cited]
    yield copying.altered(claim, sentences)
    yield framing.added(claim, cited)
    yield groundless.speaks_of_its_prompt(claim, sentences)
    yield groundless.denies_alone(claim, sentences)
    yield groundless.speaks_of_nobody_known(claim, sentences)
    yield polarity.contradiction(claim, sentences)
    yield qualifiers.requalified(claim, sentences)
    yield standing.overstated(claim, sentences)
    yield parts_played.swapped_part(claim, cited)
    yield binding.other_rate(claim, cited)
    yield binding.miscounted(claim, cited)
    yield binding.misplaced_figure(claim, cited)
    yield speakers.put_into_mouth(claim, cited)
    yield welding.weld(claim, cited)
    yield likeness.unlike(claim, cited, similarity)
