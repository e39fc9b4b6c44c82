"""What a field that may be edited is, where it is used, and how Jira refuses a value."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jira_sandbox.state.furniture import FieldContext
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, Json, Space, User
from jira_sandbox.wire import Refusal

SYSTEM_PLUGIN = "com.atlassian.jira.plugin.system.customfieldtypes"
NO_ARRAY = "data was not an array"
NO_TEXT = "Operation value must be a string"
Value = TypeVar("Value")
Told = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a field is read or shown: the space and type of a work item, which ``issue`` is if it exists yet.

    ``actor`` is who reads or writes; None when nobody in particular does.
    """

    site: Site
    space: Space
    type_id: str
    issue: Issue | None = None
    actor: User | None = None

    def held(self, name: str) -> Any:
        """Give what the work item holds in a field now; None before it exists."""
        return self.issue.fields.get(name) if self.issue else None


def once(site: Site, kind: str, number: str, value: Value, make: Callable[[Site, Value], Json]) -> Json:
    """Show a value that never changes; it is made once and shared, so nobody may change it.

    It is made again when the site has moved to another address, which links in it tell.
    """
    kept = site.shown_once.get((kind, number))
    if kept is None or kept[0] is not value or kept[1] != site.base_url:
        kept = site.shown_once[kind, number] = (value, site.base_url, make(site, value))
    return kept[2]


def place_of(site: Site, issue: Issue, actor: User | None = None) -> Place:
    """Give the place of a work item that exists."""
    return Place(
        site=site, space=site.spaces[issue.space_id], type_id=issue.type_id, issue=issue, actor=actor
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableField:
    """``parse`` gives the stored form or refuses; ``show`` the JSON; ``tell`` the id and text of history.

    What ``is_rich`` is an Atlassian document, which API v2 and webhooks tell as wiki text. ``choices`` are
    the allowed values, ``default`` what a new work item holds, ``permission`` what one needs to set it. When
    ``tell_one`` is there the value is a list, and history has an item for each id that came or went.
    ``is_there`` says where the field exists, everywhere unless given; one that
    ``is_derived`` shows something though nothing is stored.
    ``split`` gives the parts that have items of their own: id, and how each is stored, None for all in one.
    ``cleared`` is what history tells of a field that is empty again, unlike one that never held anything.
    What ``stands_for`` another field is stored as that one.
    """

    id: str
    name: str
    schema: Json
    operations: tuple[str, ...] = ("set",)
    required: bool = False
    empty: Any = None
    is_rich: bool = False
    is_settable: bool = True
    is_derived: bool = False
    stands_for: str = ""
    is_there: Callable[[Place], bool] | None = None
    history: str = ""
    cleared: Told | None = None
    permission: str = ""
    completes: str = ""
    parse: Callable[[Place, Json], Any]
    show: Callable[[Place, Any], Json]
    tell: Callable[[Place, Any], Told]
    tell_one: Callable[[Place, str], str] | None = None
    split: tuple[tuple[str, Callable[[Any], int | None]], ...] = ()
    choices: Callable[[Place], list[Json]] | None = None
    default: Callable[[Place], Any] | None = None

    @property
    def is_custom(self) -> bool:
        """Whether people made the field, and not Jira."""
        return self.id.startswith("customfield_")

    def first(self, place: Place) -> Any:
        """Give what it holds in a new work item before anybody filled it."""
        return self.default(place) if self.default else self.empty

    def steps(self, place: Place, *, before: Any, after: Any) -> list[ChangelogItem]:
        """Describe a change from one stored value to another, which differ."""
        stored = (self.id, before)
        return [replace(each, stored=stored) for each in self._steps(place, before=before, after=after)]

    def _steps(self, place: Place, *, before: Any, after: Any) -> list[ChangelogItem]:
        if self.tell_one:
            gone = [each for each in before or [] if each not in (after or [])]
            come = [each for each in after or [] if each not in (before or [])]
            left = [self._item((each, self.tell_one(place, each)), (None, None)) for each in gone]
            return left + [self._item((None, None), (each, self.tell_one(place, each))) for each in come]
        if self.split:
            parts = [(name, part(before), part(after)) for name, part in self.split]
            return [_number(name, old, new) for name, old, new in parts if old != new]
        now = self.tell(place, after) if after or self.cleared is None else self.cleared
        return [self._item(self.tell(place, before), now)]

    def _item(self, before: Told, after: Told) -> ChangelogItem:
        return ChangelogItem(
            field=self.history or (self.name if self.is_custom else self.id),
            field_id=self.id,
            before=before[0],
            before_text=before[1],
            after=after[0],
            after_text=after[1],
            field_type="custom" if self.is_custom else "jira",
        )


def _number(name: str, before: int | None, after: int | None) -> ChangelogItem:
    old, new = (None if each is None else str(each) for each in (before, after))
    return ChangelogItem(field=name, field_id=name, before=old, before_text=old, after=new, after_text=new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of custom field: ``type`` and ``items`` of its schema, and how to make one of it."""

    type: str
    items: str = ""
    plugin: str = SYSTEM_PLUGIN
    searcher: str
    make: Callable[[EditableField, FieldContext], EditableField]

    @property
    def has_options(self) -> bool:
        """Whether a context of such a field holds options."""
        return self.type.startswith("option") or self.items == "option"


def wrong(field_id: str, text: str, *messages: str) -> Refusal:
    """Refuse one field's value."""
    return Refusal(400, *messages, errors={field_id: text})


def unknown(field_id: str) -> str:
    """Word it as Jira does: it does not tell a field that is not there from one that may not be edited."""
    return f"Field '{field_id}' cannot be set. It is not on the appropriate screen, or unknown."
