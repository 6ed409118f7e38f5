"""The logits processor as vLLM's V1 model runner drives it, by its interface file if it was fetched."""

import inspect
import random
import types
import unittest

import torch

from tests.integrations import interfaces, models

V1 = "vllm.v1.sample.logits_processor.interface"
V2 = "vllm.v1.worker.gpu.sample.logits_processor.interface"
#: The interface as of vLLM 0.33.0, for machines that cannot fetch it.
FROZEN = {
    V1: """
import abc, dataclasses, enum
from collections.abc import Sequence
class MoveDirectionality(enum.Enum):
    UNIDIRECTIONAL = 1
    SWAP = 2
@dataclasses.dataclass(frozen=True)
class BatchUpdate:
    batch_size: int
    removed: Sequence
    added: Sequence
    moved: Sequence
class LogitsProcessor(abc.ABC):
    @classmethod
    def validate_params(cls, sampling_params): ...
    @abc.abstractmethod
    def __init__(self, vllm_config, device, is_pin_memory): ...
    @abc.abstractmethod
    def apply(self, logits): ...
    @abc.abstractmethod
    def is_argmax_invariant(self): ...
    @abc.abstractmethod
    def update_state(self, batch_update): ...
""",
    V2: """
import abc
class LogitsProcessor(abc.ABC):
    def __init__(self, vllm_config, req_states): ...
    @classmethod
    def validate_params(cls, sampling_params): ...
    def add_request(self, req_idx, sampling_params): return True
    def apply_staged_writes(self): ...
    @abc.abstractmethod
    def apply(self, logits, ctx): ...
""",
}
IS_REAL = interfaces.provide("vllm", [V1, V2])
if not IS_REAL:
    interfaces.provide_frozen("vllm", FROZEN)

from binverify.integrations import vllm as integration  # noqa: E402

CONSTRAINT = {
    "isa": "x86-64", "maximumInstructions": 3, "allowedMnemonics": models.MNEMONICS,
}


def config(**changed):
    """The parts of vLLM's configuration that matter here."""
    parts = dict(
        speculative_config=None, use_v2_model_runner=False,
        scheduler_config=types.SimpleNamespace(async_scheduling=False),
        model_config=types.SimpleNamespace(logits_processors=None),
    )
    return types.SimpleNamespace(**{**parts, **changed})


def params(argument=None):
    extra = None if argument is None else {integration.ARGUMENT: argument}
    return types.SimpleNamespace(extra_args=extra)


class Admission:
    """Admits requests as vLLM's InputProcessor does: it knows the configuration, the hook does not."""

    def __init__(self, vllm_config):
        self.vllm_config = vllm_config

    def admit(self, sampling_params):
        integration.MaskLogitsProcessor.validate_params(sampling_params)


class Tokenizer:
    """What is used of a tokenizer of transformers."""

    def __init__(self):
        self.backend_tokenizer = models.tokenizer()
        self.eos_token_id = self.backend_tokenizer.token_to_id(models.END)


class VLLMTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokenizer = Tokenizer()
        cls.width = cls.tokenizer.backend_tokenizer.get_vocab_size() + 3
        if not IS_REAL:
            print("vllm: no wheel was fetched; the frozen interface is used")

    def processor(self, **changed):
        made = integration.MaskLogitsProcessor(config(**changed), torch.device("cpu"), False)
        made._tokenizer = self.tokenizer
        return made

    def update(self, removed=(), added=(), moved=()):
        return integration.BatchUpdate(8, removed, added, moved)

    def test_it_is_what_the_entry_point_has_to_be(self):
        ours = integration.MaskLogitsProcessor
        self.assertTrue(issubclass(ours, integration.LogitsProcessor))
        self.assertTrue(issubclass(ours, integration.V2LogitsProcessor))
        self.assertFalse(inspect.isabstract(ours))
        for base in (integration.LogitsProcessor, integration.V2LogitsProcessor):
            for name, theirs in inspect.getmembers(base, inspect.isfunction):
                count = len(inspect.signature(theirs).parameters)
                arguments = [None] * count
                inspect.signature(getattr(ours, name)).bind(*arguments)

    def test_the_frozen_interface_is_the_real_one(self):
        if not IS_REAL:
            self.skipTest("no wheel of vLLM was fetched")
        for module, base in ((V1, integration.LogitsProcessor), (V2, integration.V2LogitsProcessor)):
            frozen = {}
            exec(FROZEN[module], frozen)
            for name, theirs in inspect.getmembers(frozen["LogitsProcessor"], callable):
                if name.startswith("__") and name != "__init__":
                    continue
                real = inspect.signature(getattr(base, name))
                self.assertEqual(list(real.parameters), list(inspect.signature(theirs).parameters))

    def test_requests_that_come_go_and_move(self):
        chance = random.Random(3)
        processor = self.processor()
        tokens = {index: [] for index in (0, 1, 2)}
        processor.update_state(
            self.update(added=[(0, params(CONSTRAINT), [1], tokens[0]), (1, params(), [1], tokens[1]),
                               (2, params(dict(CONSTRAINT)), None, tokens[2])])
        )
        rows = [0, 1, 2]
        for step in range(120):
            logits = torch.zeros((3, self.width))
            result = processor.apply(logits)
            for row, owner in enumerate(rows):
                allowed = torch.isfinite(result[row]).nonzero().flatten().tolist()
                if owner == 1:
                    self.assertEqual(len(allowed), self.width)
                    tokens[1].append(0)
                elif self.tokenizer.eos_token_id not in tokens[owner]:
                    tokens[owner].append(chance.choice(allowed))
            if step % 3 == 1:
                processor.update_state(
                    self.update(moved=[(0, 2, integration.MoveDirectionality.SWAP)])
                )
                rows[0], rows[2] = rows[2], rows[0]
            else:
                processor.update_state(None)
        for owner in (0, 2):
            self.assertIn(self.tokenizer.eos_token_id, tokens[owner])
            matcher = processor._decoder(CONSTRAINT).matcher()
            self.assertTrue(matcher.consume_tokens(tokens[owner]))
        processor.update_state(self.update(removed=[0, 2]))
        self.assertTrue(torch.isfinite(processor.apply(torch.zeros((3, self.width)))).all())
        self.assertFalse(processor.is_argmax_invariant())

    def test_tokens_that_came_before_are_taken(self):
        processor = self.processor()
        first = self.tokenizer.backend_tokenizer.encode("c3").ids
        processor.update_state(self.update(added=[(1, params(CONSTRAINT), [1], first)]))
        result = processor.apply(torch.zeros((2, self.width)))
        self.assertTrue(torch.isfinite(result[1, self.tokenizer.eos_token_id]))
        self.assertTrue(torch.isfinite(result[0]).all())

    def test_what_is_not_kept_is_refused(self):
        Admission(config()).admit(params())
        Admission(config()).admit(params(CONSTRAINT))
        busy = types.SimpleNamespace(async_scheduling=True)
        named = types.SimpleNamespace(logits_processors=["binverify..."])
        Admission(config(scheduler_config=busy, model_config=named)).admit(params(CONSTRAINT))
        for wrong in (
            config(speculative_config=object()), config(use_v2_model_runner=True),
            config(scheduler_config=busy), None,
        ):
            with self.assertRaises(ValueError):
                Admission(wrong).admit(params(CONSTRAINT))
            Admission(wrong).admit(params())
        for wrong in ({"isa": "z80"}, "{", 7, {**CONSTRAINT, "alphabet": "octal"}):
            with self.assertRaises((ValueError, integration_error())):
                Admission(config()).admit(params(wrong))
        with self.assertRaises(RuntimeError):
            self.processor(speculative_config=object()).update_state(
                self.update(added=[(0, params(CONSTRAINT), [1], [])])
            )
        with self.assertRaises(RuntimeError):
            self.processor().add_request(0, params(CONSTRAINT))
        self.assertFalse(self.processor().add_request(0, params()))

    def test_a_token_that_is_refused_is_loud(self):
        for tokens in ([-1], [self.tokenizer.eos_token_id]):
            processor = self.processor()
            processor.update_state(self.update(added=[(0, params(CONSTRAINT), [1], tokens)]))
            with self.assertRaises(RuntimeError):
                processor.apply(torch.zeros((1, self.width)))


def integration_error():
    import binverify

    return binverify.DecoderError


if __name__ == "__main__":
    unittest.main()
