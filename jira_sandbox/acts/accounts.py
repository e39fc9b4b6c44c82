"""What becomes of a person's account: it is closed, or what it says of the person changes."""

from dataclasses import replace

from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.world import World


def open_for(world: World, site: Site, *, email: str, display_name: str) -> User:
    """Give somebody an account on the site: the one with that address if there is one, else a new one."""
    with world.lock:
        for person in site.users.values():
            if person.email.lower() == email.lower():
                return person
        name = email.partition("@")[0]
        person = User(
            account_id=world.account_id(name),
            name=name,
            display_name=display_name or name,
            email=email,
            password=None,
        )
        site.put_user(person)
        webhooks.announce_user(world, site, "user_created", person)
        return person


def close(world: World, site: Site, person: User) -> None:
    """Close an account for good: nobody signs in with it, and its name and address are gone."""
    with world.lock:
        former = replace(person, display_name="Former user", email="", password=None, active=False)
        site.users[person.account_id] = former
        site.closed_accounts.add(person.account_id)
        webhooks.announce_user(world, site, "user_deleted", former)


def update(world: World, site: Site, person: User, *, display_name: str) -> User:
    """Give an account another name to show."""
    with world.lock:
        changed = replace(person, display_name=display_name)
        site.users[person.account_id] = changed
        site.updated_accounts[person.account_id] = site.now()
        webhooks.announce_user(world, site, "user_updated", changed)
        return changed
