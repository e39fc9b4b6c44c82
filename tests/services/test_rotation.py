"""The keys of what is sealed can be changed while everything goes on."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, models

from backbone_app import gateway
from backbone_app.errors import SecretUnreadable
from backbone_app.ledger import deliveries, hooks, journal, notices
from backbone_app.models import ApplicationLink, Delivery, JournalEntry, Link, LinkAttempt, Site
from backbone_app.models.sealing import SealedField, context, key_of, seal
from backbone_app.services import rotation
from tests.support.addressees import add_address
from tests.support.rows import NOW, make_site
from tests.support.scenario import Story
from tests.support.workers import Killed

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
SITE_SECRET = "backbone_site.secret_sealed"


@pytest.fixture
def new_key(settings: LazySettings) -> Callable[[], None]:
    """Put a new key in front of the ring, as the operator does."""

    def add() -> None:
        settings.BACKBONE_ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}

    return add


@pytest.fixture
def drop_old_key(settings: LazySettings) -> Callable[[], None]:
    def drop() -> None:
        settings.BACKBONE_ENCRYPTION_KEYS = {"k2": NEW}

    return drop


def rotate() -> str:
    """Run the command; its last line."""
    said = io.StringIO()
    call_command("rotate_secrets", stdout=said)
    return said.getvalue().splitlines()[-1]


def look() -> dict[str, str]:
    said = io.StringIO()
    call_command("rotate_secrets", "--status", stdout=said)
    return dict(line.split(": ") for line in said.getvalue().splitlines())


@contextmanager
def before_update(number: int, act: Callable[[], object]) -> Iterator[None]:
    """Act right before the database gets its ``number``-th UPDATE."""
    seen = iter(range(1, 1_000_000))

    def watch(execute: Any, sql: str, params: Any, many: bool, at: Any) -> Any:
        if sql.startswith("UPDATE") and next(seen) == number:
            act()
        return execute(sql, params, many, at)

    with connection.execute_wrapper(watch):
        yield


def die() -> None:
    raise Killed


def test_every_binary_column_of_every_table_is_a_sealed_one() -> None:
    binary = {
        f"{model._meta.db_table}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }

    assert binary == {str(column) for column in rotation.columns()}
    assert SITE_SECRET in binary


def keep_other_secrets_of_installations() -> None:
    for site in Site.objects.all():
        site.previous_secret_sealed = seal(b"before", at=Site.previous_secret_sealed.field.at(site.id))
        site.pending_secret_sealed = seal(b"waiting", at=Site.pending_secret_sealed.field.at(site.id))
        site.save()


def keep_secrets_of_a_link() -> None:
    """What an application link, a link and an attempt to make one hold."""
    owner, linked = Site.objects.get(), make_site("initech")
    application = ApplicationLink(site=owner, created_at=NOW)
    application.client_secret_sealed = sealed_in(application, "client_secret_sealed")
    application.save()
    link = Link(site=linked, owner=owner, expires_at=NOW, authorized_at=NOW)
    link.access_sealed, link.refresh_sealed = (
        sealed_in(link, name) for name in ("access_sealed", "refresh_sealed")
    )
    link.save()
    attempt = LinkAttempt(site=owner, is_copied=True, created_at=NOW, expires_at=NOW)
    attempt.verifier_sealed = sealed_in(attempt, "verifier_sealed")
    attempt.save()
    hooks.opened(link, iter(("t" * 43, "s" * 43)).__next__, now=NOW)


def sealed_in(row: ApplicationLink | Link | LinkAttempt, column: str) -> bytes:
    """A secret for this column of the row."""
    field = type(row)._meta.get_field(column)
    assert isinstance(field, SealedField)
    return seal(b"secret", at=field.at(row.site_id))


def keep_a_question(story: Story) -> None:
    """An address whose owner is still to be asked."""
    row = add_address(story.jira, "ops@customer.example", now=story.clock())
    notices.open_question(row, "ops@customer.example", "a-ticket", now=story.clock())


def test_what_the_app_wrote_is_rotated_and_the_old_key_can_leave(
    story: Story, new_key: Callable[[], None], drop_old_key: Callable[[], None]
) -> None:
    item = story.create("ALPHA", "Broken lamp")
    story.settle()
    story.edit("alice", item, summary="Mended lamp")
    story.jira.deliver_all()
    keep_secrets_of_a_link()
    keep_other_secrets_of_installations()
    keep_a_question(story)
    assert all("k1=" in keys for keys in look().values())

    new_key()
    line = rotate()
    drop_old_key()
    story.work()

    assert line.endswith("already=0 unreadable=0")
    assert all("k1=" not in keys for keys in look().values())
    assert story.holds(story.twin_of(item))["summary"] == "Mended lamp"
    assert [journal.values(line) for line in JournalEntry.objects.filter(kind="created")] == [
        {"summary": "Broken lamp", "priority": "Medium"}
    ]


def test_a_second_run_finds_everything_done_and_opens_nothing(db: None, new_key: Callable[[], None]) -> None:
    make_site("acme")
    new_key()

    assert rotate() == "rotated=2 already=0 unreadable=0"
    before = Site.objects.values_list("secret_sealed", flat=True).get()
    assert rotate() == "rotated=0 already=2 unreadable=0"
    assert Site.objects.values_list("secret_sealed", flat=True).get() == before


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
def test_a_rotation_that_was_killed_goes_on_where_it_was(
    db: None, new_key: Callable[[], None], number: int
) -> None:
    for name in ("acme", "initech", "globex"):
        make_site(name)
    new_key()

    with pytest.raises(Killed), before_update(number, die):
        rotate()

    assert rotate() == f"rotated={7 - number} already={number - 1} unreadable=0"
    assert [gateway.shared_secret(site) for site in Site.objects.all()] == ["secret"] * 3


def test_more_rows_than_a_batch_are_all_rotated(
    db: None, new_key: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in range(5):
        make_site(f"site-{number}")
    new_key()
    told: list[tuple[str, int]] = []

    done = rotation.rotate(lambda column, count: told.append((column, count)))

    assert sum(one.rotated for one in done) == 10
    assert [count for column, count in told if column == SITE_SECRET] == [2, 4, 5]


def test_who_wrote_in_between_is_not_overwritten(db: None, new_key: Callable[[], None]) -> None:
    site = make_site("acme")
    new_key()

    def install_again() -> None:
        fresh = seal(b"of the new installation", at=context(site.pk, "site", "secret"))
        Site.objects.filter(pk=site.pk).update(secret_sealed=fresh)

    with before_update(1, install_again):
        line = rotate()

    assert gateway.shared_secret(Site.objects.get()) == "of the new installation"
    assert line == "rotated=1 already=0 unreadable=0"


def test_what_a_worker_with_the_old_ring_wrote_in_between_is_found_in_the_next_round(
    db: None, new_key: Callable[[], None], settings: LazySettings
) -> None:
    site = make_site("acme")
    new_key()

    def write_with_the_old_ring() -> None:
        settings.BACKBONE_ENCRYPTION_KEYS = {"k1": OLD}
        fresh = seal(b"of a late worker", at=context(site.pk, "site", "secret"))
        new_key()
        Site.objects.filter(pk=site.pk).update(secret_sealed=fresh)

    with before_update(1, write_with_the_old_ring):
        line = rotate()

    assert gateway.shared_secret(Site.objects.get()) == "of a late worker"
    assert key_of(Site.objects.get().secret_sealed) == "k2"
    assert line == "rotated=2 already=0 unreadable=0"


def test_what_was_dropped_in_between_stays_dropped(db: None, new_key: Callable[[], None]) -> None:
    site = make_site("acme")
    new_key()

    with before_update(1, lambda: Site.objects.filter(pk=site.pk).update(secret_sealed=b"")):
        rotate()

    assert Site.objects.get().secret_sealed == b""


@pytest.mark.parametrize(
    "drop",
    [lambda sites: sites.update(secret_sealed=b"", digest_key_sealed=b""), lambda sites: sites.delete()],
    ids=["emptied", "deleted"],
)
def test_what_went_after_its_row_was_found_is_nothing_unreadable(
    db: None, new_key: Callable[[], None], drop: Callable[[Any], object]
) -> None:
    for name in ("acme", "initech"):
        make_site(name)
    new_key()
    first, last = Site.objects.order_by("pk")

    with (
        structlog.testing.capture_logs() as lines,
        before_update(1, lambda: drop(Site.objects.filter(pk=last.pk))),
    ):
        line = rotate()

    assert lines == [], "no alarm"
    assert line.endswith("unreadable=0")
    assert gateway.shared_secret(Site.objects.get(pk=first.pk)) == "secret"


def test_what_cannot_be_read_is_counted_by_table_and_stays_as_it_is(
    db: None, new_key: Callable[[], None]
) -> None:
    site = make_site("acme")
    Site.objects.update(secret_sealed=b"\x01\x04gone-canary-bytes-of-another-key")
    sealed = deliveries.sealed(site.pk, b"body")
    Delivery.objects.create(site=site, key="d", event="e", item="1", body_sealed=sealed[:-1], received_at=NOW)
    new_key()

    with pytest.raises(CommandError) as failed:
        call_command("rotate_secrets", stdout=io.StringIO())

    assert "backbone_site.secret_sealed (1), backbone_delivery.body_sealed (1)" in str(failed.value)
    assert "canary" not in str(failed.value)
    assert bytes(Site.objects.get().secret_sealed) == b"\x01\x04gone-canary-bytes-of-another-key"
    assert look()[SITE_SECRET] == "gone=1"


def test_bytes_that_are_no_sealed_value_have_no_key(db: None) -> None:
    make_site("acme")
    Site.objects.update(secret_sealed=b"plain")

    assert look()[SITE_SECRET] == "?=1"


def test_a_key_that_still_seals_something_is_missed_when_it_is_gone(
    db: None, drop_old_key: Callable[[], None]
) -> None:
    site = make_site("acme")

    drop_old_key()

    with pytest.raises(SecretUnreadable):
        gateway.shared_secret(site)


def test_a_sealed_column_is_a_plain_binary_one_for_migrations() -> None:
    field = SealedField(table="site", part="secret")

    assert field.deconstruct()[1] == "django.db.models.BinaryField"
    assert type(field.clone()) is models.BinaryField
