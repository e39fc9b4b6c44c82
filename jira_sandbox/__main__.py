"""Serve a world from the command line and print where everything is, as one JSON object."""

import argparse
import json
import signal
import threading
from datetime import UTC, datetime

from jira_sandbox import seed
from jira_sandbox.server import Running, serve
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json

KINDS = ("cloud",)


def main() -> None:
    """Serve until interrupted or terminated."""
    options = _options()
    placeholder = "http://127.0.0.1"  # each site learns its port when it is served
    world = seed.standard(
        lambda: datetime.now(UTC), dict.fromkeys(options.sites, placeholder), seed=options.seed
    )
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with serve(world, options.port) as running:
        print(json.dumps(description(running), indent=2), flush=True)
        ended.wait()


def description(running: Running) -> Json:
    """Describe the sites for whoever is to use them: addresses, people with passwords, spaces."""
    return {"sites": [_site(site) for site in running.world.sites.values()]}


def _site(site: Site) -> Json:
    people = [user for user in site.users.values() if user.account_type == "atlassian"]
    return {
        "name": site.name,
        "kind": "cloud",
        "url": site.base_url,
        "users": [
            {
                "name": user.name,
                "displayName": user.display_name,
                "accountId": user.account_id,
                "emailAddress": user.email,
                "password": user.password,
            }
            for user in people
        ],
        "spaces": [
            {
                "id": space.id,
                "key": space.key,
                "name": space.name,
                "admins": [
                    user.name for user in people if site.may(user, "ADMINISTER_PROJECTS", space=space)
                ],
            }
            for space in site.spaces.values()
        ],
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jira_sandbox", description=__doc__)
    parser.add_argument("--sites", type=_names, default="acme:cloud", help="name:cloud, separated by commas")
    parser.add_argument("--port", type=int, default=8100, help="of the first site; the others follow")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same accounts and keys")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = []
    for part in text.split(","):
        name, _, kind = part.partition(":")
        if not name or kind not in KINDS:
            raise argparse.ArgumentTypeError(f"{part!r} is not name:cloud")
        names.append(name)
    return names


if __name__ == "__main__":
    main()
