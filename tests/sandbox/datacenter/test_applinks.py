"""The pages on which a Jira admin links external applications."""

import pytest

from jira_sandbox.datacenter.oauth import clients, granting
from jira_sandbox.front import Refusal
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.provider import SCOPES
from tests.support.browsing import Browser, Page
from tests.support.provider import (
    CALLBACK,
    JIRA,
    MYSELF,
    WITH_PROVIDER,
    Application,
    answered,
    as_bearer,
    data_center,
)
from tests.support.sandbox import standard_world

LINKS = "/plugins/servlet/applinks/listApplicationLinks"
INCOMING = f"{LINKS}/incoming"
FORM = {"name": "Backbone", "redirect_url": CALLBACK, "scope": "WRITE"}


def dana(edition: str = "dc-10.3", *, url: str = JIRA) -> Browser:
    world = data_center(edition, url=url)
    return Browser(world, world.sites["acme"]).as_person("dana")


def filled_in(browser: Browser, **changes: str) -> Page:
    form = browser.get(INCOMING).form(INCOMING)
    return browser.post(INCOMING, form | FORM | changes)


@pytest.mark.parametrize("edition", WITH_PROVIDER)
def test_an_admin_links_an_application_and_is_shown_its_credentials(edition: str) -> None:
    browser = dana(edition)

    chosen = browser.get(browser.get(LINKS).links["Create link"])
    form = browser.get(chosen.links["Incoming"]).form(INCOMING)
    saved = browser.post(INCOMING, form | FORM)

    (client,) = browser.site.provider.clients.values()
    assert "External application" in chosen.text
    assert (client.name, client.redirect_url, client.scope) == ("Backbone", CALLBACK, "WRITE")
    assert f"Client ID {client.client_id} Client secret {client.client_secret}" in saved.text
    assert (len(client.client_id), len(client.client_secret)) == (32, 64)


def test_the_form_offers_every_permission_the_narrowest_first() -> None:
    browser = dana()

    assert browser.get(INCOMING).form(INCOMING)["scope"] == SCOPES[0]
    for scope in SCOPES:
        filled_in(browser, scope=scope)
    assert [each.scope for each in browser.site.provider.clients.values()] == list(SCOPES)


def test_the_list_names_each_link_and_leads_to_its_credentials() -> None:
    browser = dana()
    assert "No application is linked" in browser.get(LINKS).text
    filled_in(browser)

    page = browser.get(LINKS)

    assert f"Backbone {CALLBACK} WRITE Incoming" in page.text
    (client,) = browser.site.provider.clients.values()
    assert client.client_secret in browser.get(page.links["View credentials"]).text
    assert client.client_secret not in page.text


def test_a_link_that_is_deleted_takes_its_codes_and_tokens_along_and_no_others() -> None:
    browser = dana()
    site, person = browser.site, browser.site.user("alice")
    gone, kept = (clients.register(site, name=name, redirect_url=CALLBACK) for name in ("Gone", "Kept"))
    tokens = [granting.give(site, each, person, "READ").access_token for each in (gone, kept)]
    application = Application(browser.front.world, site, gone)
    code = application.code(browser)

    page = browser.post(f"{LINKS}/{gone.client_id}/delete", {})

    assert "Kept" in page.text
    assert "Gone" not in page.text
    statuses = [as_bearer(browser.front.world, site, each).get(MYSELF).status for each in tokens]
    assert statuses == [401, 200]
    assert application.exchange(code).json()["error"] == "invalid_client"
    assert code not in site.provider.codes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "x" * 256}, "Enter a name."),
        ({"redirect_url": ""}, "Enter a valid URL."),
        ({"redirect_url": "app.example/callback"}, "Enter a valid URL."),
        ({"redirect_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"redirect_url": "https://"}, "Enter a valid URL."),
        ({"redirect_url": "https://[app.example/"}, "Enter a valid URL."),
        ({"redirect_url": f"{CALLBACK}#part"}, "Enter a valid URL."),
        ({"redirect_url": "https://app.example/a b"}, "Enter a valid URL."),
        ({"redirect_url": "http://app.example/callback"}, "The redirect URL must use HTTPS."),
        ({"scope": "EVERYTHING"}, "Choose a permission."),
    ],
)
def test_a_wrong_form_comes_back_with_what_is_wrong(changes: dict[str, str], words: str) -> None:
    browser = dana()

    page = filled_in(browser, **changes)

    assert words in page.text
    assert page.form(INCOMING)["redirect_url"] == changes.get("redirect_url", CALLBACK)
    assert browser.site.provider.clients == {}


