"""The units that a number may have in a news text, and what one is worth in another."""

from __future__ import annotations

from decimal import Decimal

SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "%": "%"}
DOLLARS = {
    "us": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
    "nt": "TWD",
}

_CURRENCIES = """
USD: dollar dollars usd bucks
EUR: euro euros eur
GBP: sterling gbp quid
CNY: yuan renminbi rmb cny
JPY: yen jpy
INR: rupee rupees inr
CHF: franc francs chf
KRW: won krw
RUB: rouble roubles ruble rubles
BRL: reais
MXN: peso pesos
CAD: cad
AUD: aud
cent: cent cents
penny: pence
"""
_OTHERS = """
second 1: second seconds sec secs
minute 60: minute minutes min mins
hour 3600: hour hours hr hrs
day 1: day days
week 7: week weeks
fortnight 14: fortnight fortnights
month 1: month months
quarter 3: quarters
year 12: year years yr yrs
decade 120: decade decades
century 1200: century centuries
metre 1: metre metres meter meters
kilometre 1000: kilometre kilometres kilometer kilometers km kms
centimetre 0.01: centimetre centimetres centimeter centimeters cm
mile 1: mile miles
foot 1: foot feet ft
inch 1: inch inches
yard 1: yard yards
gram 1: gram grams gramme grammes
kilogram 1000: kilogram kilograms kilo kilos kg
tonne 1000000: tonne tonnes ton tons
pound 1: pound pounds lb lbs
ounce 1: ounce ounces oz
hectare 1: hectare hectares
acre 1: acre acres
litre 1: litre litres liter liters
gallon 1: gallon gallons
barrel 1: barrel barrels
bushel 1: bushel bushels
watt 1: watt watts
kilowatt 1000: kilowatt kilowatts kw
megawatt 1000000: megawatt megawatts mw
gigawatt 1000000000: gigawatt gigawatts gw
degree 1: degree degrees
"""
_DIMENSIONS = (
    *(
        ("second", "minute", "hour"),
        ("day", "week", "fortnight"),
        ("month", "quarter", "year", "decade", "century"),
    ),
    *(("metre", "kilometre", "centimetre"), ("gram", "kilogram", "tonne")),
    ("watt", "kilowatt", "megawatt", "gigawatt"),
)


def _entries(listed: str) -> list[tuple[str, str]]:
    found = []
    for entry in listed.strip().splitlines():
        head, _, words = entry.partition(":")
        found += [(head.strip(), word) for word in words.split()]
    return found


UNITS = {word: head for head, word in _entries(_CURRENCIES)} | {
    word: head.split()[0] for head, word in _entries(_OTHERS)
}
"""The unit that a word names. A pound is a weight or sterling: `same_unit` takes either."""
_WORTH = {head.split()[0]: Decimal(head.split()[1]) for head, _ in _entries(_OTHERS)}
_BASE = {unit: dimension[0] for dimension in _DIMENSIONS for unit in dimension}
TIMES = frozenset(unit for dimension in _DIMENSIONS[:3] for unit in dimension)
MONEY = frozenset({head for head, _ in _entries(_CURRENCIES)} | set(DOLLARS.values()) | set(SYMBOLS.values())) - {
    "%"
}


def in_base_unit(value: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """A value in the unit that others of its kind are reckoned in: 2 weeks are 14 days, 1 year is 12 months."""
    if unit in _BASE:
        return value * _WORTH[unit], _BASE[unit]
    return value, "GBP" if unit == "pound" else unit
