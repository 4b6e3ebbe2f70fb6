"""Datelines: the place, day and agency that open a report."""

import re

__all__ = ["dateline_chars"]

_AGENCY = (
    r"A\.P\.|AP|AP Photo|AFP|dpa|dpa-AFX|DPA|CNN|CNN Business|UPI|EFE|ANSA|TASS|Reuters|REUTERS"
    r"|Thomson Reuters[^)]{0,20}|Xinhua|KCNA|Yonhap|Bloomberg|PTI|ANI|IANS|BBC|NBC|CBS|ABC|SID"
    r"|sid|APA|KNA|epd|Belga|ANP|TT|NTB|Ritzau|STT|PAP|ČTK|TASR|MTI|Anadolu|AA|DHA|İHA|Kyodo"
    r"|Jiji|TTXVN|VNA|Antara|WAM|SPA|SANA|LUSA|Lusa|Agerpres|RNS|Politico|The Hill"
    r"|The Conversation|Business Insider|Рейтер|Интерфакс|ТАСС|РИА Новости|رويترز|أ ف ب|د ب أ"
    r"|AGI|Adnkronos|Agência Brasil|Europa Press|LaPresse|Mediafax|SITA|BTA|БТА|IRNA|ISNA|DHA|KUNA"
    r"|Укринформ|Укрінформ|УНИАН|УНІАН|БелТА|Sputnik|Bernama|中央社|新华社|共同|時事|ロイター|भाषा|वार्ता"
    r"|एजेंसी|पीटीआई|एएनआई|आईएएनएस|বাসস|ইউএনবি|العربية|واس|وام|قنا|كونا|سانا|بترا|وكالات|ایرنا|ایسنا|فارس|مهر"
    r"|Dân trí|Dân Trí|Chinhphu\.vn|PLO|VTC News|VOV"
)
_DASH = r"(?:--+|—|–|-|―|/\s?)"
_FORMS = (
    # WASHINGTON (AP) —   Catania, Italy (CNN)   (Reuters) -
    rf"(?:[^\W\d_][^().!?\"“”:;\n]{{0,70}}\s?)?\((?:{_AGENCY})\)\s?(?:[.:]?\s?{_DASH}\s*|[:.]\s)?",
    # القاهرة - رويترز:   تهران- ایرنا-
    rf"[^\W\d_][^().!?:\n\"“”«»]{{1,30}}\s?[-–—/]\s?(?:{_AGENCY})\s?[-–—:]\s+",
    # London/Teheran -   Corrin/Velt:
    r"(?-i:(?=[^\W\d_a-zà-ÿ]))[^\W\d_][\w.'’-]+(?:/(?=[^\W\d_a-zà-ÿ])[\w.'’-]+){1,2}\s?(?:--|[—–:]|-)\s+",
    # Velt, 5. Juni 2025 –   París, 5 jun.-   Paris, le 5 juin -
    r"[^\W\d_][\w.'’/-]*(?:\s[^\W\d_][\w.'’/-]*){0,3},\s(?:[^\W\d_]{2,12}\.?\s){0,2}\d{1,2}\b\.?"
    r"(?:\s?[\w.]{1,12}){0,4}\s?(?:\.-|--|[—–]|-)\s+",
    # Berlin (tagblatt) -   (Harbour Post) —
    rf"[^\W\d_][^()!?\"“”:;\n]{{1,50}}\s\([^()\n]{{2,30}}\)\s?{_DASH}\s+",
    r"\([^()\n]{2,30}\)\s?(?:--+|—|–|-)\s+",
    # (서울=연합뉴스) 홍길동 기자 =   [오룬일보 홍길동 기자]
    r"[(（]\s?[가-힣A-Za-z]+\s?=\s?[가-힣A-Za-z0-9 ]+[)）]\s*"
    r"(?:[가-힣·\s]{2,20}(?:기자|특파원)\s*=?\s*)?=?\s*",
    r"\[[^\]\n]{2,30}(?:기자|특파원|=)[^\]\n]{0,10}\]\s*",
    # 【オルン】   新华社奥伦6月5日电（记者 某某）
    r"【[^】\n]{2,30}】\s*",
    r"[\u3400-\u9fff\d]{2,20}(?:电|電|讯|訊)\s?(?:[(（【][^)）】\n]{2,24}[)）】])?\s?(?=[^，,\s])",
    # TTO -   VOV.VN -   TEMPO.CO, Jakarta -
    r"[A-ZĐ]{2,5}\s?[-–]\s+",
    r"\w[\w.]{1,20}\.(?i:com|co|id|vn|net|org)(?:,\s[A-Z][\w .]{2,25})?\s?(?:--|[-–—])\s+",
    # ［オルン　5日　ロイター］   （中央社記者王小明台北5日電）
    r"［[^］\n]{2,40}］\s?[-－–—]?\s*",
    r"[（(][^）)\n]{2,40}(?:电|電|讯|訊)[）)]\s*",
    # МОСКВА, 5 июня. /ТАСС/.   МОСКВА, 5 июн — РИА Новости.
    r"[А-ЯЁІЇЄ][^().!?\n]{2,40}[.,]?\s"
    rf"(?:/[^/\n]{{2,20}}/\.?|{_DASH}\s?(?:РИА Новости|ТАСС|Интерфакс)[.,])\s*",
)
_DATELINE = re.compile("|".join(_FORMS))
# LONDON —   SEOUL, June 5 -   ; told from other openings by its capitals.
_CAPITAL_PLACE = re.compile(
    r"([^\W\d_][^!?\"“”:;()\n]{1,55}?)\s?(?:--+|—|–)\s*|([^\W\d_][^!?\"“”:;()\n]{1,55}?)\s-\s+"
)
# PORT ORUN (Staff report):   ORUN (own report).
_CAPITAL_CREDITED = re.compile(r"([^\W\d_][^!?\"“”:;()\n]{1,40}?)\s\([^()\n]{2,30}\)\s?[:.]\s+")
# Corrin —   Seoul desk —   ; only before the one long dash of its sentence.
_NAMED_PLACE = re.compile(
    r"((?:[^\W\d_][\w.'’-]+,?\s){1,3}?)(?:(?:desk|bureau|newsroom)\s)?(?:—|--)\s++(?!.*(?:—|--))"
)
_PLACE_WORDS = 7
# Without one of these marks near its beginning a sentence has no dateline.
_MARK = re.compile(r"[(（\[［【—–―/电電讯訊-]")
_MARK_CHARS = 90


def dateline_chars(text: str) -> int:
    """Return how long the dateline is that ``text`` begins with, dash and spaces included.

    In characters; 0 if there is none.

    What follows must look like the beginning of a sentence. ``text`` is one sentence, without
    white space around it. Never raises.
    """
    if _MARK.search(text, 0, _MARK_CHARS) is None:
        return 0
    match = _DATELINE.match(text)
    if match is None:
        match = _CAPITAL_CREDITED.match(text) or _CAPITAL_PLACE.match(text)
        # The place of a dateline is a city in capitals, perhaps with a date.
        words = next(filter(None, match.groups())).replace(",", " ").split() if match else []
        if not (
            0 < len(words) <= _PLACE_WORDS
            and len(words[0]) > 2
            and words[0].isupper()
            and all(word[0].isupper() or word[0].isdigit() for word in words)
        ):
            match = _NAMED_PLACE.match(text)
            if match is None or not match[1].istitle():
                return 0
    if match is None:
        return 0
    after = text[match.end() : match.end() + 2].lstrip("\"“”‘'«»„「")[:1]
    goes_on = bool(after) and (after.isupper() or after.isdigit() or not after.isascii())
    return match.end() if goes_on and not after.islower() else 0
