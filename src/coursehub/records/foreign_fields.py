"""Fields of other programs that write sites, and what they are called here.

Jekyll, Hugo, Pelican, Quarto, al-folio, Hashnode, dev.to, Medium's and Notion's exports have them.
"""

# A field in small letters → ours, or nothing where posts here have none. Of several for one of ours, the first counts.
ELSEWHERE = {
    **dict.fromkeys(("headline", "name"), "title"),
    "author": "authors",
    **dict.fromkeys(
        (
            "datepublished", "published_at", "publishedat", "published_date", "publish_date", "publishdate",
            "pubdate", "pubdatetime", "dateadded", "created", "created_at", "createdat", "created time",
        ),
        "date",
    ),
    **dict.fromkeys(
        (
            "description", "excerpt", "subtitle", "brief", "abstract", "subheading", "lead", "teaser", "seodescription",
            "meta_description",
        ),
        "summary",
    ),
    **dict.fromkeys(("categories", "category", "keywords", "tag", "tags", "topic"), "topics"),
    **dict.fromkeys(
        (
            "canonical", "canonical_url", "cover", "cover_image", "draft", "featured", "image", "layout", "permalink",
            "published", "slug", "thumbnail", "toc", "url",
        ),
        "",
    ),
}  # fmt: skip
