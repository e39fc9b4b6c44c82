"""A query put back into words, for answers that give queries."""

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
from jira_sandbox.jql.words import encoded


def query_text(query: Query) -> str:
    """Write the whole query."""
    where = tree_text(query.restriction) if query.restriction else ""
    order = ", ".join(_term_text(each) for each in query.order)
    return " ".join(filter(None, (where, f"order by {order}" if order else "")))


def tree_text(tree: Tree) -> str:
    """Write a part, in parentheses where it needs them within another."""
    match tree:
        case All(parts):
            return " AND ".join(
                f"({tree_text(each)})" if isinstance(each, Some) else tree_text(each) for each in parts
            )
        case Some(parts):
            return " OR ".join(tree_text(each) for each in parts)
        case Opposite(part):
            return f"NOT {tree_text(part)}" if isinstance(part, Clause) else f"NOT ({tree_text(part)})"
        case Clause():
            return _clause_text(tree)


def field_text(field: Field) -> str:
    """Write a field so that it can stand in a query."""
    if not field.key:
        return encoded(field.name)
    key = field.key if field.name == "cf" else encoded(field.key)
    return f"{field.name}[{key}]{'.' if field.path else ''}{field.path}"


def operand_text(operand: Operand) -> str:
    """Write a value, a list, a function or EMPTY."""
    match operand:
        case Value(text):
            return encoded(text)
        case Function(name, arguments):
            return f"{name}({', '.join(encoded(each) for each in arguments)})"
        case Many(items):
            return f"({', '.join(operand_text(each) for each in items)})"
        case Empty():
            return "EMPTY"


def _clause_text(clause: Clause) -> str:
    parts = [field_text(clause.field), clause.operator]
    if clause.operand is not None:
        parts.append(operand_text(clause.operand))
    for each in clause.predicates:
        parts += [each.word, operand_text(each.operand)]
    return " ".join(parts)


def _term_text(term: Term) -> str:
    return f"{field_text(term.field)} {term.direction.upper()}".strip()
