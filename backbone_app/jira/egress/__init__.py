"""The one door through which every request leaves.

What may be called is decided twice. ``policy`` reads the address as it is
written: plain https to an allowed host name, without user, port or dot segments.
``pinned`` resolves that name once for each connection, checks every answer
(``addresses``) and connects to one of them and to nothing else. ``door`` sends:
no redirects, proxies or cookies, and bounds in size and time from the first byte
to the last.

The library ``requests-hardened`` (1.3.0) was considered: it looks at the first
answer only, and on Python 3.11 it passes the ranges of IPv6's transition and some
clouds' metadata addresses.
"""

from backbone_app.jira.egress.door import AGENT, SAFE_METHODS, Door, Reply, wall_clock
from backbone_app.jira.egress.policy import EgressPolicy, check_base_url

__all__ = ["AGENT", "SAFE_METHODS", "Door", "EgressPolicy", "Reply", "check_base_url", "wall_clock"]
