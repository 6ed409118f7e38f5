"""Puts libbinverify.so into the package: $BINVERIFY_LIBRARY, the one that `make library` left in the
repository, or one that is built now."""

import os
import pathlib
import shutil
import subprocess

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

HERE = pathlib.Path(__file__).resolve().parent


def library() -> pathlib.Path:
    """The library file, built if there is none yet."""
    named = os.environ.get("BINVERIFY_LIBRARY")
    if named:
        return pathlib.Path(named)
    built = HERE.parent / ".build" / "library" / "libbinverify.so"
    if not built.exists():
        subprocess.run(["make", "-C", str(HERE.parent), "library"], check=True)
    return built


class Build(build_py):
    """Copies the library next to the modules that load it."""

    def run(self) -> None:
        super().run()
        target = pathlib.Path(self.build_lib) / "binverify" / "libbinverify.so"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library(), target)


class BinaryDistribution(Distribution):
    """A distribution for one platform, since the library is."""

    def has_ext_modules(self) -> bool:
        return True


setup(cmdclass={"build_py": Build}, distclass=BinaryDistribution)
