"""How long a busy provider is waited for."""

from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.backends.pauses import Pauses, seconds_asked_for

NOW = 1_700_000_000


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2.0),
        ({"retry-after": formatdate(NOW + 20, usegmt=True), "date": formatdate(NOW, usegmt=True)}, 20.0),
        ({"retry-after": formatdate(NOW - 20, usegmt=True), "date": formatdate(NOW, usegmt=True)}, 0.0),
        ({"retry-after": formatdate(NOW, usegmt=True)}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "later", "date": "Mon"}, None),
        ({"retry-after": f"Fri, 31 Dec {10**20} 23:59:59 GMT", "date": formatdate(NOW, usegmt=True)}, None),
        ({"retry-after": f"Fri, 31 Dec 2027 23:59:59 +{10**20}", "date": formatdate(NOW, usegmt=True)}, None),
    ],
)
def test_what_a_provider_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_asked_for(headers) == seconds


def test_each_pause_is_twice_as_long_as_the_one_before() -> None:
    pauses = Pauses(in_all=60, tries=6)
    assert [pauses.next(None) for _ in range(6)] == [1, 2, 4, 8, 16, None]


def test_a_pause_that_is_longer_than_what_is_left_is_not_begun() -> None:
    pauses = Pauses(in_all=60)
    assert [pauses.next(seconds) for seconds in (40.0, 30.0, 20.0, 1.0)] == [40, None, 20, None]


@example([1 + 15 * 2**-52] * 2 + [58.0] + [None] * 3)  # counted down from 60, 58 are left
@given(
    st.lists(st.none() | st.floats(min_value=0, allow_nan=False, allow_infinity=False), min_size=6, max_size=30)
)
def test_all_pauses_together_are_bounded(asked_for: list[float | None]) -> None:
    pauses = Pauses(in_all=60, tries=6)
    taken = [pauses.next(seconds) for seconds in asked_for]
    assert sum(pause for pause in taken if pause is not None) <= 60
    assert all(pause is None for pause in taken[5:])
