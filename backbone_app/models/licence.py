"""What lets a site synchronize with sites that our app is not installed on."""

from django.db import models

from backbone_app.models.site import Site


class RemoteLicence(models.Model):
    """The remote licence that a site uploaded last; of its file what was signed is kept, and no more.

    ``key`` is the id (``core.remote_licence.key_id``) of the public key that it was signed with: it counts as
    long as the settings name that key. ``expires_on`` is its last day, by UTC. ``told_turn`` is the notice of
    its end (``Terms.turn``) that was mailed last.
    """

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, primary_key=True, related_name="remote_licence"
    )
    key = models.CharField(max_length=16)
    holder = models.CharField(max_length=200)
    creator = models.CharField(max_length=200)
    created_on = models.DateField()
    expires_on = models.DateField()
    endpoints = models.PositiveIntegerField()
    is_evaluation = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    told_turn = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.site_id} until {self.expires_on}"


class Endpoint(models.Model):
    """A partner site (``remote``) that takes one of the endpoints of a site's remote licence, since then.

    It is there from the first start of a synchronization between the two until the last of them is stopped
    or deleted, whatever becomes of the licence meanwhile: those taken first are covered first.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="endpoints")
    remote = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        """A partner site takes one endpoint, however many synchronizations lead there."""

        constraints = [
            models.UniqueConstraint(fields=["site", "remote"], name="one_endpoint_per_partner_site")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} to {self.remote_id}"
