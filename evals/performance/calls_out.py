"""Calls to addresses, noted: those that Python makes as they happen, those of child processes by their sockets."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_EVENTS = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
    "socket.sendto",
    "socket.sendmsg",
    "urllib.Request",
    "webbrowser.open",
}
_TABLES = ("tcp", "tcp6", "udp", "udp6")
_calls: list[str] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS:
        _calls.append(f"{event} {arguments[1:] if event.startswith('socket.') else arguments}")


class CallGuard:
    """Notes every call from its making on; a hook cannot be taken away again, so it only ever listens.

    Not for a process in which coverage or a debugger follows threads: before Python 3.12 no thread can begin to be
    followed while another's beginning is told to a hook.
    """

    _hooked = False

    def __init__(self) -> None:
        if not CallGuard._hooked:
            sys.addaudithook(_hook)
            CallGuard._hooked = True
        self._begin = len(_calls)

    @property
    def calls(self) -> list[str]:
        """What Python asked of the network since."""
        return _calls[self._begin :]


def network_sockets() -> list[str]:
    """Sockets of a network that this process and its children hold now, where the system tells (Linux)."""
    inodes = {
        row.split()[9]
        for table in _TABLES
        if (path := Path("/proc/net") / table).exists()
        for row in path.read_text(encoding="ascii").splitlines()[1:]
    }
    held = [(pid, link) for pid in (os.getpid(), *_children()) for link in _links(pid)]
    return [f"process {pid}: {link}" for pid, link in held if link[len("socket:[") : -1] in inodes]


def _children() -> list[int]:
    found: list[int] = []
    for thread in _listed(f"/proc/{os.getpid()}/task"):
        with suppress(OSError):  # ended meanwhile
            found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def _links(pid: int) -> list[str]:
    links = []
    for path in _listed(f"/proc/{pid}/fd"):
        with suppress(OSError):  # closed meanwhile
            links.append(str(path.readlink()))
    return [link for link in links if link.startswith("socket:[")]


def _listed(folder: str) -> list[Path]:
    """What a folder of a process holds; nothing once the process has ended."""
    try:
        return list(Path(folder).iterdir())
    except OSError:
        return []
