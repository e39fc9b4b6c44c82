"""A JQL query as the tree of objects that Jira's ``jql/parse`` gives."""

from jira_sandbox.jql.tree import (
    All,
    Clause,
    Empty,
    Field,
    Function,
    Many,
    Operand,
    Opposite,
    Query,
    Some,
    Term,
    Tree,
    Value,
)
from jira_sandbox.jql.written import field_text, operand_text
from jira_sandbox.state.values import Json


def structure(query: Query) -> Json:
    """Show the query: ``where`` if it restricts, ``orderBy`` if it orders."""
    shown: dict[str, Json] = {}
    if query.restriction is not None:
        shown["where"] = _tree(query.restriction)
    if query.order:
        shown["orderBy"] = {"fields": [_term(each) for each in query.order]}
    return shown


def _tree(tree: Tree) -> Json:
    match tree:
        case All(parts):
            return {"operator": "and", "clauses": [_tree(each) for each in parts]}
        case Some(parts):
            return {"operator": "or", "clauses": [_tree(each) for each in parts]}
        case Opposite(part):
            return {"operator": "not", "clauses": [_tree(part)]}
        case Clause():
            return _clause(tree)


def _clause(clause: Clause) -> Json:
    shown: dict[str, Json] = {"field": _field(clause.field), "operator": clause.operator}
    if clause.operand is not None:
        shown["operand"] = _operand(clause.operand)
    if clause.operator == "changed" or clause.operator.startswith("was"):
        shown["predicates"] = [
            {"operator": each.word, "operand": _operand(each.operand)} for each in clause.predicates
        ]
    return shown


def _field(field: Field) -> Json:
    shown: dict[str, Json] = {"name": field.text, "encodedName": field_text(field)}
    if field.key and field.name != "cf":
        entity = field.name.removesuffix(".property")
        shown["property"] = [{"entity": entity, "key": field.key, "path": field.path}]
    return shown


def _operand(operand: Operand) -> Json:
    match operand:
        case Value(text):
            return {"value": text, "encodedValue": operand_text(operand)}
        case Function(name, arguments):
            return {
                "function": name,
                "arguments": list(arguments),
                "encodedOperand": operand_text(operand),
            }
        case Many(items):
            return {
                "values": [_operand(each) for each in items],
                "encodedOperand": operand_text(operand),
            }
        case Empty():
            return {"keyword": "empty"}


def _term(term: Term) -> Json:
    shown: dict[str, Json] = {"field": _field(term.field)}
    return shown | {"direction": term.direction} if term.direction else shown
