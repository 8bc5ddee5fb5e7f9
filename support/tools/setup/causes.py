"""Why a step of the set-up failed, in one line that says what to do. Reads what pip, npm and the system said; starts nothing.

Written for any Python 3, and with the standard library alone, as set-up itself.
"""

import errno
import re

AGAIN = "then run the same command again"

# What they say, in the order in which it is looked for: pip calls a refused certificate a broken connection too, and npm
# warns of files that it may not remove when the disk is full.
FULL = ("ENOSPC", "EDQUOT", "No space left on device", "Disk quota exceeded")
CERTIFICATE = (
    "SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_UNTRUSTED",
    "CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "self-signed certificate", "self signed certificate",
)  # fmt: skip
NO_TEMPORARY = ("No usable temporary directory",)
READ_ONLY = (
    "EROFS",
    "Read-only file system",
    "EACCES",
    "Permission denied",
    "EPERM",
    "Operation not permitted",
)
NETWORK = (
    "ConnectionError", "NewConnectionError", "NameResolutionError", "ReadTimeout", "ConnectTimeout",
    "Temporary failure", "Network is unreachable", "Connection refused", "Connection reset",
    "No matching distribution", "IncompleteRead", "ProtocolError", "ENOTFOUND", "EAI_AGAIN",
    "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "socket hang up", "ProxyError",
    "ERR_SOCKET_TIMEOUT", "connection broken", "incomplete-download",
)  # fmt: skip
PLACE = re.compile(r"(?:denied|not permitted|file system)\b[^'\n]*'([^'\n]+)'", re.IGNORECASE)


def has(said, signs):
    """Whether one of the signs stands in a text, in capitals or not."""
    lower = said.lower()
    return any(sign.lower() in lower for sign in signs)


def disk_full(free):
    """
    Args:
        free: the folders that are written to, each with the MB that are free in it
    """
    rooms = " and ".join("%s has %d MB" % (place, room) for place, room in free)
    return "no room left: %s. Make some (about 1000 MB are needed), %s" % (rooms, AGAIN)


def not_writable(place):
    return (
        "%s can't be written to. Make it writable for you (was something there made with sudo?),"
        " or move this folder to where you may write, %s" % (place, AGAIN)
    )


def bad_certificate():
    return (
        "the certificate of the server, or of a proxy in between, is not known here. Ask for the proxy's certificate"
        " as a file and name it to Node, npm and pip: export NODE_EXTRA_CA_CERTS=FILE npm_config_cafile=FILE"
        " PIP_CERT=FILE, " + AGAIN
    )


def no_temporary_folder(names):
    """
    Args:
        names: where a temporary folder was looked for
    """
    return "no temporary folder can be written to (%s). Make it, or name another with TMPDIR, %s" % (
        names,
        AGAIN,
    )


def no_network():
    return "the download failed. Check the network, " + AGAIN + ": it goes on where it stopped"


def of_output(said, folder, free):
    """The cause in what a failed command printed; None when it is none of those known.

    Args:
        folder: what can't be written when the text names no place
        free: see `disk_full`; a full disk may have kept the text itself from being written
    """
    if has(said, FULL) or any(room < 5 for _, room in free):
        return disk_full(free)
    if has(said, CERTIFICATE):
        return bad_certificate()
    if has(said, NO_TEMPORARY):
        return no_temporary_folder(" or ".join(place for place, _ in free[1:]))
    if has(said, READ_ONLY):
        found = PLACE.search(said)
        return not_writable(found.group(1) if found else folder)
    return no_network() if has(said, NETWORK) else None


def of_error(error, folder, free):
    """The cause in an error of the system.

    Args:
        folder: what can't be written when the error names no file
        free: see `disk_full`
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(free)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return not_writable(error.filename or folder)
    return "%s. Check that this folder is writable and the disk has room, %s" % (error, AGAIN)
