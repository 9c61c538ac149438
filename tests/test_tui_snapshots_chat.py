"""What the chat looks like in each of its states; where a change is meant: `make snapshots`."""

from dataclasses import replace

import pytest

from assistant.engine.notices import Indexing, Standing
from assistant.errors import BackendError
from assistant.events import Delta, Retrieved, Rewritten
from screen_snapshots import OPENING, Snapshot
from seed_answers import INDEX, STARTERS, cut_off, disagreeing, not_found, worded_by_a_model
from tui.fakes import Script
from tui.widgets.answer import AnswerView
from tui_stage import Stage

WITH_A_MODEL = replace(OPENING, backend="openai:small", backends=("openai:small", "extractive"))
DRAFT = (
    "China agreed to import more farm, energy and industrial goods and services from the US [1], among them "
    "a substantial amount of soybeans [2]. How much it will spend"
)


async def ask_and_read(stage: Stage) -> None:
    """Ask the first question, and let its answer come."""
    await stage.tell(Standing(INDEX))
    await stage.ask(stage.assistant.scripts[0].answer.question)  # type: ignore[union-attr]
    await stage.until(lambda: stage.chat.query(AnswerView) and stage.chat.questions.running is None)


def test_empty(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.until_shown(STARTERS[-1])

    snapshot_of_screen(steps, questions=STARTERS)


def test_a_starter_question_is_chosen(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.until_shown(STARTERS[-1])
        await stage.pilot.press("down", "down")

    snapshot_of_screen(steps, questions=STARTERS)


def test_indexing(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        indexing = Indexing("encoding", 1_250, 5_000)
        await stage.tell(indexing)
        await stage.ask(STARTERS[0])
        await stage.until_shown("indexing 1,250")

    snapshot_of_screen(steps, Script((Indexing("encoding", 1_250, 5_000),), held=True))


def test_streaming(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask("And what did it agree to buy?")
        await stage.until_shown("How much it will spend")

    events = (Rewritten("What did China agree to buy?"), Retrieved(()), Delta(DRAFT))
    snapshot_of_screen(steps, Script(events, held=True), opening=WITH_A_MODEL)


def test_answered_by_accounts_that_disagree(snapshot_of_screen: Snapshot) -> None:
    snapshot_of_screen(ask_and_read, Script(answer=disagreeing()))


def test_answered_with_a_citation_chosen(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await ask_and_read(stage)
        await stage.pilot.press("ctrl+up", "right")

    snapshot_of_screen(steps, Script(answer=disagreeing()))


def test_answered_in_the_words_of_a_model(snapshot_of_screen: Snapshot) -> None:
    snapshot_of_screen(ask_and_read, Script(answer=worded_by_a_model()), opening=WITH_A_MODEL)


def test_answered_in_the_words_of_a_model_to_its_end(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await ask_and_read(stage)
        await stage.pilot.press("ctrl+up", "end")

    snapshot_of_screen(steps, Script(answer=worded_by_a_model()), opening=WITH_A_MODEL)


def test_answered_without_colours(snapshot_of_screen: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(stage: Stage) -> None:
        await ask_and_read(stage)
        await stage.pilot.press("ctrl+up", "right")

    monkeypatch.setenv("NO_COLOR", "1")
    snapshot_of_screen(steps, Script(answer=disagreeing()))


def test_answered_on_light_ground(snapshot_of_screen: Snapshot) -> None:
    snapshot_of_screen(
        ask_and_read, Script(answer=worded_by_a_model()), opening=replace(WITH_A_MODEL, theme="light")
    )


def test_not_found(snapshot_of_screen: Snapshot) -> None:
    snapshot_of_screen(ask_and_read, Script(answer=not_found()))


def test_cut_off(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask(STARTERS[2])
        await stage.until_shown("How much it will spend")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.chat.query(AnswerView) and stage.chat.questions.running is None)

    script = Script((Retrieved(()), Delta(DRAFT)), held=True, partial=cut_off())
    snapshot_of_screen(steps, script, opening=WITH_A_MODEL)


def test_failed_and_given_back(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask(STARTERS[2])
        await stage.until(lambda: stage.chat.prompt.text == STARTERS[2])

    failure = BackendError(
        "openai:small at http://127.0.0.1:8080/v1 broke off in mid-stream", "see whether the server runs"
    )
    script = Script((Retrieved(()), Delta(DRAFT)), fails=failure)
    snapshot_of_screen(steps, script, opening=WITH_A_MODEL)


def test_questions_that_wait(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        for question in STARTERS[:3]:
            await stage.ask(question)
        await stage.until_shown(STARTERS[2])
        await stage.pilot.press(*"And then")

    snapshot_of_screen(steps, Script(held=True))


@pytest.mark.parametrize("snapshot_of_screen", [(38, 9)], ids=["38x9"], indirect=True)
def test_too_small(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))

    snapshot_of_screen(steps, questions=STARTERS)
