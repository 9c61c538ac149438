"""A checked answer in the terminal UI: what it shows, and how its markers are opened."""

from collections.abc import Iterable

from textual.message import Message

from assistant.answer import Claim, Source
from tui.fakes import Script
from tui.messages import OpenCitation, OpenPassage
from tui.widgets.answer import AnswerView
from tui_stage import TALKS, TRADE, Stage, answered, cited, full_answer, not_found, on_stage

HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31m \x1b]52;c;eA==\x07 \x9b1m \u202e"
HARMLESS = "[@click=app.quit]x[/] [/b] ␛[31m ␛]52;c;eA==␇ \N{REPLACEMENT CHARACTER}1m \N{REPLACEMENT CHARACTER}"


def opened(stage: Stage) -> list[Message]:
    """What the panes are told from now on to open, which they do not do, so that the answer keeps the focus."""
    told: list[Message] = []
    panes = stage.chat.panes
    original = panes.post_message

    def listening(message: Message) -> bool:
        if isinstance(message, OpenCitation | OpenPassage):
            told.append(message)
            return True
        return original(message)

    panes.post_message = listening  # type: ignore[method-assign]
    return told


def numbers(told: Iterable[Message]) -> list[int]:
    return [message.number for message in told if isinstance(message, OpenCitation)]


def many(count: int) -> Script:
    """An answer with so many citations."""
    citations = tuple(cited(number) for number in range(1, count + 1))
    claims = tuple(Claim(TALKS, (number,), "verbatim") for number in range(1, count + 1))
    return Script(answer=answered(claims=claims, citations=citations, shorts=()))


async def answer_in_focus(stage: Stage) -> list[Message]:
    await stage.ask("Who?")
    await stage.until(lambda: stage.app.screen.query(AnswerView))
    await stage.pilot.press("ctrl+up")
    await stage.until(lambda: isinstance(stage.app.focused, AnswerView))
    return opened(stage)


def test_it_shows_everything_that_an_answer_holds() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("And how large was it?")
        await stage.until_shown("likely")
        shown = stage.text()
        for expected in (
            "looked for as: How large was the trade deficit with China?",
            "Robert Lighthizer [1] · $375.2 billion [2]",
            f"{TALKS} [1]",
            "The deficit with China was $375.2 billion. [2]",
            "[1] Bloomberg · 2019-02-02 · Trade talks end without a deal",
            "[2] outlet unknown · undated",
            "004_deficit.txt:200-262, also in 003_copy.txt",
            f"“{TRADE}”",
            "Struck, for no cited sentence proves it:",
            "- China will buy more soybeans.  (no sentence is cited for it)",
            "The answer was cut off before its end.",
            "likely (confidence 0.61) · openai:small · 1,203 tokens read, 87 written · cost 0.001230 · 0.4 s",
        ):
            assert expected in shown, expected
        assert f"“{TALKS}”" not in shown, "it stands above, word for word"

    on_stage(act, Script(answer=full_answer()))


def test_where_the_articles_do_not_hold_it_the_three_closest_passages_can_be_opened() -> None:
    async def act(stage: Stage) -> None:
        told = await answer_in_focus(stage)
        shown = stage.text()
        assert "Not in these articles." in shown
        assert "Closest passages (confidence 0.10 that one holds the answer):" in shown
        assert "show it with parley ask --min-confidence 0.10" in shown
        assert "Passage 3" not in shown
        await stage.pilot.press("2")
        await stage.until(lambda: told)
        assert [message.passage.start for message in told if isinstance(message, OpenPassage)] == [10]

    on_stage(act, Script(answer=not_found()))


def test_a_click_on_a_marker_opens_its_citation() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        told = opened(stage)
        await stage.pilot.pause()
        await stage.pilot.click(".body", offset=(19, 0))
        await stage.until(lambda: told)
        assert numbers(told) == [1]
        await stage.pilot.click(".body", offset=(2, 0))
        await stage.pilot.pause()
        assert numbers(told) == [1], "a click beside it opens nothing"

    on_stage(act, Script(answer=answered()))


def test_enter_opens_the_current_one_and_the_arrows_choose_it() -> None:
    async def act(stage: Stage) -> None:
        told = await answer_in_focus(stage)
        await stage.pilot.press("enter", "right", "enter", "right", "enter", "left", "enter")
        await stage.until(lambda: len(told) == 4)
        assert numbers(told) == [1, 2, 2, 1]

    on_stage(act, Script(answer=full_answer()))


def test_a_digit_opens_at_once_where_no_number_goes_on_from_it() -> None:
    async def act(stage: Stage) -> None:
        told = await answer_in_focus(stage)
        await stage.pilot.press("2", "3")
        await stage.until(lambda: len(told) == 2)
        assert numbers(told) == [2, 3]

    on_stage(act, many(12))


def test_two_digits_open_a_citation_from_ten_on_and_enter_ends_a_number() -> None:
    async def act(stage: Stage) -> None:
        told = await answer_in_focus(stage)
        await stage.pilot.press("1", "2", "1", "enter", "9", "0")
        await stage.until(lambda: len(told) == 3)
        assert numbers(told) == [12, 1, 9]

    on_stage(act, many(12))


def test_text_is_selected_with_the_mouse_and_copied() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await stage.pilot.pause()
        await stage.pilot.mouse_down(".body")
        await stage.pilot.hover(".body", offset=(5, 0))
        await stage.pilot.mouse_up(".body", offset=(5, 0))
        await stage.pilot.press("ctrl+c")
        await stage.until_shown("Copied the selection")
        assert stage.app.clipboard == "Robert"

    on_stage(act, Script(answer=answered()))


def test_letters_beside_an_answer_go_to_the_prompt() -> None:
    async def act(stage: Stage) -> None:
        await answer_in_focus(stage)
        await stage.pilot.press("W")
        assert stage.chat.prompt.text == "W"
        assert stage.chat.prompt.has_focus

    on_stage(act, Script(answer=answered()))


def test_hostile_text_is_shown_harmless_everywhere() -> None:
    async def act(stage: Stage) -> None:
        stage.chat.prompt.load_text(HOSTILE)
        await stage.pilot.press("enter")
        await stage.until_shown("certain")
        shown = stage.text()
        assert shown.count(HARMLESS) >= 6
        assert not any(character in shown for character in "\x1b\x07\x9b\u202e")
        await stage.pilot.click(".question", offset=(3, 0))
        assert stage.app.is_running

    source = Source(HOSTILE, HOSTILE, HOSTILE, None)
    hostile = answered(
        HOSTILE,
        claims=(Claim(HOSTILE, (1,), "supported"), Claim(HOSTILE, (), "unsupported", HOSTILE)),
        citations=(cited(1, HOSTILE, source, also_in=(HOSTILE,)),),
        shorts=(),
        backend=HOSTILE,
        standalone=HOSTILE,
    )
    on_stage(act, Script(answer=hostile))
