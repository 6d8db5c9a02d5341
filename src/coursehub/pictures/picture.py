"""A picture as rules and pages know it."""

import msgspec


class Picture(msgspec.Struct, frozen=True):
    """A picture's file. `width` and `height` are those that are shown, in pixels; 0 where they cannot be known.

    `wrong` is what its bytes are instead of what its name says, with `help` on what to do. `is_shown`: a browser shows
    it all the same. `secrets` are what it tells of who took it, in words.
    """

    format: str = ""
    width: int = 0
    height: int = 0
    frames: int = 1
    wrong: str = ""
    help: str = ""
    is_shown: bool = True
    secrets: tuple[str, ...] = ()
