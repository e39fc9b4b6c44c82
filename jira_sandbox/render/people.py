"""What accounts and groups look like where more of them is told than their name."""

from html import escape

from jira_sandbox.render.basics import user
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Group, Json, User

_MEMBERS = 50
"""A group shows no more of its members."""
JIRA_ROLE = "jira-software"


def in_full(site: Site, person: User, *, viewer: User, expand: list[str]) -> Json:
    """Show an account with its locale, and with groups and product access when expanded.

    Oneself is shown one's e-mail address even when it is hidden from everybody else.
    """
    shown = user(site, person) | {"locale": person.locale, "expand": "groups,applicationRoles"}
    if viewer.account_id == person.account_id and person.email:
        shown["emailAddress"] = person.email
    listed = site.groups_of(person)
    groups = [group_name(site, each) for each in listed] if "groups" in expand else []
    roles = [_role(site)] if "applicationRoles" in expand and person.account_type == "atlassian" else []
    has_role = person.active and person.account_type == "atlassian"
    return shown | {
        "groups": {"size": len(listed), "items": groups},
        "applicationRoles": {"size": int(has_role), "items": roles},
    }


def group_name(site: Site, group: Group) -> Json:
    """Show a group in short."""
    return {
        "name": group.name,
        "groupId": group.id,
        "self": f"{site.base_url}/rest/api/3/group?groupId={group.id}",
    }


def group(site: Site, value: Group, *, shows_members: bool) -> Json:
    """Show a group; of its members the number and, if wanted, the first fifty."""
    members = members_of(site, value, inactive=False)
    listed = members[:_MEMBERS] if shows_members else []
    return group_name(site, value) | {
        "users": {
            "size": len(members),
            "items": [user(site, each) for each in listed],
            "max-results": _MEMBERS,
            "start-index": 0,
            "end-index": len(listed),
        },
        "expand": "users",
    }


def members_of(site: Site, group: Group, *, inactive: bool) -> list[User]:
    """List the members of a group as Jira does, by their names of old."""
    members = [site.users[each] for each in group.members if each in site.users]
    return sorted((each for each in members if each.active or inactive), key=lambda each: each.name)


def found_user(site: Site, person: User, typed: str, *, shows_avatar: bool) -> Json:
    """Show an account as a picker does, what was typed set off by ``strong``."""
    told = person.display_name
    if person.email and not person.hides_email:
        told = f"{told} - {person.email}"
    shown: dict[str, Json] = {
        "accountId": person.account_id,
        "accountType": person.account_type,
        "displayName": person.display_name,
        "html": marked(told, typed, "strong"),
    }
    return shown | {"avatarUrl": f"{site.base_url}/avatar/16"} if shows_avatar else shown


def found_group(group: Group, typed: str) -> Json:
    """Show a group as a picker does, what was typed set off by ``b``."""
    return {
        "name": group.name,
        "groupId": group.id,
        "html": marked(group.name, typed, "b"),
        "labels": [],
    }


def marked(text: str, typed: str, tag: str) -> str:
    """Set off the first place where what was typed stands, for HTML."""
    at = text.lower().find(typed.lower()) if typed else -1
    if at < 0:
        return escape(text)
    end = at + len(typed)
    return f"{escape(text[:at])}<{tag}>{escape(text[at:end])}</{tag}>{escape(text[end:])}"


def _role(site: Site) -> Json:
    people = [each for each in site.users.values() if each.active and each.account_type == "atlassian"]
    return {
        "key": JIRA_ROLE,
        "name": "Jira",
        "groups": [],
        "defaultGroups": [],
        "selectedByDefault": False,
        "defined": True,
        "numberOfSeats": -1,
        "remainingSeats": -1,
        "userCount": len(people),
        "hasUnlimitedSeats": True,
        "platform": False,
    }
