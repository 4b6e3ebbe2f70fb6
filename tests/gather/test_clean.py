"""Article text without furniture: in eleven languages, flat and as an extractor left it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.pages.clean import clean_extracted, clean_text, is_caption

# Two paragraphs of an article, and lines that a page puts around and between them.
PAGES = {
    "en": (
        "The ferry line between the two banks opens again on Monday, the harbour office said, "
        "after eleven weeks in which everybody had to cross by the railway bridge.",
        "Two hundred people wrote to the mayor to ask for it. “We have waited long enough,” said "
        "the owner of the bakery on the eastern quay.",
        "By Anna Ort\nShare this article\nSign up to our newsletter for daily updates\n"
        "Advertisement 1Story continues below\nFollow us on Facebook, X and Instagram\n"
        "Read more: The bridge is painted green\n(Reporting by Anna Ort; Editing by Sam Velt)\n"
        "© 2026 Quay Media. All rights reserved.\nRelated stories\nTop stories on the Quay now\n"
        "Already a member? Sign in here",
    ),
    "de": (
        "Die Fähre zwischen den beiden Ufern fährt ab Montag wieder, wie das Hafenamt mitteilte; "
        "elf Wochen lang mussten alle über die Eisenbahnbrücke gehen.",
        "Zweihundert Menschen hatten den Bürgermeister darum gebeten. „Wir haben lange genug "
        "gewartet“, sagte die Besitzerin der Bäckerei am östlichen Ufer.",
        "Von Anna Ort\nArtikel teilen: per Mail an redaktion@kai.example\nAnzeige\n"
        "Lesen Sie auch: Die Brücke wird grün gestrichen\nFoto: Kai/dpa\nQuelle: kai.example\n"
        "Fehler gefunden? Jetzt melden.\nEmpfohlener redaktioneller Inhalt\n"
        "Das könnte Sie auch interessieren\nMehr zum Thema\nJetzt abonnieren und weiterlesen",
    ),
    "fr": (
        "La liaison entre les deux rives reprend lundi, a annoncé la capitainerie, après onze "
        "semaines pendant lesquelles il fallait traverser par le pont du chemin de fer.",
        "Deux cents personnes avaient écrit au maire pour la demander. « Nous avons assez "
        "attendu », a dit la patronne de la boulangerie du quai de l'Est.",
        "Par Anna Ort\nPublicité\nPasser la publicité\nPartager\n"
        "Lire aussi : Le pont sera peint en vert\nCrédit photo : Quai Médias\n"
        "Inscrivez-vous à notre lettre du matin\nSur le même sujet\nLes plus lus\n"
        "Abonnez-vous pour lire la suite",
    ),
    "es": (
        "La línea entre las dos orillas vuelve a abrir el lunes, dijo la oficina del puerto, "
        "después de once semanas en que todos cruzaban por el puente del ferrocarril.",
        "Doscientas personas escribieron al alcalde para pedirlo. «Ya hemos esperado bastante», "
        "dijo la dueña de la panadería del muelle oriental.",
        "Por Anna Ort\nPublicidad\nCompartir\nLea también: El puente se pinta de verde\n"
        "Foto: Muelle Medios\nSuscríbete para seguir leyendo\nNoticias relacionadas\n"
        "Lo más leído\nTu suscripción se está usando en otro dispositivo",
    ),
    "pt": (
        "A linha entre as duas margens volta a abrir na segunda-feira, disse a capitania, depois "
        "de onze semanas em que todos atravessavam pela ponte da ferrovia.",
        "Duzentas pessoas escreveram ao prefeito para pedir isso. “Já esperamos o bastante”, "
        "disse a dona da padaria do cais oriental.",
        "Por Anna Ort\nPublicidade\nContinua depois da publicidade\nCompartilhar\n"
        "Leia também: A ponte é pintada de verde\nFoto: Cais Mídia\n"
        "Receba as notícias no seu celular\nNotícias relacionadas\nMais lidas\n"
        "Assine para continuar lendo",
    ),
    "it": (
        "La linea tra le due rive riapre lunedì, ha detto la capitaneria, dopo undici settimane "
        "nelle quali tutti dovevano attraversare il ponte della ferrovia.",
        "Duecento persone avevano scritto al sindaco per chiederlo. «Abbiamo aspettato "
        "abbastanza», ha detto la padrona del forno sulla banchina orientale.",
        "Di Anna Ort\nPubblicità\nCondividi\nLeggi anche: Il ponte si tinge di verde\n"
        "Foto: Banchina Media\n© Riproduzione riservata\nArticoli correlati\n"
        "Iscriviti alla nostra newsletter del mattino",
    ),
    "ru": (
        "Паром между двумя берегами снова пойдёт в понедельник, сообщили в управлении порта: "
        "одиннадцать недель всем приходилось ходить по железнодорожному мосту.",
        "Двести человек написали об этом мэру города. «Мы ждали достаточно долго», — сказала "
        "хозяйка пекарни на восточной набережной, у которой теперь будет больше покупателей.",
        "Реклама\nПоделиться\nЧитайте также: Мост покрасят в зелёный цвет\n"
        "Фото: Анна Орт / Набережная\nПодписывайтесь на наш телеграм-канал\n"
        "Материалы по теме\nСамое читаемое",
    ),
    "ko": (
        "두 강변을 잇는 나룻배가 월요일부터 다시 다닌다고 항만청이 밝혔다. 지난 열한 주 동안 "
        "주민들은 철교를 걸어서 건너야 했다.",
        "주민 이백 명이 시장에게 편지를 보내 운항을 요청했다. 동쪽 부두의 빵집 주인은 이제 손님이 "
        "돌아올 것이라며 기뻐했다.",
        "안나 기자 anna@quay.example\n공유하기\n광고\n사진=연합뉴스\n[사진=부두신문 제공]\n"
        "▶ 다리는 초록색으로 칠해진다\n관련 기사\n많이 본 뉴스\n"
        "저작권자 ⓒ 부두신문, 무단 전재 및 재배포 금지",
    ),
    "ja": (
        "二つの岸を結ぶ渡し船が月曜日から再び運航すると港湾局が発表した。この十一週間、"
        "住民は鉄道橋を歩いて渡らなければならなかった。",
        "住民二百人が市長に手紙を書き、再開を求めていた。東の岸のパン屋の主人は、"
        "これで客が戻ってくると喜んでいる。",
        "シェア\n広告\n写真：岸壁新聞\n【初回キャンペーン】今なら2カ月間無料、詳しくはこちら\n"
        "この記事は有料会員限定です\nあわせて読みたい\n関連記事\n無断転載を禁じます",
    ),
    "zh": (
        "港务局宣布，连接两岸的渡船将于星期一恢复航行。在过去的十一个星期里，"
        "居民们只能步行穿过铁路桥才能到达对岸。",
        "两百名居民曾写信给市长，要求恢复航行。东码头面包店的老板说，"
        "客人们终于可以回来了，她为此感到十分高兴。",
        "分享\n广告\n图片：码头传媒\n责任编辑：王安\n来源：码头日报\n相关阅读\n热门新闻\n"
        "扫一扫，手机看新闻",
    ),
    "ar": (
        "يعود خط العبارة بين الضفتين إلى العمل يوم الاثنين، كما أعلن مكتب الميناء، بعد أحد عشر "
        "أسبوعا اضطر فيها الجميع إلى عبور جسر السكة الحديد.",
        "وكتب مئتا شخص إلى رئيس البلدية يطلبون ذلك. وقالت صاحبة المخبز على الرصيف الشرقي إنها "
        "انتظرت طويلا وإن الزبائن سيعودون الآن.",
        "مشاركة\nإعلان\nالصورة: رصيف ميديا\nاقرأ أيضا: الجسر يطلى بالأخضر\nمواضيع ذات صلة\n"
        "الأكثر قراءة\nاشترك الآن في نشرتنا",
    ),
}
EN, EN2, EN_FURNITURE = PAGES["en"]


@pytest.mark.parametrize("language", PAGES)
def test_a_flat_page_is_left_with_its_article(language):
    first, second, furniture = PAGES[language]
    head, tail = furniture.split("\n", 1)
    assert clean_text(f"{head}\n{first}\n{second}\n{tail}", language) == f"{first}\n{second}"


@pytest.mark.parametrize("language", PAGES)
def test_what_an_extractor_left_is_taken_away(language):
    first, second, furniture = PAGES[language]
    for line in furniture.split("\n"):
        assert clean_extracted(f"{first}\n{line}\n{second}") == f"{first}\n{second}", line


def test_a_box_of_other_stories_between_paragraphs_costs_an_article_nothing():
    text = f"{EN}\nRelated stories\nThe bridge is painted green\n{EN2}"
    assert clean_extracted(text).split("\n")[-1] == EN2
    assert clean_text(f"{text} {EN}").split("\n")[-1] == f"{EN2} {EN}"


@pytest.mark.parametrize(
    "line",
    [
        "Sign up sheets hung on every door of the town hall, and by noon the first was full.",
        "Related matters were left to the court, which sits again in the second week of May.",
        "Share prices fell by a third before trading was halted on Thursday afternoon.",
        "Watch duty on the dam is kept by four men, who change places every six hours.",
        "Photos of the flood show the market under two metres of water.",
        "Follow-up talks are to be held in Geneva before the end of the month.",
        "Get out, the captain told his crew, and they did so without another word.",
        "Source of the river and the whole upper valley belong to the neighbouring province.",
        "Quellen in der Regierung sagten, der Vertrag werde noch in diesem Jahr unterschrieben.",
        "Die Anzeige wurde am Montag erstattet, wie die Staatsanwaltschaft bestätigte.",
        "Фотографии наводнения показывают, что рынок стоит под водой.",
        "Most popular of all was the morning boat, with two hundred people aboard.",
        "More news from the valley is expected on Friday, the ministry said.",
        "Keep in mind that the headlines of that week told another story.",
        "Whoever saw the boat is asked to write to harbour@police.example.",
        "All rights reserved for the islanders since 1850 end with the new law.",
        "Copyright on the song belongs to the widow of the miner, the judge ruled.",
        "Lesen Sie mehr Bücher, riet die Bibliothekarin den Kindern der Schule.",
        "Mehr Informationen zu dem Unfall gab die Polizei am Montag nicht bekannt.",
        "Zobacz także drugą stronę medalu, poradził radnemu stary sędzia.",
        "Published in 1894, the book was forgotten for a hundred years and more.",
    ],
)
def test_a_sentence_that_begins_like_furniture_stays(line):
    assert clean_text(f"{EN}\n{line}\n{EN2}") == f"{EN}\n{line}\n{EN2}"
    assert clean_extracted(f"{EN}\n{line}\n{EN2}") == f"{EN}\n{line}\n{EN2}"


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("The quay at dawn. (The quay at dawn.)", True),
        ("Кран в порту (Кран в порту)", True),
        ("부두의 아침 풍경 사진입니다（부두의 아침 풍경 사진입니다）", True),
        ("Workers at the Velt mine (Anna Ort/AFP)", True),
        ("A crane in the harbour | Getty Images", True),
        ("The union (which has 9,000 members) agreed.", False),
        ("It was reported first by the agency Reuters, which spoke to both sides.", False),
    ],
)
def test_a_caption_is_known_by_its_double_or_its_credit(line, caption):
    assert is_caption(line) is caption


def test_sub_headings_and_short_answers_stay_inside_an_article():
    text = f"{EN}\nA bakery waits\n{EN2}\n“Yes.”\n{EN} Again."
    assert clean_text(text) == text
    assert clean_extracted(text) == text


def test_lists_of_other_titles_behind_the_article_go():
    tail = "The bridge is painted green\nA crane for the eastern quay\nMayor meets bakers"
    assert clean_text(f"{EN}\n{EN2}\n{tail}") == f"{EN}\n{EN2}"


def test_a_line_that_is_only_a_link_goes_and_a_sentence_in_a_link_stays():
    title = "The bridge is painted green"
    text = f"{EN}\n- {title}\n{EN2}"
    assert clean_extracted(text, pointers={title, EN2}) == f"{EN}\n{EN2}"
    assert clean_extracted(text) == f"{EN}\n{title}\n{EN2}"


def test_a_standfirst_without_a_stop_stays_and_only_a_known_title_goes():
    title = "Ferry opens again"
    standfirst = "After eleven weeks of walking, the two banks have their boat back from Monday"
    text = f"{title}\n{standfirst}\n{EN}\n{EN2}"
    assert clean_extracted(text, titles={title}) == f"{standfirst}\n{EN}\n{EN2}"
    assert clean_extracted(text) == text


def test_a_paragraph_told_twice_is_told_once():
    assert clean_extracted(f"{EN}\n{EN2}\n{EN}") == f"{EN}\n{EN2}"


def test_invisible_characters_are_no_part_of_a_line():
    assert clean_text("\ufeff" + EN.replace("ferry", "fer\u00adry\u200b")) == EN


@pytest.mark.parametrize("text", ["", " \n\t\n", "Share\nAdvertisement", "\x00\x01", "..."])
def test_nothing_of_an_article_is_nothing(text):
    assert clean_extracted(text) == ""
    assert clean_text(text) in {"", "..."}


@given(st.text(max_size=400))
def test_any_text_ends_and_cleaning_again_changes_nothing(text):
    for clean in (clean_text, clean_extracted):
        once = clean(text)
        assert clean(once) == once


@given(st.lists(st.sampled_from([EN, EN2, *EN_FURNITURE.split("\n"), "A bakery waits"])))
def test_no_paragraph_is_lost_however_lines_are_shuffled(lines):
    kept = clean_extracted("\n".join(lines)).split("\n")
    assert {EN, EN2} & set(lines) == {EN, EN2} & set(kept)


def test_a_long_line_of_brackets_is_looked_at_in_no_time():
    line = "a quay (and a ship " * 5_000
    assert not is_caption(line.strip())
    assert clean_text(line) == line.strip()


def test_a_last_sentence_behind_a_box_of_other_stories_stays():
    last = "The first boat leaves on 1 May at nine in the morning."
    assert clean_extracted(f"{EN}\n{EN2}\nMore from the harbour:\n{last}").split("\n")[-1] == last
    assert clean_extracted(f"{EN}\n{EN2}\nRelated stories\nBridge stays shut") == f"{EN}\n{EN2}"
    offer = "Read the news of a hundred harbours, chosen every morning just for you."
    assert clean_extracted(f"{EN}\n{EN2}\nSign up to read this article\n{offer}") == f"{EN}\n{EN2}"
