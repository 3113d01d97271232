"""The console in a real browser: what is pasted is read in the page, a live client is seen and revoked, and what is
foreign gets nowhere."""

import asyncio
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.request

from ably.realtime.connection import ConnectionState

from browser import Browser
from realtime_case import REVOCABLE_KEY, RealtimeCase

CAPABILITY = {"chat:*": ["publish", "subscribe"], "news": ["*"]}


def setUpModule():
    global browser
    browser = Browser()


def tearDownModule():
    browser.stop()


def tool(*arguments):
    outcome = subprocess.run([os.environ["ABLY_AUTH"], *arguments], capture_output=True, text=True)
    return outcome.returncode, outcome.stdout.strip()


class ConsoleCase(RealtimeCase):
    service_options = ("--admin",)

    def url(self, path="/console"):
        return f"http://{self.service.host}:{self.service.port}{path}"

    async def page(self):
        page = await browser.page()
        self.addAsyncCleanup(page.close)
        return page

    async def console(self):
        page = await self.page()
        await page.go(self.url())
        await page.until("document.getElementById('place').textContent !== ''")
        return page

    async def pasted(self, text):
        """The console after a text was pasted, without a mouse."""
        page = await self.console()
        await page.tab_to("#pasted")
        await page.paste(text)
        return page

    async def facts(self, page):
        return dict(await page.run(
            "[...document.querySelectorAll('#report dt')].map((dt) => [dt.textContent, "
            "dt.nextElementSibling.textContent])"))

    async def table(self, page):
        """The rows of the capability as texts."""
        return await page.run(
            "[...document.querySelectorAll('#report tr')].map((tr) => [...tr.children].map((td) => td.textContent))")

    async def try_channel(self, page, name):
        await page.run("document.getElementById('channel').value = ''")
        await page.tab_to("#channel")
        await page.paste(name)
        return await page.text("#trial p")

    def jwt(self, *options):
        return tool("jwt", "--key", REVOCABLE_KEY, *options)[1]

    def assert_nothing_left(self, page, *secrets):
        """The page asked for nothing but what stands beside it, and no request held any of these."""
        self.assertTrue(page.requests)
        for request in page.requests:
            self.assertTrue(request["url"].startswith(self.url("/")), request["url"])
            for secret in secrets:
                self.assertNotIn(secret, json.dumps(request))


