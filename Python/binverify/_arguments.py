"""Checks of arguments that ctypes would pass on wrong: cut-off numbers, and memory that is no code."""

from __future__ import annotations

import math
import operator
from typing import Any, Optional, Union

import numpy

from ._library import BinVerifyError

#: What code is given as.
CodeBytes = Union[bytes, bytearray, memoryview, "numpy.ndarray[Any, numpy.dtype[numpy.uint8]]"]

#: The greatest numbers that fields hold. No size has the topmost bit.
UINT32, UINT64, SIZE = (1 << 32) - 1, (1 << 64) - 1, (1 << 63) - 1
INT32 = (1 << 31) - 1
_BOOLS = (bool, numpy.bool_)


class RangeError(BinVerifyError, ValueError):
    """A number is too small or too large for its argument."""


def code_bytes(name: str, data: Any) -> bytes:
    """The bytes of code, or of a token. Raises TypeError for what is not bytes, as a number or an
    array of larger items, whose memory is no code."""
    found = _not_code(data)
    if found is not None:
        raise TypeError(
            f"{name}: bytes, a bytearray, a memoryview or an array of uint8 was expected, found {found}"
        )
    return bytes(data) if isinstance(data, bytes) else memoryview(data).tobytes()


def is_code(data: Any) -> bool:
    """Whether something is one code, and so no sequence of them."""
    return _not_code(data) is None


def _not_code(data: Any) -> Optional[str]:
    """What something is that is not code; None for code."""
    if isinstance(data, bytes):
        return None
    kind = type(data).__name__
    try:
        view = memoryview(data)
    except (TypeError, ValueError, BufferError):
        return kind
    # ctypes names the order of bytes too.
    if view.format.lstrip("@=<>!") not in ("B", "b", "c"):
        return f"{kind} with items of format {view.format!r}"
    if view.ndim != 1:
        return f"{kind} of {view.ndim} dimensions"
    return None if view.contiguous else f"{kind} whose bytes do not lie side by side"


def integer(name: str, value: Any, greatest: int, least: int = 0) -> int:
    """An integer of a range. Raises TypeError for what is no integer, as a float or a bool, and
    RangeError."""
    try:
        if isinstance(value, _BOOLS):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name}: an integer was expected, found {type(value).__name__}"
        ) from None
    if not least <= number <= greatest:
        raise RangeError(
            f"{name}: an integer from {least} to {greatest} was expected, found {number}"
        )
    return number


def flag(name: str, value: Any) -> int:
    """A bool, or 0 or 1, as a number."""
    return integer(name, int(value) if isinstance(value, _BOOLS) else value, 1)


def seconds(name: str, value: Any) -> float:
    """A time limit, or zero for the default. Raises TypeError for what is no number, and
    RangeError."""
    try:
        if isinstance(value, _BOOLS):
            raise TypeError
        is_limit = math.isfinite(value) and value >= 0
    except TypeError:
        raise TypeError(f"{name}: a number was expected, found {type(value).__name__}") from None
    except OverflowError:
        is_limit = False
    if not is_limit:
        raise RangeError(f"{name}: a finite number of 0 or more was expected, found {value}")
    return float(value)
