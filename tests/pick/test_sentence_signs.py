"""What a sentence says of time and truth."""

import json
from importlib.resources import files

import pytest

from bot.pick.sentence_signs import are_known, gives_verdict, looks_ahead, names_a_day

WORDS = json.loads(files("bot.pick").joinpath("sentence_signs.json").read_text("utf-8"))
DAYS = {
    "en": ("The gate was shut last night.", "The gate was shut by hand."),
    "de": ("Das Tor blieb am Dienstagabend zu.", "Das Tor blieb 40 Minuten lang zu."),
    "fr": ("La vanne a été fermée hier soir.", "La vanne a été fermée à la main."),
    "es": ("La compuerta se cerró anoche.", "La compuerta se cerró a mano."),
    "it": ("La paratoia è stata chiusa ieri.", "La paratoia è stata chiusa a mano."),
    "pt": ("A comporta foi fechada na terça-feira.", "A comporta foi fechada à mão."),
    "nl": ("De sluis ging vannacht dicht.", "De sluis ging met de hand dicht."),
    "sv": ("Luckan stängdes i går.", "Luckan stängdes för hand."),
    "fi": ("Portti suljettiin eilen.", "Portti suljettiin käsin."),
    "pl": ("Śluzę zamknięto w poniedziałek.", "Śluzę zamknięto ręcznie."),
    "cs": ("Stavidlo se zavřelo včera.", "Stavidlo se zavřelo ručně."),
    "ru": ("Шлюз закрыли во вторник.", "Шлюз закрыли вручную."),
    "uk": ("Шлюз закрили вчора.", "Шлюз закрили вручну."),
    "el": ("Η πύλη έκλεισε χθες.", "Η πύλη έκλεισε με το χέρι."),
    "tr": ("Kapak dün gece kapatıldı.", "Kapak elle kapatıldı."),
    "hu": ("A zsilipet tegnap zárták be.", "A zsilipet kézzel zárták be."),
    "ar": ("أغلقت البوابة بالأمس وأمس.", "أغلقت البوابة يدويا."),
    "he": ("השער נסגר ביום שלישי.", "השער נסגר ידנית."),
    "hi": ("बाँध का फाटक कल रात बंद हुआ।", "बाँध का फाटक हाथ से बंद हुआ।"),
    "id": ("Pintu air ditutup tadi malam.", "Pintu air ditutup dengan tangan."),
    "vi": ("Cửa đập đóng tối qua.", "Cửa đập được đóng bằng tay."),
    "zh": ("闸门昨晚关闭。", "闸门用手关闭。"),
    "ja": ("水門は昨夜閉じられた。", "水門は手で閉じられた。"),
    "ko": ("수문은 어젯밤 닫혔다.", "수문은 손으로 닫혔다."),
}


@pytest.mark.parametrize("language", DAYS)
def test_a_word_for_another_day_is_found_and_no_other(language):
    dated, undated = DAYS[language]
    assert names_a_day(dated, language)
    assert not names_a_day(undated, language)


def test_a_word_within_another_word_is_none():
    assert not names_a_day("The friar fridayed.".replace("fridayed", "sundial"), "en")
    assert not names_a_day("कलकत्ता का पुल खुला।", "hi")
    assert not looks_ahead("Goodwill was shown.", "en")


def test_what_was_to_come_is_known():
    assert looks_ahead("The council will vote on the dam.", "en")
    assert looks_ahead("Совет будет голосовать.", "ru")
    assert not looks_ahead("The council voted on the dam.", "en")


def test_of_a_language_without_words_the_worst_is_assumed():
    assert not are_known("")
    assert not are_known("ta")
    assert names_a_day("அணை மூடப்பட்டது.", "ta")
    assert looks_ahead("அணை மூடப்பட்டது.", "ta")
    assert not gives_verdict("அணை மூடப்பட்டது.", "ta")


def test_a_verdict_is_no_claim_repeated():
    assert gives_verdict("Our verdict: False. The film shows a quarry.", "en")
    assert gives_verdict("Die Behauptung ist falsch.", "de")
    assert not gives_verdict("Claim: The dam has a false bottom.", "en")
    assert not gives_verdict("Behauptung： Der Damm hat einen falschen Boden.", "de")
    assert not gives_verdict("The film was shared 12,000 times.", "en")


def test_every_language_has_all_signs_and_its_own_words_are_found():
    assert len(WORDS) >= 40
    for language, signs in WORDS.items():
        assert set(signs) == {"day", "ahead", "verdict", "claim"}, language
        for word in signs["day"].split(" | "):
            assert names_a_day(f"x {word.replace('*', '')} x", language), (language, word)
