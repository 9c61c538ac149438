"""`parley mcp`: serve the articles to programs that speak the Model Context Protocol, over stdin and stdout."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.flags import Common, common_from, confidence_flag, flags_but_json, open_assistant
from assistant.commands.narration import Narrator, tell
from assistant.errors import ConfigurationError, ExitCode

if TYPE_CHECKING:
    from assistant.asynchronous import AsyncAssistant

PACKAGE = "mcp"
CLOSING_S = 1.0
"""Seconds in which what a question is at has to end, once nobody waits for it."""


@click.command("mcp", short_help="Serve the articles to MCP clients, over stdin and stdout.")
@flags_but_json
@confidence_flag
def command(**flags: Any) -> None:
    """Serve the articles to a program that speaks the Model Context Protocol (MCP) and starts this one.

    It offers three tools: ask, search and open_passage. stdin and stdout belong to the protocol.
    """
    common = common_from(flags, answers=True)
    _require_package()
    if sys.stdin.isatty() and not common.quiet:
        tell("waiting for an MCP client on stdin; Ctrl-C ends it")
    reading, writing = _claim_streams()
    if not asyncio.run(_serve(common, reading, writing)):
        # A thread is still at what cannot be broken off; the locks that it holds end with the process.
        sys.stderr.flush()
        os._exit(ExitCode.ANSWERED)


async def _serve(common: Common, reading: int, writing: int) -> bool:
    """Serve one client; whether everything has ended then."""
    from assistant.asynchronous import AsyncAssistant
    from assistant.mcp_server import serve  # 1.6 s, most of it the package's
    from assistant.serving.remarks import Remarking
    from assistant.serving.tools import Tools

    listener = Remarking(Narrator(common.quiet))
    assistant = AsyncAssistant(lambda: open_assistant(common, listener))
    try:
        await serve(Tools(common.settings.corpus, assistant), reading, writing)
    finally:
        ended = await _close(assistant)
    return ended


async def _close(assistant: AsyncAssistant) -> bool:
    try:
        async with asyncio.timeout(CLOSING_S):
            await assistant.aclose()
    except TimeoutError:
        return False
    return True


def _require_package() -> None:
    """Raises ConfigurationError where the package is missing, or is not the one that is needed."""
    try:
        import assistant.mcp_server  # noqa: F401
    except ImportError as error:
        if not (error.name or "").startswith(PACKAGE):
            raise
        told = f"the MCP server needs the package {PACKAGE}, which is not installed here or is too old"
        raise ConfigurationError(told, "install it: pip install 'parley[mcp]'") from error


def _claim_streams() -> tuple[int, int]:
    """Descriptors of stdin and stdout for the protocol alone.

    Whatever else reads stdin from now on finds its end, and what it prints goes to stderr.
    """
    sys.stdout.flush()
    read, wrote = sys.stdin.fileno(), sys.stdout.fileno()
    claimed = os.dup(read), os.dup(wrote)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, read)
    os.close(nothing)
    os.dup2(sys.stderr.fileno(), wrote)
    return claimed
