"""What Jira told us, kept until every pair it concerns has used it."""

from django.db import models

from backbone_app.models.pair import Pair
from backbone_app.models.sealing import SealedField
from backbone_app.models.site import Site


class Delivery(models.Model):
    """One webhook delivery; ``key`` is Jira's identifier, the same across retries.

    ``body_sealed`` is the sealed body, emptied when nobody needs it any more and
    72 hours after receipt at the latest. ``unpaired`` marks a delivery that is
    itself the work: whether its item deserves a twin is still to be decided, but
    not before ``not_before``; ``attempts`` counts the tries in a row that came to nothing.

    Two kinds of rows Jira never sent, told by their ``event``: that a check came upon a work
    item, and that one was not there any more.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    event = models.CharField(max_length=128)
    item = models.CharField(max_length=64)
    space = models.CharField(max_length=64, default="", blank=True)
    body_sealed = SealedField(table="delivery", part="body")
    unpaired = models.BooleanField(default=False)
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        """Jira delivers at least once: a second delivery of the same key is refused by the database."""

        constraints = [models.UniqueConstraint(fields=["site", "key"], name="one_row_per_delivery")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(unpaired=True), name="delivery_unpaired"),
            models.Index(
                fields=["site", "id"], condition=models.Q(unpaired=True), name="delivery_unpaired_by_site"
            ),
            models.Index(fields=["received_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.item}"


class DeliveryUse(models.Model):
    """A pair that still has to look at a delivery; for 72 hours, then it reads both its sides instead.

    That a work item or a comment was deleted waits for as long as it takes.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="uses")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        """A pair uses a delivery once."""

        constraints = [models.UniqueConstraint(fields=["delivery", "pair"], name="one_use_per_pair")]

    def __str__(self) -> str:
        return f"{self.delivery_id} for {self.pair_id}"
