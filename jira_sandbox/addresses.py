"""Where a site is: its context path, and the addresses that it had before."""

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from jira_sandbox.state.site import Site
from jira_sandbox.wire import Request, Response


def within(site: Site, request: Request) -> Request:
    """Take the site's context path off; what stands outside it is nobody's: the front gives 404."""
    context = urlsplit(site.base_url).path
    if not context:
        return request
    inside = request.path.startswith(f"{context}/")
    return replace(request, path=request.path.removeprefix(context) if inside else f"/outside{request.path}")


def moved(site: Site, request: Request) -> Response | None:
    """Send whoever asks at a former address of the site to the new one, a POST too; None at the right one."""
    host = request.headers.get("host", "")
    if not site.former_urls or host not in {urlsplit(url).netloc for url in site.former_urls}:
        return None
    query = f"?{urlencode(request.query)}" if request.query else ""
    return Response(302, {"Location": f"{site.base_url}{request.path}{query}"})
