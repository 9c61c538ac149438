"""Where a link really leads, and whether it may be opened; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from assistant.sanitize import sanitize_line

_NEVER_IN_ONE = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f]")
"""What browsers and we might read in different ways."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads, as it is shown; all of it is harmless on a terminal."""

    address: str
    """The whole of it, as it was written."""
    host: str
    """The host as a browser looks it up: other than Latin letters in punycode. Empty where there is none."""
    opened: str
    """What is handed to the browser, in ASCII; empty where it is not to be opened."""
    remark: str
    """What people have to know before they open it, or why it is not opened."""


def read_target(address: str) -> Target:
    """Look at a link; only plain http and https addresses are to be opened."""
    shown = sanitize_line(address)
    if _NEVER_IN_ONE.search(address) or shown != address:
        return Target(shown, "", "", "Not opened: it holds characters that no address holds.")
    try:
        parts = urlsplit(address)
        port = parts.port
        written = parts.hostname or ""
        host = written if ":" in written else written.encode("idna").decode()
        meant = sanitize_line(host.encode().decode("idna"))
    except ValueError:  # UnicodeError is one
        return Target(shown, "", "", "Not opened: it is no address that can be read.")
    if parts.scheme not in {"http", "https"} or not host:
        return Target(shown, host, "", "Not opened: only http and https are.")
    if "@" in parts.netloc:
        return Target(
            shown, host, "", "Not opened: what stands before the @ looks like a host, but is a name or a password."
        )
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    rest = [quote(part, safe="/%:@!$&'()*+,;=?~-._") for part in (parts.path, parts.query, parts.fragment)]
    remark = "" if parts.scheme == "https" else "It is not encrypted on the way."
    if "xn--" in host:
        remark = f"Its letters may look like those of another host: {meant}"
    return Target(shown, host, urlunsplit((parts.scheme, netloc, *rest)), remark)
