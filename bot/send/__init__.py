"""Messages → chat: the outbox worker, the pace, and the way to Telegram."""

import os

from bot.send.addresses import telegram_address
from bot.send.outbox import Outbox, SendReport
from bot.send.pacing import UNPACED, Limits, Pacer

__all__ = ["UNPACED", "Limits", "Outbox", "Pacer", "SendReport", "telegram_address"]

# python-telegram-bot otherwise warns whenever Telegram asks for a pause: in its next
# major version a RetryAfter carries a timedelta, and this opts in to that (22.2 and later).
os.environ.setdefault("PTB_TIMEDELTA", "true")
