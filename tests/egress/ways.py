"""Every way in by which somebody can make us call an address: a new one is an entry in ``WAYS``."""

import json
from contextlib import suppress

import pytest
from django.http import HttpResponse

from backbone_app import gateway
from backbone_app.errors import EgressRefused, NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.install_keys import InstallKeys
from backbone_app.models import ApplicationLink
from jira_sandbox.connect import tokens
from tests.egress import over_links
from tests.egress.scene import SITE, Kind, Scene, Way
from tests.egress.targets import NAMES
from tests.support.app import call_app, forget
from tests.support.forge import JWKS, app_claims, event_body, fit, post_forge
from tests.support.hostile import foreign_rs256, good_claims, install_body, signed
from tests.support.machine import Machine
from tests.support.network import PUBLIC_4
from tests.support.wire import answer

POLICY = EgressPolicy(cloud_hosts=(".atlassian.net",))
LOOSE = EgressPolicy(cloud_hosts=(".atlassian.net",), allow_loopback_http=True)
LONGEST_ENTRY = 255
DATA_CENTER = "jira.customer.example"
CLOUD = "globex.atlassian.net"
REDIRECTS = (301, 302, 303, 307, 308)


def generic(status: int, body: bytes, target: str) -> None:
    """A refusal that is not a crash, and gives neither the address nor what it led to."""
    assert 400 <= status < 500
    assert len(target) < 12 or target.encode() not in body


def beside_the_field(said: HttpResponse) -> None:
    """The page again, with what is wrong; what is too large for any form is not even read."""
    assert said.status_code == 413 or b'aria-invalid="true"' in said.content


def is_entry(target: str) -> int:
    """What a form takes at all: the rest is refused before anybody looks at where it leads."""
    return int(len(target) <= LONGEST_ENTRY and "\x00" not in target)


def is_text(target: str) -> int:
    """What a lifecycle body may hold at all."""
    return int(len(target) <= LONGEST_ENTRY and target.isprintable())


def installed(scene: Scene, target: str) -> None:
    """The body of a call that Atlassian signed; no signature covers the body."""
    token = signed(scene.jira, good_claims(scene.jira, "/installed"))
    body = json.dumps(
        install_body(scene.jira, baseUrl=target, sharedSecret="the-attackers-own-secret, long enough")
    ).encode()
    said = call_app("POST", "/installed", headers={"Authorization": f"JWT {token}"}, body=body)
    generic(said.status_code, said.content, target)


def typed_on_the_page(scene: Scene, target: str) -> None:
    """The first page of the wizard: it is shown again, with what is wrong beside the field."""
    path = f"/spaces/{scene.jira.space_id('ALPHA')}/new/instance"
    said = scene.jira.visitor("alice").post(path, base_url=target, space_key="BETA")
    beside_the_field(said)


def typed_and_sent(scene: Scene, target: str) -> None:
    """The last page of the wizard, called without the pages before it."""
    entered = {"base_url": target, "space_key": "BETA", "mode": "immediate", "name": "x", "description": ""}
    path = f"/spaces/{scene.jira.space_id('ALPHA')}/new/instance/send"
    said = scene.jira.visitor("alice").post(path, **entered)
    beside_the_field(said)


def asked_by_the_api(scene: Scene, target: str) -> None:
    """Who would be addressed: the entry stands in the query."""
    said = Machine(scene.jira, "alice", "ALPHA").get("addressee", base_url=target, space_key="BETA")
    generic(said.status, json.dumps(said.said).encode(), target)


def sent_by_the_api(scene: Scene, target: str) -> None:
    """A request to another site."""
    said = Machine(scene.jira, "alice", "ALPHA").post(
        "requests/across", base_url=target, space_key="BETA", name="x"
    )
    generic(said.status, json.dumps(said.said).encode(), target)


def let_in_on_the_page(scene: Scene, target: str) -> None:
    """The page that takes a Cloud site to sign in on."""
    path = f"/spaces/{scene.jira.space_id('ALPHA')}/new/cloud"
    beside_the_field(scene.jira.visitor("alice").post(path, base_url=target, space_key="BETA"))


def let_in_by_the_api(scene: Scene, target: str) -> None:
    """The same by the API."""
    said = Machine(scene.jira, "alice", "ALPHA").post("clouds/sign-in", base_url=target)
    generic(said.status, json.dumps(said.said).encode(), target)


def named_for_a_cloud_on_the_page(scene: Scene, target: str) -> None:
    """The name of the Cloud site leads there, which is asked before anybody is sent to sign in."""
    scene.network.name(CLOUD, [target])
    with over_links.let_in_somewhere(scene), scene.beyond_the_site():
        let_in_on_the_page(scene, f"https://{CLOUD}")


