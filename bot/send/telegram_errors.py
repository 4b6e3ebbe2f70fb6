"""What errors of Telegram's calls mean for the message that was sent."""

import re

from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.error import ChatMigrated as TelegramChatMigrated

from bot.errors import (
    BadMarkup,
    ChatGone,
    ChatMigrated,
    DaybriefError,
    FloodWait,
    MaybeSent,
    NotSent,
    Refused,
    ThreadClosed,
)
from bot.logs import SecretFilter, said, without_quotes
from bot.send.limiter import retry_after_s

__all__ = ["NotSentError", "TooLargeAnswerError", "translated"]


class TooLargeAnswerError(NetworkError):
    """An answer of Telegram's beyond any size it gives."""

    __slots__ = ()


class NotSentError(NetworkError):
    """A request that certainly did not reach Telegram, as an error of python-telegram-bot."""

    __slots__ = ()


def translated(error: TelegramError) -> DaybriefError:
    """Return, not raise, the error of ours that tells what ``error`` means for its message.

    It says what Telegram said, without tokens and quotations, in up to 200 characters; FloodWait
    and ChatMigrated only carry the seconds (5 where Telegram gives none) and the new id.

    An answer of 500, 502 or 503, by its words, is NotSent: Telegram's servers give it for calls
    they could not carry out, and in an outage for hours. 504 says that one of them took the call
    and did not answer in time: MaybeSent.

    A right that the bot lacks is Refused: it can be given back at any hour, so that the next
    edition is worth its attempt.
    """
    reason = said(error) or type(error).__name__  # it is stored
    meant: DaybriefError
    match error:
        case RetryAfter():
            meant = FloodWait(retry_after_s(error))
        case TelegramChatMigrated():
            meant = ChatMigrated(str(error.new_chat_id))
        case BadRequest() | Forbidden() if _THREAD_CLOSED.search(reason):
            meant = ThreadClosed("telegram-says", said=reason)
        case BadRequest() | Forbidden() if _NO_RIGHT.search(reason):
            meant = Refused("telegram-says", said=reason)
        case Forbidden():
            meant = ChatGone("telegram-says", said=reason)
        # python-telegram-bot capitalizes: the patterns ignore case.
        case BadRequest() if _MARKUP.search(reason):
            meant = BadMarkup("telegram-says", said=reason)
        case BadRequest() if _GONE.search(reason):
            meant = ChatGone("telegram-says", said=reason)
        case BadRequest():
            meant = Refused("telegram-says", said=reason)
        # A token that is refused is for the operator to mend: the messages wait for that.
        case NotSentError() | InvalidToken():
            meant = NotSent("telegram-says", said=reason)
        # python-telegram-bot has no class for these.
        case _ if _TOO_MANY.match(reason):
            meant = FloodWait(_UNSAID_WAIT_S)
        case _ if _SERVER_ERROR.match(reason):
            meant = NotSent("telegram-says", said=reason)
        case _:
            meant = MaybeSent("telegram-says", said=reason)
    return meant


_REASON_CHARS = 200
# A 429 without a time is not documented, but seen from proxies.
_UNSAID_WAIT_S = 5.0
_TOO_MANY = re.compile(r"too many requests", re.IGNORECASE)
_SERVER_ERROR = re.compile(
    r"(internal server error|bad gateway|service (temporarily )?unavailable)", re.IGNORECASE
)
# Telegram's words are not documented; these are from its server's source
# (github.com/tdlib/telegram-bot-api and tdlib/td) and from what bots report.
_GONE = re.compile(
    r"chat not found|user is deactivated|user not found|peer_id_invalid|user_is_blocked"
    r"|bot was (kicked|blocked)|bot is not a member|group chat was (deleted|deactivated)"
    r"|channel_private|input_user_deactivated",
    re.IGNORECASE,
)
# As in a group whose members may not write, or a channel in which the bot is no admin any more.
_NO_RIGHT = re.compile(
    r"chat_write_forbidden|chat_restricted|chat_send_\w{1,20}_forbidden|chat_admin_required"
    r"|have no rights? to send|not enough rights|need administrator rights|user_restricted",
    re.IGNORECASE,
)
_THREAD_CLOSED = re.compile(
    r"message thread not found|message_thread_(invalid|not_found)|topic_(closed|deleted|id_invalid)"
    r"|topic (is )?(closed|deleted)|topic not found",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"can't parse (entities|message text)|entit(y|ies)_", re.IGNORECASE)
# What python-telegram-bot adds: answers it cannot read, and the repr of other errors.
_APPENDED = re.compile(
    r"(\. Parsing the server response|\. The server response contained"
    r"|(?<=Unknown error in HTTP implementation): ).*",
    re.DOTALL,
)
_no_tokens = SecretFilter()


@said.register
def _said_by_telegram(error: TelegramError) -> str:
    """Return Telegram's message, shortened, without tokens and quotations."""
    return without_quotes(_APPENDED.sub("", _no_tokens.hide(str(error))))[:_REASON_CHARS]
