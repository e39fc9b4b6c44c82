"""Somebody has a copy of the whole database (case 94)."""

from pathlib import Path

import pytest
from django.db import connection

from backbone_app.models import Site
from jira_sandbox.world import World
from tests.scenarios.test_canaries import PLANTED, tell_the_story, world
from tests.support.canaries import Kind, birds_of
from tests.support.two_sites import Across, across

__all__ = ["across", "world"]

NOWHERE = {Kind.SECRET, Kind.EMAIL, Kind.NAME, Kind.TEXT}
"""What no column of business may hold."""


def dump() -> bytes:
    """Every byte of the database: SQLite's files as they lie there, PostgreSQL's tables as it copies them."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
                parts += [bytes(part) for part in copied]
    return b"\n".join(parts)


def test_case_94_a_dump_of_the_database_holds_no_secret_no_name_and_no_text(
    across: Across, world: World
) -> None:
    tell_the_story(across)
    wanted = [bird for bird in birds_of(world, ours=PLANTED) if bird.kind in NOWHERE]

    copied = dump()

    assert {bird.kind for bird in wanted} == NOWHERE
    assert [str(bird.kind) for bird in wanted if bird.text.encode() in copied] == []
    assert [str(bird.kind) for bird in wanted if bird.text.encode().hex().encode() in copied] == []


@pytest.mark.parametrize("kind", sorted(NOWHERE))
def test_case_94_the_dump_would_show_what_is_planted(across: Across, world: World, kind: Kind) -> None:
    bird = next(bird for bird in birds_of(world, ours=PLANTED) if bird.kind is kind and bird.text.isascii())
    assert bird.text.encode() not in dump()

    Site.objects.update(app_account=bird.text[:128])

    assert bird.text[:128].encode() in dump()
    Site.objects.update(app_account="")
