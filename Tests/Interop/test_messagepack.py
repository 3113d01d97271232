"""MessagePack of this package against PyPI's `msgpack`, in both directions, over generated values.

A value goes to the service in the one's bytes, is read there, and comes back in the other's.
"""

import os
import random
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
