"""What administrators do about links, each after what has to be there before."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from backbone_app import jobs
from backbone_app.models import Link, LinkAttempt, Site
from backbone_app.models.link import LinkStatus
from backbone_app.models.site import Product, SiteStatus
from backbone_app.services import link_hooks, linking
from backbone_app.services.linking import Entry, Title
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.state.editions import DATA_CENTER
from tests.support import grants
from tests.support.app import Jira
from tests.support.grants import Granted
from tests.support.sandbox import VirtualClock

Done = Callable[[], object]
Who = tuple[Caller, str]
HOOLI = "https://jira.hooli.example"


def data_center(jira: Jira) -> None:
    """Have a Data Center beside the site."""
    seed.furnish(jira.world, jira.world.add_site("hooli", HOOLI, edition=DATA_CENTER["dc-10.3"]))


def linked(jira: Jira, clock: VirtualClock) -> Granted:
    """Have a link to it, which lasts longer than any test."""
    if "hooli" not in jira.world.sites:
        data_center(jira)
    jira.world.sites["hooli"].provider.token_life = timedelta(days=365)
    return grants.to_a_data_center(jira.world, jira.row, clock=clock, name="hooli")


def entered(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody enters an application link."""
    data_center(jira)
    begun = linking.begin(*who, now=clock())
    return lambda: linking.enter(*who, begun.id, Entry(HOOLI, "id", "secret"), now=clock())


def asked(jira: Jira, who: Who, clock: VirtualClock, *, is_copied: bool) -> Done:
    """Somebody makes a link to sign in with."""
    number = linked(jira, clock).link.application_id or UUID(int=0)
    return lambda: linking.ask(*who, number, secrets.token_urlsafe(32), is_copied=is_copied, now=clock())


def withdrawn(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody takes one back."""
    number = linked(jira, clock).link.application_id or UUID(int=0)
    made = linking.ask(*who, number, secrets.token_urlsafe(32), is_copied=True, now=clock())
    return lambda: linking.withdraw(*who, made.id, now=clock())


def entered_anew(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody enters the application link of a broken link anew."""
    number = linked(jira, clock).link.application_id or UUID(int=0)
    Link.objects.update(status=LinkStatus.BROKEN)
    return lambda: linking.enter_anew(*who, number, client_id="id", client_secret="secret", now=clock())


def webhook_asked(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody has the webhook looked at, some time after that was done by itself."""
    made = created(jira, who, clock)()
    assert isinstance(made, UUID)
    jobs.follow_hooks()
    clock.advance(seconds=1)
    return lambda: link_hooks.look_again(*who, made, now=clock())


def taken_back(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody who has signed in takes it back."""
    granted, token = linked(jira, clock), secrets.token_urlsafe(32)
    number = granted.link.application_id or UUID(int=0)
    made = linking.ask(*who, number, token, is_copied=True, now=clock())
    ended = {"ended_at": clock(), "link": granted.link}
    LinkAttempt.objects.filter(pk=made.id).update(**ended)
    Link.objects.update(authorized_at=clock())
    opened = linking.landing(token, now=clock())
    return lambda: linking.take_back(opened, now=clock())


def removed(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody removes an application link that nothing uses."""
    number = linked(jira, clock).link.application_id or UUID(int=0)
    return lambda: linking.remove(*who, number, now=clock())


def cloud_link(jira: Jira, clock: VirtualClock) -> UUID:
    """Have a link to a Cloud site that nothing uses."""
    now, address = clock(), "https://far.atlassian.net"
    kind = {"status": SiteStatus.LINKED, "product": Product.CLOUD}
    site = Site.objects.create(client_key=f"link:{uuid4()}", base_url=address, installed_at=now, **kind)
    times = {"expires_at": now + timedelta(days=365), "authorized_at": now}
    Link.objects.create(site=site, owner=jira.row, address=address, **times)
    return site.pk


def removed_cloud(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody removes it."""
    link = cloud_link(jira, clock)
    return lambda: linking.remove_cloud(*who, link, now=clock())


def created(jira: Jira, who: Who, clock: VirtualClock) -> Done:
    """Somebody creates a synchronization over a link."""
    link = linked(jira, clock).site.pk
    gold = jira.world.sites["hooli"].space("GOLD").id
    return lambda: linking.create(*who, link, partner_space=gold, title=Title("n", ""), now=clock())
