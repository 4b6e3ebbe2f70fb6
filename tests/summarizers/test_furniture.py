"""What belongs to a page is never quoted; news about such things is."""

import re

import pytest

from summarizers import Budget, Document, summarize
from summarizers.datafiles import load
from summarizers.guard import Guard
from summarizers.main_text import speaker_turns
from summarizers.phrases import Beginnings, Openings, PhraseIndex, alternatives
from summarizers.story import read_story
from summarizers.terms import find_words

KINDS = {
    *("phrases", "heads", "calls", "matters", "ours", "ourmatters", "kickers", "authors"),
    *("contacts", "places", "buttons", "strong", "persons", "steps", "kitchen"),
    *("reader", "sells", "offers", "imperatives", "you", "polite"),
}


def _judge(text, language="en", *, opens=True):
    return Guard(language).judge(text, find_words(text), opens=opens)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mara Holm is a deputy sports editor and runs the Velt Stand newsletter."),
        ("en", "Oskar Brandt writes about rivers and dams for the Harbour Post."),
        ("en", "Follow Mara Holm on Twitter for more about the valley."),
        ("en", "This article was translated from Veltish and edited in Orun."),
        ("en", "The map of the Velt opens in a new window."),
        ("en", "You have 2 free articles left this month."),
        ("en", "If you buy something through our links, we may earn a commission."),
        ("en", "A handout photo from the council shows the mayor of Orun at the dam."),
        ("en", "Ila Dorn speaks at a news conference in Velt, Monday, May 7, 2012."),
        ("en", "Preheat the oven to 180 degrees and grease a baking tin with butter."),
        ("en", "For the sauce take 2 tbsp oil, 1 tsp salt, 3 cups flour and an onion."),
        ("en", "This is a developing story and will be updated."),
        ("en", "An earlier version of this article misstated the height of the dam."),
        ("en", "Get the best of the Harbour Post delivered by our newsletter every day."),
        ("en", "Write to the newsroom at news@harbour-post.example with what you know."),
        ("en", "Velt 2 Orun 1 Corrin 3 Tarn 3 Pellworth 0 Lorvia 4"),
        ("de", "Dies ist eine maschinelle Übersetzung eines Artikels der Harbour Post."),
        ("de", "Mara Holm ist Redakteurin im Ressort Wirtschaft beim Veltboten."),
        ("de", "Abonnieren Sie jetzt den Newsletter des Veltboten."),
        ("fr", "Abonnez-vous à la lettre du Courrier de Velt pour ne rien manquer."),
        ("fr", "Une première version de cet article donnait une autre hauteur."),
        ("es", "Esta noticia ha sido traducida automáticamente del veltés."),
        ("it", "Iscriviti alla newsletter del Corriere di Velt, arriva ogni mattina."),
        ("pt", "Uma versão anterior deste artigo trazia outro número de casas."),
        ("nl", "In een eerdere versie van dit artikel stond een verkeerde hoogte."),
        ("sv", "Artikeln är tidigare publicerad i Veltbladet och har översatts."),
        ("da", "Læs også historien om den nye dæmning ved Orun."),
        ("no", "Sammendraget er laget av en maskin og godkjent av Veltbladet."),
        ("fi", "Juttu on julkaistu alun perin Veltin Sanomissa."),
        ("pl", "Artykuł został przetłumaczony z języka veltyjskiego przez redakcję."),
        ("cs", "Přihlaste se k odběru novinek a sledujte nás každý den."),
        ("sk", "Prečítajte si aj príbeh o novej priehrade pri Orune."),
        ("ru", "Подписывайтесь на наш канал и читайте новости долины первыми."),
        ("uk", "Підписуйтесь на наш канал та читайте новини долини першими."),
        ("bg", "Прочетете още за новия язовир край Орун тази сутрин."),
        ("ro", "Abonează-te la newsletterul Curierului de Velt chiar azi."),
        ("hu", "Iratkozzon fel a Velti Hírnök hírlevelére még ma reggel."),
        ("el", "Διαβάστε επίσης την ιστορία του νέου φράγματος στο Ορούν."),
        ("tr", "Haberleri kaçırmamak için Velt Postası kanalına abone olun."),
        ("ar", "اقرأ أيضا قصة السد الجديد في وادي فيلت هذا الصباح."),
        ("fa", "همچنین بخوانید داستان سد تازه در دره ولت را امروز."),
        ("he", "הירשמו לניוזלטר של עיתון ולט וקבלו עדכונים בכל בוקר."),
        ("hi", "घाटी की हर खबर के लिए हमारे चैनल को सब्सक्राइब करें।"),
        ("bn", "উপত্যকার সব খবর পেতে আমাদের চ্যানেল সাবস্ক্রাইব করুন।"),
        ("id", "Baca juga kisah bendungan baru di lembah Orun pagi ini."),
        ("vi", "Mời bạn đọc xem câu chuyện về con đập mới ở thung lũng."),
        ("th", "อ่านเพิ่มเติมเรื่องเขื่อนใหม่ในหุบเขาเวลต์เมื่อเช้านี้"),
        ("zh", "欢迎关注我们的微信公众号，阅读更多山谷新闻。"),
        ("ja", "この記事は港新聞に掲載されたものを翻訳しました。"),
        ("ko", "골짜기 소식을 더 보려면 항구일보 채널 구독을 눌러 주세요."),
    ],
)
def test_what_a_page_says_of_itself_is_unfit(language, text):
    assert not Guard(language).judge(text, find_words(text), opens=True, stops=False).is_fit


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Subscriptions to the newsletter of Velt doubled in June, the paper said."),
        ("en", "The photo of the dam won a prize of 3,000 crowns on Monday."),
        ("en", "Police asked the app's makers to hand over the data of two users."),
        ("en", "Donations of 4,000 crowns were stolen from a box in Orun."),
        ("en", "The town bought 40 ovens and 12 tons of flour for its bakeries."),
        ("en", "The novel was written in Orun and won a prize in 1931."),
        ("en", "The leaked mail from anna@velt.example asked for 3 million, a court heard."),
        ("en", "The law was signed in Velt on Monday, May 7, 2012."),
        ("en", "Mara Holm is a former minister of rivers in Velt."),
        ("en", "Read by millions, the poem of the dam is taught in schools."),
        ("en", "“Subscribe to our newsletter, they told us,” the witness said in court."),
        ("en", "Divers found 12 kg of lead, 3 kg of tin and 5 kg of copper."),
        ("en", "Getty Images sued a maker of pictures over 12 million photos."),
        ("de", "Das Abo der Zeitung kostet seit Montag zwölf Kronen mehr."),
        ("de", "Die Übersetzung des Buches von 1987 wird neu aufgelegt."),
        ("es", "El juez recibió la noticia publicada en la cadena de Velt el lunes."),
        ("fr", "Cet article de la loi a été adopté lundi par les députés de Velt."),
        ("ar", "انضم إلى الحزب ثلاثة آلاف عضو جديد في وادي فيلت."),
        ("he", "הם הצטרפו למפלגה בעיר ולט ביום שני בבוקר."),
        ("ru", "Канал через долину открыли в понедельник для судов."),
        ("tr", "Velt belediyesi yeni bir uygulama için iki milyon harcadı."),
    ],
)
def test_news_about_such_things_stays(language, text):
    verdict = _judge(text, language)
    assert verdict.is_fit
    assert verdict.skip == 0


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("en", "ORUNPUR: The valley of Velt reports most cases.", "The valley of Velt"),
        ("en", "NEW ORUN, June 5: The valley of Velt reports most.", "The valley of Velt"),
        ("de", "London/Teheran - Die Behörde hat den Damm geprüft.", "Die Behörde hat"),
        ("de", "Velt, 5. Juni 2025 – Die Behörde hat den Damm geprüft.", "Die Behörde hat"),
        ("es", "Madrid, 5 jun (EFE).- La presa de Velt volvió a llenarse.", "La presa de"),
        ("it", "(ANSA) - ROMA, 05 GIU - La diga di Velt è di nuovo piena.", "La diga di"),
        ("ar", "القاهرة - رويترز: قالت هيئة النهر إن السد امتلأ.", "قالت هيئة"),
        ("hi", "नई दिल्ली: घाटी का बांध फिर से भर गया है।", "घाटी का"),
        ("de", "14:32 Uhr: Die Feuerwehr hat den Damm abgesperrt.", "Die Feuerwehr"),
        ("en", "12.45 – The fire brigade has closed off the dam.", "The fire brigade"),
        ("en", "EXCLUSIVE: ORUN, June 5 (Reuters) - Miners at the Velt voted.", "Miners at"),
        ("en", "BREAKING Miners at the Velt works have voted to strike.", "Miners at"),
        ("es", "ÚLTIMA HORA | La presa de Velt vuelve a estar llena.", "La presa de"),
        ("fr", "LE POINT DU SOIR - «Nous avons arrêté la crue», a dit le maire.", "«Nous"),
        ("en", "Skip in Skip x Embed x Share The society of Velt set new rules.", "The society"),
        (
            "en",
            "1 of 50 Full Screen Autoplay Close Skip Ad × The fight View Photos Members are "
            "hurrying to agree.",
            "Members are",
        ),
    ],
)
def test_words_glued_before_a_sentence_are_stepped_over(language, text, rest):
    verdict = _judge(text, language)
    assert verdict.is_fit
    assert text[verdict.skip :].startswith(rest)


