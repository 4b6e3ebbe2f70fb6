"""Every command and every button, in one place: the menu, /help, docs and handlers come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.commands.breaks import Breaks
from bot.commands.brief import BriefNow, BriefTapped, PreviewTapped
from bot.commands.groups import Groups, MoveTapped
from bot.commands.imports import Imports
from bot.commands.languages import InterfaceTapped, Languages
from bot.commands.lists import (
    AddTapped,
    BackTapped,
    DropTapped,
    Lists,
    OfferTapped,
    ReadTapped,
)
from bot.commands.managing import LeaveTapped, ManageTapped, Managing
from bot.commands.onboarding import Onboarding, PickTapped, TimeTapped, TopicTapped
from bot.commands.plain_words import PlainWords
from bot.commands.preferences import Preferences, SettingTapped
from bot.commands.privacy import Export, ForgetTapped, Privacy
from bot.commands.questions import SayTapped
from bot.commands.received import HeardTapped, Received
from bot.commands.request import Request, plain_message
from bot.commands.schedule import Schedules, ZoneTapped
from bot.commands.scopes import HelpGroup, MenuScope, Role
from bot.commands.status import StatusReport
from bot.commands.subscriptions import Subscriptions, UndoTapped
from bot.commands.undo import RestoreTapped, Undo
from bot.domain.callback import CallbackData
from bot.domain.message import Message
from bot.texts import sentence

__all__ = [
    "BUTTONS",
    "COMMANDS",
    "PLAIN_WORDS",
    "ButtonAction",
    "Command",
    "HelpGroup",
    "MenuScope",
    "Role",
    "UseCases",
    "listed",
    "menu",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """All use cases, joined."""

    onboarding: Onboarding
    brief_now: BriefNow
    subscriptions: Subscriptions
    schedules: Schedules
    preferences: Preferences
    breaks: Breaks
    status: StatusReport
    privacy: Privacy
    groups: Groups
    managing: Managing
    languages: Languages
    received: Received
    imports: Imports
    undo: Undo
    lists: Lists
    plain_words: PlainWords


# A handler returns the answer; None if the answer comes by itself, as a briefing does.
CommandHandler = Callable[[Request, str], Awaitable[Message | Export | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command. ``handler`` picks what answers it: called with the request, and what follows.

    ``summary`` is translated where it is shown; without one, the command is not listed.
    ``group`` is where /help tells of it. ``role`` says who may use it in groups, ``in_groups``
    whether they are offered it, ``in_menu`` whether it is one of the few that menus show: in all
    that hold it, or in those named. /help lists the others.
    ``for_members`` is what others than admins get in a group in its place. ``elsewhere`` says
    that it is for the group or channel that is managed from a private chat, if one is.
    ``aliases`` are other names by which people call it. ``is_slow`` shows the reader that an
    answer is being prepared.
    """

    name: str
    handler: Callable[[UseCases], CommandHandler]
    summary: str = ""
    role: Role = Role.ADMIN
    in_groups: bool = True
    in_menu: bool | MenuScope = False
    group: HelpGroup = HelpGroup.SETTINGS
    is_slow: bool = False
    aliases: tuple[str, ...] = ()
    for_members: Callable[[UseCases], CommandHandler] | None = None
    elsewhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonAction:
    """What a kind of button does. ``edits`` puts the answer in place of the tapped message.

    ``renewed_by`` names the command that gives such buttons anew, once a message is too old.
    """

    data: type[CallbackData]
    handler: Callable[[UseCases], Callable[[Request, Any], Awaitable[Message | None]]]
    edits: bool = True
    renewed_by: str = "help"


async def _help(request: Request, _text: str) -> Message:
    """Return a line for each command that the chat is offered, by what people want to do.

    With examples. In a group whoever asks reads what its admins can do as well.
    """
    texts = request.texts
    commands = listed(in_groups=request.room.chat.kind != "private")
    lines = []
    for group in HelpGroup:
        told = [f"/{c.name} – {texts._(c.summary)}" for c in commands if c.group is group]
        lines += [f"▸ {texts._(group.value)}", *told, ""] if told else []
    examples = texts._(
        "For example: /subscribe north-korea · /subscribe “rare earths” -stocks · "
        "/subscribe https://example.org · /schedule 07:30 weekdays · /timezone Berlin"
    )
    return plain_message("\n".join([*lines, examples]))


