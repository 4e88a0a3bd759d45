"""The text of a PDF, within bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("pdf_child.py")
SECONDS = 25  # by the clock; the child's own limit of processor time is shorter

SAID = {
    "encrypted": "This PDF is protected by a password or by a cipher that is not read here. "
    "Save a copy without protection, and upload that.",
    "broken": "This PDF is broken: its text cannot be read. Open it, save or print it as a new PDF, and upload that.",
    "too_long": "This PDF holds more than 1,000,000 characters. Upload the policy alone.",
    "too_large": "Reading this PDF takes more memory than is given to one file. Upload the policy's text instead.",
    "too_slow": f"Reading this PDF takes more than {SECONDS} seconds. Upload the policy's text instead.",
}


class PdfFault(Exception):
    """Why a PDF gives no text, in plain words."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(SAID[kind])


def text_of_pdf(data: bytes) -> str:
    """What stands on its pages, in their order, a line break between lines. Raises PdfFault.

    Blank when the pages hold pictures alone.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(CHILD)],  # -I: neither the environment nor this folder lead it astray
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFault("too_slow") from error
    if done.returncode:  # stopped by one of its limits: by a signal for time, else for memory
        raise PdfFault("too_slow" if done.returncode < 0 else "too_large")
    found: dict[str, str] = json.loads(done.stdout)
    if "fault" in found:
        raise PdfFault(found["fault"])
    return found["text"]