@pytest.mark.parametrize(
    "text",
    [
        "ANNA HOLM: I never saw the water rise like that.",
        "CORRECTION: The dam of Orun is 40 metres high.",
        "WATCH: The dam of Orun is opened for the first time.",
    ],
)
def test_a_speaker_or_a_label_of_the_page_is_no_dateline(text):
    assert not _judge(text).is_fit


@pytest.mark.parametrize(
    "text",
    [
        "Close in value to the dam, the bridge of Orun was sold on Monday.",
        "Live music returned to the town hall of Orun on Monday.",
        "NASA — the agency of space — hired miners on Monday.",
    ],
)
def test_a_sentence_that_begins_as_a_button_or_kicker_is_whole(text):
    assert _judge(text).skip == 0


def test_only_what_opens_a_paragraph_has_a_dateline():
    text = "ORUNPUR: The valley of Velt reports most cases."
    assert _judge(text, opens=True).skip
    assert not _judge(text, opens=False).skip


@pytest.mark.parametrize("language", sorted(load("furniture")))
def test_every_language_has_known_kinds_of_words_that_compile(language):
    words = load("furniture")[language]
    assert words.keys() <= KINDS
    for patterns in words.values():
        for pattern in patterns:
            assert re.compile(pattern).groups == 0
            assert re.compile(pattern).match("") is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "ar"])
