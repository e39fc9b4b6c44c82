"""Links to sites that our app is not installed on, and the tries to make them."""

import uuid

from django.db import models

from backbone_app.models.sealing import SealedField
from backbone_app.models.site import Site


class ApplicationLink(models.Model):
    """What a Data Center knows us as: an incoming link that its admin made, entered on an installed site.

    ``id`` stands in the callback URL, which is shown before anything else is known: until then ``base_url``
    and ``client_id`` are empty. It belongs to ``site``, whose space admins use it, and to no other;
    ``account`` is who began it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="application_links")
    base_url = models.CharField(max_length=255, default="", blank=True)
    client_id = models.CharField(max_length=255, default="", blank=True)
    client_secret_sealed = SealedField(table="applicationlink", part="client_secret")
    account = models.CharField(max_length=128, default="", blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.base_url or str(self.id)


class LinkStatus(models.TextChoices):
    """Whether the tokens of a link are good; a broken one is mended by signing in again."""

    WORKING = "working"
    BROKEN = "broken"


class Link(models.Model):
    """What somebody who signed in on another site lets us do there: one row for a linked site.

    ``site`` is the linked one, ``owner`` the installed one whose admins asked for it; nobody else uses it.
    The access token is good until ``expires_at``, by our clock; ``refresh_sealed`` gets the next ones and is
    empty where nothing does. ``generation`` rises with every pair of tokens. Whoever gets new ones has the
    row to themself until ``refreshing_until``. ``refused_at`` is when a call with tokens of this generation
    was last refused, ``broken_reason`` OAuth's own word of why it is broken.
    """

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="link")
    owner = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="links")
    application = models.ForeignKey(
        ApplicationLink, on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    address = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=LinkStatus.choices, default=LinkStatus.WORKING)
    access_sealed = SealedField(table="link", part="access")
    refresh_sealed = SealedField(table="link", part="refresh")
    expires_at = models.DateTimeField()
    generation = models.PositiveIntegerField(default=1)
    refreshing_until = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    broken_reason = models.CharField(max_length=64, default="", blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    authorized_at = models.DateTimeField()

    class Meta:
        """An installed site has one link to an address: its synchronizations there share it."""

        constraints = [
            models.UniqueConstraint(fields=["owner", "address"], name="one_link_per_owner_and_address")
        ]

    def __str__(self) -> str:
        return self.address


class LinkAttempt(models.Model):
    """One try to have somebody let us in on a site: who asked for it, for which space, and how far it came.

    Whoever knows its token opens it; only the SHA-256 of that is here (``digest``, hex), as of the ``state``
    that is sent along to the other site and of what the cookie of the browser holds that went there; each
    state is used once. ``verifier_sealed`` is that state's PKCE verifier. ``is_copied``: it was made to be
    sent to somebody. ``trouble`` is the code of what went wrong last, ``ended_at`` when somebody had let us
    in, or it was withdrawn: then ``link`` is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="link_attempts")
    application = models.ForeignKey(
        ApplicationLink, on_delete=models.CASCADE, null=True, blank=True, related_name="attempts"
    )
    address = models.CharField(max_length=255)
    space = models.CharField(max_length=64)
    space_key = models.CharField(max_length=64)
    space_name = models.CharField(max_length=255)
    account = models.CharField(max_length=128)
    digest = models.CharField(max_length=64, unique=True)
    is_copied = models.BooleanField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    state_digest = models.CharField(max_length=64, default="", blank=True, db_index=True)
    browser_digest = models.CharField(max_length=64, default="", blank=True)
    verifier_sealed = SealedField(table="linkattempt", part="verifier")
    trouble = models.CharField(max_length=64, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, blank=True, related_name="attempts")

    def __str__(self) -> str:
        return self.address