def named_for_a_cloud_by_the_api(scene: Scene, target: str) -> None:
    """The same by the API, behind an answer that is fine."""
    scene.network.name(CLOUD, [PUBLIC_4, target])
    with over_links.let_in_somewhere(scene), scene.beyond_the_site():
        let_in_by_the_api(scene, f"https://{CLOUD}")


def is_no_data_center(target: str) -> int:
    """What a form takes and nobody's Data Center can be at; a name that may be one leads nowhere here."""
    return int(is_entry(target) > 0 and target not in NAMES)


def linked_on_the_page(scene: Scene, target: str) -> None:
    """The page that takes a Data Center's application link."""
    path = f"/spaces/{scene.jira.space_id('ALPHA')}/new/data-center"
    begun = str(ApplicationLink.objects.get().pk)
    entered = {"application": "new", "begun": begun, "client_id": "id", "client_secret": "secret"}
    with scene.beyond_the_site():
        beside_the_field(scene.jira.visitor("alice").post(path, base_url=target, **entered))


def linked_by_the_api(scene: Scene, target: str) -> None:
    """The same by the API."""
    begun = ApplicationLink.objects.get().pk
    entered = {"base_url": target, "client_id": "id", "client_secret": "secret"}
    with scene.beyond_the_site():
        said = Machine(scene.jira, "alice", "ALPHA").post(f"application-links/{begun}/enter", **entered)
    assert 400 <= said.status < 500
    assert said.status == 413 or said.said["field"] == "base_url"


def named_on_the_page(scene: Scene, target: str) -> None:
    """The name of the Data Center leads there."""
    scene.network.name(DATA_CENTER, [target])
    linked_on_the_page(scene, f"https://{DATA_CENTER}:8443/jira")


def named_by_the_api(scene: Scene, target: str) -> None:
    """The same by the API, behind an answer that is fine."""
    scene.network.name(DATA_CENTER, [PUBLIC_4, target])
    linked_by_the_api(scene, f"https://{DATA_CENTER}")


def stored(scene: Scene, target: str) -> None:
    """A row that was made bad, by whatever means: nothing is even signed for it."""
    site = scene.jira.row
    site.base_url = target
    client = gateway.client(site, clock=scene.clock)
    with scene.on_the_wire(), pytest.raises(EgressRefused):
        client.call("GET", "/rest/api/3/myself")


def called(scene: Scene, target: str) -> None:
    """The door itself, whoever calls it."""
    door = Door(POLICY)
    with scene.on_the_wire(), pytest.raises(EgressRefused):
        door.send("POST", target, headers={"Authorization": "JWT t"}, body=b"x")


def key_id(scene: Scene, target: str) -> None:
    """The id of a key, which becomes part of an address."""
    token = tokens.sign_rs256(good_claims(scene.jira, "/installed"), kid=target)
    said = call_app("POST", "/installed", headers={"Authorization": f"JWT {token}"}, body=b"{}")
    assert said.status_code == 401
    assert scene.outgoing.urls == []


def key_address_in_a_token(scene: Scene, target: str) -> None:
    """What a token says of where its key is."""
    token = foreign_rs256(good_claims(scene.jira, "/installed"), jku=target, x5u=target, jwk={"x5u": target})
    said = call_app("POST", "/installed", headers={"Authorization": f"JWT {token}"}, body=b"{}")
    assert said.status_code == 401
    assert scene.outgoing.urls == []


def told_by_forge(scene: Scene, target: str) -> None:
    """What a token of Forge's says of where to call back, and of where its key is: nobody goes there."""
    claims = app_claims(scene.jira, apiBaseUrl=target)
    for token in (fit(scene.jira, claims), foreign_rs256(claims, kid=target, jku=target)):
        assert post_forge("/forge/installed", token, event_body(scene.jira)).status_code == 401
    assert set(scene.outgoing.urls) <= {JWKS}
    scene.outgoing.urls.clear()


def redirect(scene: Scene, target: str) -> None:
    """An allowed host sends us on: that is its answer, and nobody goes there."""
    location = target[:8000].translate({0: None, 10: None, 13: None}).encode().decode("latin-1")
    script = answer(REDIRECTS[len(target) % len(REDIRECTS)], b"x", Location=location)
    address = scene.allowed_server(script).url
    with scene.on_the_wire(), suppress(RemoteUnreachable):  # what is no header breaks the answer
        said = Door(LOOSE).send("GET", address, headers={"Authorization": "JWT t"})
        assert said.status in REDIRECTS
    assert [address for address, _ in scene.network.connects] == ["127.0.0.1"]
    scene.network.connects.clear()


def _resolved(scene: Scene, *answers: list[str]) -> None:
    scene.network.name(SITE, *answers)
    with scene.on_the_wire(), pytest.raises(EgressRefused):
        Door(gateway.policy()).send("POST", f"https://{SITE}/", headers={}, body=b"x")


def only_answer(scene: Scene, target: str) -> None:
    """The name of an allowed host leads there."""
    _resolved(scene, [target])


