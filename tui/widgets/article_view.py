"""The text of an article, with what is cited, found and linked marked in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import Binding, BindingType

from tui.messages import OpenLink
from tui.reading import Mark, Span, links_in, margin_of, within
from tui.widgets.wrapped_view import MARGIN, WrappedView

if TYPE_CHECKING:
    from textual import events


class ArticleView(WrappedView):
    """Shows an article; a bar and numbers in the margin say what colours say in the text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "article-view--bar",
        "article-view--margin",
        "article-view--margin-current",
        "article-view--cited",
        "article-view--current",
        "article-view--found",
        "article-view--found-current",
        "article-view--link",
        "article-view--link-current",
    }
    DEFAULT_CSS = """
    ArticleView {
        background: $surface;
        color: $text;
        & > .article-view--bar { color: $text-accent; }
        & > .article-view--margin { color: auto 75%; }
        & > .article-view--margin-current { color: $text; text-style: bold; }
        & > .article-view--cited { color: $text; text-style: underline; }
        & > .article-view--current { background: $accent 18%; color: auto 95%; text-style: bold; }
        & > .article-view--found { background: $warning 25%; color: auto 95%; text-style: underline; }
        & > .article-view--found-current { color: $text; text-style: bold reverse; }
        & > .article-view--link { color: $text-primary; text-style: underline; }
        & > .article-view--link-current { color: $text-primary; text-style: bold reverse; }
    }
    """
    BINDING_GROUP_TITLE = "in an article"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "next_link", "Next link", show=False),
        Binding("enter", "open_link", "Open the link", show=False),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - as all widgets name it
        super().__init__(id=id)
        self._marks: Sequence[Mark] = ()
        self._current: Mark | None = None
        self._found: Sequence[Span] = ()
        self._found_current: int | None = None
        self._links: list[Span] = []
        self._link_current: int | None = None

    def show_text(self, text: str, marks: Sequence[Mark] = (), current: Mark | None = None) -> None:
        """Show another text, from its beginning or where the current mark is."""
        self._marks, self._current = marks, current
        self._found, self._found_current = (), None
        self._links, self._link_current = [], None
        self.replace_text(text, current.start if current else None)
        self._find_links(text)

    def show_marks(self, marks: Sequence[Mark], current: Mark | None) -> None:
        """Mark other sentences of the text that is shown, and go to the current one."""
        self._marks, self._current = marks, current
        self.repaint()
        if current:
            self.go_to(current.start, current.end)

    def show_found(self, found: Sequence[Span], current: int | None) -> None:
        """Mark what was searched for, and go to one of it."""
        self._found, self._found_current = found, current
        self.repaint()
        if current is not None:
            self.go_to(found[current].start, found[current].end)

    # Painting

    def _place_to_keep(self) -> int | None:
        return self._current.start if self._current else None

    def margin(self, start: int, end: int) -> Sequence[Segment]:
        """A bar beside what is cited, and the numbers of the sentences that begin here."""
        beside = [mark for mark in self._marks if mark.start < end and start < mark.end]
        current = self._current in beside
        shown = margin_of(beside, current, start, MARGIN)
        numbers = Segment(shown[1:], self._style("margin-current" if current else "margin"))
        return Segment(shown[:1], self._style("bar" if current else "margin")), numbers

    def styled(self, start: int, end: int) -> Iterator[tuple[Style, int, int]]:
        """Cited sentences, links, and what was searched for."""
        for mark in sorted(self._marks, key=lambda mark: mark is self._current):
            if mark.start < end and start < mark.end:
                yield self._style("current" if mark is self._current else "cited"), mark.start, mark.end
        for number in within(self._links, start, end):
            link, is_current = self._links[number], number == self._link_current
            style = self._style("link-current" if is_current else "link", partial=True)
            yield style + Style(meta={"link": number}), link.start, link.end
        for number in within(self._found, start, end):
            place, is_current = self._found[number], number == self._found_current
            yield self._style("found-current" if is_current else "found"), place.start, place.end

    def _style(self, name: str, partial: bool = False) -> Style:
        return self.get_component_rich_style(f"article-view--{name}", partial=partial)

    # Links

    @work(group="links", exclusive=True)
    async def _find_links(self, text: str) -> None:
        links: list[Span] = []
        for some in links_in(text):
            links += some
            await asyncio.sleep(0)
        self._links = links
        if links:
            self.repaint()

    def action_next_link(self) -> None:
        """Make the next link in the window the current one, the first after the last."""
        shown = [number for number, link in enumerate(self._links) if self.is_in_window(link.start)]
        later = [number for number in shown if self._link_current is None or number > self._link_current]
        self._link_current = later[0] if later else shown[0] if shown else None
        self.repaint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is only for a link that is current and in the window."""
        if action == "open_link":
            current = self._link_current
            return current is not None and self.is_in_window(self._links[current].start)
        return True

    def action_open_link(self) -> None:
        """Ask to open the current link."""
        if self._link_current is not None:
            self._ask_to_open(self._link_current)

    def on_click(self, event: events.Click) -> None:
        """A click on a link asks to open it."""
        number = event.style.meta.get("link")
        if isinstance(number, int) and number < len(self._links):
            event.stop()
            self._link_current = number
            self._ask_to_open(number)
            self.repaint()

    def _ask_to_open(self, number: int) -> None:
        link = self._links[number]
        self.post_message(OpenLink(self.text[link.start : link.end]))
