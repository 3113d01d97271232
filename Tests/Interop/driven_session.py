"""`ably-auth session` as a child process: a line of JSON in for each call, a line out for each answer and event."""

import asyncio
import itertools
import json
import os

PATIENCE = 20


class Refused(Exception):
    """An answer with `ok` false."""

    def __init__(self, error):
        super().__init__(error)
        self.error = error


class Session:
    @classmethod
    async def start(cls, *options, environment=None):
        self = cls()
        self.events = []
        self.answers = []
        self._ids = itertools.count(1)
        self._calls = {}
        self._news = asyncio.Event()
        self._process = await asyncio.create_subprocess_exec(
            os.environ["ABLY_AUTH"], "session", *options, env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
        self._reader = asyncio.create_task(self._read())
        return self

    async def _read(self):
        async for text in self._process.stdout:
            line = json.loads(text)
            if "event" in line:
                self.events.append(line)
            else:
                self.answers.append(line)
                if call := self._calls.pop(line.get("id"), None):
                    call.set_result(line)
            self._wake()
        for call in self._calls.values():
            call.set_exception(ConnectionError("the session ended without an answer"))
        self._wake()

    def _wake(self):
        self._news.set()
        self._news = asyncio.Event()

    def begin(self, do, **members):
        """Sends a line; what it gives is awaited for the line that answers it."""
        id = next(self._ids)
        call = self._calls[id] = asyncio.get_running_loop().create_future()
        self.send_text(json.dumps({"id": id, "do": do, **members}))
        return call

    def send_text(self, text):
        self._process.stdin.write(text.encode() + b"\n")

    async def answer(self, do, **members):
        return await asyncio.wait_for(self.begin(do, **members), PATIENCE)

    async def call(self, do, **members):
        """The result of a call; `Refused` for one that failed."""
        answer = await self.answer(do, **members)
        if not answer["ok"]:
            raise Refused(answer["error"])
        return answer.get("result")

    def seen(self, kind, **members):
        """The events of a kind so far, those with these members."""
        return [event for event in self.events
                if event["event"] == kind and all(event.get(name) == value for name, value in members.items())]

    async def until(self, condition):
        """Returns what `condition` gives as soon as that is something."""

        async def wait():
            while not (result := condition()):
                if self._reader.done():
                    raise ConnectionError(f"the session ended; its events: {self.events}")
                await self._news.wait()
            return result

        return await asyncio.wait_for(wait(), PATIENCE)

    async def event(self, kind, **members):
        """The first event of a kind with these members, one that has come or one that comes."""
        return (await self.until(lambda: self.seen(kind, **members)))[0]

    async def end(self):
        """Ends the input, waits for the process, and gives its exit status."""
        if not self._process.stdin.is_closing():
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._reader, PATIENCE)
        finally:
            if self._process.returncode is None and not self._reader.done():
                self._process.kill()
        return await self._process.wait()
