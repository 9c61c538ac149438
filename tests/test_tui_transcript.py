"""Scrolling through a conversation in the terminal UI."""

import asyncio
import time

import pytest

from assistant.events import Delta
from traced_time import allowed
from tui.fakes import Script, SessionsInMemory
from tui.ports import Opening
from tui.widgets.answer import AnswerView
from tui.widgets.draft import LONGEST_TAIL, settled
from tui.widgets.new_below import NewBelow
from tui.widgets.transcript import BATCH, FURTHER, MOST
from tui_stage import Stage, answered, full_answer, on_stage


async def long_session(turns: int) -> SessionsInMemory:
    sessions = SessionsInMemory()
    session = await sessions.open_or_begin("long")
    for number in range(turns):
        await sessions.keep(session, answered(f"Question {number}?"))
    return sessions


def scrolled_up(stage: Stage) -> bool:
    return bool(stage.chat.query_one(NewBelow).display)


def test_text_that_arrives_is_followed_to_the_end() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until(lambda: stage.chat.transcript.max_scroll_y > 5)
        transcript = stage.chat.transcript
        await stage.until(lambda: transcript.scroll_y == transcript.max_scroll_y)
        assert not scrolled_up(stage)

    on_stage(act, Script(tuple(Delta(f"Line {n}.\n\n") for n in range(30)), held=True))


def test_scrolling_up_is_not_stolen_and_a_line_brings_one_back() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        await stage.ask("Who?")
        await stage.until_shown("likely")
        await stage.ask("Where?")
        await stage.until(lambda: transcript.max_scroll_y > 30)
        await stage.pilot.press(*["pageup"] * 4)
        await stage.pilot.pause()
        assert transcript.scroll_y == 0
        stage.assistant.release()
        await stage.until(lambda: scrolled_up(stage))
        assert transcript.scroll_y == 0
        await stage.pilot.click(NewBelow)
        await stage.until(lambda: transcript.scroll_y == transcript.max_scroll_y)
        assert not scrolled_up(stage)

    draft = tuple(Delta(f"Line {n}.\n\n") for n in range(30))
    on_stage(act, Script(answer=full_answer()), Script(draft, held=True, answer=full_answer()))


def test_a_draft_that_was_read_and_is_replaced_by_less_leaves_one_at_the_end() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        await stage.ask("Who?")
        await stage.until(lambda: transcript.max_scroll_y > 30)
        await stage.pilot.press("pageup")
        stage.assistant.release()
        await stage.until(lambda: transcript.max_scroll_y == 0 and transcript.is_at_end)
        assert not scrolled_up(stage)

    draft = tuple(Delta(f"Line {n}.\n\n") for n in range(30))
    on_stage(act, Script(draft, held=True, answer=answered()))


def test_end_in_an_empty_prompt_brings_one_back_too() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        for _ in range(2):
            await stage.ask("Who?")
            await stage.until(lambda: stage.chat.questions.running is None)
        await stage.pilot.press("pageup", "pageup")
        await stage.until(lambda: not transcript.is_at_end)
        await stage.pilot.press("end")
        await stage.until(lambda: transcript.is_at_end and transcript.scroll_y == transcript.max_scroll_y)

    on_stage(act, Script(answer=full_answer()), Script(answer=full_answer()))


def test_scrolling_back_down_follows_again() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        for _ in range(2):
            await stage.ask("Who?")
            await stage.until(lambda: stage.chat.questions.running is None)
        await stage.pilot.press("pageup")
        await stage.until(lambda: not transcript.is_at_end)
        await stage.pilot.press("pagedown", "pagedown", "pagedown")
        await stage.until(lambda: transcript.is_at_end)

    on_stage(act, Script(answer=full_answer()), Script(answer=full_answer()))


def test_an_answer_that_is_taller_than_the_view_is_shown_from_its_question() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("likely")
        transcript = stage.chat.transcript
        await stage.until(lambda: transcript.exchanges[0].region.y == transcript.content_region.y)

    on_stage(act, Script(answer=full_answer()), size=(80, 16))


