"""Bytes that are no message, and messages that nobody should send: the kernel drops them and goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import zmq
from jupyter_client.session import Session
from kernels import Kernel, kernel

DELIMITER = b"<IDS|MSG>"
EMPTY = [b"{}", b"{}", b"{}", b"{}"]
PORTS = ("shell", "control", "stdin", "hb")


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        yield running


def connect(running: Kernel, name: str, kind: int = zmq.DEALER) -> zmq.Socket[bytes]:
    socket = zmq.Context.instance().socket(kind)
    info: dict[str, Any] = running.manager.get_connection_info()
    socket.connect(f"tcp://{info['ip']}:{info[f'{name}_port']}")
    socket.linger = 500
    return socket


def is_well(running: Kernel) -> bool:
    """Whether the kernel still beats, and answers on shell and control."""
    heart = connect(running, "hb", zmq.REQ)
    heart.send(b"ping")
    beats = heart.poll(3000) and heart.recv() == b"ping"
    heart.close()
    running.client.kernel_info()
    shell = running.client.get_shell_msg(timeout=5)["msg_type"] == "kernel_info_reply"
    running.client.control_channel.send(running.client.session.msg("kernel_info_request", {}))
    control = running.client.control_channel.get_msg(timeout=5)["msg_type"] == "kernel_info_reply"
    return bool(beats) and shell and control and running.run("1 + 1").result == "2"


def signed(running: Kernel, parts: list[bytes]) -> list[bytes]:
    session: Session = running.client.session
    return [DELIMITER, session.sign(parts), *parts]


def header(kind: object, identity: object = "1") -> bytes:
    return json.dumps({"msg_id": identity, "msg_type": kind, "session": "s", "username": "u"}).encode()


HOSTILE: dict[str, list[bytes]] = {
    "one frame": [b"x"],
    "an empty frame": [b""],
    "two empty frames": [b"", b""],
    "50 parts": [b"x"] * 50,
    "a megabyte": [b"x" * 1_000_000],
    "nothing after the delimiter": [DELIMITER],
    "unsigned": [DELIMITER, b"", *EMPTY],
    "another signature": [DELIMITER, b"0" * 64, *EMPTY],
    "a signature of 64 letters of two bytes": [DELIMITER, "é".encode() * 64, *EMPTY],
    "a signature that is no UTF-8": [DELIMITER, b"\xff" * 64, *EMPTY],
    "a signature of a megabyte": [DELIMITER, b"0" * 1_000_000, *EMPTY],
}


@pytest.mark.parametrize("port", PORTS)
def test_bytes_that_are_no_message_are_dropped(shared: Kernel, port: str) -> None:
    for what, parts in HOSTILE.items():
        socket = connect(shared, port)
        socket.send_multipart(parts)
        socket.close()
        assert is_well(shared), what


DEEP = b"[" * 100_000 + b"]" * 100_000
SIGNED: dict[str, list[bytes]] = {
    "no parts": [],
    "three parts": [header("kernel_info_request"), b"{}", b"{}"],
    "no JSON": [b"x"] * 4,
    "no UTF-8": [b"\xff", b"{}", b"{}", b"{}"],
    "lists": [b"[]"] * 4,
    "null": [b"null"] * 4,
    "no header": EMPTY,
    "a type that is no text": [header(5), b"{}", b"{}", b"{}"],
    "an id that is no text": [header("kernel_info_request", {}), b"{}", b"{}", b"{}"],
    "a type of its own": [header("evil"), b"{}", b"{}", b"{}"],
    "a reply": [header("execute_reply"), b"{}", b"{}", b"{}"],
    "a prototype": [
        header("kernel_info_request"),
        b"{}",
        b"{}",
        b'{"__proto__": {"x": 1}, "constructor": 5}',
    ],
    "deep content": [header("execute_request"), b"{}", b"{}", b'{"code": "1", "x": ' + DEEP + b"}"],
    "an input reply that nobody asked for": [header("input_reply"), b"{}", b"{}", b'{"value": 5}'],
}


@pytest.mark.parametrize("port", ["shell", "control", "stdin"])
def test_signed_messages_that_make_no_sense_are_dropped(shared: Kernel, port: str) -> None:
    for what, parts in SIGNED.items():
        socket = connect(shared, port)
        socket.send_multipart(signed(shared, parts))
        socket.close()
        assert is_well(shared), what


WRONG: list[tuple[str, dict[str, Any]]] = [
    *[("execute_request", {"code": code}) for code in (None, 5, [], {}, "")],
    ("execute_request", {}),
    ("execute_request", {"code": "1", "silent": "no", "store_history": 1, "stop_on_error": None}),
    ("execute_request", {"code": "'x'.length", "user_expressions": 5, "allow_stdin": "x"}),
    *[("complete_request", {"code": "Math.", "cursor_pos": at}) for at in (-1, 10**9, 0.5, None, "x")],
    *[("inspect_request", {"code": "Math", "cursor_pos": at}) for at in (-1, 10**9, 0.5, None, [])],
    ("complete_request", {}),
    ("is_complete_request", {"code": {}}),
    ("history_request", {"hist_access_type": {}, "n": "x"}),
    ("history_request", {"hist_access_type": "tail", "n": -5}),
    ("history_request", {"hist_access_type": "range", "session": -1, "start": 9e99, "stop": -1}),
    ("history_request", {"hist_access_type": "search", "pattern": "*a" * 30 + "[(\\", "n": 10**12}),
    ("comm_info_request", {"target_name": []}),
    ("debug_request", {"command": "initialize"}),
    ("unheard_of_request", {}),
    ("interrupt_request", {"x": 1}),
]


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_contents_of_wrong_types_are_answered(shared: Kernel, channel: str) -> None:
    client = shared.client
    shared.run("'" + "a" * 5000 + "'.length")
    for kind, content in WRONG:
        message = client.session.msg(kind, content)
        used = client.shell_channel if channel == "shell" else client.control_channel
        used.send(message)
        reply = used.get_msg(timeout=5)
        assert reply["parent_header"]["msg_id"] == message["header"]["msg_id"], (kind, content)
        assert reply["msg_type"] == kind.replace("_request", "_reply")
        assert reply["content"]["status"] in ("ok", "error", "incomplete", "complete", "invalid")
    assert is_well(shared)


def test_huge_contents_are_answered(shared: Kernel) -> None:
    ran = shared.run(f"/* {'x' * 20_000_000} */ 5")
    assert ran.result == "5"
    assert shared.run("'" + "😀" * 1_000_000 + "'.length").result == "2000000"
    assert is_well(shared)
