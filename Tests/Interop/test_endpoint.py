"""The official Python client with its `auth_url` at `ably-auth serve`, and Ably at `ably-auth local`."""

import os
import time
import unittest

from ably import AblyException, AblyRest

import local_service
from token_endpoint import Serve, login


class EndpointTests(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = local_service.LocalService(os.environ["ABLY_AUTH"], os.devnull)

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()

    def client(self, serve, name, method="GET", **claims):
        client = AblyRest(
            endpoint=self.service.host, port=self.service.port, tls=False, use_binary_protocol=False,
            auth_url=serve.url, auth_method=method, auth_headers={"Authorization": f"Bearer {login(name, **claims)}"})
        self.addAsyncCleanup(client.close)
        return client

    async def use(self, form, method):
        serve = Serve(self.service, form)
        client = self.client(serve, "bob", method)
        channel = client.channels.get(f"chat:{form}-{method}")
        await channel.publish("greeting", "hello")
        page = await channel.history()
        self.assertEqual([item.data for item in page.items], ["hello"])
        self.assertEqual(page.items[0].client_id, "bob")
        status, decisions = serve.stop()
        self.assertEqual(status, 0)
        self.assertEqual([(line["decision"], line["caller"]) for line in decisions], [("granted", "bob")])

    async def test_a_signed_request_is_fetched_and_exchanged(self):
        await self.use("request", "GET")

    async def test_a_signed_request_is_fetched_with_POST(self):
        await self.use("request", "POST")

    async def test_a_JWT_is_fetched_and_used(self):
        await self.use("jwt", "GET")

    async def test_a_token_is_obtained_by_the_endpoint(self):
        await self.use("details", "GET")

    async def test_a_token_that_ends_is_renewed(self):
        serve = Serve(self.service, "jwt", ttl="1s")
        client = self.client(serve, "bob")
        channel = client.channels.get("chat:renewed")
        await channel.publish("first", "1")
        token = client.auth.token_details.token
        deadline = time.time() + 30
        # Until the service refuses it, which the client answers by fetching another one.
        while client.auth.token_details.token == token and time.time() < deadline:
            await channel.history()
        self.assertNotEqual(client.auth.token_details.token, token)
        _, decisions = serve.stop()
        self.assertGreaterEqual(len(decisions), 2)

    async def test_a_banned_caller_gets_nothing(self):
        serve = Serve(self.service, "request")
        with self.assertRaises(AblyException):
            await self.client(serve, "mallory", banned=True).channels.get("chat:x").publish("a", "b")
        _, decisions = serve.stop()
        self.assertEqual({(line["decision"], line["code"]) for line in decisions}, {("refused", 40300)})

    async def test_a_channel_beyond_the_grant_is_refused_by_the_service(self):
        serve = Serve(self.service, "request")
        with self.assertRaises(AblyException) as raised:
            await self.client(serve, "bob").channels.get("other").publish("a", "b")
        self.assertEqual(raised.exception.code, 40160)
        serve.stop()
