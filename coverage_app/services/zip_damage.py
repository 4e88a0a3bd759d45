"""What Python's zipfile raises of a file that somebody else made: a Word document, a workbook."""

import zlib
from lzma import LZMAError
from zipfile import BadZipFile

# RuntimeError: of a password, and, as its subclass, of a way of packing that zipfile does not know.
DAMAGES = (BadZipFile, zlib.error, LZMAError, RuntimeError, EOFError, ValueError, OSError)
