"""Proofs of machine code, for synthesizers.

    verifier = binverify.Verifier(specification, isa="x86-64")
    for result in verifier.verify_many(candidates, workers=4):
        print(result.verdict, result.reward)

Candidates are judged in worker processes of their own, and calls release the GIL: any thread may
make them, and no candidate can crash or hang the interpreter. See Docs/Embedding.md.

`binverify.decode` has masks that let a model write only code which the verifier reads, and
`binverify.integrations` puts them into transformers, vLLM, SGLang and llama.cpp.
"""

from __future__ import annotations

import concurrent.futures
import ctypes
import dataclasses
import functools
import importlib
import json
import threading
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Tuple, TypeVar

import numpy

from . import _arguments, _library
from ._arguments import CodeBytes
from ._handles import Handled
from ._library import (
    BinVerifyError, DecoderError, SpecificationError, VacuousSpecificationError,
)

if TYPE_CHECKING:
    from . import decode as decode, integrations as integrations

__all__ = [
    "BinVerifyError", "CounterexampleBank", "DecoderError", "Obligation", "Result", "SpecificationError",
    "VacuousSpecificationError", "Verifier", "equiv", "prove", "rewards", "version",
]

#: Imported when they are first asked for.
_LATER = ("decode", "integrations")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _LATER:
            return importlib.import_module("." + name, __name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), *_LATER})


_VERDICTS = {0: "proved", 1: "refuted", 3: "inconclusive", 4: "unsupported"}


def version() -> str:
    """The library's version."""
    return str(_library.library.binverify_version().decode())


@dataclasses.dataclass(frozen=True)
class Obligation:
    """How one of the six obligations fared."""

    name: str
    #: "proved", "refuted", "inconclusive" or "undecided".
    status: str


@dataclasses.dataclass(frozen=True)
class Result:
    """What was found out about one candidate."""

    #: "proved", "refuted", "inconclusive" or "unsupported".
    verdict: str
    #: From 0 to 1, the same at every run; 1 only for what is proved.
    reward: float
    #: What is wrong or why there is no verdict; empty where it is proved.
    reason: str
    obligations: List[Obligation]
    #: The counterexample as JSON text; empty unless it was refuted, and without reports.
    counterexample_text: str = dataclasses.field(repr=False)
    #: The report as `binverify prove --json` prints it; empty without reports.
    report_text: str = dataclasses.field(repr=False)
    #: The input that refuted it, for a CounterexampleBank, if no test had; opaque text.
    failing_input: Optional[str] = dataclasses.field(default=None, repr=False)

    @property
    def counterexample(self) -> Optional[Any]:
        """The input that shows it wrong, with what the code did; None unless it was refuted, and without
        reports."""
        return json.loads(self.counterexample_text) if self.counterexample_text else None

    @property
    def report(self) -> Optional[Any]:
        """The report as Python values; None without reports."""
        return json.loads(self.report_text) if self.report_text else None

    @property
    def proved(self) -> bool:
        """Whether the code does what the specification says, for every input."""
        return self.verdict == "proved"


@dataclasses.dataclass(frozen=True)
class CounterexampleBank:
    """Inputs on which candidates failed, which those that follow are run on first.

    A value that the host keeps and passes: keep one bank for all candidates whose rewards are compared,
    and let it grow between such groups. At most 1,024 inputs count, each once.
    """

    #: In the order in which they were taken; opaque text, which may be stored.
    inputs: Tuple[str, ...] = ()

    def adding(self, results: Iterable[Result]) -> "CounterexampleBank":
        """The bank with the inputs that refuted these candidates and that no test has been."""
        found = [r.failing_input for r in results if r.failing_input is not None]
        return CounterexampleBank(tuple(dict.fromkeys((*self.inputs, *found)))[:1024])


#: Seconds, memory, tests, resource, CPU, and whether there are reports.
_Limits = Tuple[float, int, int, int, Optional[str], bool]


def _limits(
    seconds: float, memory: int, tests: int, resource: int, cpu: Optional[str], reports: bool
) -> _Limits:
    return (
        _arguments.seconds("seconds", seconds),
        _arguments.integer("memory", memory, _arguments.UINT64),
        _arguments.integer("tests", tests, _arguments.UINT32),
        _arguments.integer("resource", resource, _arguments.UINT64),
        cpu, bool(reports),
    )


def _options(limits: _Limits) -> _library.Options:
    seconds, memory, tests, resource, cpu, reports = limits
    return _library.Options(
        ctypes.sizeof(_library.Options), tests, seconds, memory, resource,
        None if cpu is None else _library.encoded(cpu), 0 if reports else 1,
    )


