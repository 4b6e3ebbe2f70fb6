"""Words that say nothing about what happened, folded (small letters, no accents).

Rarity alone tells them apart only where many articles have been seen; a young window, or a
language with a handful of articles, needs the list. Words of one letter are never terms.
"""

__all__ = ["stop_words"]

_ENGLISH = """
the an and or but if of to in on at by for from with without as is are was were be been being am
it its he his him she her they their them we our us you your who whom whose which what when where
why how this that these those there here not no nor do does did done doing don has have had having
will would can could may might must shall should about after again against all also although among
amid another any around back because before between both during each even ever every few first get
gets got go goes going gone had how however into just last least less like make makes made many more
most much near new next now off old once one only other others out over own per said same say says
saying see seen set since so some still such take takes than then though through time to too took
two three toward towards under until up upon use used very via want was way well went while within
year years day days week weeks month months today yesterday tomorrow ago ll ve re isn didn doesn
won wasn aren couldn wouldn monday tuesday wednesday thursday friday saturday sunday mr mrs ms
according told news report reports reported reuters ap afp people
"""
_GERMAN = """
der die das den dem des ein eine einen einem einer eines und oder aber wenn von zu zum zur in im ins
an am auf bei fur mit ohne aus als ist sind war waren wird werden wurde wurden sein seine seinen
seiner hat haben hatte hatten er sie es wir ihr ihre ihren ihrer ich du man wer was wo wie warum
dieser diese dieses diesen diesem nicht kein keine auch noch nur schon sehr so dann doch da durch
gegen nach vor seit uber unter um bis zwischen wegen mehr wie will wollen kann konnen konnte soll
sollen muss mussen laut sagte jahr jahre jahren tag tage heute gestern nun ab sich vom neue neuen
montag dienstag mittwoch donnerstag freitag samstag sonntag uhr
"""
_FRENCH = """
le la les un une des du de et ou mais si dans en au aux sur sous par pour avec sans est sont etait
etaient etre ete sera il elle ils elles nous vous je on son sa ses leur leurs ce cet cette ces que
qui quoi dont ou quand comment pas ne plus moins tres aussi apres avant contre entre depuis pendant
selon comme fait faire ont avait avoir aura deux trois ans annee annees jour jours lundi mardi
mercredi jeudi vendredi samedi dimanche nouveau nouvelle meme tout tous toute toutes se
"""
_SPANISH = """
el la los las un una unos unas lo al del de y o pero si en con sin por para sobre entre desde hasta
es son era eran ser sido fue fueron sera esta estan este estas esto estos ese esa su sus se le les
que quien como cuando donde no mas muy tambien tras ante contra segun ha han habia hay dos tres ano
anos dia dias lunes martes miercoles jueves viernes sabado domingo nuevo nueva ya todo todos
"""
_ITALIAN = """
il lo gli una uno dei degli delle della dello del di da dal dalla nel nella con senza per tra fra su
sul sulla che chi cui come quando dove non piu anche dopo prima contro secondo sono era erano essere
stato stata ha hanno aveva suo sua suoi loro questo questa questi si ed anni anno giorni giorno
alla alle al ai nuovo nuova
"""
_PORTUGUESE = """
os as um uma uns umas do da dos das no na nos nas ao aos pelo pela em com sem por para sobre entre
desde ate e ou mas se que quem como quando onde nao mais muito tambem apos contra segundo foi foram
sao era eram ser sido esta estao este esse essa seu sua seus suas ha tem tinha dois tres ano anos
dia dias segunda terca quarta quinta sexta feira novo nova
"""
_DUTCH = """
de het een en of maar van voor met zonder op aan bij uit naar over onder door tegen na tot tussen is
zijn was waren wordt worden werd werden heeft hebben had hij zij ze wij we hun haar dit dat deze die
wie wat waar hoe niet geen ook nog al meer zo dan om te jaar dag dagen nieuwe volgens
"""
_RUSSIAN = """
и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было
вот от меня еще нет о из ему когда даже ну ли если уже или ни быть был была были него до вас нибудь
для мы их чем без будто чего раз тоже себя под будет кто этот эта это эти при об после над через
более между лет год года году дня который которые которая которых также того этого свой своих
сообщил сообщает заявил чтобы
"""
_UKRAINIAN = """
і й та в у на що не з із зі до за як від про для це є був була було були який яка які під після
також або але його її вони він вона ми щоб року роки рік
"""

_LISTS = {
    "en": frozenset(_ENGLISH.split()),
    "de": frozenset(_GERMAN.split()),
    "fr": frozenset(_FRENCH.split()),
    "es": frozenset(_SPANISH.split()),
    "it": frozenset(_ITALIAN.split()),
    "pt": frozenset(_PORTUGUESE.split()),
    "nl": frozenset(_DUTCH.split()),
    "ru": frozenset(_RUSSIAN.split()),
    "uk": frozenset(_UKRAINIAN.split()),
}
_ALL = frozenset[str]().union(*_LISTS.values())


def stop_words(language: str) -> frozenset[str]:
    """Return the list of a language (ISO 639-1): all of them for "", none where we have none."""
    return _LISTS.get(language, frozenset()) if language else _ALL