class Pasted(ConsoleCase):
    async def test_a_JWT_is_read_in_the_page_and_leaves_it_not(self):
        jwt = self.jwt("--client-id", "bob", "--capability", json.dumps(CAPABILITY), "--ttl", "10m")
        page = await self.pasted(jwt)
        self.assertEqual(await page.text("#what"), "Ably JWT")
        self.assertEqual(await self.facts(page), {
            "Identity": "bob", "API key's name": REVOCABLE_KEY.split(":")[0], "Algorithm": "HS256"})
        self.assertRegex(await page.text("#countdown"), r"^is good for (10|9) min( [0-9]+ s)? more$")
        self.assertEqual(await self.table(page), [
            ["Channels", "subscribe", "publish", "presence", "history"], ["chat:*", "yes", "yes", "no", "no"],
            ["news", "yes", "yes", "yes", "yes"]])
        self.assertEqual(await self.try_channel(page, "chat:lobby"), "Allowed: subscribe, publish")
        self.assertEqual(await self.try_channel(page, "chat"), "Nothing: no rule covers a channel of this name.")
        self.assertRegex(await page.text("#summary"), "^Ably JWT, identity bob, is good for ")
        stored = "[localStorage.length, sessionStorage.length, document.cookie, location.hash, location.search]"
        self.assertEqual(await page.run(stored), [0, 0, "", "", ""])
        self.assert_nothing_left(page, jwt, jwt.split(".")[2])
        self.assertEqual(page.complaints, [])

    async def test_the_countdown_counts_and_ends(self):
        page = await self.pasted(self.jwt("--ttl", "2s"))
        await page.until("document.getElementById('countdown').textContent.startsWith('ended ')")
        self.assertEqual(await page.run("document.querySelector('.life').dataset.state"), "over")
        self.assertEqual(page.complaints, [])

    async def test_a_token_request_is_read(self):
        request = tool(
            "token-request", "--key", REVOCABLE_KEY, "--client-id", "*", "--ttl", "5m", "--capability",
            '{"[*]*":["*"]}')[1]
        page = await self.pasted(request)
        self.assertEqual(await page.text("#what"), "TokenRequest")
        facts = await self.facts(page)
        self.assertEqual(facts["Identity"], "* (its holder may take any identity)")
        self.assertEqual((facts["Life of its token"], facts["Nonce"]), ("5 min", json.loads(request)["nonce"]))
        self.assertRegex(await page.text("#countdown"), "^may be exchanged for (1 min|2 min)")
        self.assertIn("privileged-headers", await self.try_channel(page, "[meta]log"))
        self.assert_nothing_left(page, json.loads(request)["mac"])
        self.assertEqual(page.complaints, [])

    async def test_a_sealed_token_is_asked_about_only_when_the_user_says_so(self):
        details = self.details(REVOCABLE_KEY, clientId="bob", capability='{"chat:*":["subscribe"]}', ttl=600_000)
        page = await self.pasted(details.token)
        self.assertEqual(await page.text("#what"), "Ably token")
        self.assertEqual(await self.facts(page), {"App": self.revocable_app})
        self.assert_nothing_left(page, details.token)
        await page.tab_to("#ask-service")
        await page.press("Enter")
        await page.until("document.querySelector('#verdict p') !== null")
        self.assertEqual(await page.text("#verdict p"), "The service accepts it.")
        self.assertEqual((await self.facts(page))["Identity"], "bob")
        self.assertEqual((await self.table(page))[1], ["chat:*", "yes", "no", "no", "no"])
        self.assertRegex(await page.text("#countdown"), "^is good for (10|9) min")
        await asyncio.to_thread(self.revoke, "clientId:bob")
        await page.press("Enter")
        await page.until("document.querySelector('#verdict .denied') !== null")
        self.assertEqual(await page.text("#verdict p"), "The service refuses it: 40141, the token was revoked.")
        self.assertEqual(page.complaints, [])

    revocable_app = REVOCABLE_KEY.split(".")[0]

    async def test_token_details_say_what_their_token_does_not(self):
        details = self.details(REVOCABLE_KEY, clientId="eve", ttl=600_000)
        page = await self.pasted(json.dumps({
            "token": details.token, "clientId": "eve", "issued": details.issued, "expires": details.expires,
            "capability": '{"a":["history"]}'}))
        self.assertEqual(await page.text("#what"), "TokenDetails")
        self.assertEqual((await self.facts(page))["Identity"], "eve")
        self.assertEqual((await self.table(page))[1], ["a", "no", "no", "no", "yes"])
        self.assert_nothing_left(page, details.token)

    async def test_an_API_key_does_not_stay_in_the_field(self):
        page = await self.pasted(REVOCABLE_KEY)
        self.assertEqual(await page.run("document.getElementById('pasted').value"), "")
        self.assertIn("belongs on a server alone", await page.text("#report .problem"))
        self.assertNotIn(REVOCABLE_KEY.split(":")[1], await page.run("document.documentElement.outerHTML"))
        self.assert_nothing_left(page, REVOCABLE_KEY.split(":")[1])

    async def test_markup_in_a_token_stays_text(self):
        evil = "<img src=x onerror='window.hacked = 1'><script>window.hacked = 2</script>"
        page = await self.pasted(json.dumps({
            "keyName": evil, "clientId": evil, "nonce": evil, "mac": evil, "timestamp": int(time.time() * 1000),
            "capability": json.dumps({evil: [evil]})}))
        self.assertEqual((await self.facts(page))["Identity"], evil)
        self.assertEqual((await self.table(page))[1][0], evil)
        self.assertEqual(await page.run("document.querySelectorAll('#report img, #report script').length"), 0)
        self.assertIsNone(await page.run("window.hacked"))
        self.assertEqual(page.complaints, [])

    async def test_garbage_is_told_to_be_garbage(self):
        for text in ["hello", "{", '{"a":1}', "a b.c", '"', "eyJ.eyJ.x", ".", "null", '{"mac":3}', "e30.e30.", "[1]"]:
            page = await self.pasted(text)
            self.assertTrue(await page.text("#report .problem"), text)
            self.assertEqual(page.complaints, [], text)
            await page.tab_to("#clear")
            await page.press(" ")
            self.assertEqual(await page.run("document.getElementById('report').textContent"), "")

    async def test_the_page_and_the_tool_agree_about_channels(self):
        page = await self.console()
        capability = json.dumps({
            "chat:*": ["publish"], "a:*:c": ["publish"], "foo*": ["publish"], "[queue]*": ["publish"],
            "[filter]f": ["publish"], "other": ["subscribe"]})
        names = ["chat:x", "chat", "chat:", "chat:a:b", "a:b:c", "a:b:d:c", "a::c", "foo*", "food", "[queue]q", "q",
                 "[meta]q", "[filter=x]f", "f", "[?rewind=1]chat:x", "[", "other", "Chat:x"]
        decided = await page.run(f"""import("/console/capability.js").then(({{decide, readCapability}}) => {{
          const rules = readCapability({json.dumps(capability)});
          return {json.dumps(names)}.map((name) => decide(rules, "publish", name).isAllowed);
        }})""")
        told = [tool("can", "publish", name, "--capability", capability)[0] == 0 for name in names]
        self.assertEqual(dict(zip(names, decided)), dict(zip(names, told)))
        self.assertEqual(told.count(True), 9)