def test_keys_miss_no_phrase_that_stands_in_a_text(language):
    patterns = load("furniture")[language]["phrases"]
    phrases = PhraseIndex({"phrases": patterns}, spaced=True)
    known = Beginnings([phrases])
    plain = [pattern for pattern in patterns if not re.search(r"[\\?*+{}()\[\].^$]", pattern)]
    assert plain or language == "ar"
    for pattern in plain:
        text = f"Velt {pattern} Orun"
        assert phrases.found(text.lower(), known.of(find_words(text)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (
            r"(?:story|report) (?:was|is) (?:first |originally )?published",
            "the report is published",
        ),
        (r"articles? (?:left|remaining)", "one article left"),
        (r"опубликован\w*", "опубликовано"),
        (r"un(?:subscribe|follow)", "unfollow"),
        (r"e-?mail (?:us|me)", "email us"),
        (r"\d+[- ]min(?:ute)? read\b", "5-minute read"),
        (r"\(pictured", "the mayor (pictured right)"),
        (r"d.archives?", "d'archive"),
        (r"sign(?:ed)? up(?: now)? to get", "signed up to get"),
        (r"get our +app\.?", "get our   app"),
        (r"our apps?/sites?", "our app/site"),
    ],
)
def test_optional_parts_of_a_phrase_need_not_be_there(pattern, text):
    phrases = PhraseIndex({"phrases": [pattern]}, spaced=True)
    assert phrases.found(text, Beginnings([phrases]).of(find_words(text)))


