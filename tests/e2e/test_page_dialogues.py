"""Conversations through the chat page in a real Chromium: languages, looks, keyboard.

One bot and one browser for all of them. At its end each dialogue's page is looked over by axe-core,
and its picture lies in the test's temporary folder, for people to look at.
"""

import os
from dataclasses import dataclass

import pytest

from tests.fakes import browser
from tests.fakes.browser import accessibility_faults, chromium, running_tryout

MISSING = browser.MISSING or browser.MISSING_AXE
if MISSING and os.environ.get("DAYBRIEF_TEST_CHROMIUM") == "required":
    pytest.fail(MISSING, pytrace=False)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

PHONE = {"width": 360, "height": 740}
DESK = {"width": 900, "height": 800}
RIGHT_TO_LEFT = {"ar", "fa"}
MAX_TABS = 60
# Only against hanging: nothing here is about speed.
PATIENCE_MS = 100_000


@dataclass(frozen=True)
class Dialogue:
    """What somebody does, and sees: pairs of a verb (a method of ``Reader``) and its words."""

    language: str
    zone: str
    look: str
    steps: tuple[tuple[str, str], ...]


DIALOGUES = {
    "keyboard-only": Dialogue("en-GB", "Europe/London", "desk light", (
        ("is_accessible", "Start"),
        ("tabs_to", "Start"), ("keys", "Enter"), ("reads", "What would you like to read about?"),
        ("tabs_to", "Climate"), ("keys", "Space"), ("is_at", "✓ Climate"),
        ("tabs_to", "Science"), ("keys", "Enter"), ("is_at", "✓ Science"),
        ("tabs_to", "▶ My first briefing"), ("keys", "Enter"), ("reads", "That's all."),
        ("tabs_to", "more"), ("keys", "Enter"), ("is_at", "less"),
        ("tabs_to", "Commands"), ("keys", "Enter"), ("menu", "/brief"),
        ("is_accessible", "/brief"), ("keys", "Escape"),
        ("types", "thanks"), ("keys", "Enter"), ("reads", "You're welcome."),
    )),
    "german-words": Dialogue("de-AT", "Europe/Vienna", "phone dark", (
        ("is_accessible", "Starten"), ("taps", "Starten"), ("reads", "Worüber möchtest du lesen?"),
        ("says", "Klima und Energie"), ("reads", "Abonniert: Klima und Energie."),
        ("says", "werktags um sieben Uhr"), ("reads", "werktags um 07:00"),
        ("says", "ich wohne in Tokio"), ("reads", "Ortszeit Tokio"), ("head", "07:00"),
        ("says", "nicht mehr über Klima"), ("reads", "Nichts mehr über Klima."),
        ("taps", "Rückgängig"), ("reads", "Alles ist wieder wie vorher."),
    )),
    "arabic-words": Dialogue("ar", "Africa/Cairo", "phone light", (
        ("is_accessible", "ابدأ"), ("taps", "ابدأ"), ("reads", "عمّ تحب أن تقرأ؟"),
        ("says", "أخبار المناخ"), ("reads", "أنت تتابع الآن: المناخ."),
        ("says", "كل يوم الساعة السابعة صباحا"), ("reads", "07:00"),
        ("says", "أعيش في دبي"), ("reads", "بتوقيت دبي"), ("head", "غدًا 07:00"),
        ("says", "إلغاء الاشتراك في المناخ"), ("reads", "لن أرسل المزيد عن المناخ."),
        ("taps", "تراجع"), ("reads", "كل شيء كما كان."),
        ("says", "مساعدة"), ("links", "/subscribe"), ("reads", "/forgetme"),
    )),
    "japanese-briefing": Dialogue("ja", "Asia/Tokyo", "desk light", (
        ("says", "気候のニュース"), ("reads", "購読しました：気候。"),
        ("says", "平日の朝7時半"), ("reads", "平日 07:30"),
        ("says", "札幌に住んでいます"), ("reads", "東京の時刻です"),
        ("says", "/brief"), ("reads", "以上です。"), ("folds", "もっと見る"),
    )),
    "french-undo": Dialogue("fr-FR", "Europe/Paris", "phone light", (
        ("says", "je veux des nouvelles du climat"), ("reads", "Vous suivez maintenant"),
        ("says", "à 7 h en semaine"), ("reads", "en semaine à 07:00"),
        ("says", "j'habite à Montréal"), ("reads", "Chez vous"),
        ("says", "désabonne-moi du climat"), ("reads", "Plus rien sur"),
        ("taps", "Annuler"), ("reads", "comme avant"),
        ("says", "/topics"), ("reads", "1. Climat"),
    )),
    "spanish-settings": Dialogue("es-ES", "Europe/Madrid", "desk dark", (
        ("says", "/settings"), ("reads", "Extensión: Normal"),
        ("taps", "Extensión: Normal"), ("taps", "Titulares"), ("reads", "Extensión: Titulares"),
        ("taps", "Sonido: activado"), ("taps", "desactivado de noche"),
        ("reads", "Sonido: desactivado de noche"),
        ("says", "/schedule 25:99"), ("reads", "25:99"),
    )),
    "portuguese-briefing": Dialogue("pt-BR", "America/Sao_Paulo", "phone dark", (
        ("says", "quero notícias de clima"), ("reads", "Agora você acompanha: Clima."),
        ("says", "/brief"), ("reads", "SAMPLE · 2 fontes"), ("folds", "mais"),
    )),
    "languages-by-button": Dialogue("en-US", "America/New_York", "phone light", (
        ("says", "/language"), ("reads", "Which language shall I speak here?"),
        ("taps", "Deutsch"), ("reads", "Von jetzt an spreche ich hier Deutsch."),
        ("speaks", "de ltr"), ("head", "Do., 5. Juni"), ("field", "Nachricht"),
        ("says", "/language فارسی"), ("reads", "زبان من اینجا: فارسی"),
        ("speaks", "fa rtl"), ("field", "پیام"), ("keys", "/"), ("menu", "خبرنامهٔ شما"),
        ("keys", "Escape Backspace"),
        ("says", "/language english"), ("reads", "From now on I speak English here."),
        ("speaks", "en ltr"), ("head", "Thu 5 Jun"),
    )),
    "korean-topics": Dialogue("ko-KR", "Asia/Seoul", "phone dark", (
        ("says", "기후 뉴스"), ("reads", "구독했어요: 기후."),
        ("says", "평일 오전 7시 30분"), ("reads", "평일 07:30"),
        ("says", "부산에 살아요"), ("reads", "서울 시간이에요"),
        ("says", "/topics"), ("reads", "1. 기후"),
        ("taps", "✕ 1. 기후"), ("offers", "되돌리기: 기후"),
    )),
    "hindi-menu": Dialogue("hi-IN", "Asia/Kolkata", "desk light", (
        ("says", "जलवायु की खबरें"), ("reads", "सदस्यता ली गई: जलवायु।"),
        ("says", "हर दिन सुबह 8 बजे"), ("reads", "हर दिन 08:00"),
        ("taps", "कमांड"), ("menu", "/schedule"), ("keys", "ArrowDown Enter"),
    )),
    "russian-break": Dialogue("ru-RU", "Europe/Moscow", "desk dark", (
        ("says", "новости климата"), ("reads", "Вы подписаны: Климат."),
        ("says", "пауза до понедельника"), ("reads", "Перерыв до пн, 9 июня."),
        ("taps", "Отменить"), ("reads", "как раньше"),
    )),
    "ukrainian-pages": Dialogue("uk-UA", "Europe/Kyiv", "phone light", (
        ("says", "/topics"), ("reads", "Теми"), ("offers", "1/9"),
        ("taps", "›"), ("offers", "2/9"), ("is_at", "›"), ("taps", "›"), ("offers", "3/9"),
        ("says", "/subscribe qzxqzx"), ("reads", "«qzxqzx»"),
    )),
    "turkish-error": Dialogue("tr-TR", "Europe/Istanbul", "desk light", (
        ("says", "/subscrib japonya"), ("reads", "japonya"), ("offers", "“japonya” geçen haberler"),
        ("says", "/schedule 25:99"), ("reads", "25:99"),
    )),
    "persian-briefing": Dialogue("fa-IR", "Asia/Tehran", "phone dark", (
        ("says", "اخبار اقلیم"), ("reads", "از حالا دنبال می‌کنید: اقلیم."),
        ("links", "/schedule"), ("says", "هر روز ساعت ۸"), ("reads", "08:00"),
        ("says", "/brief"), ("reads", "همین بود."), ("folds", "بیشتر"),
    )),
    "chinese-stop": Dialogue("zh-CN", "Asia/Shanghai", "phone light", (
        ("says", "气候新闻"), ("reads", "已订阅：气候。"),
        ("says", "每天早上8点"), ("reads", "每天 08:00"),
        ("says", "我住在上海"), ("reads", "按上海时间"),
        ("says", "停止"), ("reads", "已暂停。"), ("taps", "/resume"), ("reads", "08:00"),
    )),
    "italian-undo": Dialogue("it-IT", "Europe/Rome", "desk dark", (
        ("says", "notizie sul clima"), ("reads", "Ora segui: Clima."),
        ("taps", "Annulla"), ("reads", "non segui più Clima"),
        ("says", "x" * 4097), ("notes", "Un messaggio ha da 1 a 4.096 caratteri."),
        ("holds", "xxx"),
    )),
    "own-data": Dialogue("en-GB", "Europe/London", "phone dark", (
        ("says", "North Korea"), ("reads", "Subscribed to North Korea."),
        ("says", "mondays and fridays at 18:30"), ("reads", "Mon, Fri at 18:30"),
        ("says", "I live in New York"), ("reads", "New York time"),
        ("says", "/export"), ("reads", ".json"),
        ("says", "/forgetme"), ("reads", "?"),
    )),
}  # fmt: skip


