"""PDFs written by hand: what an honest program writes in short, and what a hostile one would."""

import zlib
from io import BytesIO

from pypdf import PdfWriter


def pdf(*lines: str, drawn: bytes | None = None) -> bytes:
    """One page with these lines, or with what ``drawn`` draws on it, compressed."""
    content = drawn if drawn is not None else _lines(lines)
    packed = zlib.compress(content, 9)
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )


def locked(data: bytes, password: str) -> bytes:
    """The same behind a password; an empty one only forbids changing it."""
    writer = PdfWriter(clone_from=BytesIO(data))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to 300 MB."""
    return pdf(drawn=b" " * 300_000_000)


def endless() -> bytes:
    """A small file with more text than any policy has, all on one page."""
    return pdf(drawn=b"BT /F1 12 Tf 72 700 Td " + b"(%b) Tj 0 -1 Td " % (b"a" * 40) * 30_000 + b"ET")


def _lines(lines: tuple[str, ...]) -> bytes:
    drawn = [b"BT /F1 12 Tf 14 TL 72 700 Td"]
    for line in lines:
        text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        drawn.append(b"(%b) Tj T*" % text)
    return b"\n".join([*drawn, b"ET"])


def _file(*objects: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, len(out))
    )
