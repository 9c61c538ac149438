"""Diagrams as inline SVG: their colours are the page's, and each is told in words for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.sanitize import sanitize_line
from evals.results import Bin, Estimate

WIDTH, HEIGHT = 360, 270
LEFT, RIGHT, TOP, BOTTOM = 44, 346, 34, 222
"""Edges of the plot, inside of which the data stand."""
_TOPS = (0.1, 0.2, 0.5, 1.0)
"""Ends of a scale from 0 that five steps divide into round numbers."""
_TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class _Plot:
    """A plane of data, drawn into the plot: x from 0 to `right`, y from 0 to `top`."""

    right: float = 1.0
    top: float = 1.0

    def x(self, value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * value / self.right, 1)

    def y(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top, 1)

    def at(self, x: float, y: float) -> str:
        return f"{self.x(x)},{self.y(y)}"


def risk_coverage(points: Sequence[tuple[float, float]]) -> Markup:
    """How often answers are wrong when only the surest are given, against how many that are."""
    plot = _Plot(top=next(top for top in _TOPS if top >= min(1.0, max(risk for _, risk in points))))
    coverage, risk = points[-1]
    drawn = list(dict.fromkeys(plot.at(*point) for point in points))
    body = [
        _axes(plot, "share wrong among these", "share of all cases answered, surest first", _TENTHS),
        Markup('<polyline class="curve" points="{}"/>').format(" ".join(drawn)),
        _dot(plot, coverage, risk),
        _last_label(plot, points),
    ]
    some = [points[round(step * (len(points) - 1) / 4)] for step in range(5)]
    words = "; ".join(f"at coverage {at:.2f} risk {is_wrong:.2f}" for at, is_wrong in dict.fromkeys(some))
    return _svg("risk-coverage", "Risk-coverage curve", f"{words}.", body)


def _last_label(plot: _Plot, points: Sequence[tuple[float, float]]) -> Markup:
    """The risk of giving all answers: right of the curve's end, or before it where the curve is not."""
    coverage, risk = points[-1]
    x, y, told = plot.x(coverage), plot.y(risk), f"all answers: {risk:.2f}"
    if coverage < 0.74:
        return _label(x + 8, y + 4, told, "start")
    falls = max(wrong for _, wrong in points[len(points) // 2 :]) > risk and y < BOTTOM - 20
    return _label(x, y + (18 if falls else -9), told, "end")


def reliability(bins: Iterable[Bin]) -> Markup:
    """How often answers of similar confidence are right, beside how sure they were."""
    plot, bins = _Plot(), list(bins)
    body = [
        _axes(plot, "share right", "stated confidence", _TENTHS),
        _line("ideal", plot.x(0), plot.y(0), plot.x(1), plot.y(1)),
    ]
    for item in bins:
        x, y = plot.x(item.confidence), plot.y(item.right)
        body.append(_line("gap", x, plot.y(item.confidence), x, y))
    for item in bins:
        x, y = plot.x(item.confidence), plot.y(item.right)
        above = item.right >= item.confidence or y > BOTTOM - 20
        body += [_dot(plot, item.confidence, item.right), _label(x, y + (-9 if above else 17), f"{item.n:,}")]
    words = "; ".join(f"confidence {item.confidence:.2f}: {item.right:.2f} right of {item.n:,}" for item in bins)
    return _svg("reliability", "Reliability diagram", f"{words}.", body)


def recall(found: Sequence[tuple[int, Estimate]]) -> Markup:
    """Recall among the first k passages with its intervals."""
    largest = max(k for k, _ in found)
    plot = _Plot(right=largest * 1.08)
    body = [_axes(plot, "recall", "passages looked at (k)", [k for k, _ in found])]
    known = [(k, item.value, item.low, item.high) for k, item in found if item.value is not None]
    points = " ".join(plot.at(k, value) for k, value, _, _ in known)
    body.append(Markup('<polyline class="curve faint" points="{}"/>').format(points))
    for k, value, low, high in known:
        if low is not None and high is not None:
            body.append(_line("range", plot.x(k), plot.y(low), plot.x(k), plot.y(high)))
        body += [
            _dot(plot, k, value),
            _label(plot.x(k) + 7, plot.y(value) + (15 if value > 0.1 else -5), f"{value:.2f}", "start"),
        ]
    words = "; ".join(f"at {k}: {value:.2f}" for k, value, _, _ in known)
    return _svg("recall", "Recall at k", f"{words}.", body)


def interval_bar(estimate: Estimate) -> Markup:
    """A figure and its interval on a scale from 0 to 1; a picture of numbers that stand beside it."""
    if estimate.value is None:
        return Markup("")
    drawn = [_line("axis", 1, 7, 101, 7), _line("tick", 51, 5, 51, 9)]
    if estimate.low is not None and estimate.high is not None:
        drawn.append(_line("range", 1 + 100 * estimate.low, 7, 1 + 100 * estimate.high, 7))
    drawn.append(Markup('<circle class="dot" cx="{:.1f}" cy="7" r="3.2"/>').format(1 + 100 * estimate.value))
    return Markup('<svg class="bar" viewBox="-3 0 108 14" aria-hidden="true">{}</svg>').format(
        Markup("").join(drawn)
    )


def _svg(name: str, title: str, described: str, body: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg class="diagram" viewBox="0 0 {} {}" role="img" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{}</title><desc id="{name}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, title, described, Markup("").join(body), name=name)


def _axes(plot: _Plot, y_title: str, x_title: str, x_ticks: Iterable[float]) -> Markup:
    drawn = []
    for step in range(6):
        value = plot.top * step / 5
        drawn.append(_line("axis" if step == 0 else "grid", LEFT, plot.y(value), RIGHT, plot.y(value)))
        drawn.append(_text("tick", LEFT - 7, plot.y(value) + 4, f"{value:.2f}".removesuffix("0"), "end"))
    for tick in x_ticks:
        drawn.append(_line("axis", plot.x(tick), BOTTOM, plot.x(tick), BOTTOM + 4))
        drawn.append(_text("tick", plot.x(tick), BOTTOM + 18, f"{tick:g}", "middle"))
    drawn.append(_text("name", LEFT - 36, TOP - 18, y_title, "start"))
    drawn.append(_text("name", RIGHT, BOTTOM + 38, x_title, "end"))
    return Markup("").join(drawn)


def _dot(plot: _Plot, x: float, y: float) -> Markup:
    return Markup('<circle class="dot" cx="{}" cy="{}" r="3.6"/>').format(plot.x(x), plot.y(y))


def _label(x: float, y: float, text: str, anchor: str = "middle") -> Markup:
    return _text("label", x, y, text, anchor)


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"/>').format(name, x1, y1, x2, y2)


def _text(name: str, x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>').format(
        name, x, y, anchor, sanitize_line(text)
    )
