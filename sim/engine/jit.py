"""The one typed door to numba.

Compiled code is kept on disk beside the package, or in the user's cache when that place cannot be
written; where neither can, it is compiled again in each process, which only costs time.
"""

from __future__ import annotations

import contextlib
import functools
import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import numba
import numpy as np
from llvmlite.binding import Linkage
from llvmlite.binding.newpassmanagers import create_new_module_pass_manager
from llvmlite.ir import FunctionType, PointerType
from numba.core import config, ir, types
from numba.core.analysis import compute_cfg_from_blocks, compute_use_defs, must_use_alloca
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering, NopythonTypeInference
from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[no-untyped-call]
class _PlainIndices(FunctionPass):
    """Indices of arrays are taken as they are: nobody asks whether one counts from the end."""

    _name = "plain_indices"

    def __init__(self) -> None:
        FunctionPass.__init__(self)  # type: ignore[no-untyped-call]

    def run_pass(self, state: Any) -> bool:
        """Have integer indices read as unsigned wherever an array of one dimension is indexed."""
        for block in state.func_ir.blocks.values():
            for line in block.body:
                place = getattr(line, "value", None) if isinstance(line, ir.Assign) else line
                if isinstance(place, ir.Expr | ir.SetItem) and place in state.calltypes:
                    self._take_plainly(state.calltypes, place)
        return True

    @staticmethod
    def _take_plainly(calltypes: Any, place: Any) -> None:
        call = calltypes[place]
        if isinstance(place, ir.Expr) and place.op != "getitem":
            return
        if call is None or len(call.args) < 2:
            return
        indexed, index, *value = call.args
        if isinstance(indexed, types.Array) and indexed.ndim == 1 and index in types.signed_domain:
            del calltypes[place]  # it takes no second value
            calltypes[place] = call.replace(args=(indexed, types.uint64, *value))


class _LowerValues(Lower):
    """Makes LLVM's code, in which a variable that is assigned once is a value wherever it is read.

    Numba keeps a variable that several blocks read in memory. Records of arrays have hundreds of
    values, each of which LLVM then has to find again: half of its time.
    """

    def _find_singly_assigned_variable(self) -> None:
        super()._find_singly_assigned_variable()  # type: ignore[no-untyped-call]
        blocks = self.func_ir.blocks
        assigned_in, read_in = defaultdict(list), defaultdict(list)
        for offset, block in blocks.items():
            for assignment in block.find_insts(ir.Assign):
                assigned_in[assignment.target.name].append(offset)
        for offset, names in compute_use_defs(blocks).usemap.items():  # type: ignore[no-untyped-call]
            for name in names:
                read_in[name].append(offset)
        dominators = compute_cfg_from_blocks(blocks).dominators()  # type: ignore[no-untyped-call]
        for name in assigned_in.keys() - must_use_alloca(blocks):  # type: ignore[no-untyped-call]
            first, *others = assigned_in[name]
            if not others and all(
                first in dominators[reader] and first < reader for reader in read_in[name]
            ):
                self._singly_assigned_vars.add(name)


class _LowerKernel(_LowerValues):
    """Makes a kernel's code, which copies the arguments it reads to where they lie side by side.

    An array is passed as seven words, of which a loop reads the pointer and perhaps the length. As
    they are passed, each of hundreds of pointers lies in a cache line of its own and is fetched
    from there at each use: over half of a cache of 32 kB. Copied, eight of them share a line. (The
    loop of the city, 20 days, cachegrind: 126 misses of that cache a case without, 82 with copies.)
    """

    def extract_function_arguments(self) -> Any:
        """Arguments put together as the function's types say, of copies."""
        convention = self.call_conv
        words = [self._copy(word) for word in convention.get_arguments(self.function)]
        packer = convention._get_arg_packer(self.fndesc.argtypes)
        self.fnargs = packer.from_arguments(self.builder, words)
        return self.fnargs

    def _copy(self, word: Any) -> Any:
        """A pointer that LLVM has to keep itself, as it cannot know where it is from: it has come
        through an instruction of no text. What nobody reads is left out."""
        if not isinstance(word.type, PointerType):
            return word
        same = FunctionType(word.type, [word.type])
        return self.builder.asm(same, "", "=r,0", [word], side_effect=False)


