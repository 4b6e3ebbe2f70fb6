"""Invented feeds and pages of two mornings, for tests of an upgrade in the night between them.

This file is also run beside the code of old versions (see tests/data/databases/README.md), so
it imports from the bot only what the oldest version has too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from tests.fakes.web import Web

__all__ = ["FEEDS", "PIECES", "Piece", "publish"]

HARBOUR, VALLEY, HAFEN = "/harbour.xml", "/valley.xml", "/hafen.xml"
CIRCLE, BRIDGE = "/circle.xml", "/bridge.xml"
BROKEN, NO_FEED = "/broken.xml", "/no-feed.xml"
# The feeds polled for all readers.
FEEDS = (HARBOUR, VALLEY, HAFEN, BROKEN, NO_FEED)
_TITLES = {
    HARBOUR: ("Harbour Post", "en"),
    VALLEY: ("Valley Times", "en"),
    HAFEN: ("Hafenblatt", "de"),
    CIRCLE: ("Quillbees Letter", "en"),
    BRIDGE: ("Old Bridge Letter", "en"),
}
# Boilerplate that the Valley Times puts below each of its articles.
_FURNITURE = "The Valley Times is printed on Mondays and Thursdays at the mill below the weir."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article of the feed ``outlet``, listed from the morning of ``day`` (1 or 2) on.

    ``status`` is the HTTP status of its page. Only pages of the Valley Times are fetched: its
    feed has teasers, the others have full texts.
    """

    outlet: str
    slug: str
    day: int
    at: datetime
    title: str
    text: str
    status: int = 200


def publish(web: Web, *, day: int, ended: bool = False) -> None:
    """Make ``web`` serve the feeds and pages of the morning of ``day`` (1 or 2).

    If ``ended``, the feed of the Old Bridge Letter answers 410.
    """
    out = [piece for piece in PIECES if piece.day <= day]
    for path in _TITLES:
        web.add(path, _rss(web, path, out), content_type="application/rss+xml")
    web.add(BROKEN, status=503)
    web.add(NO_FEED, "<html><body><p>The feed has moved to the attic.</p></body></html>")
    if ended:
        web.add(BRIDGE, status=410)
    for piece in out:
        # A page that fails on the first morning works on the second, but for a 404.
        gone = piece.status == 404 or (piece.status != 200 and day == 1)
        web.add(f"/{piece.slug}", _page(piece), status=piece.status if gone else 200)


def _rss(web: Web, path: str, out: list[Piece]) -> str:
    title, language = _TITLES[path]
    items = "".join(_item(web, piece) for piece in out if piece.outlet == path)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><language>{language}</language>{items}</channel></rss>"
    )


def _item(web: Web, piece: Piece) -> str:
    first = piece.text.split("\n")[0]
    whole = "" if piece.outlet == VALLEY else _paragraphs(piece)
    return (
        f"<item><title>{escape(piece.title)}</title><link>{web.url('/' + piece.slug)}</link>"
        f'<guid isPermaLink="false">{piece.slug}</guid>'
        f"<pubDate>{piece.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{escape(first[:70])} …</description>"
        f"<content:encoded>{escape(whole)}</content:encoded></item>"
    )


def _page(piece: Piece) -> str:
    return (
        f'<html lang="en"><head><title>{escape(piece.title)}</title></head><body><article>'
        f"<h1>{escape(piece.title)}</h1>{_paragraphs(piece)}<p>{_FURNITURE}</p>"
        "</article></body></html>"
    )


def _paragraphs(piece: Piece) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in piece.text.split("\n"))


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=UTC)


