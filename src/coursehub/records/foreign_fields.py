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
            "_styles", "_template", "affiliations", "bibliography", "canonical", "canonical_url", "citation",
            "citation-location", "classes", "code_diff", "comment", "comments", "cover", "cover_image", "csl", "css",
            "cuid", "date-modified", "datemodified", "disqus_comments", "disqus_identifier", "disqus_title",
            "disqus_url", "domain", "draft", "editor", "enabletableofcontents", "enabletoc", "execute",
            "feature_image", "featured", "featured_image", "filters", "freeze", "future", "giscus_comments", "header",
            "headless", "hero", "hidden", "html", "htmlwidgets", "icon", "id", "image", "image-alt", "image_alt",
            "images", "img", "indent", "isdraft", "jupyter", "katex", "keep", "kernelspec", "lang", "language",
            "last_modified_at", "lastmod", "lastmodifierdisplayname", "latex", "layout", "license", "lightbox",
            "link", "links", "linktitle", "listing", "location", "main_image", "markup", "math", "mathjax", "menu",
            "mermaid", "modified", "nav", "nav_order", "noindex", "number-sections", "ogdescription", "ogimage",
            "output", "output-file", "parent", "permalink", "pin", "pinned", "pretty_table", "published", "read_time",
            "reading_time", "readtime", "redirect_from", "redirect_to", "related", "related_posts", "resources",
            "reviewed", "robots", "save_as", "saveasdraft", "search", "section", "seo", "seotitle", "series",
            "series_order", "share", "show_date", "showtoc", "sidebar", "sitemap", "slug", "social_image", "sticky",
            "stylesheet", "subparent", "tabs", "template", "theme", "thumb", "thumbnail", "toc", "toc-depth",
            "toc-title", "toc_sticky", "tocopen", "translation", "twitter", "type", "uid", "unlisted", "updated",
            "updated_at", "updatedat", "url", "usepagebundles", "uuid", "version", "video", "weight", "word_count",
            "wordcount",
        ),
        "",
    ),
}  # fmt: skip
