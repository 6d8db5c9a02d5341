"""A page with a part that a program writes, between the lines `<!-- NAME: make docs -->` and `<!-- end of NAME -->`."""


def with_part(page: str, name: str, text: str) -> str:
    """Return the page with the text as its part of that name. Raises `ValueError` if the page has no such part."""
    begin, end = f"<!-- {name}: make docs -->\n", f"<!-- end of {name} -->\n"
    before, first, rest = page.partition(begin)
    _, last, after = rest.partition(end)
    if not (first and last):
        raise ValueError(f"the page needs the lines {begin.strip()} and {end.strip()}")
    return f"{before}{begin}\n{text}\n{end}{after}"
