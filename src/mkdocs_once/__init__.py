"""A plugin for MkDocs: what did not change is neither converted nor rendered again, and what did, by all processors.

It knows nothing of courses. `plugin` says what happens when; `dependencies` says what a page is made from.
"""
