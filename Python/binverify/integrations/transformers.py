"""Masks in `generate` of Hugging Face transformers.

    processor = MaskLogitsProcessor(decoder)
    model.generate(prompt, logits_processor=LogitsProcessorList([processor]), do_sample=True)

transformers tells a processor nothing but the tokens so far, so its state is a matcher for each
prefix: greedy search, sampling, beams, prompt look-up and assisted decoding all work.
"""

from __future__ import annotations

from typing import Any, Optional

import torch
from transformers import LogitsProcessor

from ..decode import Decoder, allocate_token_bitmask, apply_token_bitmask_inplace
from ._prefixes import PrefixMatchers

__all__ = ["MaskLogitsProcessor"]


class MaskLogitsProcessor(LogitsProcessor):
    """Leaves only the tokens with which the code can be completed.

    Code begins after the prompt. One processor serves one call of `generate`; for another one, call
    `reset` or make another processor. The vocabulary of the decoder needs an end token, which has to be the
    model's. After a text that is refused (a rejected draft, a beam of no weight) and after the end
    only end tokens are left, so that there is always something to draw.
    """

    def __init__(self, decoder: Decoder, prompt_length: Optional[int] = None) -> None:
        """`prompt_length` is the number of tokens before the code, padding included; None takes
        that of the first call."""
        self._prefixes = PrefixMatchers(decoder)
        self._width = decoder.vocabulary.width
        self._ends = decoder.vocabulary.end_tokens
        if not self._ends:
            raise ValueError("a vocabulary with an end token was expected")
        self._asked_length = prompt_length
        self._prompt_length = prompt_length

    def reset(self) -> None:
        """Makes it ready for another call of `generate`."""
        self._prompt_length = self._asked_length
        self._prefixes.clear()

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        if self._prompt_length is None:
            self._prompt_length = int(input_ids.shape[1])
        if input_ids.shape[1] < self._prompt_length:
            raise ValueError(
                f"at least {self._prompt_length} tokens were expected, found {input_ids.shape[1]}: "
                "a processor that served another call of generate has to be reset"
            )
        rows = input_ids[:, self._prompt_length :].cpu().numpy()
        mask = allocate_token_bitmask(len(rows), self._width)
        for index, matcher in enumerate(self._prefixes.after_each(rows)):
            if matcher is None or matcher.is_terminated():
                self._leave_ends(mask[index])
            else:
                matcher.fill_next_token_bitmask(mask, index)
        scores = scores.clone()
        apply_token_bitmask_inplace(scores, torch.from_numpy(mask))
        for index in range(len(rows)):
            self._keep_one(scores[index], mask[index])
        return scores

    def _leave_ends(self, row: Any) -> None:
        row[:] = 0
        for token in self._ends:
            row[token >> 5] |= 1 << (token & 31) if token & 31 < 31 else -(1 << 31)

    def _keep_one(self, scores: Any, row: Any) -> None:
        """A row in which an earlier processor ruled out all that the mask allows gets the mask."""
        if torch.isneginf(scores).all():
            scores.zero_()
            apply_token_bitmask_inplace(scores.unsqueeze(0), torch.from_numpy(row).unsqueeze(0))
