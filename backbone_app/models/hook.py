"""The webhooks by which linked sites tell us what happens there."""

from django.db import models

from backbone_app.models.link import Link
from backbone_app.models.sealing import SealedField


class LinkHook(models.Model):
    """The one webhook of a link, for all its synchronizations: what it is known by, and how it stands.

    Whoever knows its token can deliver; only the SHA-256 of that is looked up (``digest``, hex), the token is
    sealed for the address that Jira is given. The secret signs deliveries where ``form`` (a ``HookForm``)
    is a newer one; that is empty until we have asked the site. ``number`` is Jira's id of the webhook,
    empty while we know of none; ``is_ours``: we made it, else somebody did by hand. ``verified_at`` is when
    the first delivery proved itself since then. It is looked at again at ``due_at``, after so many
    ``attempts`` in a row that came to nothing; whoever does so has the row to themself until ``held_until``.
    ``trouble`` is the code of what was wrong last.
    """

    link = models.OneToOneField(Link, on_delete=models.CASCADE, primary_key=True, related_name="hook")
    digest = models.CharField(max_length=64, unique=True)
    token_sealed = SealedField(table="linkhook", part="token", site="link_id")
    secret_sealed = SealedField(table="linkhook", part="secret", site="link_id")
    form = models.CharField(max_length=16, default="", blank=True)
    number = models.CharField(max_length=32, default="", blank=True)
    is_ours = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=32, default="", blank=True)

    def __str__(self) -> str:
        return str(self.link_id)
