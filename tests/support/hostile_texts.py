"""Texts that want to be more than text, and a site where every text that we ever show is one of them.

A harmless text of the same length and blanks stands for each in the comparison: what a
page is made of must not depend on which of the two it shows.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import pytest
from django.http import HttpResponse

from backbone_app.core.values import Side
from backbone_app.models import AllowedGroup, AuditEntry, Site, Synchronization, SynchronizationSide
from backbone_app.services.tenants import Caller
from jira_sandbox.state.values import Group
from tests.support.app import Jira, Visitor, forget
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, paragraphs, synchronize
from tests.support.trouble import add_failure, embody, say

BATTERY: Final = (
    "<script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    "</script><script src=//evil.example/x.js></script>",
    "</textarea><img src=x onerror=alert(3)>",
    "--><svg onload=alert(4)>",
    "<svg><script xlink:href='data:,alert(5)'/></svg>",
    "<img src='https://evil.example/pixel.png'>",
    "<iframe srcdoc='<script>parent.alert(6)</script>'></iframe>",
    "<object data='https://evil.example/'></object>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example/s)}</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>Send</button></form>",
    "<template><img src=x onerror=alert(7)></template>",
    "<details open ontoggle=alert(8)>",
    "<math><mi xlink:href='javascript:alert(9)'>x</mi></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(10)>'>",
    "<a href='javascript:alert(11)'>here</a>",
    "javascript:alert(12)",
    "data:text/html,<script>alert(13)</script>",
    '" onmouseover="alert(14)',
    "' onfocus='alert(15)' autofocus='",
    '"><script>alert(16)</script>',
    "x` onclick=alert(17) `",
    "' hx-on:click='alert(18)' x='",
    '" hx-get="https://evil.example/" hx-trigger="load" x="',
    "<div hx-get='//evil.example/' hx-trigger='load'></div>",
    "<div data-hx-post='/spaces/1/x' data-hx-trigger='load'></div>",
    "<div hx-on::load='alert(19)' hx-vals='js:{a:alert(20)}'></div>",
    "\"}' hx-trigger='load' x='{\"",
    "{{ 7|add:7 }}{% debug %}{{ settings.SECRET_KEY }}",
    "${alert(21)}#{alert(22)}<%= 7*7 %>",
    "&lt;script&gt;alert(23)&lt;/script&gt;",
    "&#60;script&#62;alert(24)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(25)\uff1c/script\uff1e",
    "\u2028\u2029<script\u00a0>alert(26)</script\u2028>",
    "\u202e<tpircs>alert(27)",
    "<scr\u200bipt>alert(28)</scr\u200bipt>",
    "\\u003cscript\\u003ealert(29)\\u003c/script\\u003e",
    "<!--[if gte IE 4]><script>alert(30)</script><![endif]-->",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e 'f'>]>&e;",
    "]]><x onclick=alert(31)>",
    "<xss id=x tabindex=1 onfocusin=alert(32)></xss>",
)
LONGEST_SUMMARY: Final = 255


def harmless(text: str) -> str:
    """The same shape, and nothing in it."""
    return re.sub(r"\S", "x", text)


def said(text: str) -> str:
    """How the text reads where blanks collapse."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Scene:
    """A site where everything is called by one of these texts, and where its pages are for alice."""

    story: Story
    texts: tuple[str, ...]
    item: str
    request: str

    @property
    def jira(self) -> Jira:
        """The site."""
        return self.story.jira

    @property
    def alice(self) -> Visitor:
        """Who looks."""
        return self.jira.visitor("alice")

    @property
    def whole(self) -> str:
        """All of the texts in one."""
        return " ".join(self.texts)

    def address(self, rest: str) -> str:
        """An address within alice's space."""
        return f"/spaces/{self.jira.space_id('ALPHA')}/{rest}"

    def addresses(self) -> dict[str, str]:
        """Every page that only shows, by name."""
        synchronization = f"synchronizations/{self.story.synchronization_id}"
        return {
            "overview": self.address("overview"),
            "troubles": self.address(synchronization),
            "activity": self.address(f"{synchronization}/activity"),
            "request": self.address(f"requests/{self.request}"),
            "spaces": self.address("new/space"),
            "panel": f"/panel/{self.item}",
            "panel's activity": f"/panel/{self.item}/activity",
        }

    def typed(self) -> dict[str, HttpResponse]:
        """What a page answers to a form whose fields hold these texts."""
        synchronization = f"synchronizations/{self.story.synchronization_id}"
        first, gamma = self.whole[:100], self.jira.space_id("GAMMA")
        forms: dict[str, dict[str, str]] = {
            "new/instance": {"base_url": self.whole[:250], "space_key": first[:60]},
            "new/space": {"partner": first, "name": first, "description": self.whole[:900]},
            "new/overview": {"partner": gamma, "name": first, "description": self.whole[:900]},
            f"{synchronization}/existing": {"own_key": first[:80], "partner_key": first[:80]},
            f"requests/{self.request}/decline": {"message": "x" * 1001 + first},
        }
        return {path: self.alice.post(self.address(path), **form) for path, form in forms.items()}

    def settings(self) -> dict[str, HttpResponse]:
        """What the global settings show to the Jira admin, and alice while she may not go on."""
        dana, group = self.jira.visitor("dana"), self.whole[:255]
        unknown = {"who": "groups", "groups": json.dumps([["no-such-id", group]])}
        pages = {
            "settings/audit": dana.get("/settings/audit"),
            "settings/access": dana.get("/settings/access"),
            "settings/access, found": dana.post("/settings/access/edit", query=group[:80]),
            "settings/access, none found": dana.post("/settings/access/edit", query=f"{group[:80]}?"),
            "settings/access, unknown": dana.post("/settings/access", **unknown),
        }
        Site.objects.filter(pk=self.jira.row.pk).update(is_restricted=True)
        forget()
        pages["outside of the groups"] = self.alice.get(self.address("overview"))
        Site.objects.filter(pk=self.jira.row.pk).update(is_restricted=False)
        return pages


