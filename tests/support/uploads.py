"""Files on their way into a work item: multipart bodies as clients make them."""

from jira_sandbox.front import Request, Response
from tests.support.sandbox import Person

BOUNDARY = "------------------------d74496d66958873e"
File = tuple[str, bytes]


def disposition(filename: str, name: str = "file") -> str:
    """The header a browser makes; quotes are escaped as curl does it."""
    escaped = filename.replace('"', '\\"')
    return f'form-data; name="{name}"; filename="{escaped}"'


def part(header: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """One part of a form; without a ``kind`` it says nothing of its type."""
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    return f"--{BOUNDARY}\r\nContent-Disposition: {header}\r\n{typed}\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """The whole body."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(
    person: Person,
    path: str,
    body: bytes,
    *,
    kind: str = f"multipart/form-data; boundary={BOUNDARY}",
    check: str = "no-check",
) -> Response:
    """POST a body that is no JSON; without ``check`` the header against forgery is missing."""
    headers = {"authorization": f"Basic {person.credentials}", "content-type": kind}
    if check:
        headers["x-atlassian-token"] = check
    return person.front.handle(person.site.name, Request("POST", path, headers=headers, body=body))


def attach(person: Person, issue: str, *files: File) -> list[str]:
    """Attach files to a work item and give their ids; fails loudly when Jira refuses."""
    parts = [part(disposition(filename), content) for filename, content in files]
    answer = send(person, f"/rest/api/3/issue/{issue}/attachments", form(*parts))
    assert answer.status == 200, answer.body
    return [each["id"] for each in answer.json()]


def fetch(person: Person, path: str, *, method: str = "GET", **headers: str) -> Response:
    """GET, or another method, with headers besides the credentials; the path may carry a query."""
    path, _, query = path.partition("?")
    asked = [tuple(each.split("=", 1)) for each in query.split("&") if each]
    known = {"authorization": f"Basic {person.credentials}"} if person.credentials else {}
    request = Request(
        method,
        path,
        [(name, value) for name, value in asked],
        known | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    return person.front.handle(person.site.name, request)


def content(response: Response) -> bytes:
    """All that arrives of an answer's body."""
    return b"".join(response.pieces())