def test_openings_are_told_by_any_of_their_first_characters():
    openings = Openings(["(?:re)?tweet", "[ab]c", "x?yz", r"\d{1,2} of", "qe?f", "k", "(?:m|nn)o"])
    for text in ("tweet", "retweet", "bc", "yz", "xyz", "12 of", "qf", "qef", "k", "mo", "nno"):
        assert openings.match(text)
    assert openings.match("other") is None
    assert openings.match("tw") is None


def test_of_several_openings_it_is_the_first_one_given():
    openings = Openings(["read more", "r", "read", r"\w+"])
    found = [openings.match(text) for text in ("read more here", "read it", "other")]
    assert [match[0] for match in found] == ["read more", "r", "other"]


def test_alternatives_are_parted_outside_of_groups_only():
    assert alternatives(r"a|(?:b|c)d|[|]e|f\|g") == ["a", "(?:b|c)d", "[|]e", r"f\|g"]


def test_hostile_sentences_are_judged_in_time():
    for piece in ("A ", "Share ", "our ", "12:3 ", "LA ", "if you ", "is a ", "1 g "):
        for language in ("en", "fr", "zh"):
            _judge(piece * 450 + "end.", language)


def test_a_transcript_is_not_told_without_its_speakers():
    turns = [
        "The council met about the dam of Orun on Monday night.",
        "MARA HOLM: The dam was not checked for nine years.",
        "OSKAR BRANDT: The river rose by two metres in a night.",
        "MARA HOLM: The spillway stayed shut until Sunday morning.",
    ]
    assert speaker_turns(turns) == {1, 3}
    assert speaker_turns(turns[:3]) == set()
    summary = summarize([Document("\n".join(turns))], budget=Budget(sentences=9), language="en")
    assert not any("spillway" in sentence.text for sentence in summary.sentences)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Ferry of Corrin rams the quay wall", "The ferry of Corrin rams a quay wall."),
        ("de", "Fähre rammt Kaimauer in Corrin", "Eine Fähre rammt in Corrin die Kaimauer."),
        ("pt", "Ponte de Velt fecha na segunda", "A ponte de Velt fecha na segunda."),
        ("zh", "科林渡轮，撞上码头护墙", "科林渡轮撞上码头护墙。"),
    ],
)
def test_the_title_with_other_function_words_is_not_told(language, title, text):
    more = "Kaimauer" if language == "de" else "2031"
    news = f"{text[:-1]} {more} Orun Tarn Pellworth."
    story = read_story([Document(f"{text}\n{news}", title=title)], language)
    assert [candidate.text for candidate in story.candidates] == [news]


@pytest.mark.parametrize(
    ("language", "glued", "text"),
    [
        ("en", "TRAGEDY AT SEA ", "Fishermen found the wreck off Orun on Monday."),
        ("es", "SUCESOS ", "Los bomberos hallaron a tres vecinos en la torre de Velt."),
        ("sr", "ODLUKA U ORUNU ", "Porodilište u dolini ostaje otvoreno do 2029. godine."),
        ("el", "ΑΠΟΦΑΣΗ ΣΤΟ ΟΡΟΥΝ ", "Το φράγμα της κοιλάδας μένει κλειστό ως το 2029."),
        ("ru", "ПОЖАР В ПОРТУ ", "Огонь уничтожил три склада в долине ночью."),
        ("id", "ORUN, Suara Velt: ", "Gempa merusak 320 rumah di pesisir pada Senin."),
        ("en", "ORUN TOWN, Harbour Post – ", "The dam was opened on Monday by the mayor."),
        (
            "de",
            "Film starten Film 01:12 ",
            "Ein Stein hat in Orun das Dach einer Scheune zerstört.",
        ),
        ("nl", "Geluid aan 0:48 ", "De sluis van Orun blijft zeker vier weken dicht."),
        ("it", "Immagine 2 di 9 ", "I ladri avevano già cominciato a tagliare la campana."),
        ("fr", "Images à voir 1/12 ", "Le maire de Velt a ouvert le barrage lundi."),
    ],
)
def test_what_is_glued_on_is_told_by_capitals_and_numbers_in_any_words(language, glued, text):
    verdict = _judge(glued + text, language)
    assert verdict.is_fit
    assert verdict.skip == len(glued)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "UNESCO USA Director Mara Holm resigned on Monday in Velt."),
        ("en", "NATO Secretary General Mara Holm resigned on Monday in Velt."),
        ("en", "DOCUMENTS OBTAINED BY Velt reporters show how the dam cracked."),
        ("en", "THE PRIME MINISTER has told the house of Orun he will go."),
        ("en", "Yesterday at 10:30 I saw the water rise like never before."),
        ("de", "Um 12:30 Uhr hat Die Grüne Liste in Orun abgestimmt."),
        ("en", "Velt won 3 of 10 The Hague cases, the court of Orun said."),
    ],
)
def test_names_in_capitals_and_times_are_no_glue(language, text):
    assert _judge(text, language).skip == 0


