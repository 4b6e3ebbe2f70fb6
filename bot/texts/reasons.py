"""The sentence of each reason, in the reader's language."""

from collections.abc import Mapping

from bot.reasons import LEGACY, Reason, Value
from bot.texts.bidi import contained
from bot.texts.texts import Texts, sentence

__all__ = ["SENTENCES", "explain"]

# By code. Blanks are filled by the reason's values; a list is joined by and, or, plain.
SENTENCES: Mapping[str, str] = {
    # What a reader asked for and cannot have. Whole sentences, with what to do next.
    "admins-only": sentence("Only an admin of this group can do that."),
    "brief-failed": sentence(
        "Your briefing could not be made: a fault on our side, noted. Please try again later."
    ),
    "file-too-large": sentence("That file is too large: I read lists of up to {n} MB."),
    "no-command": sentence(
        "I send news, and understand wishes for it: a topic such as climate, a time such as "
        "7:30, “stop”. /topics shows what there is, /help what I can do."
    ),
    "no-feed-list": sentence(
        "I cannot read that as a list of feeds ({reason}). Export it again as OPML, please."
    ),
    "no-feed-there": sentence(
        "{address} gives no feed ({reason}). Try the address of a news site or of its feed."
    ),
    "no-subscriptions-yet": sentence(
        "You have no subscriptions. Start with /subscribe north-korea, "
        "/subscribe “rare earths” -stocks, /subscribe https://example.org"
    ),
    "no-such-command": sentence("I don't know that command. /help shows what I do."),
    "no-such-language": sentence(
        "I don't speak “{word}” yet. /language shows what I speak; /settings has the languages of "
        "articles."
    ),
    "not-its-member": sentence("That is for members of the group."),
    "telegram-unsure": sentence(
        "Telegram does not tell me just now who is an admin. Please try again in a minute."
    ),
    "not-its-admin": sentence(
        "You are no admin of {place} now, or I am not in it: nothing was changed. "
        "/manage shows where you are."
    ),
    "no-such-place": sentence(
        "No place “{place}”. Try the nearest big city or the time on your clock: /timezone 14:05"
    ),
    "no-such-topic": sentence(
        "No topic “{words}”. Did you mean {names:or}? For the very words send /subscribe “{words}”"
    ),
    "no-time": sentence("“{word}” is no time. Try: /schedule 07:30 or /schedule 8:00 weekdays"),
    "no-zone-there": sentence(
        "I know no time zone there. Send the nearest big city: /timezone Berlin"
    ),
    "not-on-a-break": sentence("You are not on a break. /pause 3d takes one."),
    "not-read": sentence("You don't read “{words}”. You read: {names:plain}."),
    "not-read-any-more": sentence("You don't read that any more. /topics shows what you do."),
    "nothing-named": sentence(
        "What would you like to read? Try /subscribe north-korea, "
        "/subscribe “rare earths” -stocks, /subscribe https://example.org"
    ),
    "nothing-to-brief-on": sentence(
        "Nothing to brief you on yet. Try /subscribe north-korea or /topics"
    ),
    "one-at-a-time": sentence(
        "One thing at a time: I am still busy with what you asked before. Ask again in a minute."
    ),
    "old-button": sentence("That button no longer works. /help shows what I do now."),
    "old-message": sentence("These buttons are too old. Send {command} for new ones."),
    "old-settings-button": sentence("That button no longer works. Send /settings."),
    "old-time-button": sentence("That button no longer works. Send /schedule 07:30."),
    "old-zone-button": sentence("That button no longer works. Send /timezone and your city."),
    "query-contradicts-itself": sentence("“{word}” is both wanted and left out: keep one of them."),
    "query-empty": sentence(
        'Tell me which words to look for, for example: "rare earths" +mine -bitcoin'
    ),
    "query-of-too-many-words": sentence(
        "That is too many words: a search takes up to {n}, so pick the ones that matter."
    ),
    "query-only-excludes": sentence(
        "Tell me what to look for too, not only what to leave out: rare earths -mining"
    ),
    "query-too-long": sentence(
        "That is too long: a search takes up to {n} characters, so pick the few words that matter."
    ),
    "time-missing": sentence("At what time? Try: /schedule 07:30 or /schedule 8:00 weekdays"),
    "not-fetched": sentence("Telegram did not give me that file. Please send it again."),
    "too-fast": sentence("Too fast: that tap was not done. Please wait {seconds} s."),
    "too-many-at-once": sentence("Up to {n} at once, please."),
    "too-many-subscriptions": sentence(
        "That would be over {n} subscriptions. Drop one first: /topics"
    ),
    "too-many-times": sentence("Up to {n} times a day, please."),
    "too-long-to-read": sentence(
        "That is too long for me: I send news, and understand short wishes for it. "
        "Send a topic, such as climate, or /help."
    ),
    "topic-gone": sentence("That topic no longer exists. /topics shows what there is."),
    "undone-already": sentence("That was undone already. /topics shows what you read."),
    "undone-too-late": sentence("That can be undone no more. Read it anew with /subscribe."),
    "undo-too-late": sentence("That cannot be undone any more. /topics shows what you read."),
    "unsubscribe-from-what": sentence(
        "Unsubscribe from what? You read: {names:plain}. Try /unsubscribe {example}"
    ),
    "until-when": sentence(
        "Until when? Try /pause 3d, /pause 2w, /pause 2026-12-24 or just /pause"
    ),
    # Why a feed or a page could not be read.
    "another-article": sentence("the page tells of something else"),
    "backslash-in-host": sentence("the link has a backslash in its host"),
    "broken-compression": sentence("its compression is broken"),
    "cut-short": sentence("it was cut short"),
    "feed-ended": sentence("the feed has ended (410)"),
    "feed-not-there": sentence("the feed is not there (404)"),
    "front-page": sentence("the page is its site's front page"),
    "host-paused": sentence("its host asked for {seconds} s more"),
    "http-status": sentence("its server answered {status}"),
    "index-without-sitemaps": sentence("the index lists no sitemaps"),
    "invalid-certificate": sentence("its certificate is not valid"),
    "invalid-json": sentence("the document is no valid JSON"),
    "leads-to-no-public-address": sentence("it leads to no public address"),
    "link-local-address": sentence("link-local addresses are not opened"),
    "link-too-long": sentence("the link is too long"),
    "link-with-password": sentence("links with a name or password are not opened"),
    "list-too-long": sentence("the list has more than {n} MB"),
    "name-not-found": sentence("its name was not found"),
    "no-answer-in-time": sentence("it did not answer in time"),
    "no-article": sentence("the page holds no article"),
    "no-feed": sentence("the document is no feed"),
    "no-feed-linked": sentence("no feed is linked from there"),
    "no-http": sentence("its server does not speak HTTP"),
    "no-json-feed": sentence("the document is no JSON Feed"),
    "no-opml": sentence("the file is no list of feeds (OPML)"),
    "no-public-address": sentence("that is no public address"),
    "no-public-name": sentence("that is no public name"),
    "no-such-port": sentence("the link has no such port"),
    "no-url": sentence("the link is not a URL"),
    "no-web-port": sentence("port {port} is no web port"),
    "not-the-article": sentence("a page of the site stands in its place, such as a log-in"),
    "other-scheme": sentence("only http and https links are opened"),
    "own-entities": sentence("the document declares entities of its own"),
    "page-status": sentence("the page answered {status}"),
    "paywalled": sentence("the page holds its article for subscribers only"),
    "robots-excluded": sentence("the site keeps this page from robots"),
    "robots-out-of-reach": sentence("its rules for robots are out of reach"),
    "sitemap-without-news": sentence("the sitemap lists no news"),
    "sitemaps-without-news": sentence("the sitemaps list no news"),
    "tag-too-long": sentence("the document has a tag of over {n} KB"),
    "too-many-bytes": sentence("it has more than {n} bytes"),
    "too-many-redirects": sentence("it redirects more than {n} times"),
    "unknown-compression": sentence("its compression ({coding}) is not one we read"),
    "unreachable": sentence("it could not be reached"),
    "unreadable-feed": sentence("the document cannot be read as a feed"),
    "unreadable-host": sentence("the link has no readable host"),
    # Why work on one thing came to nothing.
    "result-too-large": sentence("what it gives is too large"),
    "process-died": sentence("the process that worked on it died"),
    "store-unavailable": sentence("the database does not answer"),
    "too-much-memory": sentence("it takes too much memory"),
    "too-slow": sentence("it takes more than {seconds} s"),
    "unforeseen": sentence("a fault on our side ({kind})"),
    # Why a topic has nothing to tell, though there is something.
    "other-languages": sentence("there is something in {languages:plain} only. /settings"),
    # What was stored and exists no longer.
    "retired-language": sentence(
        "Articles in {languages:plain} are no more: you get those in your own language. /settings"
    ),
    "retired-method": sentence(
        "Summaries by “{value}” are no more: they are made our usual way. /settings"
    ),
    "retired-setting": sentence(
        "Your setting “{value}” is no more: our usual one holds. /settings"
    ),
    "retired-settings": sentence("Your settings could not be read: our usual ones hold. /settings"),
    "retired-topic": sentence("no topic any more. /topics shows what there is"),
    "retired-zone": sentence(
        "Your time zone “{zone}” is unknown here: your times are UTC until you send /timezone "
        "and your city."
    ),
    "briefing-unanswered": sentence(
        "Your briefing of {when} may not have reached you: Telegram never answered."
    ),
    # Why an edition, or a part of one, was not sent.
    "story-broken": sentence("story {story} was left out: a fault on our side ({kind})"),
    "stories-left-out": sentence("stories left out for a fault on our side: {n}"),
    "topics-left-out": sentence("left out for a fault on our side: {names}"),
    "bot-blocked": sentence("the bot was blocked or removed"),
    "may-not-write": sentence("the bot may not write there"),
    "chat-gone": sentence("the chat is gone"),
    "chat-migrated": sentence("the group became a supergroup"),
    "flood-wait": sentence("Telegram asks for a pause of {seconds} s"),
    "missed-in-outage": sentence("missed in an outage; the next edition covers it"),
    "never-answered": sentence("no answer three times, it may have been sent: {said}"),
    "no-answer-twice": sentence("no answer twice, it may have been sent: {said}"),
    "no-subscriptions": sentence("no subscriptions"),
    "paused": sentence("paused"),
    "telegram-says": sentence("Telegram says: {said}"),
    "thread-closed": sentence("the topic of the group is closed or deleted"),
    "too-old": sentence("too old to be sent"),
    "unreadable-part": sentence("it cannot be read from the database"),
    "setup": "{text}",
}


