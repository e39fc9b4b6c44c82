"""Calls from a site to an app, over real HTTP."""

import requests

from jira_sandbox.wire import OutgoingCall

SECONDS = 20
"""Jira gives up on an app that has not answered by then."""


def send(call: OutgoingCall) -> int:
    """Send ``call``, follow no redirect, and tell the status; requests' errors are OSErrors."""
    response = requests.request(
        call.method,
        call.url,
        headers=call.headers,
        data=call.body,
        timeout=SECONDS,
        allow_redirects=False,
    )
    return response.status_code


def fetch(url: str) -> bytes:
    """Fetch the body at ``url``; an OSError when it cannot be had."""
    response = requests.get(url, timeout=SECONDS)
    response.raise_for_status()
    return response.content
