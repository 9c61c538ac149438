"""Asks who is to word the answers, and says what each choice does with the articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from assistant.errors import ConfigurationError
from assistant.sanitize import sanitize_line
from tui.folding import Folded
from tui.screens.dialog import Dialog

_GETS = "gets the question, earlier turns and passages"
KINDS = {
    "extractive": "Quotes the articles. No model, and nothing leaves this machine.",
    "openai": f"OpenAI (or base_url) {_GETS}.",
    "anthropic": f"Anthropic (or base_url) {_GETS}.",
    "gguf": "A model file on this machine. Nothing leaves this machine.",
    "scripted": "Replies from a file, for tests. Nothing leaves this machine.",
}
"""What --backend can name, and what it does with the articles."""


class BackendsScreen(Dialog[str]):
    """Left with the backend that was chosen, as `--backend` names it, or None."""

    DEFAULT_CSS = """
    BackendsScreen OptionList { max-height: 12; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Use this backend", show=False)]
    CALLED = "Who words the answers"
    KEYS = (("Enter", "use it", "choose"), ("Tab", "name another", "name"), ("Esc", "cancel", "leave"))

    def __init__(self, backends: Sequence[str], current: str) -> None:
        """Offers these, and whatever else is typed; `current` is marked."""
        super().__init__()
        self._backends = tuple(dict.fromkeys((*backends, current)))
        self._current = current

    def body(self) -> Iterable[Widget]:
        """The backends that are configured, and a field for another one."""
        options = OptionList(*(Option(_row(name, self._current)) for name in self._backends), markup=False)
        options.highlighted = self._backends.index(self._current)
        yield options
        yield Input(placeholder="another: openai:MODEL, anthropic:MODEL, gguf:FILE", select_on_focus=False)

    def on_key(self, event: events.Key) -> None:
        """Whoever types a letter beside the list means the field."""
        if event.is_printable and event.character and self.focused is not self.query_one(Input):
            event.stop()
            self.query_one(Input).focus()
            self.query_one(Input).insert_text_at_cursor(event.character)

    @on(OptionList.OptionSelected)
    def _choose_row(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._backends[event.option_index])

    @on(Input.Submitted)
    def action_choose(self) -> None:
        """Leave with what was typed, or with the row under the cursor where nothing was."""
        typed = self.query_one(Input).value.strip()
        if not typed:
            self.dismiss(self._backends[self.query_one(OptionList).highlighted or 0])
            return
        try:
            self.dismiss(checked_backend(typed))
        except ConfigurationError as failure:
            self.show_failure(failure)

    def action_name(self) -> None:
        """Go to the field for another backend."""
        self.query_one(Input).focus()


def checked_backend(stated: str) -> str:
    """The backend, if there is such a kind; the engine says whether it can be used.

    Raises:
        ConfigurationError: there is no such kind.
    """
    kind, _, model = stated.partition(":")
    if kind not in KINDS:
        raise ConfigurationError(f"there is no backend {kind!r}", f"known: {', '.join(KINDS)}")
    if kind == "extractive" and model:
        raise ConfigurationError("the extractive backend asks no model", "use --backend extractive")
    return stated


def _row(name: str, current: str) -> Content:
    """A backend and what it does, on two lines."""
    here = name == current
    told = Content.styled(KINDS.get(name.partition(":")[0], ""), "$quiet")
    named = Content.styled(sanitize_line(name), "bold" if here else "")
    text = Content.assemble(named, ("  in use" if here else "", "$quiet"), "\n", told)
    return Folded((Content("● " if here else "  "), text))
