"""What an engine tells apart from answers, said where it disturbs nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.engine.notices import FolderChanged, Indexing, IndexingFailed, Lost, Notice, Remark, Standing
from tui.failures import in_the_app, said_in_the_app
from tui.widgets.status_line import index_in_words, indexing_in_words

if TYPE_CHECKING:
    from tui.ports import AssistantPort
    from tui.screens.chat import ChatScreen


async def listen(assistant: AssistantPort, chat: ChatScreen) -> None:
    """Tell each notice, until there are no more."""
    async for notice in assistant.notices():
        tell(notice, chat)


def tell(notice: Notice, chat: ChatScreen) -> None:
    """Say it in the status line, or as a remark."""
    if isinstance(notice, Standing):
        chat.status.tell(index=index_in_words(notice.index))
        if notice.said:
            chat.remark(f"the index is brought up to date: {notice.said}", can_wait=True)
    elif isinstance(notice, Indexing):
        chat.status.tell(index=indexing_in_words(notice))
    elif isinstance(notice, FolderChanged):
        chat.remark("the folder changed; the index is being brought up to date", can_wait=True)
    elif isinstance(notice, IndexingFailed):
        chat.status.tell(index="index is not up to date")
        chat.remark(f"{notice.message}; {in_the_app(notice.hint)}" if notice.hint else notice.message)
    elif isinstance(notice, Lost):
        chat.status.tell(index="index is not looked after")
        chat.remark(f"{notice.message}; the next question starts another engine")
    elif isinstance(notice, Remark):
        chat.remark(said_in_the_app(notice.text))
