"""Every key binding of a screen, its widgets and the app: what it does, and how people write its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen
from textual.widget import Widget

Topic = Literal["Asking", "Reading", "Sessions", "Index", "App", "Moving and editing"]
"""What keys are listed under, in this order."""
_MARKS: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    ("App", ("help", "theme", "quit", "palette")),
    ("Sessions", ("session", "export", "resume")),
    ("Index", ("index", "rebuild")),
    ("Reading", ("read", "article", "wrapped", "citation", "passage", "pager", "editor", "quote", "source")),
    (
        "Asking",
        ("ask", "prompt", "answer", "send", "submit", "cancel", "queue", "date", "backend", "chat", "welcome"),
    ),
)
"""Words in the name of an action, or else of the module that binds it, that tell its topic."""
_NAMES = {
    "escape": "Esc",
    "pageup": "Page Up",
    "pagedown": "Page Down",
    "super": "Super",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "enter": "Enter",
    "delete": "Delete",
    "backspace": "Backspace",
    "space": "Space",
    "minus": "-",
}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What one or more keys do."""

    keys: tuple[str, ...]
    """As people write them: `Ctrl+J`."""
    does: str
    topic: Topic
    action: str
    owner: type[DOMNode]
    """The class that binds the keys."""
    node: DOMNode | None
    """Where the action is done; None where only a class was asked."""


def nodes_of(screen: Screen[Any]) -> tuple[DOMNode, ...]:
    """The app, the screen, and its widgets."""
    return (screen.app, screen, *screen.walk_children(Widget))


def shortcuts_of(nodes: Iterable[DOMNode | type[DOMNode]]) -> tuple[Shortcut, ...]:
    """All bindings that say what they do, by topic; keys that do the same thing are one."""
    found: dict[tuple[Topic, str], Shortcut] = {}
    for node in nodes:
        # What Textual puts together of BINDINGS, with those that an app adds while it is made.
        bound = node._merged_bindings if isinstance(node, type) else node._bindings
        for bindings in (bound.key_to_bindings if bound else {}).values():
            for binding in bindings:
                if binding.description:
                    _join(found, _shortcut(node, binding))
    order = get_args(Topic)
    return tuple(sorted(found.values(), key=lambda shortcut: order.index(shortcut.topic)))


def _join(found: dict[tuple[Topic, str], Shortcut], shortcut: Shortcut) -> None:
    place = (shortcut.topic, shortcut.does)
    known = found.get(place)
    if known is None:
        found[place] = shortcut
    elif shortcut.keys[0] not in known.keys:
        found[place] = replace(known, keys=(*known.keys, *shortcut.keys))


def _shortcut(node: DOMNode | type[DOMNode], binding: Binding) -> Shortcut:
    described, more = binding.description, binding.tooltip
    does = more.rstrip(".") if described.casefold() in more.casefold() else described
    kind = node if isinstance(node, type) else type(node)
    owner = next((parent for parent in kind.__mro__ if _binds(parent, binding)), kind)
    topic = _topic(owner, binding)
    return Shortcut(
        keys=(binding.key_display or name_key(binding.key),),
        does=does.capitalize() if topic == "Moving and editing" else does[0].upper() + does[1:],
        topic=topic,
        action=binding.action,
        owner=owner,
        node=None if isinstance(node, type) else node,
    )


def _topic(owner: type[DOMNode], binding: Binding) -> Topic:
    if owner.__module__.startswith("textual.") and not issubclass(owner, App):
        return "Moving and editing"
    for told in (binding.action, owner.__module__.removeprefix("tui.")):
        for topic, marks in _MARKS:
            if any(mark in told.casefold() for mark in marks):
                return topic
    return "App"


def _binds(kind: type, binding: Binding) -> bool:
    """Whether the class itself, and not one above it, has the binding."""
    own = Binding.make_bindings(kind.__dict__.get("BINDINGS", ()))
    return any((other.key, other.action) == (binding.key, binding.action) for other in own)


def name_key(key: str) -> str:
    """A key of Textual's as people write it: `ctrl+j` is `Ctrl+J`, `question_mark` is `?`."""
    *modifiers, last = key.split("+")
    named = _NAMES.get(last) or format_key(last)
    if modifiers or len(named) > 1:  # a letter alone stays as it is typed
        named = named[0].upper() + named[1:]
    return "+".join([*(modifier.title() for modifier in modifiers), named])