def furnish(jira: Jira, clock: VirtualClock, texts: Sequence[str]) -> Scene:
    """Let people, spaces, work items, titles, messages and Jira's own words be these texts."""
    alice, bob = (Caller(jira.row.pk, jira.account(name), jira.site.base_url) for name in ("alice", "bob"))
    made = synchronize(jira, alice, "ALPHA", bob, "BETA", now=clock())
    story, whole = Story(jira, clock, alice, made), " ".join(texts)
    _rename(jira, whole)
    item = _work(story, texts)
    for number, text in enumerate(texts, start=100):
        failure = add_failure(jira, number, row="priority", side=Side.LEFT, now=clock())
        embody(jira, failure.pair)
        say(failure, text, now=clock())
    declined = [_decline(story, clock, text) for text in texts]
    SynchronizationSide.objects.filter(synchronization=made).update(
        name=whole[:120], description=whole[:1000], space_name=whole[:255]
    )
    _rule(jira, whole, now=clock())
    return Scene(story, tuple(texts), item, str(declined[0].pk))


def _rename(jira: Jira, whole: str) -> None:
    """Let the sites own words be hostile: spaces, people, priorities."""
    for key in ("BETA", "GAMMA"):
        jira.site.space(key).name = whole
    for name in ("alice", "bob"):
        jira.site.put_user(replace(jira.site.user(name), display_name=whole))


def _rule(jira: Jira, whole: str, *, now: datetime) -> None:
    """A group that Jira has, one that it had, and an act of somebody in a space: all called so."""
    jira.site.groups["called"] = Group(id="called", name=whole[:255], members=set())
    AllowedGroup.objects.create(site=jira.row, group="called", name=whole[:255])
    AllowedGroup.objects.create(site=jira.row, group="gone", name=whole[:255])
    told = {"space_key": whole, "partner_key": whole, "partner_site": whole}
    account = jira.account("alice")
    AuditEntry.objects.create(
        site=jira.row,
        at=now,
        actor="person",
        account=account,
        act="started",
        space="1",
        page=whole[:48],
        detail=told,
    )


def _work(story: Story, texts: Sequence[str]) -> str:
    """A pair in step whose summary, description and comment are these texts."""
    item = story.create("ALPHA", "x")
    story.settle()
    whole = " ".join(texts)
    story.edit("alice", item, summary=whole[:LONGEST_SUMMARY].strip(), description=paragraphs(whole))
    story.comment("alice", item, whole)
    story.settle()
    return item


def _decline(story: Story, clock: VirtualClock, text: str) -> Synchronization:
    """A request that BETA declined, with the text for everything somebody could choose."""
    spaces = {Side.LEFT: story.jira.space_id("ALPHA"), Side.RIGHT: story.jira.space_id("BETA")}
    row = Synchronization.objects.create(
        state="declined", spaces="|".join(spaces.values()), created_at=clock(), expires_at=clock()
    )
    for side, space in spaces.items():
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site=story.jira.row,
            space=space,
            space_key=text[:64],
            space_name=text,
            name=text,
            description=text,
            message=text,
        )
    return row


@pytest.fixture
def scene(jira: Jira, clock: VirtualClock, transactional_db: None) -> Scene:
    """A site where everything is hostile."""
    return furnish(jira, clock, BATTERY)
