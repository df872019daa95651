"""A strict Content-Security-Policy for the whole site: nothing from another host, no inline script but those known by their hash.

Where the host lets you set headers, send what the build writes into `_headers`; several hosts read that file by themselves.
"""

import base64
import hashlib
import re
from pathlib import Path

from snippets.site import assets

INLINE = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>(.*?)</script>", re.S)
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",  # KaTeX places what it draws by style attributes
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def policy(site: Path) -> str:
    """The policy under which every page of a built site works."""
    inline = {script for page in site.rglob("*.html") for script in INLINE.findall(page.read_text(encoding="utf-8"))}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    rules = RULES | {"script-src": " ".join([RULES["script-src"], *(f"'sha256-{value}'" for value in hashes)])}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers(site: Path, below: str = "") -> str:
    """What a host should send, as Netlify, Cloudflare Pages and others read it from a file `_headers`; `below` is the site's own path.

    For what has no line here these hosts let a browser ask each time whether it changed.
    """
    sent = {"Content-Security-Policy": policy(site), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    kept = sorted(f"/{path.relative_to(site).as_posix()}" for path in (site / "assets").rglob("*.*") if assets.for_ever(path))
    lines = [f"{below}/*", *(f"  {name}: {value}" for name, value in sent.items())]
    for address in kept:
        lines += [f"{below}{address}", f"  Cache-Control: {assets.KEEP}"]
    return "\n".join([*lines, ""])
