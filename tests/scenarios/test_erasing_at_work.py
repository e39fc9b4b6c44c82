"""A person is erased while workers, and others who erase, are in the middle of it."""

import threading
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from backbone_app.ledger import people, personal
from backbone_app.models import JournalEntry, Pair
from tests.support.scenario import Story
from tests.support.workers import EDIT, elsewhere


def erase(account: str) -> None:
    call_command("erase_person", account, stdout=StringIO())


def test_a_comment_that_came_while_its_pair_was_at_work_arrives_though_its_news_were_erased(
    story: Story,
) -> None:
    item = story.create("ALPHA", "First")
    story.settle()
    twin, bob = story.twin_of(item), story.jira.account("bob")
    story.edit("alice", item, summary="Edited")
    story.jira.deliver_all()
    erased: list[bool] = []

    def meanwhile(_: object) -> None:
        if not erased:
            erased.append(True)
            story.comment("bob", twin, "Said meanwhile")
            elsewhere(story.jira.deliver_all)
            elsewhere(lambda: erase(bob))

    story.jira.world.hooks.before(*EDIT, meanwhile)
    story.work()
    story.release_leases()
    story.settle()
    story.clock.advance(minutes=10)  # what came of the write that was under way is looked for
    story.settle()

    assert erased
    assert story.field(twin, "summary") == "Edited"
    assert any("Said meanwhile" in text for text in story.comments(item))
    assert not Pair.objects.get().incomplete


def test_two_who_are_erased_at_once_are_both_gone_from_a_line_that_names_both(story: Story) -> None:
    alice, bob = story.jira.account("alice"), story.jira.account("bob")
    item = story.create("ALPHA", "First")
    story.settle()
    edit = {"at": "2026-11-22T08:00:00+00:00", "entry": 7}
    line = JournalEntry.objects.filter(pair__sides__item=item).latest("pk")
    line.causes = {"summary": {"edits": [{**edit, "author": alice}, {**edit, "author": bob}], "side": "left"}}
    line.save()
    sites: list[UUID] = [line.site_id]

    def erase_bob() -> None:
        personal.erase([bob], sites, now=story.clock())
        connection.close()

    other = threading.Thread(target=erase_bob)

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, at: Any) -> Any:
        if sql.startswith("UPDATE") and "causes" in sql:
            other.start()
            other.join(0.2)  # it gets no further than to this line, or it would be through by then
        return execute(sql, params, many, at)

    with connection.execute_wrapper(meanwhile):
        personal.erase([alice], sites, now=story.clock())
    other.join()

    line.refresh_from_db()
    assert [one["author"] for one in line.causes["summary"]["edits"]] == ["former user"] * 2


def test_what_is_noted_while_somebody_is_erased_goes_as_well(story: Story) -> None:
    """Work that began before writes a person's edit down where the erasure has been already."""
    alice = story.jira.account("alice")
    story.create("ALPHA", "First")
    story.settle()
    line = JournalEntry.objects.latest("pk")
    noted: list[bool] = []

    def note(execute: Any, sql: str, params: Any, many: bool, at: Any) -> Any:
        if not noted and sql.startswith('UPDATE "backbone_auditentry"'):
            noted.append(True)
            JournalEntry.objects.filter(pk=line.pk).update(cause_author=alice)
        return execute(sql, params, many, at)

    with connection.execute_wrapper(note):
        erase(alice)

    assert noted
    assert not JournalEntry.objects.filter(cause_author=alice).exists()


def test_the_name_that_pages_remember_goes_too(story: Story) -> None:
    alice, site = story.jira.account("alice"), story.jira.row
    name = people._name_key(site.pk, alice)
    cache.set_many({name: "Alice", f"person:{site.pk}:{alice}": True}, 60)

    erase(alice)

    assert cache.get_many([name, f"person:{site.pk}:{alice}"]) == {}
