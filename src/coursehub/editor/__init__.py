"""Editors: open posts → what they mark and offer to fix, in the Language Server Protocol."""
