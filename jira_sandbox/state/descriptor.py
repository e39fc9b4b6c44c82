"""What an app's descriptor declares, together with the modules it registered over REST."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jira_sandbox.state.values import AppInstallation, Json

Entity = Literal["issue", "user", "project"]
ENTITIES: tuple[Entity, ...] = ("issue", "user", "project")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A value in an entity property that JQL can search: ``issue.property[key].path``, or by its alias.

    ``path`` is the way to the value with dots; ``kind`` number, text, string, user or date.
    """

    property_key: str
    path: str
    kind: str
    alias: str = ""


def declared(app: AppInstallation, kind: str) -> list[Json]:
    """List the modules of a kind, those of the descriptor first; a kind may hold one object or a list."""
    found = app.descriptor.get("modules", {}).get(kind, [])
    own = found if isinstance(found, list) else [found]
    return [*own, *app.dynamic_modules.get(kind, [])]


def indexed(app: AppInstallation | None, entity: Entity) -> Iterator[Indexed]:
    """Give what the app has Jira index of the properties of such entities; nothing without an app."""
    for module in declared(app, "jiraEntityProperties") if app else ():
        if module.get("entityType", "issue") != entity:
            continue
        for configuration in module.get("keyConfigurations", []):
            for extraction in configuration.get("extractions", []):
                yield Indexed(
                    property_key=str(configuration.get("propertyKey")),
                    path=str(extraction.get("objectName") or ""),
                    kind=str(extraction.get("type")),
                    alias=str(extraction.get("alias") or ""),
                )
