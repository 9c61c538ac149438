"""What happens to an index, told to Python's logging: the listener of whoever names no other."""

from __future__ import annotations

import logging

from assistant.sanitize import sanitize_line
from index.sync_report import Progress, SyncReport

LOGGER = "parley"


class LoggingListener:
    """Warnings are warnings, which Python shows on stderr unless told otherwise; what a sync did is information.

    How far it has come is for whoever debugs. File names may hold control characters, and are made harmless.
    """

    def __init__(self) -> None:
        self._logger = logging.getLogger(LOGGER)

    def progress(self, progress: Progress) -> None:
        """Log how far a sync has come."""
        self._logger.debug("%s %d of %d", progress.stage, progress.done, progress.total)

    def synced(self, report: SyncReport) -> None:
        """Log what a sync passed over, and what it did."""
        for warning in report.warnings:
            self.warn(warning)
        if report.anything:
            self._logger.info("indexed %d articles, %d passages", report.articles, report.passages)

    def warn(self, message: str) -> None:
        """Log what people should know."""
        self._logger.warning("%s", sanitize_line(message))
