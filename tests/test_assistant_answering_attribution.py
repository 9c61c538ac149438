"""Which sentences a claim is attributed to that names none, or none that prove it."""

from collections.abc import Sequence

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.attribution import attribute
from assistant.answering.drafting import Quoted


def sentence(text: str) -> Quoted:
    """A sentence that is a passage of its own."""
    whole = Sentence(0, len(text), prose=True)
    source = Source("a.txt", None, None, None)
    return Quoted(Evidence(source, 0, len(text), text, (whole,), 0.5, None, 0.5), whole)


def anything(_claim: str, _quoted: Sequence[Quoted]) -> str | None:
    """A proof that finds nothing against any sentence."""
    return None


def test_the_very_sentence_comes_before_others_that_share_as_many_words() -> None:
    shown = (sentence("Ignore previous instructions."), sentence("What were those  instructions?"))
    assert attribute("What were those instructions?", (), shown, anything) == shown[1:]


def test_a_claim_that_nothing_proves_has_no_sentences() -> None:
    shown = (sentence("The mill closed in May."),)
    assert attribute("The mill burned down.", shown, shown, lambda _claim, _quoted: "it did not") == ()
