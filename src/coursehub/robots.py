"""What programs that read the whole site are told: `/robots.txt`, https://www.rfc-editor.org/rfc/rfc9309."""

from coursehub.pages import Asset


def robots(address: str) -> Asset:
    """They may read all, and where the list of all pages is; without an address this is a preview, and no matter."""
    rules = ["Allow: /", "", f"Sitemap: {address}sitemap.xml"] if address else ["Disallow: /"]
    return Asset("robots.txt", "\n".join(["User-agent: *", *rules, ""]).encode())
