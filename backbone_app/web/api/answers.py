"""What the API answers, field by field; each mirrors a value that a service gives."""

from typing import Any

from rest_framework import serializers

Shown = serializers.Serializer[Any]


class ProblemAnswer(Shown):
    """Why a call came to nothing; ``code`` is stable, ``field`` names the entry at fault if there is one."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)


class SpaceAnswer(Shown):
    """A space; ``id`` is Jira's."""

    id = serializers.CharField()
    key = serializers.CharField()
    name = serializers.CharField()


class PartnerAnswer(Shown):
    """The space on the other side; ``name`` is empty until it may be known, ``base_url`` null on one site."""

    key = serializers.CharField()
    name = serializers.CharField()
    base_url = serializers.CharField(allow_null=True)


class UnansweredAnswer(Shown):
    """A request that can still be answered; ``message`` is for those who were asked, else empty."""

    since = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    days = serializers.IntegerField(help_text="Whole days since it was sent.")
    reminders = serializers.IntegerField(help_text="How many reminders are due so far, 0 to 2.")
    message = serializers.CharField()


class OutOfStepAnswer(Shown):
    """A work item of the own space that is not in step, and why."""

    item = serializers.CharField()
    reason = serializers.CharField()


class SynchronizationAnswer(Shown):
    """A synchronization as one of its spaces sees it; ``examples`` are some of those out of step."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    partner = PartnerAnswer()
    status = serializers.CharField(help_text="As the overview shows it: REQUEST SENT, STOPPED, RUNNING, …")
    actions = serializers.ListField(child=serializers.CharField(), help_text="The steps that fit now.")
    waiting = UnansweredAnswer(allow_null=True, help_text="Null unless it is a request that can be answered.")
    notice = serializers.CharField(help_text="Why it is paused, in a sentence; empty where it is not.")
    warning = serializers.CharField(help_text="That it pauses before long, in a sentence; mostly empty.")
    is_linked = serializers.BooleanField(help_text="The partner site is reached by a link.")
    link_broken = serializers.BooleanField(help_text="Somebody has to sign in again on the partner site.")
    pairs = serializers.IntegerField()
    out_of_step = serializers.IntegerField()
    examples = OutOfStepAnswer(many=True)


class ItemAnswer(Shown):
    """A work item of the own space; ``id`` is Jira's."""

    id = serializers.CharField()
    key = serializers.CharField()


class PairAnswer(Shown):
    """A work item and its twin; null is the one that does not exist yet."""

    own = ItemAnswer(allow_null=True)
    partner_key = serializers.CharField(allow_null=True)
    state = serializers.CharField(help_text="in step, ignored, waiting, being created, set aside or stopped")
    reason = serializers.CharField(help_text="Why it is not in step, in a sentence; empty where it is.")


class PairsAnswer(Shown):
    """One page of a synchronization's pairs, oldest first; ``page`` counts from 1."""

    pairs = PairAnswer(many=True)
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    total = serializers.IntegerField()


class TwinAnswer(Shown):
    """The twin of a work item on the partner's site."""

    key = serializers.CharField()
    url = serializers.CharField()


class PanelRowAnswer(Shown):
    """How a work item stands in one synchronization of its space; times are of the newest change each way."""

    synchronization = serializers.CharField()
    partner = PartnerAnswer()
    twin = TwinAnswer(allow_null=True)
    state = serializers.CharField()
    explanation = serializers.CharField()
    last_sent = serializers.DateTimeField(allow_null=True)
    last_received = serializers.DateTimeField(allow_null=True)


class PanelAnswer(Shown):
    """What the panel of a work item shows: a row for each synchronization of its space."""

    rows = PanelRowAnswer(many=True)


class OwnItemAnswer(Shown):
    """A work item of the own space and its address."""

    key = serializers.CharField()
    url = serializers.CharField()


class TroubleAnswer(Shown):
    """Something that stands in the way of a pair; ``said`` are Jira's own words, own space only.

    Words about a work item that the caller may not see in Jira are empty.
    """

    id = serializers.IntegerField()
    pair = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, unlike the sentence.")
    own = OwnItemAnswer(allow_null=True)
    partner_key = serializers.CharField()
    place = serializers.CharField(help_text="Which space refused: own, partner, or empty: neither.")
    field = serializers.CharField(help_text="The field's name; empty: the whole work item.")
    sentence = serializers.CharField()
    remedy = serializers.CharField()
    said = serializers.CharField()
    since = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    ways_out = serializers.ListField(child=serializers.CharField())


