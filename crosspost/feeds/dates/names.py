"""The names of months, days and zones in feeds, and the small words between them. Pure.

The names of months and days are those of the Unicode CLDR (version 47, read 2026-11, in both grammatical
forms), and every beginning of three letters or more that no other name shares: what is abbreviated anywhere is
abbreviated so. Croatian is left out: its October is the Polish November.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta

_MONTHS = """
january february march april may june july august september october november december
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
januar februar märz april mai juni juli august september oktober november dezember
jänner feber maerz april mai juni juli august september oktober november dezember
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
"""
_DAYS = """
monday tuesday wednesday thursday friday saturday sunday
lundi mardi mercredi jeudi vendredi samedi dimanche
montag dienstag mittwoch donnerstag freitag samstag sonntag
segunda terça quarta quinta sexta sábado domingo
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag
понедельник вторник среда четверг пятница суббота воскресенье
poniedziałek wtorek środa czwartek piątek sobota niedziela
"""
_SHORT_MONTHS = {"mrt": 3, "mrz": 3}
_SHORT_DAYS = """
mo di mi do fr sa so
ma di wo do vr za zo
пн вт ср чт пт сб вс
pn wt śr cz pt sb
"""
# Of names that mean several zones the one that feeds mean most: IST is India's (not Ireland's or Israel's), BST
# British summer time (not Bangladesh's), CST, EST, MST and PST are America's, as RFC 822 says (not China's or
# Australia's), AST is Halifax's. Where that is wrong, it is by hours: fourteen at most.
_ZONES = """
-10 hst; -9 akst; -8 pst akdt; -7 mst pdt; -6 cst mdt; -5 est cdt; -4 edt ast; -3.5 nst; -3 adt brt art
0 z ut utc gmt wet; 1 cet mez hnec bst west wat; 2 cest mesz haec eet sast cat; 3 eest msk eat trt; 4 gst; 5 pkt
5.5 ist; 5.75 npt; 7 wib ict; 8 awst sgt hkt pht; 9 jst kst; 9.5 acst; 10 aest; 10.5 acdt; 11 aedt; 12 nzst
13 nzdt
"""
_BETWEEN = """
st nd rd th of the at on er re e eme à le um uhr der den am de del da dia las às il alle ore feira o kl om
в г г. года r roku godz
"""


def plain(text: str) -> str:
    """Return a text without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


def _beginnings(table: str, shortest: int = 3) -> dict[str, int]:
    """Return the places of the names in their lines, by all beginnings that mean one place only."""
    meant: dict[str, set[int]] = {}
    for line in table.strip().splitlines():
        for place, name in enumerate(plain(line).split()):
            for length in range(min(shortest, len(name)), len(name) + 1):
                meant.setdefault(name[:length], set()).add(place)
    return {name: min(places) for name, places in meant.items() if len(places) == 1}


def _zones(lines: Iterable[str]) -> dict[str, timedelta]:
    named = [line.split() for line in lines if line.strip()]
    return {name: timedelta(hours=float(hours)) for hours, *names in named for name in names}


MONTHS: Mapping[str, int] = {name: place + 1 for name, place in _beginnings(_MONTHS).items()} | _SHORT_MONTHS
"""The number of each month, from 1, by its names without accents and case."""
DAYS: Mapping[str, int] = _beginnings(_SHORT_DAYS, 2) | _beginnings(_DAYS)
"""The number of each day of the week, from Monday's 0, by its names without accents and case."""
ZONES: Mapping[str, timedelta] = _zones(_ZONES.replace(";", "\n").splitlines())
"""How far each named zone is ahead of UTC."""
BETWEEN = frozenset(plain(_BETWEEN).split())
"""What may stand in a date and says nothing."""
