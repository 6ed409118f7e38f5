"""Masks in vLLM, for its V1 model runner.

    LLM(model, logits_processors=["binverify.integrations.vllm:MaskLogitsProcessor"])
    SamplingParams(extra_args={"binverify": {"isa": "x86-64", "maximumInstructions": 8}})

vLLM also finds it by the entry point `vllm.logits_processors`. Requests without that argument are
left alone. The tokenizer has to be a byte-level BPE; how code is spelled is said beside the
constraint: {"alphabet": "hex", "digits": "any", "spacing": "none"}.

Under speculative decoding vLLM runs no processor that it found by entry point, and only logs that;
a request would then be answered without its constraint. So a request is refused wherever its
constraint would not be kept, and wherever that cannot be told.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Dict, List, Optional, Tuple

from vllm.v1.sample.logits_processor.interface import (
    BatchUpdate, LogitsProcessor, MoveDirectionality,
)

try:
    # Plugins that are not of the V2 runner's class keep it from starting.
    from vllm.v1.worker.gpu.sample.logits_processor.interface import (
        LogitsProcessor as V2LogitsProcessor,
    )
except ImportError:
    V2LogitsProcessor = object

from ..decode import (
    Decoder, Matcher, Vocabulary, allocate_token_bitmask, apply_token_bitmask_inplace,
    batch_fill_next_token_bitmask,
)

__all__ = ["MaskLogitsProcessor"]

#: The name of the argument of a request.
ARGUMENT = "binverify"
_SPELLING = ("alphabet", "digits", "spacing")


def _split(argument: Any) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """A request's argument as a constraint and a spelling."""
    members = json.loads(argument) if isinstance(argument, str) else argument
    if not isinstance(members, dict):
        raise ValueError(f"{ARGUMENT}: a constraint was expected, found {argument!r}")
    spelling = {name: members[name] for name in _SPELLING if name in members}
    return {name: members[name] for name in members if name not in _SPELLING}, spelling


class _Request:
    """A request with a constraint: its matcher, and its growing list of tokens."""

    def __init__(self, matcher: Matcher, tokens: List[int]) -> None:
        self.matcher = matcher
        self.tokens = tokens
        self.taken = 0

    def catch_up(self) -> None:
        """Takes the tokens that came since."""
        new = self.tokens[self.taken :]
        if any(token < 0 for token in new):
            raise RuntimeError(f"{ARGUMENT}: a token is not known before the next is masked")
        if self.matcher.is_terminated():
            self.taken = len(self.tokens)
            return
        count = self.matcher.try_consume_tokens(new)
        self.taken += count
        if count < len(new) and not self.matcher.is_terminated():
            raise RuntimeError(
                f"{ARGUMENT}: token {new[count]} was sampled though it is refused: "
                f"{self.matcher.explain(new[count])}"
            )


