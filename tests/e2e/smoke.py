"""Smoke test: chat with a running tryout over the HTTP API of its page.

`python tests/e2e/smoke.py http://127.0.0.1:8080` needs only the standard library. It ends with an
error if an answer is missing or a story is told twice.
"""

import json
import sys
import time
import urllib.request
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Berlin"


class Person:
    """A person who chats with the bot through the page at the URL ``page``."""

    def __init__(self, page: str) -> None:
        self.page = page.rstrip("/")
        self.seq = 0
        self.messages: list[dict] = []
        self.chat = self._post("hello", zone=ZONE, language="en")["chat"]

    def say(self, text: str) -> None:
        print(f"> {text}")
        self._post("say", chat=self.chat, text=text)

    def wait(self, what: str, matches, seconds: float) -> str:
        """Return the text of the first new message from the bot for which ``matches`` is true.

        Ends the program with a message that names ``what`` after ``seconds``.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            url = f"{self.page}/tryout/events?chat={self.chat}&after={self.seq}"
            with urllib.request.urlopen(url, timeout=40) as answer:
                events = json.load(answer)["events"]
            for event in events:
                self.seq = max(self.seq, event["seq"])
                message = event.get("message", event)
                if event["kind"] in {"message", "edited"} and not message.get("outgoing"):
                    self.messages.append(message)
                    if matches(message["text"]):
                        print(f"< {message['text'][:100]!r}")
                        return message["text"]
        sys.exit(
            f"no {what} within {seconds:g} s; seen: {[m['text'][:200] for m in self.messages]}"
        )

    def now(self) -> float:
        """Return the bot's time, in seconds since 1970."""
        url = f"{self.page}/tryout/state?chat={self.chat}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["now"]

    def _post(self, name: str, **body) -> dict:
        request = urllib.request.Request(
            f"{self.page}/tryout/{name}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def main() -> None:
    person = Person(sys.argv[1])
    person.say("/subscribe north-korea")
    person.wait("answer", lambda text: "Subscribed to North Korea" in text, 10)
    # The sample newsroom has a calendar of its own.
    at = datetime.fromtimestamp(person.now(), ZoneInfo(ZONE)) + timedelta(seconds=2)
    person.say(f"/schedule {at:%H:%M:%S}")
    person.wait("schedule", lambda text: "Your briefing comes" in text, 10)
    first = person.wait("scheduled briefing", lambda text: "SAMPLE" in text and "1." in text, 20)
    assert "North Korea" in first, first
    person.say("/brief")
    second = person.wait("briefing on demand", lambda text: "SAMPLE" in text, 20)
    told = {line for line in first.splitlines() if line.startswith("☀️ 1. ")}
    assert not told & set(second.splitlines()), "a story was told twice"
    print("the smoke run holds")


if __name__ == "__main__":
    main()
