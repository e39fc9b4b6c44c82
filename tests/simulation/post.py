"""What becomes of a delivery on its way to the app, and how much of it counts there."""

from dataclasses import replace
from datetime import timedelta

from jira_sandbox.outbox import Delivery
from jira_sandbox.state.site import Site
from tests.simulation import faults
from tests.simulation.director import Director
from tests.simulation.plan import Key
from tests.simulation.stage import is_for_nobody


def is_hint(site: Site, delivery: Delivery) -> bool:
    """Whether nobody signed it, so that the app believes no word of it."""
    is_ours = not site.edition.is_cloud and not is_for_nobody(delivery.url)
    return is_ours and not site.edition.signs_webhooks


def fates(director: Director, key: Key, delivery: Delivery) -> list[Delivery]:
    """Let a delivery be lost, late or doubled."""
    fate = director.fate(key, director.delivery_share, faults.at_delivery(director.kinds))
    if fate is None:
        return [delivery]
    if fate.kind == "is lost":
        return []
    if fate.kind == "is late":
        delivery.due += timedelta(seconds=fate.seconds)
        return [delivery]
    times = int(fate.detail.partition(":")[2])
    spread = [fate.seconds * n / (times - 1) for n in range(1, times)]
    return [
        delivery,
        *(replace(delivery, due=delivery.due + timedelta(seconds=each), answers=[]) for each in spread),
    ]
