"""Chromium without a screen, driven over the DevTools protocol."""

import asyncio
import atexit
import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import threading

from websockets.asyncio.client import connect

PATIENCE = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    # Nothing but pages of this machine is opened, and a container's root has no sandbox.
    "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-sync",
    "--disable-extensions", "--disable-component-update", "--metrics-recording-only", "--password-store=basic",
    "--no-proxy-server",
    # A name that was made to lead to this machine.
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",
)


class Browser:
    """A browser as a child process with a profile of its own, which goes with it.

    It ends with its standard input, and so with the test run, however that ends."""

    _GUARD = '"$@" & cat >/dev/null; kill -9 0'

    def __init__(self):
        binary = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
        if not binary:
            raise RuntimeError("there is no Chromium; Scripts/setup tests installs it")
        self._profile = tempfile.mkdtemp(prefix="ably-auth-browser-")
        self._process = subprocess.Popen(
            ["sh", "-c", self._GUARD, "sh", binary, *OPTIONS, f"--user-data-dir={self._profile}", "about:blank"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
            start_new_session=True)
        atexit.register(self.stop)
        self._talk = []
        self._url = None
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(PATIENCE) or not self._url:
            self.stop()
            raise RuntimeError(f"Chromium does not start: {''.join(self._talk[-20:])}")

    def _read(self):
        for line in self._process.stderr:
            self._talk.append(line)
            if "DevTools listening on " in line:
                self._url = line.split("DevTools listening on ")[1].strip()
                self._ready.set()
        self._ready.set()

    def stop(self):
        atexit.unregister(self.stop)
        self._process.stdin.close()
        self._process.wait()
        # Ends when the last of the browser's processes has.
        self._reader.join()
        self._process.stderr.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    async def page(self):
        """A page with cookies, storage and cache of its own."""
        return await Page.open(self._url)


class Page:
    """A page, what it asked the network for, and what it complained about."""

    @classmethod
    async def open(cls, url):
        self = cls()
        self.requests = []
        self.complaints = []
        self.answers = {}
        self._ids = itertools.count(1)
        self._calls = {}
        self._tamper = None
        self._tasks = set()
        self._session = None
        self._socket = await connect(url, max_size=None, proxy=None, open_timeout=PATIENCE)
        self._reader = asyncio.create_task(self._read())
        self._context = (await self.command("Target.createBrowserContext"))["browserContextId"]
        target = await self.command(
            "Target.createTarget", url="about:blank", browserContextId=self._context, width=1200, height=900)
        attached = await self.command("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.command(f"{domain}.enable")
        return self

    async def close(self):
        self._session = None
        try:
            await self.command("Target.disposeBrowserContext", browserContextId=self._context)
        finally:
            await self._socket.close()
            await self._reader
            for task in self._tasks:
                task.cancel()

    async def command(self, method, **params):
        id = next(self._ids)
        call = self._calls[id] = asyncio.get_running_loop().create_future()
        message = {"id": id, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send(json.dumps(message))
        return await asyncio.wait_for(call, PATIENCE)

    async def _read(self):
        async for text in self._socket:
            message = json.loads(text)
            if "id" not in message:
                self._note(message["method"], message["params"])
            elif (call := self._calls.pop(message["id"], None)) and not call.done():
                if "error" in message:
                    call.set_exception(RuntimeError(message["error"]["message"]))
                else:
                    call.set_result(message["result"])
        for call in self._calls.values():
            if not call.done():
                call.set_exception(ConnectionError("the browser is gone"))

    def _note(self, event, params):
        if event == "Network.requestWillBeSent":
            self.requests.append(params["request"])
        elif event == "Network.responseReceived":
            self.answers[params["response"]["url"]] = params["response"]
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str([part.get("value") for part in params["args"]]))
        elif event == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif event == "Fetch.requestPaused":
            task = asyncio.create_task(self._change(params))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _change(self, paused):
        """Passes an answer on, changed as `tamper` says, with the header fields that it came with."""
        id = paused["requestId"]
        body = await self.command("Fetch.getResponseBody", requestId=id)
        text = base64.b64decode(body["body"]).decode() if body["base64Encoded"] else body["body"]
        fields = [field for field in paused["responseHeaders"] if field["name"].lower() != "content-length"]
        await self.command(
            "Fetch.fulfillRequest", requestId=id, responseCode=paused["responseStatusCode"], responseHeaders=fields,
            body=base64.b64encode(self._tamper(text).encode()).decode())

    async def tamper(self, pattern, change):
        """Changes the text of answers to requests whose URL has the pattern."""
        self._tamper = change
        await self.command("Fetch.enable", patterns=[{"urlPattern": pattern, "requestStage": "Response"}])

    async def go(self, url):
        """Opens a URL, and returns once its scripts have run."""
        answer = await self.command("Page.navigate", url=url)
        if "errorText" in answer:
            raise RuntimeError(f"{url} does not open: {answer['errorText']}")
        await self.until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    async def run(self, script):
        """The value of an expression in the page, awaited if it is a promise."""
        result = await self.command(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    async def until(self, script):
        """What an expression gives as soon as that is something."""

        async def wait():
            while not (value := await self.run(script)):
                await asyncio.sleep(0.02)
            return value

        try:
            return await asyncio.wait_for(wait(), PATIENCE)
        except asyncio.TimeoutError:
            shown = await self.run("document.body.innerText")
            raise AssertionError(f"this did not come about: {script}\nThe page shows:\n{shown}\n{self.complaints}")

    async def text(self, selector):
        return await self.run(f"document.querySelector({json.dumps(selector)})?.textContent")

    async def press(self, key, modifiers=0):
        texts = {"Enter": "\r", " ": " "}
        codes = {"Tab": 9, "Enter": 13, " ": 32, "a": 65}
        key_event = {"key": key, "windowsVirtualKeyCode": codes[key], "modifiers": modifiers}
        if key in texts:
            key_event["text"] = texts[key]
        await self.command("Input.dispatchKeyEvent", type="keyDown" if key in texts else "rawKeyDown", **key_event)
        await self.command("Input.dispatchKeyEvent", type="keyUp", **key_event)

    async def tab_to(self, selector):
        """Goes to an element by the keyboard alone."""
        for _ in range(80):
            if await self.run(f"document.activeElement.matches({json.dumps(selector)})"):
                return
            await self.press("Tab")
        raise AssertionError(f"the keyboard does not lead to {selector}")

    async def paste(self, text):
        """Puts a text where the focus is."""
        await self.command("Input.insertText", text=text)
