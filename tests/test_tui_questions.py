"""Questions in the terminal UI: drafts, cancelling, queueing, failing."""

from datetime import date

import pytest

from assistant.answer import Answer
from assistant.conversation import Turn
from assistant.engine.failures import EngineFault, EngineLost
from assistant.engine.notices import Indexing, Remark
from assistant.errors import BackendError
from assistant.events import Delta, Event, Retrieved, Rewritten
from index.errors import DamagedError
from index.view import DateRange
from tui.fakes import Script, ScriptedAssistant, SessionsInMemory
from tui.ports import Opening
from tui.widgets.exchange import Exchange, Offer
from tui.widgets.queue import Queued
from tui_stage import Stage, answered, not_found, on_stage

FOUND: Event = Retrieved(())
MODEL = Opening("/articles", backend="openai:small")


def held(*events: Event | Remark | Indexing, partial: Answer | None = None) -> Script:
    return Script((FOUND, *events), held=True, answer=answered(), partial=partial)


def test_a_draft_is_called_unchecked_until_the_answer_takes_its_place() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("Somebody led")
        assert "draft, not checked yet" in stage.text()
        stage.assistant.release()
        await stage.until_shown("certain")
        assert "draft, not checked yet" not in stage.text()
        assert "Somebody" not in stage.text()

    on_stage(act, held(Delta("Somebody "), Delta("led [b]them[/b].")), opening=MODEL)


def test_a_draft_that_was_none_is_taken_back() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("After all")
        assert "Let me think" not in stage.text()

    on_stage(act, held(Delta("Let me think"), Delta("After all", anew=True)))


def test_what_is_waited_for_is_said() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("asking openai:small")
        assert "looked for as: Who led the talks?" in stage.text()
        assert stage.text().count("the index is stale") == 1

    stale = Remark("the index is stale")
    events = (Rewritten("Who led the talks?"), stale, stale, FOUND)
    on_stage(act, held(*events), opening=MODEL)


def test_where_dates_keep_the_answer_out_that_is_said_in_words_of_the_app() -> None:
    async def act(stage: Stage) -> None:
        stage.chat.dates = DateRange(date(2030, 1, 1), None)
        await stage.ask("Who?")
        await stage.until_shown("Not in these articles")
        assert "4 articles state no date and so fell outside of these dates" in stage.text()
        assert "only articles of these dates were asked: since 2030-01-01 (F6)" in stage.text()

    undated = Remark("4 articles state no date and so fell outside of --since and --until")
    on_stage(act, Script((undated, FOUND), answer=not_found()))


def test_asking_while_it_indexes_says_how_far_that_is() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("indexing 120 of 3,000 passages")

    on_stage(act, held(Indexing("encoding", 120, 3000)))


def test_the_next_question_waits_visibly_and_is_served_in_order() -> None:
    async def act(stage: Stage) -> None:
        for question in ("First?", "Second?", "Third?"):
            await stage.ask(question)
        await stage.until(lambda: len(stage.app.screen.query(Queued)) == 2)
        assert "next  Second?" in stage.text()
        stage.assistant.release()
        await stage.until(lambda: len(stage.assistant.asked) == 3)
        assert [question.text for question in stage.assistant.asked] == ["First?", "Second?", "Third?"]

    on_stage(act, held(), Script(answer=answered("Second?")), Script(answer=answered("Third?")))


def test_of_many_questions_that_wait_the_first_are_listed_and_the_others_counted() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("First?")
        for number in range(60):
            stage.chat.ask(f"Number {number}?")
        await stage.until_shown("and 40 more")
        assert len(stage.app.screen.query(Queued)) == 20
        assert "next  Number 0?" in stage.text()
        await stage.pilot.click(Queued)
        await stage.until_shown("and 39 more")
        assert stage.chat.prompt.text == "Number 0?"

    on_stage(act, held())


def test_a_question_that_waits_is_removed_by_a_click_and_goes_back_to_the_prompt() -> None:
    async def act(stage: Stage) -> None:
        for question in ("First?", "Second?"):
            await stage.ask(question)
        await stage.until(lambda: len(stage.app.screen.query(Queued)) == 1)
        await stage.pilot.click(Queued)
        await stage.until(lambda: not stage.app.screen.query(Queued))
        assert stage.chat.prompt.text == "Second?"
        stage.assistant.release()
        await stage.until(lambda: stage.chat.questions.running is None)
        assert len(stage.assistant.asked) == 1

    on_stage(act, held())


def test_escape_keeps_the_checked_part_of_an_answer() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("Somebody")
        await stage.pilot.press("escape")
        await stage.until_shown("The answer was cut off before its end.")
        assert stage.assistant.cancelled == 1
        assert len(stage.sessions.sessions) == 1

    on_stage(act, held(Delta("Somebody "), partial=answered(incomplete=True)))


