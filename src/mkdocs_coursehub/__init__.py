"""MkDocs' side of Course Hub: the plugin, the theme's templates, styles and scripts, and pages that any course has."""
