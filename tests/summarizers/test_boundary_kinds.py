"""Where sentences end, by kind of stop. In the texts a stroke stands where a sentence begins."""

import json
from pathlib import Path

import pytest

import summarizers
from summarizers import split_sentences

KINDS = {
    "a time before a title, a name or a new sentence": [
        ("en", "At 5 a.m. Mr. Ort went to the bank.| He left at 6 p.m.| Mr. Ort then went home."),
        ("en", "On Monday at 6 a.m. Anna Lund arrived.| She was late."),
        ("en", "8:15 a.m. Police reach the bridge."),
        ("en", "At 9 a.m. Dr. Ort spoke, and at 10 a.m. Prof. Lund did."),
        ("en", "It reads: At 5 a.m. Orun slept.| Then it rained."),
        ("en", "The store shut at 11 p.m.| Neighbours heard a bang."),
        ("en", "The meeting begins at 7 p.m. Tuesday in the hall.| Bring water."),
        ("en", "He called from 10 p.m. Aug. 9 on.| Nobody answered."),
        ("en", "The flight left at 6 p.m. London time.| It came at 9 p.m. GMT."),
        ("en", "He watched the 8 p.m. News on Monday.| Then he slept."),
        ("da", "At 5 a.m. Mr. Ort left.| Det regnede."),
    ],
    "an era or a degree": [
        ("en", "The wall dates to 50 A.D.| Orunius built it."),
        ("en", "In 44 B.C. Orunius died.| The city mourned."),
        ("en", "A.D. 79 was a bad year.| It rained."),
        ("en", "She has a Ph.D.| Anna teaches in Orun."),
        ("en", "Anna Lund, M.D., said so.| He left."),
    ],
    "an initial by the name of its Latin letter": [
        ("ar", "افتتح جون إف. أورت الجسر.| ثم غادر جي. دبليو. لوند المدينة."),
        ("fa", "جان اف. اورت پل را گشود.| جی. لوند رفت."),
    ],
    "an abbreviated country": [
        ("en", "In the U.S. President Ort is well known.| He sings."),
        ("en", "He lives in the U.S.| The law is old."),
        ("en", "The firm is in Velby, MD.| The town is small."),
    ],
    "an address": [
        ("en", "Write to jane.Ort@mail.example.| She answers."),
        ("en", "See www.Orun.Example for more.| It is free."),
        ("en", "He shops at Velby.Com daily.| She does not."),
        ("en", "The bridge was closed.The ferry sails.".replace(".The", ".|The")),
    ],
    "stops with spaces between them": [
        ("en", "Why now ? . . .| Nobody knows."),
        ("en", "Stop that ! ! !| Anna left."),
        ("en", "He was . . . well, what I mean . . . I did not want it.| She left."),
        ("en", "The list ends there . . . .| Next came the dam."),
        ("en", "It aired on Bravo ! .| He saw it ."),
        ("en", "The rest is cream. , It is sweet.| He ate."),
    ],
    "units and numbers": [
        ("en", "The bag held 2 lb. 4 oz. of nuts.| It tore."),
        ("en", "See Eq. 4 of the report.| The room has 12 sq. ft.| Paint it."),
        ("en", "The pole is 5 ft.| Anna measured it."),
        ("en", "You find it at N°. 1026.25.| That is the place."),
        ("da", "Se p. 55.| Det er der."),
        ("vi", "Gạo tăng 250 đồng/kg.| Giá lúa giảm.| Nhà cách đây 20 m.| Trời mưa."),
        ("vi", "Anh đến vào ngày 22/5.| 38 người đi cùng."),
        ("ru", "Цена 5 тыс. руб.| Покупатели недовольны."),
    ],
    "ordinals": [
        ("sk", "Most otvorili 3. Októbra 2019.| Stojí."),
        ("sk", "Veliteľ XII. Pluku odišiel.| Prišiel iný."),
        ("tr", "2. Orun Savaşı bitti, dün 3. Ordu geldi.| Herkes sevindi."),
        ("de", "Sie kam auf Platz 3.| Orun gewann 3-2.| Velby schied aus."),
        ("no", "I går vant Orun IL.| Kampen var god."),
        ("en", "He died at the age of 27.| The 1965 guitar was his."),
    ],
    "items of a list": [
        ("en", "1. Bread is dear| 2. Milk is cheap| 3. Eggs are scarce"),
        ("de", "5/84: 19. April, 6/84: 18. Mai usw.| Auf der Seite steht mehr."),
        ("en", "1.) Bread is dear.| 2.) Milk is cheap."),
        ("en", "a) Bread is dear| b) Milk is cheap"),
        ("en", "• Bread is dear| • Milk is cheap"),
        ("en", "⁃9. Bread is dear| ⁃10. Milk is cheap"),
        ("de", "1. Mai ist Feiertag, am 2. Mai wird gearbeitet.| Dann nicht."),
        ("ru", "Вот список: 1.хлеб, 2.сыр, 3.рис."),
    ],
    "initials": [
        ("en", "The car was driven by Jonathan P. Hale, 29, of Velby.| He was unhurt."),
        ("en", "It was you and I.| Did you see Albert I. Lund?"),
        ("en", "The plan of J. K. Ort Jr. failed.| He left."),
        ("ka", "წიგნი დაწერა ა. ორუნელმა.| ის ძველია."),
        ("ml", "പുസ്തകം എം. കെ. രാജൻ എഴുതി.| അത് പഴയതാണ്."),
    ],
    "words that end in one letter": [
        ("en", "He can't.| They won't.| Velby isn't.| Orun's.| Berta left."),
        ("vi", "Gia đình không đồng ý.| Chiều nay họ đến."),
    ],
    "names with a mark": [
        ("en", "It is new, said a report by V! News.| The two have left."),
        ("es", "La cadena ¡Velbo! Mercados cierra.| ¡Qué pena!| Ana llora."),
        ("en", "She works at Velbo! in the press office.| He does not."),
        ("vi", "Hòm thư của Velbo! Mail mới rất đẹp.| Trời mưa."),
        ("en", "He works at Guess? Inc. in Orun.| She does not."),
        ("en", "Will he go to Orun?| Officials say no."),
        ("en", "Well done, Anna!| Bob cried."),
        ("de", "Endlich sind Ferien!| Kinder jubeln.| Das ist ein Fest!| Orun feiert."),
        ("ja", "オルン隊。が公演した。| 満員だった。"),
    ],
    "what goes on": [
        ("en", "He joined Com. & Adm. in 1999.| She left."),
        ("en", "Roses are red. / Violets are blue.| He sang."),
        ("en", "“It is over.” (Ort 55).| Then it rained."),
        ("en", "“He [...] used it [...]” (Ort 55).| Then it rained."),
        ("en", "It is a gas. [1][2]| It has no colour."),
        ("en", "“Good morning!” Anna exclaimed.| The door closed."),
        ("it", "«Perché?» Anna Ort disse.| Poi piovve."),
    ],
    "quotations": [
        ("en", "He said ‘We won. We won it all,’ and left.| She stayed."),
        ("en", "He said 'We won. We won it all,' and left.| She stayed."),
        ("en", "The workers' union met.| It's over, they said.| 'We won,' Anna cried."),
        ("en", "He made purses as a ' Maistre . '| He drew maps."),
        ("en", "' Go , ' she wrote .| ' Why not ?"),
        ("en", "A '' wizard . In '' Chaos '' , he wins .".replace("In", "| In")),
        ("sk", "„Prší stále. Nikto nejde,“ povedal starosta.| Most stojí."),
    ],
    "marks of other scripts": [
        ("hy", "Նա եկավ 10:30-ին:| Քաղաքը քնած էր:"),
        ("hy", "Նախարարն ասաց. «Ջուր կա»:| Նա գնաց:"),
        ("am", "ደህና ነህ፧|ድልድዩ ተከፈተ።|ውሃ አለ፡፡| ሰው የለም::| እሺ።"),
        ("ka", "ხიდი გაიხსნა.| ქალაქი ხარობს."),
        ("kk", "Кітап ғасырдың басында жазылды.|XVIII ғасыр еді."),
    ],
    "abbreviations of many languages": [
        ("de", "Dr. med. Anna Ort leitet die kath. Klinik.| Sie ist neu."),
        ("fr", "M. Ort et Mme Lund vivent av. Foch, n° 5.| Il a vu le vol.| Paris dort."),
        ("es", "El Dr. Ort llegó a las 5 p. m.| La policía lo esperaba en la Av. Sur."),
        ("it", "L'avv. Ort e lo psicol. Lund scrivono al Dir. Amm. di Velby.| Piove."),
        ("pt", "A Profa. Ana mora na R. Sul, n.º 5.| É velha."),
        ("nl", "De gem. Velby heeft o.a. scholen, d.w.z. veel.| Het is stil."),
        ("pl", "Spółka Ort sp. z o.o. ma 40 osób, tj. mało.| To sen.| On śpi."),
        ("cs", "Ing. Ort bydlí v ul. Dlouhé č. 5.| Karel IV. Ort také."),
        ("ru", "В пгт. Орун живёт проф. Иванов.| До сих пор.| Москва молчит."),
        ("uk", "Стаття вийшла в журн. «Орун».| Див. стор. 15."),
        ("bg", "Пл. „Орун“ е затворен.| Той дойде пак.| Орун спи."),
        ("el", "Ο κ. Ορτ μένει στην οδ. Λίμνης αρ. 5.| Είναι παλιά."),
        ("sv", "Bolagets vd.| Hon heter Anna, f.d. domare m.m.| Hon är ny."),
        ("hu", "A vásár 10 napig tart.| Velby örül dr. Ort úrnak."),
        ("tr", "Doç. Dr. Ayşe Ort geldi.| Adalet onun hakkıdır."),
        ("nb", "Statsråd Ort fikk bl.a. 3 mill. kroner.| Hun takket."),
    ],
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(language, text, id=f"{kind} {number}")
        for kind, texts in KINDS.items()
        for number, (language, text) in enumerate(texts)
    ],
)
def test_stops_of_each_kind_are_told_apart(language, text):
    sentences = [sentence.strip() for sentence in text.split("|")]
    plain = text.replace("|", "")
    assert [plain[start:end] for start, end in split_sentences(plain, language)] == sentences