class Reader:
    """Somebody at the page, who waits for what they want to see."""

    def __init__(self, page):
        self._page = page
        self._newest = page.locator(".message:not(.mine)").last

    def says(self, text):
        self._page.locator("#text").fill(text)
        self._page.locator("#text").press("Escape")  # the menu, if it is open
        self._page.locator("#text").press("Enter")

    def types(self, text):
        self.tabs_to("Message")
        self._page.keyboard.type(text)

    def keys(self, names):
        for name in names.split():
            self._page.keyboard.press(name)

    def taps(self, label):
        self._page.get_by_role("button", name=label, exact=True).last.click()

    def tabs_to(self, label):
        for step in ("Tab", "Shift+Tab"):
            for _ in range(MAX_TABS):
                self._page.keyboard.press(step)
                if label in self._at():
                    return
        raise AssertionError(f"the keyboard does not reach {label}")

    def is_at(self, label):
        self._page.wait_for_function(
            "label => document.activeElement.innerText.includes(label)", arg=label
        )

    def _at(self):
        return self._page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.innerText"
        )

    def reads(self, text):
        self._newest.filter(has_text=text).wait_for()

    def links(self, command):
        self._newest.locator(".command", has_text=command).first.wait_for()

    def offers(self, label):
        self._newest.get_by_role("button", name=label, exact=True).wait_for()

    def folds(self, label):
        self._newest.get_by_role("button", name=label, exact=True).first.click()
        self._newest.locator("blockquote.open").wait_for()

    def menu(self, text):
        self._page.get_by_role("option").filter(has_text=text).first.wait_for()

    def notes(self, text):
        self._page.locator("#toast").filter(has_text=text).wait_for()

    def head(self, text):
        self._page.locator("header").filter(has_text=text).wait_for()

    def field(self, label):
        self._page.get_by_role("textbox", name=label, exact=True).wait_for()

    def holds(self, text):
        self._page.wait_for_function(
            "text => document.querySelector('#text').value.includes(text)", arg=text
        )

    def is_accessible(self, text):
        self._page.get_by_text(text, exact=True).last.wait_for()
        assert accessibility_faults(self._page) == []

    def speaks(self, language):
        self._page.locator("html[lang={}][dir={}]".format(*language.split())).wait_for()


