"""The same files make the same site, byte for byte: elsewhere, later, in another language, on one core, without a network.

The note is built once from a copy of its files as it never was before, with no page, formula or card kept, and is compared with
the very site that the other tests look at. Of the experiments, notebooks and figures a sixth is made again, each day another one;
`make reproduce`, which the weekly workflow runs too, makes all of them, in both of two copies, which it builds for an address. The
small note of the faults is built for one under each of the settings below.
"""

import datetime
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import notebooks
from snippets.site.source import DOCS, ROOT
from tests.site import test_faults

SOURCES = Path("/usr/share/i18n/locales")  # of the C library's locales
NOBODY = 65534
READS_ALL = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]
ADDRESS = "https://example.org/note/"
SETTINGS = {
    "plain": {},
    "c": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
    "german": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "PYTHONHASHSEED": "2", "TZ": "Europe/Berlin", "HOME": "/dev/null/nowhere"},
    # In Turkish a small I has no dot; in Latin-5, what is written without saying that it is UTF-8 is lost. And it is long ago.
    "turkish": {"LC_ALL": "tr_TR.ISO-8859-9", "PYTHONUTF8": "0", "PYTHONHASHSEED": "3", "TZ": "Pacific/Pago_Pago"}
    | {"SOURCE_DATE_EPOCH": "981173106", "COLUMNS": "20", "NO_COLOR": "1"}
    # The loops for sums of another processor, and more threads.
    | {"OPENBLAS_CORETYPE": "SandyBridge", "OPENBLAS_NUM_THREADS": "2"},
}


def clone(folder: Path) -> Path:
    """A copy of all that git does not ignore, written long ago, with what npm installed."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()

    def left_out(at, names):
        here = [line.strip("/") for line in ignored if line[0] != "/" or Path(at) == ROOT]
        return [name for name in names if name == ".git" or any(fnmatch(name, pattern) for pattern in here)]

    shutil.copytree(ROOT, folder, ignore=left_out)
    for path in folder.rglob("*"):
        os.utime(path, (981173106, 981173106))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


ONE_CORE = """
import os, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.execv(sys.argv[1], sys.argv[1:])
"""


def build(folder: Path, site: Path, environment: dict, before: tuple[str, ...] = (), umask: int = 0o022, one_core: bool = False) -> str:
    """Build strictly with this environment and little else; return what was said."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "LOCPATH") if name in os.environ}
    own = kept | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(folder), "SITE_URL": ADDRESS} | environment
    command = [*before, "env", "-i", *(f"{name}={value}" for name, value in own.items())]  # as sudo hands on less than it is given
    command += [sys.executable, "-c", ONE_CORE] if one_core else []
    command += [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, umask=umask)
    said = run.stdout.decode(errors="replace")
    assert run.returncode == 0, said
    return said


def differences(one: Path, other: Path) -> list[str]:
    """Where two folders differ: the files that only one of them has, and the first bytes that differ in each other one."""
    left, right = ({path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} for folder in (one, other))
    found = [f"{name}: only in {one if name in left else other}" for name in sorted(left ^ right)]
    for name in sorted(left & right):
        a, b = (one / name).read_bytes(), (other / name).read_bytes()
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            found.append(f"{name}: byte {at}: {a[max(at - 40, 0) : at + 40]!r} and {b[max(at - 40, 0) : at + 40]!r}")
    return found


@functools.cache
def no_network() -> list[str] | None:
    """What to put before a command so that it has no network, on this machine and for this user."""
    user = ["setpriv", f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--init-groups"]
    alone = "import socket; assert [name for _, name in socket.if_nameindex()] == ['lo']"
    for before in ["unshare", "--net"], ["unshare", "--map-root-user", "--net"], ["sudo", "--non-interactive", "unshare", "--net", *user]:
        if shutil.which(before[0]) and not subprocess.run([*before, sys.executable, "-c", alone], capture_output=True).returncode:
            return before
    return None


def needs(condition, what: str) -> None:
    if not condition:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="session")
def locales(once) -> str:
    """A folder with locales that this system may lack."""

    def make(folder: Path) -> str:
        for name in ("de_DE.UTF-8", "tr_TR.ISO-8859-9"):
            if shutil.which("localedef") and SOURCES.exists():
                language, charset = name.split(".")
                subprocess.run(["localedef", "-i", language, "-f", charset, folder / name], capture_output=True)
        return str(folder)

    return once("locales", make)


@pytest.fixture(scope="session")
def small(once, locales):
    """`small(setting)` is the folder of the small note's site, built in its own copy under that setting."""

    def get(setting: str) -> Path:
        def make(folder: Path) -> str:
            (folder / "note").mkdir()
            test_faults.copy(folder / "note")
            build(folder / "note", folder / "site", {"LOCPATH": locales} | SETTINGS[setting])
            return str(folder / "site")

        return Path(once(f"small-{setting}", make))

    return get


