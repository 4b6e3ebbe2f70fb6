"""Pages that stand in an article's place, in many languages, and articles about such pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.errors import NotAnArticle
from bot.gather.pages.blocks import blocks
from bot.gather.pages.extract import extract_article
from bot.gather.pages.walls import addresses_reader, is_front, is_wall

URL = "https://quay.example/2026/11/20/ferry"

# A headline and the lines below it, by kind and language.
WALLS = {
    "consent en": (
        "Your privacy",
        "We and our partners store small files on your device and read them, so that we can show "
        "you advertising which suits you and count who has seen it on our pages.",
        "With one click you can accept all of it, or refuse it. You can change your consent "
        "on our site at any time, in the privacy settings at the end of each page.",
    ),
    "consent de": (
        "Ihre Einwilligung",
        "Wir und unsere Partner legen Cookies auf Ihrem Gerät ab und lesen sie aus, um Ihnen "
        "Werbung zu zeigen, die zu Ihnen passt. Dafür brauchen wir Ihre Zustimmung.",
        "Sie können Ihre Einwilligung auf unserer Seite jederzeit ändern. Wenn Sie nicht "
        "zustimmen möchten, können Sie unsere Seiten mit einem Abo ohne Werbung lesen.",
    ),
    "consent fr": (
        "Votre consentement",
        "Nous et nos partenaires déposons des cookies sur votre appareil et les relisons, afin de "
        "vous montrer de la publicité qui vous convient. Nous avons besoin de votre accord.",
        "Vous pouvez accepter ou refuser d'un clic. Votre consentement vaut pour notre site, et "
        "vous pouvez le retirer quand vous voulez, en bas de chaque page.",
    ),
    "consent ja": (
        "クッキーについて",
        "当社のサイトでは、お客様の端末にクッキーを保存しています。広告の表示のため、"
        "お客様の同意をお願いします。",
        "同意されない場合は、ブラウザの設定でクッキーを無効にしてください。"
        "設定はこのページからいつでも変更していただけます。"
        "サイトの利用を続けるには、下のボタンをクリックしてください。",
    ),
    "robot en": (
        "One moment, please",
        "We are checking whether you are a human before you can open the page. This takes a few "
        "seconds, and your browser will go on to the site by itself.",
        "If nothing happens, please enable JavaScript and cookies in your browser and reload the "
        "page. If you need help, send us an e-mail with the address of the page.",
    ),
    "robot tr": (
        "Robot musunuz?",
        "Karşımızda bir insan olduğundan emin oluyoruz. Bu kontrol birkaç saniye sürer ve ardından "
        "sayfa kendiliğinden açılır.",
        "Ağınızdan alışılmadık sayıda istek geldi. Robot olmadığınızı doğrulamak için çerezlere ve "
        "JavaScript’e izin verin.",
    ),
    "robot ja": (
        "確認しています",
        "お使いのネットワークから多くのアクセスがありました。ロボットではないことを確認するため、"
        "下のボックスにチェックを入れてください。",
        "確認が終わるとページが表示されます。表示されない場合は、JavaScriptとCookieを有効にして"
        "再読み込みしてください。",
    ),
    "robot es": (
        "Un momento, por favor",
        "Estamos comprobando que usted no es un robot antes de abrir la página. Su navegador irá "
        "al sitio dentro de unos segundos, sin que tenga que hacer clic.",
        "Si no ocurre nada, active JavaScript y las cookies en su navegador y cargue la página "
        "otra vez. Si el error sigue, escriba un correo a nuestro sitio.",
    ),
    "robot ru": (
        "Проверка браузера",
        "Мы проверяем, что вы не робот, прежде чем открыть вам страницу. Ваш браузер перейдёт на "
        "сайт сам через несколько секунд.",
        "Если этого не случилось, включите JavaScript и файлы cookie в вашем браузере и обновите "
        "страницу. Если ошибка повторится, напишите нам по электронной почте.",
    ),
    "robot ko": (
        "잠시만 기다려 주세요",
        "고객님이 로봇이 아닌지 확인하고 있습니다. 페이지가 열리지 않으면 브라우저에서 "
        "자바스크립트와 쿠키를 허용해 주세요.",
        "계속 오류가 나면 페이지를 새로고침하거나 저희 사이트의 고객센터로 이메일을 보내 주세요. "
        "로그인한 회원은 계정 페이지에서 확인하시기 바랍니다.",
    ),
    "login en": (
        "Log in",
        "Log in with your account to go on reading. You can log in with your e-mail address and "
        "your password, or with one of the services that you have linked to your account.",
        "You have no account yet? Sign up now, it is free and takes a minute. By logging in you "
        "agree to our terms, and to what we say about privacy.",
    ),
    "login de": (
        "Anmelden",
        "Bitte melden Sie sich mit Ihrem Konto an, um weiterzulesen. Sie können sich mit Ihrer "
        "E-Mail-Adresse und Ihrem Passwort anmelden, oder mit einem anderen Konto.",
        "Sie haben noch kein Konto bei uns? Es ist kostenlos. Mit der Anmeldung stimmen Sie "
        "unseren Nutzungsbedingungen und unserer Erklärung zum Datenschutz zu.",
    ),
    "login pt": (
        "Entrar",
        "Entre com sua conta para continuar a leitura. Você pode usar seu e-mail e sua senha, ou "
        "uma das contas que você já ligou ao nosso site.",
        "Você ainda não tem conta? O cadastro em nosso site é gratuito. Ao fazer login, você "
        "aceita nossos termos e nossa política de privacidade.",
    ),
    "login zh": (
        "登录",
        "请登录您的账户继续阅读。您可以使用您的邮箱和密码登录，也可以使用您已经绑定的其他账户登录。"
        "如果您忘记了密码，请点击下面的链接。",
        "您还没有账户？请点击注册，完全免费。登录即表示您同意我们的网站条款和隐私政策。"
        "如果页面没有反应，请刷新浏览器后重新登录。",
    ),
    "not found en": (
        "Page not found",
        "We are sorry, but the page that you were looking for does not exist any more. You may "
        "have followed an old link, or the address was mistyped in your browser.",
        "Please try our search, or go to the homepage, where you will find the newest of our "
        "stories. You can also send us an e-mail with the link.",
    ),
    "not found fr": (
        "Page introuvable",
        "Nous sommes désolés, la page que vous cherchez est introuvable. Le lien que vous avez "
        "suivi est peut-être ancien, ou vous avez fait une erreur dans l'adresse.",
        "Essayez notre recherche, ou revenez à notre page d'accueil. Vous pouvez aussi nous "
        "écrire par courriel, en donnant le lien de la page.",
    ),
    "not found it": (
        "Pagina non trovata",
        "Ci dispiace, la pagina che stavi cercando sul nostro sito non esiste più. Il link che hai "
        "seguito potrebbe essere vecchio, o c'è un errore nel tuo indirizzo.",
        "Puoi usare la nostra ricerca, o tornare alla home del nostro sito. Se vuoi aiutarci, "
        "scrivi una e-mail al nostro sito con il link della pagina.",
    ),
    "not found pl": (
        "Nie znaleziono strony",
        "Przepraszamy, nasza strona, której Państwo szukają, już nie istnieje. Być może link był "
        "stary albo adres strony został wpisany z błędem.",
        "Prosimy skorzystać z naszej wyszukiwarki albo wrócić na naszą stronę główną. Prosimy też "
        "o e-mail z linkiem do tej strony.",
    ),
    "javascript en": (
        "Please enable JavaScript",
        "JavaScript is not available. We have detected that scripts are disabled in your browser. "
        "Please enable JavaScript or switch to another browser to use our site.",
        "You can see a list of browsers that we support on our help pages. Some privacy "
        "extensions of your browser may cause errors on our site. Please disable them.",
    ),
    "javascript ar": (
        "يرجى تفعيل جافا سكريبت",
        "نحن آسفون، لا يمكن فتح الموقع لأن جافا سكريبت معطل في المتصفح لديكم. يرجى تفعيله في "
        "إعدادات المتصفح ثم تحميل الصفحة من جديد.",
        "إذا استمر الخطأ، يرجى تسجيل الدخول إلى حساب لديكم أو البحث في الموقع. نحن نقرأ كل بريد "
        "يصل إلى صفحة المساعدة في الموقع.",
    ),
}


def page(title: str, *lines: str, head: str = "", around: str = "div") -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><{around}><h1>{title}</h1>{body}</{around}></body></html>"
    ).encode()


@pytest.mark.parametrize("kind", WALLS)
def test_a_page_that_speaks_to_the_reader_of_the_site_is_no_article(kind):
    with pytest.raises(NotAnArticle, match=r"^not-the-article$"):
        extract_article(page(*WALLS[kind]), url=URL)


@pytest.mark.parametrize(
    ("title", "is_refused"),
    [
        ("404 Not Found", True),
        ("451: Unavailable for legal reasons", True),
        ("Error 503 – back soon", True),
        ("403", True),
        ("Fehler 404: Seite nicht gefunden", True),
        ("404 boats crossed the bay", False),
        ("Fortune 500: the list is out", False),
        ("604: a year of floods", False),
        ("2,404: the boats of the bay", False),
    ],
)
def test_a_page_with_the_status_of_an_answer_for_its_title_is_no_article(title, is_refused):
    lines = ("The office of the newspaper opens at nine. " * 5, "It closes at noon. " * 5)
    tree = LexborHTMLParser(page(title, *lines))
    assert is_wall(tree, {}, "\n".join(lines)) is is_refused
    marked = LexborHTMLParser(page(title, *lines, head='<meta name="author" content="Anna Ort">'))
    assert not is_wall(marked, {}, "\n".join(lines))


def test_an_address_at_the_end_is_no_sentence_of_a_wall():
    assert addresses_reader("We check that you are a human. The page opens then.\nIP: 192.0.2.7")


@pytest.mark.parametrize("kind", WALLS)
def test_a_wall_speaks_to_its_reader(kind):
    _, *lines = WALLS[kind]
    assert addresses_reader("\n".join(lines))


# Articles about cookies, log-ins, robots and lost pages.
NEWS = {
    "cookies en": (
        "Court forbids cookies without consent",
        "A court in Velt has forbidden publishers to store cookies before their readers consent "
        "to it. Three newspapers had put advertising on the devices of their subscribers.",
        "The judges said that silence is no consent. The association of publishers announced an "
        "appeal: most of its members live from advertising on their websites.",
    ),
    "cookies de": (
        "Gericht verbietet Cookies ohne Einwilligung",
        "Das Landgericht Velt hat drei Verlagen verboten, Cookies ohne Einwilligung zu setzen. "
        "Die Werbung auf den Seiten sei nicht mit dem Datenschutz vereinbar, sagte die Richterin.",
        "Der Verband der Verlage kündigte Berufung an. Die meisten Häuser lebten von Anzeigen, "
        "sagte eine Sprecherin am Mittwoch in Orun.",
    ),
    "passwords en": (
        "Passwords of two million accounts stolen",
        "Thieves have stolen the passwords of two million accounts of a shop in Orun. They used a "
        "login page that looked like that of the shop, the police said on Monday.",
        "“We tell our customers to change their passwords,” said the head of the firm. The police "
        "found the server in a cellar in Lindmar, below a bakery.",
    ),
    "subscribers de": (
        "Zeitung bittet Leser zur Kasse",
        "Die Hafenpost hat ihre Webseite umgebaut: Dort zeigt sie Abonnenten keine Werbung mehr, "
        "und ihre Anzeigen sieht nur, wer kein Konto hat. Damit folgt sie anderen.",
        "Die Verlegerin sagte, ihre Seiten müssten sich selbst bezahlen. Bis zum Sommer rechnet "
        "sie mit tausend Abonnenten, und ihre Preise will sie nicht erhöhen.",
    ),
    "robots fr": (
        "Un robot trie les livres de la bibliothèque",
        "La bibliothèque de Velt a acheté un robot qui trie les livres rendus pendant la nuit. "
        "Le conseil avait voté la dépense en mars, contre l'avis du syndicat.",
        "La machine lit les pages de titre avec une caméra. « Nous gagnons deux heures par jour », "
        "a dit la directrice, qui promet que personne ne perdra son poste.",
    ),
    "robots ja": (
        "図書館にロボット導入",
        "ベルト市の図書館は夜間に返却された本を仕分けるロボットを導入した。"
        "市議会が三月に予算を可決し、組合は反対していた。",
        "機械はカメラで表紙を読み取り、棚ごとに本を並べる。館長は一日に二時間を節約できると話し、"
        "職員の仕事は減らないと約束した。来年には分館にも置かれる予定だという。",
    ),
    "accounts ru": (
        "Хакеры взломали аккаунты министерства",
        "Неизвестные взломали аккаунты министерства транспорта и опубликовали на его сайте "
        "ложные сообщения о закрытии моста, сообщила полиция в понедельник.",
        "Пароли сотрудников попали в сеть ещё весной. Министр заявил, что сайт работает снова, "
        "а виновные будут найдены до конца месяца.",
    ),
    "lost pages es": (
        "El archivo pierde miles de páginas",
        "El archivo de la ciudad ha perdido nueve mil páginas digitales por un error del "
        "servidor, según informó el ayuntamiento el martes por la noche.",
        "Los técnicos intentan recuperar los archivos de una copia guardada en Orun. La "
        "directora dijo que los originales en papel están a salvo en el sótano.",
    ),
    "letters en": (
        "Bakers write to their customers",
        "“We thank you for your patience,” wrote the bakers of the quay to their customers, and "
        "promised to open their shop again on Monday, after eleven weeks.",
        "“You came on foot over the bridge, and we shall not forget it,” the letter says. Two "
        "hundred people stood in the queue before the sun had risen.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("around", ["div", "article"])
@pytest.mark.parametrize("kind", NEWS)
def test_news_about_sites_and_their_readers_is_an_article(kind, around):
    title, *lines = NEWS[kind]
    assert extract_article(page(title, *lines, around=around), url=URL).text == "\n".join(lines)


MARKS = [
    '<meta property="og:type" content="article">',
    '<meta property="article:published_time" content="2026-11-20T07:30:00Z">',
    '<meta name="author" content="Anna Ort">',
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>',
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_page_that_is_marked_as_an_article_is_one_whomever_it_speaks_to(mark):
    title, *lines = WALLS["login en"]
    assert extract_article(page(title, *lines, head=mark), url=URL).text


@pytest.mark.parametrize(
    "mark",
    [
        "<article>{}</article>",
        "<div itemprop=articleBody>{}</div>",
        "{}<time datetime=2026-11-20>20 November</time>",
        "<meta itemprop=datePublished content=2026-11-20>{}",
    ],
)
def test_marks_within_a_page_count_as_well(mark):
    text = "\n".join(WALLS["login en"][1:])
    assert is_wall(LexborHTMLParser(f"<div>{text}</div>"), {}, text)
    assert not is_wall(LexborHTMLParser(mark.format(text)), {}, text)
    assert not is_wall(LexborHTMLParser(f"<div>{text}</div>"), {"headline": "x"}, text)


def test_a_long_text_is_no_wall():
    text = " ".join(WALLS["login en"][1:] * 5)
    assert addresses_reader(text)
    assert not is_wall(LexborHTMLParser(f"<div>{text}</div>"), {}, text)


def test_a_sentence_to_the_reader_among_others_makes_no_wall():
    call = "You can log in to your account on our site with your password."
    assert addresses_reader(call)
    assert not addresses_reader(f"{call} Rain fell. The dam broke. Two villages were cut off.")


@pytest.mark.parametrize(
    "text",
    [
        "We thank you for your patience. You came to us on foot, and we shall not forget it.",
        "Wir danken Ihnen für Ihre Geduld. Sie kamen zu uns, und wir werden Ihnen das danken.",
        "The page of the site asks for cookies. The browser then loads an account and a password.",
        "",
    ],
)
def test_what_speaks_of_one_of_the_two_only_is_no_wall(text):
    assert not addresses_reader(text)


QUOTES = ["“{}”", "„{}“", "„{}”", "«{}»", "« {} »", "»{}«", '"{}"', "「{}」", "『{}』"]


@pytest.mark.parametrize("quotes", QUOTES)
@pytest.mark.parametrize("kind", ["login en", "login de", "not found fr", "login zh"])
def test_what_somebody_says_to_somebody_is_not_said_to_the_reader(kind, quotes):
    lines = [quotes.format(line) for line in WALLS[kind][1:]]
    assert not addresses_reader("\n".join([*lines, "So the thieves wrote to them."]))


def test_a_name_of_a_button_in_quotes_changes_nothing():
    lines = [line.replace(".", " with the button “OK”.") for line in WALLS["login en"][1:]]
    assert addresses_reader("\n".join(lines))


@given(st.text(max_size=300))
def test_any_text_speaks_to_its_reader_or_not(text):
    assert addresses_reader(text) in {True, False}
    assert not addresses_reader("")


TEASERS = "".join(
    f"<div class=teaser><h3><a href=/{n}>Story {n} of this day</a></h3><p>{line}</p></div>"
    for n, line in enumerate(
        [
            "The reservoir reached ninety-one per cent on Wednesday.",
            "Miners voted to accept the offer of the owner.",
            "Lorries have to go round by Lindmar until May.",
            "The strike ended in the night after eleven days.",
            "Two hundred people came to see it on the pier.",
        ]
    )
)
FRONT = '<link rel="canonical" href="https://quay.example/">'
SITE = '<meta property="og:type" content="website">'


def front(head: str, body: str = TEASERS, url: str = URL) -> bool:
    tree = LexborHTMLParser(f"<head>{head}</head><body><main>{body}</main></body>")
    return is_front(tree, {}, blocks(tree), url=url)


@pytest.mark.parametrize("head", [FRONT, FRONT + SITE, SITE])
def test_a_page_of_teasers_that_calls_itself_a_site_is_a_front(head):
    assert front(head)
    html = f"<html><head><title>Quay</title>{head}</head><body><main>{TEASERS}</main></body></html>"
    with pytest.raises(NotAnArticle, match=r"^front-page$"):
        extract_article(html.encode(), url=URL)


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        ("", TEASERS, URL),  # which calls itself nothing
        (f'<link rel="canonical" href="{URL}">{SITE}', TEASERS, URL),
        (SITE, f"<h1>Ferry opens again</h1>{TEASERS}", URL),
        (FRONT + MARKS[0], TEASERS, URL),
        (FRONT, TEASERS, "https://quay.example/"),
        (FRONT, "<p>Rain fell for weeks in the hills, and the dam is full.</p>" * 6, URL),
        (FRONT, f"{'<p>Rain fell for weeks in the hills above the dam.</p>' * 9}{TEASERS}", URL),
        ('<link rel="canonical" href="http://[broken">', TEASERS, URL),
    ],
)
def test_another_page_is_no_front(head, body, url):
    assert not front(head, body, url)


HUBS = {
    "en": "Story {}: the harbour office opens the ferry line again",
    "de": "Meldung {}: Das Hafenamt öffnet die Fährlinie wieder",
    "ru": "Новость {}: портовое управление вновь открывает переправу",
    "ar": "خبر {}: مكتب الميناء يعيد فتح خط العبارة بين الضفتين",
    "hi": "समाचार {}: बंदरगाह कार्यालय नौका सेवा फिर शुरू करेगा",
    "ja": "ニュース{}：港湾局が渡し船の路線を月曜日から再開すると発表",
    "ko": "소식 {}: 항만청이 월요일부터 나룻배를 다시 띄운다",
}


@pytest.mark.parametrize("card", ["<li>{}</li>", "<div class=card><h3>{}</h3></div>", "<p>{}</p>"])
@pytest.mark.parametrize("language", HUBS)
def test_a_page_of_links_is_no_article(language, card):
    link = f"<a href=/s{{0}}>{HUBS[language].replace('{}', '{0}')}</a>"
    links = "".join(card.format(link.format(n)) for n in range(30))
    html = f"<meta charset=utf-8><title>Quay</title><body><h1>Quay</h1><main>{links}</main></body>"
    with pytest.raises(NotAnArticle):
        extract_article(html.encode(), url=URL)
