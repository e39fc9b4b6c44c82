"""The form of an address, names that become harmless, and when a request is told of again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.notices import (
    EXPIRED,
    KIND_OF,
    OF_SITE,
    OF_SPACE,
    Event,
    Kind,
    mailbox,
    one_form,
    tame,
    turn,
)

SENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
END = SENT + timedelta(days=30)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ops@example.com", "ops@example.com"),
        ("  Ops.Team+jira@EXAMPLE.Com ", "Ops.Team+jira@example.com"),
        ("o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert one_form(typed) == kept
    assert one_form(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ops",
        "@example.com",
        "ops@",
        "ops@localhost",
        "ops@127.0.0.1",
        "ops@[127.0.0.1]",
        "ops@example.123",
        "ops@-example.com",
        "ops@example-.com",
        ".ops@example.com",
        "ops.@example.com",
        "o..ps@example.com",
        "o ps@example.com",
        '"ops"@example.com',
        "ops@example.com,eve@evil.example",
        "ops@example.com eve@evil.example",
        "ops@eve@example.com",
        "Ops <ops@example.com>",
        "ops@example.com\r\nBcc: eve@evil.example",
        "ops@example.com\n",
        "ops\x00@example.com",
        "öps@example.com",
        "ops@exämple.com",
        "ops@example\u3002com",
        "ops\u202e@example.com",
        f"{'a' * 65}@example.com",
        f"ops@{'a' * 64}.com",
        f"ops@{'a.' * 125}com",
        "a" * 10_000 + "@example.com",
        "ops@example.com" + " " * 10_000,
    ],
)
def test_what_is_no_plain_address_is_none(typed: str) -> None:
    assert one_form(typed) == ""


@given(st.text(max_size=300))
def test_whatever_is_taken_is_one_address_without_room_for_another_header(typed: str) -> None:
    kept = one_form(typed)

    assert kept.count("@") == bool(kept)
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(kept) & set(' ,;:<>"\\()[]')


def test_tags_of_one_mailbox_are_one() -> None:
    assert mailbox("Me+one@example.com") == mailbox("me+two@example.com") == "me@example.com"
    assert mailbox("+x@example.com") == "+x@example.com"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Küche & Bad", "Küche & Bad"),
        ("Name\r\nBcc: eve@evil.example", "Name Bcc: eve at evil. example"),
        ("Pay at https://evil.example/x now", "Pay at https //evil. example/x now"),
        ("www.evil.example", "www. evil. example"),
        ("v2.1 of A. B", "v2. 1 of A. B"),
        ("left\u202eright\u2028next\x00", "left right next"),
        ("x" * 81, "x" * 79 + "…"),
        ("\t \n", ""),
    ],
)
def test_a_name_is_one_line_without_a_link(typed: str, told: str) -> None:
    assert tame(typed) == told


@given(st.text(max_size=500))
def test_no_name_has_room_for_a_header_or_a_link(typed: str) -> None:
    told = tame(typed)

    assert len(told) <= 80
    assert len(told.splitlines()) <= 1
    assert "://" not in told
    assert "@" not in told


@pytest.mark.parametrize(
    ("days", "day"),
    [(0, 0), (6.99, 0), (7, 7), (22.99, 7), (23, 23), (29.99, 23), (30, EXPIRED), (99, EXPIRED)],
)
def test_a_request_is_told_of_again_on_two_days_and_when_it_expires(days: float, day: int) -> None:
    assert turn(SENT, END, SENT + timedelta(days=days)) == day


def test_every_event_has_a_kind_that_somebody_can_choose() -> None:
    assert KIND_OF.keys() == set(Event)
    assert set(KIND_OF.values()) == set(Kind) == set(OF_SPACE) | set(OF_SITE)