@pytest.fixture
def stranger():
    """A folder that any user reaches, which those that pytest makes are not."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize("setting", ["c", "german"])
def test_a_small_note_is_the_same_under_each_setting(small, setting):
    """In Turkish the whole note is built, and the small one where its user may not write."""
    assert differences(small("plain"), small(setting)) == []


def test_the_settings_are_as_hard_as_they_say(locales):
    heard = "import locale, sys; locale.setlocale(locale.LC_ALL, ''); print(locale.getencoding(), hash('a'), sys.flags.utf8_mode)"
    said = {}
    for name in ("c", "turkish"):
        run = subprocess.run([sys.executable, "-c", heard], env={"LOCPATH": locales} | SETTINGS[name], capture_output=True, text=True)
        if name == "turkish":
            needs(not run.returncode, f"this system has no Turkish locale and cannot make one: {run.stderr[-200:]}")
        said[name] = run.stdout.split()
    assert said["c"][0] not in ("utf-8", "UTF-8")
    assert said["turkish"][0] == "ISO-8859-9"
    assert said["c"][1] != said["turkish"][1]
    assert said["c"][2] == said["turkish"][2] == "0"


def test_a_small_note_is_the_same_where_its_user_may_not_write(small, tmp_path, stranger, locales):
    """As root, by another user, who may read everything; else in a copy without a right to write."""
    note = tmp_path / "note"
    note.mkdir()
    test_faults.copy(note)
    before, out = (), stranger
    if os.getuid() == 0:
        reads = not subprocess.run([*READS_ALL, "ls", ROOT], capture_output=True).returncode if shutil.which("setpriv") else False
        needs(reads, "no other user here can be given the right to read what root alone may read, the interpreter among it")
        before = READS_ALL
        os.chown(out, NOBODY, NOBODY)
    else:
        for path in [note, *note.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
    files = {path: path.stat().st_mtime_ns for path in note.rglob("*")}
    build(note, out / "site", SETTINGS["turkish"] | {"LOCPATH": locales, "NOTE_CACHE": str(out / "cache"), "HOME": str(out)}, tuple(before))
    assert {path: path.stat().st_mtime_ns for path in note.rglob("*")} == files
    assert (out / "site/index.html").stat().st_uid == (NOBODY if before else os.getuid())
    assert differences(small("plain"), out / "site") == []


DAYS = 6


def every() -> list[tuple[str, str, str]]:
    """All that takes long: experiments, figures, and notebooks but for those that no build runs."""
    drawn = [("figures", topic, name) for topic in _cache.topics("figures") for name, _ in _draw.names(topic)]
    ran = [("notebooks", path.name, "") for path in notebooks.sources() if not notebooks.needed(path)]
    return [("experiments", topic, name) for topic in _cache.topics("experiments") for name in _cache.names(topic)] + drawn + ran


def again(day: int) -> list[tuple[str, str, str]]:
    """What is made again on this day: a part, so that in so many days it is all of it."""
    return every()[day % DAYS :: DAYS]


def files(kind: str, topic: str, name: str) -> list[Path]:
    """Where what was made lies in the cache."""
    if kind == "figures":
        return [_draw.picture_path(topic, name, theme).relative_to(_cache.CACHE) for theme in _draw.THEMES]
    path = _cache.result_path(topic, name) if kind == "experiments" else notebooks.executed(DOCS / "notebooks" / topic)
    return [path.relative_to(_cache.CACHE)]


@pytest.mark.long(200)
def test_the_whole_note_is_the_same(request, tmp_path, locales):
    needs(no_network(), "no way here to run a command without a network: neither unshare nor sudo may")
    note, site = tmp_path / "Übung, ığ 数学", tmp_path / "site"
    everything = "REPRODUCE" in os.environ
    today = every() if everything else again(datetime.date.today().toordinal())
    where = {"SITE_URL": ADDRESS if everything else os.environ.get("SITE_URL", ""), "EDIT_URL": os.environ.get("EDIT_URL", "")}
    if everything:
        first = tmp_path / "first"
        build(clone(tmp_path / "first note"), first, where)
    else:
        first = request.getfixturevalue("site")
    mine, theirs = tmp_path / "first note/.cache" if everything else _cache.CACHE, note / ".cache"
    clone(note)
    kept = dict.fromkeys(("experiments", "figures", "notebooks"), 0)
    for made in every():
        for path in files(*made) if made not in today else ():
            (theirs / path).parent.mkdir(parents=True, exist_ok=True)
            for file in (path, path.with_name(f"{path.name}.sum")):
                shutil.copy(mine / file, theirs / file)
            kept[made[0]] += 1
    (tmp_path / "home").mkdir()
    hard = SETTINGS["turkish"] | where | {"LOCPATH": locales, "HOME": str(tmp_path / "home")}
    said = build(note, site, hard, tuple(no_network()), umask=0o077, one_core=True)
    for kind, number in kept.items():
        assert f"{kind}: {number} reused" in said, said
    assert differences(first, site) == [], f"with these made again: {today}"
    for made in today:
        for path in files(*made):
            assert (mine / path).read_bytes() == (theirs / path).read_bytes(), f"{path}, made again, has other bits"


def test_a_difference_is_found_and_said(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep/same").write_bytes(b"same")
    assert differences(tmp_path / "a", tmp_path / "b") == []
    (tmp_path / "a/deep/same").write_bytes(b"sane")
    (tmp_path / "b/more").write_bytes(b"")
    assert differences(tmp_path / "a", tmp_path / "b") == [
        f"more: only in {tmp_path / 'b'}",
        "deep/same: byte 2: b'sane' and b'same'",
    ]
    (tmp_path / "b/more").unlink()
    (tmp_path / "a/deep/same").write_bytes(b"same again")
    assert differences(tmp_path / "a", tmp_path / "b") == ["deep/same: byte 4: b'same again' and b'same'"]


def test_in_so_many_days_all_is_made_again():
    days = [again(day) for day in range(DAYS)]
    assert sorted(made for day in days for made in day) == sorted(every())
    for kind in ("experiments", "figures", "notebooks"):
        counts = [sum(made[0] == kind for made in day) for day in days]
        assert sum(counts) > 0
        assert max(counts) - min(counts) <= 1
