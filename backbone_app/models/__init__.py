"""Tables: fields, constraints, named querysets; no decisions.

A row belongs to one site, or is shared by exactly two and holds ids only; what
a site may not share lies in its own half (``SynchronizationSide``, ``PairSide``).
"""

from backbone_app.models.audit import AuditEntry
from backbone_app.models.delivery import Delivery, DeliveryUse
from backbone_app.models.failure import Failure
from backbone_app.models.heartbeat import Heartbeat
from backbone_app.models.hook import LinkHook
from backbone_app.models.intent import Intent, JournalEntry
from backbone_app.models.licence import Endpoint, RemoteLicence
from backbone_app.models.limits import Pace, Pause, Spending
from backbone_app.models.link import ApplicationLink, Link, LinkAttempt
from backbone_app.models.notice import Notice, NoticeAddress, NoticeMail
from backbone_app.models.pair import CommentTwin, ElementBase, FieldBase, Pair, PairSide
from backbone_app.models.personal import AccountReport, LateWrite, Leftover
from backbone_app.models.reconciliation import Reconciliation
from backbone_app.models.service import ServiceHold
from backbone_app.models.site import AllowedGroup, ForgeInstallation, Site, Tombstone
from backbone_app.models.synchronization import PublishedConfiguration, Synchronization, SynchronizationSide
from backbone_app.models.ticket import DownloadTicket
from backbone_app.models.unfinished import Unfinished
from backbone_app.models.wakeup import WakeUp
from backbone_app.models.workflow import WorkflowStep

__all__ = [
    "AccountReport",
    "AllowedGroup",
    "ApplicationLink",
    "AuditEntry",
    "CommentTwin",
    "Delivery",
    "DeliveryUse",
    "DownloadTicket",
    "ElementBase",
    "Endpoint",
    "Failure",
    "FieldBase",
    "ForgeInstallation",
    "Heartbeat",
    "Intent",
    "JournalEntry",
    "LateWrite",
    "Leftover",
    "Link",
    "LinkAttempt",
    "LinkHook",
    "Notice",
    "NoticeAddress",
    "NoticeMail",
    "Pace",
    "Pair",
    "PairSide",
    "Pause",
    "PublishedConfiguration",
    "Reconciliation",
    "RemoteLicence",
    "ServiceHold",
    "Site",
    "Spending",
    "Synchronization",
    "SynchronizationSide",
    "Tombstone",
    "Unfinished",
    "WakeUp",
    "WorkflowStep",
]