class MaskLogitsProcessor(LogitsProcessor, V2LogitsProcessor):  # type: ignore[misc]
    """Leaves each constrained request only the tokens with which its code can be completed."""

    @classmethod
    def validate_params(cls, sampling_params: Any) -> None:
        """Refuses a request whose constraint is wrong or would not be kept."""
        argument = (sampling_params.extra_args or {}).get(ARGUMENT)
        if argument is None:
            return
        reason = _obstacle(_admitting_config())
        if reason is not None:
            raise ValueError(f"{ARGUMENT}: no constraint is kept {reason}")
        constraint, spelling = _split(argument)
        # An error in the constraint is the request's, not the engine's.
        Decoder(constraint, _units(spelling))

    def __init__(self, vllm_config: Any, device: Any, is_pin_memory: Any = None) -> None:
        self._config = vllm_config
        self._vocabularies: Dict[str, Vocabulary] = {}
        self._decoders: Dict[str, Decoder] = {}
        self._requests: Dict[int, _Request] = {}
        self._tokenizer: Any = None

    def is_argmax_invariant(self) -> bool:
        return False

    def add_request(self, req_idx: int, sampling_params: Any) -> bool:
        """The V2 runner's: takes no request with a constraint."""
        if (sampling_params.extra_args or {}).get(ARGUMENT) is not None:
            raise RuntimeError(f"{ARGUMENT}: no constraint is kept by the V2 model runner")
        return False

    def update_state(self, batch_update: Optional[BatchUpdate]) -> None:
        if batch_update is not None:
            for index in batch_update.removed:
                self._requests.pop(index, None)
            for index, params, _, tokens in batch_update.added:
                self._requests.pop(index, None)
                argument = (params.extra_args or {}).get(ARGUMENT) if params else None
                if argument is not None:
                    reason = _obstacle(self._config)
                    if reason is not None:
                        raise RuntimeError(f"{ARGUMENT}: no constraint is kept {reason}")
                    self._requests[index] = _Request(self._decoder(argument).matcher(), tokens)
            for first, second, direction in batch_update.moved:
                self._move(first, second, direction == MoveDirectionality.SWAP)

    def _move(self, first: int, second: int, swaps: bool) -> None:
        one, other = self._requests.pop(first, None), self._requests.pop(second, None)
        if one is not None:
            self._requests[second] = one
        if swaps and other is not None:
            self._requests[first] = other

    def apply(self, logits: Any, context: Any = None) -> Any:
        # Only now are all tokens known under asynchronous scheduling.
        for request in self._requests.values():
            request.catch_up()
        live = [
            (index, request.matcher) for index, request in self._requests.items()
            if not request.matcher.is_terminated()
        ]
        if not live:
            return logits
        # A vocabulary of its own for each spelling, all as wide as the logits that it was made for.
        width = max(matcher.decoder.vocabulary.width for _, matcher in live)
        mask = allocate_token_bitmask(len(live), max(width, int(logits.shape[-1])))
        batch_fill_next_token_bitmask([matcher for _, matcher in live], mask)
        rows = [index for index, _ in live]
        masked = logits[rows]
        apply_token_bitmask_inplace(masked, mask)
        logits[rows] = masked
        return logits

    def _decoder(self, argument: Any) -> Decoder:
        key = argument if isinstance(argument, str) else json.dumps(argument, sort_keys=True)
        if key not in self._decoders:
            constraint, spelling = _split(argument)
            self._decoders[key] = Decoder(constraint, self._vocabulary(spelling))
        return self._decoders[key]

    def _vocabulary(self, spelling: Dict[str, str]) -> Vocabulary:
        key = json.dumps(spelling, sort_keys=True)
        if key not in self._vocabularies:
            tokenizer = self._load_tokenizer()
            self._vocabularies[key] = Vocabulary.from_tokenizer(
                tokenizer, [tokenizer.eos_token_id], **spelling  # type: ignore[arg-type]
            )
        return self._vocabularies[key]

    def _load_tokenizer(self) -> Any:
        if self._tokenizer is None:
            from transformers import AutoTokenizer

            model = self._config.model_config
            self._tokenizer = AutoTokenizer.from_pretrained(
                model.tokenizer, revision=model.tokenizer_revision,
                trust_remote_code=model.trust_remote_code,
            )
        return self._tokenizer


def _units(spelling: Dict[str, str]) -> Vocabulary:
    """The smallest vocabulary of a spelling, to check a constraint with."""
    alphabet = spelling.get("alphabet", "hex")
    units = [b"%c" % byte for byte in range(256)]
    rest = {name: value for name, value in spelling.items() if name != "alphabet"}
    return Vocabulary(units + [None], [256], alphabet=alphabet, **rest)  # type: ignore[arg-type]


def _admitting_config() -> Any:
    """The configuration of the engine that admits a request, which vLLM does not pass: that of the
    nearest caller that has one."""
    frame = sys._getframe(1)
    while frame is not None:
        config = getattr(frame.f_locals.get("self"), "vllm_config", None)
        if config is not None:
            return config
        frame = frame.f_back  # type: ignore[assignment]
    return None


def _obstacle(config: Any) -> Optional[str]:
    """Why an engine would not keep a constraint; None if it does."""
    if config is None:
        return "where the engine's configuration cannot be told"
    if getattr(config, "speculative_config", None) is not None:
        return "under speculative decoding: turn it off"
    if getattr(config, "use_v2_model_runner", False):
        return "by the V2 model runner: set VLLM_USE_V2_MODEL_RUNNER=0"
    scheduler = getattr(config, "scheduler_config", None)
    is_named = bool(getattr(getattr(config, "model_config", None), "logits_processors", None))
    if getattr(scheduler, "async_scheduling", False) and not is_named:
        return "under asynchronous scheduling unless logits_processors names this class"
    return None
