"""Our two themes, and the pairs of colours in which they show text."""

from __future__ import annotations

from textual.theme import Theme

PAIRS = (
    ("foreground", "background"),
    ("foreground", "surface"),
    ("foreground", "panel"),
    ("foreground", "chosen"),
    ("quiet", "background"),
    ("quiet", "surface"),
    ("quiet", "panel"),
    ("quiet", "chosen"),
    ("primary", "background"),
    ("primary", "surface"),
    ("primary", "panel"),
    ("warning", "background"),
    ("warning", "surface"),
    ("error", "background"),
    ("error", "surface"),
    ("background", "primary"),
    ("background", "foreground"),
)
"""Text and what it stands on, as names of variables: style sheets and widgets use no others for text."""


def _variables(
    quiet: str, chosen: str, foreground: str, background: str, panel: str, thumb: str
) -> dict[str, str]:
    """Ours, and those of Textual's that would otherwise be mixed from shades that nobody has checked."""
    return {
        "quiet": quiet,
        "chosen": chosen,
        "input-selection-background": chosen,
        "input-selection-foreground": foreground,
        "screen-selection-background": chosen,
        "screen-selection-foreground": foreground,
        "input-cursor-background": foreground,
        "input-cursor-foreground": background,
        "block-cursor-background": chosen,
        "block-cursor-foreground": foreground,
        "block-cursor-blurred-background": chosen,
        "block-cursor-blurred-foreground": foreground,
        "scrollbar": panel,
        "scrollbar-hover": thumb,
        "scrollbar-active": thumb,
        "scrollbar-background": background,
        "scrollbar-background-hover": background,
        "scrollbar-background-active": background,
        "scrollbar-corner-color": background,
    }


DARK = Theme(
    name="parley-dark",
    dark=True,
    primary="#7fc8b8",
    secondary="#7fc8b8",
    accent="#7fc8b8",
    foreground="#d6dbe3",
    background="#15181d",
    surface="#1c2027",
    panel="#2a303a",
    warning="#e3b866",
    error="#f0938a",
    success="#9ccf8a",
    variables=_variables("#9aa4b2", "#233f3a", "#d6dbe3", "#15181d", "#2a303a", "#4b5563"),
)
LIGHT = Theme(
    name="parley-light",
    dark=False,
    primary="#0b6357",
    secondary="#0b6357",
    accent="#0b6357",
    foreground="#24282e",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e4e1d8",
    warning="#754e00",
    error="#a8281e",
    success="#2c6a1f",
    variables=_variables("#515a66", "#c9e4dd", "#24282e", "#fbfaf7", "#d8d4c9", "#a8a397"),
)