def _start(cases: UseCases) -> CommandHandler:
    async def start(request: Request, text: str) -> Message | Export | None:
        """Follow a deep link from a group, else begin anew: commands are for the own chat."""
        if (followed := await cases.managing.follow(request, text)) is not None:
            return followed
        await cases.managing.end(request)
        return await cases.onboarding.start(request, text)

    return start


# In the order of the menu.
COMMANDS = (
    Command(
        name="brief",
        group=HelpGroup.NEWS,
        in_menu=True,
        aliases=("now", "news", "briefing", "latest", "digest", "headlines"),
        summary=sentence("Your briefing, now"),
        handler=lambda cases: cases.brief_now.queue,
        for_members=lambda cases: cases.groups.offer,
        is_slow=True,
    ),
    Command(
        name="top",
        group=HelpGroup.NEWS,
        summary=sentence("What most outlets tell now"),
        handler=lambda cases: cases.brief_now.top,
        is_slow=True,
    ),
    Command(
        name="subscribe",
        group=HelpGroup.READ,
        in_menu=True,
        aliases=("add", "sub", "follow", "join", "track"),
        summary=sentence("Read about a topic, words or a site"),
        handler=lambda cases: cases.subscriptions.subscribe,
    ),
    Command(
        name="unsubscribe",
        group=HelpGroup.READ,
        aliases=("remove", "unsub", "unfollow", "delete", "del", "drop"),
        summary=sentence("Stop reading about something"),
        handler=lambda cases: cases.plain_words.undoable(cases.lists.unsubscribe),
    ),
    Command(
        name="topics",
        group=HelpGroup.READ,
        in_menu=True,
        aliases=("list", "subscriptions", "subs", "mytopics", "feeds"),
        summary=sentence("What you read, and what there is"),
        handler=lambda cases: cases.lists.topics,
        role=Role.MEMBER,
    ),
    Command(
        name="schedule",
        group=HelpGroup.TIMES,
        in_menu=True,
        aliases=("time", "times", "when", "daily"),
        summary=sentence("When your briefing comes"),
        handler=lambda cases: cases.schedules.schedule,
        for_members=lambda cases: cases.groups.look,
    ),
    Command(
        name="timezone",
        group=HelpGroup.TIMES,
        aliases=("tz", "zone", "city", "location"),
        summary=sentence("Where you are"),
        handler=lambda cases: cases.schedules.timezone,
    ),
    Command(
        name="settings",
        group=HelpGroup.SETTINGS,
        in_menu=True,
        aliases=("language", "languages", "lang", "length", "config", "preferences", "options"),
        summary=sentence("Length, languages and more"),
        handler=lambda cases: cases.preferences.settings,
    ),
    Command(
        name="pause",
        group=HelpGroup.TIMES,
        in_menu=True,
        aliases=("mute", "snooze", "hold"),
        summary=sentence("Take a break from the news"),
        handler=lambda cases: cases.breaks.pause,
    ),
    Command(
        name="resume",
        group=HelpGroup.TIMES,
        aliases=("unpause", "unmute", "continue"),
        summary=sentence("End the break, and catch up"),
        handler=lambda cases: cases.breaks.resume,
        is_slow=True,
    ),
    Command(
        name="status",
        group=HelpGroup.TIMES,
        in_menu=MenuScope.MEMBERS,
        aliases=("stats", "info"),
        summary=sentence("What was sent, and what comes next"),
        handler=lambda cases: cases.status.status,
        role=Role.MEMBER,
    ),
    Command(
        name="language",
        group=HelpGroup.SETTINGS,
        in_menu=MenuScope.PRIVATE,
        summary=sentence("The language I speak"),
        handler=lambda cases: cases.languages.language,
    ),
    Command(
        name="manage",
        group=HelpGroup.SETTINGS,
        in_menu=MenuScope.ADMINS,
        summary=sentence("Groups and channels of yours"),
        handler=lambda cases: cases.managing.manage,
        elsewhere=False,
    ),
    # What a group is not offered: it has no privacy of one person to show or to end.
    Command(
        name="privacy",
        group=HelpGroup.DATA,
        summary=sentence("What I know about you"),
        handler=lambda cases: cases.privacy.privacy,
        in_groups=False,
    ),
    Command(
        name="export",
        group=HelpGroup.DATA,
        summary=sentence("All I know about you, as a file"),
        handler=lambda cases: cases.privacy.export,
        in_groups=False,
    ),
    Command(
        name="forgetme",
        group=HelpGroup.DATA,
        aliases=("forget", "deleteme"),
        summary=sentence("Delete all I know about you"),
        handler=lambda cases: cases.privacy.ask,
        in_groups=False,
    ),
    Command(
        name="help",
        group=HelpGroup.SETTINGS,
        in_menu=True,
        aliases=("commands", "menu", "about"),
        summary=sentence("What I can do"),
        handler=lambda _: _help,
        role=Role.MEMBER,
        elsewhere=False,
    ),
    # Sent by the platform's own button, and by deep links.
    Command(name="start", handler=_start, elsewhere=False),
    # What people send to be left alone.
    Command(name="stop", aliases=("quit", "cancel", "end"), handler=lambda c: c.plain_words.stop),
)

