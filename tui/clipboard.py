"""Copying to the clipboard of the terminal, and into a private file where that may not take it."""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from textual.app import App

MOST_ENCODED = 74_994
"""Characters in base64 beyond which terminals drop or cut what is to be copied, as hterm and xterm do."""
FILE_NAME = "parley-copied.txt"
_TAKE_IT = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio")
"""How `TERM` begins in terminals that take OSC 52 without being told to."""
_PROGRAMS_TAKE_IT = frozenset({"WezTerm", "ghostty", "rio", "vscode", "kitty"})
"""What `TERM_PROGRAM` says in such terminals."""


class Clipboard:
    """Copies texts, and tells people where they went."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """`environment` tells which terminal this is, and where private files go."""
        self._environment = environment

    async def copy(self, app: App[Any], text: str, what: str) -> str:
        """Copy a text, made harmless, and say so; `what` names it: `the quote`.

        A terminal does not tell whether it took a text. Where it is not known to, or the text is too long for
        it, the text is written to a file, too, and what is returned names that.
        """
        clean = sanitize(text)
        if len(base64.b64encode(clean.encode())) > MOST_ENCODED:
            where = await self._write(clean)
            return f"{what[:1].upper()}{what[1:]} is too long for the clipboard of a terminal; {where}"
        app.copy_to_clipboard(clean)
        doubt = self._doubt()
        return f"Copied {what}, if {doubt}; {await self._write(clean)}" if doubt else f"Copied {what}"

    def _doubt(self) -> str:
        """Under what condition the clipboard has the text now; nothing where there is none."""
        named = self._environment.get
        term = named("TERM", "")
        if named("TMUX") or term.startswith("tmux"):
            return "tmux has set-clipboard on"
        if named("STY") or term.startswith("screen"):
            return "screen or tmux passes it on"
        if term.startswith(_TAKE_IT) or named("TERM_PROGRAM") in _PROGRAMS_TAKE_IT or named("WT_SESSION"):
            return ""
        return "this terminal lets programs copy"

    async def _write(self, text: str) -> str:
        try:
            path = await asyncio.to_thread(write_privately, text, self._environment)
        except OSError as error:
            return f"no file could be written: {sanitize_line(error.strerror or str(error))}"
        return f"it is written to {sanitize_line(str(path))}"


def write_privately(text: str, environment: Mapping[str, str]) -> Path:
    """Write a text where nobody else can read it or has laid a link; returns where. Raises OSError.

    The folder is below `XDG_RUNTIME_DIR`, else below that of temporary files. One that is there already is used
    only where it is a folder, ours, and closed to others; otherwise a new one is made.
    """
    root = environment.get("XDG_RUNTIME_DIR", "")
    if not Path(root).is_absolute() or not os.access(root, os.W_OK):
        root = tempfile.gettempdir()
    folder = Path(root, f"parley-{os.getuid()}")
    try:
        opened = _open_private(folder)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="parley-", dir=root))
        opened = _open_private(folder)
    try:
        _replace_file(opened, text)
    finally:
        os.close(opened)
    return folder / FILE_NAME


def _open_private(folder: Path) -> int:
    """A descriptor of the folder, made where it is missing; raises OSError where others can reach into it."""
    with suppress(FileExistsError):  # what it is, is looked at once it is open and nobody can exchange it
        folder.mkdir(mode=0o700)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    found = os.fstat(opened)
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        os.close(opened)
        raise PermissionError(f"{folder} is open to others")
    return opened


def _replace_file(folder: int, text: str) -> None:
    """Write beside and move over, so that no link that lies there is followed."""
    begun = f"{FILE_NAME}.{os.getpid()}"
    with suppress(FileNotFoundError):  # it is of a process that had this number and was ended
        os.unlink(begun, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(begun, flags, 0o600, dir_fd=folder), "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.rename(begun, FILE_NAME, src_dir_fd=folder, dst_dir_fd=folder)