class Verifier(Handled):
    """Judges many candidates for one specification, from any number of threads at once.

    A pickle has the specification and the limits, and compiles them where it is loaded.
    """

    _free = _library.library.binverify_verifier_free

    def __init__(
        self, spec: str, isa: str = "x86-64", *, seconds: float = 0, memory: int = 0,
        tests: int = 0, resource: int = 0, cpu: Optional[str] = None, reports: bool = True,
    ) -> None:
        """Compiles the text of a specification; limits are for each candidate, zero for the default. `cpu` is
        the CPU that candidates are for, as `--cpu` names it: any unless given. Without `reports` results have
        no report and no counterexample, which are most of the time that wrong candidates take.

        Raises SpecificationError and VacuousSpecificationError, and ValueError for limits out of range.
        """
        self._take(None, spec, isa, isa, _limits(seconds, memory, tests, resource, cpu, reports))

    @classmethod
    def equivalence(
        cls, reference: CodeBytes, contract: str, isa: str = "x86-64", *,
        candidate_isa: Optional[str] = None, seconds: float = 0, memory: int = 0, resource: int = 0,
        cpu: Optional[str] = None, reports: bool = True,
    ) -> "Verifier":
        """A verifier of whether candidates can stand for `reference` under a C prototype, or under
        the prototype and the precondition of a specification; `cpu` is that of the candidates."""
        kept = _arguments.code_bytes("reference", reference)
        limits = _limits(seconds, memory, 0, resource, cpu, reports)
        made = cls.__new__(cls)
        made._take(kept, contract, isa, candidate_isa or isa, limits)
        return made

    def _make(self, *made_of: Any) -> int:
        reference, contract, isa, candidate_isa, limits = made_of
        handle = ctypes.c_uint64()
        text, options = _library.encoded(contract), ctypes.byref(_options(limits))
        if reference is None:
            status = _library.library.binverify_compile(
                text, _library.encoded(isa), options, ctypes.byref(handle)
            )
        else:
            status = _library.library.binverify_compile_equivalence(
                text, _library.code(reference), _library.encoded(isa), _library.encoded(candidate_isa),
                options, ctypes.byref(handle),
            )
        _library.check(status)
        return handle.value

    def close(self) -> None:
        """Ends the verifier's workers; it cannot be used afterwards."""
        self._finalizer()

    def __enter__(self) -> "Verifier":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def verify(self, code: CodeBytes, bank: CounterexampleBank = CounterexampleBank()) -> Result:
        """The result for one candidate, run on the inputs of `bank` first. Raises TypeError for what
        is not bytes."""
        return self._judge([_arguments.code_bytes("code", code)], 1, bank)[0]

    def verify_many(
        self, codes: Iterable[CodeBytes], workers: Optional[int] = None,
        bank: CounterexampleBank = CounterexampleBank(),
    ) -> List[Result]:
        """The results in the order of the candidates, which is all that their order and `workers`
        (None: one a processor) decide; candidates are run on the inputs of `bank` first. The GIL is
        released meanwhile; what a signal's handler raises is raised at once, while the batch goes on to
        its end. Raises TypeError for one code in place of several, and for a candidate that
        is not bytes."""
        if isinstance(codes, str) or _arguments.is_code(codes):
            raise TypeError(f"codes: a sequence of codes was expected, found {type(codes).__name__}")
        kept = [_arguments.code_bytes(f"code {i}", code) for i, code in enumerate(codes)]
        number = 0 if workers is None else _arguments.integer("workers", workers, 1024, least=1)
        return self._judge(kept, number, bank)

    def _judge(self, kept: List[bytes], workers: int, bank: CounterexampleBank) -> List[Result]:
        return _interruptibly(lambda: self._results(kept, workers, bank))

    def _results(self, kept: List[bytes], workers: int, bank: CounterexampleBank) -> List[Result]:
        count = len(kept)
        arguments = (_library.Code * count)(*map(_library.code, kept))
        handles = (ctypes.c_uint64 * count)()
        inputs = [_library.encoded(text) for text in bank.inputs]
        _library.check(
            _library.library.binverify_prove_batch_on(
                self._handle, (ctypes.c_char_p * len(inputs))(*inputs), len(inputs), arguments, count,
                workers, handles,
            )
        )
        try:
            room = _library.buffer()
            return [_result(handle, room) for handle in handles]
        finally:
            for handle in handles:
                _library.library.binverify_result_free(handle)


_T = TypeVar("_T")


def _interruptibly(work: Callable[[], _T]) -> _T:
    """What `work` returns. In the main thread handlers of signals run meanwhile: where one raises (Ctrl-C),
    that is raised at once, and the work goes on by itself to its end."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    outcome: concurrent.futures.Future[_T] = concurrent.futures.Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # all of them are the caller's
            outcome.set_exception(error)

    threading.Thread(target=run, name="binverify", daemon=True).start()
    return outcome.result()


def _result(handle: int, room: _library.Buffer) -> Result:
    summary = _library.Summary(ctypes.sizeof(_library.Summary))
    _library.check(_library.library.binverify_result_summary(handle, ctypes.byref(summary)))
    reason, found, report, obligations, failing = (
        _library.text(_library.library.binverify_result_text, handle, kind, room=room)
        for kind in range(5)
    )
    return Result(
        verdict=_VERDICTS[summary.verdict], reward=summary.reward,
        reason=reason,
        obligations=list(_obligations(obligations)),
        counterexample_text=found, report_text=report, failing_input=failing or None,
    )


@functools.lru_cache(maxsize=256)
def _obligations(text: str) -> Tuple[Obligation, ...]:
    return tuple(Obligation(*line.split(" ")) for line in text.splitlines())


def prove(code: CodeBytes, spec: str, isa: str = "x86-64", *, seconds: float = 0) -> Result:
    """Whether `code` does what the text of a specification says, for every input."""
    with Verifier(spec, isa, seconds=seconds) as verifier:
        return verifier.verify(code)


def equiv(
    first: CodeBytes, second: CodeBytes, contract: str, isa: str = "x86-64", *,
    second_isa: Optional[str] = None, seconds: float = 0,
) -> Result:
    """Whether `second` can stand for `first`, for every input that the contract permits."""
    codes = [_arguments.code_bytes("first", first), _arguments.code_bytes("second", second)]
    with Verifier.equivalence(
        codes[0], contract, isa, candidate_isa=second_isa, seconds=seconds
    ) as verifier:
        return verifier.verify(codes[1])


def rewards(results: Iterable[Result]) -> "numpy.ndarray[Any, numpy.dtype[numpy.float64]]":
    """The rewards as an array, for a learner."""
    return numpy.array([result.reward for result in results], dtype=numpy.float64)
