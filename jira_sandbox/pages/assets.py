"""Scripts and style sheets. The app loads ``all.js`` and ``tokens.css`` too: other origins may use them."""

from pathlib import Path

from jira_sandbox.pages.visit import Visit
from jira_sandbox.wire import Refusal, Response

FOLDER = Path(__file__).parent.parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def show(_visit: Visit, *, name: str) -> Response:
    """Give the file of that name; Refusal 404 for any other."""
    known = {path.name: path for path in FOLDER.iterdir() if path.suffix in _TYPES}
    if name not in known:
        raise Refusal(404, "There is no such file.")
    headers = {
        "Content-Type": f"{_TYPES[known[name].suffix]}; charset=utf-8",
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, headers, known[name].read_bytes())
