"""Pages of a site that lies under a context path: they are written as if there were none."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response

_ADDRESSES = re.compile(rb'\b(href|src|action|formaction)="/')


def placed(site: Site, response: Response) -> Response:
    """Put the context path before every address of the site: nobody else can write a quotation mark there."""
    context = urlsplit(site.base_url).path
    if not context:
        return response
    headers = dict(response.headers)
    if headers.get("Location", "").startswith("/"):
        headers["Location"] = context + headers["Location"]
    is_page = headers.get("Content-Type", "").startswith("text/html")
    body = _ADDRESSES.sub(rb'\1="%s/' % context.encode(), response.body) if is_page else response.body
    return replace(response, headers=headers, body=body)
