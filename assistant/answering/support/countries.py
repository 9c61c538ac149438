"""Countries as newspapers name them: by name, by what is theirs, by their capital."""

from __future__ import annotations

_LISTED = """
US: united states|u.s.|us|usa|america|american|americans|u.s|united states of america; washington
UK: united kingdom|u.k.|uk|britain|british|great britain|briton|britons; london
EU: european union|e.u.|eu; brussels
UN: united nations|u.n.|un
China: china|chinese|people's republic of china|prc; beijing
North Korea: north korea|north korean|north koreans|dprk; pyongyang
South Korea: south korea|south korean|south koreans; seoul
Russia: russia|russian|russians|russian federation; moscow
Japan: japan|japanese; tokyo
Germany: germany|german|germans; berlin
France: france|french|frenchman|frenchmen; paris
Italy: italy|italian|italians; rome
Spain: spain|spanish|spaniard|spaniards; madrid
Canada: canada|canadian|canadians; ottawa
Mexico: mexico|mexican|mexicans; mexico city
India: india|indian|indians; new delhi|delhi
Iran: iran|iranian|iranians; tehran
Iraq: iraq|iraqi|iraqis; baghdad
Israel: israel|israeli|israelis; jerusalem
Turkey: turkey|turkish|turk|turks|türkiye; ankara
Ukraine: ukraine|ukrainian|ukrainians; kyiv|kiev
Poland: poland|polish|pole|poles; warsaw
Australia: australia|australian|australians; canberra
New Zealand: new zealand|new zealander|new zealanders; wellington
Brazil: brazil|brazilian|brazilians; brasilia
Argentina: argentina|argentine|argentinian|argentines; buenos aires
Taiwan: taiwan|taiwanese; taipei
Vietnam: vietnam|vietnamese; hanoi
Saudi Arabia: saudi arabia|saudi|saudis; riyadh
Egypt: egypt|egyptian|egyptians; cairo
Greece: greece|greek|greeks; athens
Netherlands: netherlands|dutch|holland; the hague
Sweden: sweden|swedish|swede|swedes; stockholm
Norway: norway|norwegian|norwegians; oslo
Denmark: denmark|danish|dane|danes; copenhagen
Finland: finland|finnish|finn|finns; helsinki
Switzerland: switzerland|swiss; bern
Austria: austria|austrian|austrians; vienna
Belgium: belgium|belgian|belgians
Ireland: ireland|irish; dublin
Portugal: portugal|portuguese; lisbon
Hungary: hungary|hungarian|hungarians; budapest
Syria: syria|syrian|syrians; damascus
Pakistan: pakistan|pakistani|pakistanis; islamabad
Afghanistan: afghanistan|afghan|afghans; kabul
Philippines: philippines|philippine|filipino|filipinos; manila
Indonesia: indonesia|indonesian|indonesians; jakarta
Venezuela: venezuela|venezuelan|venezuelans; caracas
Cuba: cuba|cuban|cubans; havana
South Africa: south africa|south african|south africans; pretoria
Nigeria: nigeria|nigerian|nigerians; abuja
Europe: europe|european|europeans
Asia: asia|asian|asians
Africa: africa|african|africans
Scotland: scotland|scottish|scot|scots
Wales: wales|welsh
England: england|english
"""

COUNTRY_OF: dict[str, str] = {}
"""The country that a name in lower case, without points, stands for: `american` is of the `US`."""
SEAT_OF: dict[str, str] = {}
"""The country whose government a capital stands for: `beijing`."""
for _line in _LISTED.strip().splitlines():
    _country, _, _rest = _line.partition(": ")
    _names, _, _seats = _rest.partition("; ")
    COUNTRY_OF |= {name.replace(".", ""): _country for name in _names.split("|")}
    SEAT_OF |= {seat: _country for seat in _seats.split("|") if seat}
