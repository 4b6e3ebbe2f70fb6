"""Kinds of lines of a page in many languages, beside news that looks like them.

They were written before the rules were tried on them: 52 of the 60 lines fell, 29 of the 30 news
stayed. What did not was mended by its kind.
"""

import pytest

from summarizers.guard import Guard
from summarizers.terms import find_words


def is_fit(language, text):
    return Guard(language).judge(text, find_words(text), opens=True).is_fit


UNFIT = [
    # no finite verb
    ("de", "Wohnungsbau, Verkehr, Kinderbetreuung und neuer Marktplatz."),
    ("de", "Beste Lage mit großzügigem Balkon und Blick auf den Hafen."),
    ("en", "Housing, transport and a new market square."),
    ("en", "Compatible with all phones and tablets from 2019."),
    ("fr", "Logement, transport, garde d'enfants et nouvelle place du marché."),
    ("es", "Vivienda, transporte, guarderías y nueva plaza del mercado."),
    ("it", "Casa, trasporti, asili nido e nuova piazza del mercato."),
    ("nl", "Woningbouw, verkeer, kinderopvang en een nieuw marktplein."),
    ("ko", "새 시장 광장 건설 계획의 배경."),
    ("sv", "Bostäder, kollektivtrafik, barnomsorg och ny idrottsplats."),
    # a subordinate clause alone
    ("de", "Weil der Hafen von Velt im Winter oft zufriert."),
    ("en", "Because the harbour of Velt often freezes in winter."),
    ("fr", "Parce que le port de Velt gèle souvent en hiver."),
    ("pl", "Ponieważ port w Velt zimą często zamarza."),
    ("ru", "Потому что порт Вельта зимой часто замерзает."),
    ("id", "Karena pelabuhan Velt sering membeku pada musim dingin."),
    # the page itself
    ("en", "In this guide we look at five ways to get to the island."),
    ("en", "As the chart below shows, the harbour has grown for ten years."),
    ("de", "In diesem Ratgeber stellen wir die schönsten Wege zur Insel vor."),
    ("de", "Wie die Grafik zeigt, ist der Hafen seit zehn Jahren gewachsen."),
    ("fr", "Dans cette vidéo, le capitaine présente les cabines du nouveau ferry."),
    ("fr", "Le tableau ci-dessous donne les horaires du ferry de Velt."),
    ("es", "En este artículo te explicamos cómo llegar a la isla de Velt."),
    ("it", "In questa guida vediamo come si arriva all'isola di Velt."),
    ("pt", "Neste artigo, você vai conhecer a história do porto de Velt."),
    ("nl", "In dit artikel lees je hoe je op het eiland van Velt komt."),
    ("pl", "W tym artykule dowiesz się, jak dotrzeć na wyspę Velt."),
    ("tr", "Bu yazıda Velt adasına nasıl gidileceğini anlatıyoruz."),
    ("ru", "В этой статье мы расскажем, как добраться до острова Вельт."),
    ("id", "Dalam artikel ini kami akan membahas cara menuju pulau Velt."),
    ("vi", "Trong bài viết này, chúng tôi hướng dẫn cách đến đảo Velt."),
    ("ja", "この記事では、ベルト島への行き方を紹介します。"),
    ("zh", "本文将介绍前往韦尔特岛的五种方法。"),
    ("ar", "في هذا المقال نتعرف على طرق الوصول إلى جزيرة فيلت."),
    ("hi", "इस लेख में हम वेल्ट द्वीप तक पहुंचने के रास्ते बताएंगे।"),
    # told what to do
    ("en", "Make sure your tickets are printed before you reach the pier."),
    ("de", "Nehmen Sie den Zug bis Velt und steigen Sie dort in die Fähre um."),
    ("fr", "Pensez à réserver votre place sur le ferry avant l'été."),
    ("ru", "Покупайте билеты на паром заранее и приходите за час."),
    ("ko", "표는 미리 사고 한 시간 전에 부두로 오세요."),
    ("ja", "切符は早めに買い、一時間前に港へ来てください。"),
    # footnotes
    ("en", "The harbour[3] was built in the reign of Queen Ada."),
    ("de", "Der Hafen¹ wurde unter Königin Ada gebaut."),
    ("zh", "韦尔特港[2]建于阿达女王时期，全长三公里。"),
    ("en", "The har- bour was built in the reign of Queen Ada."),
    # authors and correspondents
    ("en", "Mara Holm is our transport correspondent."),
    ("de", "Mara Holm ist unsere Korrespondentin im Norden."),
    ("fr", "Mara Holm est notre correspondante à Velt."),
    ("es", "Mara Holm es nuestra corresponsal en el norte."),
    ("ru", "Специальный корреспондент «Вестника» Мара Хольм выясняла, кто строит порт."),
    ("de", "Unsere Reporterin Mara Holm hat sich auf der neuen Fähre umgesehen."),
    # sold
    ("en", "Order now and get 20% off all raincoats with free delivery."),
    ("de", "Jetzt bestellen und 20 Prozent Rabatt auf alle Regenjacken sichern."),
    ("es", "Compra ahora tu chubasquero con 20 % de descuento y envío gratis."),
    ("pl", "Zamów już dziś kurtkę z rabatem 20% i darmową dostawą."),
    ("tr", "Hemen sipariş verin, tüm yağmurluklarda yüzde 20 indirimi kaçırmayın."),
    ("vi", "Đặt hàng ngay hôm nay để được giảm 20% và miễn phí giao hàng."),
    ("ko", "지금 주문하면 모든 비옷 20% 할인에 무료배송."),
    ("ar", "اطلب الآن واحصل على خصم 20% وتوصيل مجاني لكل المعاطف."),
    ("fr", "« À lire aussi : le ferry de Velt reprend la mer »"),
]

