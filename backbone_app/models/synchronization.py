"""What links two spaces: the shared row, one half per side, the configuration in force."""

import uuid
from typing import Self

from django.db import models

from backbone_app.core.handshake import STORED, State
from backbone_app.core.values import Side
from backbone_app.models.site import Site

SIDES = [(side.value, side.value) for side in Side]
STATES = [(state.value, state.value) for state in STORED]


class Mode(models.TextChoices):
    """How an edit of the configuration becomes valid; chosen at creation, never changed."""

    IMMEDIATE = "immediate"
    REVIEW = "review"


class SynchronizationQuerySet(models.QuerySet["Synchronization"]):
    """Questions several use cases ask."""

    def of_space(self, site_id: uuid.UUID, space: str) -> Self:
        """Those that the space takes part in, on either side, oldest first."""
        halves = SynchronizationSide.objects.filter(site_id=site_id, space=space)
        return self.filter(pk__in=halves.values("synchronization_id")).order_by("created_at", "pk")


class Synchronization(models.Model):
    """The shared row: ids and state, nothing a side may not see.

    ``spaces`` names both spaces, so that the database itself refuses a second
    open synchronization of the same two: by site and id in a fixed order, but
    while a request to another site waits by the asking space and the key that
    was typed, so that a second request is refused alike whether that space exists.
    ``stops`` are the times it was stopped, each from when to when (ISO, by our
    clock), oldest first: what was created in one of them stays alone.
    ``told_turn`` says up to which turn (``core.notices``) of the open request people were told of it again.
    ``pause_reason`` is the code of why we paused it and ``pause_side`` the side
    whose site gave the reason, both empty unless it is paused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=STATES)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.IMMEDIATE)
    spaces = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    stops = models.JSONField(default=list, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=64, default="", blank=True)
    pause_side = models.CharField(max_length=8, choices=SIDES, default="", blank=True)
    told_turn = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = SynchronizationQuerySet.as_manager()

    class Meta:
        """The races that the database settles."""

        constraints = [
            models.UniqueConstraint(
                fields=["spaces"],
                condition=~models.Q(state=State.DECLINED),
                name="one_open_synchronization_per_two_spaces",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SynchronizationSide(models.Model):
    """One side's half: its space and what its own people call the synchronization.

    ``space`` is Jira's project id; key and name are as last seen. All three are
    empty where a request names a space that the other site does not have.
    ``asked_key`` is that name as the asking side typed it (empty on one site,
    where the space was chosen from a list). ``asking_message`` is what whoever asked
    wrote to this side's people, on the asked side alone; ``message`` what was said when
    the request was declined. ``acted_by`` is the account that sent, accepted or declined
    the request on this side. ``started_ahead_ms`` is how far the site's clock was ahead
    of ours at the first start.
    """

    synchronization = models.ForeignKey(Synchronization, on_delete=models.CASCADE, related_name="sides")
    side = models.CharField(max_length=8, choices=SIDES)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    space = models.CharField(max_length=64)
    space_key = models.CharField(max_length=64)
    space_name = models.CharField(max_length=255)
    asked_key = models.CharField(max_length=64, default="", blank=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, default="", blank=True)
    message = models.CharField(max_length=1000, default="", blank=True)
    acted_by = models.CharField(max_length=128, default="", blank=True)
    started_ahead_ms = models.IntegerField(null=True, blank=True)
    asking_message = models.CharField(max_length=1000, default="", db_default="", blank=True)

    class Meta:
        """A synchronization has exactly one half per side."""

        constraints = [models.UniqueConstraint(fields=["synchronization", "side"], name="one_half_per_side")]
        indexes = [models.Index(fields=["site", "space"], name="half_by_space")]

    def __str__(self) -> str:
        return f"{self.synchronization_id} {self.side}"


class PublishedConfiguration(models.Model):
    """A version of the configuration that is or was in force; the newest counts."""

    synchronization = models.ForeignKey(
        Synchronization, on_delete=models.CASCADE, related_name="configurations"
    )
    version = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        """Versions rise without gaps per synchronization."""

        constraints = [
            models.UniqueConstraint(fields=["synchronization", "version"], name="one_row_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.synchronization_id} v{self.version}"
