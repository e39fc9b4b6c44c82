"""Whether a wake-up for a job already waits in the queue."""

from django.db import models


class WakeUp(models.Model):
    """One row a job: ``pending`` flips by compare-and-set, ``at`` is when it was sent."""

    job = models.CharField(max_length=64, primary_key=True)
    pending = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.job