NEWS = [
    ("en", "A guide to the island, printed in 1890, was sold for 4,000 marks."),
    ("en", "Because of ice the ferry to Velt stayed in harbour on Monday."),
    ("en", "The table shows that rents rose, the ministry wrote in its report."),
    ("en", "Under section (2) of the act the harbour may be closed."),
    ("en", "The field of 40 km² belongs to the town of Velt."),
    ("en", "The shop gave 20% off to pensioners until a court stopped it."),
    ("en", "Make or break talks on the ferry start in Velt on Monday."),
    ("en", "The minister told our reporters that the ferry will be sold."),
    ("de", "Weil der Hafen zufror, blieb die Fähre am Montag im Dock."),
    ("de", "Die Vor- und Nachteile des Hafens sollen im Rat beraten werden."),
    ("de", "Haus, Hof und Hafen gingen an die Stadt Velt."),
    ("de", "Der Artikel des Grundgesetzes schützt auch den Hafen von Velt."),
    ("de", "Im Video ist zu sehen, wie die Fähre an den Pfeiler stößt."),
    ("fr", "Suez a vendu mardi ses parts dans le port de Velt."),
    ("fr", "Le maire, le préfet et la ministre signent mardi l'accord."),
    ("fr", "La ville, le port et la région paient chacun un tiers."),
    ("es", "El alcalde, la ministra y el sindicato firman el acuerdo."),
    ("es", "La naviera compra la empresa rival con un 20 % de descuento."),
    ("it", "Il sindaco, la ministra e il sindacato firmano l'accordo."),
    ("pl", "Wyjście z portu zamknięto w poniedziałek z powodu lodu."),
    ("ru", "Порт Вельта закрыт с понедельника, потому что море замёрзло."),
    ("ru", "Об этом сообщил корреспондент агентства в Вельте."),
    ("ko", "시는 새 시장 광장을 내년 3월에 연다고 10일 밝혔다."),
    ("ko", '시장은 "표를 미리 사 주세요"라고 말했다.'),
    ("tr", "Velt limanı pazartesi günü buz nedeniyle kapatıldı."),
    ("vi", "Cửa hàng bị phạt vì niêm yết giảm 20% sai sự thật."),
    ("id", "Karena laut membeku, pelabuhan Velt ditutup sejak Senin."),
    ("ja", "市長は新しい港を来年3月に開くと10日に発表した。"),
    ("zh", "市政府周一宣布，韦尔特港明年三月开放。"),
    ("nl", "De burgemeester, de minister en de bond tekenen het akkoord."),
]


@pytest.mark.parametrize(("language", "text"), UNFIT)
def test_a_line_of_the_page_is_unfit(language, text):
    assert not is_fit(language, text)


@pytest.mark.parametrize(("language", "text"), NEWS)
def test_news_that_looks_like_it_is_fit(language, text):
    assert is_fit(language, text)
