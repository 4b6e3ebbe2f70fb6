"""Words by which a sentence says that what was told has ended, was undone or is denied."""

from functools import lru_cache

from bot.topics.fold import fold, squeeze

__all__ = ["is_undone"]

_STEM_CHARS = 6
# By language, as they begin; a few letters long enough that little else begins so.
_WORDS = {
    "ar": "رفع ألغى إلغاء انتهى عثر تراجع براءة أفرج استؤنف",
    "de": "aufgehoben aufgeklärt freigesprochen freigelassen wiederer entwarnung zurückgezogen "
    "abgesagt beendet gefunden gestoppt gekippt wieder dementiert doch verworfen widerruf",
    "en": "lifted found acquitted cleared freed released reopened reopens resumed resumes "
    "cancelled canceled withdrawn overturned scrapped recovered reversed dropped ended ends "
    "denied denies survives survived restored reinstated rescued revoked called",
    "es": "levantado levantan levanta levantada absuelto absuelve liberado hallado hallada "
    "encontrado reabre reabierto cancelado cancela retirado anulado anula reanuda reanuda",
    "fr": "levée levé acquitté acquittée libéré libérée retrouvé retrouvée rouvert rouvre annulé "
    "annulée reprend repris retiré renonce nouveau démenti",
    "it": "revocato revocata assolto assolta liberato liberata ritrovato ritrovata riaperto "
    "riaperta riapre annullato annullata ritirato riprende revoca",
    "ja": "解除 撤回 中止 発見 無罪 再開 釈放 取り消 救助",
    "ko": "해제 철회 취소 무죄 재개 석방 발견 구조",
    "nl": "opgeheven vrijgesproken vrijgelaten teruggevonden gevonden heropend hervat ingetrokken "
    "geschrapt weer afgelast",
    "pl": "zniesiono zniesiony uniewinniony uniewinnił odnaleziono odnaleziony znaleziono "
    "wznowiono wznowił odwołano odwołał cofnął uchylił ponownie odnalazł",
    "pt": "suspensa suspenso liberado liberada absolvido absolvida encontrado encontrada reaberto "
    "reabre cancelado cancela retirado anulado anula retoma derrubou derruba reconduz voltou",
    "ru": "отменили отменен отменил снят сняли оправдан оправдал нашли найден найдена "
    "освобожден возобновил возобновили открыт отозвал снова",
    "sv": "hävt hävs upphävt frikänd frias frigiven hittad hittades återfunnen återöppnad "
    "återupptas inställd dras",
    "tr": "kaldırıldı beraat serbest bulundu yeniden iptal geri",
    "uk": "скасували скасовано виправдано знайшли знайдено звільнено відновили відновлено знову",
    "zh": "解除 撤销 撤回 取消 无罪 恢复 获释 找到 重开 获救 重新",
}


def is_undone(words: frozenset[str], known: frozenset[str], language: str) -> bool:
    """Return whether ``words`` hold one that undoes what was told, and ``known`` none.

    Both are folded and cut to their first six letters, or pairs of letters where a script has
    no spaces. False for a language we have no words of. O(1) in ``known``.
    """
    undoing = _stems(language)
    return not words.isdisjoint(undoing) and known.isdisjoint(words & undoing)


@lru_cache(maxsize=64)
def _stems(language: str) -> frozenset[str]:
    listed = _WORDS.get(language, "").split()
    return frozenset(fold(squeeze(word)).strip()[:_STEM_CHARS] for word in listed)
