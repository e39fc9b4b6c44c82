"""What we are about to write to Jira, and what became of it."""

import uuid

from django.db import models

from backbone_app.models.pair import Pair
from backbone_app.models.sealing import SealedField
from backbone_app.models.site import Site
from backbone_app.models.synchronization import SIDES, Synchronization


class IntentState(models.TextChoices):
    """OPEN until the outcome is known; VOID when the write surely did not happen.

    CROSSED: it happened and overwrote somebody's edit that we had not seen; it
    stays so until that edit has been weighed, whatever happens to the worker.
    """

    OPEN = "open"
    CROSSED = "crossed"
    DONE = "done"
    VOID = "void"


class IntentKind(models.TextChoices):
    """What the write does."""

    CREATE = "create"
    EDIT = "edit"
    UNMARK = "unmark"
    TRANSITION = "move"
    COMMENT = "comment"


class Intent(models.Model):
    """A row that exists before its effect; its id is the nonce that Jira keeps for us.

    ``expectation`` holds digests only (``core.expectation``), ``crossed`` the crossed
    edits that still have to be weighed, as field ids and digests. ``deadline`` is when the
    call is given up on our side; a gateway may still finish it somewhat later. ``sought_at`` is when
    what an unanswered creation may have made was first looked for, and the site answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="intents")
    side = models.CharField(max_length=8, choices=SIDES)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=IntentKind.choices)
    state = models.CharField(max_length=8, choices=IntentState.choices, default=IntentState.OPEN)
    epoch = models.PositiveIntegerField()
    expectation = models.JSONField(default=dict)
    crossed = models.JSONField(default=dict, blank=True)
    seen_entry = models.BigIntegerField(null=True, blank=True)
    item = models.CharField(max_length=64, default="", blank=True)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    sought_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A pair has one write under way at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["pair"], condition=models.Q(state=IntentState.OPEN), name="one_open_intent_per_pair"
            )
        ]
        indexes = [models.Index(fields=["started_at"], name="intent_by_age")]

    def __str__(self) -> str:
        return str(self.id)


class JournalKind(models.TextChoices):
    """What happened to the work item."""

    CREATED = "created"
    EDITED = "edited"
    UNMARKED = "unmarked"
    MOVED = "moved"
    COMMENTED = "commented"
    COMMENT_CHANGED = "comment changed"
    COMMENT_REMOVED = "comment removed"
    COMMENT_LEFT = "comment left"
    CONFLICT = "conflict"
    STUCK = "stuck"
    FAILED = "failed"
    PAIRED = "paired"
    WORKFLOW_STARTED = "workflow start"
    WORKFLOW_STOPPED = "workflow stop"


class JournalEntry(models.Model):
    """One line of the activity feed, in the half of the site it happened on.

    A line about a write is there from the moment its intent is and goes with it
    if the write proves not to have happened. ``values_sealed`` holds what was
    written, or the loser of a conflict, and ``before_sealed`` what stood there
    before and whom either text mentions, both sealed for this site and emptied after its retention.
    ``causes`` names by row the person's edit it came from (author, time and
    changelog entry on the other side), ``cause_*`` the newest of them;
    ``version`` is that of the configuration in force.
    """

    synchronization = models.ForeignKey(Synchronization, on_delete=models.CASCADE, related_name="journal")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="journal")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=SIDES)
    kind = models.CharField(max_length=16, choices=JournalKind.choices)
    intent = models.ForeignKey(
        Intent, on_delete=models.CASCADE, null=True, blank=True, related_name="journal"
    )
    rows = models.JSONField(default=list)
    at = models.DateTimeField()
    cause_author = models.CharField(max_length=128, default="", blank=True)
    cause_at = models.DateTimeField(null=True, blank=True)
    causes = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    values_sealed = SealedField(table="journal", part="values")
    before_sealed = SealedField(table="journal", part="before")

    class Meta:
        """Read newest first, per synchronization or per pair; emptied and dropped oldest first."""

        indexes = [
            models.Index(fields=["synchronization", "-id"], name="journal_by_synchronization"),
            models.Index(fields=["pair", "-id"], name="journal_by_pair"),
            models.Index(fields=["at"], name="journal_by_age"),
            models.Index(fields=["at"], condition=~models.Q(values_sealed=b""), name="journal_with_values"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
