"""`make mutants`: change one thing in a snippet and see whether its doctests and tests notice, thousands of times.

A mutant is a module whose syntax tree has one node changed. It lives in a forked process only: pytest imports and
collects once, each fork puts the mutant's code into the functions that are there already and stops at the first
failure. A test that asks for an experiment is left out: its result is kept from the code as it stands, and knows
nothing of the mutant. So is one that starts processes: they import the file, which is no mutant, and when they have an
answer depends on how busy the machine is. So no file changes, no experiment runs or is written, and a score comes out the
same twice.

`make test` runs those modules whose source or tests are no longer the ones that the score in mutants.json is of.

Why our own: cosmic-ray starts pytest for every mutant, of which 6 to 9 s go by for one of our topics until its tests
have run, 5 hours for 2,800 mutants; mutmut forks, but collects in every fork (0.4 s where a mutant here takes 0.07 to
0.15 s in all), rewrites the sources, by which the experiments are keyed, and swaps no arguments, which is what goes
wrong in formulas. The whole run takes minutes.
"""

import argparse
import ast
import copy
import gc
import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import tomllib
import types
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
RESULT, LISTED = ROOT / "tests" / "mutants.json", ROOT / "tests" / "equivalent_mutants.toml"
LEAST = 0.97
OPERATORS = {
    **{ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.Pow: [ast.Mult], ast.MatMult: [ast.Mult]},
    **{ast.FloorDiv: [ast.Div], ast.Mod: [ast.FloorDiv], ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd], ast.And: [ast.Or]},
    **{ast.Or: [ast.And], ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt]},
    **{ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn], ast.NotIn: [ast.In]},
}
SYMMETRIC = ("max", "min", "maximum", "minimum", "vdot")  # their arguments swapped are nothing new
PAIRS = "any all, minimum maximum, min max, zeros ones, zeros_like ones_like, sum mean, floor ceil, log exp, sqrt square, sin cos, var std"
NAMES = {a: b for pair in PAIRS.split(", ") for a, b in (pair.split(), reversed(pair.split()))}


