"""Posts of other engines → posts of ours: `coursehub new --from`.

A file gives fields and Markdown (`front_matter`, `notebook`, `medium`), the Markdown loses what only the other engine
knows (`text`), pictures get their addresses here (`pictures`), and the front matter has places for what only the author
knows (`writing`). `post` takes these steps; files are found by `files` and written by the command.
"""
