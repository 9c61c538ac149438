"""How long a busy provider is waited for before it is asked again; pure, and bounded in number and in sum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

SHORTEST = 1.0
"""Seconds, even where a provider says that it may be asked again at once."""
IN_ALL = 60.0
"""Seconds that all pauses of one question may take."""
TRIES = 6
"""Of one question, the first included."""


class Pauses:
    """The pauses of one question."""

    def __init__(self, in_all: float = IN_ALL, tries: int = TRIES) -> None:
        self._in_all = in_all
        self._taken = 0.0
        self._tries = tries
        self._tried = 0

    def next(self, asked_for: float | None) -> float | None:
        """The next pause in seconds: what the provider asks for, or each twice as long as the one before.

        None if it is to be given up: asked often enough, or the pause would be longer than what is left.
        """
        self._tried += 1
        pause = SHORTEST * 2 ** (self._tried - 1) if asked_for is None else max(asked_for, SHORTEST)
        # What was taken is added up: what is left, counted down, may be more than that leaves in the last digit.
        if self._tried >= self._tries or self._taken + pause > self._in_all:
            return None
        self._taken += pause
        return pause


def seconds_asked_for(headers: Mapping[str, str]) -> float | None:
    """What `retry-after-ms` or `retry-after` says (RFC 9110, 10.2.3), or None.

    A date is compared with the provider's own clock, so that ours may be wrong.
    """
    for name, a_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / a_second
        except ValueError:
            continue
        if 0 <= seconds < math.inf:
            return seconds
    try:
        until, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))
        return max((until - now).total_seconds(), 0.0)
    except (KeyError, ValueError, TypeError, OverflowError):  # TypeError: one of them has no time zone
        return None
