"""The prompt of the terminal UI: sending, breaking lines, recalling, pasting."""

from textual import events

from tui.fakes import Script
from tui.widgets.prompt import LONGEST, Prompt
from tui_stage import Stage, answered, on_stage


def test_the_prompt_has_the_focus_at_first_and_typing_goes_there() -> None:
    async def act(stage: Stage) -> None:
        assert stage.app.focused is stage.chat.prompt
        await stage.pilot.press(*"Who led")
        assert stage.chat.prompt.text == "Who led"

    on_stage(act)


def test_enter_sends_and_ctrl_j_breaks_the_line() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press(*"Who", "ctrl+j", *"led?", "enter")
        await stage.until_shown("certain")
        assert [question.text for question in stage.assistant.asked] == ["Who\nled?"]
        assert stage.chat.prompt.text == ""

    on_stage(act, Script(answer=answered()))


def test_keys_that_come_faster_than_they_are_handled_keep_their_order() -> None:
    async def act(stage: Stage) -> None:
        for typed in "Who\nled?\rAnd":
            key = {"\n": "ctrl+j", "\r": "enter"}.get(typed, typed)
            stage.app.post_message(events.Key(key, typed))
        await stage.until_shown("certain")
        await stage.until(lambda: stage.chat.prompt.text == "And")
        assert [question.text for question in stage.assistant.asked] == ["Who\nled?"]

    on_stage(act, Script(answer=answered()))


def test_an_empty_question_is_not_sent() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("enter", "space", "ctrl+j", "enter")
        await stage.pilot.pause()
        assert stage.assistant.asked == []

    on_stage(act)


def test_up_on_the_first_line_recalls_and_down_brings_back_what_was_begun() -> None:
    async def act(stage: Stage) -> None:
        prompt = stage.chat.prompt
        for question in ("First?", "Second?"):
            await stage.ask(question)
            await stage.until(lambda: stage.chat.questions.running is None and not stage.chat.questions.waiting)
        assert len(stage.assistant.asked) == 2
        await stage.pilot.press(*"Begun", "up")
        assert prompt.text == "Second?"
        await stage.pilot.press("up")
        assert prompt.text == "First?"
        await stage.pilot.press("up")
        assert prompt.text == "First?"
        await stage.pilot.press("down", "down")
        assert prompt.text == "Begun"

    on_stage(act, Script(answer=answered()), Script(answer=answered()))


def test_up_below_the_first_line_only_moves() -> None:
    async def act(stage: Stage) -> None:
        prompt = stage.chat.prompt
        prompt.earlier = ["Earlier?"]
        await stage.pilot.press("a", "ctrl+j", "b", "up")
        assert prompt.text == "a\nb"
        assert prompt.cursor_location[0] == 0

    on_stage(act)


def test_it_grows_to_a_few_lines_and_then_scrolls() -> None:
    async def act(stage: Stage) -> None:
        prompt = stage.chat.prompt
        assert prompt.region.height == 3
        prompt.put("one\ntwo\nthree")
        await stage.until(lambda: prompt.region.height == 5)
        prompt.put("\n".join("many"))
        prompt.put("\n".join("many lines"))
        await stage.until(lambda: prompt.region.height == 9)

    on_stage(act)


def test_a_megabyte_is_pasted_as_far_as_a_question_goes_and_that_is_said() -> None:
    async def act(stage: Stage) -> None:
        stage.app.post_message(events.Paste("word \r\n" * 150_000))
        await stage.until_shown("8,000 characters at most, and this one 900,000; the rest is left out")
        assert len(stage.chat.prompt.text) == LONGEST
        assert "\r" not in stage.chat.prompt.text

    on_stage(act)


def test_what_is_pasted_is_made_harmless() -> None:
    async def act(stage: Stage) -> None:
        stage.app.post_message(events.Paste("a\x1b]52;c;x\x07b\u202e"))
        await stage.until(lambda: stage.chat.prompt.text)
        assert stage.chat.prompt.text == "a␛]52;c;x␇b\N{REPLACEMENT CHARACTER}"

    on_stage(act)


def test_a_text_that_became_too_long_is_not_sent() -> None:
    async def act(stage: Stage) -> None:
        prompt = stage.chat.query_one(Prompt)
        prompt.load_text("x" * (LONGEST + 1))
        await stage.pilot.press("enter")
        await stage.until_shown("characters at most, and this one 8,001; it is not sent")
        assert stage.assistant.asked == []
        assert len(prompt.text) == LONGEST + 1

    on_stage(act)


def test_page_keys_scroll_the_transcript_and_function_keys_are_left_to_the_app() -> None:
    async def act(stage: Stage) -> None:
        keys = stage.chat.prompt._bindings.key_to_bindings
        assert not {"f6", "f7", "pageup", "pagedown"}.intersection(keys)

    on_stage(act)
