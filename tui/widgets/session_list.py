"""The side list of saved conversations: go on in one, begin another, rename, delete and bring back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.sanitize import sanitize_line
from tui.failures import MENDABLE, failure_line
from tui.session_rows import row_of, title_of
from tui.surviving import Surviving
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual import events

    from assistant.sessions.summary import Summary
    from tui.ports import SessionsPort

_KEYS = (
    ("Enter", "go on in it", "resume"),
    ("n", "new", "new"),
    ("r", "rename", "rename"),
    ("d", "delete", "delete"),
    ("u", "bring back", "bring_back"),
    ("/", "find", "find"),
    ("Esc", "close", "close"),
)


class SessionList(Surviving, Vertical):
    """All sessions of these articles, last used first; it changes them itself, and tells what was done."""

    DEFAULT_CSS = """
    SessionList { width: 36; height: 1fr; background: $surface; padding: 0 1; }
    SessionList > #title { height: auto; text-style: bold; margin-bottom: 1; }
    SessionList > OptionList {
        height: 1fr; border: none; padding: 0; background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    SessionList > OptionList:focus { border: none; background-tint: $foreground 0%; }
    SessionList > OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
    SessionList > Input { height: 3; border: round $panel; background: $surface; display: none; }
    SessionList > Input:focus { border: round $primary; background-tint: $foreground 0%; }
    SessionList > #said { height: auto; max-height: 6; display: none; margin-top: 1; }
    SessionList > KeyLine { margin-top: 1; }
    SessionList.-typing > KeyLine { visibility: hidden; }
    """
    BINDING_GROUP_TITLE = "in their list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "resume", "Go on in the session", show=False),
        Binding("n", "new", "New session"),
        Binding("r", "rename", "Rename the session"),
        Binding("d,delete", "delete", "Delete the session"),
        Binding("u", "bring_back", "Bring the deleted session back"),
        Binding("slash", "find", "Find sessions by name"),
        Binding("escape", "close", "Close the list of sessions"),
    ]

    class Chosen(Message):
        """Somebody wants to go on in a session."""

        def __init__(self, identity: str) -> None:
            super().__init__()
            self.identity = identity

    class New(Message):
        """Somebody wants to begin a session."""

    class Renamed(Message):
        """A session is called something else now."""

        def __init__(self, identity: str, name: str) -> None:
            super().__init__()
            self.identity = identity
            self.name = name

    class Deleted(Message):
        """A session was taken away; it may be the current one."""

        def __init__(self, identity: str) -> None:
            super().__init__()
            self.identity = identity

    class Closed(Message):
        """The list is to be put away."""

    def __init__(
        self,
        sessions: SessionsPort,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Shows nothing before `refresh_list`."""
        super().__init__(id=id)
        self._sessions = sessions
        self._clock = clock
        self._current: str | None = None
        self._all: tuple[Summary, ...] = ()
        self._shown: tuple[Summary, ...] = ()
        self._deleted: list[Summary] = []
        """Those that were deleted here and can be brought back, the last one last."""
        self._renaming: Summary | None = None

    def compose(self) -> ComposeResult:
        """Title, a field to find by, the sessions, a field for a new name, what was said last, and keys."""
        yield Static("Sessions", id="title")
        yield _field("part", "Find by part of a name", "Enter to the list · Esc show all")
        yield OptionList(markup=False)
        yield _field("new-name", "A new name", "Enter take it · Esc leave it")
        yield Static(id="said")
        yield KeyLine(*_KEYS, within=self)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell the keys of the list only where they mean that."""
        self.set_class(isinstance(event.widget, Input), "-typing")

    def focus(self, scroll_visible: bool = True) -> SessionList:
        """Put the focus on the sessions, for the list itself takes none."""
        self._rows.focus(scroll_visible)
        return self

    async def refresh_list(self, current: str | None) -> None:
        """Read the sessions again, and mark the current one by its id; failures are told in the list."""
        self._say(None)
        await self.read_again(current)

    async def read_again(self, current: str | None) -> None:
        """As `refresh_list`, where something was added meanwhile; what was said stays."""
        self._current = current
        await self._read()

    async def _read(self) -> None:
        try:
            self._all = await self._sessions.list()
        except MENDABLE as failure:
            self._say(failure_line(failure))
        self._show()

    @property
    def _rows(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _marked(self) -> Summary | None:
        """The session that the cursor is on."""
        row = self._rows.highlighted
        return self._shown[row] if row is not None and row < len(self._shown) else None

    def _show(self) -> None:
        """Fill the rows with the sessions whose name holds what was typed; the cursor stays with its session."""
        kept = self._marked.id if self._marked else self._current
        row = self._rows.highlighted or 0
        part = self.query_one("#part", Input).value.casefold().strip()
        self._shown = tuple(summary for summary in self._all if part in summary.name.casefold())
        now = self._clock()
        self._rows.set_options(Option(row_of(summary, self._current, now)) for summary in self._shown)
        places = {summary.id: place for place, summary in enumerate(self._shown)}
        if self._shown:
            self._rows.highlighted = places.get(kept or "", min(row, len(self._shown) - 1))
        self.query_one("#title", Static).update(Content(title_of(len(self._shown), len(self._all))))

    def _say(self, text: Content | None) -> None:
        said = self.query_one("#said", Static)
        said.display = text is not None
        said.update(text or "")

    def _change(self, change: Callable[[], Awaitable[None]]) -> None:
        """Do something to the sessions beside the loop, and show what comes of it."""

        async def changed() -> None:
            try:
                await change()
            except MENDABLE as failure:
                self._say(failure_line(failure))
            await self._read()

        self.run_worker(changed(), group="sessions")

    def action_resume(self) -> None:
        """Go on in the session under the cursor."""
        if self._marked:
            self.post_message(self.Chosen(self._marked.id))

    @on(OptionList.OptionSelected)
    def _resume_row(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_resume()

    def action_new(self) -> None:
        """Begin a session."""
        self.post_message(self.New())

    def action_close(self) -> None:
        """Put away the field that is open, or else the list."""
        for field in self.query(Input):
            if field.display:
                self._put_away(field)
                return
        self.post_message(self.Closed())

    def _put_away(self, field: Input) -> None:
        field.display = False
        field.value = ""
        self._show()
        self._rows.focus()

    def action_find(self) -> None:
        """Show only sessions whose name holds what is typed."""
        field = self.query_one("#part", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#part")
    def _narrow(self) -> None:
        self._show()

    @on(Input.Submitted, "#part")
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        self._rows.focus()

    def action_rename(self) -> None:
        """Ask what the session under the cursor is to be called."""
        self._renaming = self._marked
        if self._renaming:
            field = self.query_one("#new-name", Input)
            field.value = sanitize_line(self._renaming.name)
            field.display = True
            field.focus()

    @on(Input.Submitted, "#new-name")
    def _rename_to(self, event: Input.Submitted) -> None:
        event.stop()
        session, name = self._renaming, event.value
        if session is None or name == sanitize_line(session.name):
            self._put_away(event.input)
            return

        async def rename() -> None:
            renamed = await self._sessions.rename(session.id, name)
            self._put_away(event.input)  # not before, for a name that is refused can be mended
            self._say(None)
            self.post_message(self.Renamed(renamed.id, renamed.name))

        self._change(rename)

    def action_delete(self) -> None:
        """Take the session under the cursor away."""
        session = self._marked
        if session is None:
            return
        self._all = tuple(summary for summary in self._all if summary.id != session.id)
        self._show()  # at once, so that the next key finds the next session

        async def delete() -> None:
            self._deleted.append(await self._sessions.delete(session.id))
            self._say(Content(f"deleted {sanitize_line(session.name)} - u brings it back"))
            self.post_message(self.Deleted(session.id))

        self._change(delete)

    def action_bring_back(self) -> None:
        """Undo the last deletion."""
        if not self._deleted:
            self._say(Content("nothing was deleted here"))
            return
        session = self._deleted.pop()

        async def restore() -> None:
            try:
                restored = await self._sessions.restore(session.id)
            except MENDABLE:
                self._deleted.append(session)  # it may work another time
                raise
            self._say(Content(f"{sanitize_line(restored.name)} is back"))

        self._change(restore)


def _field(id: str, title: str, keys: str) -> Input:  # noqa: A002 - as widgets name it
    """A field with a frame that says what is typed there, and what Enter and Escape do."""
    field = Input(id=id)
    field.border_title, field.border_subtitle = title, keys
    return field
