"""Matchers by the tokens before them, for hosts that only say what was written so far."""

from __future__ import annotations

import collections
from typing import Optional, Sequence, Tuple

from ..decode import Decoder, Matcher


class PrefixMatchers:
    """The matcher after any tokens, from the longest prefix that is known.

    The last `limit` of them are kept: beams, rejected drafts and requests in any order find their
    places again, and none of them is told of.
    """

    def __init__(self, decoder: Decoder, limit: int = 4096) -> None:
        self._decoder = decoder
        self._limit = limit
        self._known: "collections.OrderedDict[Tuple[int, ...], Optional[Matcher]]"
        self._known = collections.OrderedDict()

    def after(self, tokens: Sequence[int]) -> Optional[Matcher]:
        """The matcher after these tokens, not to be changed; None if they are refused."""
        key = tuple(tokens)
        length = len(key)
        while length > 0 and key[:length] not in self._known:
            length -= 1
        matcher = self._known.get(key[:length]) if length else self._decoder.matcher()
        if length:
            self._known.move_to_end(key[:length])
        if length < len(key) and matcher is not None:
            matcher = matcher.fork()
            if not matcher.consume_tokens(key[length:]):
                matcher = None
        self._known[key] = matcher
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return matcher
