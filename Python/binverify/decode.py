"""Masks that let a model write only code which the verifier reads.

    vocabulary = Vocabulary.from_tokenizer(tokenizer, end=["<eos>"], alphabet="hex")
    decoder = Decoder("x86-64", vocabulary, maximum_instructions=8)
    matcher = decoder.matcher()
    bitmask = allocate_token_bitmask(1, vocabulary.width)
    matcher.fill_next_token_bitmask(bitmask)
    apply_token_bitmask_inplace(logits, bitmask)
    matcher.accept_token(token)

Methods are called as in xgrammar and llguidance. Masks are numpy arrays or torch tensors (on the
CPU) of int32, bit `t & 31` of word `t >> 5` for token t; every call releases the GIL. Docs/Decoding.md
has the guarantees and the constraints.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import operator
import zlib
from ctypes import byref, c_size_t, c_uint8, c_uint32, c_uint64
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Union

import numpy

from . import _arguments, _library
from ._handles import Handled
from ._library import BinVerifyError, DecoderError, check

__all__ = [
    "BinVerifyError", "Decoder", "DecoderError", "Enforcement", "Matcher", "Program", "Vocabulary",
    "allocate_token_bitmask", "apply_token_bitmask_inplace", "batch_accept_tokens",
    "batch_fill_next_token_bitmask", "constraint",
]

_functions = _library.library
_ALPHABETS = ("bytes", "hex")
_DIGITS = ("any", "lower", "upper")
_SPACINGS = ("none", "free", "single")


class Vocabulary(Handled):
    """The tokens of a model: for each id the text or the bytes it stands for.

    A pickle has the texts of the tokens, or that of the tokenizer.json.
    """

    _free = _functions.binverify_vocabulary_free

    def __init__(
        self, tokens: Sequence[Optional[bytes]], end: Iterable[int] = (), *,
        alphabet: str = "bytes", digits: str = "any", spacing: str = "none", width: int = 0,
        byte_level: bool = False,
    ) -> None:
        """`tokens` by id, None for a special one, which stands for no text; `end` are the ids that
        end the code.

        `alphabet` says what the text is: the "bytes" of the code, or "hex" digits ("any", "lower" or
        "upper" ones) with "none", "free" or "single" spacing between bytes. `width` is the number of
        logits if there are more of them than tokens. With `byte_level` tokens are written in the
        characters of byte-level BPE, in UTF-8.
        """
        kept = [
            None if token is None else _arguments.code_bytes(f"token {i}", token)
            for i, token in enumerate(tokens)
        ]
        lengths = numpy.array(
            [-1 if token is None else len(token) for token in kept], dtype=numpy.int32
        )
        text = b"".join(token for token in kept if token is not None)
        # One text takes less room than the tokens apart, also than to refer to the caller's.
        options = (alphabet, digits, spacing, width, byte_level)
        self._take("tokens", list(_ids(end)), text, lengths, options)

    @classmethod
    def from_tokenizer(
        cls, tokenizer: Any, end: Iterable[Union[str, int]], *, alphabet: str = "hex",
        digits: str = "any", spacing: str = "none", width: int = 0,
    ) -> "Vocabulary":
        """The vocabulary of a byte-level BPE: the text of a tokenizer.json, a `tokenizers.Tokenizer`
        or a fast tokenizer of transformers. `end` are the contents or the ids of the added tokens
        that end the code."""
        source = getattr(tokenizer, "backend_tokenizer", tokenizer)
        text = source if isinstance(source, str) else source.to_str()
        added = _added_tokens(text)
        ids = {content: token for token, content in added.items()}
        contents = [name if isinstance(name, str) else added.get(name) for name in end]
        if None in contents:
            raise DecoderError("the id of an added token was expected as the end")
        names = [_library.encoded(str(name)) for name in contents]
        options = (alphabet, digits, spacing, width, False)
        data = _library.encoded(text)
        handle = _tokenizer_vocabulary(data, names, options)
        made = cls.__new__(cls)
        found = [ids[str(name)] for name in contents if name in ids]
        made._own(handle, ("tokenizer", found, zlib.compress(data, 1), names, options))
        return made

    @classmethod
    def instructions(cls, codes: Sequence[bytes]) -> "Vocabulary":
        """Whole instructions as tokens, in order, and after them the end: for synthesizers that choose
        instructions."""
        return cls([*codes, None], [len(codes)])

    @classmethod
    def raw_bytes(cls) -> "Vocabulary":
        """The 256 bytes as tokens 0 to 255, and 256 as the end."""
        made = cls.__new__(cls)
        made._take("raw_bytes", [256])
        return made

    @classmethod
    def hex_digits(cls) -> "Vocabulary":
        """The sixteen digits as tokens 0 to 15, and 16 as the end."""
        made = cls.__new__(cls)
        made._take("hex_digits", [16])
        return made

    def _make(self, *made_of: Any) -> int:
        source, ends, *parts = made_of
        if source == "tokens":
            return _token_vocabulary(ends, *parts)
        if source == "tokenizer":
            packed, names, options = parts
            return _tokenizer_vocabulary(zlib.decompress(packed), names, options)
        handle = c_uint64()
        check(getattr(_functions, "binverify_vocabulary_" + source)(byref(handle)))
        return handle.value

    def _own(self, handle: int, made_of: Tuple[Any, ...]) -> None:
        super()._own(handle, made_of)
        shape = _library.VocabularyShape(ctypes.sizeof(_library.VocabularyShape))
        check(_functions.binverify_vocabulary_size(handle, byref(shape)))
        #: The number of tokens.
        self.size: int = shape.tokens
        #: The number of logits.
        self.width: int = shape.width
        #: The words of a row of a mask.
        self.mask_words: int = shape.mask_words
        #: The tokens that end the code.
        self.end_tokens: List[int] = sorted(set(made_of[1]))


#: Alphabet, digits, spacing, width and whether it is byte-level.
_Spelling = Tuple[str, str, str, int, bool]


def _token_vocabulary(
    end: List[int], text: bytes, lengths: "numpy.ndarray[Any, Any]", spelling: _Spelling
) -> int:
    """The handle of a vocabulary of tokens, whose texts lie one after the other."""
    ends = _ids(end)
    options = _vocabulary_options(*spelling)
    handle = c_uint64()
    check(
        _functions.binverify_vocabulary_tokens(
            text, len(text), lengths.ctypes.data, len(lengths), ends, len(ends), byref(options),
            byref(handle),
        )
    )
    return handle.value


def _tokenizer_vocabulary(text: bytes, ends: List[bytes], spelling: _Spelling) -> int:
    """The handle of the vocabulary of a tokenizer.json."""
    options = _vocabulary_options(*spelling)
    handle = c_uint64()
    check(
        _functions.binverify_vocabulary_tokenizer(
            text, (ctypes.c_char_p * len(ends))(*ends), len(ends), byref(options), byref(handle)
        )
    )
    return handle.value


def _added_tokens(tokenizer: str) -> Dict[int, str]:
    """The contents of the added tokens of a tokenizer.json by id; what is wrong in it, the library
    says."""
    try:
        added = json.loads(tokenizer).get("added_tokens") or []
        return {token["id"]: token["content"] for token in added}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _ids(tokens: Iterable[int]) -> "ctypes.Array[c_uint32]":
    """Ids as an argument; those that no token has become one that no token has."""
    limit = 0xFFFFFFFF
    known = [token if 0 <= token < limit else limit for token in map(operator.index, tokens)]
    return (c_uint32 * len(known))(*known)


def _vocabulary_options(
    alphabet: str, digits: str, spacing: str, width: int, byte_level: bool
) -> _library.VocabularyOptions:
    def choice(name: str, value: str, values: Sequence[str]) -> int:
        if value not in values:
            raise DecoderError(f"{name}: one of {', '.join(values)} was expected, found {value!r}")
        return values.index(value)

    return _library.VocabularyOptions(
        ctypes.sizeof(_library.VocabularyOptions), choice("alphabet", alphabet, _ALPHABETS),
        choice("digits", digits, _DIGITS), choice("spacing", spacing, _SPACINGS),
        _arguments.integer("width", width, _arguments.UINT32),
        _arguments.flag("byte_level", byte_level),
    )


def constraint(
    spec: str, isa: str = "x86-64", *, wide_arguments: bool = False
) -> Dict[str, Any]:
    """The constraint that follows from the text of a specification: what is defined at entry, what
    has to survive, which memory may be accessed. It may be changed and given to `Decoder`:
    `{**constraint(spec), "branches": "loops", "addresses": "anyOffset"}` lets loops run over buffers,
    whose bounds are then left to the proof.

    wide_arguments: 32 bits of a register, or of a place on the stack, with a narrower argument may be
    read, as compilers do; that the result does not depend on those above it is left to the proof.

    Raises SpecificationError.
    """
    options = _library.ConstraintOptions(
        ctypes.sizeof(_library.ConstraintOptions),
        _arguments.flag("wide_arguments", wide_arguments))
    members = json.loads(_library.text(
        _functions.binverify_constraint_with, _library.encoded(spec), _library.encoded(isa),
        ctypes.byref(options)))
    return dict(members)


@dataclasses.dataclass(frozen=True)
class Enforcement:
    """How a part of a constraint is kept."""

    name: str
    #: "enforced", "narrowed" or "over-approximated".
    enforcement: str
    #: Empty for what is enforced.
    reason: str


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """The members of a JSON object, each of which may be given once."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DecoderError("a member of the constraint is given twice")
    return members


