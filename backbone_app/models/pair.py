"""Pairs and what their sides held when they last agreed: digests, never content."""

from datetime import datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from backbone_app.models.site import Site
from backbone_app.models.synchronization import SIDES, Synchronization


class PairState(models.TextChoices):
    """Whether a pair is kept in step."""

    ACTIVE = "active"
    SET_ASIDE = "set aside"


class PairLane(models.TextChoices):
    """Which lane of workers takes a due pair up: what people just did, or what a check found."""

    LIVE = "live"
    BULK = "bulk"


class Choice(models.TextChoices):
    """Whose values stand where two existing work items differ that never agreed; ASK: somebody must say."""

    ASK = ""
    LEFT = "left"
    RIGHT = "right"
    NEWER = "newer"


class PairQuerySet(models.QuerySet["Pair"]):
    """What several parts do with pairs."""

    def make_due(self, *, now: datetime, lane: PairLane) -> int:
        """Give these pairs one more reason to be looked at; returns how many they are.

        A pair that was not due before takes its place at the end of the line, and
        so does one that is at work now: it had its turn. One that people wait for
        is never moved to the lane of bulk work.
        """
        had_its_turn = When(Q(due=0) | Q(lease_until__gt=Now()), then=Value(now))
        place = Case(had_its_turn, default=F("not_before"), output_field=models.DateTimeField())
        way = Case(When(due=0, then=Value(lane)), default=F("lane"), output_field=models.CharField())
        return self.update(
            due=F("due") + 1,
            not_before=place,
            lane=way if lane is PairLane.BULK else Value(lane),
        )


class Pair(models.Model):
    """One work item on the left and its twin on the right.

    ``due`` counts reasons to look at it, ``epoch`` rises with every claim and
    fences off workers that lost their lease, ``incomplete`` says that the last
    look left a difference standing, so that the next one has to read both sides.
    ``attempts`` counts tries in a row that came to nothing, for the time until
    the next one. ``choice`` is what was decided for values that never agreed.
    ``origin_*`` is the lineage: the very first work item this content came from.
    """

    synchronization = models.ForeignKey(Synchronization, on_delete=models.CASCADE, related_name="pairs")
    state = models.CharField(max_length=16, choices=PairState.choices, default=PairState.ACTIVE)
    reason = models.CharField(max_length=64, default="", blank=True)
    due = models.PositiveIntegerField(default=0)
    lane = models.CharField(max_length=8, choices=PairLane.choices, default=PairLane.LIVE)
    attempts = models.PositiveIntegerField(default=0)
    choice = models.CharField(max_length=8, choices=Choice.choices, default=Choice.ASK, blank=True)
    incomplete = models.BooleanField(default=False)
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    origin_side = models.CharField(max_length=8, choices=SIDES)
    origin_site = models.UUIDField()
    origin_item = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    objects = PairQuerySet.as_manager()

    class Meta:
        """Only due pairs are looked for."""

        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(due__gt=0), name="pair_due"),
            models.Index(
                fields=["synchronization", "lane", "not_before", "id"],
                condition=models.Q(due__gt=0),
                name="pair_due_by_synchronization",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PairSide(models.Model):
    """One site's half of a pair: the work item and how new our last settled look at it is.

    ``item`` is Jira's id, empty while the twin does not exist yet. ``stamp_*``
    is how new the plain fields are, ``rich_*`` the same for rich text: it comes
    with a read only, never with a delivery. ``confirmed`` is Jira's ``updated``
    up to which everything of the item is known, comments included; ``stale``
    says that a check found it changed since: the next look has to read this side.
    ``joined`` is Jira's ``updated`` of a work item that was there before its
    pair, empty for a new one: what was said on it by then stays on its side.
    """

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="sides")
    side = models.CharField(max_length=8, choices=SIDES)
    synchronization = models.ForeignKey(Synchronization, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=64, default="", blank=True)
    item_key = models.CharField(max_length=255, default="", blank=True)
    stamp_entry = models.BigIntegerField(null=True, blank=True)
    stamp_updated = models.DateTimeField(null=True, blank=True)
    rich_entry = models.BigIntegerField(null=True, blank=True)
    rich_updated = models.DateTimeField(null=True, blank=True)
    confirmed = models.DateTimeField(null=True, blank=True)
    stale = models.BooleanField(default=False)
    joined = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The claim that prevents two twins: an item is in one pair of a synchronization."""

        constraints = [
            models.UniqueConstraint(fields=["pair", "side"], name="one_pair_half_per_side"),
            models.UniqueConstraint(
                fields=["synchronization", "site", "item"],
                condition=~models.Q(item=""),
                name="one_pair_per_item_and_synchronization",
            ),
        ]
        indexes = [models.Index(fields=["site", "item"], name="pair_half_by_item")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.side}"


class FieldBase(models.Model):
    """The digest one side's field had when both sides last agreed, in that side's own form.

    For a field of the kind labels the digest is empty: the row says that the set
    has agreed once, its members are ``ElementBase`` rows.
    """

    half = models.ForeignKey(PairSide, on_delete=models.CASCADE, related_name="fields")
    row = models.CharField(max_length=64)
    digest = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        """One base per field of a half."""

        constraints = [models.UniqueConstraint(fields=["half", "row"], name="one_base_per_field")]

    def __str__(self) -> str:
        return f"{self.half_id} {self.row}"


class ElementBase(models.Model):
    """One member of an agreed set: its digest in the left and in the right form."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="elements")
    row = models.CharField(max_length=64)
    left = models.CharField(max_length=80)
    right = models.CharField(max_length=80)

    class Meta:
        """A member is in a set once."""

        constraints = [
            models.UniqueConstraint(fields=["pair", "row", "left", "right"], name="one_row_per_element")
        ]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.row}"


class CommentTwin(models.Model):
    """One comment and its copy: ids and digests of both, and what became of the copy.

    ``origin`` is the side it was written on; only that side changes or deletes
    it. ``*_updated`` is Jira's time of the last change we know, which tells our
    own writes when their deliveries come back.
    """

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="comments")
    origin = models.CharField(max_length=8, choices=SIDES)
    left = models.CharField(max_length=64, default="", blank=True)
    right = models.CharField(max_length=64, default="", blank=True)
    left_digest = models.CharField(max_length=80, default="", blank=True)
    right_digest = models.CharField(max_length=80, default="", blank=True)
    left_updated = models.DateTimeField(null=True, blank=True)
    right_updated = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16)
    told = models.BooleanField(default=False)

    class Meta:
        """A comment has one copy: the row is the claim that prevents a second one."""

        constraints = [
            models.UniqueConstraint(
                fields=["pair", "left"], condition=~models.Q(left=""), name="one_twin_per_left_comment"
            ),
            models.UniqueConstraint(
                fields=["pair", "right"], condition=~models.Q(right=""), name="one_twin_per_right_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.left}={self.right}"
