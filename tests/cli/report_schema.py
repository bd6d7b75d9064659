#!/usr/bin/env python3
"""Validates JSON by a JSON Schema.

usage: report_schema.py [--closed] SCHEMA FILE...

--closed: objects may have no members but those that the schema names. A published schema leaves
them open, so that members can be added; a test must see one that it does not name. Prints a line
for each fault, and ends with 1 when there is any.
"""

import json
import sys

from jsonschema.validators import validator_for


def close(schema):
    """The schema with every object that has properties closed."""
    if isinstance(schema, list):
        return [close(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(one) for key, one in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        closed["additionalProperties"] = False
    return closed


def faults(validator, name):
    with open(name, encoding="utf-8", errors="strict") as file:
        for error in validator.iter_errors(json.load(file)):
            causes = sorted(error.context, key=lambda one: -len(one.absolute_path))[:1] or [error]
            place = "/".join(map(str, causes[0].absolute_path))
            yield f"{name}: {place}: {causes[0].message[:200]}"


def main(arguments):
    closed = arguments[0] == "--closed"
    schema_name, *names = arguments[closed:]
    with open(schema_name, encoding="utf-8") as file:
        schema = json.load(file)
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(close(schema) if closed else schema)
    found = [fault for name in names for fault in faults(validator, name)]
    print("\n".join(found), end="\n" if found else "")
    return len(found) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
