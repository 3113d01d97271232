"""The official Python client's realtime part with its `auth_url` at `ably-auth serve`, and Ably at `ably-auth local`:
it connects, its token is renewed, and it is revoked."""

import asyncio
import base64
import json
import time

from ably.realtime.connection import ConnectionState

from driven_session import Refused
from realtime_case import REVOCABLE_KEY, RealtimeCase
from token_endpoint import Serve, login

POLICY = """
callers:
  jwt: { secret-env: LOGIN_SECRET, issuer: "https://login.example" }
token: %s
rules:
  - capability: { "chat:*": [publish, subscribe, presence] }
    ttl: %s
"""
NAMED = POLICY + '    clientId: "{sub}"\n'
# A JWT says who its holder is where this client does not look: it connects with one, but when it fetches the next
# it takes it for one of nobody, and refuses that with 40102. So those that are to be renewed here name nobody.
TEAMS = POLICY + '    revocationKey: "{team}"\n'
NOBODY = """
callers:
  jwt: { secret-env: LOGIN_SECRET, issuer: "https://login.example" }
rules:
  - deny: everybody is banned
"""


class EndpointRealtime(RealtimeCase):
    def serve(self, form, ttl="30m", policy=NAMED):
        serve = Serve(self.service, form, ttl, key=REVOCABLE_KEY, policy=policy)
        self.addCleanup(serve.stop)
        return serve

    async def user(self, serve, name, **claims):
        return await self.connected(
            auth_url=serve.url, auth_headers={"Authorization": f"Bearer {login(name, **claims)}"})

    def granted(self, serve, name, times):
        _, decisions = serve.stop()
        self.assertEqual([(line["decision"], line["caller"]) for line in decisions], [("granted", name)] * times)

    def changes(self, client):
        """What becomes of a connection from now on, with the codes of the reasons."""
        changes = []
        client.connection.on(lambda change: changes.append(
            (change.current, change.reason and change.reason.code)))
        return changes

    async def talk(self, client, channel, data):
        """Publishes something that the client hears itself."""
        heard = asyncio.get_running_loop().create_future()
        channel = client.channels.get(channel)

        def hear(message):
            if message.data == data and not heard.done():
                heard.set_result(message)

        await self.soon(channel.subscribe(hear))
        await self.soon(channel.publish("event", data))
        return await self.soon(heard)

    async def connects(self, form):
        serve, name = self.serve(form), f"reader-{form}"
        client = await self.user(serve, name)
        self.assertEqual((await self.talk(client, "chat:connect", "hello")).client_id, name)
        await self.assert_refused(40160, client.channels.get("other").attach())
        self.granted(serve, name, 1)

    async def test_it_connects_with_a_signed_request(self):
        await self.connects("request")

    async def test_it_connects_with_a_JWT(self):
        await self.connects("jwt")

    async def test_it_connects_with_a_token_that_the_endpoint_obtained(self):
        await self.connects("details")

    async def renewed_in_place(self, form, policy, client_id):
        # The service asks for a new token thirty seconds before the end of the old one.
        serve = self.serve(form, ttl="31s", policy=policy)
        client = await self.user(serve, "renewing")
        changes, connection_id = self.changes(client), client.connection.connection_manager.connection_id
        token = client.auth.token_details.token
        await self.until(lambda: client.auth.token_details.token != token)
        await self.until(lambda: changes)
        self.assertEqual(changes, [(ConnectionState.CONNECTED, None)])
        self.assertEqual((await self.talk(client, "chat:renew", "renewed")).client_id, client_id)
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)
        _, decisions = serve.stop()
        self.assertGreaterEqual(len(decisions), 2)

    async def test_a_JWT_is_renewed_in_place(self):
        await self.renewed_in_place("jwt", POLICY, None)

    async def test_a_token_that_the_endpoint_obtained_is_renewed_in_place(self):
        await self.renewed_in_place("details", NAMED, "renewing")

    async def test_a_token_that_ends_is_renewed_and_the_connection_goes_on(self):
        serve = self.serve("details", ttl="1s")
        client = await self.user(serve, "ending")
        connection_id = client.connection.connection_manager.connection_id
        change = await self.soon(client.connection.once_async(ConnectionState.DISCONNECTED))
        self.assertEqual(change.reason.code, 40142)
        await self.soon(client.connection._when_state(ConnectionState.CONNECTED))
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)

    async def revoked(self, serve, target, client_id, before=None, **claims):
        """A client that is revoked, gets another token, and goes on, and one whom it does not concern.

        `before`, given the token, is when those that are revoked were issued at the latest."""
        client = await self.user(serve, "revoked", **claims)
        other = await self.user(serve, "other", team="other")
        others = self.changes(other)
        connection_id = client.connection.connection_manager.connection_id
        token = client.auth.token_details.token
        changes = self.changes(client)
        params = {"issuedBefore": await before(token)} if before else {}
        result = await asyncio.to_thread(self.revoke, target, **params)
        self.assertEqual([item["target"] for item in result["results"]], [target])
        await self.until(lambda: any(state == ConnectionState.DISCONNECTED for state, _ in changes))
        self.assertEqual(changes[0], (ConnectionState.DISCONNECTED, 40141))
        await self.until(lambda: changes[-1][0] == ConnectionState.CONNECTED)
        self.assertNotEqual(client.auth.token_details.token, token)
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)
        self.assertEqual((await self.talk(client, "chat:revoke", "back")).client_id, client_id)
        await self.soon(other.connection.ping())
        self.assertEqual(others, [])

    async def test_the_holder_of_an_obtained_token_is_revoked_by_identity(self):
        await self.revoked(self.serve("details"), "clientId:revoked", "revoked")

    async def test_the_holder_of_a_JWT_is_revoked_by_revocation_key(self):
        await self.revoked(
            self.serve("jwt", policy=TEAMS), "revocationKey:red", None, before=self.the_next_second, team="red")

    async def the_next_second(self, jwt):
        """A JWT knows its second only, so one of the second that is revoked would be revoked with it."""
        claims = jwt.split(".")[1]
        moment = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iat"] + 1
        await self.until(lambda: time.time() >= moment)
        return moment * 1000

    async def test_who_is_revoked_and_banned_stays_out(self):
        serve = self.serve("details")
        client = await self.user(serve, "banned")
        await asyncio.to_thread(serve.replace_policy, NOBODY)
        changes = self.changes(client)
        await asyncio.to_thread(self.revoke, "clientId:banned")
        await self.until(lambda: any(state == ConnectionState.FAILED for state, _ in changes))
        self.assertEqual(changes, [(ConnectionState.FAILED, 80019)])
        _, decisions = serve.stop()
        self.assertEqual([line["decision"] for line in decisions], ["granted", "refused"])
        self.assertEqual(decisions[-1]["code"], 40300)

    # Ours, through the same endpoint

    async def ours(self, serve, name):
        session = await self.session(
            "--auth-url", serve.url, "--auth-header", f"Authorization: Bearer {login(name)}")
        await session.event("state", current="connected")
        return session

    async def test_ours_and_theirs_meet_with_tokens_of_the_endpoint(self):
        serve = self.serve("request")
        ours, theirs = await self.ours(serve, "swift"), await self.user(serve, "python")
        await ours.call("subscribe", channel="chat:meet")
        self.assertEqual((await self.talk(theirs, "chat:meet", "hello")).client_id, "python")
        self.assertEqual(await ours.event("message"), {
            "event": "message", "channel": "chat:meet", "name": "event", "data": "hello", "clientId": "python"})
        with self.assertRaises(Refused) as refused:
            await ours.call("attach", channel="other")
        self.assertEqual(refused.exception.error["code"], 40160)

    async def test_ours_renews_in_place_before_its_token_ends(self):
        ours = await self.ours(self.serve("jwt", ttl="31s"), "swift")
        await ours.event("update", reason=None)
        state = await ours.call("state")
        self.assertEqual((state["connection"], state["clientId"]), ("connected", "swift"))
        self.assertEqual([event["current"] for event in ours.seen("state")], ["connecting", "connected"])

    async def test_ours_is_revoked_and_goes_on_with_another_token(self):
        ours = await self.ours(self.serve("details"), "revoked-swift")
        token = (await ours.call("state"))["tokenDetails"]
        await asyncio.to_thread(self.revoke, "clientId:revoked-swift")
        self.assertEqual((await ours.event("state", current="disconnected"))["reason"]["code"], 40141)
        await ours.until(lambda: len(ours.seen("state", current="connected")) == 2)
        self.assertNotEqual((await ours.call("state"))["tokenDetails"], token)


class EndpointRealtimeInMessagePack(EndpointRealtime):
    use_binary_protocol = True