def _members(constraint: Union[str, Dict[str, Any]], parts: Dict[str, Any]) -> Dict[str, Any]:
    """The members of a constraint that is given as `Decoder` takes it."""
    if isinstance(constraint, dict):
        members = dict(constraint)
    elif constraint.lstrip().startswith("{"):
        members = json.loads(constraint, object_pairs_hook=_once)
    else:
        members = {"isa": constraint}
    for name, value in parts.items():
        first, *rest = name.split("_")
        listed = isinstance(value, (set, frozenset, tuple))
        members[first + "".join(word.title() for word in rest)] = (
            sorted(value) if listed else value
        )
    return members


class Decoder(Handled):
    """A constraint compiled for a vocabulary, for any number of matchers and threads.

    A pickle has the constraint and the vocabulary, and compiles them where it is loaded.
    """

    _free = _functions.binverify_decoder_free

    def __init__(
        self, constraint: Union[str, Dict[str, Any]], vocabulary: Vocabulary, **parts: Any
    ) -> None:
        """`constraint` is the name of an ISA, or a constraint as a dictionary or JSON text; `parts`
        are further members, as `maximum_instructions=8` or `allows_stores=False`.

        Raises DecoderError.
        """
        members = _members(constraint, parts)
        self._take(json.dumps(members), vocabulary)
        self.vocabulary = vocabulary
        #: The constraint as it was asked for.
        self.constraint: Dict[str, Any] = members

    def with_constraint(
        self, constraint: Union[str, Dict[str, Any], None] = None, **parts: Any
    ) -> "Decoder":
        """The decoder of another constraint, or of this one with other parts, for the same vocabulary
        and instruction set: `decoder.with_constraint(maximum_instructions=4)`.

        Tables are shared as far as the constraints agree, all of them where budgets alone differ.
        Raises DecoderError.
        """
        members = _members(self.constraint if constraint is None else constraint, parts)
        handle = c_uint64()
        text = json.dumps(members)
        check(_functions.binverify_decoder_with(self._handle, _library.encoded(text), byref(handle)))
        made = Decoder.__new__(Decoder)
        made._own(handle.value, (text, self._made_of[1]))
        made.vocabulary = self.vocabulary
        made.constraint = members
        return made

    def _make(self, *made_of: Any) -> int:
        text, vocabulary = made_of
        handle = c_uint64()
        check(
            _functions.binverify_decoder_compile(
                _library.encoded(text), vocabulary._handle, byref(handle)
            )
        )
        return handle.value

    @property
    def report(self) -> List[Enforcement]:
        """Each part of the constraint that was asked for, and how it is kept."""
        text = _library.text(_functions.binverify_decoder_report, self._handle)
        return [Enforcement(**part) for part in json.loads(text)]

    @property
    def memory(self) -> int:
        """The bytes that the shared tables and masks take now."""
        size = c_size_t()
        check(_functions.binverify_decoder_memory(self._handle, byref(size)))
        return size.value

    def matcher(self) -> "Matcher":
        """A matcher at the start of the code."""
        return Matcher(self)


