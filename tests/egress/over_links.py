"""The ways on from a link that was made rightly: its Data Center's name leads elsewhere by now."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from backbone_app import gateway
from backbone_app.errors import EgressRefused
from backbone_app.gateway.tokens import sealed
from backbone_app.jira.oauth import Tokens
from backbone_app.models import ApplicationLink, Link, LinkAttempt, Site
from backbone_app.models.sealing import seal
from backbone_app.models.site import Product, SiteStatus
from backbone_app.services.linking.asking import digest
from backbone_app.web.sign_in import COOKIE
from tests.egress.scene import Scene
from tests.support import licences
from tests.support.app import call_app

DATA_CENTER = "https://jira.linked.example:8443/jira"
HOST = "jira.linked.example"
STATE, BROWSER = "s" * 43, "b" * 43
HOUR = timedelta(hours=1)


def came_back(scene: Scene, target: str) -> None:
    """Somebody comes back with a code, which is to be given for tokens."""
    scene.network.name(HOST, [target])
    assert told_at_the_sign_in(scene) == "away"


def told_at_the_sign_in(scene: Scene) -> str:
    """What the attempt says of itself after that; nobody has let us in."""
    with _entered() as application:
        attempt = _sent_there(application, scene)
        told = f"/oauth/dc/{application.pk}?state={STATE}&code=c"
        with scene.on_the_wire():
            said = call_app("GET", told, headers={"Cookie": f"{COOKIE}={BROWSER}"})
        assert said.status_code == 303
        attempt.refresh_from_db()
        assert attempt.link is None
        return attempt.trouble


def renewed(scene: Scene, target: str) -> None:
    """The tokens have run out: new ones are asked for before a call."""
    _called(scene, target, lasts=-HOUR)


def called_over_the_link(scene: Scene, target: str) -> None:
    """The tokens are good, and a call bears them."""
    _called(scene, target, lasts=HOUR)


@contextmanager
def let_in_somewhere(scene: Scene) -> Iterator[None]:
    """An operator with an OAuth app, and a licence for one more site; both are gone afterwards."""
    known = {"BACKBONE_OAUTH_CLIENT_ID": "id", "BACKBONE_OAUTH_CLIENT_SECRET": "secret"}
    with transaction.atomic(), override_settings(**known):
        licences.give(scene.jira.row, now=scene.clock())
        yield
        transaction.set_rollback(True)


def _called(scene: Scene, target: str, *, lasts: timedelta) -> None:
    scene.network.name(HOST, [target])
    with _entered() as application:
        client = gateway.client(_linked(application, scene, lasts=lasts), clock=scene.clock)
        with scene.on_the_wire(), pytest.raises(EgressRefused):
            client.call("GET", "/rest/api/2/myself")
        assert Link.objects.get().status == "working"


@contextmanager
def _entered() -> Iterator[ApplicationLink]:
    """An application link that was entered while its name was fine; it is not there afterwards."""
    with transaction.atomic():
        row = ApplicationLink.objects.get()
        row.base_url, row.client_id = DATA_CENTER, "id"
        place = ApplicationLink.client_secret_sealed.field.at(row.site_id)
        row.client_secret_sealed = seal(b"secret", at=place)
        row.save()
        try:
            yield row
        finally:
            transaction.set_rollback(True)


def _sent_there(application: ApplicationLink, scene: Scene) -> LinkAttempt:
    verifier = seal(b"v" * 43, at=LinkAttempt.verifier_sealed.field.at(application.site_id))
    return LinkAttempt.objects.create(
        site=application.site,
        application=application,
        address=DATA_CENTER,
        space="10000",
        space_key="ALPHA",
        space_name="Alpha",
        account="alice",
        digest=digest("t" * 43),
        is_copied=False,
        created_at=scene.clock(),
        expires_at=scene.clock() + HOUR,
        state_digest=digest(STATE),
        browser_digest=digest(BROWSER),
        verifier_sealed=verifier,
    )


def _linked(application: ApplicationLink, scene: Scene, *, lasts: timedelta) -> Site:
    site = Site.objects.create(
        client_key=f"link:{uuid.uuid4()}",
        base_url=DATA_CENTER,
        status=SiteStatus.LINKED,
        product=Product.DATA_CENTER,
        app_account="gina",
        installed_at=scene.clock(),
    )
    tokens = Tokens("access", refresh="refresh", expires=scene.clock() + lasts, scope="")
    Link.objects.create(
        site=site,
        owner=application.site,
        application=application,
        address=DATA_CENTER,
        authorized_at=scene.clock(),
        **sealed(tokens, site),
    )
    return site
