"""Masks in llama.cpp: a sampler for its chains, and a logits processor for llama-cpp-python.

    sampler = MaskSampler(decoder, library)     # the ctypes.CDLL of libllama
    library.llama_sampler_chain_add(chain, sampler.pointer)

llama.cpp calls the sampler with the candidates and with each token that was chosen, by its C
interface (`llama_sampler_i` of llama.h), so this module needs no package. Keep the MaskSampler for
as long as the chain lives.
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_bool, c_float, c_int32, c_int64
from ctypes import c_size_t, c_void_p
from typing import Any, Dict, NoReturn, Optional

import numpy

from ..decode import Decoder, Matcher, allocate_token_bitmask, apply_token_bitmask_inplace
from ._prefixes import PrefixMatchers

__all__ = ["MaskLogitsProcessor", "MaskSampler"]


class TokenData(Structure):
    """llama_token_data."""

    _fields_ = [("id", c_int32), ("logit", c_float), ("p", c_float)]


class TokenDataArray(Structure):
    """llama_token_data_array."""

    _fields_ = [
        ("data", POINTER(TokenData)), ("size", c_size_t), ("selected", c_int64),
        ("sorted", c_bool),
    ]


class Sampler(Structure):
    """llama_sampler."""


_Name = CFUNCTYPE(c_void_p, POINTER(Sampler))
_Accept = CFUNCTYPE(None, POINTER(Sampler), c_int32)
_Apply = CFUNCTYPE(None, POINTER(Sampler), POINTER(TokenDataArray))
_Reset = CFUNCTYPE(None, POINTER(Sampler))
_Clone = CFUNCTYPE(c_void_p, POINTER(Sampler))
_Free = CFUNCTYPE(None, POINTER(Sampler))


class SamplerInterface(Structure):
    """llama_sampler_i. The functions of samplers on other devices are null, also those that later
    versions may add."""

    _fields_ = [
        ("name", _Name), ("accept", _Accept), ("apply", _Apply), ("reset", _Reset),
        ("clone", _Clone), ("free", _Free), ("others", c_void_p * 16),
    ]


Sampler._fields_ = [("iface", POINTER(SamplerInterface)), ("ctx", c_void_p)]


class MaskSampler:
    """A llama.cpp sampler that leaves only the tokens with which the code can be completed."""

    def __init__(self, decoder: Decoder, library: Any) -> None:
        """`library` has `llama_sampler_init`, since llama.cpp frees what that makes."""
        self._decoder = decoder
        self._name = ctypes.create_string_buffer(b"binverify")
        # By the context of each sampler: the one made here and its clones.
        self._matchers: Dict[int, Matcher] = {}
        self._count = 0
        self._interface = SamplerInterface(
            name=_Name(lambda _: ctypes.addressof(self._name)), accept=_Accept(self._accept),
            apply=_Apply(self._apply), reset=_Reset(self._reset), clone=_Clone(self._clone),
            free=_Free(self._free),
        )
        made = CFUNCTYPE(c_void_p, POINTER(SamplerInterface), c_void_p)
        self._init = made(("llama_sampler_init", library))
        #: What went wrong in a call of llama.cpp's, which no exception can leave; the sampler then
        #: leaves only the end.
        self.error: Optional[BaseException] = None
        #: The address of the `struct llama_sampler`.
        self.pointer: int = self._make(decoder.matcher())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a MaskSampler is in a chain of this process: it has no copies and no pickle")

    @property
    def matcher(self) -> Matcher:
        """The place in the code."""
        return self._matchers[1]

    def _make(self, matcher: Matcher) -> int:
        self._count += 1
        self._matchers[self._count] = matcher
        return int(self._init(ctypes.byref(self._interface), self._count))

    def _of(self, sampler: Any) -> Matcher:
        return self._matchers[sampler.contents.ctx]

    def _accept(self, sampler: Any, token: int) -> None:
        try:
            matcher = self._of(sampler)
            if not matcher.is_terminated() and not matcher.accept_token(token):
                raise ValueError(f"token {token} is refused: {matcher.explain(token)}")
        except BaseException as error:
            self.error = error

    def _apply(self, sampler: Any, candidates: Any) -> None:
        array = candidates.contents
        fields = [("id", numpy.int32), ("logit", numpy.float32), ("p", numpy.float32)]
        memory = ctypes.cast(array.data, POINTER(ctypes.c_ubyte * (12 * array.size))).contents
        entries = numpy.frombuffer(memory, dtype=fields)
        try:
            matcher = self._of(sampler)
            if self.error is not None or matcher.is_terminated():
                allowed = numpy.isin(entries["id"], self._decoder.vocabulary.end_tokens)
            else:
                mask = allocate_token_bitmask(1, self._decoder.vocabulary.width)
                matcher.fill_next_token_bitmask(mask)
                bits = numpy.unpackbits(mask[0].view(numpy.uint8), bitorder="little")
                ids = entries["id"]
                known = (ids >= 0) & (ids < len(bits))
                allowed = known & (bits[numpy.where(known, ids, 0)] == 1)
        except BaseException as error:
            self.error = error
            allowed = numpy.isin(entries["id"], self._decoder.vocabulary.end_tokens)
        entries["logit"][~allowed] = -numpy.inf
        # The first need not have the greatest logit any more.
        array.sorted = False

    def _reset(self, sampler: Any) -> None:
        try:
            self._of(sampler).reset()
            self.error = None
        except BaseException as error:
            self.error = error

    def _clone(self, sampler: Any) -> Optional[int]:
        try:
            return self._make(self._of(sampler).fork())
        except BaseException as error:
            self.error = error
            return None

    def _free(self, sampler: Any) -> None:
        # That of the one made here stays, for `matcher`.
        if sampler.contents.ctx != 1:
            self._matchers.pop(sampler.contents.ctx, None)


class MaskLogitsProcessor:
    """The same for `Llama.__call__(..., logits_processor=LogitsProcessorList([...]))` of
    llama-cpp-python, which tells nothing but the tokens so far; for one call, or until `reset`."""

    def __init__(self, decoder: Decoder, prompt_length: Optional[int] = None) -> None:
        self._prefixes = PrefixMatchers(decoder)
        self._decoder = decoder
        self._asked_length = prompt_length
        self._prompt_length = prompt_length

    def reset(self) -> None:
        """Makes it ready for another call."""
        self._prompt_length = self._asked_length
        self._prefixes.clear()

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        if self._prompt_length is None:
            self._prompt_length = len(input_ids)
        matcher = self._prefixes.after(input_ids[self._prompt_length :])
        scores = numpy.array(scores, dtype=numpy.float32)
        if matcher is None or matcher.is_terminated():
            ends = self._decoder.vocabulary.end_tokens
            kept = scores[ends].copy()
            scores[:] = -numpy.inf
            scores[ends] = kept
            return scores
        mask = allocate_token_bitmask(1, self._decoder.vocabulary.width)
        matcher.fill_next_token_bitmask(mask)
        row = scores.reshape(1, -1)
        apply_token_bitmask_inplace(row, mask)
        return scores
