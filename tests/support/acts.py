"""Every act there is, and how it comes about: what has to be there before, then the act itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from backbone_app import jobs
from backbone_app.ledger.audit import Act
from backbone_app.models import Failure, NoticeAddress
from backbone_app.services import (
    audit_log,
    downloads,
    notifying,
    pairs,
    reconciling,
    remote_licences,
    requests,
    restriction,
    synchronizations,
    tenants,
    troubles,
    twinning,
)
from backbone_app.services.notifying import Entered, Purpose
from backbone_app.services.restriction import Draft
from backbone_app.services.tenants import Caller
from backbone_app.web.downloads import new_ticket
from tests.support import across, forge, licences, link_acts
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure

TICKET: Final = "t" * 43
HOOLI: Final = "https://hooli.atlassian.net"
Done = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Stage:
    """ALPHA (alice) and BETA (bob) of acme, and dana, who administers Jira."""

    jira: Jira
    clock: VirtualClock

    def caller(self, name: str, page: str = "Overview") -> Caller:
        """A person, as the edge proves them."""
        return Caller(self.jira.row.id, self.jira.account(name), self.jira.site.base_url, page)

    @property
    def alice(self) -> tuple[Caller, str]:
        """Alice in ALPHA."""
        return self.caller("alice"), self.jira.space_id("ALPHA")

    @property
    def bob(self) -> tuple[Caller, str]:
        """Bob in BETA."""
        return self.caller("bob"), self.jira.space_id("BETA")

    def send(self) -> UUID:
        """Let alice send a request to BETA."""
        beta = self.jira.space_id("BETA")
        return requests.send(*self.alice, partner_space=beta, name="n", description="", now=self.clock())

    def connect(self) -> UUID:
        """Let bob accept it."""
        made = self.send()
        requests.accept(*self.bob, made, now=self.clock())
        return made

    def run(self) -> UUID:
        """Let alice start it."""
        made = self.connect()
        synchronizations.start(*self.alice, made, now=self.clock())
        self.clock.advance(seconds=1)
        return made

    def run_with(self, code: str = "field_not_on_screen") -> tuple[UUID, Failure]:
        """A running one in which something fails."""
        return self.run(), add_failure(self.jira, 1, code=code, now=self.clock())

    def strangers(self) -> tuple[UUID, str, str]:
        """A running one, and the keys of a work item in each space."""
        made = self.run()
        ids = (self.jira.person("dana").create(space, "Same") for space in ("ALPHA", "BETA"))
        own, partner = (self.jira.site.issues[item].key for item in ids)
        return made, own, partner

    def asking(self) -> tuple[UUID, int]:
        """A running one, and a pair made by hand that asks whose values stand."""
        made, own, partner = self.strangers()
        return made, self.pair(made, own, partner)

    def pair(self, made: UUID, own: str, partner: str) -> int:
        """Let alice pair two work items."""
        who, space = self.alice
        return twinning.pair_up(
            who, space, made, own_key=own, partner_key=partner, choice="ask", now=self.clock()
        ).id


def _declined(stage: Stage) -> Done:
    made = stage.send()
    return lambda: requests.decline(*stage.bob, made, message="No", now=stage.clock())


def _dropped(stage: Stage) -> Done:
    stage.send()
    stage.clock.advance(days=30)
    return stage.send


def _of(act: Callable[..., object], given: Callable[[Stage], UUID]) -> Callable[[Stage], Done]:
    def prepare(stage: Stage) -> Done:
        made = given(stage)
        return lambda: act(*stage.alice, made, now=stage.clock())

    return prepare


def _about_failure(act: Callable[..., object], code: str = "field_not_on_screen") -> Callable[[Stage], Done]:
    def prepare(stage: Stage) -> Done:
        made, failure = stage.run_with(code)
        return lambda: act(*stage.alice, made, failure.pk, now=stage.clock())

    return prepare


def _retried_all(stage: Stage) -> Done:
    made, _ = stage.run_with()
    return lambda: troubles.retry_all(*stage.alice, made, now=stage.clock())


def _accepted(stage: Stage) -> Done:
    made = stage.send()
    return lambda: requests.accept(*stage.bob, made, now=stage.clock())


def _check_asked(stage: Stage) -> Done:
    made = stage.run()
    jobs.reconcile()
    return lambda: reconciling.check_now(*stage.alice, made, now=stage.clock())


def _paused(stage: Stage) -> Done:
    stage.run()
    stage.jira.site.forget_secret()
    return jobs.reconcile


def _paired(stage: Stage) -> Done:
    made, own, partner = stage.strangers()
    return lambda: stage.pair(made, own, partner)


def _decided(stage: Stage) -> Done:
    made, pair = stage.asking()
    return lambda: twinning.decide(*stage.alice, made, pair, choice="own", now=stage.clock())


def _notifier(stage: Stage) -> tenants.Notifier:
    """The site, as it signs its notices."""
    return tenants.Notifier(stage.jira.row.id, stage.jira.row.client_key, signed_at=stage.clock())


def _enabled(stage: Stage) -> Done:
    stage.jira.disable()
    return lambda: tenants.enable(_notifier(stage), now=stage.clock())


def _disabled(stage: Stage) -> Done:
    return lambda: tenants.disable(_notifier(stage), now=stage.clock())


def _uninstalled(stage: Stage) -> Done:
    key = stage.jira.row.client_key
    return lambda: tenants.uninstall(key, signed_at=stage.clock(), digest="d", now=stage.clock())


def _marked_uninstalled(stage: Stage) -> Done:
    site_id = stage.jira.row.pk
    return lambda: tenants.mark_uninstalled(site_id, now=stage.clock())


def _installing(stage: Stage, client_key: str, base_url: str, secret: str = "s" * 32) -> Done:
    stage.clock.advance(seconds=1)
    payload = tenants.InstallPayload(client_key, base_url, secret)
    return lambda: tenants.install(payload, signed_at=stage.clock(), digest="d", now=stage.clock())


def _installed(stage: Stage) -> Done:
    return _installing(stage, "a-new-site", HOOLI)


def _installed_without_secret(stage: Stage) -> Done:
    return _installing(stage, "a-new-site", HOOLI, "")


def _reinstalled(stage: Stage) -> Done:
    return _installing(stage, stage.jira.row.client_key, stage.jira.row.base_url)


def _address_waiting(stage: Stage) -> Done:
    return _installing(stage, stage.jira.row.client_key, HOOLI)


def _address_changed(stage: Stage) -> Done:
    """The site moves and tells it; Jira there does not answer the first time."""
    world, site = stage.jira.world, stage.jira.site
    stage.clock.advance(seconds=1)
    world.rename(site, HOOLI)
    world.down.add(site.name)
    stage.jira.install()
    world.down.clear()
    stage.clock.advance(minutes=1)
    return jobs.maintain_sites


def _address_dropped(stage: Stage) -> Done:
    _address_waiting(stage)()
    stage.clock.advance(days=2)
    return jobs.maintain_sites


def _asked(stage: Stage, *, is_copied: bool) -> Done:
    return link_acts.asked(stage.jira, stage.alice, stage.clock, is_copied=is_copied)


def _access_changed(stage: Stage) -> Done:
    group = stage.jira.site.group("jira-administrators")
    draft = Draft(is_restricted=True, groups=(restriction.Group(group.id, group.name),))
    dana = stage.caller("dana", "Global settings")
    return lambda: restriction.save(dana, draft, is_confirmed=True, now=stage.clock())


def _remote_licence_uploaded(stage: Stage) -> Done:
    dana, text = stage.caller("dana", "Global settings"), licences.signed()
    return lambda: remote_licences.upload(dana, text, is_confirmed=False, now=stage.clock())


def _remote_licence_removed(stage: Stage) -> Done:
    licences.give(stage.jira.row, now=stage.clock())
    dana = stage.caller("dana", "Global settings")
    return lambda: remote_licences.remove(dana, now=stage.clock())


def _pairs_downloaded(stage: Stage) -> Done:
    pairs.offer(*stage.alice, stage.run(), ticket=TICKET, now=stage.clock())
    grant = downloads.redeem(TICKET, now=stage.clock())
    return lambda: pairs.sheet(grant, now=stage.clock())


def _audit_downloaded(stage: Stage) -> Done:
    audit_log.offer(stage.caller("dana"), TICKET, now=stage.clock())
    grant = downloads.redeem(TICKET, now=stage.clock())
    return lambda: audit_log.sheet(grant, now=stage.clock())


def _mail_added(stage: Stage) -> Done:
    return lambda: notifying.add(
        *stage.alice, Entered("ops@customer.example", ("pause",)), draw=new_ticket, now=stage.clock()
    )


def _mail_asked(stage: Stage) -> Done:
    _mail_added(stage)()
    stage.clock.advance(hours=2)
    row = NoticeAddress.objects.get()
    return lambda: notifying.ask_again(*stage.alice, row.pk, draw=new_ticket, now=stage.clock())


def _mail_removed(stage: Stage) -> Done:
    _mail_added(stage)()
    row = NoticeAddress.objects.get()
    return lambda: notifying.remove(*stage.alice, row.pk, now=stage.clock())


def _of_owner(act: Callable[..., object], purpose: Purpose) -> Callable[[Stage], Done]:
    def prepare(stage: Stage) -> Done:
        drawn = iter(("l" * 43, "c" * 43))
        entered = Entered("ops@customer.example", ("pause",))
        notifying.add(*stage.alice, entered, draw=lambda: next(drawn), now=stage.clock())
        ticket = "c" * 43 if purpose is Purpose.CONFIRM else "l" * 43
        owner = notifying.owner_of(ticket, purpose, now=stage.clock())
        return lambda: act(owner, now=stage.clock())

    return prepare


def _resumed(stage: Stage) -> Done:
    stage.run()
    stage.jira.uninstall()
    jobs.follow_departures()
    stage.clock.advance(seconds=1)
    stage.jira.install()
    return jobs.follow_departures


def _partner_erased(stage: Stage) -> Done:
    partner = Jira(stage.jira.world, stage.jira.world.sites["initech"])
    partner.install()
    across.ask(stage.jira, stage.clock)
    stage.clock.advance(seconds=1)
    partner.uninstall()
    jobs.follow_departures()
    stage.clock.advance(days=31)
    return jobs.follow_departures


ACTS: Final[Mapping[Act, Callable[[Stage], Done]]] = MappingProxyType(
    {
        Act.INSTALLED: _installed,
        Act.INSTALLED_WITHOUT_SECRET: _installed_without_secret,
        Act.REINSTALLED: _reinstalled,
        Act.ADDRESS_WAITING: _address_waiting,
        Act.ADDRESS_CHANGED: _address_changed,
        Act.ADDRESS_DROPPED: _address_dropped,
        Act.UNINSTALLED: _uninstalled,
        Act.MARKED_UNINSTALLED: _marked_uninstalled,
        Act.ENABLED: _enabled,
        Act.DISABLED: _disabled,
        Act.FORGE_JOINED: lambda stage: forge.about_to_join(stage.jira),
        Act.FORGE_UPGRADED: lambda stage: forge.about_to_upgrade(stage.jira, stage.clock),
        Act.REQUEST_SENT: lambda stage: stage.send,
        Act.REQUEST_ACCEPTED: _accepted,
        Act.REQUEST_DECLINED: _declined,
        Act.REQUEST_WITHDRAWN: _of(requests.withdraw, Stage.send),
        Act.REQUEST_DROPPED: _dropped,
        Act.STARTED: _of(synchronizations.start, Stage.connect),
        Act.STOPPED: _of(synchronizations.stop, Stage.run),
        Act.PAUSED: _paused,
        Act.RESUMED: _resumed,
        Act.PARTNER_ERASED: _partner_erased,
        Act.DELETED: _of(synchronizations.delete, Stage.run),
        Act.CHECK_ASKED: _check_asked,
        Act.RETRIED: _about_failure(troubles.retry),
        Act.RETRIED_ALL: _retried_all,
        Act.IGNORED: _about_failure(troubles.ignore),
        Act.TWIN_RENEWED: _about_failure(troubles.create_twin, "remote_missing"),
        Act.PAIRED: _paired,
        Act.DECIDED: _decided,
        Act.APPLICATION_LINKED: lambda stage: link_acts.entered(stage.jira, stage.alice, stage.clock),
        Act.APPLICATION_LINK_CHANGED: lambda stage: link_acts.entered_anew(
            stage.jira, stage.alice, stage.clock
        ),
        Act.SIGN_IN_BEGUN: lambda stage: _asked(stage, is_copied=False),
        Act.LINK_COPIED: lambda stage: _asked(stage, is_copied=True),
        Act.LINK_WITHDRAWN: lambda stage: link_acts.withdrawn(stage.jira, stage.alice, stage.clock),
        Act.LINK_TAKEN_BACK: lambda stage: link_acts.taken_back(stage.jira, stage.alice, stage.clock),
        Act.APPLICATION_LINK_REMOVED: lambda stage: link_acts.removed(stage.jira, stage.alice, stage.clock),
        Act.CLOUD_LINK_REMOVED: lambda stage: link_acts.removed_cloud(stage.jira, stage.alice, stage.clock),
        Act.CREATED: lambda stage: link_acts.created(stage.jira, stage.alice, stage.clock),
        Act.WEBHOOK_ASKED: lambda stage: link_acts.webhook_asked(stage.jira, stage.alice, stage.clock),
        Act.ACCESS_CHANGED: _access_changed,
        Act.REMOTE_LICENCE_UPLOADED: _remote_licence_uploaded,
        Act.REMOTE_LICENCE_REMOVED: _remote_licence_removed,
        Act.PAIRS_DOWNLOADED: _pairs_downloaded,
        Act.AUDIT_DOWNLOADED: _audit_downloaded,
        Act.MAIL_ADDED: _mail_added,
        Act.MAIL_ASKED: _mail_asked,
        Act.MAIL_REMOVED: _mail_removed,
        Act.MAIL_CONFIRMED: _of_owner(notifying.confirm, Purpose.CONFIRM),
        Act.MAIL_LEFT: _of_owner(notifying.leave, Purpose.LEAVE),
    }
)
