"""Objects that stand for one of the library's."""

from __future__ import annotations

import weakref
from typing import Any, Callable, Dict, Tuple, TypeVar

from ._library import BinVerifyError

_Self = TypeVar("_Self", bound="Handled")


class Handled:
    """An object of the library's, which does not change.

    Its handle is a number that names it in this process alone: in another one it would name whatever
    has that number there. So copies are the object itself, and a pickle has what it was made of, of which it
    is made anew where the pickle is loaded, with the errors of its constructor.
    """

    #: The library's function that frees a handle.
    _free: Callable[[int], Any]
    _handle: int
    _finalizer: "weakref.finalize[..., Any]"
    #: The arguments of `_make`.
    _made_of: Tuple[Any, ...]

    def _make(self, *made_of: Any) -> int:
        """The handle of a new object of the library's."""
        raise NotImplementedError

    def _take(self, *made_of: Any) -> None:
        """Makes it."""
        self._own(self._make(*made_of), made_of)

    def _own(self, handle: int, made_of: Tuple[Any, ...]) -> None:
        self._handle = handle
        self._made_of = made_of
        self._finalizer = weakref.finalize(self, type(self)._free, handle)

    def __copy__(self: _Self) -> _Self:
        return self

    def __deepcopy__(self: _Self, memo: Dict[int, Any]) -> _Self:
        return self

    def __getstate__(self) -> Dict[str, Any]:
        state = dict(self.__dict__)
        finalizer = state.pop("_finalizer", None)
        if finalizer is None or not finalizer.alive:
            raise BinVerifyError(f"a {type(self).__name__} that was closed has no pickle")
        del state["_handle"]
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        if "_made_of" not in state:
            raise BinVerifyError(
                f"a pickle of a {type(self).__name__} by an earlier version has only a number for it"
            )
        self.__dict__.update(state)
        self._take(*self._made_of)
