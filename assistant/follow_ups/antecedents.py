"""What a word that points back means: the names and phrases of the last question, then those of its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from assistant.answering.support.names import Name
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words
from assistant.follow_ups.phrases import GROUPS, Phrase, phrases
from assistant.follow_ups.references import Reference
from assistant.follow_ups.somebody import WH, named_in, names_person, stands_as_place, with_article
from assistant.follow_ups.topics import Topic, people
from assistant.follow_ups.wording import content, without_end

_ACTS = listed(
    "agree meet want say think decide offer plan hope fear try discuss disagree promise refuse ask believe win"
)
_ACTORS = listed("side country company farmer firm nation state party team band people leader government")
LONGEST_PHRASE = 9
"""Words of a phrase that takes the place of a pronoun."""
_POINTING = listed(
    "it its he him his she her they them their this that these those there one ones which what who whom whose "
    "my our"
)
_PLACE = re.compile(r"\b(?:in|at|near|outside|off)\s+(?:the\s+)?\Z", re.IGNORECASE)
_GOES_ON = re.compile(r"\A (?:of|for|between|with|against|on|over|in|at|to|from|about|smaller|larger|that)\b")
_FEMALE = listed("she her hers herself")
_HER_NAMES = listed(
    "mary beth elizabeth angela theresa hillary susan sarah anna anne jane maria emma laura julia julie linda "
    "karen "
    "nancy lisa margaret kate catherine helen alice ivanka melania michelle selena jennifer jessica sandra "
    "christine "
    "janet carrie amy emily rachel rebecca ruth diana victoria charlotte sophie marie may lucy clara ursula"
)
_HIS_NAMES = listed(
    "john james robert michael william david richard joseph thomas charles donald barack george bill steven "
    "stephen "
    "peter paul mark andrew daniel matthew larry wilbur mike tom tony louis martin nick vladimir boris emmanuel "
    "justin "
    "henry edward frank andy jack joe kevin brian eric jeff gary scott wendell dmitri irvin fulgencio louis"
)


def antecedent(
    reference: Reference, asked: str, topics: Sequence[Topic], taken: Collection[str] = ()
) -> str | None:
    """What a reference of the question `asked` means, in words of an earlier turn; None where nothing fits.

    `topics` are the turns to look in, the likeliest first; what is `taken`, another word means already.
    """
    finders: dict[str, Callable[[Topic], Iterator[str]]] = {
        "person": lambda topic: _persons(topic, asked[reference.start : reference.end].lower()),
        "thing": _things,
        "several": lambda topic: _several(topic, acting=not content(asked).isdisjoint(_ACTS)),
        "place": _places,
        "noun": lambda topic: _of_noun(topic, asked[reference.start : reference.end]),
        "one": lambda topic: _of_those(topic, asked[reference.end :]),
    }
    finder = finders.get(reference.kind)
    if finder is None:
        return None
    known = {name.key for name in named_in(asked)} | {name.key for text in taken for name in named_in(text)}
    for topic in topics:
        for found in finder(topic):
            if known.isdisjoint(name.key for name in named_in(found)):
                return found
    return None


def _persons(topic: Topic, pronoun: str) -> Iterator[str]:
    """Who may be meant: whoever the question is about, or else whom the answer to a `who` names."""
    ranked = [*topic.persons, *_nearest(topic)]
    if " new " in f" {pronoun} ":
        ranked = [*_nearest(topic), *topic.persons]
    for name in ranked:
        first = name.text.split()[0].lower()
        hers, his = first in _HER_NAMES, first in _HIS_NAMES
        if pronoun in _POINTING and len(name.text.split()) > 1 and (his if pronoun in _FEMALE else hers):
            continue
        yield topic.fuller(name.text)


def _nearest(topic: Topic) -> list[Name]:
    """The persons of an answer, those that stand nearest to a word of the question first, the last of these "
    "ahead."""
    sought = content(topic.question)
    places = [
        word.start
        for word in words(topic.answer)
        if word.tells and not sought.isdisjoint((word.lower, *word.bases))
    ]
    if not places or not topic.asks_who:
        return list(topic.told_persons)
    return sorted(
        topic.told_persons, key=lambda name: min(min(abs(name.start - at), abs(at - name.end)) for at in places)
    )


def _things(topic: Topic) -> Iterator[str]:
    """What a question is about, unless it is somebody: its subject first, then what it asks of it."""
    surely = {name.text for name in people(topic.texts) if len(name.text.split()) > 1}
    much = re.match(r"(?:\w+ )?how much\b", topic.question, re.IGNORECASE) is not None
    asked = (
        (much or topic.opening in {"which", "what"})
        and topic.subject.startswith("the ")
        and " that " in topic.subject
    )
    asked_noun = topic.subject if asked else ""
    if (
        asked_noun
        and not asked_noun.split(" that ")[0].endswith("s")
        and len(asked_noun.split()) <= LONGEST_PHRASE
        and not _points(asked_noun)
    ):
        yield asked_noun
    found = [phrase for phrase in _usable(topic.question) if phrase.thing]
    known = {part.lower() for name in surely for part in name.split()}
    sound = [phrase for phrase in found if not (phrase.person and _is_known(phrase, topic, known))]
    for phrase in sorted(sound, key=lambda phrase: phrase.bare):
        yield _extended(topic.question, phrase)
    if topic.opening in {"which", "what", "who"}:
        for phrase in _usable(topic.sentence):
            if phrase.thing and not phrase.person and phrase.name is not None:
                yield phrase.text


