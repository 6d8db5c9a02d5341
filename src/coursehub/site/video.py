"""The address of a video → where it can be played without cookies, or nothing.

Only known hosts and forms count, and of an address nothing is passed on but its id and the second at which to begin, so
that nobody can frame anything else. https://developers.google.com/youtube/player_parameters, https://developer.vimeo.com/player/sdk/embed
"""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit


class Video(NamedTuple):
    """Who shows the video, and the address to frame it from; it begins to play by itself, for somebody asked for it."""

    provider: str
    embed: str

    @property
    def host(self) -> str:
        """The host that is asked once the video is played."""
        return urlsplit(self.embed).netloc


# Where videos are, as `where.host` names it.
HOSTS = frozenset({
    "youtube.com", "m.youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "player.vimeo.com",
})  # fmt: skip
_YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"})
_YOUTUBE_ID = re.compile(r"(?!videoseries|live_stream)[A-Za-z0-9_-]{11}")  # these two are no single video
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live)/(?P<id>[^/]+)/?")
_VIMEO_PATHS = {
    "player.vimeo.com": re.compile(r"/video/(?P<id>[0-9]{1,12})/?"),
    **dict.fromkeys(
        ("vimeo.com", "www.vimeo.com"), re.compile(r"/(?P<id>[0-9]{1,12})(?:/(?P<hash>[0-9a-f]{6,20}))?/?")
    ),
}
_START = re.compile(r"(?:(?P<hours>[0-9]{1,2})h)?(?:(?P<minutes>[0-9]{1,4})m)?(?:(?P<seconds>[0-9]{1,6})s?)?")
_VIMEO_HASH = re.compile(r"[0-9a-f]{6,20}")


def find(address: str) -> Video | None:
    """The video at a web address, or None where it is none of a known host."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or port is not None:
        return None
    return _youtube(parts) or _vimeo(parts)


def _youtube(parts: SplitResult) -> Video | None:
    video = ""
    if parts.hostname == "youtu.be":
        video = parts.path.removeprefix("/").removesuffix("/")
    elif parts.hostname in _YOUTUBE and parts.path in ("/watch", "/watch/"):
        video = _only(parts, "v")
    elif parts.hostname in _YOUTUBE and (match := _YOUTUBE_PATH.fullmatch(parts.path)):
        video = match["id"]
    if not _YOUTUBE_ID.fullmatch(video):
        return None
    start = f"&start={seconds}" if (seconds := _start(parts)) else ""
    return Video("YouTube", f"https://www.youtube-nocookie.com/embed/{video}?autoplay=1&rel=0{start}")


def _vimeo(parts: SplitResult) -> Video | None:
    pattern = _VIMEO_PATHS.get(parts.hostname or "")
    match = pattern.fullmatch(parts.path) if pattern else None
    if not match:
        return None
    secret = match.groupdict().get("hash") or _only(parts, "h")  # unlisted videos have one
    unlisted = f"&h={secret}" if _VIMEO_HASH.fullmatch(secret) else ""
    start = f"#t={seconds}s" if (seconds := _start(parts)) else ""
    return Video("Vimeo", f"https://player.vimeo.com/video/{match['id']}?autoplay=1&dnt=1{unlisted}{start}")


def _start(parts: SplitResult) -> int:
    """The second at which to begin, as in `t=90`, `t=1m30s` or `start=90`: of the query, or of what is behind the #."""
    written = _only(parts, "t") or _only(parts, "start") or _only(parts._replace(query=parts.fragment), "t")
    match = _START.fullmatch(written)
    hours, minutes, seconds = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _only(parts: SplitResult, name: str) -> str:
    """The value of a parameter that is given once; empty otherwise."""
    values = parse_qs(parts.query).get(name, [])
    return values[0] if len(values) == 1 else ""