class Live(ConsoleCase):
    async def row(self, page, name):
        """The connection of a client, once the page shows it with something to press."""
        return await page.until(
            f"[...document.querySelectorAll('#connections tr')].find((tr) => "
            f"tr.querySelector('.client').textContent === {json.dumps(name)} && !tr.querySelector('.revoke').disabled)"
            "?.dataset.connection")

    def tokens_for(self, name, key=REVOCABLE_KEY):
        async def callback(_):
            return await asyncio.to_thread(self.details, key, clientId=name, ttl=600_000)

        return callback

    async def test_a_client_appears_and_is_asked_to_reauthenticate(self):
        page = await self.console()
        self.assertEqual(await page.run("document.getElementById('no-connections').hidden"), False)
        client = await self.connected(auth_callback=self.tokens_for("alice"))
        await self.soon(client.channels.get("chat:lobby").attach())
        token = client.auth.token_details.token
        row = f"tr[data-connection='{await self.row(page, 'alice')}']"
        await page.until(f"document.querySelector(\"{row} .channels\").textContent === 'chat:lobby'")
        self.assertEqual(await page.text(f"{row} .state"), "connected")
        self.assertRegex(await page.text(f"{row} .token"), "^good for (10|9) min")
        changes = []
        client.connection.on(lambda change: changes.append(change.current))
        await page.tab_to(f"{row} .reauthenticate")
        await page.press("Enter")
        await self.until(lambda: client.auth.token_details.token != token and changes)
        self.assertEqual(changes, [ConnectionState.CONNECTED])
        self.assertEqual(await page.text("#action-state"), "alice was asked for another token.")
        self.assertTrue(await page.run(f"document.activeElement.matches(\"{row} .reauthenticate\")"))
        self.assertEqual(page.complaints, [])

    async def test_a_client_is_revoked_and_comes_back_with_another_token(self):
        page = await self.console()
        client = await self.connected(auth_callback=self.tokens_for("bob"))
        other = await self.connected(auth_callback=self.tokens_for("carol"))
        token = client.auth.token_details.token
        changes, others = [], []
        client.connection.on(lambda change: changes.append((change.current, change.reason and change.reason.code)))
        other.connection.on(lambda change: others.append(change.current))
        await self.row(page, "carol")
        await page.tab_to(f"tr[data-connection='{await self.row(page, 'bob')}'] .revoke")
        await page.press("Enter")
        await self.until(lambda: changes and changes[-1][0] == ConnectionState.CONNECTED)
        self.assertEqual(changes[0], (ConnectionState.DISCONNECTED, 40141))
        self.assertNotEqual(client.auth.token_details.token, token)
        self.assertEqual(others, [])
        await page.until("document.getElementById('action-state').textContent !== ''")
        self.assertEqual(await page.text("#action-state"), "The tokens of bob were revoked (clientId:bob).")
        # Whoever tries the old token is seen to be refused, with the reason.
        with self.assertRaises(Exception):
            await asyncio.to_thread(self.history_with, token)
        await page.until(
            "[...document.querySelectorAll('#tokens tr.refused')].some((tr) => "
            "tr.textContent.includes('40141: the token was revoked'))")
        issued = "[...document.querySelectorAll('#tokens tr.issued')].map((tr) => tr.children[2].textContent)"
        self.assertLessEqual({"bob", "carol"}, set(await page.run(issued)))
        self.assert_nothing_left(page, token)
        self.assertEqual(page.complaints, [])

    def history_with(self, token):
        return urllib.request.urlopen(urllib.request.Request(
            self.url("/channels/chat:x/messages"), headers={"Authorization": f"Bearer {token}"}), timeout=20)

    async def test_a_token_that_cannot_be_revoked_is_said_to_be_so(self):
        page = await self.console()
        client = await self.connected(auth_callback=self.tokens_for("dave", self.service.key))
        changes = []
        client.connection.on(lambda change: changes.append((change.current, change.reason and change.reason.code)))
        await page.tab_to(f"tr[data-connection='{await self.row(page, 'dave')}'] .revoke")
        await page.press("Enter")
        await self.until(lambda: (ConnectionState.DISCONNECTED, 40141) in changes)
        await page.until("document.getElementById('action-state').textContent.includes('--revocable-key')")
        self.assertEqual(page.complaints, [])


