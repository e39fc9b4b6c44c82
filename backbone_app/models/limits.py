"""What all workers share about how fast a site may be called."""

from django.db import models

from backbone_app.models.site import Site


class Pause(models.Model):
    """Until when a part of Jira must not be called; ``scope`` names the part.

    ``app`` (all sites), ``site:ID``, ``endpoint:ID:METHOD TEMPLATE`` or
    ``item:ID:JIRA_ID``. ``strikes`` counts pauses in a row, for the length of
    the next one; ``since`` is when the first of them began.
    """

    scope = models.CharField(max_length=255, primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="pauses")
    reason = models.CharField(max_length=64)
    until = models.DateTimeField()
    since = models.DateTimeField()
    strikes = models.PositiveIntegerField(default=1)

    class Meta:
        """Old ones are pruned by their end."""

        indexes = [models.Index(fields=["until"], name="pause_by_end")]

    def __str__(self) -> str:
        return f"{self.scope} until {self.until:%H:%M:%S}"


class Pace(models.Model):
    """When the next call to an endpoint of a site, or write to one of its items, is in its turn.

    ``free_at`` is the theoretical arrival time of a leaky bucket (GCRA).
    """

    key = models.CharField(max_length=255, primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    free_at = models.DateTimeField()

    class Meta:
        """Old ones are pruned."""

        indexes = [models.Index(fields=["free_at"], name="pace_by_time")]

    def __str__(self) -> str:
        return self.key


class Spending(models.Model):
    """How many of Jira's points our calls to a site cost in one hour, by lane."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    lane = models.CharField(max_length=8)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        """One row an hour."""

        constraints = [models.UniqueConstraint(fields=["site", "hour", "lane"], name="one_spending_per_hour")]
        indexes = [models.Index(fields=["hour"], name="spending_by_hour")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.hour:%Y-%m-%d %H}: {self.points}"
