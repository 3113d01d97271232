"""The official Python client and ours, driven by `ably-auth session`, talk with each other through
`ably-auth local`: both in JSON, and both in MessagePack."""

import asyncio

from ably.realtime.connection import ConnectionState
from ably.types.presence import PresenceAction

from realtime_case import RealtimeCase

CHANNEL = "chat:exchange"


class Exchange(RealtimeCase):
    async def ours(self, client_id="swift"):
        session = await self.session(
            "--key", self.service.key, "--client-id", client_id, "--use-token-auth")
        await session.event("state", current="connected")
        return session

    async def theirs(self, client_id="python"):
        return await self.connected(token=self.token(clientId=client_id))

    async def hearing(self, client, received, channel=CHANNEL):
        """The client's channel, each message of which is added to `received`."""
        channel = client.channels.get(channel)
        await self.soon(channel.subscribe(lambda message: received.append(message)))
        return channel

    async def test_each_hears_the_other_and_sees_its_identity(self):
        ours, theirs = await self.ours(), await self.theirs()
        received = []
        channel = await self.hearing(theirs, received)
        await ours.call("subscribe", channel=CHANNEL)

        for data in ("hello", {"nested": [1, 2.5, None, "é"]}, "日本"):
            await ours.call("publish", channel=CHANNEL, name="from-ours", data=data)
            await self.soon(channel.publish("from-theirs", data))
        await self.until(lambda: len(received) == 6)
        await ours.until(lambda: len(ours.seen("message")) == 6)

        data = ["hello", {"nested": [1, 2.5, None, "é"]}, "日本"]
        for name, client_id in (("from-ours", "swift"), ("from-theirs", "python")):
            self.assertEqual(
                [(message.data, message.client_id) for message in received if message.name == name],
                [(value, client_id) for value in data])
            self.assertEqual(
                ours.seen("message", name=name),
                [{"event": "message", "channel": CHANNEL, "name": name, "data": value, "clientId": client_id}
                 for value in data])

    async def test_bytes_of_the_other_arrive_as_bytes(self):
        ours, theirs = await self.ours(), await self.theirs()
        await ours.call("subscribe", channel=CHANNEL)
        await self.soon(theirs.channels.get(CHANNEL).publish("bytes", bytearray(b"\x00\xff")))
        self.assertEqual((await ours.event("message", name="bytes"))["data"], {"base64": "AP8="})

    async def test_each_sees_the_presence_of_the_other(self):
        ours, theirs = await self.ours(), await self.theirs()
        presence = theirs.channels.get("chat:presence").presence
        seen = []
        await self.soon(presence.subscribe(lambda member: seen.append((member.action, member.client_id))))
        await ours.call("subscribe", channel="chat:presence")

        await ours.call("enter", channel="chat:presence", data="one")
        await self.soon(presence.enter({"mood": "good"}))
        await self.until(lambda: len(seen) == 2)
        self.assertEqual(seen, [(PresenceAction.ENTER, "swift"), (PresenceAction.ENTER, "python")])
        entered = await ours.event("presence", action="enter", clientId="python")
        self.assertEqual((entered["channel"], entered["data"]), ("chat:presence", {"mood": "good"}))
        self.assertEqual(entered["connectionId"], theirs.connection.connection_manager.connection_id)
        members = {"swift": "one", "python": {"mood": "good"}}
        self.assertEqual({member.client_id: member.data for member in await self.soon(presence.get())}, members)
        self.assertEqual(
            {member["clientId"]: member["data"] for member in await ours.call("presence", channel="chat:presence")},
            members)

        await ours.call("update", channel="chat:presence", data="two")
        await self.soon(presence.update("three"))
        self.assertEqual((await ours.event("presence", action="update", clientId="python"))["data"], "three")
        await ours.call("leave", channel="chat:presence")
        await self.soon(presence.leave())
        await ours.event("presence", action="leave", clientId="python")
        await self.until(lambda: len(seen) == 6)
        self.assertEqual([change for change in seen if change[1] == "swift"],
                         [(action, "swift")
                          for action in (PresenceAction.ENTER, PresenceAction.UPDATE, PresenceAction.LEAVE)])
        self.assertEqual(await ours.call("presence", channel="chat:presence"), [])

    async def test_the_members_who_came_before_are_seen_by_who_comes_later(self):
        ours = await self.ours()
        await ours.call("enter", channel="chat:early", data="ours")
        theirs = await self.theirs()
        presence = theirs.channels.get("chat:early").presence
        self.assertEqual([member.client_id for member in await self.soon(presence.get())], ["swift"])
        await self.soon(presence.enter("theirs"))
        late = await self.ours("late")
        self.assertEqual(
            {member["clientId"]: member["data"] for member in await late.call("presence", channel="chat:early")},
            {"swift": "ours", "python": "theirs"})

    async def test_each_sees_the_other_leave_when_it_closes(self):
        ours, theirs = await self.ours(), await self.theirs()
        await ours.call("subscribe", channel="chat:close")
        await self.soon(theirs.channels.get("chat:close").presence.enter())
        await ours.event("presence", action="enter", clientId="python")
        await self.soon(theirs.close())
        await ours.event("presence", action="leave", clientId="python")

        left = []
        witness = await self.theirs("witness")
        presence = witness.channels.get("chat:close").presence
        await self.soon(presence.subscribe("leave", lambda member: left.append(member.client_id)))
        await ours.call("enter", channel="chat:close")
        await ours.end()
        await self.until(lambda: left == ["swift"])

    async def test_ours_swaps_its_token_while_messages_flow_and_none_is_lost(self):
        ours, theirs = await self.ours(), await self.theirs()
        received = []
        channel = await self.hearing(theirs, received, "chat:swaps")
        await ours.call("subscribe", channel="chat:swaps")
        await ours.call("enter", channel="chat:swaps")
        connection_id = (await ours.event("presence", action="enter"))["connectionId"]
        tokens = [(await ours.call("state"))["tokenDetails"]["token"]]
        swapped, sent = asyncio.Event(), {"ours": 0, "theirs": 0}

        async def publish(name, one):
            while not swapped.is_set():
                await one(sent[name])
                sent[name] += 1

        async def swap():
            for ttl in range(20):
                before = dict(sent)
                details = await ours.call("authorize", tokenParams={"ttl": 3_600_000 - ttl})
                tokens.append(details["token"])
                # Something is to have passed in both directions between two swaps.
                await self.until(lambda: all(sent[name] > before[name] for name in sent))
            swapped.set()

        await asyncio.gather(
            swap(),
            publish("ours", lambda index: ours.call("publish", channel="chat:swaps", name="ours", data=[index])),
            publish("theirs", lambda index: self.soon(channel.publish("theirs", [index]))))
        self.assertEqual(len(set(tokens)), 21)
        self.assertEqual((await ours.call("state"))["tokenDetails"]["token"], tokens[-1])

        total = sum(sent.values())
        await self.until(lambda: len(received) >= total)
        await ours.until(lambda: len(ours.seen("message")) >= total)
        for name, client_id in (("ours", "swift"), ("theirs", "python")):
            numbers = [[index] for index in range(sent[name])]
            self.assertEqual([message.data for message in received if message.name == name], numbers)
            self.assertEqual([event["data"] for event in ours.seen("message", name=name)], numbers)
            self.assertEqual({event["clientId"] for event in ours.seen("message", name=name)}, {client_id})
            self.assertEqual({message.client_id for message in received if message.name == name}, {client_id})
        self.assertEqual([event["current"] for event in ours.seen("state")], ["connecting", "connected"])
        self.assertEqual(len(ours.seen("update")), 20)
        self.assertEqual({message.connection_id for message in received if message.name == "ours"}, {connection_id})
        self.assertEqual([event["action"] for event in ours.seen("presence")], ["enter"])

    async def test_theirs_swaps_its_token_and_ours_hears_on(self):
        tokens = [self.details(clientId="python", ttl=3_600_000 - index) for index in range(10)]
        rest = iter(tokens)

        async def callback(_):
            return next(rest)

        ours, theirs = await self.ours(), await self.connected(auth_callback=callback)
        changes = []
        theirs.connection.on(ConnectionState.DISCONNECTED, lambda change: changes.append(change))
        await ours.call("subscribe", channel="chat:theirs")
        channel = theirs.channels.get("chat:theirs")
        for index in range(9):
            await self.soon(channel.publish("before", [index]))
            await self.soon(theirs.auth.authorize())
            await self.soon(channel.publish("after", [index]))
        await ours.until(lambda: len(ours.seen("message")) == 18)
        self.assertEqual([(event["name"], event["data"]) for event in ours.seen("message")],
                         [(name, [index]) for index in range(9) for name in ("before", "after")])
        self.assertEqual(changes, [])

    async def test_a_lesser_token_closes_to_ours_exactly_what_it_does_not_cover(self):
        ours, theirs = await self.ours(), await self.theirs()
        for channel in ("keep", "drop"):
            await ours.call("subscribe", channel=channel)
        await ours.call("authorize", tokenParams={"capability": {"keep": ["*"]}})
        failed = await ours.event("channel", channel="drop", current="failed")
        self.assertEqual(failed["reason"]["code"], 40160)
        for channel in ("drop", "keep"):
            await self.soon(theirs.channels.get(channel).publish("event", channel))
        await ours.event("message", channel="keep")
        self.assertEqual(ours.seen("message", channel="drop"), [])
        self.assertEqual(ours.seen("channel", channel="keep", current="failed"), [])


class ExchangeInMessagePack(Exchange):
    use_binary_protocol = True
