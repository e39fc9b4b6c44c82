"""Whether a lane's workers are alive."""

from django.db import models


class Heartbeat(models.Model):
    """One row a lane: when it last took something out of its queue, and until when it may be busy with it."""

    lane = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.lane
