"""What the terminal UI tells at its foot, and quietly above the prompt."""

from datetime import date

import pytest
from textual.command import CommandPalette

from assistant.answer import Answer, IndexStatus, Spent
from assistant.engine.notices import FolderChanged, Indexing, IndexingFailed, Lost, Remark, Standing
from index.errors import REBUILD_HINT
from index.view import DateRange
from tui.fakes import Script
from tui.ports import Opening
from tui.widgets.remark import RemarkLine
from tui.widgets.status_line import StatusLine, dates_in_words, index_in_words, indexing_in_words, last_in_words
from tui_stage import INDEX, Stage, answered, on_stage

HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31m\u202e"
HARMLESS = "[@click=app.quit]x[/] [/b] ␛[31m\N{REPLACEMENT CHARACTER}"


def foot(stage: Stage) -> str:
    content = stage.chat.query_one(StatusLine).content
    return getattr(content, "plain", "")


def said(stage: Stage) -> str:
    remark = stage.chat.query_one(RemarkLine)
    return remark.said if remark.display else ""


def test_it_tells_corpus_session_backend_dates_index_and_what_the_last_answer_took() -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask("Who led the talks?")
        await stage.until(lambda: "tokens" in foot(stage))
        for part in ("seeds", "Who led the talks?", "extractive", "all dates", "5 articles, index is current"):
            assert part in foot(stage)
        assert "1,290 tokens, cost 0.0012, 0.4 s" in foot(stage)

    answer: Answer = answered(spent=Spent(1203, 87, 0.00123))
    on_stage(act, Script(answer=answer), size=(160, 24))


def test_the_least_important_is_left_out_where_it_is_narrow() -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask("Who led the talks?")
        await stage.until_shown("certain")
        await stage.until(lambda: "current" in foot(stage))
        assert foot(stage) == "extractive · all dates · 5 articles, index is current · ^P menu"

    on_stage(act, Script(answer=answered()), size=(66, 20))


def test_nothing_is_left_out_that_just_fits_whatever_was_told_last() -> None:
    whole = "seeds · extractive · all dates · 5 articles, index is current · 0.4 s · ^P menu"

    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask("Who led the talks?")
        await stage.until(lambda: foot(stage) == whole)
        await stage.pilot.resize_terminal(len(whole) + 1, 24)
        await stage.until(lambda: whole not in foot(stage))
        await stage.pilot.resize_terminal(len(whole) + 2, 24)
        await stage.until(lambda: foot(stage) == whole)

    on_stage(act, Script(answer=answered()), size=(len(whole) + 2, 24))


def test_every_command_is_in_reach_of_the_mouse_at_any_width() -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        for columns in (200, 80, 45):
            await stage.pilot.resize_terminal(columns, 24)
            await stage.until(lambda: stage.chat.status.outer_size.width == stage.app.size.width)
            await stage.pilot.click(StatusLine, offset=(foot(stage).index("menu") + 1, 0))
            await stage.until(lambda: isinstance(stage.app.screen, CommandPalette))
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.chat)

    on_stage(act)


def test_a_click_on_a_part_runs_the_action_of_the_app_where_it_has_one() -> None:
    async def act(stage: Stage) -> None:
        chosen: list[str] = []
        stage.app.action_backend = lambda: chosen.append("backend")  # type: ignore[method-assign]
        stage.chat.status.tell(backend="extractive")
        await stage.pilot.pause()
        column = foot(stage).index("extractive")
        await stage.pilot.click(StatusLine, offset=(column + 2, 0))
        await stage.until(lambda: chosen)

    on_stage(act)


def test_dates_and_backend_can_be_changed_and_are_told() -> None:
    async def act(stage: Stage) -> None:
        stage.chat.dates = DateRange(date(2019, 1, 1), None)
        stage.chat.backend = "openai:small"
        await stage.until(lambda: "openai:small · since 2019-01-01" in foot(stage))
        await stage.ask("Who?")
        await stage.until_shown("certain")
        asked = stage.assistant.asked[0]
        assert (asked.dates, asked.backend) == (DateRange(date(2019, 1, 1), None), "openai:small")

    on_stage(act, Script(answer=answered()))


def test_how_far_the_index_has_come_stands_there_and_what_was_changed_is_remarked() -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(FolderChanged())
        await stage.until(lambda: "the folder changed" in said(stage))
        await stage.tell(Indexing("encoding", 120, 3000))
        await stage.until(lambda: "indexing 120 of 3,000 passages" in foot(stage))
        await stage.tell(Standing(INDEX, "2 articles added"))
        await stage.until(lambda: "2 articles added" in said(stage))
        assert "index is current" in foot(stage)
        assert stage.app.screen is stage.chat, "nothing stands over the chat"

    on_stage(act)


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        (Remark(HOSTILE), HARMLESS),
        (IndexingFailed(f"it failed {HOSTILE}", "free some space"), f"it failed {HARMLESS}; free some space"),
        (
            IndexingFailed("it broke off", REBUILD_HINT),
            "it broke off; build the index anew: Ctrl+P, Rebuild the index",
        ),
        (Lost(f"it ended {HOSTILE}", "report"), f"it ended {HARMLESS}; the next question starts another engine"),
    ],
)
def test_a_notice_is_remarked_harmlessly(notice: Remark | IndexingFailed | Lost, expected: str) -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(notice)
        await stage.until(lambda: said(stage))
        assert said(stage) == expected
        await stage.pilot.press("escape")
        assert said(stage) == ""

    on_stage(act)


def test_the_index_is_not_called_current_where_nobody_can_know() -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.until(lambda: "index is current" in foot(stage))
        await stage.tell(Lost("it ended", "report"))
        await stage.until(lambda: "index is not looked after" in foot(stage))
        await stage.tell(IndexingFailed("there is no such folder", "name another"))
        await stage.until(lambda: "index is not up to date" in foot(stage))

    on_stage(act)


def test_a_hostile_corpus_and_backend_are_told_harmlessly() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.pause()
        assert "\x1b" not in foot(stage)
        assert "[b]folder" in foot(stage)
        assert "[/b]model␛" in foot(stage)

    on_stage(act, opening=Opening("/articles/[b]folder\x1b", backend="[/b]model\x1b"))


def test_an_index_in_words() -> None:
    assert index_in_words(IndexStatus(1, 3, "", stale=True)) == "1 article, index is stale"
    assert index_in_words(IndexStatus(1200, 3, "", stale=False)) == "1,200 articles, index is current"
    assert indexing_in_words(Indexing("reading", 3, 5)) == "reading 3 of 5 articles"
    assert indexing_in_words(Indexing("saving", 0, 0)) == "saving the index"


def test_dates_in_words() -> None:
    first, last = date(2019, 1, 1), date(2019, 2, 1)
    assert dates_in_words(None) == "all dates"
    assert dates_in_words(DateRange()) == "all dates"
    assert dates_in_words(DateRange(first, last)) == "2019-01-01 to 2019-02-01"
    assert dates_in_words(DateRange(None, last)) == "until 2019-02-01"


def test_an_answer_that_took_nothing_known_tells_nothing() -> None:
    assert last_in_words(answered(timings_ms={})) == ""