@register_pass(mutates_CFG=True, analysis_only=False)  # type: ignore[no-untyped-call]
class _KernelLowering(BaseNativeLowering):
    """The pass that makes LLVM's code of a kernel, with `_LowerKernel`."""

    _name: Any = "kernel_lowering"

    @property
    def lowering_class(self) -> Any:
        """Who makes it."""
        return _LowerKernel


@register_pass(mutates_CFG=True, analysis_only=False)  # type: ignore[no-untyped-call]
class _ValueLowering(BaseNativeLowering):
    """The pass that makes LLVM's code of a part of kernels, with `_LowerValues`."""

    _name: Any = "value_lowering"

    @property
    def lowering_class(self) -> Any:
        """Who makes it."""
        return _LowerValues


class _UnoptimisedCode(JITCodeLibrary):
    """Code of a kernel, or of a part of one, that is optimised once: when all its parts are in."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Leave each function as it is; only say how memory is laid out."""
        ll_module.data_layout = self._codegen._data_layout


class _KernelCode(_UnoptimisedCode):
    """A kernel's code: nobody else calls its parts, which stand in place of their calls."""

    def _optimize_final_module(self) -> None:
        """Put parts in place while they are small; LLVM would optimise each caller on the way."""
        for part in self._final_module.functions:
            if not part.is_declaration and part.linkage == Linkage.linkonce_odr:
                part.linkage = Linkage.internal
        passes = create_new_module_pass_manager()
        passes.add_sroa_pass()
        passes.add_instruction_combine_pass()
        passes.add_simplify_cfg_pass()
        passes.add_always_inliner_pass()
        passes.add_global_dead_code_eliminate_pass()
        builder = self._codegen._pass_builder()  # type: ignore[no-untyped-call]
        passes.run(self._final_module, builder)
        super()._optimize_final_module()  # type: ignore[no-untyped-call]


class _LinkedCode(_UnoptimisedCode):
    """Code that is linked into a kernel and never called by itself: no machine code is made."""

    class _Nowhere:
        """Where a part's surroundings are put that nobody looks up."""

        def set_env(self, name: str, surroundings: Any) -> None:
            """Forget them."""

    @property
    def codegen(self) -> Any:
        """Asked for by who wants to set surroundings."""
        return self._Nowhere()

    def _optimize_final_module(self) -> None:
        """The kernel it is a part of will be optimised."""

    def _finalize_final_module(self) -> None:
        """Linked is all it need be."""
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No address; whoever asks has it linked by that."""
        self._ensure_finalized()  # type: ignore[no-untyped-call]
        return 0


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep Python from looking for garbage: compiling makes millions of objects and little of it.

    Takes a seventh off the time to compile, and a quarter of a gigabyte more memory meanwhile.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Kernels(CompilerBase):
    """Compiles a kernel as numba does, but for indices, values, and superfluous optimising."""

    library: Any = _KernelCode
    lowering: Any = _KernelLowering

    def compile_extra(self, func: Any) -> Any:
        """Compile a function with all that it calls."""
        with _without_collecting():
            return super().compile_extra(func)  # type: ignore[no-untyped-call]

    def define_pipelines(self) -> list[Any]:
        """One pipeline, without falling back on anything slower."""
        codegen, name = self.state.targetctx.codegen(), self.state.func_id.func_qualname
        self.state.library = self.library(codegen, name)
        self.state.library.enable_object_caching()  # so that it can be kept on disk
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)  # type: ignore[no-untyped-call]
        passes.add_pass_after(_PlainIndices, NopythonTypeInference)
        passes.passes = [
            (self.lowering if step is NativeLowering else step, aim) for step, aim in passes.passes
        ]
        passes.finalize()
        return [passes]


class _SharedCode(_Kernels):
    """The same for functions that kernels call."""

    library = _LinkedCode
    lowering = _ValueLowering


OPTIONS: Final[Any] = {
    "nogil": True,
    "error_model": "numpy",
    "pipeline_class": _Kernels,
    "_nrt": False,
}
"""How kernels are compiled. They allocate nothing, so nobody need count who holds an array, and use
no index that counts from the end; asking for both took half of the fast engine's time."""


