"""Tags of Liquid (Jekyll, dev.to) and Hugo's shortcodes → Markdown. What `tags.toml` does not name stays as it is."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from coursehub.converting.code import replaced
from coursehub.converting.tag_names import EMBEDS, NOTHING, PICTURES

_QUOTED = r"\"[^\"]*\"|'[^']*'"
LIQUID = re.compile(
    rf"(?<!\{{)\{{%-?\s*(?P<end>end_?)?(?P<name>[\w-]+)(?P<rest>(?>(?:{_QUOTED}|[^\"'%{{}}]|%(?!\}})|'(?=\w))*))-?%\}}(?!\}})"
)
SHORTCODE = re.compile(
    rf"\{{\{{(?P<sign>[<%])\s*(?P<end>/)?\s*(?P<name>[\w/.-]+)(?P<rest>(?>(?:{_QUOTED}|[^\"'<>%{{}}])*))[%>]\}}\}}"
)
EXPRESSION = re.compile(r"\{\{-?(?P<inner>[^{}<>%]*)-?\}\}")
_ARGUMENT = re.compile(rf"(?:(?P<key>[\w-]+)\s*=\s*)?(?P<value>{_QUOTED}|[^\s\"'=]+)")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp|tiff?)(?:[?#].*)?\Z", re.IGNORECASE)


class Tag(NamedTuple):
    """A tag: its name, its values in order, and those that have names."""

    name: str
    values: tuple[str, ...]
    named: Mapping[str, str]

    def value(self, *names: str) -> str:
        """The first of these that the tag has; a number is the place of a value without a name."""
        for name in names:
            if name.isdigit() and int(name) < len(self.values):
                return self.values[int(name)]
            if self.named.get(name):
                return self.named[name]
        return ""


class Sources(NamedTuple):
    """The answers that tags ask for: the post's own fields, and the address of another post by its name, or nothing."""

    fields: Mapping[str, Any]
    post: Callable[[str], str]


def tag(match: re.Match[str]) -> Tag:
    """The tag of a match of `LIQUID` or `SHORTCODE`; the name of an include is that of the file."""
    values, named = [], {}
    for argument in _ARGUMENT.finditer(match["rest"]):
        value = argument["value"].strip("\"'") if argument["value"][0] in "\"'" else argument["value"]
        if argument["key"]:
            named[argument["key"].lower()] = value
        else:
            values.append(value)
    name = match["name"].lower()
    if name in ("include", "include_cached", "include_relative", "partial") and values:
        name = values.pop(0).rpartition("/")[2].partition(".")[0].lower()
    return Tag(name.rpartition("/")[2], tuple(values), named)


_SITES = re.compile(r"\s*(?:site\.(?:baseurl|url|base_url)|\"/?\"\s*\|\s*(?:relative|absolute)_url)\s*")
_FILTERED = re.compile(
    rf"\s*(?P<text>{_QUOTED})\s*(?:\|\s*(?:relative_url|absolute_url|prepend\s*:\s*site\.\w+|relURL|absURL)\s*)+"
)
_FIELD = re.compile(r"\s*page\.(?P<name>[\w-]+)\s*|\s*\.(?P<hugo>\w+)\s*")
_FOOTNOTE = re.compile(rf"\s*(?P<text>{_QUOTED})\s*\|\s*fndetail\s*:\s*(?P<label>\w+)\s*")  # which fastpages has
_TEXT = re.compile(rf"\s*({_QUOTED})\s*")


def picture(address: str, alternative: str, caption: str = "") -> str:
    """A picture in Markdown; a caption that says more than the alternative follows it."""
    alternative = " ".join((alternative or caption).split())
    escaped = re.sub(r"([\[\]\\])", r"\\\1", alternative)
    shown = f"![{escaped}]({written(address)})"
    caption = " ".join(caption.split())
    return f"{shown}\n\n*{caption}*" if caption and caption != alternative else shown


def written(address: str) -> str:
    """An address as a link has it in Markdown."""
    address = address.strip()
    return f"<{address}>" if re.search(r"[\s()]", address) and not re.search(r"[<>\n]", address) else address


