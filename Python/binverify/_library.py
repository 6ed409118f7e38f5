"""libbinverify.so as ctypes sees it."""

from __future__ import annotations

import ctypes
import os
import pathlib
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_size_t, c_uint32, c_uint64


class BinVerifyError(Exception):
    """Nothing can be judged: the arguments, the specification or the surroundings are wrong."""


class SpecificationError(BinVerifyError):
    """The specification is wrong; the message begins with file, line and column."""


class VacuousSpecificationError(BinVerifyError):
    """No input satisfies the precondition, so every code would be proved."""


class Options(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("tests", c_uint32),
        ("seconds", c_double),
        ("memory", c_uint64),
        ("resource", c_uint64),
    ]


class Code(ctypes.Structure):
    _fields_ = [("bytes", c_char_p), ("size", c_size_t)]


class Summary(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("verdict", c_int32),
        ("reward", c_double),
        ("obligations_proved", c_uint32),
        ("obligations_refuted", c_uint32),
    ]


_ERRORS = {3: SpecificationError, 4: VacuousSpecificationError}


def _load() -> ctypes.CDLL:
    beside = pathlib.Path(__file__).resolve().parent / "libbinverify.so"
    path = os.environ.get("BINVERIFY_LIBRARY") or (
        str(beside) if beside.exists() else "libbinverify.so"
    )
    library = ctypes.CDLL(path)
    library.binverify_version.restype = c_char_p
    library.binverify_error_message.restype = c_size_t
    library.binverify_error_message.argtypes = [c_char_p, c_size_t]
    library.binverify_compile.argtypes = [
        c_char_p, c_char_p, POINTER(Options), POINTER(c_uint64),
    ]
    library.binverify_compile_equivalence.argtypes = [
        c_char_p, Code, c_char_p, c_char_p, POINTER(Options), POINTER(c_uint64),
    ]
    library.binverify_prove_batch.argtypes = [
        c_uint64, POINTER(Code), c_size_t, c_uint32, POINTER(c_uint64),
    ]
    library.binverify_result_summary.argtypes = [c_uint64, POINTER(Summary)]
    library.binverify_result_text.argtypes = [
        c_uint64, c_int32, c_char_p, c_size_t, POINTER(c_size_t),
    ]
    library.binverify_verifier_free.argtypes = [c_uint64]
    library.binverify_result_free.argtypes = [c_uint64]
    return library


library = _load()


def check(status: int) -> None:
    """Raises the error of a call that failed on this thread."""
    if status == 0:
        return
    buffer = ctypes.create_string_buffer(4096)
    library.binverify_error_message(buffer, len(buffer))
    raise _ERRORS.get(status, BinVerifyError)(buffer.value.decode())


def code(data: bytes) -> Code:
    """Bytes as an argument; `data` has to outlive the call."""
    return Code(data, len(data))


def text(result: int, kind: int) -> str:
    """One of the texts of a result."""
    size = c_size_t()
    check(library.binverify_result_text(result, kind, None, 0, byref(size)))
    buffer = ctypes.create_string_buffer(size.value)
    check(library.binverify_result_text(result, kind, buffer, size.value, None))
    return buffer.value.decode()
