"""aiogram as a peer of ``benchmarks.sending``, run by a Python of its own that has it.

    PYTHON benchmarks/aiogram_peer.py URL MESSAGES IN_FLIGHT < message.html

Prints the messages per second of CPU time. It imports nothing of daybrief's.
"""

import asyncio
import importlib
import sys
import time
from typing import Any

_TOKEN = "123456789:" + "A" * 35


async def _measure(url: str, messages: int, in_flight: int, html: str) -> float:
    aiogram: Any = importlib.import_module("aiogram")
    sessions: Any = importlib.import_module("aiogram.client.session.aiohttp")
    servers: Any = importlib.import_module("aiogram.client.telegram")
    server = servers.TelegramAPIServer.from_base(url)
    bot = aiogram.Bot(_TOKEN, session=sessions.AiohttpSession(api=server))
    preview = aiogram.types.LinkPreviewOptions(is_disabled=True)

    async def run(count: int) -> None:
        chats = iter(range(1, count + 1))

        async def work() -> None:
            for chat in chats:
                await bot.send_message(
                    chat,
                    html,
                    parse_mode="HTML",
                    disable_notification=False,
                    link_preview_options=preview,
                )

        await asyncio.gather(*(work() for _ in range(in_flight)))

    await run(max(messages // 10, 1))  # warm up connections, caches and imports
    cpu = time.process_time()
    await run(messages)
    cpu = time.process_time() - cpu
    await bot.session.close()
    return messages / cpu


if __name__ == "__main__":
    url, messages, in_flight = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(asyncio.run(_measure(url, messages, in_flight, sys.stdin.read())))