def test_an_answer_to_a_question_that_fills_the_view_is_shown_from_its_own_beginning() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("\n".join(["Who?"] * 40))
        await stage.until_shown("likely")
        transcript, answer = stage.chat.transcript, stage.app.screen.query_one(AnswerView)
        await stage.until(lambda: answer.region.y == transcript.content_region.y)

    on_stage(act, Script(answer=full_answer()), size=(80, 16))


def test_a_long_session_mounts_only_its_end_and_the_rest_as_one_scrolls_up() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        begun = time.process_time()
        await stage.chat.show_session(await stage.sessions.open("long"))
        await stage.pilot.pause()
        assert time.process_time() - begun < allowed(5), "1 s on an idle machine"
        assert [transcript.exchanges[0].question, len(transcript.exchanges)] == [f"Question {500 - BATCH}?", BATCH]
        await stage.until(lambda: transcript.max_scroll_y > 0)
        first = transcript.exchanges[0]
        transcript.scroll_to(y=3, animate=False)
        await stage.until(lambda: len(transcript.exchanges) > BATCH and not transcript._is_loading)
        assert first.question == f"Question {500 - BATCH}?"
        assert first.region.y == transcript.content_region.y - 3, "it is where it was"

    on_stage(act, sessions=asyncio.run(long_session(500)))


@pytest.mark.slow
def test_scrolling_far_up_keeps_few_mounted_and_end_leads_to_the_newest() -> None:
    async def act(stage: Stage) -> None:
        transcript = stage.chat.transcript
        await stage.chat.show_session(await stage.sessions.open("long"))
        await stage.until(lambda: transcript.max_scroll_y > 0)

        async def scroll(key: str, until: str) -> None:
            for _ in range(200):
                await stage.pilot.press(key)
                await stage.until(lambda: not transcript._is_loading)
                assert len(transcript.exchanges) <= MOST + FURTHER
                if any(exchange.question == until for exchange in transcript.exchanges):
                    return
            raise AssertionError(f"{until} never came")

        await scroll("pageup", "Question 0?")
        assert "Question 49?" not in stage.text()
        await scroll("pagedown", "Question 49?")
        assert "Question 0?" not in stage.text()
        await scroll("pageup", "Question 0?")
        await stage.pilot.press("end")
        await stage.until_shown("Question 49?")
        await stage.until(lambda: transcript.is_at_end and transcript.scroll_y == transcript.max_scroll_y > 0)

    on_stage(act, sessions=asyncio.run(long_session(50)))


@pytest.mark.slow
def test_a_session_that_is_asked_in_for_long_keeps_few_exchanges_mounted() -> None:
    async def act(stage: Stage) -> None:
        for number in range(MOST + 5):
            await stage.ask(f"Question {number}?")
        await stage.until(lambda: len(stage.assistant.asked) == MOST + 5)
        await stage.until(lambda: stage.chat.questions.running is None)
        assert len(stage.chat.transcript.exchanges) <= MOST + 1

    on_stage(act, *(Script(answer=answered(f"Question {n}?")) for n in range(MOST + 5)))


def test_a_session_is_resumed_with_its_turns() -> None:
    async def act(stage: Stage) -> None:
        await stage.until_shown("Question 2?")
        await stage.pilot.press("up")
        assert stage.chat.prompt.text == "Question 2?"

    sessions = asyncio.run(long_session(3))
    on_stage(act, sessions=sessions, opening=Opening("/articles", resume=True))


def test_only_the_tail_of_a_draft_is_laid_out_again() -> None:
    text = "A sentence of a draft. " * 500
    parts, tail = settled(text)
    assert "".join(parts) + tail == text
    assert len(tail) <= LONGEST_TAIL
    assert all(part.endswith(". ") for part in parts)


def test_paragraphs_of_a_draft_are_settled_whole() -> None:
    text = "\n\n".join("word " * 40 for _ in range(10))
    parts, tail = settled(text)
    assert "\n".join([*parts, tail]) == text
    assert len(tail) < 600
