"""The text of a PDF from standard input, as JSON on standard output: a program of its own, run by ``pdf_text``.

A PDF is a program of sorts, and a hostile one can ask for any amount of time and memory. So it is read in a process
that has little of both, and that nobody misses when it has to be stopped.
"""

import json
import logging
import resource
import sys
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

MEMORY = 768 * 1024 * 1024  # bytes of address space, the interpreter's own included
SECONDS = 20  # of the processor; the parent has a clock of its own
LONGEST = 1_000_000  # characters, the same as in sources.py
NO_PASSWORD = ""  # many PDFs are encrypted only to forbid changing them, and open without a password


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write but its answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> dict[str, str]:
    """``{"text": …}``, or ``{"fault": …}``: encrypted, too_long, too_large, broken."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(NO_PASSWORD):
            return {"fault": "encrypted"}
        pages: list[str] = []
        length = 0
        for page in reader.pages:
            pages.append(page.extract_text())
            length += len(pages[-1]) + 1
            if length > LONGEST:
                return {"fault": "too_long"}
    except (DependencyError, FileNotDecryptedError):  # a cipher that needs a further library
        return {"fault": "encrypted"}
    except (MemoryError, LimitReachedError):
        return {"fault": "too_large"}
    except Exception:  # whatever a broken file makes a parser trip over
        return {"fault": "broken"}
    return {"text": "\n".join(pages)}


if __name__ == "__main__":
    _limit()
    logging.disable()  # a parser's grumbling about a file is nobody's concern
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
