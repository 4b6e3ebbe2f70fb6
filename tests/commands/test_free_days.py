"""Days without a briefing, said in plain words of any language; and ends of breaks beside them."""

import pytest

from bot.commands.reading_times import names_an_end, read_free_days
from bot.commands.times import parse_plan


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("no briefing on Sundays", "6"),
        ("not on sundays", "6"),
        ("no sundays", "6"),
        ("never on sunday", "6"),
        ("don't send me anything on saturday and sunday", "56"),
        ("no news at weekends", "56"),
        ("nothing on weekends please", "56"),
        ("please no messages from friday to sunday", "456"),
        ("kein Briefing am Sonntag", "6"),
        ("Keine Nachrichten am Wochenende bitte", "56"),
        ("sonntags nicht", "6"),
        ("schick mir sonntags nichts", "6"),
        ("pas de briefing le dimanche", "6"),
        ("n'envoie rien le samedi et le dimanche", "56"),
        ("pas de nouvelles le week-end", "56"),
        ("nada los domingos", "6"),
        ("sin boletín los domingos", "6"),
        ("no me mandes noticias los sábados", "5"),
        ("sem notícias aos domingos", "6"),
        ("não mande nada no fim de semana", "56"),
        ("niente briefing la domenica", "6"),
        ("non mandarmi notizie il sabato", "5"),
        ("без сводки по воскресеньям", "6"),
        ("не присылай по воскресеньям", "6"),
        ("не надо новостей в выходные", "56"),
        ("без новин у неділю", "6"),
        ("не надсилай у вихідні", "56"),
        ("pazar günleri gönderme", "6"),
        ("pazar bülten yok", "6"),
        ("hafta sonu haber gönderme", "56"),
        ("لا ملخص يوم الأحد", "6"),
        ("لا ترسل لي أخبار يوم الجمعة", "4"),
        ("یکشنبه‌ها خبر نفرست", "6"),
        ("جمعه‌ها چیزی نفرست", "4"),
        ("रविवार को ब्रीफिंग नहीं", "6"),
        ("शनिवार और रविवार को समाचार मत भेजो", "56"),
        ("일요일에는 브리핑 없이", "6"),
        ("주말에는 뉴스 보내지 마세요", "56"),
        ("日曜日はなし", "6"),
        ("日曜日はニュースなし", "6"),
        ("土日は送らないで", "56"),
        ("周日不要发", "6"),
        ("星期天不要简报", "6"),
        ("周末不要给我发新闻", "56"),
    ],
)
def test_days_that_shall_have_nothing_are_read(text, days):
    assert "".join(map(str, sorted(read_free_days(text)))) == days
    assert parse_plan(text).dropped == read_free_days(text)


@pytest.mark.parametrize(
    "text",
    [
        "until monday",
        "no news until monday",
        "nothing until monday",
        "bis Montag nichts",
        "keine Nachrichten bis Montag",
        "nada hasta el lunes",
        "rien jusqu'à lundi",
        "ничего до понедельника",
        "no football on sunday",
        "not only sundays",
        "no briefing at 7 on sunday",
        "no",
        "no briefing",
        "sunday",
        "no briefing every day",
        "月曜日まで送らないで",
        "월요일까지 보내지 마",
        "周一之前不要发",
        "pazartesiye kadar gönderme",
        "لا ترسل حتى الاثنين",
        "تا دوشنبه نفرست",
        "सोमवार तक मत भेजो",
        "fino a lunedì niente",
        "até segunda nada",
        "до понеділка нічого",
        "no briefing tomorrow",
        "",
    ],
)
def test_what_says_anything_else_frees_no_day(text):
    assert read_free_days(text) == frozenset()


@pytest.mark.parametrize(
    "text", ["until monday", "bis Montag", "hasta el lunes", "до понедельника", "月曜日まで"]
)
def test_an_end_is_told_from_a_day(text):
    assert names_an_end(text)
    assert not names_an_end("monday")
