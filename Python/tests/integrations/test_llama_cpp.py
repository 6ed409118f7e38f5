"""The sampler as llama.cpp calls it: from C, by the declarations of llama.h."""

import copy
import ctypes
import os
import pathlib
import pickle
import random
import re
import subprocess
import tempfile
import unittest

import numpy

from binverify import decode
from binverify.integrations import llama_cpp

#: Makes, uses and frees samplers as llama.cpp does; the structures are those of llama.h.
SOURCE = """
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
typedef int32_t llama_token;
typedef struct { llama_token id; float logit; float p; } llama_token_data;
typedef struct { llama_token_data *data; size_t size; int64_t selected; bool sorted; }
  llama_token_data_array;
struct llama_sampler;
struct llama_sampler_i {
  const char *(*name)(const struct llama_sampler *);
  void (*accept)(struct llama_sampler *, llama_token);
  void (*apply)(struct llama_sampler *, llama_token_data_array *);
  void (*reset)(struct llama_sampler *);
  struct llama_sampler *(*clone)(const struct llama_sampler *);
  void (*free)(struct llama_sampler *);
  bool (*backend_init)(void);
};
struct llama_sampler { struct llama_sampler_i *iface; void *ctx; };
struct llama_sampler *llama_sampler_init(struct llama_sampler_i *iface, void *ctx) {
  struct llama_sampler *made = malloc(sizeof *made);
  made->iface = iface; made->ctx = ctx;
  return made;
}
const char *test_name(struct llama_sampler *s) { return s->iface->name(s); }
int test_is_plain(struct llama_sampler *s) { return s->iface->backend_init == NULL; }
void test_accept(struct llama_sampler *s, llama_token t) { s->iface->accept(s, t); }
void test_reset(struct llama_sampler *s) { s->iface->reset(s); }
struct llama_sampler *test_clone(struct llama_sampler *s) { return s->iface->clone(s); }
void test_free(struct llama_sampler *s) { s->iface->free(s); free(s); }
void test_apply(struct llama_sampler *s, llama_token_data *data, size_t size) {
  llama_token_data_array array = {data, size, -1, true};
  s->iface->apply(s, &array);
  // Of sorted candidates llama.cpp takes the first one's logit for the greatest.
  for (size_t i = 1; array.sorted && i < size; i++)
    if (data[i].logit > data[i - 1].logit) abort();
}
"""


def library(folder):
    """That source as a shared library."""
    source = pathlib.Path(folder, "sampler.c")
    source.write_text(SOURCE)
    target = source.with_suffix(".so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", target, source], check=True)
    loaded = ctypes.CDLL(str(target))
    loaded.test_name.restype = ctypes.c_char_p
    loaded.test_clone.restype = ctypes.c_void_p
    loaded.test_apply.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    for name in ("name", "is_plain", "reset", "clone", "free"):
        getattr(loaded, "test_" + name).argtypes = [ctypes.c_void_p]
    loaded.test_accept.argtypes = [ctypes.c_void_p, ctypes.c_int32]
    return loaded


class LlamaTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.library = library(cls.folder.name)
        cls.decoder = decode.Decoder(
            "x86-64", decode.Vocabulary.raw_bytes(), maximum_instructions=3,
            allowed_mnemonics=["add", "mov", "ret"],
        )

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def allowed(self, pointer, ids):
        """The candidates that are left."""
        fields = [("id", numpy.int32), ("logit", numpy.float32), ("p", numpy.float32)]
        data = numpy.zeros(len(ids), dtype=fields)
        data["id"] = ids
        self.library.test_apply(pointer, data.ctypes.data, len(data))
        return [int(entry["id"]) for entry in data if entry["logit"] == 0]

    def test_a_chain_writes_code(self):
        chance = random.Random(1)
        sampler = llama_cpp.MaskSampler(self.decoder, self.library)
        self.assertEqual(self.library.test_name(sampler.pointer), b"binverify")
        self.assertTrue(self.library.test_is_plain(sampler.pointer))
        for _ in range(3):
            copy = self.library.test_clone(sampler.pointer)
            while not sampler.matcher.is_terminated():
                # Candidates in any order, some ruled out, some that no token has.
                ids = [t for t in range(270) if chance.random() < 0.8 or t == 256] + [-1]
                chance.shuffle(ids)
                left = self.allowed(sampler.pointer, ids)
                expected = [t for t in ids if sampler.matcher.fork().accept_token(t)]
                self.assertEqual(left, expected)
                everything = self.allowed(sampler.pointer, range(257))
                self.library.test_accept(sampler.pointer, chance.choice(everything))
            self.assertEqual(self.allowed(sampler.pointer, range(257)), [256])
            self.assertIn(0xC3, self.allowed(copy, range(257)))
            self.library.test_free(copy)
            self.library.test_reset(sampler.pointer)
        self.assertIsNone(sampler.error)
        self.library.test_free(sampler.pointer)

    def test_what_is_refused_is_told(self):
        sampler = llama_cpp.MaskSampler(self.decoder, self.library)
        self.library.test_accept(sampler.pointer, 0x06)
        self.assertIn("0x06", str(sampler.error))
        self.assertEqual(self.allowed(sampler.pointer, range(257)), [256])
        self.library.test_free(sampler.pointer)

    def test_the_logits_processor(self):
        processor = llama_cpp.MaskLogitsProcessor(self.decoder)
        scores = processor(numpy.array([1, 2, 3]), numpy.zeros(257, numpy.float32))
        self.assertEqual(scores[0xC3], 0)
        self.assertEqual(scores[256], -numpy.inf)
        scores = processor(numpy.array([1, 2, 3, 0xC3]), numpy.zeros(257, numpy.float32))
        self.assertEqual(scores[256], 0)

    def test_the_logits_processor_from_token_to_token(self):
        # Also where a call goes back, and where one that is not reset begins again.
        chance = random.Random(2)
        processor = llama_cpp.MaskLogitsProcessor(self.decoder, prompt_length=2)
        for form in (numpy.int32, numpy.int64, list):
            for start in ([], [0x89, 0xF8], []):
                matcher = self.decoder.matcher()
                self.assertTrue(matcher.consume_tokens(start))
                while not matcher.is_terminated():
                    ids = [5, 7, *matcher.tokens]
                    given = ids if form is list else numpy.array(ids, form)
                    scores = processor(given, numpy.zeros(257, numpy.float32))
                    left = numpy.flatnonzero(scores == 0).tolist()
                    self.assertEqual(left, [t for t in range(257) if matcher.fork().accept_token(t)])
                    matcher.accept_token(chance.choice(left))

    def test_copies_and_pickles(self):
        sampler = llama_cpp.MaskSampler(self.decoder, self.library)
        for function in (copy.copy, copy.deepcopy, pickle.dumps):
            with self.assertRaisesRegex(TypeError, "no copies and no pickle"):
                function(sampler)
        self.library.test_free(sampler.pointer)
        processor = llama_cpp.MaskLogitsProcessor(self.decoder)
        before = processor(numpy.array([1, 0xC3]), numpy.zeros(257, numpy.float32))
        row = numpy.array([1, 0xC3, 0xC3])
        expected = processor(row, numpy.zeros(257, numpy.float32))
        self.assertNotEqual(before.tolist(), expected.tolist())
        for copied in (copy.deepcopy(processor), pickle.loads(pickle.dumps(processor))):
            again = copied(row, numpy.zeros(257, numpy.float32))
            self.assertEqual(again.tolist(), expected.tolist())

    def test_the_header(self):
        """The declarations above are those of llama.h, where it was fetched."""
        path = os.environ.get("LLAMA_H")
        if not path:
            self.skipTest("LLAMA_H does not name llama.h: its declarations were not compared")
        text = pathlib.Path(path).read_text()
        body = re.search(r"struct llama_sampler_i \{(.*?)\n    \};", text, re.S).group(1)
        names = re.findall(r"\(\*\s*(\w+)\s*\)", re.sub(r"//.*", "", body))
        own = [name for name, _ in llama_cpp.SamplerInterface._fields_]
        self.assertEqual(names[: len(own) - 1], own[:-1])
        self.assertLessEqual(len(names) - len(own) + 1, 16)
        data = re.search(r"typedef struct llama_token_data_array \{(.*?)\}", text, re.S).group(1)
        fields = re.findall(r"(\w+);", re.sub(r"//.*", "", data))
        self.assertEqual(fields, [name for name, _ in llama_cpp.TokenDataArray._fields_])


if __name__ == "__main__":
    unittest.main()
