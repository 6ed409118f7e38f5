#!/usr/bin/env python3
"""Bitwuzla as a program: an SMT-LIB script on standard input, answers on standard output.

The package on PyPI has the solver as a module only; `make solvers` puts this beside it.
"""
import sys

import bitwuzla

if "--version" in sys.argv:
    print(bitwuzla.version())
else:
    bitwuzla.Parser(bitwuzla.TermManager(), bitwuzla.Options()).parse("/dev/stdin")