def prose(node) -> bool:
    """Text that is read, such as that of an error, and a docstring: not mutated."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node.value if isinstance(node, ast.Expr) else node]
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value for part in parts)


def others(node, parameters: list[str]):
    """What a node is changed into: every yield is a mutant."""
    yield from (operator() for operator in OPERATORS.get(type(node), ()))
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield ast.Constant(2 * value or 1.0)
        case ast.Constant(value=str()):
            yield ast.Constant("mutant")
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.BoolOp(op=op, values=values):
            for i in range(len(values)):  # a condition left out
                yield ast.BoolOp(op, values[:i] + values[i + 1 :]) if len(values) > 2 else values[1 - i]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Attribute(value=value, attr=attr, ctx=context) if attr in NAMES:
            yield ast.Attribute(value, NAMES[attr], context)
        case ast.Name(id=name, ctx=ast.Load() as context) if name in parameters and len(parameters) > 1:
            yield ast.Name(parameters[(parameters.index(name) + 1) % len(parameters)], context)
        case ast.Call(func=func, args=args, keywords=keywords):
            for i in range(len(args) - 1 if getattr(func, "attr", getattr(func, "id", "")) not in SYMMETRIC else 0):
                yield ast.Call(func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], keywords)
            for i in range(len(keywords)):
                yield ast.Call(func, args, keywords[:i] + keywords[i + 1 :])
        case ast.comprehension(target=target, iter=iterable, ifs=[_, *_], is_async=is_async):
            yield ast.comprehension(target, iterable, [], is_async)
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Return() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):  # another's removal is a NameError, which proves nothing
            yield ast.Pass()


def joins(node) -> bool:
    """Whether it puts strings together: to subtract them is a TypeError, which proves nothing."""
    return isinstance(node, ast.BinOp) and any(isinstance(getattr(side, "value", None), str) for side in (node.left, node.right))


def places(node, function="", line=None, parameters=()):
    """Every (holder, key, other, function, line): with `other` put at `key` of `holder` the tree is a mutant."""
    for field, value in ast.iter_fields(node):
        holder, children = (value, list(enumerate(value))) if isinstance(value, list) else (vars(node), [(field, value)])
        for key, child in children:
            if not isinstance(child, ast.AST) or field in ("annotation", "returns", "decorator_list") or prose(child):
                continue
            inner = child if isinstance(child, ast.stmt) else line
            for other in others(child, parameters) if not (field == "op" and joins(node)) else ():
                yield holder, key, ast.copy_location(other, child), function, inner
            name, own = function, parameters
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = f"{function}.{child.name}".lstrip(".")
            if isinstance(child, ast.FunctionDef | ast.Lambda):
                own = [a.arg for a in [*child.args.args, *child.args.kwonlyargs]]
            if not isinstance(child, ast.Raise):  # what an error says is left alone
                yield from places(child, name, inner, own)


def text(statement) -> str:
    """A statement as one line, without what is indented below it."""
    head = copy.copy(statement)
    for field in {"body", "orelse"} & set(head._fields):
        setattr(head, field, [])
    return ast.unparse(head)


class Mutant(NamedTuple):
    function: str  # as `network.train.flat`
    new: str
    old: str
    place: str


def source(topic: str) -> Path:
    return ROOT / "snippets" / f"{topic}.py"


def topics() -> list[str]:
    """The snippets that need NumPy alone: TensorFlow cannot be forked, nor begun in thousands of processes."""
    return sorted({path.stem for path in (ROOT / "snippets").glob("[!_]*.py")} - {"tensorflow"})


def mutants(topic: str, tree: ast.Module):
    """Every mutant of a module; while one is looked at, the tree is its tree."""
    seen = set()
    for holder, key, other, function, line in list(places(tree)):
        old, was, holder[key] = text(line), holder[key], other
        new = text(other if isinstance(other, ast.stmt) else line)
        if (line.lineno, new) not in seen and new != old:
            yield Mutant(f"{topic}.{function}", new, old, f"snippets/{topic}.py:{line.lineno}")
        seen.add((line.lineno, new))
        holder[key] = was


def entries() -> list[tuple[str, dict]]:
    return [(kind, entry) for kind, some in tomllib.loads(LISTED.read_text(encoding="utf-8")).items() for entry in some]


def listed() -> dict[tuple[str, str], str]:
    """Mutants that live, as (function, new): "equivalent" ones, which do not count, and a "survivor", which does."""
    return {(entry["function"], new): kind for kind, entry in entries() for new in entry["new"]}


def digests(topic: str) -> dict[str, str]:
    """What a score is of: the snippet and its tests."""
    files = {"source": source(topic), "tests": ROOT / "tests" / f"test_{topic}.py"}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for name, path in files.items()}


def changed() -> list[str]:
    """The modules without a score of their source and tests as they are now."""
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    return [topic for topic in topics() if not digests(topic).items() <= kept.get(topic, {}).items()]


def put(tree: ast.Module, module: types.ModuleType) -> None:
    """Run a mutant's source in its module. The functions stay the objects that tests hold already; their code does not."""
    space = vars(module)
    before = dict(space)
    exec(compile(ast.fix_missing_locations(tree), module.__file__, "exec"), space)
    for name, old in before.items():
        new = space[name]
        if isinstance(old, types.FunctionType) and old.__module__ == module.__name__:
            old.__code__, old.__defaults__, old.__kwdefaults__, space[name] = new.__code__, new.__defaults__, new.__kwdefaults__, old


class Failed(BaseException):
    """Not to be caught by what is tested."""


