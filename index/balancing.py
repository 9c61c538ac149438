"""Passages balanced: none too long, none short or without prose where a neighbour can help."""

from collections.abc import Callable, Sequence

from index.segmentation import Sentence

_WINDOW = 4
"""Neighbouring passages whose borders are moved together to help one that is short."""

_WINDOW_SENTENCES = 60
"""Sentences in such a window; trying every border among more takes too long."""

Run = tuple[int, int]
"""Sentences of one passage: index of the first, index after the last."""


class Balancer:
    """Moves the borders between the passages of one article, sentence by sentence."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        count: Callable[[str], int],
        tokens: tuple[int, int],
        widest_gap: int,
    ) -> None:
        self._text = text
        self._sentences = sentences
        self._count = count
        self._fewest, self._most = tokens
        self._widest_gap = widest_gap
        self._counted: dict[Run, int] = {}

    def tokens(self, run: Run) -> int:
        """Tokens of the text from the first sentence of a run to its last."""
        if run not in self._counted:
            start, end = self._sentences[run[0]].start, self._sentences[run[1] - 1].end
            self._counted[run] = self._count(self._text[start:end])
        return self._counted[run]

    def run(self, runs: Sequence[Run]) -> list[Run]:
        """The same sentences in runs that keep the bounds wherever moving borders allows it."""
        balanced: list[Run] = []
        for run in (part for whole in runs for part in self._halved(whole)):
            balanced.append(run)
            if len(balanced) > 1 and self._together(*balanced[-2:]):
                self._mend_end(balanced)
        return balanced

    def _mend_end(self, runs: list[Run]) -> None:
        """Help the last two runs, by the fewest runs before them that suffice."""
        left, right = runs[-2:]
        if not self._wants(left) and not self._wants(right):
            runs[-2:] = self._with_headings_ahead(left, right)
            return
        if self._fits((left[0], right[1])):
            runs[-2:] = [(left[0], right[1])]
            return
        for width in range(2, min(_WINDOW, len(runs)) + 1):
            if not self._together(*runs[-width : len(runs) - width + 2]):
                return
            even = self._partition((runs[-width][0], right[1]))
            if even:
                runs[-width:] = even
                return

    def _partition(self, window: Run) -> list[Run]:
        """The most balanced runs of a window that are all within the bounds; none where there are none."""
        first, last = window
        if last - first > _WINDOW_SENTENCES:
            return []
        best: dict[int, tuple[float, list[Run]]] = {first: (0.0, [])}
        for start in range(first, last):
            if start not in best:
                continue
            spent, runs = best[start]
            for end in range(start + 1, last + 1):
                run = (start, end)
                if not self._fits(run):
                    break
                price = spent + self._unevenness(run)
                if not self._wants(run) and (end not in best or price < best[end][0]):
                    best[end] = (price, [*runs, run])
        return best[last][1] if last in best else []

    def _unevenness(self, run: Run) -> float:
        """Squared distance from the middle of the bounds, and a surcharge for a heading at the end."""
        middle = (self._fewest + self._most) / 2
        heading = 0.0 if self._sentences[run[1] - 1].prose else middle * middle
        return (self.tokens(run) - middle) ** 2 + heading

    def _halved(self, run: Run) -> list[Run]:
        """A run in parts that are within the most; the sum of its sentences' tokens may have been too low."""
        first, last = run
        if last - first < 2 or self.tokens(run) <= self._most:
            return [run]
        middle = (first + last) // 2
        return self._halved((first, middle)) + self._halved((middle, last))

    def _together(self, left: Run, right: Run) -> bool:
        return self._sentences[right[0]].start - self._sentences[left[1] - 1].end <= self._widest_gap

    def _wants(self, run: Run) -> bool:
        """Whether a run is short, or headings and credits only."""
        return self.tokens(run) < self._fewest or not any(each.prose for each in self._sentences[slice(*run)])

    def _fits(self, run: Run) -> bool:
        start, end = self._sentences[run[0]].start, self._sentences[run[1] - 1].end
        return end - start <= 16 * self._most and self.tokens(run) <= self._most

    def _with_headings_ahead(self, left: Run, right: Run) -> list[Run]:
        """Give the headings at the end of a passage to the one that they head."""
        border = left[1]
        while border > left[0] + 1 and not self._sentences[border - 1].prose:
            border -= 1
        moved = [(left[0], border), (border, right[1])]
        if border == left[1] or self._wants(moved[0]) or not self._fits(moved[1]):
            return [left, right]
        return moved