def link(source: str, words: str = "") -> str:
    """A link to what a frame or a player shows; of a video, to its own page."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return f"<{source}>"
    host = parts.netloc.lower().removeprefix("www.")
    if host in ("youtube.com", "youtube-nocookie.com") and parts.path.startswith("/embed/"):
        start = parse_qs(parts.query).get("start", [""])[0]
        video = f"https://www.youtube.com/watch?v={parts.path.split('/')[2]}{f'&t={start}s' if start.isdigit() else ''}"
        return f"[{words or 'Video on YouTube'}]({video})"
    if host == "player.vimeo.com":
        return f"[{words or 'Video on Vimeo'}](https://vimeo.com/{parts.path.rsplit('/', 1)[-1]})"
    return f"[{words or (f'Embedded from {host}' if host else 'Video')}]({written(source)})"


def converted(text: str, sources: Sources) -> str:
    """The text with Markdown in place of each tag that stands for a picture, a link, or what the post has anyway."""
    if "{{" not in text and "{%" not in text:
        return text
    text = replaced(text, EXPRESSION, lambda match: _expression(match["inner"], sources))
    text = replaced(text, LIQUID, lambda match: None if match["end"] else _markdown(tag(match), sources))
    return replaced(text, SHORTCODE, lambda match: None if match["end"] else _markdown(tag(match), sources))


def _expression(inner: str, sources: Sources) -> str | None:
    inner = inner.strip("-")
    if _SITES.fullmatch(inner):
        return ""
    if match := _FILTERED.fullmatch(inner):
        return match["text"][1:-1]
    if match := _FOOTNOTE.fullmatch(inner):
        return f"[^{match['label']}]: {match['text'][1:-1]}"
    if match := _TEXT.fullmatch(inner):
        return match[1][1:-1]
    match = _FIELD.fullmatch(inner)
    value = sources.fields.get((match["name"] or match["hugo"]).lower()) if match else None
    return str(value) if isinstance(value, str | int | float) else None


def _markdown(each: Tag, sources: Sources) -> str | None:
    if each.name in ("post_url", "ref", "relref"):
        return sources.post(each.value("0", "path")) or None
    if each.name == "link" and each.values and not each.values[0].startswith("http"):
        return _file(each.values[0], sources)
    if each.name in NOTHING:
        return ""
    address = each.value("path", "src", "url", "image_path", "file", "image", "img", "link")
    positional = next((value for value in each.values if _PICTURE.search(value)), "")
    if (address or positional) and (each.name in PICTURES or _PICTURE.search(address or positional)):
        alternative = each.value("alt") or (each.value("1") if positional == each.value("0") else "")
        return picture(address or positional, alternative, each.value("caption", "description", "title"))
    if each.name in EMBEDS:
        return _embed(each)
    if each.name == "video" and each.value("provider") in EMBEDS:
        return _embed(each._replace(name=each.value("provider")))
    if each.name == "fn" and each.values:
        return f"[^{each.values[0]}]"
    if each.name in ("video", "audio", "iframe") and (source := each.value("src", "url", "file", "0")):
        return link(source, each.value("title"))
    is_address = len(each.values) == 1 and not each.named and each.values[0].startswith(("http://", "https://"))
    return link(each.values[0]) if is_address else None


def _file(path: str, sources: Sources) -> str | None:
    if _PICTURE.search(path) or path.startswith(("assets/", "images/")):
        return f"/{path.lstrip('/')}"
    return sources.post(path) or None


def _embed(each: Tag) -> str | None:
    words, template = EMBEDS[each.name]
    value = "/".join(each.values[:2]) if each.name == "gist" else each.value("id", "url", "0", "src")
    if not value:
        return None
    address = value if value.startswith("http") else template.format(quote(value, safe="/@:?=&-_~.#"))
    if not address.startswith("http"):
        return None
    return f"<{address}>" if not words or value == address else f"[{words}]({address})"