class Runner:
    """A plugin that lets pytest collect, and runs the tests itself: for every mutant in a process of its own, until one fails."""

    def __init__(self, topics: list[str], workers: int):
        self.topics, self.workers, self.skipped = topics, workers, False
        self.counts, self.problems, self.listed = {}, [], listed()

    def pytest_sessionstart(self):  # not earlier: pytest wants to be the first to import Hypothesis
        from hypothesis import HealthCheck, Phase, settings

        from snippets.experiments import _cache

        _cache.read = lambda *_: pytest.skip("asks for an experiment")
        phases, quiet = [Phase.explicit, Phase.generate], list(HealthCheck)
        few = settings(None, derandomize=True, database=None, deadline=None, phases=phases, suppress_health_check=quiet, max_examples=20)
        settings.register_profile("mutants", few, report_multiple_bugs=False)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call):
        if call.excinfo is not None and not isinstance(call.excinfo.value, pytest.skip.Exception):
            raise Failed
        self.skipped |= call.excinfo is not None

    def pytest_runtestloop(self, session):
        if session.testsfailed:
            raise session.Failed("the tests cannot be collected")
        gc.freeze()  # what is not touched is not copied
        for topic in self.topics:
            self.check(topic, [test for test in session.items if test.path.stem.removeprefix("test_") == topic])
        return True

    def fork(self, tests: dict, seconds: float, prepare=lambda: None) -> tuple[int, int]:
        """Start a process that writes [the test that failed, {test: seconds}] into a pipe; return its id and the pipe."""
        read, write = os.pipe()
        process = os.fork()
        if process:
            os.close(write)
            return process, read
        said = ["before any test", {}]
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            signal.alarm(60 + int(10 * seconds))  # a deadlock takes no time of the processor,
            resource.setrlimit(resource.RLIMIT_CPU, (3 + int(5 * seconds),) * 2)  # a busy machine a lot of the clock's
            prepare()
            for said[0], test in tests.items():
                start, self.skipped, children = time.perf_counter(), False, resource.getrusage(resource.RUSAGE_CHILDREN)
                test.ihook.pytest_runtest_protocol(item=test, nextitem=None)
                alone = resource.getrusage(resource.RUSAGE_CHILDREN)[:2] == children[:2]  # no child has used the processor
                if alone and not self.skipped:
                    said[1][said[0]] = time.perf_counter() - start
            said[0] = None
        finally:  # nothing gets out of here
            os.write(write, json.dumps(said).encode())
            os._exit(0)

    def ended(self, running: dict) -> tuple:
        """Wait for a process to end: what was said to be running in it, the test that failed, or "time", or None, and the seconds."""
        pipe, what = running.pop(os.wait()[0])
        with open(pipe, "rb") as file:
            return what, *json.loads(file.read() or '["time", {}]')

    def check(self, topic: str, tests: list) -> None:
        """Run every mutant of a module."""
        begin, tree, module = time.perf_counter(), ast.parse(source(topic).read_bytes()), sys.modules[f"snippets.{topic}"]
        process, pipe = self.fork(dict(enumerate(tests)), 60)
        _, failed, seconds = self.ended({process: (pipe, None)})
        if failed is not None or not seconds:
            sys.exit(f"snippets/{topic}.py: a test fails without a mutant: {tests[failed].nodeid if isinstance(failed, int) else failed}")
        seconds = {int(i): s for i, s in seconds.items()}
        total, kills, lived, running = sum(seconds.values()), Counter(), [], {}

        def reap(most: int):
            while len(running) > most:
                mutant, failed, _ = self.ended(running)
                kills[failed] += 1
                lived.extend([mutant] if failed is None else [])

        for mutant in mutants(topic, tree):
            likely = sorted(seconds, key=lambda i: (seconds[i] + 0.001) / (1 + kills[i]))  # quick ones, and those that killed often
            process, pipe = self.fork({i: tests[i] for i in likely}, total, lambda: put(tree, module))
            running[process] = pipe, mutant
            reap(self.workers - 1)
        reap(0)
        kinds = Counter(self.listed.get(mutant[:2]) for mutant in lived)
        killed, equivalent = kills.total() - len(lived), kinds["equivalent"]
        self.counts[topic] = dict(killed=killed, all=killed + len(lived) - equivalent, equivalent=equivalent, **digests(topic))
        score = f"{killed} of {killed + len(lived) - equivalent} killed, {kills['time']} of them by the clock; {equivalent} equivalent"
        print(f"{topic}: {score}; {len(seconds)} of {len(tests)} tests, {time.perf_counter() - begin:.0f} s", flush=True)
        for mutant in lived:
            if mutant[:2] not in self.listed:
                self.problems.append(f"{mutant.place} {mutant.function} lives: {mutant.old}\n    -> {mutant.new}")
        for function, new in {key for key in self.listed if key[0].split(".")[0] == topic} - {mutant[:2] for mutant in lived}:
            self.problems.append(f"{LISTED.relative_to(ROOT)}: stale, no mutant of {function} lives as: {new}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Mutate snippets, and run their doctests and tests.")
    parser.add_argument("topics", nargs="*", default=topics(), help="modules of snippets/; without any, all")
    parser.add_argument("--changed", action="store_true", help="only those whose snippet or tests have no score as they are now")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    wanted = [topic for topic in options.topics if not options.changed or topic in changed()]
    files = [path for topic in wanted for path in (f"snippets/{topic}.py", f"tests/test_{topic}.py")]
    quiet = ["-o", "addopts=", "--import-mode=importlib", "--doctest-modules", "-s", "-qq", "-p", "no:cacheprovider", "-p", "no:randomly"]
    runner = Runner(wanted, options.workers)
    if files and pytest.main([*quiet, *files], plugins=[runner]):
        return 1
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    kept = {topic: counts for topic, counts in sorted((kept | runner.counts).items()) if topic in topics()}
    RESULT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    killed, every = (sum(counts[key] for counts in kept.values()) for key in ("killed", "all"))
    print(*runner.problems, f"{killed} of {every} mutants killed: {killed / every:.1%}", sep="\n")
    return int(bool(runner.problems) or killed < LEAST * every)


if __name__ == "__main__":
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    with tempfile.TemporaryDirectory() as folder:  # should anything be kept after all, it is kept there
        os.environ |= {"NOTE_CACHE": folder, "HYPOTHESIS_STORAGE_DIRECTORY": folder}
        sys.exit(main())
