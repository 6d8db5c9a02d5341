"""Strangers' text on one line of a terminal, a log or a comment."""


def visible(text: str) -> str:
    """Return the text with every character escaped that moves a cursor, colours a terminal or turns its direction."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text.replace("\t", " "))
