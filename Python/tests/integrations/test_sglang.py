"""The grammar backend as SGLang drives it, by its interface file if it was fetched."""

import importlib
import inspect
import random
import unittest

import torch

from tests.integrations import interfaces, models

MODULE = "sglang.srt.constrained.base_grammar_backend"
#: The interface as of SGLang 0.5.23, for machines that cannot fetch it.
FROZEN = """
class BaseGrammarObject:
    def __init__(self):
        self._finished = False
        self.grammar_stats = None
        self.current_token = None
    def maybe_init_reasoning(self, reasoning): pass
    def accept_token(self, token): raise NotImplementedError()
    def rollback(self, k): raise NotImplementedError()
    def is_terminated(self): return False
    def allocate_vocab_mask(self, vocab_size, batch_size, device): raise NotImplementedError()
    def fill_vocab_mask(self, vocab_mask, idx): raise NotImplementedError()
    @staticmethod
    def fill_vocab_mask_batched(entries, vocab_mask): ...
    @staticmethod
    def reset_vocab_mask(vocab_mask): raise NotImplementedError()
    @staticmethod
    def move_vocab_mask(vocab_mask, device): raise NotImplementedError()
    @staticmethod
    def apply_vocab_mask(logits, vocab_mask): raise NotImplementedError()
    def copy(self): return self
    def try_jump_forward(self, tokenizer): raise NotImplementedError()
    def jump_forward_str_state(self, helper): raise NotImplementedError()
    def jump_and_retokenize(self, old_output_ids, new_output_ids, next_state): ...
class InvalidGrammarObject(BaseGrammarObject):
    def __init__(self, error_message="Unknown grammar error"):
        super().__init__()
        self.error_message = error_message
class BaseGrammarBackend:
    def __init__(self):
        self.cache = {}
    def dispatch_json(self, key_string): return InvalidGrammarObject()
    def dispatch_regex(self, key_string): return InvalidGrammarObject()
    def dispatch_ebnf(self, key_string): return InvalidGrammarObject()
    def dispatch_structural_tag(self, key_string): return InvalidGrammarObject()
GRAMMAR_BACKEND_REGISTRY = {}
def register_grammar_backend(name, init_func):
    GRAMMAR_BACKEND_REGISTRY[name] = init_func
"""
IS_REAL = interfaces.provide("sglang", [MODULE])
if not IS_REAL:
    interfaces.provide_frozen("sglang", {MODULE: FROZEN})

theirs = importlib.import_module(MODULE)
from binverify.integrations import sglang as integration  # noqa: E402

CONSTRAINT = (
    '{"isa": "x86-64", "maximumInstructions": 3, "allowedMnemonics": ["mov", "neg", "ret"]}'
)


class Entry:
    """A row to fill, as SGLang's GrammarRow."""

    def __init__(self, row, grammar):
        self.row = row
        self.grammar = grammar


class SGLangTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokenizer = models.tokenizer()
        cls.end = cls.tokenizer.token_to_id(models.END)
        cls.width = cls.tokenizer.get_vocab_size() + 5
        integration.register("binverify", digits="lower")
        make = theirs.GRAMMAR_BACKEND_REGISTRY["binverify"]
        cls.backend = make(None, cls.tokenizer, cls.width, {cls.end})
        if not IS_REAL:
            print("sglang: no wheel was fetched; the frozen interface is used")

    def test_signatures(self):
        for base, ours in (
            (theirs.BaseGrammarObject, integration.MaskGrammar),
            (theirs.BaseGrammarBackend, integration.MaskGrammarBackend),
        ):
            self.assertTrue(issubclass(ours, base))
            for name, method in inspect.getmembers(base, inspect.isfunction):
                if name != "__init__":
                    self.assertEqual(
                        list(inspect.signature(method).parameters),
                        list(inspect.signature(getattr(ours, name)).parameters), name,
                    )

    def test_the_frozen_interface_is_the_real_one(self):
        if not IS_REAL:
            self.skipTest("no wheel of SGLang was fetched")
        frozen = {}
        exec(FROZEN, frozen)
        for name in ("BaseGrammarObject", "BaseGrammarBackend"):
            for method, function in inspect.getmembers(frozen[name], inspect.isfunction):
                self.assertEqual(
                    list(inspect.signature(function).parameters),
                    list(inspect.signature(getattr(getattr(theirs, name), method)).parameters),
                )

    def test_a_batch_writes_code(self):
        chance = random.Random(4)
        root = self.backend.dispatch_ebnf(CONSTRAINT)
        grammars = [root.copy() for _ in range(3)]
        mask = root.allocate_vocab_mask(self.width, 4, "cpu")
        taken = [[], [], []]
        while not all(grammar.is_terminated() for grammar in grammars):
            type(root).reset_vocab_mask(mask)
            entries = [Entry(row + 1, grammar) for row, grammar in enumerate(grammars)]
            type(root).fill_vocab_mask_batched(entries, mask)
            logits = torch.zeros((4, self.width))
            type(root).apply_vocab_mask(logits, type(root).move_vocab_mask(mask, "cpu"))
            self.assertTrue(torch.isfinite(logits[0]).all())
            for row, grammar in enumerate(grammars):
                one = torch.zeros_like(mask)
                grammar.fill_vocab_mask(one, row)
                self.assertEqual(one[row].tolist(), mask[row + 1].tolist())
                if not grammar.is_terminated():
                    allowed = torch.isfinite(logits[row + 1]).nonzero().flatten().tolist()
                    taken[row].append(chance.choice(allowed))
                    grammar.accept_token(taken[row][-1])
        for tokens in taken:
            self.assertTrue(root.matcher.fork().consume_tokens(tokens))
        self.assertFalse(root.is_terminated())

    def test_rollback_and_jumps(self):
        grammar = self.backend.dispatch_ebnf(
            '{"isa": "x86-64", "maximumInstructions": 1, "maximumBytes": 1}'
        )
        helper = grammar.try_jump_forward(None)
        self.assertEqual(grammar.jump_forward_str_state(helper), ("c3", -1))
        single = [self.tokenizer.token_to_id(digit) for digit in "c3"]
        grammar.accept_token(single[0])
        grammar.jump_and_retokenize([single[0]], single, -1)
        self.assertIsNone(grammar.try_jump_forward(None))
        grammar.rollback(2)
        with self.assertRaises(ValueError):
            grammar.accept_token(single[1])

    def test_what_cannot_be_compiled_is_invalid(self):
        for text in ("root ::= 'a'", '{"isa": "z80"}', "", '{"isa": "x86-64", "typo": 1}'):
            self.assertIsInstance(self.backend.dispatch_ebnf(text), theirs.InvalidGrammarObject)
        self.assertIsInstance(self.backend.dispatch_regex("a*"), theirs.InvalidGrammarObject)


if __name__ == "__main__":
    unittest.main()
