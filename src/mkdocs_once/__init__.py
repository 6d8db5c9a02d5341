"""A plugin for MkDocs that converts and renders, by all processors, only the pages that changed.

It knows nothing of courses. `plugin` says what happens when; `dependencies` what a page is made from.
"""