def _is_known(phrase: Phrase, topic: Topic, known: set[str]) -> bool:
    """Whether a name is somebody's for sure: part of a longer one, or meant by `he`."""
    assert phrase.name is not None or phrase.person  # noqa: S101
    if phrase.name is None:
        return True
    return (
        known.issuperset(phrase.name.text.lower().split())
        or re.search(r"\b(?:he|she|his|her)\b", topic.texts, re.I) is not None
    )


def _several(topic: Topic, *, acting: bool) -> Iterator[str]:
    """Who or what may be `they`: several names of the question, its plurals and groups; then the answer's.

    Where they are `acting`, as only people can, two countries may be meant, and talks are not.
    """
    if acting:
        countries = dict.fromkeys(name.country for name in named_in(topic.texts) if name.country)
        if len(countries) == 2 and not topic.persons:
            yield " and ".join(with_article(country) for country in countries if country)
    for text in (topic.question, topic.sentence):
        named = _usable(text)
        pair = re.search(
            r"(?:the )?\b[A-Z][\w.]*(?: [A-Z][\w.]*)* and (?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*)*", text
        )
        if pair:
            yield pair.group()
        for phrase in sorted(
            named, key=lambda phrase: (phrase.name is not None, phrase.bare and text is topic.sentence)
        ):
            if phrase.several and not _is_place(text, phrase.name) and (not acting or _can_act(phrase)):
                yield _extended(text, phrase)


def _can_act(phrase: Phrase) -> bool:
    singular = phrase.head.removesuffix("s")
    return phrase.name is not None or phrase.head in GROUPS or names_person(singular) or singular in _ACTORS


def _is_place(text: str, name: Name | None) -> bool:
    """Whether a name is a place's, and no country's, which may be `they`."""
    return (
        name is not None and name.country is None and not name.text.endswith("s") and stands_as_place(text, name)
    )


def _places(topic: Topic) -> Iterator[str]:
    """Where it was, with its word of place."""
    texts = (topic.sentence, topic.question) if topic.opening == "where" else (topic.question, topic.sentence)
    for text in texts:
        for name in reversed(named_in(text)):
            before = _PLACE.search(text[: name.start])
            if before:
                yield f"{text[before.start() : name.end]}".strip()
        for name in named_in(text):
            if name.country is not None:
                yield f"in {name.text}"


def _of_those(topic: Topic, following: str) -> Iterator[str]:
    """One of several that were told, by what follows its name: `the one of 1992`."""
    told = re.match(r" (?:of|from|in|by|for) [\w ]{2,40}", without_end(following))
    for name in named_in(topic.answer) if told else ():
        if topic.answer[name.end :].startswith(without_end(following)):
            yield f"the {name.text}"


def _of_noun(topic: Topic, phrase: str) -> Iterator[str]:
    """The phrase with the noun of `that deal`."""
    head = phrase.split()[-1].lower()
    for text in (topic.question, topic.sentence):
        for found in _usable(text):
            if found.head in {head, head.rstrip("s"), f"{head}s"} and len(_extended(text, found).split()) > 1:
                yield _extended(text, found)


def _usable(text: str) -> list[Phrase]:
    """The phrases that may take the place of a pronoun: those that point nowhere themselves."""
    return [
        phrase
        for phrase in phrases(text)
        if not _points(phrase.text)
        and not phrase.text.lower().startswith(("many ", "much "))
        and phrase.head not in WH
    ]


def _points(text: str) -> bool:
    return any(word.lower in _POINTING - {"that"} for word in words(text))


def _extended(text: str, phrase: Phrase) -> str:
    """A phrase with what goes on after its noun, as in `the talks with China`; `a` becomes `the`."""
    told = phrase.text
    if phrase.name is None:
        rest = text[phrase.end :]
        following = [other for other in phrases(text) if other.start > phrase.end]
        if _GOES_ON.match(rest) and following and not _points(following[0].text):
            longer = text[phrase.start : following[0].end]
            if len(longer.split()) <= LONGEST_PHRASE and "," not in longer and len(longer) - len(told) < 40:
                told = longer
    told = re.sub(r"\A(?:an?|some)\b", "the", told, flags=re.IGNORECASE)
    if (
        phrase.bare
        and phrase.name is None
        and not told.lower().startswith("the ")
        and "'" not in told
        and not phrase.several
    ):
        told = f"the {told}"
    return re.sub(r"\AThe\b", "the", told)
