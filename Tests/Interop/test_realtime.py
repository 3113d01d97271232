"""The official Python client's realtime part against `ably-auth local`, in JSON and in MessagePack."""

import asyncio

from ably import AblyException, AblyRealtime
from ably.realtime.connection import ConnectionState
from ably.types.channelstate import ChannelState
from ably.types.presence import PresenceAction

from realtime_case import REVOCABLE_KEY, RealtimeCase


class Realtime(RealtimeCase):
    def handing_out(self, *tokens):
        """A callback that gives one token after the other, and the last one again and again."""
        rest = list(tokens)
        given = []

        async def callback(_):
            token = rest.pop(0) if len(rest) > 1 else rest[0]
            given.append(token() if callable(token) else token)
            return given[-1]

        callback.given = given
        return callback

    # Connecting

    async def test_a_key_connects_and_pings(self):
        client = await self.connected(key=self.service.key)
        self.assertGreater(await self.soon(client.connection.ping()), 0)

    async def test_a_token_connects_with_its_identity(self):
        client = await self.connected(token=self.token(clientId="bob"))
        self.assertEqual(client.auth.client_id, "bob")

    async def test_a_wrong_secret_fails_with_40101(self):
        client = self.client(key=self.service.key[:-1] + "x")
        change = await self.soon(client.connection.once_async(ConnectionState.FAILED))
        self.assertEqual((change.reason.code, change.reason.status_code), (40101, 401))

    async def test_an_expired_token_is_replaced_by_the_callback_and_the_client_connects(self):
        expired = self.details(ttl=1)
        callback = self.handing_out(expired, self.details(clientId="bob"))
        await asyncio.sleep(0.01)
        client = await self.connected(auth_callback=callback)
        self.assertEqual(len(callback.given), 2)
        self.assertEqual(client.auth.client_id, "bob")

    # Messages

    async def test_messages_reach_all_who_subscribe_in_order_with_the_identity_of_their_publisher(self):
        publisher = await self.connected(token=self.token(clientId="bob"))
        reader = await self.connected(key=self.service.key)
        received = []
        await self.soon(reader.channels.get("chat:order").subscribe(lambda message: received.append(message)))
        channel = publisher.channels.get("chat:order")
        for index in range(20):
            result = await self.soon(channel.publish("event", {"index": index}))
            self.assertEqual(len(result.serials), 1)
        await self.until(lambda: len(received) == 20)
        self.assertEqual([message.data["index"] for message in received], list(range(20)))
        self.assertEqual({message.client_id for message in received}, {"bob"})
        self.assertEqual({message.connection_id for message in received},
                         {publisher.connection.connection_manager.connection_id})

    async def test_bytes_arrive_as_bytes_whatever_the_format_of_the_other(self):
        publisher = await self.connected(key=self.service.key)
        reader = AblyRealtime(
            endpoint=self.service.host, port=self.service.port, tls=False, key=self.service.key,
            use_binary_protocol=not self.use_binary_protocol)
        self.addAsyncCleanup(reader.close)
        received = []
        await self.soon(reader.channels.get("chat:bytes").subscribe(lambda message: received.append(message)))
        await self.soon(publisher.channels.get("chat:bytes").publish("event", bytearray(b"\x00\xff")))
        await self.until(lambda: received)
        self.assertEqual(bytes(received[0].data), b"\x00\xff")

    async def test_what_is_published_over_http_is_heard(self):
        reader = await self.connected(token=self.token(clientId="bob"))
        received = []
        channel = reader.channels.get("chat:http")
        await self.soon(channel.subscribe(lambda message: received.append(message)))
        await asyncio.to_thread(
            self.post, "/channels/chat:http/messages", {"name": "event", "data": "hello"}, self.service.key)
        await self.until(lambda: received)
        self.assertEqual(received[0].data, "hello")

    async def test_a_channel_outside_the_capability_is_refused_with_40160(self):
        client = await self.connected(token=self.token(capability='{"chat:*":["*"]}'))
        await self.assert_refused(40160, client.channels.get("admin").attach())
        await self.soon(client.channels.get("chat:a").attach())

    async def test_another_identity_than_the_token_has_is_refused_with_40012(self):
        client = await self.connected(token=self.token(clientId="bob"))
        await self.assert_refused(40012, client.connection.connection_manager.send_protocol_message({
            "action": 15, "channel": "chat:a", "messages": [{"name": "event", "clientId": "eve"}]}))

    # Presence

    async def test_members_are_seen_entering_updating_and_leaving(self):
        bob = await self.connected(token=self.token(clientId="bob"))
        watcher = await self.connected(key=self.service.key)
        seen = []
        await self.soon(watcher.channels.get("chat:presence").presence.subscribe(
            lambda member: seen.append((member.action, member.client_id, member.data))))
        presence = bob.channels.get("chat:presence").presence
        await self.soon(presence.enter("one"))
        await self.soon(presence.update("two"))
        late = await self.connected(key=self.service.key)
        members = await self.soon(late.channels.get("chat:presence").presence.get())
        self.assertEqual([(member.client_id, member.data) for member in members], [("bob", "two")])
        await self.soon(presence.leave())
        await self.until(lambda: len(seen) == 3)
        self.assertEqual([action for action, _, _ in seen],
                         [PresenceAction.ENTER, PresenceAction.UPDATE, PresenceAction.LEAVE])
        self.assertEqual([data for _, _, data in seen][:2], ["one", "two"])

    async def test_one_connection_enters_many_identities_if_its_token_may_take_any(self):
        client = await self.connected(token=self.token(clientId="*"), client_id="*")
        presence = client.channels.get("chat:many").presence
        for index in range(60):
            await self.soon(presence.enter_client(f"bot-{index}"))
        late = await self.connected(key=self.service.key)
        self.assertEqual(len(await self.soon(late.channels.get("chat:many").presence.get())), 60)

    async def test_nobody_enters_without_an_identity(self):
        client = await self.connected(token=self.token())
        channel = client.channels.get("chat:nobody")
        await self.soon(channel.attach())
        with self.assertRaises(AblyException) as refused:
            await self.soon(client.connection.connection_manager.send_protocol_message(
                {"action": 14, "channel": "chat:nobody", "presence": [{"action": 2}]}))
        self.assertEqual(refused.exception.code, 91000)

    # Tokens

    async def test_authorize_replaces_the_token_of_a_live_connection_in_place(self):
        callback = self.handing_out(self.details(clientId="bob"), self.details(clientId="bob", ttl=60_000))
        client = await self.connected(auth_callback=callback)
        states = []
        client.connection.on(ConnectionState.DISCONNECTED, lambda change: states.append(change))
        connection_id = client.connection.connection_manager.connection_id
        await self.soon(client.channels.get("chat:a").attach())
        await self.soon(client.auth.authorize())
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)
        self.assertEqual((client.connection.state, states), (ConnectionState.CONNECTED, []))
        await self.soon(client.channels.get("chat:a").publish("event", "hello"))

    async def test_exactly_the_channels_that_a_lesser_token_does_not_cover_fail_with_40160(self):
        callback = self.handing_out(self.details(), self.details(capability='{"keep":["*"]}'))
        client = await self.connected(auth_callback=callback)
        keep, drop = client.channels.get("keep"), client.channels.get("drop")
        await self.soon(keep.attach())
        await self.soon(drop.attach())
        await self.soon(client.auth.authorize())
        await self.until(lambda: drop.state == ChannelState.FAILED)
        self.assertEqual(drop.error_reason.code, 40160)
        await self.soon(keep.publish("event", "still here"))
        self.assertNotEqual(keep.state, ChannelState.FAILED)

    async def test_a_greater_token_opens_channels_that_were_closed(self):
        callback = self.handing_out(self.details(capability='{"one":["*"]}'), self.details())
        client = await self.connected(auth_callback=callback)
        await self.assert_refused(40160, client.channels.get("two").attach())
        await self.soon(client.auth.authorize())
        await self.soon(client.channels.get("three").attach())

    async def test_the_token_of_another_identity_fails_the_connection_with_40102(self):
        client = await self.connected(token=self.token(clientId="bob"))
        failed = asyncio.ensure_future(client.connection.once_async(ConnectionState.FAILED))
        await client.connection.connection_manager.send_protocol_message(
            {"action": 17, "auth": {"accessToken": self.token(clientId="eve")}})
        self.assertEqual((await self.soon(failed)).reason.code, 40102)

    async def test_a_client_is_asked_for_a_new_token_thirty_seconds_before_the_end_of_its_own(self):
        callback = self.handing_out(self.details(clientId="bob", ttl=31_000), self.details(clientId="bob"))
        client = await self.connected(auth_callback=callback)
        connection_id = client.connection.connection_manager.connection_id
        await self.until(lambda: len(callback.given) == 2)
        await self.soon(client.connection.ping())
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)

    async def test_a_token_that_expires_is_replaced_and_the_connection_goes_on(self):
        callback = self.handing_out(self.details(clientId="bob", ttl=1000), self.details(clientId="bob"))
        client = await self.connected(auth_callback=callback)
        connection_id = client.connection.connection_manager.connection_id
        change = await self.soon(client.connection.once_async(ConnectionState.DISCONNECTED))
        self.assertEqual(change.reason.code, 40142)
        await self.soon(client.connection._when_state(ConnectionState.CONNECTED))
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)

    async def test_a_revoked_token_disconnects_with_40141(self):
        callback = self.handing_out(lambda: self.details(key=REVOCABLE_KEY, clientId="bob"))
        client = await self.connected(auth_callback=callback)
        connection_id = client.connection.connection_manager.connection_id
        disconnected = asyncio.ensure_future(client.connection.once_async(ConnectionState.DISCONNECTED))
        await asyncio.sleep(0.01)
        await asyncio.to_thread(self.revoke, "clientId:bob")
        self.assertEqual((await self.soon(disconnected)).reason.code, 40141)
        await self.soon(client.connection._when_state(ConnectionState.CONNECTED))
        self.assertEqual(client.connection.connection_manager.connection_id, connection_id)

    # Going on

    async def test_a_connection_that_was_lost_goes_on_with_what_was_missed(self):
        client = await self.connected(key=self.service.key)
        publisher = await self.connected(key=self.service.key)
        received = []
        channel = client.channels.get("chat:resume")
        await self.soon(channel.subscribe(lambda message: received.append(message.data)))
        await self.soon(publisher.channels.get("chat:resume").publish("event", "before"))
        await self.until(lambda: received)
        manager = client.connection.connection_manager
        connection_id = manager.connection_id
        await manager.transport.dispose()
        await self.soon(publisher.channels.get("chat:resume").publish("event", "meanwhile"))
        manager.notify_state(ConnectionState.DISCONNECTED, retry_immediately=True)
        await self.soon(client.connection.once_async(ConnectionState.CONNECTED))
        await self.until(lambda: len(received) == 2)
        self.assertEqual((received, manager.connection_id), (["before", "meanwhile"], connection_id))

    async def test_a_connection_that_is_not_known_is_replaced_with_80018(self):
        client = await self.connected(key=self.service.key)
        manager = client.connection.connection_manager
        manager.connection_details.connection_key = "ably-python-fake-key"
        await manager.transport.dispose()
        manager.notify_state(ConnectionState.DISCONNECTED, retry_immediately=True)
        change = await self.soon(client.connection.once_async(ConnectionState.CONNECTED))
        self.assertEqual(change.reason.code, 80018)


class RealtimeInMessagePack(Realtime):
    use_binary_protocol = True
