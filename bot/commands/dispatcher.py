"""From a request to its use case: commands by name, buttons by what they carry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.break_notice import is_on_a_break, with_break
from bot.commands.managing import ElsewhereTapped, dressed, headed, invitation
from bot.commands.privacy import Export
from bot.commands.questions import asks_only
from bot.commands.refresh import RefreshForReader
from bot.commands.registry import BUTTONS, COMMANDS, PLAIN_WORDS, Command, Role, UseCases
from bot.commands.request import NO_AUTHORITY, NO_LANE, NO_NOTICE, Lane, Request
from bot.domain.address import ChatAddress
from bot.domain.callback import prefix_of
from bot.domain.message import Message
from bot.domain.ports import Authority, ChatRole, Clock, Notice
from bot.domain.room import ChatState, Room, RoomSettings
from bot.errors import ReaderError
from bot.reasons import Reason
from bot.store import Store
from bot.texts import explain, texts_for

__all__ = ["ButtonAnswer", "Dispatcher"]


@dataclass(frozen=True, slots=True)
class ButtonAnswer:
    """What a tapped button leads to: a message (None if it comes by itself), new or in place.

    ``refusal`` says instead why nothing was done in a room that is managed from elsewhere.
    """

    message: Message | None
    edits: bool = False
    refusal: str = ""


class Dispatcher:
    """Answers what readers ask, whatever the messenger.

    ``refresh`` is closed with it. Its coroutines raise StoreUnavailable where the database
    does not answer.
    """

    def __init__(
        self, use_cases: UseCases, store: Store, clock: Clock, refresh: RefreshForReader
    ) -> None:
        self.use_cases = use_cases
        self._store = store
        self._clock = clock
        self._refresh = refresh
        named = {command.name: command for command in COMMANDS}
        aliases = {alias: command for command in COMMANDS for alias in command.aliases}
        self._commands = aliases | named | {"": PLAIN_WORDS}
        use_cases.plain_words.bind({n: c.handler(use_cases) for n, c in named.items()})
        self._buttons = {button.data.prefix: button for button in BUTTONS}

    async def request(
        self,
        address: ChatAddress,
        *,
        kind: str,
        language: str,
        update_id: int,
        notice: Notice = NO_NOTICE,
        authority: Authority = NO_AUTHORITY,
        lane: Lane = NO_LANE,
    ) -> Request:
        """Return the request of whoever wrote from a chat; a room is opened if it has none.

        ``kind`` and ``language`` (an IETF tag, "" if unknown) are stored with a new chat only, the
        language of a private one alone: that of a chat of many is for its admins to say, and
        until one did, everybody is answered in their own. A chat that was gone is active again, a
        closed thread open. One query, and one write for a new room or one that was not to be
        written to. ``is_new`` of the request says that the room is new. Raises ValueError for
        an address that is no Telegram chat's (another platform, a named account, an id that is no
        number), and StoreUnavailable.
        """
        now, room = self._clock.now(), await self._store.chats.find_room(address)
        is_new = room is None
        if room is None or room.is_closed or room.chat.state is ChatState.GONE:
            said = language if kind == "private" else ""
            room = await self._store.chats.open_room(
                address, kind=kind, language=said, settings=RoomSettings(), now=now
            )
        return Request(
            room=room,
            texts=texts_for(room.language or language),
            now=now,
            update_id=update_id,
            is_new=is_new,
            notice=notice,
            authority=authority,
            language=language,
            lane=lane,
        )

    async def admit(self, request: Request) -> Request:
        """Return the request of one who may change what its room gets: in groups, an admin.

        The first admin's language becomes that of a chat that has none. Asks the platform, but
        for a private chat. Raises ReaderError for others, and StoreUnavailable.
        """
        room = request.room
        if room.chat.kind == "private" or request.asker is not None:  # asked for already
            return request
        if await request.authority.role_in(room.chat.address) is not ChatRole.ADMIN:
            raise ReaderError("admins-only")
        if room.chat.language or not request.language:
            return request
        await self._store.chats.set_language(room.chat.id, request.language)
        room = replace(room, chat=replace(room.chat, language=request.language))
        return replace(request, room=room, texts=texts_for(room.language))

    def now(self) -> datetime:
        """Return the present instant of the bot's clock (UTC)."""
        return self._clock.now()

    def knows(self, name: str) -> bool:
        """Return whether there is a command of the very ``name``, in small letters; no alias."""
        command = self._commands.get(name)
        return command is not None and command.name == name

    def is_for_groups(self, name: str) -> bool:
        """Return whether a chat of many is offered the command called ``name``."""
        command = self._commands.get(name)
        return command is not None and command.in_groups and bool(command.summary)

    def command(self, name: str) -> Command:
        """Return the command called ``name``, in small letters; "" is of plain words.

        It may be called by an alias. Raises ReaderError if there is none.
        """
        command = self._commands.get(name)
        if command is None:
            raise ReaderError("no-such-command")
        return command

    def spelled(self, name: str, text: str) -> tuple[str, str]:
        """Return a command's name and what follows it, of one run together: "subscribe_climate".

        What is no such command is returned as it is.
        """
        head, _, tail = name.partition("_")
        if name in self._commands or not tail or head not in self._commands:
            return name, text
        return head, f"{tail.replace('_', ' ')} {text}".strip()

    async def aimed(self, request: Request) -> Request:
        """Return a request for the room it is meant for: that managed from its chat, if any.

        A second time changes nothing. Raises as ``Managing.acting`` does.
        """
        return await self.use_cases.managing.acting(request)

    async def guess(self, request: Request, name: str, text: str) -> Message:
        """Return a question for the command that an unknown ``name`` may have meant.

        It is for the room that is managed, as ``run`` says. Raises ReaderError if none is near.
        """
        request = await self.aimed(request)
        answer = await self.use_cases.plain_words.guess(request, name, text)
        await self._note(request, answer)
        return answer if request.asker is None else dressed(request, answer)

    async def run(self, command: Command, request: Request, text: str) -> Message | Export | None:
        """Return the answer to a command; None if it comes by itself, through the outbox.

        ``text`` is what follows the command. From a private chat it is for the group or channel
        that is managed there, if any, and the answer says so; only an admin of it can. In a group
        only admins may use it, but for what ``command.role`` and ``for_members`` say. Takes as long
        as its use case: one that ``is_slow`` waits as ``BriefNow.queue``, mostly under half a
        minute, /start as ``Onboarding.start``, and /subscribe with addresses for their hosts.
        Raises what the use case raises: ReaderError for the reader to read, and StoreUnavailable.
        """
        if command.elsewhere:
            request = await self.aimed(request)
        handler = command.handler
        if command.role is Role.ADMIN:
            try:
                request = await self.admit(request)
            except ReaderError as error:
                if command.for_members is None or error.reason.code != "admins-only":
                    raise
                handler = command.for_members
        try:
            answer = await handler(self.use_cases)(request, text)
        except ReaderError as error:
            self.use_cases.plain_words.note(request, refusal=error.reason.code)
            raise
        await self._note(request, answer, command.name)
        if isinstance(answer, Message) and not asks_only(answer):
            answer = await self._with_break(request, answer)
        if request.asker is None:
            return answer
        if isinstance(answer, Export):
            return replace(answer, caption=headed("", request.place))
        return dressed(request, answer)

    async def _with_break(self, request: Request, answer: Message) -> Message:
        """Return an answer that says so where the room was on a break, and still is."""
        if not is_on_a_break(request.room, request.now):
            return answer
        room = await self._store.chats.get_room(request.room.id)
        return with_break(answer, room, request) if room is not None else answer

    async def _note(self, request: Request, answer: object, command: str = "") -> None:
        """Remember what an answer asked; a chat opened for a question alone is forgotten."""
        self.use_cases.plain_words.note(request, answer, command=command)
        if request.is_new and request.room.chat.kind == "private" and asks_only(answer):
            snapshot = await self._store.snapshots.take(request.room.id)
            if snapshot is not None and snapshot.is_blank:
                await self._store.forget(request.room.chat.id)

    async def press(self, request: Request, data: str) -> ButtonAnswer:
        """Do what a button asks, and return what to show for it.

        ``data`` is what the button carries. Every button is for admins in a group, and one of
        another room, tapped in private, for that one's. Takes as long as its use case: briefings
        and previews wait as ``BriefNow.queue``, mostly under half a minute. Raises ReaderError on a
        button that is not known (of an older time), GiveUp or an error of rendering if a preview
        cannot be composed, and what else its use case raises. A ReaderError of a room that is
        managed from elsewhere is not raised: it comes as the answer's refusal, which names that.
        """
        if prefix_of(data) == ElsewhereTapped.prefix:
            try:
                there = ElsewhereTapped.unpack(data)
            except ValueError:
                raise ReaderError("old-button") from None
            request = await self.use_cases.managing.at(request, there.room_id)
            try:
                return await self._press(request, there.data)
            except ReaderError as error:
                refusal = headed(explain(error.reason, request.texts), request.place)
                return ButtonAnswer(None, refusal=refusal)
        return await self._press(request, data)

    async def _press(self, request: Request, data: str) -> ButtonAnswer:
        request = await self.admit(request)
        button = self._buttons.get(prefix_of(data))
        try:
            tapped = button.data.unpack(data) if button else None
        except ValueError:
            tapped = None
        if button is None or tapped is None:
            raise ReaderError("old-button")
        message = await button.handler(self.use_cases)(request, tapped)
        self.use_cases.plain_words.note(request, message)
        if request.asker is not None:
            message = dressed(request, message)
        return ButtonAnswer(message, edits=button.edits)

    def too_old(self, data: str) -> Reason:
        """Return why a button of a message that nobody can edit any more does nothing.

        It names the command that gives the same buttons anew.
        """
        button = self._buttons.get(prefix_of(data))
        return Reason("old-message", {"command": f"/{button.renewed_by if button else 'help'}"})

    async def come_back(self, address: ChatAddress) -> None:
        """Record that a chat can be written to: what it set goes on by itself.

        An unknown chat is passed over. One write. Raises as ``leave`` does.
        """
        await self._store.chats.revive(address)

    async def reopen(self, address: ChatAddress) -> None:
        """Record that a thread can be written to again; one write, raises as ``leave``."""
        await self._store.chats.reopen_room(address)

    async def let_manage(
        self, request: Request, person: ChatAddress, language: str, place: str
    ) -> Message | None:
        """Let an admin manage the room of ``request`` from their private chat at ``person``.

        ``language`` is theirs, for a chat that is not known; ``place`` is what the room's chat is
        called. Returns what to tell them there, None if they never wrote or do not want to hear
        from us. Whether they are an admin is the caller's to check, and asked again whenever they
        act. Up to three writes. Raises StoreUnavailable.
        """
        own = await self._store.chats.find_room(person)
        was_known = own is not None and own.chat.state is not ChatState.GONE
        if own is None:
            own = await self._store.chats.open_room(
                person,
                kind="private",
                language=language,
                settings=RoomSettings(),
                now=self._clock.now(),
            )
        await self._store.managers.add(own.chat.id, request.room.id)
        texts = texts_for(own.language or language)
        return invitation(request.room, place, texts) if was_known else None

    async def managers_of(self, room: Room) -> list[Room]:
        """Return the private rooms of those who can manage a room, whose rights are not asked for.

        One query, and one for each. Raises StoreUnavailable.
        """
        ids = await self._store.managers.chats_of(room.id)
        return [own for chat_id in ids for own in await self._store.chats.rooms_of(chat_id)]

    async def leave(self, address: ChatAddress, reason: Reason | None = None) -> None:
        """Record that a chat blocked or removed us, or lets us not write, which ``reason`` says.

        What waits for it is not sent any more. All it set is kept for its return; stories of which
        nothing was sent count as not told. An unknown chat is passed over. One transaction. Raises
        ValueError as ``request`` does, and StoreUnavailable.
        """
        error = reason or Reason("bot-blocked")
        await self._store.outbox.mark_chat_gone(address, error=error, now=self._clock.now())

    async def move(self, old: ChatAddress, new: ChatAddress) -> None:
        """Record that the group at ``old`` is at ``new`` now, with all it set.

        What waits for it is sent there. If the new chat is known already, its rooms that read
        something stay, and the old one's join it where it has no such room of that thread; the
        others are deleted, and what only they read stays until ``Store.sweep``. It keeps its zone
        if that is known, else it takes the old one's with its language; times due stay as they
        were computed. What is being sent to either is queued again. One transaction; an unknown
        chat is passed over. Raises ValueError as ``request`` does, and StoreUnavailable.
        """
        await self._store.outbox.migrate_chat(old, new, now=self._clock.now())

    async def hello(self, address: ChatAddress, zone: str, language: str) -> None:
        """Record where a new reader lives, as their browser tells it; the room is opened.

        ``zone`` is an IANA name that ``is_zone`` accepts: it is not checked here, see
        ``Schedules.adopt_zone``. ``language`` is an IETF tag, stored with a new chat only. A zone
        that is known already stays. Raises as ``request`` and ``adopt_zone`` do.
        """
        request = await self.request(address, kind="private", language=language, update_id=0)
        if not request.room.zone_known:
            await self.use_cases.schedules.adopt_zone(request.room, zone, known=True)

    async def next_due(self, address: ChatAddress) -> datetime | None:
        """Return when a chat's next briefing is due (UTC), None if nothing is scheduled.

        One that is late counts if none is ahead, and a break makes no difference; also None for
        an unknown chat. Up to two queries; nothing is opened or stored. Raises ValueError as
        ``request`` does, and StoreUnavailable.
        """
        room = await self._store.chats.find_room(address)
        return None if room is None else await self.use_cases.schedules.next_at(room.id)

    async def locale_of(self, address: ChatAddress) -> tuple[str, str]:
        """Return the language we speak in a chat (an IETF tag), and its zone (an IANA name).

        "" for what is not known. One query; nothing is opened or stored. Raises ValueError as
        ``request`` does, and StoreUnavailable.
        """
        room = await self._store.chats.find_room(address)
        return ("", "") if room is None else (room.language, room.chat.zone)

    async def preview(
        self, address: ChatAddress, topics: Sequence[str], notice: Notice = NO_NOTICE
    ) -> list[str]:
        """Subscribe to ``topics``; return the plain messages of a first briefing, in order.

        The room is opened if need be, as an English reader's; all that it reads is in the briefing.
        Each of ``topics`` is as ``Subscriptions.subscribe`` takes it. Waits for what that waits
        for, then as ``BriefNow.preview``; ``notice`` shows the progress. Raises ReaderError where
        one of ``topics`` cannot be subscribed to, what broke if the briefing cannot be composed
        (GiveUp, or any error of rendering), ValueError as ``request`` does, and StoreUnavailable;
        what was subscribed to by then stays.
        """
        request = await self.request(
            address, kind="private", language="en", update_id=0, notice=notice
        )
        for words in topics:
            await self.use_cases.subscriptions.subscribe(request, words, may_ask=False)
        return await self.use_cases.brief_now.preview_all(request)

    async def close(self) -> None:
        """Cancel the refreshes that go on for readers, and wait for their end; never raises."""
        await self._refresh.close()