@pytest.mark.parametrize(
    ("language", "text", "is_list"),
    [
        ("fr", "Il faut : 1 kg de mirabelles, 120 g de beurre, 80 g de sucre.", True),
        ("cs", "Na nádivku: 500 g švestek, 2 vejce, 30 g krupice, špetka skořice.", True),
        ("hu", "Hozzávalók: 25 dkg túró, 3 tojás, 10 dkg dara, kevés vanília.", True),
        ("en", "Divers found 3 kg of gold, 2 kg of silver and 40 coins off Orun on Monday.", False),
        ("en", "The toll: 3 people dead, 4 hurt, 5 missing in the valley of Velt.", False),
    ],
)
def test_a_list_of_quantities_is_told_in_any_words(language, text, is_list):
    assert _judge(text, language).is_fit is not is_list


def test_an_article_behind_a_dateline_stays():
    assert _judge("(CNN)A New Velt mine was opened on Monday.").skip == len("(CNN)")


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("hi", "वेल्टपुर: नदी प्राधिकरण ने सोमवार को कहा कि बांध फिर से भर गया है।", "नदी"),
        ("de", "Velt: Die Behörde hat am Montag den neuen Damm freigegeben.", "Die Behörde"),
        ("de", "Holm: Wir haben am Montag den neuen Damm freigegeben.", "Holm: Wir"),
        ("de", "Holm: „Der Damm ist am Montag wieder voll geworden.“", "Holm: „Der"),
    ],
)
def test_a_word_before_a_colon_is_a_place_in_a_first_sentence_alone(language, text, rest):
    guard, words = Guard(language), find_words(text)
    first = guard.judge(text, words, opens=True, is_first=True)
    assert first.is_fit
    assert text[first.skip :].startswith(rest)
    assert guard.judge(text, words, opens=True).skip == 0


def test_looks_around_and_optional_letters_ask_for_no_word():
    for pattern, text in (("seen (?!by a)here", "seen here"), ("maps? below", "the map below")):
        phrases = PhraseIndex({"reader": [pattern]}, spaced=True)
        assert phrases.found(text, Beginnings([phrases]).of(find_words(text))) == {"reader"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "“ Lire aussi Ada Lund, « La digue d’Orun », Le Courrier de Velt, juin 2018. ”",
        ),
        ("en", "“Read also: Ada Lund, The dam of Orun, in the Velt Mail of June.”"),
        ("de", "„Lesen Sie auch: Der Damm von Orun wird ein Jahr früher wieder voll.“"),
    ],
)
def test_a_link_to_another_article_is_one_in_quotation_marks_too(language, text):
    assert not _judge(text, language).is_fit


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Quảng cáo thuốc lá bị cấm tại Velt từ năm 2026, Bộ Y tế cho biết."),
        ("en", "“Read more books,” the minister of Orun told the pupils on Monday."),
        ("fr", "« Lire aussi le soir, c’est ce que je conseille », a dit la ministre d’Orun."),
    ],
)
def test_what_begins_as_a_link_or_a_label_may_be_news(language, text):
    assert _judge(text, language).is_fit
