"""Finds a Chromium for the browser tests, or gets one: `python -m tests.support.chromium`."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

# The headless shell first: without a window to draw it takes a third of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--in-process-gpu",
    "--default-tile-width=1024",  # few large tiles to draw, and few processes to tell of them
    "--default-tile-height=1024",
    "--enable-features=NetworkServiceInProcess2",
    "--renderer-process-limit=1",
    "--process-per-site",
    # no name but our own resolves: nothing can be fetched from another host
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
HELP = """No Chromium for the browser tests. Any one of these gets one:
  - install it from your system's packages (Debian: apt-get install chromium-headless-shell), so that it is on the PATH
  - .venv/bin/playwright install --with-deps --only-shell chromium
  - set CHROMIUM to the path of a Chromium or Chrome"""


def arguments() -> list[str]:
    """The command-line arguments that every test browser gets; root must do without the sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def on_path() -> str | None:
    """The browser that CHROMIUM names, else one on the PATH; None leaves it to Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def starts() -> str | None:
    """The version of the browser that the tests would use, or None if none starts."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=on_path(), args=arguments())
            version = browser.version
            browser.close()
            return version
    except Error:
        return None


def get() -> None:
    """Try the ways to get one: Playwright's download, then the system's packages where we may install them."""
    _try(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
    if starts() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        _try("apt-get", "update", "-q")
        _try("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium-headless-shell")


def _try(*command: str) -> None:
    """Run `command` for 5 minutes at most; whether it helped is seen by starting the browser."""
    print("No Chromium starts here; trying:", *command, flush=True)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        if done.returncode:
            print("That failed:", *done.stderr.decode(errors="replace").strip().splitlines()[:1], flush=True)
    except subprocess.TimeoutExpired:
        print("That took more than 5 minutes.", flush=True)


def main() -> int:
    """Say which Chromium the tests will use; 1 if there is none to be had."""
    if starts() is None:
        get()
    version = starts()
    if version is None:
        print(HELP, file=sys.stderr)
        return 1
    print(f"Browser tests: Chromium {version} ({on_path() or 'from Playwright'})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