@dataclasses.dataclass(frozen=True)
class Program:
    """Code with the offsets at which its instructions begin."""

    code: bytes
    boundaries: List[int]


class Matcher(Handled):
    """A place in code that is being written: what may follow, and what was written.

    Copies are forks. A pickle has the decoder and the tokens, which are taken again where it is loaded.
    """

    _free = _functions.binverify_matcher_free

    def __init__(self, decoder: Decoder) -> None:
        """A matcher at the start of the code of a decoder."""
        self._take(decoder)
        self.decoder = decoder

    def _make(self, *made_of: Any) -> int:
        handle = c_uint64()
        check(_functions.binverify_matcher_start(made_of[0]._handle, byref(handle)))
        return handle.value

    def __copy__(self) -> "Matcher":
        return self.fork()

    def __deepcopy__(self, memo: Dict[int, Any]) -> "Matcher":
        return self.fork()

    def __getstate__(self) -> Dict[str, Any]:
        return {**super().__getstate__(), "tokens": self.tokens}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        rest = dict(state)
        tokens = rest.pop("tokens", [])
        super().__setstate__(rest)
        taken = self.try_consume_tokens(tokens)
        if taken < len(tokens):
            raise DecoderError(
                f"token {tokens[taken]} of a pickled matcher is refused: {self.explain(tokens[taken])}"
            )

    # Masks

    def fill_next_token_bitmask(self, bitmask: Any, index: int = 0) -> None:
        """Writes all of row `index`: bit t is one where token t is accepted next."""
        rows = _Rows(bitmask)
        check(_functions.binverify_matcher_fill(self._handle, rows.row(index), rows.words))

    def fill_draft_bitmasks(
        self, bitmask: Any, tokens: Sequence[int], parents: Optional[Sequence[int]] = None
    ) -> List[bool]:
        """Writes row 0 for this place and row i + 1 for that after draft token i, which follows
        token `parents[i]` (-1: this place; None: a chain). Rows after a refused token are zero.
        Tells which tokens are accepted; the matcher stays where it is."""
        rows = _Rows(bitmask)
        count = len(tokens)
        if rows.count < count + 1:
            raise BinVerifyError(f"{count + 1} rows were expected, found {rows.count}")
        if parents is not None and len(parents) != count:
            raise BinVerifyError(f"{count} parents were expected, found {len(parents)}")
        order = None if parents is None else (ctypes.c_int32 * count)(*map(_parent, parents))
        accepted = (c_uint8 * count)()
        check(
            _functions.binverify_matcher_fill_draft(
                self._handle, _ids(tokens), order, count, rows.start, rows.words, rows.stride,
                accepted,
            )
        )
        return [value == 1 for value in accepted]

    # Tokens

    def try_consume_tokens(self, tokens: Sequence[int]) -> int:
        """Takes tokens up to the first that is refused; how many."""
        accepted = c_size_t()
        ids = _ids(tokens)
        check(
            _functions.binverify_matcher_accept(self._handle, ids, len(ids), byref(accepted))
        )
        return accepted.value

    def accept_token(self, token_id: int) -> bool:
        """Takes a token; False, with nothing changed, if it is refused."""
        return self.try_consume_tokens((token_id,)) == 1

    def consume_token(self, token_id: int) -> bool:
        """As `accept_token`."""
        return self.accept_token(token_id)

    def consume_tokens(self, tokens: Sequence[int]) -> bool:
        """Takes all of the tokens, or, if one is refused, none of them."""
        taken = self.try_consume_tokens(tokens)
        if taken == len(tokens):
            return True
        self.rollback(taken)
        return False

    def validate_tokens(self, tokens: Sequence[int]) -> int:
        """How many of the tokens, from the first on, are accepted; the matcher stays where it is."""
        accepted = c_size_t()
        ids = _ids(tokens)
        check(
            _functions.binverify_matcher_validate(self._handle, ids, len(ids), byref(accepted))
        )
        return accepted.value

    def rollback(self, num_tokens: int = 1) -> None:
        """Takes back the last tokens; an error, with nothing changed, if there are fewer."""
        count = _arguments.integer("num_tokens", num_tokens, _arguments.SIZE)
        check(_functions.binverify_matcher_rollback(self._handle, count))

    def reset(self) -> None:
        """Goes back to the start."""
        check(_functions.binverify_matcher_reset(self._handle))

    def fork(self) -> "Matcher":
        """A matcher of its own at the same place."""
        handle = c_uint64()
        check(_functions.binverify_matcher_fork(self._handle, byref(handle)))
        made = Matcher.__new__(Matcher)
        made._own(handle.value, self._made_of)
        made.decoder = self.decoder
        return made

    def deep_copy(self) -> "Matcher":
        """As `fork`."""
        return self.fork()

    # Questions

    def is_terminated(self) -> bool:
        """Whether an end token was accepted."""
        return bool(self._place().is_terminated)

    def is_completed(self) -> bool:
        """Whether the code may end here."""
        return bool(self._place().is_completed)

    def is_accepting(self) -> bool:
        """As `is_completed`."""
        return self.is_completed()

    @property
    def num_tokens(self) -> int:
        """The tokens accepted, the end included."""
        return int(self._place().tokens)

    @property
    def tokens(self) -> List[int]:
        """The tokens accepted so far, the end included."""
        function = _functions.binverify_matcher_tokens
        count = c_size_t(256)
        while True:
            room = count.value
            tokens = (c_uint32 * room)()
            check(function(self._handle, tokens, room, byref(count)))
            # Another thread may have taken some meanwhile.
            if count.value <= room:
                return tokens[: count.value]

    def _place(self) -> _library.MatcherPlace:
        place = _library.MatcherPlace(ctypes.sizeof(_library.MatcherPlace))
        check(_functions.binverify_matcher_where(self._handle, byref(place)))
        return place

    def compute_ff_tokens(self, limit: int = 64) -> List[int]:
        """The tokens that must follow, since at each step there is only one; at most `limit`."""
        limit = _arguments.integer("limit", limit, _arguments.SIZE)
        tokens = (c_uint32 * limit)()
        count = c_size_t()
        check(_functions.binverify_matcher_forced(self._handle, tokens, limit, byref(count)))
        return list(tokens[: count.value])

    def compute_ff_bytes(self) -> bytes:
        """Text with which everything that may follow begins, whatever its tokens."""
        size = c_size_t()
        function = _functions.binverify_matcher_forced_text
        check(function(self._handle, None, 0, byref(size)))
        buffer = ctypes.create_string_buffer(size.value)
        check(function(self._handle, buffer, size.value, byref(size)))
        return buffer.raw[: size.value]

    def find_jump_forward_string(self) -> str:
        """`compute_ff_bytes`, a character for each byte."""
        return self.compute_ff_bytes().decode("latin-1")

    @property
    def minimum_tokens_to_complete(self) -> int:
        """A number of tokens, the end not counted, with which the code can be completed: never too few.

        It is that of the completion known to the matcher. There may be a shorter one where the machine's
        state is followed, or where tokens are budgeted and the vocabulary can spell everything.
        """
        count = c_size_t()
        check(_functions.binverify_matcher_minimum_tokens(self._handle, byref(count)))
        return count.value

    def explain(self, token_id: int) -> Optional[str]:
        """Why a token is refused here; None if it is accepted."""
        function = _functions.binverify_matcher_explain
        return _library.text(function, self._handle, _ids([token_id])[0]) or None

    @property
    def program(self) -> Program:
        """The code so far."""
        size, count = c_size_t(), c_size_t()
        function = _functions.binverify_matcher_program
        check(function(self._handle, None, 0, byref(size), None, 0, byref(count)))
        code = ctypes.create_string_buffer(size.value + 1)
        offsets = (c_size_t * count.value)()
        check(
            function(
                self._handle, code, size.value, byref(size), offsets, count.value, byref(count)
            )
        )
        return Program(code.raw[: size.value], list(offsets))


