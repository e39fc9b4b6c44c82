"""What has been learned of workflows: transitions, by the status they were offered in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backbone_app.core.workflow import Edge
from backbone_app.models import WorkflowStep


def learn(
    site_id: UUID, space: str, type_id: str, *, at: str, offered: Iterable[Edge], now: datetime
) -> None:
    """Remember what a work item of this type is offered in the status ``at``.

    It replaces what was known of that status: an edge that is not offered any
    more must not be planned with again. That nothing is offered is known too:
    otherwise every further work item would be led there to find out.
    """
    known = WorkflowStep.objects.filter(site_id=site_id, space=space, type_id=type_id, source=at)
    rows = [
        WorkflowStep(
            site_id=site_id,
            space=space,
            type_id=type_id,
            source=at,
            transition=edge.transition,
            name=edge.name,
            target=edge.target,
            required=list(edge.required),
            category=edge.category,
            seen_at=now,
        )
        for edge in tuple(offered) or (Edge(at, "", "", at),)
    ]
    with transaction.atomic():
        known.exclude(transition__in=[row.transition for row in rows]).delete()
        WorkflowStep.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["site", "space", "type_id", "source", "transition"],
            update_fields=["name", "target", "required", "category", "seen_at"],
        )


def known(site_id: UUID, space: str, type_id: str) -> tuple[Edge, ...]:
    """Give every transition learned for a work type, in a fixed order."""
    rows = WorkflowStep.objects.filter(site_id=site_id, space=space, type_id=type_id).exclude(transition="")
    return tuple(
        Edge(row.source, row.transition, row.name, row.target, tuple(row.required), row.category)
        for row in rows.order_by("source", "transition")
    )


def explored(site_id: UUID, space: str, type_id: str) -> frozenset[str]:
    """Give the statuses whose transitions have been seen, those without any included."""
    rows = WorkflowStep.objects.filter(site_id=site_id, space=space, type_id=type_id)
    return frozenset(rows.values_list("source", flat=True))
