"""What stands in the headers of an answer."""

from django.http import HttpResponse


def directives(answer: HttpResponse) -> dict[str, str]:
    """The content security policy by directive."""
    return dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
