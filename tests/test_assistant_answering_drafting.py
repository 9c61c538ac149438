"""A quoted sentence knows which copies of its passage hold it, too."""

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.drafting import Quoted


def passage(article: str, text: str) -> Evidence:
    return Evidence(Source(article, None, None, None), 0, len(text), text, (), 0.5, 0.5, 0.5)


def test_a_copy_counts_where_it_holds_the_sentence_word_for_word_white_space_folded() -> None:
    own = passage("a", "The mill burned. It rained.")
    copies = passage("b", "The mill\n burned. It snowed."), passage("c", "The mill burnt."), passage("b", own.text)
    assert Quoted(own, Sentence(0, 16, prose=True), copies).also_in == ("b",)
    assert Quoted(own, Sentence(0, 16, prose=True)).also_in == ()
