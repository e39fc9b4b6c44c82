"""Which column may hold what; whatever is not named here holds none of it."""

import base64
import pickle
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Any

from django.db import connection
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from tests.support.canaries.birds import Bird, Kind

DECLARED = MappingProxyType(
    {
        "backbone_pairside.item_key": {Kind.KEY},  # by which people know it, for the site's own pages
        "backbone_site.app_account": {Kind.ACCOUNT},  # our own account there
        "backbone_synchronizationside.acted_by": {Kind.ACCOUNT},  # the page says who asked and who agreed
        "backbone_synchronizationside.space_name": {Kind.SPACE},  # each side's own, for its own pages
        "backbone_synchronizationside.name": {Kind.SAID},  # what its people call it
        "backbone_synchronizationside.description": {Kind.SAID},
        "backbone_synchronizationside.message": {Kind.SAID},  # the partner reads it with the request
        "backbone_synchronizationside.asking_message": {Kind.SAID},
        "backbone_unfinished.account": {Kind.ACCOUNT},  # its author, who alone is shown it
        "backbone_unfinished.entered": {Kind.SAID},
        "backbone_journalentry.cause_author": {
            Kind.ACCOUNT
        },  # whose edit it was; a page asks Jira for the name
        "backbone_journalentry.causes": {Kind.ACCOUNT},
        "backbone_accountreport.account": {Kind.ACCOUNT},  # of whom Atlassian is asked once a cycle
        "backbone_auditentry.account": {Kind.ACCOUNT},  # who did it
        "backbone_auditentry.detail": {Kind.KEY},  # which work items they paired
        "backbone_downloadticket.account": {Kind.ACCOUNT},  # whose ticket it is
        "backbone_applicationlink.account": {Kind.ACCOUNT},  # who began it
        "backbone_linkattempt.account": {Kind.ACCOUNT},  # who asked: the link says so
        "backbone_linkattempt.space_name": {Kind.SPACE},  # for which space: the link says so
        "backbone_notice.detail": {Kind.SPACE, Kind.SAID},  # what a mail says, until it is sent
        "backbone_workflowstep.name": {Kind.WORD},  # a workflow is what its names say
        "backbone_workflowstep.source": {Kind.WORD},
        "backbone_workflowstep.target": {Kind.WORD},
        "backbone_publishedconfiguration.document": {Kind.WORD},  # which status is which on the other side
    }
)
"""The columns of business, each with what it may hold."""


def in_tables(birds: Iterable[Bird]) -> list[str]:
    """Find birds in any column of any table that may not hold them, in the queue's packages also unpacked."""
    wanted = tuple(birds)
    found = []
    for place, content in _contents():
        allowed = DECLARED.get(place, set())
        found += [
            f"{bird.kind} in {place}" for bird in wanted if bird.kind not in allowed and bird.text in content
        ]
    return found


def _contents() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - its own names
            names = [str(column[0]) for column in cursor.description or ()]
            for row in cursor.fetchall():
                yield from (
                    (f"{table}.{name}", text)
                    for name, value in zip(names, row, strict=True)
                    for text in _readings(table, name, value)
                )
    for row in OrmQ.objects.all():
        yield "django_q_ormq.payload", repr(SignedPackage.loads(row.payload))


def _readings(table: str, name: str, value: Any) -> Iterator[str]:
    """A value as it stands there, and what is packed in it."""
    if isinstance(value, bytes | memoryview):
        yield bytes(value).decode("utf-8", "replace")
        yield bytes(value).hex()
        return
    yield str(value)
    if table == "django_q_task" and name in {"args", "kwargs", "result"} and value:
        yield repr(pickle.loads(base64.b64decode(value)))  # noqa: S301 - our own test's row
