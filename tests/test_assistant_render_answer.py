"""An answer on the page: the short answer first and picked out in its sentence; what is said of one kept back."""

import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from assistant.answer import Answer, Citation, Claim, IndexStatus, ShortAnswer, Source
from assistant.render import Page

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
SENTENCE = "The trade deficit reached $375.2 billion last year."
ANOTHER = "It had been $337 billion before."
QUESTION = "How big was the trade deficit?"


def answer_of(sentence: str, words: str, *, at: int = 100, cited: int = 1) -> Answer:
    """An answer of two sentences that both begin `at`; the short one is these words of the one that is cited."""
    quotes = (sentence, ANOTHER)
    citations = tuple(
        Citation(number, Source(f"{number}.txt", None, None, None), at, at + len(quote), quote)
        for number, quote in enumerate(quotes, 1)
    )
    claims = tuple(Claim(item.quote, (item.id,), "verbatim") for item in citations)
    start = at + quotes[cited - 1].index(words)
    short = ShortAnswer(words, cited, start, start + len(words))
    index = IndexStatus(1, 1, "2020-01-01T00:00:00+00:00", stale=False)
    return Answer(QUESTION, "answered", 0.9, "", claims, citations, (), index, "extractive", (short,))


@pytest.fixture
def piped(capsys: pytest.CaptureFixture[str]) -> Callable[[Answer], str]:
    """What a pipe gets of an answer."""

    def page(answer: Answer) -> str:
        Page().answer(answer)
        return capsys.readouterr().out

    return page


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a terminal so many columns wide gets of an answer."""

    def page(answer: Answer, columns: int = 80) -> str:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.delenv("NO_COLOR", raising=False)
        Page().answer(answer)
        return capsys.readouterr().out

    return page


def kept_back(confidence: float) -> Answer:
    """What comes of a question whose answer was not sure enough."""
    index = IndexStatus(1, 1, "2020-01-01T00:00:00+00:00", stale=False)
    return Answer(QUESTION, "not_found", confidence, "", (), (), (), index, "extractive")


def test_the_short_answer_is_the_first_line_of_a_pipe_and_a_blank_line_follows(
    piped: Callable[[Answer], str],
) -> None:
    lines = piped(answer_of(SENTENCE, "$375.2 billion")).splitlines()
    assert lines[:4] == ["$375.2 billion [1]", "", f"{SENTENCE} [1]", f"{ANOTHER} [2]"]


def test_without_a_short_answer_the_sentences_come_first(piped: Callable[[Answer], str]) -> None:
    answer = answer_of(SENTENCE, "$375.2 billion")
    assert piped(replace(answer, shorts=())) == piped(answer).removeprefix("$375.2 billion [1]\n\n")


def test_a_short_answer_carries_the_marker_of_its_own_sentence(piped: Callable[[Answer], str]) -> None:
    assert piped(answer_of(SENTENCE, "$337 billion", cited=2)).startswith("$337 billion [2]\n\n")


@pytest.mark.parametrize("words", [SENTENCE, SENTENCE.removesuffix(".")])
def test_a_whole_sentence_is_not_printed_twice(piped: Callable[[Answer], str], words: str) -> None:
    out = piped(answer_of(SENTENCE, words))
    assert out.startswith(f"{SENTENCE} [1]\n")
    assert out.count("trade deficit reached") == 1


def test_white_space_does_not_make_a_whole_sentence_another(piped: Callable[[Answer], str]) -> None:
    sentence = "The mill\n  burned down.\n"
    assert piped(answer_of(sentence, "The mill\n  burned down")).count("mill") == 1


def test_a_short_answer_with_line_ends_and_control_characters_stays_harmless_and_on_one_line(
    piped: Callable[[Answer], str],
) -> None:
    words = "$375.2\n\t \x1b[2Jbillion\u202e\x85"
    first, blank, sentence, *_ = piped(answer_of(f"It reached {words} then.", words)).splitlines()
    assert first == "$375.2 ␛[2Jbillion\ufffd\ufffd [1]"
    assert (blank, sentence[:10]) == ("", "It reached")


def test_brackets_in_a_short_answer_are_text_and_no_markup(
    piped: Callable[[Answer], str], shown: Callable[..., str]
) -> None:
    answer = answer_of("He wrote [b]no[/b] to them.", "[b]no[/b]")
    assert piped(answer).startswith("[b]no[/b] [1]\n")
    assert ESCAPE.sub("", shown(answer)).startswith("[b]no[/b] [1]\n")


def test_a_terminal_shows_the_short_answer_bold_and_underlines_it_in_its_sentence(
    shown: Callable[..., str],
) -> None:
    short, blank, *sentences = shown(answer_of(SENTENCE, "$375.2 billion")).splitlines()
    assert short == "\x1b[1m$375.2 billion\x1b[0m\x1b[1;36m [1]\x1b[0m"
    assert blank == ""
    assert "reached \x1b[4m$375.2 billion\x1b[0m last" in sentences[0]
    assert "\x1b[4m" not in "".join(sentences[1:])


def test_of_words_that_stand_twice_the_ones_that_were_meant_are_underlined(shown: Callable[..., str]) -> None:
    answer = answer_of("Yell lies north of Yell Sound.", "Yell Sound")
    assert "Yell lies north of \x1b[4mYell Sound\x1b[0m." in shown(answer)


def test_words_of_the_question_inside_a_short_answer_stay_bold(shown: Callable[..., str]) -> None:
    assert "\x1b[1;4mdeficit\x1b[0m" in shown(answer_of(SENTENCE, "deficit reached $375.2 billion"))


@pytest.mark.parametrize("columns", [20, 21, 40])
@pytest.mark.parametrize(
    "words", ["$375.2 billion last", "x" * 50, "刘鹤副总理率领的代表团与美国贸易代表举行了为期两天的磋商"]
)
def test_a_short_answer_fits_a_narrow_terminal(shown: Callable[..., str], columns: int, words: str) -> None:
    plain = ESCAPE.sub("", shown(answer_of(f"The trade deficit reached {words} in all.", words), columns))
    assert max(cell_len(line.rstrip()) for line in plain.splitlines()) <= columns
    first = plain.partition("\n\n")[0]
    assert "".join(first.split()) == f"{''.join(words.split())}[1]"


@pytest.mark.parametrize(
    ("confidence", "shows_it"), [(0.05, "0.05"), (0.127, "0.12"), (0.29, "0.28"), (0.3999, "0.39")]
)
def test_people_are_told_how_to_see_an_answer_that_was_kept_back(
    shown: Callable[..., str], confidence: float, shows_it: str
) -> None:
    plain = ESCAPE.sub("", shown(kept_back(confidence)))
    assert plain == (
        f"Not in these articles.\n\nAn uncertain answer was kept back; show it with --min-confidence {shows_it}\n"
    )
    assert float(shows_it) <= confidence


@pytest.mark.parametrize("confidence", [0.0, 0.01, 0.0499])
def test_an_answer_that_is_hardly_worth_a_look_is_not_mentioned(
    shown: Callable[..., str], confidence: float
) -> None:
    assert ESCAPE.sub("", shown(kept_back(confidence))) == "Not in these articles.\n"


def test_a_pipe_is_told_of_no_answer_that_was_kept_back(piped: Callable[[Answer], str]) -> None:
    assert piped(kept_back(0.14)) == "Not in these articles.\n"
