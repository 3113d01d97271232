"""The official Python client against `ably-auth local`: only host, port and TLS are changed.

The client sends no Basic credentials without TLS, so a test that needs an authenticated request uses a token.
"""

import json
import os
import subprocess
import unittest

from ably import AblyException, AblyRest
from ably.types.tokendetails import TokenDetails

import local_service

CAPABILITY = {"chat:*": ["publish", "history"]}
PROTOCOL_VERSION = "5"


def setUpModule():
    global service
    service = local_service.from_environment()


def tearDownModule():
    status = service.stop()
    if status != 0:
        raise AssertionError(f"ably-auth local ended with {status} on SIGTERM")


class ClientTests(unittest.IsolatedAsyncioTestCase):
    use_binary_protocol = False

    def client(self, **options):
        """A client of the local service, closed when the test ends."""
        client = AblyRest(
            endpoint=service.host, port=service.port, tls=service.tls,
            use_binary_protocol=self.use_binary_protocol, **options)
        self.addAsyncCleanup(client.close)
        return client

    def trusted(self):
        """A client that holds the key."""
        return self.client(key=service.key)

    async def token_request(self, **params):
        """A token request as it travels: signed by a client that holds the key, then JSON."""
        request = await self.trusted().auth.create_token_request(
            {"client_id": "bob", "capability": CAPABILITY, **params})
        return json.dumps(request.to_dict())

    def untrusted(self, token_request):
        """A client that never sees the key: it is handed one token request."""

        async def callback(_):
            return json.loads(token_request)

        return self.client(auth_callback=callback)

    def command(self, name, *options):
        """What an `ably-auth` command prints with the key."""
        ended = subprocess.run(
            [os.environ["ABLY_AUTH"], name, "--key", service.key, *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout.strip()

    async def assert_refused(self, code, status, call):
        with self.assertRaises(AblyException) as refused:
            await call
        self.assertEqual((refused.exception.code, refused.exception.status_code), (code, status))
        self.assertTrue(refused.exception.message)


class TokenExchange(ClientTests):
    async def test_a_key_obtains_a_token_with_what_was_asked_for(self):
        details = await self.trusted().auth.request_token(
            {"client_id": "bob", "ttl": 600_000, "capability": CAPABILITY})
        self.assertIsInstance(details, TokenDetails)
        self.assertTrue(details.token)
        self.assertEqual(details.client_id, "bob")
        self.assertEqual(details.expires - details.issued, 600_000)
        self.assertEqual(details.capability.to_dict(), {"chat:*": ["history", "publish"]})

    async def test_a_key_obtains_an_hour_and_its_whole_capability_when_nothing_is_asked_for(self):
        details = await self.trusted().auth.request_token()
        self.assertIsNone(details.client_id)
        self.assertEqual(details.expires - details.issued, 3_600_000)
        self.assertEqual(details.capability.to_dict(), {"*": ["*"]})

    async def test_a_token_request_is_exchanged_by_a_client_without_the_key(self):
        client = self.untrusted(await self.token_request())
        details = await client.auth.authorize()
        self.assertEqual(details.client_id, "bob")
        self.assertEqual(client.auth.client_id, "bob")

    async def test_a_token_request_that_the_command_line_signed_is_exchanged(self):
        client = self.untrusted(self.command("token-request", "--client-id", "bob", "--ttl", "10m"))
        details = await client.auth.authorize()
        self.assertEqual(details.client_id, "bob")
        self.assertEqual(details.expires - details.issued, 600_000)

    async def test_a_token_request_stamped_with_the_service_time_is_exchanged(self):
        details = await self.trusted().auth.request_token(query_time=True)
        self.assertTrue(details.token)

    async def test_a_replayed_token_request_is_refused_with_40105(self):
        request = await self.token_request()
        await self.untrusted(request).auth.authorize()
        await self.assert_refused(40105, 401, self.untrusted(request).auth.authorize())

    async def test_a_token_request_changed_on_its_way_is_refused_with_40101(self):
        request = json.loads(await self.token_request())
        request["clientId"] = "eve"
        await self.assert_refused(40101, 401, self.untrusted(json.dumps(request)).auth.authorize())

    async def test_a_token_request_from_an_hour_ago_is_refused_with_40104(self):
        hour_ago = await self.trusted().time() - 3_600_000
        request = await self.token_request(timestamp=hour_ago)
        await self.assert_refused(40104, 401, self.untrusted(request).auth.authorize())

    async def test_a_wrong_secret_is_refused_with_40101(self):
        client = self.client(key=f"{service.key_name}:not-the-secret")
        await self.assert_refused(40101, 401, client.auth.request_token())

    async def test_an_unknown_key_of_a_known_app_is_refused_with_40400(self):
        client = self.client(key=f"{service.app_id}.nokey:{service.key_secret}")
        await self.assert_refused(40400, 401, client.auth.request_token())

    async def test_a_key_of_an_unknown_app_is_refused_with_40400(self):
        client = self.client(key=f"noapp.nokey:{service.key_secret}")
        await self.assert_refused(40400, 404, client.auth.request_token())

    async def test_the_time_is_in_milliseconds_and_does_not_run_backwards(self):
        client = self.trusted()
        first, second = await client.time(), await client.time()
        self.assertIsInstance(first, int)
        self.assertLessEqual(first, second)
        self.assertGreater(first, 1_700_000_000_000)


class TokenUse(ClientTests):
    async def bob(self):
        return self.untrusted(await self.token_request())

    async def test_a_message_is_published_and_read_back_with_the_identity_of_the_token(self):
        channel = (await self.bob()).channels.get("chat:lobby")
        await channel.publish("greeting", "hello")
        newest = (await channel.history(limit=1)).items[0]
        self.assertEqual((newest.name, newest.data, newest.client_id), ("greeting", "hello", "bob"))

    async def test_structured_data_comes_back_as_it_was_published(self):
        channel = (await self.bob()).channels.get("chat:structured")
        data = {"text": "h\u00e9llo \U0001f44b", "numbers": [1, 2.5, None], "nested": {"yes": True}}
        await channel.publish("structured", data)
        self.assertEqual((await channel.history()).items[0].data, data)

    async def test_another_identity_than_the_token_has_is_refused_with_40012(self):
        client = await self.bob()
        answer = await client.request(
            "POST", "/channels/chat:lobby/messages", PROTOCOL_VERSION,
            body={"name": "greeting", "data": "hello", "clientId": "eve"})
        self.assertEqual((answer.status_code, answer.error_code), (400, "40012"))

    async def test_a_channel_outside_the_capability_is_refused_with_40160(self):
        client = await self.bob()
        await self.assert_refused(40160, 401, client.channels.get("admin:audit").publish("greeting", "hello"))
        await self.assert_refused(40160, 401, client.channels.get("admin:audit").history())

    async def test_a_tampered_token_is_refused_as_a_token_error(self):
        details = await self.trusted().auth.request_token()
        middle = len(details.token) // 2
        other = "A" if details.token[middle] != "A" else "B"
        client = self.client(token=details.token[:middle] + other + details.token[middle + 1:])
        answer = await client.request("GET", "/channels/chat:lobby", PROTOCOL_VERSION)
        self.assertEqual(answer.status_code, 401)
        self.assertIn(answer.error_code, ("40143", "40145"))

    async def test_an_expired_token_is_renewed_through_the_callback(self):
        trusted = self.trusted()
        handed_out = []

        async def callback(_):
            ttl = 600_000 if handed_out else 1
            handed_out.append(await trusted.auth.request_token({"client_id": "bob", "ttl": ttl}))
            return handed_out[-1]

        client = self.client(auth_callback=callback)
        await client.auth.authorize()
        while await client.time() <= handed_out[0].expires:
            pass
        await client.channels.get("chat:renewed").publish("greeting", "hello")
        self.assertEqual(len(handed_out), 2)
        self.assertEqual(client.auth.token_details, handed_out[1])

    async def test_an_expired_token_without_a_callback_is_refused_with_40142(self):
        details = await self.trusted().auth.request_token({"ttl": 1})
        client = self.client(token=details.token)
        while await client.time() <= details.expires:
            pass
        answer = await client.request("GET", "/channels/chat:lobby", PROTOCOL_VERSION)
        self.assertEqual((answer.status_code, answer.error_code), (401, "40142"))


class JWTUse(ClientTests):
    def bob(self):
        return self.client(
            token=self.command("jwt", "--client-id", "bob", "--capability", json.dumps(CAPABILITY)))

    async def test_a_jwt_publishes_and_reads_history_with_its_identity(self):
        channel = self.bob().channels.get("chat:jwt")
        await channel.publish("greeting", "hello")
        newest = (await channel.history(limit=1)).items[0]
        self.assertEqual((newest.data, newest.client_id), ("hello", "bob"))

    async def test_a_jwt_does_not_reach_beyond_its_capability(self):
        answer = await self.bob().request(
            "POST", "/channels/admin:audit/messages", PROTOCOL_VERSION, body={"name": "n", "data": "d"})
        self.assertEqual((answer.status_code, answer.error_code), (401, "40160"))

    async def test_a_jwt_from_an_auth_callback_is_used_as_it_is(self):
        token = self.command("jwt", "--client-id", "bob")

        async def callback(_):
            return token

        channel = self.client(auth_callback=callback).channels.get("chat:jwt-callback")
        await channel.publish("greeting", "hello")
        self.assertEqual((await channel.history(limit=1)).items[0].client_id, "bob")


class TokenUseInMessagePack(TokenUse):
    use_binary_protocol = True

    async def test_bytes_come_back_as_bytes(self):
        channel = self.untrusted(await self.token_request()).channels.get("chat:bytes")
        await channel.publish("greeting", bytearray(range(256)))
        self.assertEqual((await channel.history()).items[0].data, bytearray(range(256)))


class JWTUseInMessagePack(JWTUse):
    use_binary_protocol = True
