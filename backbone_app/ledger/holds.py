"""Which of a synchronization's two sites must not be called at present, in sentences for people."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Q

from backbone_app.core import moments
from backbone_app.models import Pause, SynchronizationSide

UNREACHABLE: Final = "unreachable"
EVERYWHERE: Final = "app"
"""The scope of a pause that Jira asked of the whole app."""


def sentences(own: SynchronizationSide, other: SynchronizationSide, now: datetime) -> tuple[str, ...]:
    """Say of each site that is held off why and until when; the own one comes first."""
    scopes = {f"site:{half.site_id}": half for half in (other, own)}
    lasting = Pause.objects.filter(Q(scope__in=scopes) | Q(scope=EVERYWHERE), until__gt=now)
    by_scope = {pause.scope: pause for pause in lasting}
    if EVERYWHERE in by_scope:
        until = moments.said(by_scope[EVERYWHERE].until, now)
        return (f"Jira has asked the app to make no calls until {until}. {_GOES_ON}",)
    mine_first = sorted(by_scope, key=lambda scope: scopes[scope] is not own)
    return tuple(_sentence(scopes[scope], by_scope[scope], now) for scope in mine_first)


_GOES_ON: Final = "Changes wait and are brought over afterwards."


def _sentence(half: SynchronizationSide, pause: Pause, now: datetime) -> str:
    name = urlsplit(half.site.base_url).hostname
    if pause.reason == UNREACHABLE:
        return f"{name} cannot be reached since {moments.said(pause.since, now)}. {_GOES_ON}"
    return f"{name} has asked us to make no calls until {moments.said(pause.until, now)}. {_GOES_ON}"