def test_an_abbreviation_is_of_one_kind_in_its_language():
    path = Path(summarizers.__file__).parent / "data" / "abbreviations.json"
    for language, words in json.loads(path.read_text("utf-8")).items():
        lists = [words.get(kind, "").split() for kind in ("before", "either", "closing", "moment")]
        flat = [word for one in lists for word in one]
        assert len(flat) == len(set(flat)), language
        assert not any(word.endswith(".") or word != word.lower() for word in flat), language


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        ". ",
        "! ? ",
        "' ",
        '" ',
        "‘a. ",
        " '' .",
        "a.B@",
        "1. A 2. ",
        "• ",
        "5 a.m. ",
        "[1] .",
        "X! Y ",
    ],
)
def test_hostile_runs_are_split_in_linear_time(piece):
    assert split_sentences("He said so. " + piece * 100_000, "en")


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("de", "Die Liste Vorwärts! Orunstadt hat die Wahl gewonnen.", 1),
        ("de", "Es lebe die Liste! Orunstadt hat gewählt.", 2),
        ("fr", "Le collectif Agir ! Orun a gagné son procès.", 1),
        ("fr", "Quel but de Holm ! Orun mène au score.", 2),
        ("de", "Die Region D.O.Ca. Velt liegt im Norden.", 1),
        ("pl", "Kupiono m.in. Dom Kultury w Orunie.", 1),
    ],
)
def test_names_with_a_mark_and_short_designations_go_on(language, text, count):
    assert len(split_sentences(text, language)) == count
