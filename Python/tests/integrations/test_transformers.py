"""Every way of generating in transformers, with a model that knows nothing: all output is accepted."""

import copy
import pickle
import random
import unittest

import torch
import transformers

import binverify
from binverify import decode
from binverify.integrations.transformers import MaskLogitsProcessor
from tests.integrations import models

SPEC = """
(set-logic QF_BV)
(set-info :kernel "uint64_t f(uint64_t x)")
(declare-const x (_ BitVec 64))
(declare-const result (_ BitVec 64))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result x))
"""


class TransformersTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokenizer = models.tokenizer()
        cls.end = cls.tokenizer.token_to_id(models.END)
        # Some logits more than tokens, as real models have.
        cls.width = cls.tokenizer.get_vocab_size() + 8
        vocabulary = decode.Vocabulary.from_tokenizer(
            cls.tokenizer, [models.END], width=cls.width
        )
        cls.decoder = decode.Decoder(
            "x86-64", vocabulary, maximum_instructions=6, allowed_mnemonics=models.MNEMONICS
        )
        cls.model = models.model(cls.width, cls.end)
        cls.prompt = torch.tensor([[5, 9, 5, 9, 7], [5, 9, 5, 9, 7]])
        cls.codes = []

    def check(self, sequences, scores=None):
        """All sequences are complete code that the matcher and the decoder read alike."""
        for index, sequence in enumerate(sequences):
            if scores is not None and torch.isinf(scores[index]):
                continue
            tokens = sequence[self.prompt.shape[1] :].tolist()
            tokens = tokens[: tokens.index(self.end) + 1]
            matcher = self.decoder.matcher()
            self.assertTrue(matcher.consume_tokens(tokens), self.tokenizer.decode(tokens))
            self.assertTrue(matcher.is_terminated())
            code = bytes.fromhex(self.tokenizer.decode(tokens[:-1]))
            self.assertEqual(code, matcher.program.code)
            self.codes.append(code)

    def generate(self, prompt=None, **options):
        processor = MaskLogitsProcessor(self.decoder)
        prompt = self.prompt if prompt is None else prompt
        return self.model.generate(
            prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=200,
            logits_processor=transformers.LogitsProcessorList([processor]),
            return_dict_in_generate=True, **options,
        )

    def test_greedy(self):
        self.check(self.generate(do_sample=False).sequences)

    def test_sampling(self):
        torch.manual_seed(1)
        self.check(self.generate(do_sample=True, num_return_sequences=12).sequences)
        self.check(
            self.generate(do_sample=True, num_return_sequences=8, top_k=3, top_p=0.5).sequences
        )

    def test_beams(self):
        for options in (
            {"num_beams": 4, "num_return_sequences": 3},
            {"num_beams": 4, "do_sample": True},
        ):
            result = self.generate(output_scores=True, **options)
            self.assertFalse(torch.isinf(result.sequences_scores[0]))
            self.check(result.sequences, result.sequences_scores)

    def test_prompt_lookup(self):
        for sampled in (False, True):
            torch.manual_seed(2)
            result = self.generate(
                self.prompt[:1], do_sample=sampled, prompt_lookup_num_tokens=4
            )
            self.check(result.sequences)

    def test_assisted_decoding(self):
        assistant = models.model(self.width, self.end, seed=1)
        for sampled in (False, True):
            torch.manual_seed(3)
            result = self.generate(
                self.prompt[:1], do_sample=sampled, assistant_model=assistant
            )
            self.check(result.sequences)

    def test_without_the_mask_it_would_fail(self):
        torch.manual_seed(1)
        result = self.model.generate(
            self.prompt, attention_mask=torch.ones_like(self.prompt), do_sample=True,
            max_new_tokens=40,
        )
        for sequence in result:
            tokens = sequence[self.prompt.shape[1] :].tolist()
            self.assertLess(self.decoder.matcher().validate_tokens(tokens), len(tokens))

    def test_a_processor_serves_one_call(self):
        processor = MaskLogitsProcessor(self.decoder)
        scores = torch.zeros((1, self.width))
        processor(self.prompt[:1], scores)
        with self.assertRaises(ValueError):
            processor(self.prompt[:1, :3], scores)
        processor.reset()
        processor(self.prompt[:1, :3], scores)

    def test_each_row_gets_the_mask_of_its_code(self):
        # Rows that part, change places, go back and are refused.
        chance = random.Random(4)
        processor = MaskLogitsProcessor(self.decoder, prompt_length=1)
        processor = pickle.loads(pickle.dumps(copy.deepcopy(processor)))
        rows = [[] for _ in range(6)]
        for step in range(60):
            ids = torch.tensor([[0, *row] for row in rows])
            result = processor(ids, torch.zeros((len(rows), self.width)))
            for index, row in enumerate(rows):
                matcher = self.decoder.matcher()
                allowed = {self.end}
                if matcher.consume_tokens(row) and not matcher.is_terminated():
                    allowed = {t for t in range(self.width) if matcher.validate_tokens([t])}
                left = torch.isfinite(result[index]).nonzero().flatten().tolist()
                self.assertEqual(set(left), allowed)
                rows[index] = row + [chance.choice(left)]
            if step % 3 == 0:
                rows[chance.randrange(6)][-1] = chance.randrange(self.width)
            if step % 4 == 0:
                rows = [list(chance.choice(rows)) for _ in rows]
            if step % 11 == 10:
                rows = [row[: len(row) - 5] for row in rows]

    @classmethod
    def tearDownClass(cls):
        # The verifier reads what was generated: nothing is undecodable.
        with binverify.Verifier(SPEC, seconds=5) as verifier:
            results = verifier.verify_many(cls.codes[:20])
        wrong = [r.reason for r in results if "no row of the tables" in r.reason]
        assert cls.codes and not wrong, wrong


if __name__ == "__main__":
    unittest.main()
