#!/usr/bin/env python3
"""Takes the programs out of Docs/Embedding.md.

    programs.py PAGE FOLDER

A block ```LANGUAGE NAME is written to FOLDER/NAME; so is ```text NAME, what a program prints.
"""

import pathlib
import re
import sys

page, folder = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
for name, text in re.findall(r"^```[a-z]+ (\S+)\n(.*?)^```$", page, re.M | re.S):
    (folder / name).write_text(text)
