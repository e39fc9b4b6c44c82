"""Refuses whoever calls too often, where rate limiting is on, and tells everybody how it stands.

Requests without credentials are let pass, as an administrator may choose.
"""

from datetime import datetime

from jira_sandbox.auth import Caller
from jira_sandbox.datacenter.refusals import Stopped
from jira_sandbox.quotas import whole
from jira_sandbox.state.ratelimits import RateLimit
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response


def refusal(site: Site, caller: Caller | None, now: datetime) -> Response | None:
    """Count the call and give None, or give 429 when nothing is left for the caller."""
    if site.rate_limit is None or caller is None:
        return None
    bucket = site.rate_limit.bucket(caller.user.account_id, now)
    if not bucket.left:
        refused = Stopped(429, "Rate limit exceeded.").answer()
        return Response(429, refused.headers | told(site, caller, now), refused.body)
    bucket.left -= 1
    return None


def told(site: Site, caller: Caller | None, now: datetime) -> dict[str, str]:
    """Give the headers of every answer to somebody; none where rate limiting is off."""
    if site.rate_limit is None or caller is None:
        return {}
    return _headers(site.rate_limit, caller.user.account_id, now)


def _headers(limit: RateLimit, account_id: str, now: datetime) -> dict[str, str]:
    bucket = limit.bucket(account_id, now)
    return {
        "X-RateLimit-Limit": str(limit.most),
        "X-RateLimit-Remaining": str(bucket.left),
        "X-RateLimit-Interval-Seconds": str(int(limit.interval.total_seconds())),
        "X-RateLimit-FillRate": str(limit.allowed),
        "Retry-After": "0" if bucket.left else str(whole(limit.wait(bucket, now))),
    }