@pytest.mark.timeout(900)  # against hanging; a quiet machine takes half a minute
def test_every_dialogue_goes_as_written_and_its_page_is_accessible(tmp_path):
    failed = {}
    with running_tryout() as url, chromium() as window:
        for name, dialogue in DIALOGUES.items():
            size, scheme = dialogue.look.split()
            context = window.new_context(
                locale=dialogue.language,
                timezone_id=dialogue.zone,
                viewport=PHONE if size == "phone" else DESK,
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE_MS)
            picture = tmp_path / f"{name}.png"
            if faults := gone_wrong(context.new_page(), url, dialogue, picture):
                failed[name] = faults
            context.close()
    assert failed == {}


def gone_wrong(page, url, dialogue, picture):
    """Return what differs from the dialogue, or is wrong with the page."""
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(url)
    reader = Reader(page)
    for verb, words in dialogue.steps:
        try:
            getattr(reader, verb)(words)
        except Exception as error:  # noqa: BLE001 - the other dialogues go on
            faults.append(f"{verb} {words[:60]}: {str(error).splitlines()[0]}: {shown(page)}")
            break
    page.screenshot(path=picture)
    faults += accessibility_faults(page)
    language = dialogue.language.partition("-")[0]
    lang, direction, fits = page.evaluate(
        "[document.documentElement.lang, document.documentElement.dir,"
        " document.documentElement.scrollWidth <= innerWidth]"
    )
    if (lang, direction) != (language, "rtl" if language in RIGHT_TO_LEFT else "ltr"):
        faults.append(f"spoken as {lang}, {direction}")
    if not fits:
        faults.append("wider than the screen")
    return faults


def shown(page):
    """Return the end of the conversation."""
    return page.locator(".message").all_inner_texts()[-2:]
