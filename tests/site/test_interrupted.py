"""A build that is killed, that meets another one, a full disk or a damaged file: the next is right, or says what to do."""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.site import test_faults
from tests.site.test_same_bytes import differences

KILLS = 20
KINDS = ("experiments", "figures", "formulas", "checked", "source", "notebooks", "notebooks/html", "pages", "templates", ".")


CHECKED = "\n$$\ny = 3 x\n$$\n<!-- checked: toy.step\ngiven x = rng.normal()\ny = toy.step(x)\n-->\n"


def copy(folder: Path) -> None:
    """The small note, and a formula that is compared with its code, which is kept too."""
    test_faults.copy(folder)
    with (folder / "docs/index.md").open("a", encoding="utf-8") as page:
        page.write(CHECKED)


LIMITED = """
import os, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
os.execv(sys.argv[2], sys.argv[2:])
"""  # not by a function between fork and exec, which is not safe where a library has begun threads


def start(note: Path, *arguments: str, limit: int | None = None, **environment: str) -> subprocess.Popen:
    """Begin a strict build in a process group of its own; no file of it may be longer than the limit."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_", "NOTE_CACHE"))}
    limited = [sys.executable, "-c", LIMITED, str(limit)] if limit else []
    return subprocess.Popen(
        [*limited, sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=note,
        env=own | test_faults.ENVIRONMENT | {"PYTHONPATH": str(note)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def end(build: subprocess.Popen) -> str:
    said = build.communicate(timeout=300)[0]
    return f"exit {build.returncode}\n{said}"


@pytest.fixture(scope="session")
def built(once) -> Path:
    """The small note, and in site/ what its first build made."""

    def make(folder: Path) -> str:
        copy(folder)
        begun = time.monotonic()
        said = end(start(folder))
        assert said.startswith("exit 0\n"), said
        assert "WARNING" not in said, said
        (folder / "seconds").write_text(str(time.monotonic() - begun))
        return str(folder)

    return Path(once("whole", make))


def test_the_small_note_is_right(built):
    """So the faults that are put into it elsewhere are all that is wrong there."""
    assert (built / "site/index.html").exists()


@pytest.fixture
def note(built, tmp_path) -> Path:
    """A copy of it with all that was kept."""
    return Path(shutil.copytree(built, tmp_path / "note", symlinks=True))


@pytest.mark.long(80)
def test_killed_at_any_moment_the_next_build_is_right(built, tmp_path):
    """Every other time all that the build had started dies with it; else that lives on beside the next build."""
    drawn = random.Random(1)
    seconds = float((built / "seconds").read_text())
    killed, orphans, note = 0, [], tmp_path / "note"
    for kill in range(KILLS):
        if kill % 5 == 0:  # from nothing, and then from whatever the ones before left behind
            shutil.rmtree(note, ignore_errors=True)
            note = tmp_path / f"note-{kill}"
            note.mkdir()
            copy(note)
        build = start(note)
        time.sleep(seconds * drawn.random() ** 2)  # rather early: what it finds of a build before lets it end sooner
        killed += build.poll() is None
        if kill % 2:
            with contextlib.suppress(ProcessLookupError):  # it was done
                os.killpg(build.pid, signal.SIGKILL)
        else:
            build.kill()
            orphans.append(build.pid)
        build.wait()
        build.stdout.close()
        if kill % 5 == 4:
            said = end(start(note))
            assert said.startswith("exit 0\n"), f"after {kill + 1} kills:\n{said}"
            assert differences(built / "site", note / "site") == []
    for group in orphans:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    assert killed >= KILLS / 2  # the others were done before, where the first build was slower than these


def test_two_builds_at_once_do_not_spoil_one_another(built, note):
    shutil.rmtree(note / ".cache")
    both = [start(note), start(note)]
    said = [end(build) for build in both]
    assert [text[:7] for text in said] == ["exit 0\n"] * 2, "\n".join(said)
    assert sum("another build is under way there" in text for text in said) == 1, "\n".join(said)
    assert differences(built / "site", note / "site") == []


def test_builds_with_caches_of_their_own_wait_for_the_folder_of_the_site(built, note, tmp_path):
    shutil.copytree(note / ".cache", tmp_path / "other")
    both = [start(note), start(note, NOTE_CACHE=str(tmp_path / "other"))]
    said = [end(build) for build in both]
    assert [text[:7] for text in said] == ["exit 0\n"] * 2, "\n".join(said)
    assert differences(built / "site", note / "site") == []
    held = os.open(note / "site", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    waits = start(note)
    for line in waits.stdout:
        if "another build" in line:
            break
    assert f"{note / 'site'}: another build is under way there; this one begins when that has ended" in line
    os.close(held)
    assert end(waits).startswith("exit 0\n")


def test_what_make_takes_for_whole_is_the_mark_of_a_build_that_ended(note):
    mark, made = note / ".cache/site.built", note / ".cache/site.whole"
    assert mark.exists()
    mark.rename(made)  # as make does
    build = start(note)
    while made.exists():
        assert build.poll() is None
        time.sleep(0.01)
    build.kill()
    assert not mark.exists()
    assert "exit" in end(build)


def test_what_is_damaged_in_the_cache_is_found_and_made_again(built, note):
    """One file is cut, the next is changed by a bit, and so on."""
    files = {kind: [p for p in (note / ".cache" / kind).iterdir() if p.is_file() and p.suffix not in (".sum", ".built")] for kind in KINDS}
    assert all(files.values()), [kind for kind in KINDS if not files[kind]]
    for number, path in enumerate(path for kind in KINDS for path in sorted(files[kind])):
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:middle] + (bytes([data[middle] ^ 1]) + data[middle + 1 :] if number % 2 else b""))
    said = end(start(note))
    assert said.startswith("exit 0\n"), said
    for kind in KINDS[:-1]:
        assert f"/{kind}/" in "".join(line for line in said.splitlines() if "damaged; made again" in line), f"{kind}:\n{said}"
    assert differences(built / "site", note / "site") == []


@pytest.mark.parametrize("cache", ["a file", "/proc/note"])
def test_a_cache_that_cannot_be_written_is_named_and_what_to_do(note, cache):
    if cache == "a file":
        (note / "file").write_text("")
        cache = str(note / "file/cache")
    said = end(start(note, NOTE_CACHE=cache))
    assert said.startswith("exit 1\n")
    assert f"{cache}: cannot be written" in said
    assert "NOTE_CACHE=/another/folder make site" in said
    assert "Traceback" not in said


def test_a_site_that_cannot_be_written_is_named_and_what_to_do(note):
    (note / "file").write_text("")
    said = end(start(note, "--site-dir", "file/site"))
    assert said.startswith("exit 1\n")
    assert f"{note / 'file/site'}: cannot be written (Not a directory)" in said
    assert "--site-dir /another/folder" in said
    assert "Traceback" not in said


@pytest.mark.long(12)
def test_a_disk_that_is_full_while_results_are_kept_is_named_and_what_to_do(note):
    shutil.rmtree(note / ".cache")
    said = end(start(note, limit=300))
    assert said.startswith("exit 1\n")
    assert f"{note / '.cache'}" in said
    assert "cannot be written (File too large); free some space there" in said
    assert "NOTE_CACHE=/another/folder make site" in said
    assert "Traceback" not in said
    assert "has no result" not in said  # one fault, said once, and not all that follows from it
    again = end(start(note))
    assert again.startswith("exit 0\n"), again


def test_a_disk_that_is_full_while_pages_are_written_is_named_and_what_to_do(built, note):
    said = end(start(note, limit=30_000))
    assert said.startswith("exit 1\n")
    assert f"{note / 'site'}" in said
    assert "cannot be written (File too large); free some space there, make it writable" in said
    assert "--site-dir /another/folder" in said
    assert "Traceback" not in said
    assert end(start(note)).startswith("exit 0\n")
    assert differences(built / "site", note / "site") == []