def _parent(index: int) -> int:
    return _arguments.integer("parents", index, _arguments.INT32, least=-1)


class _Rows:
    """The rows of a bitmask: a contiguous array of int32 of one or two dimensions."""

    def __init__(self, bitmask: Any) -> None:
        shape = tuple(bitmask.shape)
        if len(shape) not in (1, 2) or "int32" not in str(bitmask.dtype):
            raise BinVerifyError(
                f"rows of int32 were expected, found {bitmask.dtype} of shape {shape}"
            )
        if isinstance(bitmask, numpy.ndarray):
            strides = [size // 4 for size in bitmask.strides]
            self.start = bitmask.ctypes.data
            if not bitmask.flags.writeable:
                raise BinVerifyError("a bitmask that can be written was expected")
        else:
            if bitmask.device.type != "cpu":
                raise BinVerifyError(f"a bitmask on the CPU was expected, found {bitmask.device}")
            strides = list(bitmask.stride())
            self.start = bitmask.data_ptr()
        self.words = shape[-1]
        self.count = shape[0] if len(shape) == 2 else 1
        self.stride = strides[0] if len(shape) == 2 and self.count > 1 else self.words
        if (strides[-1] != 1 and self.words > 1) or self.stride < self.words:
            raise BinVerifyError("words that lie side by side were expected")

    def row(self, index: int) -> int:
        """Where a row begins."""
        number = _arguments.integer("row", index, self.count - 1)
        return int(self.start + 4 * number * self.stride)


def batch_fill_next_token_bitmask(
    matchers: Sequence[Matcher], bitmask: Any, indices: Optional[Sequence[int]] = None, *,
    threads: int = 0,
) -> None:
    """Writes a row for each matcher: row `indices[i]` for matcher i, or in order."""
    rows = _Rows(bitmask)
    if indices is not None and len(indices) != len(matchers):
        raise BinVerifyError(f"{len(matchers)} indices were expected, found {len(indices)}")
    check(
        _functions.binverify_matcher_fill_batch(
            _handles(matchers), len(matchers), None if indices is None else _ids(indices),
            rows.start, rows.count, rows.words, rows.stride,
            _arguments.integer("threads", threads, _arguments.UINT32),
        )
    )


def batch_accept_tokens(matchers: Sequence[Matcher], tokens: Sequence[int]) -> List[bool]:
    """One token for each matcher; which were taken."""
    ids = _ids(tokens)
    if len(ids) != len(matchers):
        raise BinVerifyError(f"{len(matchers)} tokens were expected, found {len(ids)}")
    accepted = (c_uint8 * len(ids))()
    check(
        _functions.binverify_matcher_accept_batch(_handles(matchers), len(ids), ids, accepted)
    )
    return [value == 1 for value in accepted]


def _handles(matchers: Sequence[Matcher]) -> "ctypes.Array[c_uint64]":
    return (c_uint64 * len(matchers))(*[matcher._handle for matcher in matchers])


def allocate_token_bitmask(
    batch_size: int, width: int
) -> "numpy.ndarray[Any, numpy.dtype[numpy.int32]]":
    """Rows for a number of logits, in which everything is allowed."""
    return numpy.full((batch_size, (width + 31) // 32), -1, dtype=numpy.int32)


def apply_token_bitmask_inplace(logits: Any, bitmask: Any) -> None:
    """Sets the logits of tokens that are not allowed to minus infinity: numpy arrays or torch tensors
    of the same number of rows."""
    if isinstance(logits, numpy.ndarray):
        words = numpy.asarray(bitmask).astype("<i4", copy=False)
        bits = numpy.unpackbits(
            numpy.ascontiguousarray(words).view(numpy.uint8), axis=-1, bitorder="little"
        )
        known = bits.shape[-1]
        logits[..., :known][bits[..., : logits.shape[-1]] == 0] = -numpy.inf
        logits[..., known:] = -numpy.inf
        return
    _apply_to_tensor(logits, bitmask)


def _apply_to_tensor(logits: Any, bitmask: Any) -> None:
    import torch

    words = torch.as_tensor(bitmask, device=logits.device)
    shifts = torch.arange(32, dtype=torch.int32, device=logits.device)
    bits = ((words.unsqueeze(-1) >> shifts) & 1).flatten(-2)
    known = bits.shape[-1]
    logits[..., :known].masked_fill_(bits[..., : logits.shape[-1]] == 0, float("-inf"))
    logits[..., known:] = float("-inf")
