"""What the command palette offers: every action, every session and article by name, every theme."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual.actions import parse
from textual.app import App
from textual.command import Hit, Hits, Matcher, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.widget import Widget

from assistant.sanitize import sanitize_line
from tui.failures import TOLD_IN_PLACE
from tui.shortcuts import Shortcut, nodes_of, shortcuts_of

if TYPE_CHECKING:
    from assistant.engine.notices import ArticleSummary
    from assistant.sessions.summary import Summary

SHOWN_UNASKED = 5
"""Sessions that are offered before anything is typed."""
_AT_ONCE = 50
"""Names that are compared before the loop gets its turn."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the palette needs of the app around it."""

    sessions: Callable[[], Awaitable[Sequence[Summary]]]
    articles: Callable[[], Awaitable[Sequence[ArticleSummary]]]
    resume: Callable[[str], object]
    """Goes on in the session with this id; may be awaited."""
    read: Callable[[str], object]
    """Opens the article at this path; may be awaited."""


class Offering(Protocol):
    """An app with a palette of ours."""

    def palette_offers(self) -> Offers:
        """What its palette can reach."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    text: str
    """What is looked for and shown; harmless."""
    run: Callable[[], Any]
    more: str = ""
    """Shown behind it, dim: its keys."""
    unasked: bool = True
    """Whether it is shown before anything is typed."""


class EntryProvider(Provider):
    """Offers entries, and marks in them what was typed; their texts are never taken for markup."""

    RANK: ClassVar[float] = 0.0
    """Where its entries stand before anything is typed, highest first: providers have no order of their own."""
    _entries: tuple[Entry, ...] = ()

    async def startup(self) -> None:
        """Collect the entries; what keeps them away is told, for Textual would pass over it."""
        try:
            self._entries = tuple(await self.entries())
        except TOLD_IN_PLACE as failure:
            self.app.notify(sanitize_line(str(failure)), severity="warning", markup=False)

    @abstractmethod
    async def entries(self) -> Iterable[Entry]:
        """What there is to offer, in this order."""

    @property
    def offers(self) -> Offers:
        """What the app can be asked for."""
        return cast(Offering, self.app).palette_offers()

    async def discover(self) -> Hits:
        """What is offered before anything is typed."""
        for entry in self._entries:
            if entry.unasked:
                yield Hit(self.RANK, _shown(entry, Content(entry.text)), entry.run, entry.text)

    async def search(self, query: str) -> Hits:
        """What fits the words that were typed."""
        matcher = self.matcher(query)
        for number, entry in enumerate(self._entries):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            if (score := matcher.match(entry.text)) > 0:
                yield Hit(score, _shown(entry, _highlighted(matcher, entry.text)), entry.run, entry.text)


class ActionCommands(EntryProvider):
    """Every action that a key can do here."""

    RANK = 1.0

    async def entries(self) -> Iterable[Entry]:
        """What is bound on the app, the screen and the widgets that are shown, but for moving and editing.

        The app's own come first: what the others do is done where one looks, and by its key.
        """
        nodes = [node for node in nodes_of(self.screen) if _is_shown(node)]
        return [
            Entry(shortcut.does, partial(self.app.run_action, shortcut.action, shortcut.node), _keys(shortcut))
            for shortcut in sorted(shortcuts_of(nodes), key=lambda shortcut: shortcut.node is not self.app)
            if shortcut.topic != "Moving and editing" and _is_possible(shortcut)
        ]


class SessionCommands(EntryProvider):
    """Every saved conversation."""

    RANK = 0.5

    async def entries(self) -> Iterable[Entry]:
        """The sessions, last used first."""
        offers = self.offers
        return [
            Entry(
                f"Session: {sanitize_line(summary.name)}",
                partial(offers.resume, summary.id),
                unasked=number < SHOWN_UNASKED,
            )
            for number, summary in enumerate(await offers.sessions())
        ]


class ArticleCommands(EntryProvider):
    """Every article."""

    async def entries(self) -> Iterable[Entry]:
        """The articles, by title where they have one."""
        offers = self.offers
        return [
            Entry(
                f"Article: {sanitize_line(article.source.title or article.source.article)}",
                partial(offers.read, article.source.article),
                sanitize_line(article.source.outlet or ""),
                unasked=False,
            )
            for article in await offers.articles()
        ]


class ThemeCommands(EntryProvider):
    """Every theme."""

    async def entries(self) -> Iterable[Entry]:
        """The themes by name, the current one said to be so."""
        return [
            Entry(
                f"Theme: {name}",
                partial(setattr, self.app, "theme", name),
                "now" if name == self.app.theme else "",
                unasked=False,
            )
            for name in sorted(self.app.available_themes)
        ]


COMMANDS: set[type[Provider] | Callable[[], type[Provider]]] = {
    ActionCommands,
    SessionCommands,
    ArticleCommands,
    ThemeCommands,
}
"""For `App.COMMANDS`, in place of Textual's own."""


def _is_shown(node: DOMNode) -> bool:
    widgets = [parent for parent in node.ancestors_with_self if isinstance(parent, Widget)]
    return all(widget.display for widget in widgets)


def _is_possible(shortcut: Shortcut) -> bool:
    """Whether the action can be done now, as its widget says, and is not that which led here.

    What the app does itself can be done once the palette is closed, and the app would say no until then.
    """
    _, name, parameters = parse(shortcut.action)
    if name == "command_palette":
        return False
    if shortcut.node is None or isinstance(shortcut.node, App):
        return True
    return shortcut.node.check_action(name, parameters) is True


def _keys(shortcut: Shortcut) -> str:
    return ", ".join(shortcut.keys)


def _shown(entry: Entry, text: Content) -> Content:
    return text + Content.styled(f"  {entry.more}", "$quiet") if entry.more else text


def _highlighted(matcher: Matcher, text: str) -> Content:
    """The text with what fits marked; `Matcher.highlight` would take it for markup."""
    content = Content(text)
    for place in matcher.fuzzy_search.match(matcher.query, text)[1]:
        content = content.stylize(matcher.match_style, place, place + 1)
    return content