def test_a_sandbox_that_is_served_without_tls_takes_addresses_without_it() -> None:
    browser = dana(url="http://127.0.0.1:8100")

    page = filled_in(browser, redirect_url="http://127.0.0.1:9000/callback")

    assert "Client secret" in page.text


def test_the_version_without_a_provider_has_the_page_but_no_external_application() -> None:
    browser = dana("dc-8.21")

    chosen = browser.get(browser.get(LINKS).links["Create link"])

    assert "Atlassian product" in chosen.text
    assert "External application" not in chosen.text
    assert browser.get(INCOMING).status == 404
    assert browser.post(INCOMING, FORM).status == 404
    with pytest.raises(Refusal, match="404"):
        clients.register(browser.site, name="Backbone", redirect_url=CALLBACK)


@pytest.mark.parametrize("path", [LINKS, f"{LINKS}/new", INCOMING, f"{LINKS}/some"])
def test_only_jira_admins_see_links_and_strangers_sign_in_first(path: str) -> None:
    browser = dana()
    alice = Browser(browser.front.world, browser.site).as_person("alice")
    stranger = Browser(browser.front.world, browser.site)

    assert alice.get(path).status == 403
    assert "Who are you?" in stranger.get(path).text


def test_only_jira_admins_make_and_delete_links() -> None:
    browser = dana()
    client = clients.register(browser.site, name="Backbone", redirect_url=CALLBACK)
    alice = Browser(browser.front.world, browser.site).as_person("alice")

    assert alice.post(INCOMING, FORM).status == 403
    assert alice.post(f"{LINKS}/{client.client_id}/delete", {}).status == 403
    assert list(browser.site.provider.clients.values()) == [client]


def test_a_link_nobody_made_is_not_there() -> None:
    browser = dana()

    assert browser.get(f"{LINKS}/unknown").status == 404
    assert browser.post(f"{LINKS}/unknown/delete", {}).status == 404


@pytest.mark.parametrize("path", [LINKS, f"{LINKS}/new", INCOMING])
def test_the_cloud_has_no_application_links(path: str) -> None:
    world = standard_world()

    assert Browser(world, world.sites["acme"]).as_person("dana").get(path).status == 404


def test_pages_lead_on_under_a_context_path() -> None:
    world = data_center(url=f"{JIRA}/jira")
    browser = Browser(world, world.sites["acme"])
    asked = browser.get(f"/jira{LINKS}")
    browser.send("POST", "/jira/signin", asked.forms[-1].values | {"account": "dana"})

    page = browser.get(f"/jira{LINKS}")
    saved = browser.post(f"/jira{INCOMING}", FORM)

    assert asked.forms[-1].action == "/jira/signin"
    assert page.links["Create link"] == f"/jira{LINKS}/new"
    (client,) = browser.site.provider.clients.values()
    assert client.client_secret in saved.text
    consent = browser.get("/jira" + Application(world, browser.site, client).address())
    form = consent.form("/jira/rest/oauth2/latest/authorize") | {"decision": "allow"}
    response = browser.send("POST", "/jira/rest/oauth2/latest/authorize", form)
    assert answered(response)["code"] in browser.site.provider.codes


def test_the_editions_with_a_provider_are_all_but_the_oldest() -> None:
    assert list(DATA_CENTER)[1:] == WITH_PROVIDER
