"""What `ably-auth session` reads and writes, with `ably-auth local` behind it: each thing to do, each event, and the
form of what goes wrong."""

import asyncio
import base64
import hmac
import json
import socket
import urllib.request

from realtime_case import PATIENCE, REVOCABLE_KEY, RealtimeCase


class SessionContract(RealtimeCase):
    async def keyed(self, *options, key=REVOCABLE_KEY):
        """A session whose client has a key and uses it as it is."""
        return await self.session("--key", key, "--insecure-basic-on-loopback", *options)

    async def keyed_and_connected(self, *options, **others):
        session = await self.keyed(*options, **others)
        await session.event("state", current="connected")
        return session

    async def assert_answer_refuses(self, code, status_code, call):
        answer = await asyncio.wait_for(call, PATIENCE)
        self.assertEqual((answer["ok"], set(answer) - {"id"}), (False, {"ok", "error"}))
        self.assert_error(answer["error"], code, status_code)
        return answer["error"]

    def assert_error(self, error, code, status_code):
        self.assertEqual((error["code"], error["statusCode"]), (code, status_code), error)
        self.assertTrue(error["message"])
        self.assertEqual(error["href"], f"https://help.ably.io/error/{code}")
        self.assertLessEqual(set(error), {"code", "statusCode", "message", "href", "cause"})

    def refusing_port(self):
        # Taken, but not listened at: one that was given back is free for others.
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])

    # The client

    async def test_a_client_that_cannot_be_built_is_an_event_and_exit_status_1(self):
        cases = {
            40106: [],  # RSC1b: nothing to authenticate with.
            40103: ["--key", self.service.key],  # RSC18: a key does not travel without TLS.
            40012: ["--token", "abc", "--client-id", "*"],  # RSA7c.
        }
        for code, options in cases.items():
            session = await self.session(*options)
            status = await session.end()
            self.assertEqual([event["event"] for event in session.events], ["error"], options)
            self.assertEqual((session.events[0]["error"]["code"], status), (code, 1))

    async def test_every_state_is_reported_from_the_first_on(self):
        session = await self.keyed_and_connected()
        self.assertEqual(await session.call("close"), {"connection": "closed"})
        self.assertEqual(await session.call("connect"), {"connection": "connected"})
        self.assertEqual(await session.call("connect"), {"connection": "connected"})
        self.assertIsNone(await session.call("quit"))
        self.assertEqual(await session.end(), 0)
        states = ["initialized", "connecting", "connected", "closing", "closed", "connecting", "connected", "closing",
                  "closed"]
        self.assertEqual(session.events, [
            {"event": "state", "previous": previous, "current": current, "reason": None}
            for previous, current in zip(states, states[1:])])

    async def test_it_does_not_connect_before_it_is_told_if_so_asked(self):
        session = await self.keyed("--no-auto-connect", "--client-id", "bob")
        self.assertEqual(await session.call("state"), {
            "connection": "initialized", "clientId": "bob", "tokenDetails": None, "errorReason": None})
        self.assertEqual(await session.call("close"), {"connection": "initialized"})
        self.assertEqual(session.seen("state", current="connecting"), [])

    async def test_the_end_of_the_input_ends_it_and_what_was_begun_is_answered(self):
        session = await self.keyed()
        calls = [session.begin("publish", channel="chat:end", data=str(index)) for index in range(5)]
        self.assertEqual(await session.end(), 0)
        self.assertEqual([call.result()["ok"] for call in calls], [True] * 5)
        await session.event("state", current="closed")
        self.assertEqual(session.seen("state")[-1]["current"], "closed")

    async def test_a_refused_connection_fails_connect_with_the_reason(self):
        session = await self.keyed("--no-auto-connect", key=self.service.key[:-1] + "x")
        error = await self.assert_answer_refuses(40101, 401, session.begin("connect"))
        failed = await session.event("state", current="failed")
        self.assertEqual((failed["previous"], failed["reason"]), ("connecting", error))
        self.assertEqual((await session.call("state"))["errorReason"], error)

    async def test_a_service_that_is_not_there_fails_connect_and_the_next_attempt_is_told(self):
        session = await self.session(
            "--key", self.service.key, "--insecure-basic-on-loopback", "--no-auto-connect",
            "--port", self.refusing_port(), "--disconnected-retry-timeout", "60000")
        answer = await session.answer("connect")
        self.assertFalse(answer["ok"])
        self.assertEqual(answer["error"]["code"], 80000)
        change = await session.event("state", current="disconnected")
        self.assertEqual(change["reason"], answer["error"])
        # RTB1: with a jitter of up to a fifth.
        self.assertTrue(48_000 <= change["retryIn"] <= 60_000, change)
        # Calls that wait for a connection do not keep others from being answered.
        waiting = session.begin("publish", channel="chat:later", data="x")
        self.assertEqual((await session.call("state"))["connection"], "disconnected")
        self.assertFalse(waiting.done())
        await session.call("close")
        self.assertFalse((await asyncio.wait_for(waiting, PATIENCE))["ok"])
        # An answer that cannot be had is a failure, unlike one that refuses.
        self.assertFalse((await session.answer("request", method="GET", path="/time"))["ok"])

    # Lines

    async def test_a_line_that_cannot_be_done_is_answered_with_40000_and_the_next_is_read(self):
        session = await self.keyed_and_connected()
        for index, text in enumerate(("nonsense", "[1]", '"do"', "{", "{}", "\u0000", '{"do":5}')):
            session.send_text(text)
            await session.until(lambda: len(session.answers) == index + 1)
            self.assertNotIn("id", session.answers[-1])
            self.assertFalse(session.answers[-1]["ok"])
            self.assert_error(session.answers[-1]["error"], 40000, 400)
        session.send_text("   ")
        await self.assert_answer_refuses(40000, 400, session.begin("dance"))
        for do in ("attach", "detach", "publish", "subscribe", "enter", "update", "leave", "presence", "history"):
            await self.assert_answer_refuses(40000, 400, session.begin(do))
        await self.assert_answer_refuses(40000, 400, session.begin("attach", channel=5))
        await self.assert_answer_refuses(40000, 400, session.begin("request", path="/time"))
        await self.assert_answer_refuses(40000, 400, session.begin("authorize", tokenParams=[]))
        await self.assert_answer_refuses(40000, 400, session.begin("authorize", authOptions="x"))
        self.assertEqual((await session.call("state"))["connection"], "connected")

    async def test_an_id_of_any_kind_comes_back_as_it_was(self):
        session = await self.keyed_and_connected()
        for id in (7, "seven", {"seven": [7.5]}):
            session.send_text(json.dumps({"id": id, "do": "time"}))
        await session.until(lambda: len(session.answers) == 3)
        answers = [answer["id"] for answer in session.answers]
        self.assertEqual(sorted(map(str, answers)), sorted(map(str, (7, "seven", {"seven": [7.5]}))))

    # Tokens

    async def test_authorize_takes_parameters_and_keeps_them(self):
        session = await self.keyed_and_connected()
        details = await session.call(
            "authorize", tokenParams={"ttl": 60_000, "clientId": "bob", "capability": '{"chat:*":["publish"]}'})
        self.assertEqual(details["expires"] - details["issued"], 60_000)
        self.assertEqual((details["clientId"], details["capability"], details["keyName"]),
                         ("bob", '{"chat:*":["publish"]}', REVOCABLE_KEY.split(":")[0]))
        await session.until(lambda: len(session.seen("auth")) >= 2)
        self.assertEqual(
            session.seen("auth"),
            [{"event": "auth", "state": "renewing"},
             {"event": "auth", "state": "renewed", "expires": details["expires"]}])
        again = await session.call("authorize")
        self.assertEqual((again["expires"] - again["issued"], again["capability"]), (60_000, details["capability"]))
        self.assertNotEqual(again["token"], details["token"])
        self.assertEqual(await session.call("state"), {
            "connection": "connected", "clientId": "bob", "tokenDetails": again, "errorReason": None})
        replaced = await session.call("authorize", tokenParams={})
        self.assertEqual(replaced["expires"] - replaced["issued"], 3_600_000)

    async def test_an_update_is_reported_for_each_token_in_place(self):
        session = await self.session("--key", self.service.key, "--use-token-auth")
        await session.event("state", current="connected")
        for _ in range(2):
            await session.call("authorize")
        await session.until(lambda: len(session.seen("update")) == 2)
        self.assertEqual(session.seen("update"), [{"event": "update", "reason": None}] * 2)
        self.assertEqual(len(session.seen("state")), 2)

    async def test_empty_options_replace_the_stored_ones(self):
        session = await self.keyed_and_connected()
        await self.assert_answer_refuses(40171, 401, session.begin("requestToken", authOptions={}))
        self.assertIn("token", await session.call("requestToken"))
        await self.assert_answer_refuses(40171, 401, session.begin("authorize", authOptions={}))
        failed = (await session.event("auth", state="failed"))
        self.assertEqual((failed["error"]["code"], failed["willRetry"]), (40171, False))
        await self.assert_answer_refuses(40171, 401, session.begin("requestToken"))

    async def test_a_source_that_fails_is_told_with_its_cause(self):
        session = await self.keyed_and_connected()
        url = f"http://127.0.0.1:{self.refusing_port()}/auth"
        error = await self.assert_answer_refuses(
            40170, 401, session.begin("authorize", authOptions={"authUrl": url, "authHeaders": {"X-A": "b"}}))
        self.assert_error(error["cause"], 80000, 0)
        await self.assert_answer_refuses(40101, 401, session.begin("requestToken", authOptions={"key": "malformed"}))
        await self.assert_answer_refuses(
            40003, 400, session.begin("requestToken", authOptions={"authUrl": url, "authMethod": "PUT"}))

    async def test_a_token_of_the_options_is_used(self):
        session = await self.session("--token", self.token(clientId="bob"))
        await session.event("state", current="connected")
        other = self.details(clientId="bob", ttl=60_000)
        details = await session.call("authorize", authOptions={"token": other.token})
        self.assertEqual(details["token"], other.token)
        members = {"token": other.token, "expires": other.expires, "issued": other.issued, "clientId": "bob"}
        details = await session.call("authorize", authOptions={"tokenDetails": members})
        self.assertEqual({name: details[name] for name in members}, members)

    async def test_createTokenRequest_prints_what_was_signed(self):
        session = await self.keyed("--no-auto-connect")
        for capability in ('{"b":["*"],  "a":["publish"]}', {"a": ["*"]}):
            request = await session.call("createTokenRequest", tokenParams={
                "ttl": 60_000, "capability": capability, "clientId": "bob", "timestamp": 1_700_000_000_000,
                "nonce": "0123456789abcdef"})
            signed = "".join(f"{request[name]}\n" for name in (
                "keyName", "ttl", "capability", "clientId", "timestamp", "nonce"))
            mac = hmac.digest(REVOCABLE_KEY.split(":")[1].encode(), signed.encode(), "sha256")
            self.assertEqual(request["mac"], base64.b64encode(mac).decode())
            self.assertEqual((request["ttl"], request["timestamp"]), (60_000, 1_700_000_000_000))
        self.assertEqual(session.seen("auth"), [])

    async def test_tokens_are_revoked_and_their_holders_told(self):
        moderator = await self.keyed()
        holder = await self.session("--key", REVOCABLE_KEY, "--use-token-auth", "--client-id", "holder")
        await holder.event("state", current="connected")
        issued = (await holder.call("state"))["tokenDetails"]["issued"]
        await self.until(lambda: issued < self.now())
        result = await moderator.call("revokeTokens", targets=[
            {"type": "clientId", "value": "holder"}, {"type": "nonsense", "value": "x"}])
        self.assertEqual((result["successCount"], result["failureCount"]), (1, 1))
        revoked, refused = result["results"]
        self.assertEqual(revoked["target"], "clientId:holder")
        self.assertEqual(set(revoked), {"target", "appliesAt", "issuedBefore"})
        self.assertEqual((refused["target"], refused["error"]["statusCode"]), ("nonsense:x", 400))
        change = await holder.event("state", current="disconnected")
        self.assertEqual((change["reason"]["code"], change.get("retryIn")), (40141, 0))
        await holder.until(lambda: len(holder.seen("state", current="connected")) == 2)

    async def test_a_postponed_revocation_has_its_holder_renew_in_place(self):
        moderator = await self.keyed()
        holder = await self.session("--key", REVOCABLE_KEY, "--use-token-auth", "--client-id", "postponed")
        await holder.event("state", current="connected")
        issued = (await holder.call("state"))["tokenDetails"]["issued"]
        await self.until(lambda: issued < self.now())
        before = self.now()
        result = await moderator.call(
            "revokeTokens", targets=[{"type": "clientId", "value": "postponed"}], issuedBefore=before,
            allowReauthMargin=True)
        self.assertEqual(result["results"][0]["issuedBefore"], before)
        self.assertGreaterEqual(result["results"][0]["appliesAt"], before + 30_000)
        await holder.event("update", reason=None)
        self.assertEqual([event["current"] for event in holder.seen("state")], ["connecting", "connected"])

    async def test_a_client_with_a_token_does_not_revoke(self):
        session = await self.session("--token", self.token(REVOCABLE_KEY))
        await self.assert_answer_refuses(
            40162, 401, session.begin("revokeTokens", targets=[{"type": "clientId", "value": "x"}]))

    def now(self):
        """The service's time."""
        with urllib.request.urlopen(f"http://{self.service.host}:{self.service.port}/time", timeout=PATIENCE) as answer:
            return json.load(answer)[0]

    # Requests

    async def test_a_refusal_over_HTTP_is_an_answer(self):
        session = await self.keyed("--no-auto-connect")
        result = await session.call("request", method="GET", path="/nothing")
        self.assertEqual((result["statusCode"], result["errorCode"], result["success"]), (404, 40400, False))
        result = await session.call(
            "request", method="POST", path="/channels/chat:request/messages", body={"name": "n", "data": "d"})
        self.assertEqual((result["statusCode"], result["errorCode"]), (201, None))
        result = await session.call("request", method="GET", path="/channels/chat:request/messages", version=2)
        self.assertEqual([item["data"] for item in result["items"]], ["d"])
        self.assertLess(abs(await session.call("time") - self.now()), 60_000)

    # Channels

    async def test_channels_are_attached_and_detached_and_their_states_reported(self):
        session = await self.keyed_and_connected()
        self.assertEqual(await session.call("attach", channel="chat:states"), {"state": "attached"})
        self.assertEqual(await session.call("detach", channel="chat:states"), {"state": "detached"})
        states = ["initialized", "attaching", "attached", "detaching", "detached"]
        # What happens is told beside the answers, not before them.
        await session.until(lambda: len(session.seen("channel")) >= 4)
        self.assertEqual(session.seen("channel"), [
            {"event": "channel", "channel": "chat:states", "previous": previous, "current": current, "reason": None}
            for previous, current in zip(states, states[1:])])

    async def test_a_channel_that_is_refused_fails_with_40160(self):
        session = await self.session("--token", self.token(capability='{"chat:*":["*"]}'))
        error = await self.assert_answer_refuses(40160, 401, session.begin("attach", channel="secret"))
        self.assertEqual((await session.event("channel", current="failed"))["reason"], error)

    async def test_messages_are_published_heard_and_remembered(self):
        session = await self.keyed_and_connected("--client-id", "bob")
        self.assertEqual(await session.call("subscribe", channel="chat:talk"), {"state": "attached"})
        result = await session.call("publish", channel="chat:talk", name="n", data={"a": [1]}, clientId="bob")
        self.assertEqual(len(result["serials"]), 1)
        self.assertEqual(await session.event("message"), {
            "event": "message", "channel": "chat:talk", "name": "n", "data": {"a": [1]}, "clientId": "bob"})
        await session.call("publish", channel="chat:talk")
        self.assertEqual(await session.event("message", name=None), {
            "event": "message", "channel": "chat:talk", "name": None, "data": None, "clientId": "bob"})
        history = await session.call("history", channel="chat:talk")
        self.assertEqual([(item.get("name"), item.get("data"), item["clientId"]) for item in history],
                         [(None, None, "bob"), ("n", {"a": [1]}, "bob")])
        await self.assert_answer_refuses(40012, 400, session.begin("publish", channel="chat:talk", clientId="eve"))
        await self.assert_answer_refuses(40013, 400, session.begin("publish", channel="chat:talk", data=5))
        self.assertGreaterEqual((await session.call("ping"))["roundTrip"], 0)

    async def test_members_enter_update_and_leave_for_themselves_and_for_others(self):
        session = await self.keyed_and_connected()
        await session.call("subscribe", channel="chat:members")
        await self.assert_answer_refuses(91000, 400, session.begin("enter", channel="chat:members"))
        for do, data in (("enter", "one"), ("update", "two")):
            await session.call(do, channel="chat:members", clientId="bot", data=data)
            self.assertEqual((await session.event("presence", action=do))["data"], data)
        members = await session.call("presence", channel="chat:members")
        self.assertEqual([(member["clientId"], member["data"]) for member in members], [("bot", "two")])
        await session.call("leave", channel="chat:members", clientId="bot", data="bye")
        left = await session.event("presence", action="leave")
        self.assertEqual(set(left), {"event", "channel", "action", "clientId", "data", "connectionId"})
        self.assertEqual((left["channel"], left["clientId"], left["data"]), ("chat:members", "bot", "bye"))


class SessionContractInMessagePack(SessionContract):
    use_binary_protocol = True
