"""The machine: git, files that are written whole, and typst, which sets PDFs and cards."""
