"""What tests of the official Python client's realtime part have in common: a local service of their own, clients
that are closed at the end, and patience that has an end.

The client connects to the usual port whatever its `port` is, so its WebSocket library is told the port of the
service; nothing else is changed.
"""

import asyncio
import base64
import functools
import json
import os
import unittest
import urllib.request

from ably import AblyException, AblyRealtime
from ably.realtime.connection import ConnectionState
from ably.transport import websockettransport
from ably.types.tokendetails import TokenDetails

import driven_session
import local_service

PATIENCE = 20
REVOCABLE_KEY = "appRevocable.key:secretOfTheRevocableKey"


class RealtimeCase(unittest.IsolatedAsyncioTestCase):
    use_binary_protocol = False
    service_options = ()

    @classmethod
    def setUpClass(cls):
        cls.service = local_service.LocalService(
            os.environ["ABLY_AUTH"], f"{os.environ['SERVICE_LOG']}.{cls.__name__}", "--revocable-key", REVOCABLE_KEY,
            *cls.service_options, key="appMain.key:secretOfTheMainKey")
        cls.connect = staticmethod(websockettransport.ws_connect)
        websockettransport.ws_connect = functools.partial(cls.connect, port=cls.service.port)

    @classmethod
    def tearDownClass(cls):
        websockettransport.ws_connect = cls.connect
        status = cls.service.stop()
        if status != 0:
            raise AssertionError(f"ably-auth local ended with {status} on SIGTERM")

    def client(self, **options):
        """A client of the local service, closed when the test ends."""
        client = AblyRealtime(
            endpoint=self.service.host, port=self.service.port, tls=self.service.tls,
            use_binary_protocol=self.use_binary_protocol, **options)
        self.addAsyncCleanup(client.close)
        return client

    async def connected(self, **options):
        client = self.client(**options)
        await self.soon(client.connection._when_state(ConnectionState.CONNECTED))
        return client

    async def session(self, *options):
        """`ably-auth session` with the local service, ended when the test ends."""
        session = await driven_session.Session.start(
            "--endpoint", self.service.host, "--port", str(self.service.port), "--no-tls",
            "--protocol", "msgpack" if self.use_binary_protocol else "json", *options)
        self.addAsyncCleanup(session.end)
        return session

    async def soon(self, future):
        return await asyncio.wait_for(future, PATIENCE)

    async def until(self, condition):
        async def wait():
            while not condition():
                await asyncio.sleep(0.005)

        await self.soon(wait())

    def token(self, key=None, **params):
        """A token of a key: what a client is handed that never sees the key."""
        return self.details(key, **params).token

    def details(self, key=None, **params):
        key = key or self.service.key
        return TokenDetails.from_dict(self.post(f"/keys/{key.split(':')[0]}/requestToken", params, key))

    def revoke(self, *targets, **params):
        """Revokes tokens of the key whose tokens can be."""
        return self.post(
            f"/keys/{REVOCABLE_KEY.split(':')[0]}/revokeTokens", {"targets": targets, **params}, REVOCABLE_KEY)

    def post(self, path, body, key):
        credentials = base64.b64encode(key.encode()).decode()
        request = urllib.request.Request(
            f"http://{self.service.host}:{self.service.port}{path}", data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Basic {credentials}"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    async def assert_refused(self, code, call):
        with self.assertRaises(AblyException) as refused:
            await self.soon(call)
        self.assertEqual(refused.exception.code, code)
