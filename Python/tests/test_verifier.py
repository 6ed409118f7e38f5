"""The package as its users see it."""

import concurrent.futures
import ctypes
import json
import multiprocessing
import os
import pathlib
import signal
import threading
import time
import unittest

import numpy

import binverify

SPEC = """
(set-logic QF_BV)
(set-info :kernel "int32_t abs32(int32_t x)")
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (ite (bvslt x #x00000000) (bvneg x) x)))
"""
RIGHT = bytes.fromhex("89f8f7d80f48c7c3")
NEGATE = bytes.fromhex("89f8f7d8c3")
ENDLESS = bytes.fromhex("ebfe")
#: Counts rcx down from 2^64 - 1: no state comes twice.
LONG = bytes.fromhex("4831c948ffc9 75fb 89f8c3".replace(" ", ""))
UNDECODABLE = bytes.fromhex("0fff")
#: Right but for 0x12345678, which no test hits.
RARE = bytes.fromhex("89f8f7d80f48c781ff78563412750231c0c3")
DIVIDE = bytes.fromhex("31c931d289f8f7f1c3")


def in_child(queue, verifier):
    queue.put(verifier.verify(RIGHT).verdict)


class VerifierTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.verifier = binverify.Verifier(SPEC, seconds=20)

    def test_proved(self):
        result = binverify.prove(RIGHT, SPEC)
        self.assertEqual((result.verdict, result.reward), ("proved", 1.0))
        self.assertTrue(result.proved)
        self.assertIsNone(result.counterexample)
        self.assertEqual({o.status for o in result.obligations}, {"proved"})
        self.assertEqual(result.report["schema"], "binverify/2/prove")

    def test_refuted(self):
        result = self.verifier.verify(NEGATE)
        self.assertEqual(result.verdict, "refuted")
        self.assertEqual(result.counterexample["obligation"], "ensures")
        x = int(result.counterexample["input"][0]["decimal"])
        self.assertGreater(x, 0)
        self.assertTrue(0.1 <= result.reward < 0.95)

    def test_order_of_rewards(self):
        codes = [RIGHT, NEGATE, DIVIDE, UNDECODABLE]
        rewards = binverify.rewards(self.verifier.verify_many(codes))
        self.assertEqual(list(rewards), sorted(rewards, reverse=True))
        self.assertEqual(len(set(rewards)), 4)
        self.assertEqual((rewards[0], rewards[3]), (1, 0))

    def test_endless_candidates_end(self):
        results = self.verifier.verify_many([ENDLESS, LONG, RIGHT], workers=1)
        self.assertEqual(results[0].verdict, "refuted")
        self.assertEqual(results[0].reason.split(":")[0], "termination")
        self.assertNotEqual(results[1].verdict, "proved")
        self.assertEqual(results[2].verdict, "proved")

    def test_counterexamples_are_tests_of_the_next(self):
        first = self.verifier.verify(RARE)
        bank = binverify.CounterexampleBank().adding([first, first, self.verifier.verify(NEGATE)])
        self.assertEqual(bank.inputs, (first.failing_input,))
        again = self.verifier.verify(RARE, bank)
        self.assertEqual((again.verdict, again.failing_input), ("refuted", None))
        self.assertLess(again.reward, first.reward)
        self.assertEqual(self.verifier.verify(RARE).reward, first.reward)
        stored = binverify.CounterexampleBank(tuple(json.loads(json.dumps(bank.inputs))))
        codes = [RARE, RIGHT]
        results = self.verifier.verify_many(codes, workers=2, bank=stored)
        self.assertEqual([r.reward for r in results], [again.reward, 1])
        with self.assertRaisesRegex(binverify.BinVerifyError, "input 0 of the bank"):
            self.verifier.verify(RIGHT, binverify.CounterexampleBank(("nonsense",)))

    def test_same_on_every_run_and_order_and_thread(self):
        codes = [NEGATE, RIGHT, UNDECODABLE, DIVIDE] * 5
        first = [(r.verdict, r.reward) for r in self.verifier.verify_many(codes, workers=1)]
        backwards = self.verifier.verify_many(codes[::-1], workers=3)
        self.assertEqual(first, [(r.verdict, r.reward) for r in backwards][::-1])
        other = binverify.Verifier(SPEC)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            threads = list(pool.map(other.verify, codes))
        self.assertEqual(first, [(r.verdict, r.reward) for r in threads])

    def test_fork(self):
        queue = multiprocessing.get_context("fork").Queue()
        child = multiprocessing.get_context("fork").Process(
            target=in_child, args=(queue, self.verifier)
        )
        child.start()
        self.assertEqual(self.verifier.verify(RIGHT).verdict, "proved")
        self.assertEqual(queue.get(timeout=60), "proved")
        child.join()
        self.assertEqual(self.verifier.verify(RIGHT).verdict, "proved")

    def test_handlers_run_meanwhile(self):
        class Interrupted(Exception):
            pass

        def interrupt(*_):
            raise Interrupted

        verifier = binverify.Verifier(SPEC, seconds=2)
        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with self.assertRaises(Interrupted):
                verifier.verify_many([LONG + bytes(n) for n in range(60)], workers=1)
            # The batch is not waited for.
            batch = [t for t in threading.enumerate() if t.name == "binverify"]
            self.assertEqual(len(batch), 1)
            batch[0].join()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(verifier.verify(RIGHT).verdict, "proved")

    def test_killed_workers_are_replaced(self):
        verifier = binverify.Verifier(SPEC)
        mine = [int(p) for p in os.listdir("/proc") if p.isdigit() and self.is_worker(int(p))]
        self.assertTrue(mine)
        for process in mine:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
        self.assertEqual(verifier.verify(RIGHT).verdict, "proved")

    @staticmethod
    def is_worker(process):
        try:
            folder = pathlib.Path(f"/proc/{process}")
            parent = (folder / "stat").read_text().rsplit(") ", 1)[1].split()[1]
            line = (folder / "cmdline").read_text()
        except OSError:
            return False
        return int(parent) == os.getpid() and line.endswith("--binverify-worker\0")

    def test_handlers_stay(self):
        before = signal.getsignal(signal.SIGINT)
        self.verifier.verify(RIGHT)
        self.assertIs(signal.getsignal(signal.SIGINT), before)

    def test_equivalence(self):
        prototype = "int32_t f(int32_t x)"
        same = binverify.equiv(RIGHT, RIGHT, prototype)
        self.assertEqual((same.verdict, same.reward), ("proved", 1.0))
        differing = binverify.equiv(RIGHT, NEGATE, prototype)
        self.assertEqual(differing.verdict, "refuted")
        self.assertEqual(differing.report["verdict"], "different")
        self.assertIn("second", json.dumps(differing.counterexample))

    def test_reports_and_cpus(self):
        with binverify.Verifier(SPEC, reports=False, cpu="x86-64-v1") as silent:
            wrong = silent.verify(NEGATE)
            self.assertEqual((wrong.verdict, wrong.reward), ("refuted", self.verifier.verify(NEGATE).reward))
            self.assertIsNone(wrong.report)
            self.assertIsNone(wrong.counterexample)
            self.assertTrue(wrong.reason)
            # andn eax, ecx, edi
            self.assertEqual(silent.verify(bytes.fromhex("c4e270f2c7c3")).verdict, "unsupported")
        with self.assertRaisesRegex(binverify.BinVerifyError, "z80"):
            binverify.Verifier(SPEC, cpu="z80")

    def test_errors(self):
        with self.assertRaisesRegex(binverify.SpecificationError, r"^specification:\d+:\d+: error"):
            binverify.Verifier("(set-logic QF_BV")
        with self.assertRaises(binverify.VacuousSpecificationError):
            binverify.Verifier(SPEC.replace("Bool true", "Bool false"))
        with self.assertRaisesRegex(binverify.BinVerifyError, "x86-64 or arm64"):
            binverify.Verifier(SPEC, isa="z80")
        with self.assertRaises(binverify.BinVerifyError):
            self.verifier.verify_many([RIGHT], workers=-1)
        closed = binverify.Verifier(SPEC)
        closed.close()
        with self.assertRaises(binverify.BinVerifyError):
            closed.verify(RIGHT)

    def test_code_is_any_buffer_of_bytes(self):
        array = numpy.frombuffer(RIGHT, numpy.uint8)
        codes = [
            bytearray(RIGHT), memoryview(RIGHT), memoryview(RIGHT).cast("c"), array,
            array.view(numpy.int8), numpy.array([array, array])[1], (ctypes.c_uint8 * 8)(*RIGHT),
        ]
        for result in self.verifier.verify_many(codes):
            self.assertEqual(result.verdict, "proved")
        # Each row is a code; so is each item of a list, a generator or an array of objects.
        for several in (
            numpy.array([array, array]), (code for code in [RIGHT, RIGHT]),
            numpy.array([RIGHT, RIGHT], dtype=object),
        ):
            verdicts = [result.verdict for result in self.verifier.verify_many(several)]
            self.assertEqual(verdicts, ["proved", "proved"])
        self.assertTrue(binverify.equiv(array, bytearray(RIGHT), "int32_t f(int32_t x)").proved)

    def test_what_is_no_code(self):
        array = numpy.frombuffer(RIGHT + RIGHT, numpy.uint8)
        for wrong, found in (
            (5, "int"), (0, "int"), (True, "bool"), (None, "NoneType"), (RIGHT.hex(), "str"),
            (list(RIGHT), "list"), (array.astype(numpy.int64), "ndarray with items of format 'l'"),
            (array.astype(bool), "ndarray with items of format '?'"), (array[0], "uint8 of 0 dim"),
            (array.reshape(2, 8), "ndarray of 2 dimensions"), (array[::2], "ndarray whose bytes"),
            (memoryview(RIGHT).cast("I"), "memoryview with items of format 'I'"),
            (numpy.array(["2000-01-01"], "M8[s]"), "ndarray"),
        ):
            self.check_type("^code: bytes.* expected, found " + found, self.verifier.verify, wrong)
            self.check_type("^code: bytes", binverify.prove, wrong, SPEC)
            self.check_type("^code 1: bytes", self.verifier.verify_many, [RIGHT, wrong])
            prototype = "int32_t f(int32_t x)"
            self.check_type("^reference: bytes", binverify.Verifier.equivalence, wrong, prototype)
            self.check_type("^first: bytes", binverify.equiv, wrong, RIGHT, prototype)
            self.check_type("^second: bytes", binverify.equiv, RIGHT, wrong, prototype)

    def test_one_code_is_no_sequence_of_codes(self):
        array = numpy.frombuffer(RIGHT, numpy.uint8)
        for wrong in (RIGHT, b"", bytearray(RIGHT), memoryview(RIGHT), array, array[:0], "", "c3"):
            self.check_type("^codes: a sequence of codes was", self.verifier.verify_many, wrong)
        self.check_type("^code 0: bytes", self.verifier.verify_many, array.astype(numpy.int64))
        self.check_type("not iterable", self.verifier.verify_many, 5)

    def test_numbers_are_not_cut_off(self):
        for name, greatest in (("tests", 2**32 - 1), ("memory", 2**64 - 1), ("resource", 2**64 - 1)):
            for wrong in (-1, greatest + 1, greatest + 2, -(2**70)):
                expected = f"^{name}: an integer from 0 to {greatest} was expected, found {wrong}$"
                with self.assertRaisesRegex(ValueError, expected):
                    binverify.Verifier(SPEC, **{name: wrong})
            for wrong in (1.0, True, "1", None, numpy.float64(1)):
                self.check_type(
                    f"^{name}: an integer was", binverify.Verifier, SPEC, **{name: wrong})
        prototype = "int32_t f(int32_t x)"
        for wrong in (-1, float("nan"), float("inf"), 10**400):
            for call in (
                lambda: binverify.Verifier(SPEC, seconds=wrong),
                lambda: binverify.prove(RIGHT, SPEC, seconds=wrong),
                lambda: binverify.equiv(RIGHT, RIGHT, prototype, seconds=wrong),
            ):
                with self.assertRaisesRegex(ValueError, "^seconds: a finite number of 0 or more"):
                    call()
        for wrong in (True, "1", None):
            self.check_type("^seconds: a number was", binverify.Verifier, SPEC, seconds=wrong)
        with self.assertRaisesRegex(ValueError, "^memory: an integer from 0"):
            binverify.Verifier.equivalence(RIGHT, prototype, memory=-1)
        for wrong in (-1, 0, 1025, 2**32 + 1):
            with self.assertRaisesRegex(ValueError, "^workers: an integer from 1 to 1024"):
                self.verifier.verify_many([RIGHT], workers=wrong)
        for wrong in (1.5, True, "1"):
            self.check_type("^workers: an int", self.verifier.verify_many, [RIGHT], workers=wrong)
        # Out of range is an error of the package's too, and numbers of numpy are numbers.
        with self.assertRaises(binverify.BinVerifyError):
            binverify.Verifier(SPEC, tests=-1)
        limits = {"tests": numpy.int64(4), "memory": numpy.uint64(2**30), "seconds": numpy.float32(9)}
        with binverify.Verifier(SPEC, **limits) as verifier:
            self.assertTrue(verifier.verify_many([RIGHT], workers=numpy.int8(1))[0].proved)

    def check_type(self, words, function, *arguments, **options):
        """A call is a TypeError that says this."""
        with self.assertRaisesRegex(TypeError, words):
            function(*arguments, **options)

    def test_empty_and_large(self):
        self.assertEqual(self.verifier.verify_many([]), [])
        self.assertEqual(self.verifier.verify(b"").reward, 0)
        self.assertEqual(self.verifier.verify(b"\x90" * 100_000).verdict, "unsupported")


if __name__ == "__main__":
    unittest.main()
