# Pelican with its own theme: lists of all posts and by category (semester), tag (topic or tool) and author, an archive
# of all posts, feeds of all and of each category, and an index for a search.
SITENAME = "Blog"
SITEURL = "https://example.org"
PATH = "content"
TIMEZONE = "UTC"
STATIC_PATHS = ["pictures"]
ARTICLE_URL = "{slug}/"
ARTICLE_SAVE_AS = "{slug}/index.html"
FEED_ALL_ATOM = "feeds/all.atom.xml"
CATEGORY_FEED_ATOM = "feeds/{slug}.atom.xml"
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 30
THEME_TEMPLATES_OVERRIDES = ["templates"]
DIRECT_TEMPLATES = ["index", "tags", "categories", "authors", "archives", "search"]
SEARCH_SAVE_AS = "search.json"