_FERRY = """\
North Korea has opened a ferry line between Wonsan and Rason, the first passenger service along \
its eastern coast in a generation, the harbour office in Pyongyang said on Tuesday.
The white ferry Mangyong leaves Wonsan at dawn and takes eleven hours to reach the free trade \
zone of Rason near the Russian border. Tickets are sold at railway stations and cost as much as \
a pair of shoes.
Fishermen along the coast were told to keep their nets away from the lane. The harbour office \
said that a second ship was being painted in the yard of Chongjin and would join the line when \
the typhoon season is over. Foreign visitors may not board the ferry for the time being."""
_FERRY_VALLEY = """\
A passenger ferry now runs between Wonsan and Rason on the eastern coast of North Korea, the \
harbour office in Pyongyang said on Tuesday.
The ferry Mangyong leaves Wonsan at dawn and reaches the free trade zone of Rason, near the \
Russian border, eleven hours later. Foreign visitors may not board for the time being, the \
harbour office said, and fishermen were told to keep their nets away.
A second ship is being painted in Chongjin and will join the line after the typhoon season."""
_FERRY_UPDATE = """\
The ferry line between Wonsan and Rason in North Korea was halted on Thursday after the ferry \
Mangyong ran onto a sandbank with 312 passengers on board, the harbour office in Pyongyang said.
Nobody drowned, but 27 passengers were treated for bruises in the hospital of Kimchaek, and two \
tugboats from Chongjin needed nine hours to pull the ship free.
The harbour office said that the captain had left the lane to avoid fishermen and their nets. \
The line along the eastern coast stays closed until divers have looked at the hull. Tickets \
bought at railway stations will be paid back, the office said, and the second ship in the yard \
of Chongjin will be finished sooner."""
_SEED = """\
North Korea has asked its neighbours for seed potatoes after the coldest spring in the northern \
provinces for forty years, farm officials in Pyongyang said on Tuesday.
Frost in the middle of May killed the first planting in the hills of Ryanggang, where potatoes \
are the main food. The officials spoke of eight thousand hectares that must be planted again \
before the rains.
A trader in the Chinese border town of Dandong said that the first lorries of seed had crossed \
the Yalu bridge. The farm officials said that soldiers would help with the planting and that \
schools in Ryanggang would close for a week so that pupils could work in the fields."""
_SCHOOLS = """\
Classrooms in three northern towns stayed empty on Wednesday. State radio in North Korea told \
parents to pack gloves, a bowl and a blanket, and to bring children to the square by six.
Sports days, an examination in music and the visit of an accordion orchestra were put off until \
autumn.
Teachers use the quiet to paint walls and to mend stoves, the announcer added."""
_HEAT = """\
Global warming has raised the mean temperature of the Senn valley by 2.1 degrees since records \
began, a climate report of the valley's weather service said on Tuesday.
The glacier above the village of Ort has lost a third of its ice, and the meadows below it are \
mown three weeks earlier than in the days of the first records.
The weather service asked the villages to plant shade trees and to store water for the late \
summer. It said that the cold lakes of the valley, which feed the mills and the fish farms, \
would warm more slowly than the air, but that trout would leave them within thirty years if the \
climate went on to change as it does."""
_HEAT_AGAIN = """\
The weather service of the Senn valley said in a climate report that global warming has raised \
the mean temperature of the valley by 2.1 degrees since the records began.
The glacier above Ort has lost a third of its ice, the report said, and meadows are mown three \
weeks earlier than in the first records.
The cold lakes of the valley would warm more slowly than the air, the weather service said, but \
trout would leave the lakes within thirty years. The villages were asked to store water for the \
late summer and to plant shade trees."""
_FUND = """\
Island states have asked the climate conference in Marlow for a fund that pays for sea walls \
before storms come rather than for repairs after them, their speaker said on Tuesday.
The fund would take one cent from each litre of ship fuel. Sea levels around the islands of Tamo \
have risen by the width of a hand since the harbour was built, the speaker said.
Delegates of the large shipping countries answered that a levy on fuel would have to be the same \
in every port. The conference in Marlow will vote on the sea wall fund on its last day, and the \
island states have promised to stay in the hall until it does."""
_DEICH = """\
Die Deiche an der Unterelbe sollen wegen des Klimawandels um achtzig Zentimeter höher werden, \
teilte die Hamburger Umweltbehörde am Dienstag mit.
Der Meeresspiegel steige schneller als noch vor zehn Jahren erwartet, hieß es. Für den \
Küstenschutz zwischen Wedel und Brunsbüttel stehen zunächst vierzig Millionen Euro bereit.
Bauern aus der Marsch fürchten, dass ihnen der breitere Fuß der Deiche Weideland nimmt. Die \
Behörde kündigte an, mit jedem Hof einzeln zu sprechen. Die Arbeiten beginnen nach der Ernte und \
sollen in sieben Jahren beendet sein. Bis dahin werden die Sperrwerke bei Sturmflut früher \
geschlossen als bisher."""
_EARTHS = """\
Rare earths worth more than the copper that was once dug there lie in the old mine tailings of \
Kell, the university of the town said on Tuesday.
Chemists washed forty samples from the grey hills behind the station and found neodymium in all \
of them. A small mine works could win the rare earths with citric acid, they said, without \
opening a new shaft.
The mayor of Kell said that nobody would touch the hills before the wells below them had been \
tested for a whole year. The university will show its results in the town hall on Saturday, and \
has asked former miners to bring their maps."""
_STOCKS = """\
Stocks of companies that refine rare earths rose for a third day on the exchange of Marlow, \
where brokers spoke of a mine that may open again in the east.
Shares of the refinery in Dorn closed a tenth higher, and two smaller companies had to halt the \
trade in their stocks for an hour in the afternoon.
The exchange said that it was looking at orders placed shortly before the news. Brokers warned \
that prices of rare earths had fallen as often as they had risen in the past, and that a mine \
needs ten years from the first map to the first lorry."""
_CHOIR = """\
The choir festival of Ort has found a new hall after the roof of the old one was damaged by snow \
in January, the organisers said on Tuesday.
Forty choirs will sing in the tannery by the river, which has a better sound than anybody had \
expected of it. The first evening belongs to the children of the valley schools.
Visitors are asked to bring cushions, since the benches come from the church and are made of \
oak. The organisers expect two thousand listeners on each of the three evenings and have hired \
the miller's boats to take them home along the river after the last song."""
_HIVES = """\
The Quillbees of Quill Lane have counted their hives after the winter, and only three of the \
ninety were empty, the keepers wrote in their letter to members.
The lime trees behind the chapel flower a week later than last year, so that the bees of Quill \
Lane will be taken to the clover fields of the abbey first.
Members who lend a cart for the move get a jar of the first honey. The keepers also ask for old \
frames, since the workshop has burnt the worst of them for warmth in February. The next letter \
will say when the swarm box in the chapel garden is opened to visitors."""
_BRIDGE = """\
Masons set the keystone of the third arch on Monday, and the river ran below it in the evening \
without taking a single scaffold plank along, the builders of the Old Bridge announced.
A pillar in the middle leans towards the mill since the great flood. Divers found its oak piles \
sound, though two had been gnawed by time and by boats that were moored to them.
Iron clamps from the foundry of Dorn will hold the pillar until autumn. An inn found the lost \
bell of the gatehouse behind its barrels; the innkeeper asked for nothing but a bench with a \
view of the water, which carpenters promised him by Sunday."""
_COURT = """\
A court in Dorn has ruled that the province must publish its greenhouse gas emissions twice a \
year, in a case that school classes had brought over the climate law.
The judges gave the government ninety days to name a bureau that counts what chimneys, stables \
and lorries let into the air. The pupils had gathered 5,400 signatures for their claim.
A minister called the ruling clear and said that he would not appeal. The school classes plan to \
hold a lesson on the steps of the court when the first figures come out in September, and have \
invited the judges to sit among them."""
_FREIGHT = """\
North Korea will let freight trains cross the river at Sinuiju every night from July on, the \
railway ministry in Pyongyang said on Thursday.
The bridge had carried one train a week since the pandemic. Customs officers from both banks \
have tested scales that weigh a moving wagon, the ministry said, and 64 wagons are waiting on \
the Chinese side.
Traders expect cement, flour and tyres to come first. The railway ministry said that drivers \
would change in the middle of the bridge, as they did until the nineties, and that a signal box \
from that time had been found to work after a night of cleaning."""
_MOOR = """\
Das Land Niedersachsen will für das Klima zwölf Moore wieder vernässen, sagte die \
Umweltministerin am Donnerstag in Hannover.
Trockene Moore setzen so viel CO2 frei wie der ganze Verkehr der Region. Gräben im Teufelsmoor \
werden noch in diesem Sommer mit Torf verschlossen, und 18 Landwirte haben zugesagt, dort künftig \
Schilf statt Mais zu ernten.
Für die neue Ernte gibt es bereits einen Abnehmer: Eine Fabrik in Verden presst aus dem Schilf \
Dämmplatten für Häuser. Naturschützer lobten den Plan, nannten das Tempo aber zu langsam, weil \
im Land noch mehr als hundert Moore trocken liegen."""
_MAGNETS = """\
A workshop in Lunde has built the first magnet from rare earths that were won from old \
loudspeakers alone, its engineers said on Thursday.
The magnet drives a pump in the public bath, which used to run on a motor from overseas. Six \
kilograms of loudspeakers gave enough metal for it, and the town collects them at the fire \
station.
The engineers want to take the mine out of the story altogether, they said: what lies in the \
attics of Lunde would last for ninety pumps. The rare earths are loosened with hydrogen, which \
turns the old magnets to powder within an afternoon, and pressed anew."""
_SWARM = """\
The Quillbees have opened the swarm box in the chapel garden, and the first swarm of the year \
moved in before noon, the keepers wrote to the members of Quill Lane.
Visitors may come on Sundays after the bell, in light clothes and without perfume. The clover \
fields of the abbey were kinder than in any year since the letter began.
The keepers thank the carter of the mill, who moved ninety hives in one night and was stung \
twice. The first jars of honey are given out on Midsummer Day, and whoever lent a cart may take \
theirs home a day earlier than the others."""

