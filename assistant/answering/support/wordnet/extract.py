"""Write `words.txt` from the database files of WordNet 3.0, such as those of Debian's package wordnet-base.

    python -m assistant.answering.support.wordnet.extract /usr/share/wordnet

A line is `word TAB parts of speech TAB meanings TAB wider meanings TAB opposites`; see `lexicon.py`. Kept are the
single words that stand at least once in WordNet's sense-tagged texts, and all verbs; of each word its first
senses. A meaning is a synset; a word has those of the words that derive from it, too (`investigate` and
`investigation`). After the words come irregular forms: `form TAB ~base`. (Format of the files: wndb(5WN).)
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TARGET = Path(__file__).with_name("words.txt")
PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
MOST_SENSES = {"n": 3, "v": 4, "a": 3, "r": 3}
"""Senses of a word that are kept, the most frequent first."""
_WORD = re.compile(r"[a-z]{2,}")
_HYPERNYM, _ANTONYM, _DERIVED, _SIMILAR = "@", "!", "+", "&"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Synset = tuple[str, str]
"""Part of speech and offset."""


@dataclass
class Entry:
    """What is known of a word."""

    parts: Counter[str] = field(default_factory=Counter)
    """How often it stands in the tagged texts as each part of speech; an unseen one counts nought."""
    meanings: set[Synset] = field(default_factory=set)
    wider: set[Synset] = field(default_factory=set)
    opposites: set[str] = field(default_factory=set)


@dataclass
class Meaning:
    """A synset: its words and what it points at, as (symbol, target, source word, target word), words from 1."""

    words: list[str]
    pointers: list[tuple[str, Synset, int, int]]


def read_meanings(folder: Path) -> dict[Synset, Meaning]:
    """All synsets of a WordNet."""
    found = {}
    for part, name in PARTS.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(.*\)", "", word) for word in fields[4 : 4 + 2 * count : 2]]
            at = 4 + 2 * count + 1
            pointers: list[tuple[str, Synset, int, int]] = []
            for symbol, offset, target, between in zip(*(fields[at + n :: 4] for n in range(4)), strict=False):
                if len(pointers) == int(fields[at - 1]):
                    break
                pointers.append((symbol, (target, offset), int(between[:2], 16), int(between[2:], 16)))
            found[part, fields[0]] = Meaning(words, pointers)
    return found


def read_counts(folder: Path) -> Counter[tuple[str, str]]:
    """How often each word stands in the tagged texts as each part of speech."""
    counts: Counter[tuple[str, str]] = Counter()
    parts = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, _, count = line.split()
        word, _, rest = key.partition("%")
        counts[word, parts[rest[0]]] += int(count)
    return counts


def read_senses(folder: Path) -> Iterator[tuple[str, str, list[Synset]]]:
    """Each word and part of speech with its synsets, the most frequent first."""
    for part, name in PARTS.items():
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                yield fields[0], part, [(part, offset) for offset in fields[-int(fields[2]) :]]


def collect(folder: Path) -> dict[str, Entry]:
    """What is kept, by word."""
    meanings, counts = read_meanings(folder), read_counts(folder)
    entries: defaultdict[str, Entry] = defaultdict(Entry)
    for word, part, senses in read_senses(folder):
        if not _WORD.fullmatch(word) or not (part == "v" or counts[word, part]):
            continue
        common = [sense for sense in senses if word in meanings[sense].words]  # `China` is no `china`
        if common:
            entries[word].parts[part] += counts[word, part]
        for sense in common[: MOST_SENSES[part]]:
            _add(entries[word], word, sense, meanings)
    return dict(entries)


def _add(entry: Entry, word: str, sense: Synset, meanings: dict[Synset, Meaning]) -> None:
    entry.meanings.add(sense)
    place = meanings[sense].words.index(word) + 1
    for symbol, target, source, other in meanings[sense].pointers:
        if symbol.startswith(_HYPERNYM) or symbol == _SIMILAR:
            entry.wider.add(target)
        elif symbol == _DERIVED and source == place:
            entry.meanings.add(target)
        elif symbol == _ANTONYM and source == place:
            entry.opposites.add(meanings[target].words[other - 1])


def lines(entries: dict[str, Entry]) -> Iterator[str]:
    """The words, with meanings numbered anew: those that only one word has tell nothing and are left out."""
    uses = Counter(meaning for entry in entries.values() for meaning in entry.meanings | entry.wider)
    held = {meaning for entry in entries.values() for meaning in entry.meanings}
    numbered = {meaning: _short(number) for number, meaning in enumerate(sorted(held)) if uses[meaning] > 1}
    for word, entry in sorted(entries.items()):
        parts = "".join(part for part, _ in entry.parts.most_common())
        own = sorted(numbered[meaning] for meaning in entry.meanings if meaning in numbered)
        wider = sorted(numbered[meaning] for meaning in entry.wider - entry.meanings if meaning in numbered)
        opposites = sorted(other for other in entry.opposites if other in entries)
        yield "\t".join((word, parts, " ".join(own), " ".join(wider), " ".join(opposites))).rstrip()


def irregular_forms(folder: Path, entries: dict[str, Entry]) -> Iterator[str]:
    """Forms that no rule makes, each with its base."""
    found = set()
    for name in PARTS.values():
        for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
            form, base = line.split()[:2]
            # `offer` is a word of its own before it is a comparative of `off`.
            other = name in {"adj", "adv"} and form in entries and bool({"n", "v"} & set(entries[form].parts))
            if _WORD.fullmatch(form) and base in entries and form != base and not other:
                found.add(f"{form}\t~{base}")
    yield from sorted(found)


def _short(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def main() -> None:
    """Extract and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds data.noun, index.noun, cntlist.rev and their like")
    folder = parser.parse_args().folder
    entries = collect(folder)
    written = [*lines(entries), *irregular_forms(folder, entries)]
    TARGET.write_text("\n".join(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
