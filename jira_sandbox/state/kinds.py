"""The two types that everything a site is made of shares."""

from typing import Any, Literal

Json = Any
"""A decoded JSON value; its shape is checked where it is read."""
Api = Literal[2, 3]
"""The version of the REST API: in 2 rich text is wiki text, in 3 an Atlassian document."""
