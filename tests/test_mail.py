"""Mail as a server gets it over a socket, and what its refusals are taken for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from backbone_app import mail
from backbone_app.env import MailServer, Tls
from backbone_app.mail import Letter, MailNotTaken, MailRefused
from backbone_app.services.doctor import Level, outside
from tests.support.mail import SENDER, Post, post, posted
from tests.support.tls import Authority

__all__ = ["post"]

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
LETTER = Letter(
    id="7d444840",
    to="ops@customer.example",
    subject="Paused: “Küche” 🙂",
    text="Line one\n.\n..\nLine four: ä",
    unsubscribe="https://backbone.example/mail/leave/TICKET",
    at=NOW,
)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_a_letter_arrives_as_it_was_written(post: Post) -> None:
    mail.send(LETTER)

    (arrived,) = post.to("ops@customer.example")
    assert arrived["Subject"] == LETTER.subject
    assert arrived["To"] == "ops@customer.example"
    assert arrived["From"] == f"Backbone Work Sync <{SENDER}>"
    assert arrived.get_content().splitlines() == LETTER.text.splitlines()
    assert arrived["Date"].datetime == NOW


def test_it_says_that_a_machine_wrote_it_and_how_to_get_no_more_with_one_click(post: Post) -> None:
    mail.send(LETTER)

    (arrived,) = post.mails
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["List-Unsubscribe"] == "<https://backbone.example/mail/leave/TICKET>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_gets_it_twice_can_tell(post: Post) -> None:
    post.deaf = 1
    with pytest.raises(MailNotTaken):
        mail.send(LETTER)

    mail.send(LETTER)

    assert [each["Message-ID"] for each in post.mails] == ["<7d444840@backbone.example>"] * 2


@pytest.mark.parametrize("entry", ["a\r\nBcc: eve@evil.example", "a\nBcc: eve@evil.example"])
@pytest.mark.parametrize("part", ["to", "subject", "id", "unsubscribe"])
def test_no_part_of_a_letter_becomes_a_header_of_its_own(post: Post, part: str, entry: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)newline|invalid"):
        mail.send(replace(LETTER, **{part: entry}))  # type: ignore[arg-type]  # all four are texts

    assert post.mails == []


@pytest.mark.parametrize(("said", "error"), [("550 no such user", MailRefused), ("450 later", MailNotTaken)])
def test_a_refused_recipient_is_for_good_or_for_now(post: Post, said: str, error: type[MailNotTaken]) -> None:
    post.refusals = [said]

    with pytest.raises(MailNotTaken) as refused:
        mail.send(LETTER)

    assert (type(refused.value), refused.value.trouble) == (error, "recipient_refused")
    assert "ops@" not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_a_server_that_is_not_there_is_tried_again(post: Post, settings: LazySettings) -> None:
    settings.BACKBONE_MAIL = MailServer("127.0.0.1", 1, Tls.NONE, SENDER)

    with pytest.raises(MailNotTaken, match="did not take") as refused:
        mail.send(LETTER)

    assert refused.value.retryable


def test_who_does_not_know_the_password_sends_nothing_and_nobody_is_blamed(
    post: Post, settings: LazySettings
) -> None:
    post.users = {"backbone": "right"}
    for password, error in (("wrong", MailNotTaken), ("right", None)):
        settings.BACKBONE_MAIL = MailServer("127.0.0.1", post.port, Tls.NONE, SENDER, "backbone", password)
        if error is None:
            mail.send(LETTER)
        else:
            with pytest.raises(error) as refused:
                mail.send(LETTER)
            assert type(refused.value) is MailNotTaken

    assert len(post.mails) == 1


@pytest.fixture(params=[Tls.STARTTLS, Tls.FROM_THE_START])
def secured(request: pytest.FixtureRequest, authority: Authority, settings: LazySettings) -> Iterator[Post]:
    """A server that shows a certificate for localhost, in either way."""
    settings.BACKBONE_AUTHORITIES = authority.file
    from_the_start = request.param is Tls.FROM_THE_START
    with posted(certificate=authority.certificate("localhost"), from_the_start=from_the_start) as post:
        settings.BACKBONE_MAIL = MailServer("localhost", post.port, request.param, SENDER)
        yield post


def test_mail_goes_over_tls_with_the_operators_authorities(secured: Post) -> None:
    mail.send(LETTER)

    assert len(secured.mails) == 1


def test_a_certificate_for_another_name_gets_nothing(secured: Post, settings: LazySettings) -> None:
    way = Tls.STARTTLS if secured.tls else Tls.FROM_THE_START
    settings.BACKBONE_MAIL = MailServer("127.0.0.1", secured.port, way, SENDER)

    with pytest.raises(MailNotTaken):
        mail.send(LETTER)

    assert secured.mails == []


def test_a_server_that_offers_no_tls_gets_nothing(post: Post, settings: LazySettings) -> None:
    settings.BACKBONE_MAIL = MailServer("127.0.0.1", post.port, Tls.STARTTLS, SENDER)

    with pytest.raises(MailNotTaken):
        mail.send(LETTER)

    assert post.mails == []


def doctor() -> list[Level]:
    return [one.level for one in outside.mail_server(NOW)]


def test_the_doctor_opens_a_connection_and_sends_nothing(post: Post, settings: LazySettings) -> None:
    found = doctor()
    settings.BACKBONE_MAIL = MailServer("127.0.0.1", 1, Tls.NONE, SENDER)
    away = doctor()
    settings.BACKBONE_MAIL = None

    assert (found, away, doctor()) == ([Level.OK], [Level.FAIL], [Level.WARN])
    assert post.mails == []
    with pytest.raises(MailNotTaken):
        mail.send(LETTER)
