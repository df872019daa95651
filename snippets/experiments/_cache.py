"""Results of experiments, kept on disk under a key made of the code that gave them.

A figure, a number in the prose and the test of a claim read the same result, so they cannot
disagree. The key is found by reading the source, never by running it: a build can tell a stale
result from a fresh one without importing anything.
"""

import ast
import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("NOTE_CACHE", ROOT / ".cache"))
ADVICE = "free some space there, make it writable, or name another folder: NOTE_CACHE=/another/folder make site"
DISTRIBUTIONS = {"sklearn": "scikit-learn"}  # where the import's name is not the package's


class Late:
    """A package that is imported when something of it is used. A build that takes over what it can has no need of most."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str):
        return getattr(import_module(self._name), attribute)


np = Late("numpy")


class CacheError(OSError):
    """Nothing can be kept in the folder that it names."""

    @classmethod
    def of(cls, folder: Path, error: OSError):
        return cls(f"{folder}: cannot be written ({error.strerror}); {ADVICE}")


def experiment(function):
    """Decorator: keep what `function()` returns, a dict of numbers, strings and arrays, on disk.

    The function takes no arguments and draws from generators that it seeds itself.
    """
    topic, name = function.__module__.rpartition(".")[2], function.__name__

    @functools.wraps(function)
    def cached():
        stored = read(topic, name)
        if stored is not None:
            return stored
        path = result_path(topic, name)  # before it runs: what is edited meanwhile is not what ran
        if not _is_alike() and Path(function.__code__.co_filename).parent == Path(__file__).parent:
            _run_apart(topic, name)  # NumPy may have other loops here, or a test may have put something wrong in the place of a function
        if not is_whole(path):
            write(topic, name, function(), path)
        with np.load(path, allow_pickle=False) as kept:
            return unpacked(kept)

    return cached


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file, read once as long as the file stays as it is; not to be changed."""
    stat = path.stat()
    return _parsed(path, (stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(1024)
def _parsed(path: Path, _stamp: tuple) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def names(topic: str) -> list[str]:
    """The experiments of a topic, found by their decorator."""
    path = ROOT / "snippets" / "experiments" / f"{topic}.py"

    def found() -> list[str]:
        functions = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]
        return [f.name for f in functions if any(isinstance(d, ast.Name) and d.id == "experiment" for d in f.decorator_list)]

    return in_this_build(f"experiments of {topic}", found) if path.exists() else []


def topics(folder: str) -> list[str]:
    """The topics that have a module in `snippets/<folder>`."""
    return sorted(p.stem for p in (ROOT / "snippets" / folder).glob("*.py") if p.stem[0] != "_")


def result_path(topic: str, name: str) -> Path:
    key = code_key(f"snippets.experiments.{topic}", name)
    return CACHE / "experiments" / f"{topic}.{name}-{key}.npz"


def read(topic: str, name: str) -> dict | None:
    """The result of the experiment as its code stands now, or None where it has not run."""
    path = result_path(topic, name)
    if not is_whole(path):
        return None
    with np.load(path, allow_pickle=False) as stored:
        return unpacked(stored)


def unpacked(stored) -> dict:
    """Numbers and strings as Python has them, arrays as they are."""
    return {k: v.item() if v.ndim == 0 else v for k, v in stored.items()}


def write(topic: str, name: str, result: dict, path: Path | None = None) -> None:
    if not isinstance(result, dict):
        raise TypeError(f"experiment {topic}.{name} returns {type(result).__name__}, not a dict")
    for key, value in result.items():
        if np.asarray(value).dtype == object:
            raise TypeError(f"experiment {topic}.{name}: {key!r} is neither a number, a string nor an array")
    path = path or result_path(topic, name)
    write_whole(path, lambda file: np.savez_compressed(file, **result))


def write_whole(path: Path, fill) -> None:
    """Write a file so that nobody ever sees half of it: beside its place first, then moved. In the cache its checksum lies beside it."""
    content = io.BytesIO()
    fill(content)
    files = {path: content.getvalue()}
    if CACHE in path.parent.parents:
        files = {_sum(path): zlib.crc32(content.getbuffer()).to_bytes(4)} | files
    _write(files)


def _write(files: dict[Path, bytes]) -> None:
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
                try:
                    file.write(data)
                    file.close()
                    os.replace(file.name, path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise CacheError.of(path.parent, error) from error


def keep(path: Path, content: bytes) -> None:
    """Write a file for `kept` alone. Its checksum stands before what is in it: to begin a second file takes longer than to write it."""
    _write({path: zlib.crc32(content).to_bytes(4) + content})


def kept(path: Path) -> bytes | None:
    """What is in such a file; None where it is not there. One that is damaged is said, and taken away, so that it is made again."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(content) >= 4 and zlib.crc32(content[4:]).to_bytes(4) == content[:4]:
        return content[4:]
    _damaged(path)
    return None


def _sum(path: Path) -> Path:
    return path.with_name(f"{path.name}.sum")


def vouch(path: Path) -> None:
    """Take a file that somebody else wrote into the cache for whole as it is now."""
    _sum(path).write_bytes(zlib.crc32(path.read_bytes()).to_bytes(4))


def is_whole(path: Path) -> bool:
    """Whether a file is there as it was written. One that is damaged is said, and taken away, so that it is made again."""
    try:
        if zlib.crc32(path.read_bytes()).to_bytes(4) == _sum(path).read_bytes():
            return True
    except FileNotFoundError:
        if not path.exists():
            return False
    _damaged(path)
    return False


def _damaged(path: Path) -> None:
    print(f"{path}: damaged; made again", file=sys.stderr)
    with contextlib.suppress(OSError):  # where nothing can be taken away, writing it anew says why
        path.unlink()


def alone(folder: Path) -> int:
    """Wait until no other build works in this folder, then hold it until this process ends or closes what is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"{folder}: another build is under way there; this one begins when that has ended", flush=True)
        fcntl.flock(held, fcntl.LOCK_EX)
    return held


# The key: the function, what it uses of its module, and so on through every local import.


@dataclass
class _Statement:
    """A statement at the top of a module, and all of it that a key asks about."""

    node: ast.stmt
    binds: list[str]
    code: str  # without docstrings: they change no result
    texts: list[str]  # short strings, any of which may name a file of data
    imports: list[ast.stmt]
    attributes: list[tuple[str, str]]  # `adam.update` as ("adam", "update")
    names: list[str]  # the other names it uses


@functools.cache
def _statements(path: Path, _stamp: tuple) -> list[_Statement]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    found = []
    for node in tree.body:
        inner = list(ast.walk(node))
        based = [n for n in inner if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
        bases = {id(n.value) for n in based}
        texts = [n.value for n in inner if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        found.append(
            _Statement(
                node,
                _bindings(node),
                ast.dump(node),
                [text for text in texts if "." in text and len(text) < 100 and "\n" not in text],
                [n for n in inner if isinstance(n, ast.Import | ast.ImportFrom)],
                [(n.value.id, n.attr) for n in based],
                [n.id for n in inner if isinstance(n, ast.Name) and id(n) not in bases],
            )
        )
    return found


def _module(name: str) -> Path | None:
    """The file of a module of ours, notebooks among them, or None for anybody else's."""
    if name.split(".")[0] not in ("snippets", "docs"):
        return None
    path = ROOT.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def _bindings(statement: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import):
        return [a.asname or a.name.split(".")[0] for a in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [a.asname or a.name for a in statement.names]
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
    return []


frozen: tuple | None = None  # set during a build: its files are looked at once, and all of it sees the same


def code_key(module: str, name: str | None) -> str:
    """Hash of all code, data and versions that can change what `module.name` gives."""
    return _code_key(module, name, frozen or files())


def files() -> tuple:
    """Every file of ours and when it was written; and when a package was last installed."""
    ours = [ROOT / "snippets", ROOT / "docs" / "notebooks"]
    return (*(file for folder in ours if folder.exists() for file in _files(str(folder))), installed())


def installed() -> tuple:
    """Where packages are installed, and when one last was."""
    numpy = importlib.util.find_spec("numpy").origin
    return numpy, Path(numpy).parents[1].stat().st_mtime_ns, 0


@functools.lru_cache(4096)
def _code_key(module: str, name: str | None, files: tuple) -> str:
    known, label = _remembered(files), f"{module}:{name}"
    if label not in known:
        known[label] = _hashed(module, name)
    return known[label]


def in_this_build(label: str, make):
    """What `make()` reads of our files, as JSON has it. During a build it is read once for all builds of the very same files."""
    if not frozen:
        return make()
    known = _remembered(frozen)
    if label not in known:
        known[label] = json.loads(json.dumps(make()))  # as the next build reads it
    return known[label]


@functools.lru_cache(4)
def _remembered(files: tuple) -> dict:
    """The keys, and what else an earlier build found in the very same files."""
    try:
        stored = json.loads((CACHE / "keys.json").read_text(encoding="utf-8"))
        return dict(stored["keys"]) if stored["files"] == _digest((files, stored["keys"])) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def known() -> dict:
    """The keys, and what else was found in the files as they are, in this build or an earlier one."""
    return _remembered(frozen) if frozen else {}


def remember_keys() -> None:
    """Keep the keys of the files as they are now for the next build."""
    seen = frozen or files()
    keys = dict(_remembered(seen))
    text = json.dumps({"files": _digest((seen, keys)), "keys": keys})
    write_whole(CACHE / "keys.json", lambda file: file.write(text.encode()))


def _digest(files: tuple) -> str:
    return hashlib.sha256(repr((sys.version, files)).encode()).hexdigest()


def _files(folder: str) -> tuple:
    """Every file of a folder, each with when it was written: while these are the same, so is every key."""
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _files(entry.path) if entry.name != "__pycache__" else ()
        else:
            stat = entry.stat()
            found.append((entry.path, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def used(module: str, name: str) -> set[tuple[str, str]]:
    """The experiments that `module.name` reads, each as topic and name."""
    seen = ((of.rpartition("."), name) for of, name in _reached(module, name)[0])
    return {(topic, name) for (package, _, topic), name in seen if package == "snippets.experiments" and name in names(topic)}


def _hashed(module: str, name: str | None) -> str:
    _, parts, packages = _reached(module, name)
    for package in sorted(packages - set(sys.stdlib_module_names)):
        try:
            parts.append(f"{package} {metadata.version(DISTRIBUTIONS.get(package, package))}")
        except metadata.PackageNotFoundError:
            parts.append(f"{package} missing")
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]


def _reached(module: str, name: str | None) -> tuple[set[tuple[str, str | None]], list[str], set[str]]:
    """All that a name uses: the names of ours among it, their code and data, and the packages of others."""
    seen: set[tuple[str, str | None]] = set()
    parts: list[str] = [f"python {sys.version_info.major}.{sys.version_info.minor}", *AVX2.values()]
    packages = {"numpy"}

    def visit(module: str, name: str | None) -> None:
        """Take in one name of a module, or the whole module where `name` is None."""
        if (module, name) in seen or module == __name__:  # how results are kept changes none of them
            return
        seen.add((module, name))
        path = _module(module)
        if path is None:
            packages.add(module.split(".")[0])
            return
        stat = path.stat()
        body = _statements(path, (stat.st_mtime_ns, stat.st_size))
        binds = {bound: s for s in body for bound in s.binds}
        for statement in body if name is None else [s for s in body if name in s.binds or not s.binds]:
            if isinstance(statement.node, ast.Import | ast.ImportFrom):
                follow(statement.node, name)
                continue
            parts.append(f"{module}: {statement.code}")
            for data in (path.parent / text for text in statement.texts):
                if data.is_file():
                    parts.append(hashlib.sha256(data.read_bytes()).hexdigest())
            for node in statement.imports:
                follow(node, None)
            names = list(statement.names)
            for base, attribute in statement.attributes:
                target = imported_module(binds[base].node, base) if base in binds else None
                if target and _module(target):
                    visit(target, attribute)
                else:
                    names.append(base)
            for used in names:
                if used in binds and binds[used] is not statement:
                    visit(module, used)

    def imported_module(statement, bound: str) -> str | None:
        """The module that a top-level import binds to a name, if it does."""
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if (alias.asname or alias.name) == bound and _module(f"{statement.module}.{alias.name}"):
                    return f"{statement.module}.{alias.name}"
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.asname == bound:
                    return alias.name
        return None

    def follow(statement, only: str | None) -> None:
        """Take in what an import brings: all of it, or the one name asked for."""
        for alias in statement.names:
            if only not in (None, alias.asname or alias.name, alias.asname or alias.name.split(".")[0]):
                continue
            if isinstance(statement, ast.Import):
                visit(alias.name, None)
            elif _module(f"{statement.module}.{alias.name}"):
                visit(f"{statement.module}.{alias.name}", None)
            else:
                visit(statement.module, alias.name if _module(statement.module) else None)

    visit(module, name)
    return seen, parts, packages


# Long work: in parallel, in fresh interpreters, with its progress shown, the same bits on all processors of a family.

# One thread: many small matrices are faster so, too. The other two are what OpenBLAS and NumPy call the loops that every x86 processor
# since 2013 has: newer ones have others, which round elsewhere, and training carries a last bit far. Names of NumPy 2.4 and of older ones.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL",
}


def processor() -> str:
    """What Linux tells of it; elsewhere nothing."""
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""


def _wanted() -> dict[str, str]:
    return ONE_THREAD | (AVX2 if " avx2 " in processor() else {})


def _is_alike() -> bool:
    return _wanted().items() <= os.environ.items()


def _run_apart(topic: str, name: str) -> None:
    """Run an experiment in a process of its own, begun in `alike`."""
    import subprocess

    with alike():
        done = subprocess.run([sys.executable, "-m", "snippets.experiments", topic, name], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())


@contextlib.contextmanager
def alike():
    """NumPy gives the same bits on every x86 processor with AVX2 where it is imported in here, or in a process begun in here."""
    wanted, before = _wanted(), dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name in wanted:
            os.environ.pop(name)
            os.environ.update({name: before[name]} if name in before else {})


def where(error: BaseException) -> str:
    """`file:line` of the deepest frame in a file of ours."""
    place = "snippets"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT / "snippets") and path.name != "_cache.py":
            place = f"{path.relative_to(ROOT)}:{frame.lineno}"
    return place


def _line(topic: str, name: str) -> int:
    tree = ast.parse((ROOT / "snippets" / "experiments" / f"{topic}.py").read_text(encoding="utf-8"))
    return next((node.lineno for node in tree.body if getattr(node, "name", None) == name), 1)


def run(topic: str, name: str) -> tuple[float, str | None]:
    """Run one experiment; return its seconds and what went wrong."""
    start = time.perf_counter()
    import_module("numpy")  # before warnings are errors: it warns of names of loops that it has not
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            getattr(import_module(f"snippets.experiments.{topic}"), name)()
    except Exception as error:
        place = where(error)
        if ":" not in place:  # not raised by our code, as for a result that cannot be kept
            place = f"snippets/experiments/{topic}.py:{_line(topic, name)}"
        return 0.0, f"{place}: experiment {name} raised {type(error).__name__}: {error}"
    return time.perf_counter() - start, None


@dataclass
class Job:
    """One piece of long work."""

    call: tuple  # a function and its arguments; it returns its seconds and what went wrong
    after: set[str] = field(default_factory=set)  # the names of the jobs that it waits for, where they are among those to do


def _told(problem: str) -> str:
    return problem.partition("CacheError: ")[2] or problem  # a full disk is no fault of what was to be kept


@alike()
def in_parallel(jobs: dict[str, Job]) -> list[str]:
    """Do all jobs, each under a name such as `figure adam.race (light)`; return the problems."""
    if not jobs:
        return []
    if len(jobs) == 1 and "numpy" not in sys.modules:  # here: to start another process takes longer than most jobs
        (job,) = jobs.values()
        _, problem = job.call[0](*job.call[1:])
        return [_told(problem)] if problem else []
    import multiprocessing  # only long work needs them
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

    from rich.progress import Progress

    problems, seconds, start = [], {}, time.monotonic()
    waiting, running, said = {name: job.after & jobs.keys() for name, job in jobs.items()}, {}, start
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(os.cpu_count(), len(jobs)), spawn) as pool, Progress(transient=True) as bar:
        task = bar.add_task("", total=len(jobs))
        while waiting or running:
            ready = [name for name, others in waiting.items() if not others]
            # `used` also counts a local variable that is called like an experiment: two may seem to wait for each other.
            for name in ready if ready or running else list(waiting):
                del waiting[name]
                running[pool.submit(*jobs[name].call)] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                for others in waiting.values():
                    others.discard(name)
                seconds[name], problem = future.result()
                if problem:
                    problems.append(_told(problem))
                bar.update(task, advance=1, description=name)
                if not bar.console.is_terminal and time.monotonic() - said > 10:  # in a log a bar shows nothing until it is done
                    print(f"{len(seconds)} of {len(jobs)}, {name} just now", flush=True)
                    said = time.monotonic()
    longest = ", ".join(f"{name} {taken:.1f} s" for name, taken in sorted(seconds.items(), key=lambda item: -item[1])[:3])
    print(f"{sum(seconds.values()):.0f} s of work in {time.monotonic() - start:.0f} s; longest {longest}", flush=True)
    return sorted(problems)


def missing() -> tuple[list[tuple[str, str]], int]:
    """The experiments without a result for their code as it is now, and how many have one."""
    wanted = [(t, n) for t in topics("experiments") for n in names(t)]
    absent = [(t, n) for t, n in wanted if not is_whole(result_path(t, n))]
    return absent, len(wanted) - len(absent)


def jobs() -> dict[str, Job]:
    """Every experiment whose result is not there for its code as it is now, after those that it reads."""
    absent, reused = missing()
    print(f"experiments: {reused} reused, {len(absent)} to run", flush=True)
    return {f"experiment {t}.{n}": Job((run, t, n), after(f"snippets.experiments.{t}", n)) for t, n in absent}


def after(module: str, name: str) -> set[str]:
    """The names of the jobs that give what `module.name` reads."""
    return {f"experiment {t}.{n}" for t, n in used(module, name) if (f"snippets.experiments.{t}", n) != (module, name)}