def explain(reason: Reason, texts: Texts) -> str:
    """Return ``reason`` as a sentence in the reader's language.

    Its code and values, in English, where there is no sentence (a newer daybrief wrote it) or
    where a blank cannot be filled. Not escaped for markup. Some are whole sentences, others a
    clause ("the feed has ended (410)") for brackets. What fills a blank turns nothing around it
    (see ``contained``). Never raises.
    """
    if reason.code == LEGACY:
        text = str(reason.values.get("text", ""))
        return texts._(text)  # prose of a former schema; what we still say is translated
    template = SENTENCES.get(reason.code)
    if template is None:
        return str(reason)
    values = {name: _Blank(value, texts) for name, value in reason.values.items()}
    try:
        return contained(texts._(template).format(**values))
    except (LookupError, ValueError, ArithmeticError):  # a row that somebody wrote by hand
        return str(reason)


class _Blank:
    """A value as it appears in a sentence; the format is how several are joined."""

    def __init__(self, value: Value, texts: Texts) -> None:
        self._value = value
        self._texts = texts

    def __format__(self, style: str) -> str:
        match self._value:
            case Reason():
                return explain(self._value, self._texts).rstrip(".")
            case tuple():
                return self._texts.join(self._value, style or "and")  # type: ignore[arg-type]
            case str():
                return self._value
        return self._texts.number(self._value)
