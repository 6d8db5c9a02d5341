"""A record as JSON for people and programs: indented, with a line's end."""

import msgspec


def indented(record: object) -> bytes:
    """The record's text."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
