"""Masks in SGLang, as a grammar backend.

    import binverify.integrations.sglang
    binverify.integrations.sglang.register()          # before the server starts
    # sglang ... --grammar-backend binverify
    sampling_params = {"ebnf": '{"isa": "x86-64", "maximumInstructions": 8}'}

The text of the grammar is a constraint as JSON. Other kinds of grammar are refused.
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

import torch
from sglang.srt.constrained.base_grammar_backend import (
    BaseGrammarBackend, BaseGrammarObject, InvalidGrammarObject, register_grammar_backend,
)

from ..decode import (
    Decoder, DecoderError, Matcher, Vocabulary, apply_token_bitmask_inplace,
    batch_fill_next_token_bitmask,
)

__all__ = ["MaskGrammar", "MaskGrammarBackend", "register"]


class MaskGrammar(BaseGrammarObject):  # type: ignore[misc]
    """The code of one request."""

    def __init__(self, matcher: Matcher) -> None:
        super().__init__()
        self.matcher = matcher

    def accept_token(self, token: int) -> None:
        if self.matcher.is_terminated():
            return
        self.current_token = token
        if not self.matcher.accept_token(token):
            raise ValueError(f"token {token} is refused: {self.matcher.explain(token)}")

    def rollback(self, k: int) -> None:
        self.matcher.rollback(k)

    def is_terminated(self) -> bool:
        return self.matcher.is_terminated()

    def copy(self) -> "MaskGrammar":
        """A grammar at the start, for another request."""
        return MaskGrammar(self.matcher.decoder.matcher())

    def allocate_vocab_mask(self, vocab_size: int, batch_size: int, device: Any) -> Any:
        return torch.full((batch_size, (vocab_size + 31) // 32), -1, dtype=torch.int32)

    def fill_vocab_mask(self, vocab_mask: Any, idx: int) -> None:
        if self.matcher.is_terminated():
            vocab_mask[idx].fill_(-1)
        else:
            self.matcher.fill_next_token_bitmask(vocab_mask, idx)

    @staticmethod
    def fill_vocab_mask_batched(entries: List[Any], vocab_mask: Any) -> None:
        live = [entry for entry in entries if not entry.grammar.matcher.is_terminated()]
        if live:
            batch_fill_next_token_bitmask(
                [entry.grammar.matcher for entry in live], vocab_mask,
                [entry.row for entry in live],
            )

    @staticmethod
    def reset_vocab_mask(vocab_mask: Any) -> None:
        vocab_mask.fill_(-1)

    @staticmethod
    def move_vocab_mask(vocab_mask: Any, device: Any) -> Any:
        return vocab_mask.to(device, non_blocking=True)

    @staticmethod
    def apply_vocab_mask(logits: Any, vocab_mask: Any) -> None:
        apply_token_bitmask_inplace(logits, vocab_mask)

    def try_jump_forward(self, tokenizer: Any) -> Optional[Tuple[List[int], str]]:
        text = self.matcher.find_jump_forward_string()
        return ([], text) if text else None

    def jump_forward_str_state(self, helper: Tuple[List[int], str]) -> Tuple[str, int]:
        return helper[1], -1

    def jump_and_retokenize(
        self, old_output_ids: List[int], new_output_ids: List[int], next_state: int
    ) -> None:
        same = 0
        while same < min(len(old_output_ids), len(new_output_ids)):
            if old_output_ids[same] != new_output_ids[same]:
                break
            same += 1
        self.matcher.rollback(len(old_output_ids) - same)
        for token in new_output_ids[same:]:
            self.accept_token(token)


class MaskGrammarBackend(BaseGrammarBackend):  # type: ignore[misc]
    """Compiles constraints for a model's vocabulary."""

    def __init__(
        self, tokenizer: Any, vocab_size: int, eos_token_ids: Optional[Any] = None,
        **spelling: str,
    ) -> None:
        super().__init__()
        ends = sorted(eos_token_ids) if eos_token_ids else [tokenizer.eos_token_id]
        self._vocabulary = Vocabulary.from_tokenizer(
            tokenizer, ends, width=vocab_size, **spelling
        )

    def dispatch_ebnf(self, key_string: str) -> Any:
        try:
            return MaskGrammar(Decoder(key_string, self._vocabulary).matcher())
        except (DecoderError, ValueError) as error:
            return InvalidGrammarObject(str(error))


def register(name: str = "binverify", **spelling: str) -> None:
    """Makes `--grammar-backend NAME` ours. `spelling` is how code is written: `alphabet`, `digits`
    and `spacing` of `Vocabulary`."""

    def make(server_args: Any, tokenizer: Any, vocab_size: int, eos_token_ids: Any) -> Any:
        return MaskGrammarBackend(tokenizer, vocab_size, eos_token_ids, **spelling)

    register_grammar_backend(name, make)
