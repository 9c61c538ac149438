"""Typed fields of JSON that somebody else wrote: what is not as it must be is named by its path."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from math import isfinite
from typing import Any, NoReturn


class FieldError(Exception):
    """What is wrong, and where: `evidence.0.quote: a text is needed`."""


def parse(line: str | bytes) -> Fields:
    """The object that a line of JSON states.

    Raises:
        FieldError: it is no JSON, holds what JSON does not have, or is no object.
    """
    try:
        return Fields(json.loads(line, parse_constant=_refuse_constant, object_pairs_hook=_without_repetition))
    except UnicodeDecodeError:
        raise FieldError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise FieldError(f"no JSON: {error.msg}") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise FieldError(f"no JSON: {error}") from None
    except RecursionError:
        raise FieldError("no JSON: nested too deeply") from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What merging two versions of a file may leave: one name with two values."""
    stated = dict(pairs)
    if len(stated) < len(pairs):
        twice = next(name for at, (name, _) in enumerate(pairs) if name in dict(pairs[:at]))
        raise FieldError(f"{twice!r} is stated twice")
    return stated


def _refuse_constant(name: str) -> NoReturn:
    raise FieldError(f"no JSON: {name} is no number")


class Fields:
    """An object with its path, empty at the top. Every method raises FieldError for what is not as asked."""

    def __init__(self, stated: object, path: str = "") -> None:
        self._path = path
        if not isinstance(stated, dict):
            self._fail("", "an object")
        self._stated: Mapping[str, Any] = stated

    @property
    def stated(self) -> dict[str, Any]:
        """All of it, as it is."""
        return dict(self._stated)

    def has(self, name: str) -> bool:
        """True if it is there, and not null."""
        return self._stated.get(name) is not None

    def text(self, name: str) -> str:
        """A text, perhaps an empty one."""
        value = self._stated.get(name)
        return value if isinstance(value, str) else self._fail(name, "a text")

    def words(self, name: str) -> str:
        """A text with more than white space in it."""
        return self.text(name) if str(self._stated.get(name)).strip() else self._fail(name, "a text")

    def text_or_none(self, name: str) -> str | None:
        """A text; null and an absent one are None."""
        return self.text(name) if self.has(name) else None

    def name(self, name: str) -> str:
        """What something is called: a text that is not empty, or a whole number."""
        value = self._stated.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            self._fail(name, "a text or a number")
        return str(value)

    def one_of(self, name: str, known: Collection[str]) -> str:
        """One of some words."""
        value = self._stated.get(name)
        return (
            value if value in known and isinstance(value, str) else self._fail(name, f"one of {', '.join(known)}")
        )

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._stated.get(name)
        return value if isinstance(value, bool) else self._fail(name, "true or false")

    def integer(self, name: str) -> int:
        """A whole number."""
        value = self._stated.get(name)
        return (
            value if isinstance(value, int) and not isinstance(value, bool) else self._fail(name, "a whole number")
        )

    def number(self, name: str) -> float:
        """A number, and no infinite one."""
        value = self._stated.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self._fail(name, "a number")
        return value

    def number_or_none(self, name: str) -> float | None:
        """A number; null and an absent one are None."""
        return self.number(name) if self.has(name) else None

    def object(self, name: str) -> Fields:
        """An object; an absent one is one without fields."""
        return Fields(self._stated.get(name, {}), self._at(name))

    def objects(self, name: str) -> list[Fields]:
        """A list of objects; null and an absent one are empty."""
        return [Fields(item, self._at(f"{name}.{at}")) for at, item in enumerate(self.items(name))]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; null and an absent one are empty."""
        items = Fields({str(at): item for at, item in enumerate(self.items(name))}, self._at(name))
        return tuple(items.text(at) for at in items.stated)

    def integers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; null and an absent one are empty."""
        items = Fields({str(at): item for at, item in enumerate(self.items(name))}, self._at(name))
        return tuple(items.integer(at) for at in items.stated)

    def numbers(self, name: str) -> dict[str, float]:
        """An object of numbers; null and an absent one are empty."""
        if not self.has(name):
            return {}
        inner = self.object(name)
        return {key: inner.number(key) for key in inner.stated}

    def items(self, name: str) -> list[Any]:
        """A list of anything; null and an absent one are empty."""
        value = self._stated.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else self._fail(name, "a list")

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _fail(self, name: str, needed: str) -> NoReturn:
        path = self._at(name) if name else self._path
        raise FieldError(f"{path}: {needed} is needed" if path else f"{needed} is needed")


def _is_finite(number: float) -> bool:
    try:
        return isfinite(number)
    except OverflowError:  # a whole number beyond any other kind
        return False
