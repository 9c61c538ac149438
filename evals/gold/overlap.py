"""How differently the gold questions are worded from the sentences that answer them.

    python -m evals.gold.overlap

Prints the share of a question's content words (stop words dropped, stemmed) that stand in the sentence that
answers it, for questions about a single fact; in the closest sentence, where several answer. A suite whose
questions repeat the text measures little but word matching.
"""

from __future__ import annotations

import sys
from statistics import median, quantiles

from evals.cases import Case, Suite
from index.lexical import Stemmer, query_words


def shared_words(case: Case, stemmer: Stemmer) -> float:
    """The share of the question's content words in the closest sentence of its evidence, 0 to 1."""
    sentences = [quote.text for need in case.needs for quote in need]
    asked, *told = stemmer.stems([" ".join(query_words(text)) for text in (case.question, *sentences)])
    return max(len(set(asked) & set(stems)) / len(set(asked)) for stems in told)


def main() -> int:
    """Print the distribution and the questions that stay closest to the text."""
    stemmer = Stemmer()
    shares = {case.id: shared_words(case, stemmer) for case in Suite.gold().cases if "single" in case.tags}
    low, middle, high = quantiles(shares.values(), n=4)
    print(f"{len(shares)} questions about a single fact; share of content words in the answering sentence:")
    print(f"median {median(shares.values()):.2f}, quartiles {low:.2f} {middle:.2f} {high:.2f}")
    for name, share in sorted(shares.items(), key=lambda item: -item[1])[:5]:
        print(f"  {share:.2f} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