def second_answer(scene: Scene, target: str) -> None:
    """One of several answers, behind one that is fine."""
    _resolved(scene, [PUBLIC_4, target])


def last_of_many(scene: Scene, target: str) -> None:
    """The last of a long list."""
    _resolved(scene, [*(f"93.184.216.{last}" for last in range(1, 40)), target])


def first_answer(scene: Scene, target: str) -> None:
    """One of several answers, before one that is fine."""
    _resolved(scene, [target, PUBLIC_4])


def alias(scene: Scene, target: str) -> None:
    """The name is another one's name, and that one leads there."""
    scene.network.aliases[SITE] = "internal.example"
    scene.network.name("internal.example", [target])
    with scene.on_the_wire(), pytest.raises(EgressRefused):
        Door(gateway.policy()).send("GET", f"https://{SITE}/", headers={})
    scene.network.aliases.clear()


def rebinding(scene: Scene, target: str) -> None:
    """The first look-up is fine, every later one is not: one connection looks up once."""
    scene.network.name(SITE, [PUBLIC_4], [target])
    door = Door(gateway.policy())
    with scene.on_the_wire():
        with pytest.raises(RemoteUnreachable):
            door.send("POST", f"https://{SITE}/", headers={}, body=b"x")
        assert scene.network.connects == [(PUBLIC_4, 443)]
        scene.network.connects.clear()
        with pytest.raises(EgressRefused):
            door.send("POST", f"https://{SITE}/", headers={}, body=b"x")


def page_of_the_site(scene: Scene, target: str) -> None:
    """An admin opens a page, for which we ask the site, whose name leads there."""
    scene.network.name(SITE, [target])
    forget()
    with scene.on_the_wire():
        said = Machine(scene.jira, "alice", "ALPHA").get("partners")
    generic(said.status, json.dumps(said.said).encode(), target)


def key_host(scene: Scene, target: str) -> None:
    """A host of keys leads there: nobody is believed, and who called is asked to come again."""
    scene.network.name("keys.example", [target])
    door = Door(EgressPolicy(cloud_hosts=(), service_hosts=("keys.example",), denied=gateway.policy().denied))
    with scene.on_the_wire(), pytest.raises(RemoteUnreachable):
        InstallKeys(("https://keys.example",), door, clock=lambda: 0.0).pem("key-1")
    with pytest.raises(NotAuthenticated):
        InstallKeys(("https://keys.example",), door, clock=lambda: 0.0).pem(f"@{target}")


WAYS = (
    Way("installed base URL", Kind.URL, installed, is_text, share=40),
    Way("typed on the page", Kind.URL, typed_on_the_page, is_entry, share=20),
    Way("typed and sent", Kind.URL, typed_and_sent, is_entry, share=20),
    Way("asked by the API", Kind.URL, asked_by_the_api, is_entry, share=20),
    Way("sent by the API", Kind.URL, sent_by_the_api, is_entry, share=20),
    Way("let in on the page", Kind.URL, let_in_on_the_page, is_entry, share=20),
    Way("let in by the API", Kind.URL, let_in_by_the_api, is_entry, share=20),
    Way("named for a Cloud on the page", Kind.ADDRESS, named_for_a_cloud_on_the_page, share=40),
    Way("named for a Cloud by the API", Kind.ADDRESS, named_for_a_cloud_by_the_api, share=40),
    Way("linked on the page", Kind.URL, linked_on_the_page, is_no_data_center, share=40),
    Way("linked by the API", Kind.URL, linked_by_the_api, is_no_data_center, share=40),
    Way("named on the page", Kind.ADDRESS, named_on_the_page, share=40),
    Way("named by the API", Kind.ADDRESS, named_by_the_api, share=40),
    Way("came back from a Data Center", Kind.ADDRESS, over_links.came_back, share=40),
    Way("tokens renewed", Kind.ADDRESS, over_links.renewed, share=40),
    Way("called over a link", Kind.ADDRESS, over_links.called_over_the_link, share=40),
    Way("stored row", Kind.URL, stored, share=40),
    Way("called", Kind.URL, called),
    Way("key id", Kind.URL, key_id, lambda _: 0, share=40),
    Way("key address in a token", Kind.URL, key_address_in_a_token, lambda _: 0, share=40),
    Way("told by Forge", Kind.URL, told_by_forge, lambda _: 0, share=20),
    Way("redirect", Kind.URL, redirect, lambda _: 0),
    Way("only answer", Kind.ADDRESS, only_answer),
    Way("second answer", Kind.ADDRESS, second_answer),
    Way("last of many", Kind.ADDRESS, last_of_many),
    Way("first answer", Kind.ADDRESS, first_answer),
    Way("alias", Kind.ADDRESS, alias),
    Way("rebinding", Kind.ADDRESS, rebinding),
    Way("page of the site", Kind.ADDRESS, page_of_the_site, share=40),
    Way("key host", Kind.ADDRESS, key_host),
)