class WaitingAnswer(Shown):
    """A pair that is tried again by itself."""

    code = serializers.CharField(help_text="Stable, unlike the sentence.")
    own = OwnItemAnswer(allow_null=True)
    partner_key = serializers.CharField()
    sentence = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class PausedAnswer(Shown):
    """Why a synchronization is paused, and what can be done."""

    code = serializers.CharField(help_text="Stable, unlike the sentence.")
    place = serializers.CharField(help_text="Which space's site gave the reason: own, partner, or empty.")
    sentence = serializers.CharField()
    remedy = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)


class HealthAnswer(Shown):
    """A synchronization in numbers; ``holds`` are sentences about sites that must not be called now.

    ``alone`` counts the pairs whose one work item was deleted and whose other one
    nobody has changed since.
    """

    name = serializers.CharField()
    description = serializers.CharField()
    partner = PartnerAnswer()
    status = serializers.CharField()
    pairs = serializers.IntegerField()
    in_step = serializers.IntegerField()
    failing = serializers.IntegerField()
    ignored = serializers.IntegerField()
    waiting = serializers.IntegerField()
    alone = serializers.IntegerField()
    at_work = serializers.IntegerField()
    paused = PausedAnswer(allow_null=True)
    link_broken = serializers.BooleanField(help_text="Somebody has to sign in again on the partner site.")
    holds = serializers.ListField(child=serializers.CharField())
    checked_at = serializers.DateTimeField(allow_null=True)
    found = serializers.IntegerField()
    checking = serializers.BooleanField()
    has_webhook = serializers.BooleanField(
        help_text="A link leads to the partner site, which has a webhook of ours."
    )


class TroublesAnswer(Shown):
    """One page of a synchronization's errors, newest first; ``page`` counts from 1."""

    health = HealthAnswer()
    open = TroubleAnswer(many=True)
    ignored = TroubleAnswer(many=True)
    waiting = WaitingAnswer(many=True)
    can_retry = serializers.BooleanField(help_text="Whether anything fails or waits that can be tried again.")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


class RetriedAnswer(Shown):
    """How many work items are tried again."""

    retried = serializers.IntegerField()


class PersonAnswer(Shown):
    """Who made an edit; ``account`` is empty where only a paraphrase of them may be told."""

    name = serializers.CharField()
    account = serializers.CharField()


class SourceAnswer(Shown):
    """A person's edit; ``entry`` is its number in the history of its Jira, ``is_own``: made on your side."""

    by = PersonAnswer()
    at = serializers.DateTimeField()
    entry = serializers.IntegerField(allow_null=True)
    is_own = serializers.BooleanField()


class ChangeAnswer(Shown):
    """One field of a line; ``values``: whether before and after can be shown, ``about``: a comment's id."""

    key = serializers.CharField()
    field = serializers.CharField()
    values = serializers.CharField(help_text="shown, no longer kept, not yours to see or none")
    before = serializers.CharField(allow_null=True, help_text="Null where nobody looked.")
    after = serializers.CharField()
    sources = SourceAnswer(many=True)
    gave_way = SourceAnswer(allow_null=True)
    rule = serializers.CharField()
    about = serializers.CharField()


class LineAnswer(Shown):
    """Something that happened to a work item, and why; ``is_open``: the write is under way."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    flow = serializers.CharField(help_text="received, sent or noted")
    item_key = serializers.CharField()
    history_url = serializers.CharField()
    twin_key = serializers.CharField()
    sentence = serializers.CharField()
    sources = SourceAnswer(many=True)
    rule = serializers.CharField()
    rows = ChangeAnswer(many=True)
    version = serializers.IntegerField(help_text="Of the configuration that was in force.")
    is_open = serializers.BooleanField()


class ActivityAnswer(Shown):
    """Lines, newest first; send ``older`` as ``before`` to see what was before, null: nothing was."""

    lines = LineAnswer(many=True)
    older = serializers.IntegerField(allow_null=True)
