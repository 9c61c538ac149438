"""What can go wrong with an engine itself; what goes wrong in it is raised as the assistant raises it."""

from __future__ import annotations

AGAIN = "ask again: that starts another"


class EngineLost(Exception):  # noqa: N818 - it is named for what happened
    """The engine's process ended before it had answered; `report` is what it wrote to stderr."""

    def __init__(self, message: str, report: str, hint: str = AGAIN) -> None:
        super().__init__(message)
        self.report = report
        self.hint = hint


class EngineFault(Exception):  # noqa: N818 - a bug, told apart from what people can mend
    """A bug in the engine; `report` is its traceback."""

    def __init__(self, message: str, report: str) -> None:
        super().__init__(message)
        self.report = report
