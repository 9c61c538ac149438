"""The conversation so far. Only its end is mounted; what came before it follows as somebody scrolls up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from tui.surviving import Surviving
from tui.widgets.exchange import Exchange
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.geometry import Size
    from textual.layout import DockArrangeResult

    from assistant.answer import Answer

BATCH = 20
"""Exchanges that a session opens with: more than fit on a tall screen, and few enough to be there at once."""
FURTHER = 4
"""Exchanges that are mounted together as one scrolls: more would be felt."""
MOST = 2 * BATCH
"""Exchanges that stay mounted; each of them is laid out again with every row that is scrolled."""
NEAR_PAGES = 2
"""Views to an end of what is mounted from which on more is."""


class Transcript(Surviving, VerticalScroll, can_focus=False):
    """Follows the newest text until somebody scrolls up, and again once they are back at the end."""

    class Reached(Message):
        """Somebody is at the end again."""

    def __init__(self) -> None:
        super().__init__()
        self._earlier: list[Answer] = []
        """Answers before those that are mounted, oldest first."""
        self._later: list[Answer] = []
        """Answers after them, oldest first, where somebody scrolled up far."""
        self._is_loading = False
        self._is_following = True
        """Whether the view stays at the end while that moves down."""
        self._held: int | None = None
        """Rows between the top of the view and the end, where these stay the same while the top grows."""

    @property
    def exchanges(self) -> list[Exchange]:
        """Those that are mounted, oldest first."""
        return [child for child in self.children if isinstance(child, Exchange)]

    @property
    def is_at_end(self) -> bool:
        """Whether new text is seen as it comes."""
        return self._is_following

    def go_to_end(self) -> None:
        """Show the end, and follow what is added there."""
        self.scroll_end(animate=False)
        self._is_following = True
        self.post_message(self.Reached())
        if self._later:
            self.call_next(self._mount_end)
        self.refresh(layout=True)

    def release_anchor(self) -> None:
        """Follow no longer: Textual calls this whenever somebody scrolls."""
        super().release_anchor()
        self._is_following = False
        self.call_after_refresh(self.follow_at_end)  # it may have been downwards, at the end already

    async def show(self, answers: Sequence[Answer], first: Widget | None = None) -> None:
        """Show these instead of what stands here; `first` where there are none."""
        self._earlier, self._later = list(answers[:-BATCH]), []
        async with self.batch():
            await self.remove_children()
            await self.mount_all(Exchange(answer.question, answer) for answer in answers[-BATCH:])
            if first is not None and not answers:
                await self.mount(first)
        self.go_to_end()

    async def add(self, exchange: Exchange) -> None:
        """Add one at the end, and go there."""
        async with self.batch():
            await self.remove_children(Welcome)
            await self._mount_end()
            await self._forget_first()
            await self.mount(exchange)
        self.go_to_end()

    def show_from_its_question(self, exchange: Exchange) -> None:
        """Where an answer is taller than the view, show its beginning, below its question if that is short."""
        height = self.scrollable_content_region.height
        if self.is_at_end and exchange.outer_size.height > height:
            question, *_, told = exchange.children
            start = told if question.outer_size.height > height // 2 else exchange
            self.scroll_to_widget(start, top=True, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Mount more where an end of what is mounted comes near; tell when the very end is reached."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value:
            self._is_following = False
        else:
            self.follow_at_end()
        self._reach_out()

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Follow the end; keep what is read where it is, while earlier exchanges are mounted above it.

        This happens within the layout, as with Textual's own anchors, so that no frame shows a jump. Those move a
        conversation that does not fill the view to its foot, and would not keep it where it is otherwise.
        """
        arranged = super().arrange(size, optimal)
        if optimal or not (self._is_following or self._held is not None):
            return arranged
        row = max(arranged.total_region.bottom - (size.height if self._held is None else self._held), 0)
        self.set_reactive(Widget.scroll_y, row)
        self.set_reactive(Widget.scroll_target_y, row)
        self.vertical_scrollbar.position = row
        return arranged

    def follow_at_end(self) -> None:
        """Follow again, where the view has come to the end, or the end to the view."""
        if self.scroll_y >= self.max_scroll_y and not self._later and not self._is_following:
            self._is_following = True
            self.post_message(self.Reached())

    def _reach_out(self) -> None:
        """Mount more exchanges where their place comes near."""
        near = NEAR_PAGES * self.size.height
        if self._is_loading or self._is_following:
            return
        if self.scroll_y <= near and self._earlier:
            self._is_loading = True
            self.call_next(self._mount_earlier)
        elif self.max_scroll_y - self.scroll_y <= near and self._later:
            self._is_loading = True
            self.call_next(self._mount_later)

    async def _mount_earlier(self) -> None:
        batch, self._earlier = self._earlier[-FURTHER:], self._earlier[:-FURTHER]
        self._held = self.virtual_size.height - round(self.scroll_y)
        await self.mount_all([Exchange(answer.question, answer) for answer in batch], before=0)
        self.call_after_refresh(self._let_go, self._forget_last)

    async def _mount_later(self) -> None:
        batch, self._later = self._later[:FURTHER], self._later[FURTHER:]
        await self.mount_all(Exchange(answer.question, answer) for answer in batch)
        self.call_after_refresh(self._forget_above)

    async def _mount_end(self) -> None:
        """Go from wherever one is to the newest exchanges, without those between."""
        later, self._later = self._later, []
        async with self.batch():
            if len(later) > BATCH:
                await self._forget_first(0)
            if not self.exchanges:
                self._earlier += later[:-BATCH]
                later = later[-BATCH:]
            await self.mount_all(Exchange(answer.question, answer) for answer in later)

    async def _forget_above(self) -> None:
        self._held = self.virtual_size.height - round(self.scroll_y)
        await self._forget_first()
        self.call_after_refresh(self._let_go)

    async def _let_go(self, then: Callable[[], Awaitable[None]] | None = None) -> None:
        self._held = None
        if then is not None:
            await then()
        self._is_loading = False
        self._reach_out()

    async def _forget_first(self, most: int = MOST) -> None:
        """Take away the first exchanges where there are many: those that are answered can be made again."""
        exchanges = self.exchanges
        while len(exchanges) > most and (answer := exchanges[0].answer) is not None:
            self._earlier.append(answer)
            await exchanges.pop(0).remove()

    async def _forget_last(self) -> None:
        """Take away the last ones, in the same way."""
        exchanges = self.exchanges
        while len(exchanges) > MOST and (answer := exchanges[-1].answer) is not None:
            self._later.insert(0, answer)
            await exchanges.pop().remove()
