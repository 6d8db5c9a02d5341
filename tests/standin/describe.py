"""Write the small copies of GitHub's published descriptions that the stand-in is held to; README.md beside the copies
says how and from what. Only what the desk uses is kept, so that the copies can be read and committed.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from standin.pruning import pruned

HERE = Path(__file__).parent
COPIES = HERE / "descriptions"
QUERIES = HERE.parent.parent / "src" / "coursehub"

OPERATIONS = """
GET /repos/{owner}/{repo}
GET /repos/{owner}/{repo}/pulls/{pull_number}
GET /repos/{owner}/{repo}/pulls/{pull_number}/files
GET /repos/{owner}/{repo}/compare/{basehead}
GET /repos/{owner}/{repo}/git/trees/{tree_sha}
GET /repos/{owner}/{repo}/git/blobs/{file_sha}
GET /repos/{owner}/{repo}/actions/runs
GET /repos/{owner}/{repo}/actions/runs/{run_id}
GET /repos/{owner}/{repo}/issues
POST /repos/{owner}/{repo}/issues
PATCH /repos/{owner}/{repo}/issues/{issue_number}
GET /repos/{owner}/{repo}/issues/{issue_number}/comments
POST /repos/{owner}/{repo}/issues/{issue_number}/comments
GET /repos/{owner}/{repo}/issues/comments/{comment_id}
PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}
POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews
DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}
POST /repos/{owner}/{repo}/statuses/{sha}
GET /repos/{owner}/{repo}/commits/{ref}/status
GET /repos/{owner}/{repo}/rules/branches/{branch}
GET /repos/{owner}/{repo}/rulesets/{ruleset_id}
POST /repos/{owner}/{repo}/rulesets
GET /repos/{owner}/{repo}/branches/{branch}/protection
GET /repos/{owner}/{repo}/pages
GET /repos/{owner}/{repo}/actions/permissions
GET /repos/{owner}/{repo}/actions/permissions/workflow
GET /repos/{owner}/{repo}/actions/permissions/selected-actions
GET /repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval
GET /repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention
GET /repos/{owner}/{repo}/actions/workflows
POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches
GET /repos/{owner}/{repo}/collaborators
GET /repos/{owner}/{repo}/contents/{path}
GET /orgs/{org}
GET /repos/{owner}/{repo}/codeowners/errors
GET /repos/{owner}/{repo}/environments/{environment_name}
GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies
""".strip().splitlines()

KEYWORDS = {"type", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}
JSON = "application/json"
Schema = dict[str, Any]


def main(openapi: Path, graphql: Path) -> None:
    rest = described(json.loads((openapi / "generated" / "api.github.com.json").read_text("utf-8")))
    (COPIES / "rest.json").write_text(json.dumps(rest, indent=1) + "\n", "utf-8")
    full = (graphql / "schema.graphql").read_text("utf-8")
    (COPIES / "schema.graphql").write_text(pruned(full, queries()), "utf-8")


def queries() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(QUERIES.rglob("*.graphql"))}


def described(document: Schema) -> Schema:
    """The operations with their parameters and answers, and every schema they lead to, as plain JSON Schema."""
    operations = {operation: _operation(document, *operation.split()) for operation in OPERATIONS}
    schemas: dict[str, Schema] = {}
    waiting = sorted(set(_references(operations)))
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = converted(document["components"]["schemas"][name])
            waiting.extend(_references(schemas[name]))
    _correct(operations, schemas)
    composed = {name for schema in (operations, schemas) for name in _composed(schema)}
    for operation in operations.values():
        _close(operation)
    for name, schema in schemas.items():
        if name not in composed:
            _close(schema)
    return {"operations": operations, "schemas": dict(sorted(schemas.items()))}


def _correct(operations: Schema, schemas: Schema) -> None:
    """Correct known errors of the description: a deleted fork and its owner are null, and `created` is a range.
    And an edited issue is answered as any issue; `suggestions` come only to whoever asks for them.
    """
    operations["PATCH /repos/{owner}/{repo}/issues/{issue_number}"]["responses"]["200"] = {"$ref": "#/schemas/issue"}
    for end in ("repo", "user"):
        parts = schemas["pull-request"]["properties"]["head"]["properties"]
        parts[end] = _or_null(parts[end])
    runs = schemas["workflow-run"]["properties"]
    runs["head_repository"] = _or_null(runs["head_repository"])
    for parameter in operations["GET /repos/{owner}/{repo}/actions/runs"]["parameters"]:
        if parameter["name"] == "created":
            del parameter["schema"]["format"]


def _operation(document: Schema, method: str, path: str) -> Schema:
    operation = document["paths"][path][method.lower()]
    copy: Schema = {"parameters": [], "responses": {}}
    for given in operation.get("parameters", []):
        parameter = _followed(document, given)
        copy["parameters"].append(
            {
                "name": parameter["name"],
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": converted(parameter["schema"]),
            }
        )
    if "requestBody" in operation:
        body = operation["requestBody"]
        copy["body"] = {"required": body.get("required", False), "schema": converted(body["content"][JSON]["schema"])}
    for status, given in operation["responses"].items():
        content = _followed(document, given).get("content", {})
        copy["responses"][status] = converted(content[JSON]["schema"]) if JSON in content else None
    return copy


def _followed(document: Schema, node: Schema) -> Schema:
    if "$ref" not in node:
        return node
    _, components, kind, name = node["$ref"].split("/")
    definition: Schema = document[components][kind][name]
    return definition


def converted(schema: Schema) -> Schema:
    """OpenAPI 3.0 → JSON Schema: `nullable` becomes a type; prose, examples and defaults go."""
    if "$ref" in schema:
        return {"$ref": "#/schemas/" + schema["$ref"].rpartition("/")[2]}
    copy: Schema = {key: schema[key] for key in schema if key in KEYWORDS}
    if "required" in schema:
        copy["required"] = schema["required"]
    if "properties" in schema:
        copy["properties"] = {name: converted(part) for name, part in schema["properties"].items()}
    if "items" in schema:
        copy["items"] = converted(schema["items"])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            copy[key] = [converted(part) for part in schema[key]]
    more = schema.get("additionalProperties")
    if more is not None:
        copy["additionalProperties"] = more if isinstance(more, bool) else converted(more)
    return _or_null(copy) if schema.get("nullable") else copy


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and not schema.keys() & {"allOf", "anyOf", "oneOf"}:
        values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, **values, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _references(node: Any) -> Iterable[str]:
    for schema in _schemas(node):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]


def _composed(node: Any) -> Iterable[str]:
    """Schemas that are one part of an object among others: what they do not name, another part may."""
    for schema in _schemas(node):
        if isinstance(schema.get("allOf"), list):
            yield from _references(schema["allOf"])


def _close(node: Any) -> None:
    """Refuse members that GitHub does not describe, lest the stand-in or the client invent one."""
    for schema in _schemas(node):
        if isinstance(schema.get("properties"), dict) and isinstance(schema.get("type"), str | list):
            parts = schema.keys() & {"allOf", "anyOf", "oneOf"}
            if not parts:
                schema.setdefault("additionalProperties", False)
        for part in schema.get("allOf", []) if isinstance(schema.get("allOf"), list) else []:
            part.setdefault("additionalProperties", True)


def _schemas(node: Any) -> Iterable[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from _schemas(part)
    elif isinstance(node, list):
        for part in node:
            yield from _schemas(part)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
