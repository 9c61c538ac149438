"""Asks as what, and where to, a session is to be written, and writes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from tui.failures import MENDABLE
from tui.screens.dialog import Dialog
from tui.session_desk import file_stem

if TYPE_CHECKING:
    from assistant.sessions.session import Session
    from tui.ports import Export, SessionsPort

_FORMATS: tuple[tuple[Export, str], ...] = (
    ("markdown", "to read and to paste"),
    ("html", "one page for a browser"),
    ("json", "for scripts"),
)


class ExportScreen(Dialog[Path]):
    """Left with where the session was written, or with None."""

    DEFAULT_CSS = """
    ExportScreen OptionList { margin-bottom: 1; }
    ExportScreen Label { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "write", "Export the session", show=False)]
    CALLED = "Export this session"
    KEYS = (("Enter", "write", "write"), ("Tab", "change where to", "place"), ("Esc", "cancel", "leave"))

    def __init__(self, sessions: SessionsPort, session: Session, folder: Path | None = None) -> None:
        """Proposes a file in the folder, which is the current one if None."""
        super().__init__()
        self._sessions = sessions
        self._session = session
        self._folder = folder or Path()
        self._proposed = ""

    def body(self) -> Iterable[Widget]:
        """The formats, and the file."""
        width = max(len(kind) for kind, _ in _FORMATS)
        rows = [Content.assemble(kind.ljust(width), (f"  {what}", "$quiet")) for kind, what in _FORMATS]
        options = OptionList(*map(Option, rows), markup=False)
        options.highlighted = 0
        yield options
        yield Label("Where to; a file that is there stays as it is")
        yield Input(id="target")

    @property
    def _kind(self) -> Export:
        return _FORMATS[self.query_one(OptionList).highlighted or 0][0]

    @on(OptionList.OptionHighlighted)
    def _propose(self) -> None:
        """Name a file for the format, unless somebody has named another one."""
        from assistant.sessions.formats import FORMATS

        field = self.query_one("#target", Input)
        if field.value == self._proposed:
            stem = file_stem(self._session.name) or "session"
            self._proposed = field.value = str(self._folder / f"{stem}{FORMATS[self._kind][0]}")

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def action_write(self) -> None:
        """Write the session, and leave with where it is; or say why it cannot be written."""
        target = Path(self.query_one("#target", Input).value.strip() or self._folder)
        self.run_worker(self._write(self._kind, target), group="export", exclusive=True)

    async def _write(self, kind: Export, target: Path) -> None:
        try:
            written = await self._sessions.export(self._session, kind, target)
        except MENDABLE as failure:
            self.show_failure(failure)
            return
        self.dismiss(written.absolute())

    def action_place(self) -> None:
        """Go to the field that says where to."""
        self.query_one(Input).focus()
