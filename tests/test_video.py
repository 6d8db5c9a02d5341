"""Which addresses are videos that can be played here, and what is asked then."""

import pytest

from coursehub.site import video

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"
VIMEO = "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"


@pytest.mark.parametrize(
    ("address", "embed"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("http://youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&list=x#top", YOUTUBE),
        ("https://WWW.YouTube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", YOUTUBE),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ/", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/-_-_-_-_-_-", "https://www.youtube-nocookie.com/embed/-_-_-_-_-_-?autoplay=1&rel=0"),
        ("https://vimeo.com/76979871", VIMEO),
        ("https://www.vimeo.com/76979871/", VIMEO),
        ("https://player.vimeo.com/video/76979871?color=fff", VIMEO),
        ("https://vimeo.com/76979871/0a1b2c3d4e", f"{VIMEO}&h=0a1b2c3d4e"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c3d4e", f"{VIMEO}&h=0a1b2c3d4e"),
        ("https://player.vimeo.com/video/76979871?h=%22%3E%3Cscript%3E", VIMEO),
    ],
)
def test_a_video_is_played_from_where_no_cookie_is_set(address: str, embed: str) -> None:
    film = video.find(address)
    assert film
    assert (film.embed, film.host) == (embed, embed.split("/")[2])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("?t=90", 90), ("?t=90s", 90), ("?t=1m30s", 90), ("?t=1m", 60), ("?t=1h2m3s", 3723), ("?start=90", 90),
        ("#t=1m30s", 90), ("?t=30#t=90", 30),
        ("", 0), ("?t=0", 0), ("?t=", 0), ("?t=soon", 0), ("?t=-5", 0), ("?t=1.5", 0), ("?t=90&t=91", 0),
        ("?t=30s1m", 0), ("?t=\u0661", 0), ("?t=1%22%3E", 0), ("?t=90%0A", 0), ("?t=9999999999", 0),
    ],
)  # fmt: skip
def test_a_video_begins_where_the_author_says(written: str, seconds: int) -> None:
    youtube = video.find(f"https://youtu.be/dQw4w9WgXcQ{written}")
    vimeo = video.find(f"https://vimeo.com/76979871{written}")
    assert youtube
    assert vimeo
    assert youtube.embed == (f"{YOUTUBE}&start={seconds}" if seconds else YOUTUBE)
    assert vimeo.embed == (f"{VIMEO}#t={seconds}s" if seconds else VIMEO)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dQw4w9WgXcQ",
        "https://example.org/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evilyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://user@youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://youtube.com:x/watch?v=dQw4w9WgXcQ",
        "https://[youtube.com/watch?v=dQw4w9WgXcQ",
        "javascript://youtube.com/watch?v=dQw4w9WgXcQ",
        "//youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXc",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXc%22",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&v=AAAAAAAAAAA",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/playlist?list=PLdQw4w9WgXcQ",
        "https://www.youtube.com/embed/dQw4w9WgXcQ/../../x",
        "https://www.youtube.com/embed/videoseries",
        "https://youtu.be/dQw4w9WgXcQ/x",
        "https://youtu.be/dQw4w9WgXc\u0661",
        "https://vimeo.com/somebody",
        "https://vimeo.com/\u0661\u0662\u0663",
        "https://vimeo.com/76979871/0a1b2c3d4e/x",
        "https://player.vimeo.com/76979871",
    ],
)
def test_everything_else_is_a_link_and_no_more(address: str) -> None:
    assert video.find(address) is None
