"""Who may use commands, and where they are told of: in menus, and in the groups of /help."""

from enum import StrEnum

from bot.texts import sentence

__all__ = ["HelpGroup", "MenuScope", "Role"]


class Role(StrEnum):
    """Who may use a command in a group; in a private chat everybody may use all."""

    MEMBER = "member"
    ADMIN = "admin"


class HelpGroup(StrEnum):
    """What people want to do, in the order in which /help tells of it."""

    NEWS = sentence("The news")
    READ = sentence("What you read")
    TIMES = sentence("Times")
    SETTINGS = sentence("Settings")
    DATA = sentence("Your data")


class MenuScope(StrEnum):
    """Who sees a menu: people in private, and in groups their admins and all others."""

    PRIVATE = "private"
    ADMINS = "admins"
    MEMBERS = "members"