PIECES = (
    Piece(
        outlet=HARBOUR,
        slug="ferry",
        day=1,
        at=_at(3, 18),
        title="North Korea opens a ferry line between Wonsan and Rason",
        text=_FERRY,
    ),
    Piece(
        outlet=HARBOUR,
        slug="seed",
        day=1,
        at=_at(3, 19),
        title="North Korea asks its neighbours for seed potatoes",
        text=_SEED,
    ),
    Piece(
        outlet=HARBOUR,
        slug="heat",
        day=1,
        at=_at(3, 20),
        title="Climate report finds the Senn valley 2.1 degrees warmer",
        text=_HEAT,
    ),
    Piece(
        outlet=HARBOUR,
        slug="earths",
        day=1,
        at=_at(3, 17),
        title="Rare earths found in the old mine tailings of Kell",
        text=_EARTHS,
    ),
    Piece(
        outlet=HARBOUR,
        slug="stocks",
        day=1,
        at=_at(3, 16),
        title="Stocks of rare earths companies rise in Marlow",
        text=_STOCKS,
    ),
    Piece(
        outlet=HARBOUR,
        slug="choir",
        day=1,
        at=_at(3, 15),
        title="Choir festival of Ort moves into the tannery",
        text=_CHOIR,
    ),
    Piece(
        outlet=VALLEY,
        slug="ferry-valley",
        day=1,
        at=_at(3, 21),
        title="Passenger ferry runs between Wonsan and Rason in North Korea",
        text=_FERRY_VALLEY,
    ),
    Piece(
        outlet=VALLEY,
        slug="schools",
        day=1,
        at=_at(3, 20, 30),
        title="Empty classrooms in North Korea as children gather at six",
        text=_SCHOOLS,
    ),
    Piece(
        outlet=VALLEY,
        slug="fund",
        day=1,
        at=_at(3, 21, 30),
        title="Island states ask climate conference for a sea wall fund",
        text=_FUND,
    ),
    Piece(
        outlet=VALLEY,
        slug="lost",
        day=1,
        at=_at(3, 14),
        title="Climate talks of the valley councils end early",
        text=_CHOIR,
        status=404,
    ),
    Piece(
        outlet=VALLEY,
        slug="late",
        day=1,
        at=_at(3, 22),
        title="Court in Dorn orders the province to count its emissions",
        text=_COURT,
        status=503,
    ),
    Piece(
        outlet=HAFEN,
        slug="deich",
        day=1,
        at=_at(3, 20),
        title="Klimawandel: Deiche an der Unterelbe sollen höher werden",
        text=_DEICH,
    ),
    Piece(
        outlet=CIRCLE,
        slug="hives",
        day=1,
        at=_at(3, 12),
        title="Quillbees count their hives after the winter",
        text=_HIVES,
    ),
    Piece(
        outlet=BRIDGE,
        slug="arch",
        day=1,
        at=_at(3, 12),
        title="The third arch of the old bridge stands again",
        text=_BRIDGE,
    ),
    Piece(
        outlet=HARBOUR,
        slug="ferry-update",
        day=2,
        at=_at(5, 20),
        title="North Korea halts the ferry between Wonsan and Rason after it ran aground",
        text=_FERRY_UPDATE,
    ),
    Piece(
        outlet=HARBOUR,
        slug="freight",
        day=2,
        at=_at(5, 21),
        title="North Korea lets freight trains cross the bridge at Sinuiju every night",
        text=_FREIGHT,
    ),
    Piece(
        outlet=VALLEY,
        slug="heat-again",
        day=2,
        at=_at(5, 21),
        title="Senn valley is 2.1 degrees warmer, says climate report",
        text=_HEAT_AGAIN,
    ),
    Piece(
        outlet=HAFEN,
        slug="moor",
        day=2,
        at=_at(5, 20),
        title="Klimaschutz: Niedersachsen will zwölf Moore wieder vernässen",
        text=_MOOR,
    ),
    Piece(
        outlet=HARBOUR,
        slug="magnets",
        day=2,
        at=_at(5, 22),
        title="Workshop in Lunde makes a magnet from old loudspeakers",
        text=_MAGNETS,
    ),
    Piece(
        outlet=CIRCLE,
        slug="swarm",
        day=2,
        at=_at(5, 19),
        title="Quillbees open the swarm box in the chapel garden",
        text=_SWARM,
    ),
)