class Guarded(ConsoleCase):
    async def test_a_script_that_was_put_into_the_page_does_not_run(self):
        page = await self.page()
        evil = (
            "<script>window.hacked = 'inline'</script><img src='/nothing' onerror='window.hacked = 1'>"
            "<script src='http://rebound.example:9/x.js'></script><style>body { color: red }</style>"
            "<a id=evil href='javascript:window.hacked = 2'>x</a></main>")
        await page.tamper("*/console", lambda text: text.replace("</main>", evil))
        await page.go(self.url())
        await page.until("document.getElementById('place').textContent !== ''")
        await page.run("document.getElementById('evil').click()")
        # What the page loads after that, it loads after the script would have run.
        await page.until("document.getElementById('live').hidden === false")
        self.assertIsNone(await page.run("window.hacked"))
        self.assertNotEqual(await page.run("getComputedStyle(document.body).color"), "rgb(255, 0, 0)")
        refused = [text for text in page.complaints if "Content Security Policy" in text]
        for what in ("script-src", "style-src"):
            self.assertTrue([text for text in refused if what in text], page.complaints)
        self.assertEqual(await page.run(
            "(() => { try { document.body.innerHTML = '<b>x</b>'; return 'written' } "
            "catch (error) { return error.name } })()"), "TypeError")

    async def test_every_file_comes_with_the_header_fields_that_guard_it(self):
        page = await self.console()
        files = {url: answer for url, answer in page.answers.items() if "/console" in url}
        self.assertGreaterEqual(len(files), 9)
        for url, answer in files.items():
            fields = {name.lower(): value for name, value in answer["headers"].items()}
            self.assertEqual(answer["status"], 200, url)
            self.assertEqual((fields["cache-control"], fields["x-content-type-options"]), ("no-store", "nosniff"), url)
            self.assertIn("default-src 'none'", fields["content-security-policy"], url)
            self.assertIn("frame-ancestors 'none'", fields["content-security-policy"], url)
            self.assertNotIn("unsafe", fields["content-security-policy"], url)

    async def test_a_page_of_another_origin_can_neither_act_nor_look(self):
        client = await self.connected(auth_callback=Live.tokens_for(self, "target"))
        changes = []
        client.connection.on(lambda change: changes.append(change))
        page = await self.page()
        await page.go(self.foreign_site())
        for options in ("{method: 'POST', mode: 'no-cors', body: new Blob([order])}",
                        "{method: 'POST', mode: 'no-cors', body: order}"):
            for path in ("/admin/actions", "/admin/revocations"):
                await page.run(
                    "(() => { const order = JSON.stringify({type: 'disconnect', connectionId: "
                    f"{json.dumps(client.connection.connection_manager.connection_id)}}});"
                    f"return fetch({json.dumps(self.url(path))}, {options}).then(() => 1, () => 0) }})()")
        for path in ("/admin/connections", "/admin/tokens", "/console/site.json"):
            self.assertEqual(await page.run(
                f"fetch({json.dumps(self.url(path))}).then((answer) => answer.text(), () => 'refused')"), "refused")
        await self.soon(client.connection.ping())
        self.assertEqual(changes, [])

    def foreign_site(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>foreign</title>")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"

    async def test_a_name_that_was_made_to_lead_here_gets_no_answer(self):
        page = await self.page()
        await page.go(f"http://rebound.example:{self.service.port}/console")
        for path in ("/admin/connections", "/admin/tokens", "/admin/events"):
            self.assertEqual(await page.run(f"fetch('{path}').then((answer) => answer.status)"), 403)

    async def test_what_can_be_used_has_a_name_and_both_colour_schemes_differ(self):
        await self.connected(auth_callback=Live.tokens_for(self, "named"))
        page = await self.pasted(self.jwt("--client-id", "bob"))
        await Live.row(self, page, "named")
        nodes = (await page.command("Accessibility.getFullAXTree"))["nodes"]
        roles = {"button", "textbox", "combobox", "table", "region", "link", "timer"}
        found = [(node["role"]["value"], node["name"]["value"]) for node in nodes
                 if not node["ignored"] and node["role"]["value"] in roles - {"timer"}]
        self.assertGreaterEqual(len(found), 8)
        self.assertEqual([role for role, name in found if not name.strip()], [])
        colours = []
        for scheme in ("light", "dark"):
            await page.command("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": scheme}])
            colours.append(await page.run(
                "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"))
        self.assertEqual(colours, [["rgb(28, 30, 33)", "rgb(255, 255, 255)"], ["rgb(230, 231, 233)", "rgb(22, 24, 28)"]])


