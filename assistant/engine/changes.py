"""What a sync changed, in words."""

from __future__ import annotations

from index.sync_report import NOTHING_INDEXED, SyncReport


def said_of(report: SyncReport) -> str:
    """Such as `2 articles added, 1 changed`; empty where nothing did."""
    counts = ((report.added, "added"), (report.changed, "changed"), (report.moved, "moved"))
    parts = [f"{count} {done}" for count, done in (*counts, (report.deleted, "removed")) if count]
    if parts:
        number, _, done = parts[0].partition(" ")
        parts[0] = f"{number} article{'' if number == '1' else 's'} {done}"
    if report.rebuilt and report.rebuilt != NOTHING_INDEXED:
        parts.append(f"built anew: {report.rebuilt}")
    return ", ".join(parts)
