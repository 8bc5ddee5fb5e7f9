"""Files as one zip that is the same, byte for byte, for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# The oldest time that a zip can name: when the files were made says nothing of them.
THEN = (1980, 1, 1, 0, 0, 0)


def archive(files: Mapping[str, str | bytes], stored: frozenset[str] = frozenset()) -> bytes:
    """A zip.

    Args:
        files: each file's content by its path, in their order.
        stored: the files that are not compressed.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for path, content in files.items():
            about = zipfile.ZipInfo(path, THEN)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_STORED if path in stored else zipfile.ZIP_DEFLATED
            made.writestr(about, content.encode() if isinstance(content, str) else content)
    return out.getvalue()
