"""What a synchronization is called, as a person enters it or is offered it."""

from dataclasses import dataclass
from typing import Final

from backbone_app.errors import InvalidInput

LONGEST_NAME: Final = 120
LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True)
class Title:
    """What a synchronization is called."""

    name: str
    description: str


def checked(title: Title) -> Title:
    """Take the blanks around both off; raises InvalidInput for what is missing or too long."""
    name = title.name.strip()
    if not name:
        raise InvalidInput("name", "Enter a name.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput("name", f"The name is too long; it can have {LONGEST_NAME} characters.")
    return Title(name, short("description", title.description.strip()))


def short(field: str, text: str) -> str:
    """Pass on what is not too long for a description or a message; raises InvalidInput for more."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(field, f"The {field} is too long; it can have {LONGEST_TEXT} characters.")
    return text


def offered(name: str, description: str) -> Title:
    """Make a title of names that are told from elsewhere, cut to what a title may have."""
    return Title(name[:LONGEST_NAME], description[:LONGEST_TEXT])
