"""When something happened, as people say it of their own day."""

from __future__ import annotations

from datetime import datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_when(time: datetime, now: datetime) -> str:
    """`today 14:05`, `21 Nov`, or `2025-11-21` for another year, by the clock on the wall; times have a zone."""
    then, today = time.astimezone(), now.astimezone()
    if then.date() == today.date():
        return f"today {then:%H:%M}"
    if then.year == today.year:
        return f"{then.day} {_MONTHS[then.month - 1]}"
    return f"{then:%Y-%m-%d}"
