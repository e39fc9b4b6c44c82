"""Whom a site has told by mail, and what is still to be told."""

import uuid

from django.db import models

from backbone_app.core.notices import Event
from backbone_app.models.sealing import SealedField
from backbone_app.models.site import Site

EVENTS = [(event.value, event.value) for event in Event]


class MailState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class NoticeAddress(models.Model):
    """An address that an admin typed, for one space or, where ``space`` is empty, for the whole site.

    ``digest`` is keyed, so that an address stands once in a place and the table tells nobody whose it is.
    ``space`` is Jira's id, ``space_key`` the key when it was typed. ``kinds`` are codes of ``core.notices``.
    ``confirm_digest`` is the SHA-256 of the ticket that its owner was sent, hex, good until
    ``confirm_until``; empty once it was used. ``leave_sealed`` is the ticket that every mail to it ends
    with, and ``leave_digest`` its SHA-256. ``asked_at`` is when its owner was asked last. Errors since
    ``failures_until`` are still to be told.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="notice_addresses")
    space = models.CharField(max_length=32, default="", blank=True)
    space_key = models.CharField(max_length=64, default="", blank=True)
    address_sealed = SealedField(table="notice_address", part="address")
    digest = models.CharField(max_length=64)
    kinds = models.JSONField(default=list)
    added_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    confirm_digest = models.CharField(max_length=64, default="", blank=True, db_index=True)
    confirm_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    leave_sealed = SealedField(table="notice_address", part="leave")
    leave_digest = models.CharField(max_length=64, unique=True)
    failures_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """An address stands once in a place."""

        constraints = [
            models.UniqueConstraint(fields=["site", "space", "digest"], name="one_notice_address_per_place")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class NoticeMail(models.Model):
    """One mail to one address: waiting, or what became of it, for as long as mails are counted.

    ``address`` is empty once that was removed; ``mailbox_digest``, keyed, still says whose it was, so that
    nobody gets more of our questions than they should. ``ticket_sealed`` is what a confirmation asks with,
    empty once it was sent and in every other mail. ``attempts`` counts tries; before ``not_before`` nobody
    tries again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="notice_mails")
    address = models.ForeignKey(
        NoticeAddress, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    mailbox_digest = models.CharField(max_length=64)
    is_confirmation = models.BooleanField(default=False)
    ticket_sealed = SealedField(table="notice_mail", part="ticket")
    state = models.CharField(max_length=16, choices=MailState.choices, default=MailState.WAITING)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        """The longest overdue is next; questions are counted by mailbox and by site."""

        indexes = [
            models.Index(fields=["state", "not_before"], name="notice_mail_by_turn"),
            models.Index(fields=["mailbox_digest", "made_at"], name="notice_mail_by_mailbox"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """Something that an address is to be told; it goes once that was done.

    ``mail`` is the one that tells it, empty until there is one. ``detail`` holds keys and names of spaces,
    the synchronization's name, codes and counts, never a text of a work item.

    The database does not hold the address to be there: whoever removes one meanwhile must not make
    what is noted here, the acceptance of a request for one, come to nothing.
    """

    address = models.ForeignKey(
        NoticeAddress, on_delete=models.CASCADE, db_constraint=False, related_name="notices"
    )
    mail = models.ForeignKey(
        NoticeMail, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    event = models.CharField(max_length=32, choices=EVENTS)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.event