PART_OPTIONS: Final[Any] = {
    **{name: value for name, value in OPTIONS.items() if name != "nogil"},
    "pipeline_class": _SharedCode,
    "no_cfunc_wrapper": True,
}
"""The same for parts of kernels. Nobody but a kernel calls them, so they have no way in for Python
or C (a quarter of the time to compile, when each took a plan and a tape apart), and are optimised
and made into machine code only as parts of it (another fifth)."""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays; it releases the interpreter's lock while it runs.

    `kernel(f).py_func` is the plain function. With NUMBA_DISABLE_JIT=1 it stays plain.
    A kernel may not allocate, and its indices are not negative: one that were would be looked up
    outside the array.
    """
    compiled: Callable[P, R]
    try:
        compiled = numba.njit(function, cache=True, **OPTIONS)
    except RuntimeError:  # no place to keep compiled code
        compiled = numba.njit(function, **OPTIONS)
    with contextlib.suppress(AttributeError):
        files: Any = compiled._cache._cache_file  # type: ignore[attr-defined]
        files._source_stamp = _sources()  # compiled code holds parts of other files
        files._load_index = _or_else(dict, files._load_index)
        files._load_data = _or_else(_no_file, files._load_data)
        # what is read needs no knowledge of how anything is compiled; numba would gather it first,
        # and with it all of linear algebra: half of the time to a fresh process's first answer
        compiled._cache.load_overload = compiled._cache._load_overload  # type: ignore[attr-defined]
    return compiled


def _or_else(fallback: Callable[[], R], load: Callable[P, R]) -> Callable[P, R]:
    """Load what is kept on disk, and the fallback where that cannot be understood.

    What is kept names the types that a kernel was compiled for, and is unpickled before its stamp
    is looked at: code of another version, or cut off, is compiled again and not an error.
    """

    def load_or_fall_back(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return load(*args, **kwargs)
        except Exception:  # whatever unpickling may raise
            return fallback()

    return load_or_fall_back


def _no_file() -> Any:
    """As if the compiled code were not there; numba then compiles it."""
    raise FileNotFoundError


@functools.cache
def _sources() -> tuple[tuple[str, float, int], ...]:
    """Name, time and size of every file that compiled code is made of, and how it is compiled."""
    package = Path(__file__).parent.parent
    files = [*package.glob("engine/*.py"), *package.glob("plan/*.py"), package / "clock.py"]
    kinds = [("boundscheck", float(bool(getattr(config, "BOUNDSCHECK", 0))), 0)]
    with contextlib.suppress(OSError):
        stats = [(path.name, path.stat()) for path in sorted(files)]
        kinds += [(name, stat.st_mtime, stat.st_size) for name, stat in stats]
    return tuple(kinds)


def is_kept(function: Callable[P, R]) -> bool:
    """Whether a kernel's first call need not compile: its code is here already, or on disk."""
    if not isinstance(function, Dispatcher) or function.signatures:
        return True  # plain, or compiled in this process
    cache_file = getattr(getattr(function, "_cache", None), "_cache_file", None)
    if cache_file is None:  # no place to keep compiled code
        return False
    try:
        return bool(cache_file._load_index())
    except OSError:
        return False


def shared(function: Callable[P, R]) -> Callable[P, R]:
    """A plain Python function that kernels may call too: one decision, written once."""
    return register_jitable(**PART_OPTIONS, forceinline=False)(function)


def phase(function: Callable[P, R]) -> Callable[P, R]:
    """A shared function that stands in place of each call.

    Records of arrays are passed array by array, and each as seven values, so a phase of the loop
    takes more than a thousand: passing them at each event made the loop five times as long.
    """
    return register_jitable(**PART_OPTIONS, forceinline=True)(function)


def whole(value: int) -> int:
    """A constant that kernels take for a variable: each literal would be compiled for itself."""
    return np.int64(value)  # type: ignore[return-value]
