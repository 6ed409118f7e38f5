"""Interface files of vLLM and SGLang, taken from wheels that were fetched and not installed.

$BINVERIFY_WHEELS names a folder with them. What an interface file imports from the rest of its package is
stood in for by empty classes.
"""

import glob
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pathlib
import sys
import tempfile
import types
import zipfile


class _StandIn(types.ModuleType):
    """A module in which every name is an empty class."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {})
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of a package: those of the wheel that are asked for, and stand-ins."""

    def __init__(self, package, files):
        self._package = package
        self._files = files

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] != self._package:
            return None
        if name in self._files:
            return importlib.util.spec_from_file_location(name, self._files[name])
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return _StandIn(spec.name)

    def exec_module(self, module):
        pass


def provide(package, modules):
    """Makes `modules` of a package importable from its wheel; whether there is one."""
    folder = os.environ.get("BINVERIFY_WHEELS", "")
    wheels = sorted(glob.glob(os.path.join(folder, package + "-*.whl"))) if folder else []
    if not wheels:
        return False
    target = pathlib.Path(tempfile.mkdtemp())
    files = {}
    with zipfile.ZipFile(wheels[-1]) as wheel:
        names = set(wheel.namelist())
        for module in modules:
            path = module.replace(".", "/") + ".py"
            if path in names:
                files[module] = wheel.extract(path, target)
    sys.meta_path.insert(0, _Finder(package, files))
    return len(files) == len(modules)


def provide_frozen(package, modules):
    """Makes modules of a package importable that were written down here: a dictionary of sources."""
    target = pathlib.Path(tempfile.mkdtemp())
    files = {}
    for module, source in modules.items():
        files[module] = str(target / (module + ".py"))
        pathlib.Path(files[module]).write_text(source)
    sys.meta_path.insert(0, _Finder(package, files))
