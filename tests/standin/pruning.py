"""Prune GitHub's GraphQL schema to what a set of queries uses."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_specified_scalar_type,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql.language import DefinitionNode, DocumentNode

Abstract = GraphQLInterfaceType | GraphQLUnionType


class _Uses(Visitor):
    """The types, fields and arguments that a query names."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.fields: defaultdict[str, set[str]] = defaultdict(set)
        self.arguments: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.info.get_parent_type()
        assert parent
        fields = self.fields[parent.name]
        if not node.name.value.startswith("__"):
            fields.add(node.name.value)
            self.arguments[parent.name, node.name.value].update(
                argument.name.value for argument in node.arguments or ()
            )


class _Selection:
    def __init__(self, schema: GraphQLSchema, uses: _Uses) -> None:
        self.schema = schema
        self.asked = {name for name, fields in uses.fields.items() if fields}
        self.fields = uses.fields
        self.arguments = uses.arguments
        self.names: set[str] = set()
        while (before := self._size()) != self._grown():
            assert before < self._size()

    def _size(self) -> int:
        return len(self.names) + sum(map(len, self.fields.values())) + sum(map(len, self.arguments.values()))

    def _grown(self) -> int:
        self.names.update(self.fields)
        for name in sorted(self.names):
            kind = self.schema.type_map[name]
            if isinstance(kind, GraphQLInputObjectType):
                self.names.update(get_named_type(field.type).name for field in kind.fields.values())
            if isinstance(kind, GraphQLUnionType) and not self._named(kind):
                self.names.update(member.name for member in kind.types)
            if isinstance(kind, GraphQLInterfaceType):
                self._spread(kind)
            if isinstance(kind, GraphQLInterfaceType | GraphQLObjectType):
                self._keep_fields(kind)
        return self._size()

    def _named(self, abstract: Abstract) -> list[GraphQLObjectType]:
        return [kind for kind in self.schema.get_possible_types(abstract) if kind.name in self.names]

    def _spread(self, interface: GraphQLInterfaceType) -> None:
        """A field asked of an interface may be answered by every object behind it."""
        is_asked = interface.name in self.asked
        for kind in self.schema.get_possible_types(interface) if is_asked else self._named(interface):
            self.fields[kind.name] |= self.fields[interface.name]
            for field in self.fields[interface.name]:
                self.arguments[kind.name, field] |= self.arguments[interface.name, field]

    def _keep_fields(self, kind: GraphQLInterfaceType | GraphQLObjectType) -> None:
        if not self.fields[kind.name]:  # a type needs a field
            self.fields[kind.name].add(next(name for name, field in kind.fields.items() if is_leaf_type(_type(field))))
        for name in self.fields[kind.name]:
            field = kind.fields[name]
            self.names.add(_type(field).name)
            arguments = self.arguments[kind.name, name]
            arguments.update(each for each, argument in field.args.items() if is_required_argument(argument))
            self.names.update(get_named_type(field.args[each].type).name for each in arguments)


def _type(field: GraphQLField) -> GraphQLNamedType:
    return get_named_type(field.type)


def pruned(full: str, queries: Mapping[str, str]) -> str:
    """The schema's text with only the types, fields and arguments of these queries, each of which must be valid."""
    document = parse(full, no_location=True)
    schema = build_ast_schema(document, assume_valid=True)
    info = TypeInfo(schema)
    uses = _Uses(info)
    for name, text in queries.items():
        query = parse(text)
        errors = validate(schema, query)
        assert not errors, f"{name}: {errors[0]}"
        visit(query, TypeInfoVisitor(info, uses))
    selection = _Selection(schema, uses)
    definitions = [_definition(node, selection) for node in document.definitions if _is_kept(node, selection)]
    return print_ast(DocumentNode(definitions=tuple(definitions))) + "\n"


def _is_kept(node: DefinitionNode, selection: _Selection) -> bool:
    name = getattr(node, "name", None)
    if name is None or name.value not in selection.names or node.kind == "directive_definition":
        return False
    return not is_specified_scalar_type(selection.schema.type_map[name.value])


def _definition(node: Any, selection: _Selection) -> Any:
    kind = selection.schema.type_map[node.name.value]
    parts: dict[str, Any] = {}
    if isinstance(kind, GraphQLUnionType):
        parts["types"] = tuple(member for member in node.types if member.name.value in selection.names)
    if isinstance(kind, GraphQLEnumType):
        parts["values"] = tuple(map(_bare, node.values))
    if isinstance(kind, GraphQLInputObjectType):
        parts["fields"] = tuple(map(_bare, node.fields))
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        parts["interfaces"] = tuple(each for each in node.interfaces or () if each.name.value in selection.names)
        fields = (field for field in node.fields if field.name.value in selection.fields[kind.name])
        parts["fields"] = tuple(_field(field, selection.arguments[kind.name, field.name.value]) for field in fields)
    return _bare(node, **parts)


def _field(node: Any, arguments: set[str]) -> Any:
    return _bare(node, arguments=tuple(_bare(each) for each in node.arguments or () if each.name.value in arguments))


def _bare(node: Any, **parts: Any) -> Any:
    directives = tuple(each for each in node.directives or () if each.name.value == "deprecated")
    return replace(node, description=None, directives=directives, **parts)
