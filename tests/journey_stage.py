"""What journeys through the app have in common: two articles, an answer that cites both, and hostile ones."""

from assistant.answer import Answer, Claim, ShortAnswer, Source
from assistant.engine.notices import ArticleText
from tui.fakes import SessionsInMemory
from tui.widgets.answer import AnswerView
from tui_stage import BLOOMBERG, TALKS, TRADE, UNDATED, Stage, answered, cited

HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31m\x1b]52;c;aGk=\x07 \x9b2J \u202egnp.exe"
"""What would run, raise, colour, copy, clear or mislead, were it not shown as plain text."""
HARMLESS = "[@click=app.quit]x[/] [/b] ␛[31m␛]52;c;aGk=␇ \ufffd2J \ufffdgnp.exe"
"""The same as people may see it."""
BOTH = "Who led the talks, and how large was the deficit?"


def lay_out_articles(stage: Stage) -> None:
    """Have two articles that hold what answers cite."""
    for source, quote, start in ((BLOOMBERG, TALKS, 100), (UNDATED, TRADE, 200)):
        text = f"{'.' * (start - 1)}\n{quote}\nMore of it.\n"
        stage.assistant.texts[source.article] = ArticleText(source, text, f"/articles/{source.article}")


def citing_both() -> Answer:
    """An answer with a citation of each article."""
    return answered(
        BOTH,
        text=f"{TALKS} [1] {TRADE} [2]",
        claims=(Claim(TALKS, (1,), "verbatim"), Claim(TRADE, (2,), "verbatim")),
        citations=(cited(), cited(2, TRADE, UNDATED)),
        shorts=(ShortAnswer("Robert Lighthizer", 1, 100, 117), ShortAnswer("$375.2 billion", 2, 236, 250)),
    )


def hostile_answer() -> Answer:
    """An answer all of whose texts are hostile."""
    source = Source(HOSTILE, HOSTILE, HOSTILE, None)
    return answered(
        HOSTILE,
        standalone=HOSTILE,
        text=f"{HOSTILE} [1]",
        claims=(Claim(HOSTILE, (1,), "supported"), Claim(HOSTILE, (), "unsupported", HOSTILE)),
        citations=(cited(1, HOSTILE, source),),
        shorts=(),
        backend=HOSTILE,
    )


async def kept(*questions: str) -> SessionsInMemory:
    """Sessions of one question each, called by it."""
    sessions = SessionsInMemory()
    for question in questions:
        await sessions.keep(await sessions.begin(), answered(question))
    return sessions


async def focus_answer(stage: Stage) -> AnswerView:
    """Go to the last answer by its key."""
    await stage.pilot.press("ctrl+up")
    await stage.until(lambda: isinstance(stage.app.focused, AnswerView))
    assert isinstance(stage.app.focused, AnswerView)
    return stage.app.focused


def on_screen(stage: Stage) -> str:
    """What the screen shows, line by line."""
    return "\n".join(strip.text.rstrip() for strip in stage.app.screen._compositor.render_strips())
