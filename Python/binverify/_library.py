"""libbinverify.so as ctypes sees it."""

from __future__ import annotations

import ctypes
import os
import pathlib
from ctypes import (
    POINTER, byref, c_char, c_char_p, c_double, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p,
)
from typing import Any, Callable, Optional


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
        ("cpu", c_char_p),
        ("omits_reports", c_uint32),
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


class DecoderError(BinVerifyError):
    """A vocabulary or a constraint is wrong or refused, or no code can be completed with it."""


class VocabularyOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("alphabet", c_int32),
        ("digits", c_int32),
        ("spacing", c_int32),
        ("width", c_uint32),
        ("byte_level", c_uint32),
    ]


class ConstraintOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("wide_arguments", c_uint32)]


class VocabularyShape(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("tokens", c_uint32),
        ("width", c_uint32),
        ("mask_words", c_uint32),
    ]


class MatcherPlace(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("is_terminated", c_uint32),
        ("is_completed", c_uint32),
        ("tokens", c_uint32),
    ]


_ERRORS = {3: SpecificationError, 4: VacuousSpecificationError, 6: DecoderError}

#: The arguments of the decoder's functions.
_DECODER = {
    "vocabulary_tokens": [
        c_char_p, c_size_t, c_void_p, c_size_t, POINTER(c_uint32), c_size_t,
        POINTER(VocabularyOptions), POINTER(c_uint64),
    ],
    "vocabulary_tokenizer": [
        c_char_p, POINTER(c_char_p), c_size_t, POINTER(VocabularyOptions), POINTER(c_uint64),
    ],
    "vocabulary_raw_bytes": [POINTER(c_uint64)],
    "vocabulary_hex_digits": [POINTER(c_uint64)],
    "vocabulary_size": [c_uint64, POINTER(VocabularyShape)],
    "vocabulary_free": [c_uint64],
    "constraint_with": [
        c_char_p, c_char_p, POINTER(ConstraintOptions), c_char_p, c_size_t, POINTER(c_size_t),
    ],
    "decoder_compile": [c_char_p, c_uint64, POINTER(c_uint64)],
    "decoder_with": [c_uint64, c_char_p, POINTER(c_uint64)],
    "decoder_report": [c_uint64, c_char_p, c_size_t, POINTER(c_size_t)],
    "decoder_memory": [c_uint64, POINTER(c_size_t)],
    "decoder_free": [c_uint64],
    "matcher_start": [c_uint64, POINTER(c_uint64)],
    "matcher_fork": [c_uint64, POINTER(c_uint64)],
    "matcher_fill": [c_uint64, c_void_p, c_size_t],
    "matcher_fill_batch": [
        POINTER(c_uint64), c_size_t, POINTER(c_uint32), c_void_p, c_size_t, c_size_t, c_size_t,
        c_uint32,
    ],
    "matcher_fill_draft": [
        c_uint64, POINTER(c_uint32), POINTER(c_int32), c_size_t, c_void_p, c_size_t, c_size_t,
        POINTER(c_uint8),
    ],
    "matcher_accept": [c_uint64, POINTER(c_uint32), c_size_t, POINTER(c_size_t)],
    "matcher_accept_batch": [
        POINTER(c_uint64), c_size_t, POINTER(c_uint32), POINTER(c_uint8),
    ],
    "matcher_validate": [c_uint64, POINTER(c_uint32), c_size_t, POINTER(c_size_t)],
    "matcher_rollback": [c_uint64, c_size_t],
    "matcher_reset": [c_uint64],
    "matcher_where": [c_uint64, POINTER(MatcherPlace)],
    "matcher_forced": [c_uint64, POINTER(c_uint32), c_size_t, POINTER(c_size_t)],
    "matcher_forced_text": [c_uint64, c_char_p, c_size_t, POINTER(c_size_t)],
    "matcher_tokens": [c_uint64, POINTER(c_uint32), c_size_t, POINTER(c_size_t)],
    "matcher_minimum_tokens": [c_uint64, POINTER(c_size_t)],
    "matcher_explain": [c_uint64, c_uint32, c_char_p, c_size_t, POINTER(c_size_t)],
    "matcher_program": [
        c_uint64, c_char_p, c_size_t, POINTER(c_size_t), POINTER(c_size_t), c_size_t,
        POINTER(c_size_t),
    ],
    "matcher_free": [c_uint64],
}


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
    library.binverify_prove_batch_on.argtypes = [
        c_uint64, POINTER(c_char_p), c_size_t, POINTER(Code), c_size_t, c_uint32,
        POINTER(c_uint64),
    ]
    library.binverify_result_summary.argtypes = [c_uint64, POINTER(Summary)]
    library.binverify_result_text.argtypes = [
        c_uint64, c_int32, c_char_p, c_size_t, POINTER(c_size_t),
    ]
    library.binverify_verifier_free.argtypes = [c_uint64]
    library.binverify_result_free.argtypes = [c_uint64]
    for name, arguments in _DECODER.items():
        getattr(library, "binverify_" + name).argtypes = arguments
    return library


library = _load()


def check(status: int) -> None:
    """Raises the error of a call that failed on this thread."""
    if status == 0:
        return
    buffer = ctypes.create_string_buffer(4096)
    library.binverify_error_message(buffer, len(buffer))
    raise _ERRORS.get(status, BinVerifyError)(buffer.value.decode(errors="replace"))


def code(data: bytes) -> Code:
    """Bytes as an argument; `data` has to outlive the call."""
    return Code(data, len(data))


#: What a text is copied to.
Buffer = ctypes.Array[c_char]


def buffer(capacity: int = 1024) -> Buffer:
    """Room for most texts; for use by one thread at a time."""
    return ctypes.create_string_buffer(capacity)


def text(function: Callable[..., int], *arguments: Any, room: Optional[Buffer] = None) -> str:
    """The text that a function copies; `arguments` are those before the buffer. `room` spares a buffer where many
    texts are asked for."""
    size = c_size_t()
    room = room or buffer()
    while True:
        check(function(*arguments, room, len(room), byref(size)))
        if size.value <= len(room):
            return room.value.decode()
        room = buffer(size.value)


def encoded(text: str) -> bytes:
    """A text as an argument."""
    if "\0" in text:
        raise BinVerifyError("a text without zero bytes was expected")
    return text.encode()
