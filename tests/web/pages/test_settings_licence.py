"""Global settings: a Jira admin reads, uploads, replaces and removes the remote licence of the site."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import LazySettings

from backbone_app.models import RemoteLicence, Synchronization
from tests.support import licences
from tests.support.app import Jira, Visitor, call_app
from tests.support.licences import TERMS, signed
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock

ADDRESS = "/settings/licence"


@pytest.fixture
def dana(jira: Jira) -> Reader:
    """The Jira admin in front of the settings."""
    reader = Reader(jira.visitor("dana"), jira.space_id("ALPHA"))
    reader.show(reader.visitor.get(ADDRESS))
    return reader


def upload(dana: Reader, text: str | bytes) -> Element:
    """Choose a file and press Upload."""
    content = text.encode() if isinstance(text, str) else text
    return dana.show(dana.visitor.upload(ADDRESS, content))


def fact(page: Element, name: str) -> str:
    """What stands beside this name."""
    names = [each.text for each in page.all("dt")]
    return page.all("dd")[names.index(name)].text


def beside(page: Element) -> str:
    """What is said beside the file."""
    (said,) = page.all("ul", class_="errorlist")
    return said.text


def test_it_is_a_page_of_its_own_among_the_settings(dana: Reader) -> None:
    assert dana.page.one("h1").text == "Remote licence"
    (tab,) = [each for each in dana.page.all("button") if "aria-current" in each.attributes]
    assert tab.text == "Remote licence"


def test_at_first_there_is_none_and_one_can_be_uploaded(dana: Reader) -> None:
    assert "No remote licence was uploaded." in dana.page.text
    assert dana.page.one("form").attributes["hx-encoding"] == "multipart/form-data"
    assert [each.text for each in dana.page.all("button") if "Remove" in each.text] == []


def test_a_service_that_has_none_says_so(dana: Reader, settings: LazySettings) -> None:
    settings.BACKBONE_LICENCE_PUBLIC_KEY = ()

    dana.show(dana.visitor.get(ADDRESS))

    assert "This service has no remote licences." in dana.page.text
    assert dana.page.all("form") == []


def test_one_that_is_uploaded_is_shown_with_what_it_grants(dana: Reader) -> None:
    upload(dana, signed(replace(TERMS, endpoints=3, is_evaluation=True)))

    assert dana.flag()["title"] == "Remote licence uploaded"
    assert fact(dana.page, "Holder") == "Acme Ltd EVALUATION"
    assert fact(dana.page, "Valid until") == "31 December 2027"
    assert fact(dana.page, "Endpoints") == "0 of 3 taken"
    assert fact(dana.page, "Issued") == "by backbone.example on 1 November 2026"
    assert dana.page.one("form").one("h2").text == "Replace it"


def test_a_file_with_a_mark_at_its_start_is_read(dana: Reader) -> None:
    upload(dana, signed().encode("utf-8-sig"))

    assert RemoteLicence.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty."),
        (b"\xff\xfe<\x00", "not XML in UTF-8"),
        (b"hello", "This file is not XML"),
        (b"<license/>", "This is XML, but no remote licence."),
        (b"<!DOCTYPE license><license/>", "has a document type or entities"),
        (signed(private=bytes(32)).encode(), "was changed after it was signed"),
        (signed(replace(TERMS, expires_on=date(2026, 11, 21))).encode(), "This licence has expired"),
    ],
    ids=["empty", "bytes", "text", "shape", "entities", "key", "expired"],
)
def test_what_is_wrong_stands_beside_the_file(dana: Reader, content: bytes, said: str) -> None:
    upload(dana, content)

    assert said in beside(dana.page)
    assert dana.page.one("input", type="file").attributes["aria-invalid"] == "true"
    assert not RemoteLicence.objects.exists()


def test_no_file_is_asked_for(dana: Reader) -> None:
    dana.press("Upload")

    assert beside(dana.page) == "Choose the file that was issued to you."


def test_what_is_larger_than_any_body_is_refused_before_it_is_read(dana: Reader) -> None:
    answer = dana.visitor.upload(ADDRESS, b"<" + b"a" * 65_536)

    assert answer.status_code == 413


def test_partner_sites_are_listed_with_what_takes_them(dana: Reader, jira: Jira, clock: VirtualClock) -> None:
    upload(dana, signed())
    licences.running(jira.row, "initech", now=clock())

    dana.show(dana.visitor.get(ADDRESS))

    assert fact(dana.page, "Endpoints") == "1 of 1 taken"
    row = dana.page.one("tbody").text
    assert "https://initech.atlassian.net COVERED" in row
    assert "n (S10000)" in row


def test_what_would_pause_is_said_first_and_the_file_is_carried(
    dana: Reader, jira: Jira, clock: VirtualClock
) -> None:
    upload(dana, signed(replace(TERMS, endpoints=2)))
    licences.running(jira.row, "initech", now=clock())
    licences.running(jira.row, "globex", now=clock.advance(seconds=1), space="10001")

    upload(dana, signed())
    doubt = dana.page.one("div", role="alert").text
    before = set(Synchronization.objects.values_list("state", flat=True))
    dana.press("Upload anyway")

    assert "one synchronization would pause, n (S10001)" in doubt
    assert before == {"running"}
    assert sorted(Synchronization.objects.values_list("state", flat=True)) == ["paused", "running"]
    assert RemoteLicence.objects.get().endpoints == 1
    assert "NOT COVERED" in dana.page.one("tbody").text
    assert fact(dana.page, "Endpoints") == "1 of 1 taken; 1 partner site is not covered"


def test_a_file_that_is_carried_through_a_browsers_form_is_still_itself(
    dana: Reader, jira: Jira, clock: VirtualClock
) -> None:
    licences.running(jira.row, "initech", now=clock())
    licences.running(jira.row, "globex", now=clock.advance(seconds=1), space="10001")
    upload(dana, signed())
    kept = dana.page.one("input", name="document").attributes["value"]

    answer = dana.visitor.post(ADDRESS, document=kept.replace("\n", "\r\n"), confirmed="yes")

    assert answer.status_code == 200
    assert RemoteLicence.objects.exists()


def test_the_doubt_can_be_left_without_uploading(dana: Reader, jira: Jira, clock: VirtualClock) -> None:
    upload(dana, signed(replace(TERMS, endpoints=2)))
    licences.running(jira.row, "initech", now=clock())
    licences.running(jira.row, "globex", now=clock(), space="10001")
    upload(dana, signed())

    dana.press("Cancel")

    assert RemoteLicence.objects.get().endpoints == 2
    assert dana.page.all("input", name="confirmed") == []


def test_removing_says_before_what_will_pause(dana: Reader, jira: Jira, clock: VirtualClock) -> None:
    upload(dana, signed())
    licences.running(jira.row, "initech", now=clock())
    dana.show(dana.visitor.get(ADDRESS))
    (button,) = [each for each in dana.page.all("button") if each.text == "Remove Licence"]

    dana.press("Remove Licence")

    assert "What runs by it pauses: 1 synchronization. Changes wait" in button.attributes["hx-confirm"]
    assert dana.flag()["title"] == "Remote licence removed"
    assert "No remote licence was uploaded." in dana.page.text
    assert "n (S10000), paused" in dana.page.text
    assert Synchronization.objects.get().state == "paused"


def test_its_end_is_told_and_then_that_it_is_over(dana: Reader, clock: VirtualClock) -> None:
    upload(dana, signed(replace(TERMS, expires_on=date(2026, 12, 1))))
    assert "The remote licence of this site ends in" in dana.page.one("div", role="status").text

    clock.advance(days=7)
    dana.show(dana.visitor.get(ADDRESS))
    assert "The remote licence of this site ends in" in dana.page.one("div", role="alert").text

    clock.advance(days=30)
    dana.show(dana.visitor.get(ADDRESS))

    assert "This licence has expired" in dana.page.one("div", role="alert").text
    assert fact(dana.page, "Valid until") == "1 December 2026 EXPIRED"


def test_a_holder_is_text_and_no_markup(dana: Reader) -> None:
    upload(dana, signed(replace(TERMS, holder="<b>Acme</b> & “Co”")))

    assert fact(dana.page, "Holder") == "<b>Acme</b> & “Co”"


def test_an_admin_of_a_space_is_told_nothing(jira: Jira) -> None:
    answer = jira.visitor("alice").get(ADDRESS)

    assert answer.status_code == 403
    assert "Acme Ltd" not in answer.content.decode()


def test_a_start_beyond_the_licence_is_refused_with_what_to_do(jira: Jira, clock: VirtualClock) -> None:
    row = licences.running(jira.row, "initech", now=clock(), space=jira.space_id("ALPHA"))
    Synchronization.objects.filter(pk=row.pk).update(state="stopped")
    alice: Visitor = jira.visitor("alice")

    answer = alice.post(f"/spaces/{jira.space_id('ALPHA')}/synchronizations/{row.pk}/start")

    assert answer.status_code == 409
    said = parse(answer).text
    assert "needs a remote licence, and this site has none. A Jira admin can upload one under Apps" in said
    assert "Nothing was changed." in said
    assert Synchronization.objects.get().state == "stopped"


def test_nobody_uploads_without_a_token() -> None:
    assert call_app("POST", ADDRESS, body=b"document=x").status_code == 401
