"""Records: what the files of a repository say, frozen, with positions."""