class Closed(ConsoleCase):
    service_options = ()

    async def test_without_admin_it_shows_nothing_live_and_says_why(self):
        page = await self.pasted(self.token(REVOCABLE_KEY))
        self.assertTrue(await page.run("document.getElementById('live').hidden"))
        self.assertFalse(await page.run("document.getElementById('closed').hidden"))
        self.assertIsNone(await page.text("#ask-service"))
        self.assertEqual(await page.text("#what"), "Ably token")
        self.assertEqual(page.complaints, [])


class Development(ConsoleCase):
    def serve(self):
        process = subprocess.Popen(
            [os.environ["ABLY_AUTH"], "serve", "--dev", "--json", "--port", "0"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

        def stop():
            process.terminate()
            process.wait(20)
            process.stdout.close()

        self.addCleanup(stop)
        return json.loads(process.stdout.readline())

    async def ask(self, page, login, **wishes):
        await page.run(f"document.getElementById('login').value = {json.dumps(login)}")
        for name in ("clientId", "capability", "ttl"):
            await page.run(
                f"document.getElementById('wish-{name}').value = {json.dumps(wishes.get(name, ''))};"
                "document.getElementById('answer').textContent = ''")
        await page.tab_to("#ask")
        await page.press("Enter")
        return await page.until("document.getElementById('answer').textContent")

    async def test_the_endpoint_is_asked_and_its_answers_are_read(self):
        ready = self.serve()
        page = await self.page()
        await page.go(f"http://127.0.0.1:{ready['port']}/console")
        await page.until("document.querySelectorAll('#login option').length === 4")
        self.assertRegex(await self.ask(page, "alice", capability='{"chat:a":["publish","presence"]}'), "^200, ")
        self.assertEqual(await page.text("#what"), "TokenRequest")
        self.assertEqual((await self.facts(page))["Identity"], "alice")
        self.assertEqual((await self.table(page))[1], ["chat:a", "no", "yes", "yes", "no"])
        self.assertEqual(page.complaints, [])
        self.assertIn("this account is banned", await self.ask(page, "mallory"))
        self.assertRegex(await self.ask(page, ""), "^401, application/json: 40100")
        self.assertRegex(await self.ask(page, "alice", clientId="mo"), "^403, ")
        self.assertRegex(await self.ask(page, "mo"), "^200, ")
        # Chromium notes each status over 400, and nothing else was wrong.
        self.assertEqual([text for text in page.complaints if "Failed to load resource" not in text], [])
        self.assertEqual(len(page.complaints), 3)

    async def test_the_logins_are_for_this_machine_alone(self):
        ready = self.serve()
        page = await self.page()
        await page.go(f"http://rebound.example:{ready['port']}/console")
        self.assertNotIn("Ably Auth console", await page.run("document.documentElement.outerHTML"))
        self.assertEqual(await page.run("fetch('/console/site.json').then((answer) => answer.status)"), 403)
