# Pelican with its own theme: an index, lists by category and tag, and a feed.
SITENAME = "Blog"
SITEURL = "https://example.org"
PATH = "content"
TIMEZONE = "UTC"
STATIC_PATHS = ["pictures"]
ARTICLE_URL = "{slug}/"
ARTICLE_SAVE_AS = "{slug}/index.html"
FEED_ALL_ATOM = "feeds/all.atom.xml"
