"""Whether citations prove what is claimed: they lead to the evidence, and quote what stands there."""

from __future__ import annotations

from collections.abc import Mapping

from evals.attempts import Attempt, Cited
from evals.cases import Case, Suite
from evals.scorers import ONLY_RETRIEVES, Measure, Score
from index.articles import UnreadableArticle

_WHY_NOTHING_IS_CITED = {
    "retrieved": ONLY_RETRIEVES,
    "not_found": "nothing was answered",
    "failed": "the attempt failed, so nothing was cited",
}


class CitationScorer:
    """Measures over the citations of an answer, each a share from 0 to 1.

    Against the evidence of the case: `citation_precision`, of cited spans that hit a gold quote;
    `citation_recall`, of needs that they meet (precision and recall of citations as in Gao et al., ALCE, 2023,
    with the Suite contract's hit in place of a model's judgement); `right_document`, of citations into an article
    that holds evidence. Against the answer and the files alone: `claims_cited`, of claims not struck that have a
    citation, whatever it says (weaker than the citation recall of Liu, Zhang and Liang, Evaluating Verifiability
    in Generative Search Engines, 2023); `quotes_verbatim`, of quotes that stand in their file just where they are
    said to.
    """

    measures: tuple[Measure, ...] = (
        Measure("citation_precision", "citation precision", "mean"),
        Measure("citation_recall", "citation recall", "mean"),
        Measure("right_document", "right-document rate", "mean"),
        Measure("claims_cited", "claims cited", "mean"),
        Measure("quotes_verbatim", "quotes verbatim in the file", "mean"),
    )

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """Applies to answers; nothing is cited otherwise, and that mistake is counted by other measures."""
        if attempt.status != "answered":
            why = _WHY_NOTHING_IS_CITED[attempt.status]
            return dict.fromkeys((measure.name for measure in self.measures), Score(None, why))
        return {**_against_evidence(suite, case, attempt), **_against_files(suite, attempt)}


def stands_verbatim(suite: Suite, cited: Cited) -> bool:
    """True if an article of the suite holds the quote at just these offsets; no citation makes it raise.

    It does not ask the check that the product makes itself. A path out of the corpus leads to no article.
    """
    if suite.files.get(cited.article) != cited.article:
        return False
    try:
        if not (suite.corpus / cited.article).resolve().is_relative_to(suite.corpus.resolve()):
            return False
        text = suite.text(cited.article)
    except (OSError, UnreadableArticle):
        return False
    return 0 <= cited.start < cited.end <= len(text) and text[cited.start : cited.end] == cited.quote


def _against_evidence(suite: Suite, case: Case, attempt: Attempt) -> dict[str, Score]:
    if not case.needs:
        why = "no evidence is stated" if case.answerable else "the case has no answer"
        return dict.fromkeys(("citation_precision", "citation_recall", "right_document"), Score(None, why))
    met = suite.needs_met(case, attempt.cited)
    right = {suite.files[quote.doc] for need in case.needs for quote in need}
    return {
        "citation_precision": _share([any(suite.needs_met(case, [span])) for span in attempt.cited]),
        "citation_recall": Score(sum(met) / len(met)),
        "right_document": _share([item.article in right for item in attempt.citations]),
    }


def _against_files(suite: Suite, attempt: Attempt) -> dict[str, Score]:
    ids = {item.id for item in attempt.citations}
    claims = [claim for claim in attempt.claims if claim.support != "unsupported"]
    return {
        "claims_cited": (
            Score(sum(not ids.isdisjoint(claim.citations) for claim in claims) / len(claims))
            if claims
            else Score(None, "no claim stands")
        ),
        "quotes_verbatim": _share([stands_verbatim(suite, item) for item in attempt.citations]),
    }


def _share(holds: list[bool]) -> Score:
    """How many of the citations something holds for; there may be none."""
    return Score(sum(holds) / len(holds)) if holds else Score(None, "nothing was cited")
