"""Serve a small Jira, and print where everything is and how one gets in, as one JSON object.

Each site has a port of its own. Basic authentication works for ordinary clients, with the name or the e-mail
address of a person, except at Data Center from 11 on. The README beside this file says what can be told to
the sandbox while it runs.
"""

import argparse
import base64
import json
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from jira_sandbox import generator, latency, loading, seed
from jira_sandbox.clocks import StandingClock
from jira_sandbox.datacenter.credentials import takes_passwords
from jira_sandbox.latency import Latency
from jira_sandbox.server import Running, serve
from jira_sandbox.state.editions import EDITIONS, Edition
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.weather.catalogue import CATALOGUE, drawn
from jira_sandbox.world import World

PLACEHOLDER = "http://127.0.0.1"
"""Each site learns its port when it is served."""
EVERYTHING = "all"


def main() -> None:
    """Serve until interrupted or terminated."""
    parser = arguments()
    options = parser.parse_args()
    world = seed.standard(
        options.clock or _real_time,
        dict.fromkeys(options.sites, PLACEHOLDER),
        seed=options.seed,
        editions=options.sites,
    )
    try:
        loaded = _filled(world, options)
    except (LookupError, OSError, ValueError) as error:
        parser.error(str(error))
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with serve(world, options.port) as running:
        weather = _weather(world, options)
        told = {**description(running), "loaded": loaded, "weather": weather}
        print(json.dumps(told, indent=2), flush=True)
        ended.wait()


def arguments() -> argparse.ArgumentParser:
    """Say what can be asked for."""
    parser = argparse.ArgumentParser(prog="jira_sandbox", description=__doc__)
    add = parser.add_argument
    add("--sites", type=_names, default="acme:cloud", help="name:edition, separated by commas")
    add("--port", type=int, default=8100, help="of the first site; the others follow; 0 for any free ones")
    add("--seed", type=int, default=0, help="the same seed gives the same accounts, keys and weather")
    add(
        "--load",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="work items as Jira returns them",
    )
    add("--generate", type=_amount, default=0, metavar="N", help="so many work items of realistic sizes")
    add("--space", metavar="KEY", help="of the first site, for both; by default its first one")
    add("--latency", type=_delay, help="seconds an answer takes: 0.2, or log-normal as 0.2~0.5")
    add(
        "--weather",
        type=_faults,
        metavar="FAULTS",
        help=f"names of faults separated by commas, or {EVERYTHING}",
    )
    add(
        "--clock",
        type=_clock,
        help="a moment as 2026-11-22T09:00Z at which the clock stands until it is moved",
    )
    return parser


def description(running: Running) -> dict[str, Json]:
    """Describe the sites for whoever is to use them: addresses, people with passwords, spaces."""
    return {"sites": [_site(site) for site in running.world.sites.values()]}


def _filled(world: World, options: argparse.Namespace) -> Json:
    """Load and generate what was asked for; tells how many work items came of it, and which did not fit."""
    site = next(iter(world.sites.values()))
    key = options.space or next(iter(site.spaces.values())).key
    result = loading.load(site, key, [_document(file) for file in options.load])
    made = generator.fill(site, key, options.generate, number=options.seed)
    skipped = [{"key": name, "reason": reason} for name, reason in result.skipped]
    return {"space": key, "items": len(result.items) + len(made), "skipped": skipped}


def _weather(world: World, options: argparse.Namespace) -> Json:
    """Let time pass for each answer and the weather begin, as asked for; names the faults that were drawn."""
    if options.latency:
        wait: Callable[[float], None] = options.clock.advance if options.clock else time.sleep
        world.latency = Latency(usual=options.latency, wait=wait)
    return list(drawn(world, options.seed, faults=options.weather)) if options.weather else []


def _site(site: Site) -> Json:
    people = [user for user in site.users.values() if user.account_type == "atlassian"]
    return {
        "name": site.name,
        "kind": site.edition.name,
        "url": site.base_url,
        "users": [_person(site, user) for user in people],
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


def _person(site: Site, user: User) -> Json:
    """Describe somebody; the password is what Cloud calls an API token, ``authorization`` a whole header.

    Data Center knows people by name and key, takes the name with a password where it takes passwords at
    all, and has tokens of another kind, which people make themselves.
    """
    told: dict[str, Json] = {
        "name": user.name,
        "displayName": user.display_name,
        "accountId" if site.edition.is_cloud else "key": user.account_id,
        "emailAddress": user.email,
        "password": user.password,
    }
    if site.edition.is_cloud:
        told["token"] = user.password
    if takes_passwords(site):
        who = user.email if site.edition.is_cloud else user.name
        told["authorization"] = f"Basic {base64.b64encode(f'{who}:{user.password}'.encode()).decode()}"
    return told


def _names(text: str) -> dict[str, Edition]:
    names: dict[str, Edition] = {}
    for part in text.split(","):
        name, _, edition = part.partition(":")
        if not name or edition not in EDITIONS:
            raise argparse.ArgumentTypeError(f"{part!r} is not name:edition, one of {', '.join(EDITIONS)}")
        if name in names:
            raise argparse.ArgumentTypeError(f"there can be one site called {name} only")
        names[name] = EDITIONS[edition]
    return names


def _amount(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of work items")
    return int(text)


def _delay(text: str) -> latency.Delay:
    try:
        return latency.parsed(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither seconds nor median~sigma") from None


def _document(file: Path) -> Json:
    try:
        return json.loads(file.read_text())
    except ValueError as error:
        raise ValueError(f"{file} is not JSON: {error}") from None


def _faults(text: str) -> list[str]:
    names = list(CATALOGUE) if text == EVERYTHING else [part.strip() for part in text.split(",")]
    unknown = [name for name in names if name not in CATALOGUE]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no such faults: {', '.join(unknown)}; there are {', '.join(CATALOGUE)}"
        )
    return names


def _clock(text: str) -> StandingClock:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment like 2026-11-22T09:00Z") from None
    return StandingClock(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _real_time() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
