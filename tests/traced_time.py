"""Bounds of processor time that hold while lines are counted for coverage, too."""

import sys

COST_OF_TRACING = 4
"""How many times longer Python takes while each of its lines is traced, at most."""


def allowed(seconds: float) -> float:
    """The bound for a run that may be traced; without tracing it is what was asked for."""
    return seconds if sys.gettrace() is None else seconds * COST_OF_TRACING
