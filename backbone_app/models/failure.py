"""What could not be brought across, until it is mended or ignored."""

from django.db import models

from backbone_app.models.pair import Pair
from backbone_app.models.synchronization import SIDES, Synchronization


class Failure(models.Model):
    """One thing that stands in the way of a pair: ids, codes and a digest only, both sides may see it.

    ``row`` is the configuration's row that was refused, empty for the whole work
    item; ``side`` the side that refused, empty where neither did. ``wish`` is the
    digest of the refused value: that very value is not sent again until somebody
    asks for it, another one is. Jira's own sentence is in the half of its site
    (``JournalEntry``). ``ignored``: a person has seen it and does not mind.
    """

    synchronization = models.ForeignKey(Synchronization, on_delete=models.CASCADE, related_name="failures")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="failures")
    side = models.CharField(max_length=8, choices=SIDES, default="", blank=True)
    row = models.CharField(max_length=64, default="", blank=True)
    code = models.CharField(max_length=64)
    wish = models.CharField(max_length=80, default="", blank=True)
    attempts = models.PositiveIntegerField(default=1)
    ignored = models.BooleanField(default=False)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        """One row for each thing in the way; listed newest first."""

        constraints = [
            models.UniqueConstraint(fields=["pair", "side", "row"], name="one_failure_per_row_of_a_side")
        ]
        indexes = [models.Index(fields=["synchronization", "-last_at"], name="failure_by_synchronization")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.side} {self.row} {self.code}"
