"""MessagePack of this package against PyPI's `msgpack`, in both directions, over generated values.

A value goes to the service in the one's bytes, is read there, and comes back in the other's. What is too large to be
published goes through the client instead: it sends what it was given in JSON to a server made of PyPI's package, and
shows in JSON what that answers.
"""

import base64
import http.server
import json
import os
import random
import subprocess
import threading
import unittest
import urllib.request

import msgpack

import local_service

MEDIA_TYPE = "application/x-msgpack"
COUNT = 150


def value(generator, depth=0):
    """A value of any kind that JSON has too."""
    kind = generator.randrange(9 if depth < 5 else 7)
    if kind == 0:
        return generator.choice([None, True, False])
    if kind == 1:
        return generator.randrange(-(2**63), 2**64) >> generator.randrange(64)
    if kind == 2:
        return generator.choice([0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63,
                                 2**64 - 1, -1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**63)])
    if kind == 3:
        return generator.uniform(-1e9, 1e9)
    if kind in (4, 5, 6):
        return "".join(generator.choices("aé漢🙂\n\"\\", k=generator.choice([0, 1, 15, 16, 31, 32, 60])))
    if kind == 7:
        return [value(generator, depth + 1) for _ in range(generator.randrange(18))]
    return {f"name{index}": value(generator, depth + 1) for index in range(generator.randrange(18))}


class MessagePack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = local_service.LocalService(os.environ["ABLY_AUTH"], os.devnull)

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()

    def exchange(self, channel, body=None):
        """Publishes a body, or reads what was published."""
        request = urllib.request.Request(
            f"http://{self.service.host}:{self.service.port}/channels/{channel}/messages", data=body,
            headers={"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE})
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, request.full_url, self.service.key_name, self.service.key_secret)
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
        with opener.open(request, timeout=30) as answer:
            self.assertEqual(answer.headers["Content-Type"], MEDIA_TYPE)
            return msgpack.unpackb(answer.read())

    def test_generated_values_come_back_as_they_went(self):
        generator = random.Random(20261124)
        kept = 0
        for index in range(COUNT):
            extras = {"value": value(generator)}
            data = generator.choice(["text", generator.randbytes(generator.choice([0, 1, 255, 256, 70000 // 4]))])
            body = msgpack.packb({"name": "n", "data": data, "extras": extras})
            if len(body) > 60_000:
                continue
            self.exchange(f"value{index}", body)
            message = self.exchange(f"value{index}")[0]
            wanted = {key: item for key, item in extras.items() if item is not None}
            self.assertEqual({key: item for key, item in message["extras"].items() if item is not None}, wanted)
            self.assertEqual(message["data"], data)
            kept += 1
        self.assertGreater(kept, COUNT // 2)


class Echo(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers what it is told to, in PyPI's bytes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.received = msgpack.unpackb(self.rfile.read(int(self.headers["Content-Length"])))
        body = self.server.answer
        self.send_response(200)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# Around each length at which the format takes another form.
LENGTHS = [0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536, 70000]
# All of them have a value in 32 bits.
SINGLE_FLOATS = [0.0, 1.5, -2.25, 1e10, 2.0**-100, -(2.0**100)]


class MessagePackOfTheClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.HTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.client = subprocess.Popen(
            [os.environ["ABLY_AUTH"], "session", "--rest", "--token", "t", "--no-tls", "--endpoint", "127.0.0.1",
             "--port", str(cls.server.server_port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @classmethod
    def tearDownClass(cls):
        cls.client.communicate('{"do":"quit"}\n')
        cls.server.shutdown()
        cls.server.server_close()

    def exchange(self, sent, answer):
        """What the server was sent, and what the client read of its answer."""
        self.server.received, self.server.answer = None, answer
        line = {"id": 1, "do": "request", "method": "POST", "path": "/x", "body": sent}
        self.client.stdin.write(json.dumps(line) + "\n")
        self.client.stdin.flush()
        while True:
            result = json.loads(self.client.stdout.readline())
            if "event" not in result:
                break
        self.assertTrue(result["ok"], result)
        return self.server.received, result["result"]["items"]

    def both_ways(self, value):
        # In an array of its own: an array that comes is the items of a page.
        received, items = self.exchange([value], msgpack.packb([value]))
        self.assertEqual(received, [value])
        self.assertEqual(items, [value])

    def test_every_length_of_text_array_and_map_goes_both_ways(self):
        for length in LENGTHS:
            with self.subTest(length=length):
                self.both_ways("x" * length)
                self.both_ways("é" * (length // 2) + "x" * (length % 2))
                self.both_ways([index % 100 for index in range(length)])
                # The longest is 490 KB; beyond 512 KiB nothing is sent.
                self.both_ways({f"{index:x}": index % 2 for index in range(length)})

    def test_bytes_of_every_length_go_both_ways(self):
        generator = random.Random(20261126)
        for length in LENGTHS:
            with self.subTest(length=length):
                data = generator.randbytes(length)
                text = {"data": base64.b64encode(data).decode(), "encoding": "base64"}
                received, items = self.exchange([text], msgpack.packb([{"data": data}]))
                self.assertEqual(received, [{"data": data}])
                self.assertEqual(items, [text])

    def test_floats_of_32_bits_are_read(self):
        answer = msgpack.packb(SINGLE_FLOATS, use_single_float=True)
        self.assertEqual(answer.count(b"\xca"), len(SINGLE_FLOATS))
        received, items = self.exchange(SINGLE_FLOATS, answer)
        self.assertEqual(received, SINGLE_FLOATS)
        self.assertEqual(items, SINGLE_FLOATS)

    def test_types_of_somebodys_own_are_stepped_over(self):
        values = [msgpack.ExtType(code, bytes(length)) for code in [0, 127]
                  for length in [0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65535, 65536]]
        for extension in values + [msgpack.Timestamp(1), msgpack.Timestamp(2**40, 5)]:
            answer = msgpack.packb([1, extension, {"a": extension}, 2])
            self.assertEqual(self.exchange(0, answer)[1], [1, None, {"a": None}, 2])

    def test_generated_values_go_both_ways(self):
        generator = random.Random(20261127)
        for _ in range(COUNT):
            self.both_ways(value(generator))
