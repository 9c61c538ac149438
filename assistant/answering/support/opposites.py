"""Words that newspapers use as opposites; `lexicon.opposite` knows those of WordNet besides."""

from __future__ import annotations

from assistant.answering.support.lexicon import bases, opposite

_PAIRS = """
increase rise raise grow growth gain boost climb jump surge soar lift expand expansion widen high up double
  / decrease fall drop decline reduce reduction cut lower shrink slump plunge slip sink narrow low down halve
higher / lower
soar / tumble
strengthen improve accelerate more / weaken worsen slow less fewer few dwindle
accept agree approve embrace endorse welcome back support favour favor confirm admit
  / reject refuse oppose opposition dismiss decline veto
confirm admit acknowledge concede / deny dispute
begin start launch open beginning / end stop finish close halt cease conclude
allow permit let enable authorise authorize / ban prohibit forbid block bar prevent
win victory beat / lose loss
reiterate repeat renew maintain keep / drop abandon withdraw
succeed success hold survive / fail failure collapse
admit enrol enroll / expel
arrive enter join come / leave exit quit depart withdraw
ally partner friend / enemy rival foe opponent
optimism optimistic hope confident / pessimism pessimistic fear worry
strong strengthen / weak weaken
tough hard harden / soft soften easy
relax ease loosen / tighten toughen escalate
impose introduce / lift remove scrap abolish
surplus / deficit
profit / loss
import / export
buy purchase acquire / sell
welcome reassure calm / alarm shake worry unsettle rattle
praise hail / criticise criticize condemn attack
public / private
domestic / foreign
big large great huge massive / small little tiny
most majority / minority
include / exclude
hire employ / fire dismiss sack
borrow / lend
victim / attacker
likely / unlikely
able / unable
willing / unwilling reluctant
legal lawful / illegal unlawful
escalate worsen intensify / ease calm
progress advance / setback
appoint name elect / oust remove sack
keep stay remain retain continue / abandon leave drop change stop
honour fulfil keep / break violate breach
satisfactory / unsatisfactory
early beginning / late end
north northern / south southern
east eastern / west western
near / far
first / last
male man men / female woman women
peaceful peace / violent war violence
agreement consensus / disagreement dispute
trust / distrust
encourage urge / discourage
safe / dangerous
guilty / innocent
convict / acquit
alive / dead
hot / cold
rich / poor
new / old
long / short
fast quick / slow
cheap / expensive
military / civilian
temporary / permanent
direct / indirect
optional / mandatory
voluntary / forced
friendly / hostile
enduring lasting / brief
formal official / informal unofficial
"""


def _sides() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for line in _PAIRS.strip().replace("\n  /", " /").splitlines():
        one, _, other = line.partition("/")
        for words, against in ((one.split(), other.split()), (other.split(), one.split())):
            for word in words:
                known.setdefault(word, set()).update(against)
    return known


_SIDES = _sides()


def are_opposites(one: str, other: str) -> bool:
    """Whether two words in lower case say the opposite of each other, in any of their forms."""
    ours, theirs = (one, *bases(one)), {other, *bases(other)}
    return any(not theirs.isdisjoint(_SIDES.get(word, ())) for word in ours) or opposite(one, other)