def test_escape_leaves_a_draft_of_which_nothing_was_proven_and_says_so() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("Somebody")
        await stage.pilot.press("escape")
        await stage.until_shown("cut off before it was checked; nothing in it is proven")
        assert "Somebody" in stage.text()
        assert stage.sessions.sessions == {}

    on_stage(act, held(Delta("Somebody "), partial=not_found()))


def test_escape_before_the_first_word_says_that_there_is_nothing() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until(lambda: stage.assistant.asked)
        await stage.pilot.press("escape")
        await stage.until_shown("Stopped before there was anything to show.")

    on_stage(act, held())


def test_escape_says_that_it_is_being_stopped_for_as_long_as_that_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ScriptedAssistant, "cancel", lambda _: None)

    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until(lambda: stage.assistant.asked)
        await stage.pilot.press("escape")
        await stage.until_shown("stopping")
        assert "Esc stops it" not in stage.text()
        stage.assistant.release()
        await stage.until_shown("certain")

    on_stage(act, held())


def test_what_is_asked_while_another_session_is_opened_belongs_to_that_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ScriptedAssistant, "cancel", lambda _: None)

    async def act(stage: Stage) -> None:
        own = stage.chat.session
        await stage.ask("Who?")
        await stage.until(lambda: stage.assistant.asked)
        await stage.pilot.press("ctrl+n")
        await stage.ask("Where?")
        await stage.until_shown("next  Where?")
        stage.assistant.release()
        await stage.until(lambda: len(stage.assistant.asked) == 2 and stage.chat.questions.running is None)
        assert own is not None
        assert stage.chat.session is not None
        assert [turn.answer.question for turn in own.turns] == ["Who led the talks?"]
        assert [turn.answer.question for turn in stage.chat.session.turns] == ["Where?"]

    on_stage(act, held(), Script(answer=answered("Where?")))


def test_a_failed_question_returns_to_an_empty_prompt_with_what_mends_it() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("localhost refused")
        assert "Start it; or answer without a model: F7" in stage.text()
        assert stage.chat.prompt.text == "Who?"

    on_stage(act, Script(fails=BackendError("localhost refused", "start it")))


def test_a_failed_question_is_offered_where_something_else_is_typed() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until(lambda: stage.assistant.asked)
        stage.chat.prompt.put("What else")
        stage.assistant.release()
        await stage.until(lambda: stage.app.screen.query(Offer))
        assert stage.chat.prompt.text == "What else"
        await stage.pilot.click(Offer)
        await stage.until(lambda: stage.chat.prompt.text == "Who?")
        assert stage.chat.prompt.earlier[-1] == "What else"

    on_stage(
        act, Script(held=True, fails=DamagedError("it is damaged", "rebuild it with: parley index --rebuild"))
    )


def test_a_draft_stays_where_the_backend_breaks_off() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("it broke off")
        assert "Somebody" in stage.text()
        assert "nothing in it is proven" in stage.text()

    on_stage(act, Script((Delta("Somebody"),), fails=BackendError("it broke off")))


def test_a_lost_engine_is_told_in_place_and_the_next_question_is_asked() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("the engine ended")
        assert "Ask again: that starts another" in stage.text()
        assert stage.chat.prompt.text == "Who?"
        await stage.pilot.press("enter")
        await stage.until_shown("certain")

    on_stage(act, Script(fails=EngineLost("the engine ended", "stderr")), Script(answer=answered("Who?")))


def test_a_bug_in_the_engine_is_shown_with_its_report_and_the_app_goes_on() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("its report helps to mend it")
        assert "Traceback of the engine" in stage.text()
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        await stage.pilot.press("enter")
        await stage.until_shown("certain")

    fault = EngineFault("KeyError: 'x'", "Traceback of the engine")
    on_stage(act, Script(fails=fault), Script(answer=answered("Who?")), bugs=1)


def test_each_question_takes_the_history_of_its_session_the_dates_and_the_backend() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who led the talks?")
        await stage.until_shown("certain")
        stage.chat.backend = "scripted"
        await stage.ask("Where?")
        await stage.until(lambda: len(stage.app.screen.query(Exchange)) == 2)
        await stage.until(lambda: stage.chat.questions.running is None)
        first, second = stage.assistant.asked
        assert (first.history, first.backend) == ((), "extractive")
        assert (second.history, second.backend) == ((Turn.of(answered()),), "scripted")

    on_stage(act, Script(answer=answered()), Script(answer=answered("Where?")))


def test_that_nothing_is_kept_is_said_once() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("nothing is kept")
        await stage.ask("Where?")
        await stage.until(lambda: len(stage.assistant.asked) == 2 and stage.chat.questions.running is None)
        assert "nothing is kept" not in stage.text()

    scripts = Script(answer=answered("Who?")), Script(answer=answered("Where?"))
    on_stage(act, *scripts, sessions=SessionsInMemory(keeps=False))
