"""Matchers by the tokens before them, for hosts that only say what was written so far."""

from __future__ import annotations

import array
import collections
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy

from ..decode import Decoder, Matcher

#: The bytes of a token in a text.
_SIZE = 8
#: So many tokens are taken back in place, as of a draft that was rejected; before more, a matcher is forked.
_DRAFT = 64
#: The bytes at the end of a text by which it is found among others.
_END = 64 * _SIZE


class _Place:
    """A matcher in a text: at its end, or before the first token that is refused."""

    def __init__(self, matcher: Matcher, text: bytes = b"", taken: int = 0) -> None:
        self.matcher = matcher
        #: Eight bytes for each token: they are compared much faster than numbers.
        self.text = text
        #: The tokens that the matcher took.
        self.taken = taken

    @property
    def accepted(self) -> Optional[Matcher]:
        """The matcher; None if the text is refused."""
        return self.matcher if self.taken * _SIZE == len(self.text) else None

    def fork(self) -> "_Place":
        return _Place(self.matcher.fork(), self.text, self.taken)

    def go(self, text: bytes, common: int) -> None:
        """Goes to another text, of which so many tokens are as in this one."""
        is_refused = common > self.taken
        self.text = text
        if is_refused:
            return
        if common < self.taken:
            self.matcher.rollback(self.taken - common)
        self.taken = common
        if len(text) > common * _SIZE:
            self.taken += self.matcher.try_consume_tokens(array.array("q", text[common * _SIZE :]))


class _Texts:
    """Tokens as bytes, of which the first are those of the first tokens.

    A list takes much longer to convert than to compare: where it is the one before and a token more, only
    that is converted.
    """

    def __init__(self) -> None:
        #: The list before, and its first tokens as bytes: all of them, unless a signal came between.
        self._last: Tuple[List[int], bytes] = ([], b"")

    def of(self, tokens: Any) -> bytes:
        if isinstance(tokens, list):
            return self._of_list(tokens)
        if isinstance(tokens, numpy.ndarray) and tokens.dtype.kind in "iu":
            return tokens.astype(numpy.int64, copy=False).tobytes()
        return array.array("q", tokens).tobytes()

    def _of_list(self, tokens: List[int]) -> bytes:
        known, text = self._last
        known += tokens[len(known) : len(known) + 1]
        if known == tokens:
            text += array.array("q", known[len(text) // _SIZE :]).tobytes()
        else:
            known, text = list(tokens), array.array("q", tokens).tobytes()
        self._last = known, text
        return text


class PrefixMatchers:
    """The matcher after any tokens, from the longest prefix that is known.

    A matcher knows all places before it, so there is one for each sequence, which goes on with it or goes
    back; where sequences part it is forked. So beams, rejected drafts and requests in any order find
    their places, and none of them is told of. Besides those of the latest call the last `limit` are kept.

    For one thread at a time.
    """

    def __init__(self, decoder: Decoder, limit: int = 64) -> None:
        self._decoder = decoder
        self._limit = limit
        self._texts = _Texts()
        #: By their last use.
        self._known: "collections.OrderedDict[_Place, None]" = collections.OrderedDict()
        #: Those of the rows of the latest call.
        self._rows: List[_Place] = []

    def __reduce__(self) -> Tuple[Any, ...]:
        # What it knows it finds again.
        return type(self), (self._decoder, self._limit)

    def clear(self) -> None:
        """Forgets all that it knows."""
        self._texts = _Texts()
        self._known.clear()
        self._rows = []

    def after(self, tokens: Sequence[int]) -> Optional[Matcher]:
        """The matcher after these tokens, until the next call and not to be changed; None if they are
        refused."""
        return self.after_each([tokens])[0]

    def after_each(self, rows: Sequence[Sequence[int]]) -> List[Optional[Matcher]]:
        """The same for each row of a batch; those of arrays of numpy cost least."""
        texts = [self._texts.of(row) for row in rows]
        found = self._nearest_each(texts)
        users = collections.Counter(place for place, _ in found)
        self._rows = []
        for text, (place, common) in zip(texts, found):
            users[place] -= 1
            self._rows.append(self._go(text, place, common, is_shared=users[place] > 0))
        while len(self._known) > max(self._limit, len(rows)):
            self._known.popitem(last=False)
        return [place.accepted for place in self._rows]

    def _go(self, text: bytes, place: Optional[_Place], common: int, is_shared: bool) -> _Place:
        """A place at the end of a text: one that has so many of its tokens, or, if that is for others too, a
        fork of it."""
        if place is None:
            place = _Place(self._decoder.matcher())
        elif is_shared or place.taken - common > _DRAFT:
            place = place.fork()
        # Should it be left halfway, by a signal, it is not known any more.
        self._known.pop(place, None)
        place.go(text, common)
        self._known[place] = None
        return place

    def _nearest_each(self, texts: List[bytes]) -> List[Tuple[Optional[_Place], int]]:
        """For each text the place that has most of its first tokens, and how many; None if none has any."""
        found: List[Tuple[Optional[_Place], int]] = []
        ends: Dict[bytes, List[_Place]] = {}
        for index, text in enumerate(texts):
            before = text[:-_SIZE]
            # Mostly that of the same row.
            places = self._rows[index : index + 1]
            if not places or places[0].text != before or places[0] not in self._known:
                ends = ends or self._ends()
                places = [p for p in ends.get(before[-_END:], []) if p.text == before]
            found.append((places[0], len(before) // _SIZE) if places else self._nearest(text))
        return found

    def _ends(self) -> Dict[bytes, List[_Place]]:
        """The places by the ends of their texts."""
        ends: Dict[bytes, List[_Place]] = {}
        for place in self._known:
            ends.setdefault(place.text[-_END:], []).append(place)
        return ends

    def _nearest(self, text: bytes) -> Tuple[Optional[_Place], int]:
        """The same for one text, of which no place has all tokens but the last."""
        best: Optional[_Place] = None
        most = 0
        for place in reversed(self._known):
            end = slice(most * _SIZE, (most + 1) * _SIZE)
            # Only one that has the next token too is nearer.
            if text[end] == place.text[end] != b"":
                best, most = place, _common(text, place.text)
        return best, most


def _common(first: bytes, second: bytes) -> int:
    """How many of their first tokens are the same."""
    size = min(len(first), len(second))
    if first.startswith(second) or second.startswith(first):
        return size // _SIZE
    numbers = [numpy.frombuffer(text, numpy.int64, size // _SIZE) for text in (first, second)]
    return int((numbers[0] != numbers[1]).argmax())
