"""From a piece of a question to a whole one: the last question with one thing exchanged, or what was answered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.support.lexicon import AKIN, kinship
from assistant.answering.support.moments import moments
from assistant.answering.support.names import Name
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words
from assistant.follow_ups.fragments import Fragment
from assistant.follow_ups.phrases import phrases
from assistant.follow_ups.somebody import ASKING, WH, is_person, named_in, with_article
from assistant.follow_ups.topics import Topic
from assistant.follow_ups.verbs import asking_verb, main_verb
from assistant.follow_ups.wording import going_on, shortened

_EXCHANGED = listed("when where why how")
"""Words that ask and say nothing of what the rest of the question is about."""
_SAYING = re.compile(
    r"\b(?:said|says|stated|states|told \w+|claimed|claims|argued|argues|added|warned|announced|reported"
    r"|insisted|noted"
    r"|believes?|believed|predicted|concluded|suggested|maintained)(?: (?P<that>that)|,)?\s+(?P<what>\S.{12,})"
)
_SAID_AFTER = re.compile(
    r"\A(?P<what>[^“”\"]{12,}?),[”\"]? (?:[\w.'’-]+ ){1,8}(?:said|says|told|added|warned|argued|reported"
    r"|announced)\b"
)
_QUOTED = re.compile(r"[“\"](?P<what>[^”\"]{12,}?),?[”\"]")
_PREPOSITION = re.compile(
    r"\A(?P<word>in|on|at|for|to|from|with|about|by|of|against|under|after|before|during)\s+", re.I
)
_OTHER_SIDE = re.compile(
    r"\A(?:the )?(?:other|opposing) (?:side|party|team|country|camp)s?\Z|\Athe others?\Z", re.I
)
_BESIDE = re.compile(
    r"\b(?:after|before|later|earlier|since|then|(?:next|following|previous|same) (?:day|week|month|year|time"
    r"|season))\Z",
    re.I,
)
_ORDINALS = listed("first second third fourth fifth last next final latest previous original debut second-largest")
_RANK = re.compile(r"\A(?:the )?(?P<rank>[\w-]+)(?: (?P<of>ones?|time))?\Z", re.IGNORECASE)
_HOW_MUCH = re.compile(
    r"\A(?:\w+ )?(?:how many|how much|which|what) ((?:(?!(?:do|does|did)\b)[\w-]+ ){1,3})(?=(?:do|does|did)\b)",
    re.I,
)
_BESIDE_IT = re.compile(r"\Awhat about [^:]+: (?=\S)", re.IGNORECASE)
"""What `_instead` puts before a question; one that comes after it takes its place."""


def completed(fragment: Fragment, topic: Topic, others: Sequence[Topic]) -> str:
    """The whole question that a piece stands for after `topic`; `others` are older ones, the newest first."""
    if fragment.sort == "said":
        return _who_said(topic)
    if fragment.sort == "else":
        return _what_else(fragment.text, topic)
    if fragment.sort == "next":
        return f"What happened next: {_told(topic)}"
    if fragment.sort == "asks":
        return _asked_otherwise(fragment.text, topic)
    return _instead(fragment.text, topic, others)


def _told(topic: Topic) -> str:
    """What was answered, or what was asked where nothing was, as it goes on after a colon."""
    return going_on(topic.sentence) if topic.sentence else topic.subject


def _asked_otherwise(asks: str, topic: Topic) -> str:
    """The last question with another word that asks, where only that differs; else with what was answered."""
    question, tokens = topic.question, words(topic.question)
    aux = asking_verb(question)
    plain = asks.removesuffix(" exactly")
    if plain in {"how many", "how much", "who", "how long", "how often"}:
        return f"{asks}: {topic.subject}"
    if aux is not None:
        rest = question[tokens[aux].start :]
        if tokens and tokens[0].lower in ASKING:
            return f"{asks} {going_on(rest)}"
        going = topic.opening == "how" and main_verb(question) is None  # `How are the talks going?`
        if (
            topic.opening in _EXCHANGED
            and not going
            and not _HOW_MUCH.match(question)
            and tokens[0].lower in _EXCHANGED
        ):
            if aux == 1:
                return f"{asks} {rest}"
            return f"{asks}: {topic.subject}"
        counted = _HOW_MUCH.match(question)
        main = main_verb(question)
        if counted and main is not None and plain not in {"why", "how", "how come", "why not"}:
            noun = counted.group(1).strip()
            before, after = question[tokens[aux].start : tokens[main].end], question[tokens[main].end :]
            return f"{asks} {before} {noun}{after}"
    was = " was this" if plain in {"when", "where"} else ""
    return f"{asks}{was}: {_told(topic)}"


def _who_said(topic: Topic) -> str:
    """Who said what was answered."""
    sentence = topic.sentence
    if not sentence:
        return f"Who said that: {topic.subject}"
    for pattern in (_QUOTED, _SAID_AFTER, _SAYING):
        if (told := pattern.search(topic.nearest)) is not None:
            sentence = shortened(told["what"])
            break
    return f"Who said that {going_on(sentence)}"


def _what_else(asks: str, topic: Topic) -> str:
    """The last question, asked for more."""
    opening = re.match(
        r"(?P<asks>who|what|where|when|why|how)(?= )(?! (?:much|many|long|big|far|old|often)\b)",
        topic.question,
        re.I,
    )
    if opening and not _HOW_MUCH.match(topic.question):
        return f"{opening['asks']} else{topic.question[opening.end() :]}"
    return f"{asks} else: {going_on(topic.question)}"


def _instead(text: str, topic: Topic, others: Sequence[Topic]) -> str:
    """The last question about something else; where it has no place for it, both side by side."""
    question = topic.question
    if _OTHER_SIDE.match(text.strip()):
        text = _other_side(topic, others) or text
    if _BESIDE.search(text):
        return _beside(text, question)
    preposition = _PREPOSITION.match(text)
    put = text[preposition.end() :] if preposition else text
    dates = moments(text)
    if dates or re.fullmatch(r"(?:in |by |since )?\d{4}", text):
        old = moments(question)
        if old:
            return _exchanged(question, old[-1].start, old[-1].end, put if preposition else text)
        return f"{question} {text if preposition else f'in {text}'}"
    rank = _RANK.match(put)
    if rank and rank["rank"].lower() in _ORDINALS and (ranked := _ranked(question, rank["rank"], rank["of"])):
        return ranked
    place = _place_of(question, put, preposition["word"].lower() if preposition else "")
    if place:
        return _exchanged(question, *place, put)
    return _beside(put, question)


def _beside(put: str, question: str) -> str:
    return f"what about {put}: {going_on(_BESIDE_IT.sub('', question))}"


def _exchanged(question: str, start: int, end: int, put: str) -> str:
    return f"{question[:start]}{put}{question[end:]}"


def _ranked(question: str, rank: str, of: str | None) -> str:
    """The question about the second where it was about the first."""
    tokens = [token for token in words(question) if token.lower in _ORDINALS]
    if not tokens:
        return ""
    if of == "time":
        rest = _exchanged(question, tokens[-1].start, tokens[-1].end, "")
        return f"{' '.join(rest.split())} the {rank} time"
    return _exchanged(question, tokens[-1].start, tokens[-1].end, rank)


def _place_of(question: str, put: str, preposition: str) -> tuple[int, int] | None:
    """What of a question something else takes the place of: a name of the same sort, or a kindred noun."""
    new = named_in(put)
    if preposition:
        beside = [
            phrase
            for phrase in phrases(question)
            if re.search(rf"\b{preposition}\s+\Z", question[: phrase.start], re.I)
        ]
        if beside:
            return beside[-1].start, beside[-1].end
    if new:
        old = [name for name in named_in(question) if name.start > 0 or name.text.lower() not in WH]
        like = [name for name in old if _sort(name) == _sort(new[-1])]
        chosen = (like or old)[-1:] if like or len(old) == 1 else []
        return (chosen[0].start, chosen[0].end) if chosen else None
    head = words(put)[-1].lower
    kindred = [
        (kinship(phrase.head, head), phrase)
        for phrase in phrases(question)
        if phrase.name is None and phrase.text.lower().split()[0] not in WH | {"many", "much"}
    ]
    likely = [phrase for near, phrase in kindred if near >= AKIN]
    return (likely[-1].start, likely[-1].end) if likely else None


def _sort(name: Name) -> str:
    if name.country is not None:
        return "country"
    return "person" if is_person(name) else "other"


def _other_side(topic: Topic, others: Sequence[Topic]) -> str:
    """The other of two countries that the talk is of: one that the last question does not name."""
    named = {name.country for name in named_in(topic.question) if name.country}
    for text in (topic.answer, *(other.texts for other in others)):
        for name in named_in(text):
            if name.country and name.country not in named and named:
                return with_article(name.country)
    return ""