# A text that is no command.
PLAIN_WORDS = Command(name="", handler=lambda cases: cases.plain_words.read, in_groups=False)

BUTTONS = (
    ButtonAction(
        data=PickTapped, handler=lambda cases: cases.onboarding.pick_topic, renewed_by="topics"
    ),
    ButtonAction(
        data=TopicTapped, handler=lambda cases: cases.onboarding.tap_topic, renewed_by="topics"
    ),
    ButtonAction(
        data=TimeTapped, handler=lambda cases: cases.onboarding.tap_time, renewed_by="schedule"
    ),
    ButtonAction(
        data=BriefTapped,
        handler=lambda cases: cases.onboarding.tap_brief,
        edits=False,
        renewed_by="brief",
    ),
    ButtonAction(
        data=PreviewTapped,
        handler=lambda cases: cases.brief_now.preview,
        edits=False,
        renewed_by="topics",
    ),
    ButtonAction(
        data=UndoTapped, handler=lambda cases: cases.subscriptions.undo, renewed_by="topics"
    ),
    ButtonAction(
        data=ZoneTapped, handler=lambda cases: cases.schedules.set_zone, renewed_by="timezone"
    ),
    ButtonAction(
        data=SettingTapped, handler=lambda cases: cases.preferences.choose, renewed_by="settings"
    ),
    ButtonAction(data=ReadTapped, handler=lambda cases: cases.lists.read, renewed_by="topics"),
    ButtonAction(data=OfferTapped, handler=lambda cases: cases.lists.offer, renewed_by="topics"),
    ButtonAction(data=AddTapped, handler=lambda cases: cases.lists.add, renewed_by="topics"),
    ButtonAction(data=DropTapped, handler=lambda cases: cases.lists.drop, renewed_by="topics"),
    ButtonAction(data=BackTapped, handler=lambda cases: cases.lists.back, renewed_by="topics"),
    ButtonAction(data=HeardTapped, handler=lambda cases: cases.received.heard),
    ButtonAction(
        data=ForgetTapped, handler=lambda cases: cases.privacy.forget, renewed_by="forgetme"
    ),
    ButtonAction(data=SayTapped, handler=lambda cases: cases.plain_words.say),
    ButtonAction(data=RestoreTapped, handler=lambda cases: cases.plain_words.undo),
    ButtonAction(
        data=InterfaceTapped, handler=lambda cases: cases.languages.choose, renewed_by="language"
    ),
    ButtonAction(
        data=ManageTapped, handler=lambda cases: cases.managing.choose, renewed_by="manage"
    ),
    ButtonAction(data=LeaveTapped, handler=lambda cases: cases.managing.leave, renewed_by="manage"),
    ButtonAction(data=MoveTapped, handler=lambda cases: cases.groups.move),
)


def listed(*, in_groups: bool = False) -> tuple[Command, ...]:
    """Return the commands that /help and the documentation list, in the menu's order.

    With ``in_groups`` only those that a group is offered. /start is in neither.
    """
    return tuple(c for c in COMMANDS if c.summary and (c.in_groups or not in_groups))


def menu(scope: MenuScope = MenuScope.PRIVATE) -> tuple[Command, ...]:
    """Return the commands of a menu, at most eight, in its order.

    Members of a group are shown what they may use there.
    """
    is_for_members = scope is MenuScope.MEMBERS
    return tuple(
        command
        for command in listed(in_groups=scope is not MenuScope.PRIVATE)
        if (command.in_menu is True or command.in_menu is scope)
        and not (is_for_members and command.role is Role.ADMIN and command.for_members is None)
    )
