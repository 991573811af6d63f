"""A toy channel, whole: JSON over HTTP with a shared secret. `docs/add-a-channel.md` explains each part."""

import json

from bot.bus.messages import Inbound
from bot.channels.common.envelope import Opened
from bot.channels.common.refusal import Refusal
from bot.channels.common.render import texts
from bot.channels.room import Room
from bot.errors import EnvelopeError

SENT: list[tuple[str, str]] = []


class Door:
    def verify_url(self, params):
        return params.get("echo", "")

    def open(self, params, body):
        if params.get("secret") != "toy":
            raise EnvelopeError("wrong secret")
        return Opened(body.decode(), "")

    def parse(self, text):
        found = json.loads(text)
        key = f"toy|{found['user']}|{found.pop('id')}"
        return Inbound(key=key, channel="toy", account="toy", kind="text", **found)

    def render(self, reply):
        return texts(reply, 200)

    def carries(self, reply):
        return len(self.render(reply)) <= 1

    def answer(self, opened, inbound, text, now):
        return json.dumps({"say": text})


class Push:
    can_push = True

    def messages(self, reply, ticket=""):
        return tuple({"text": text} for text in texts(reply, 200))

    def split(self, message):
        return ()

    async def send(self, user, message):
        SENT.append((user, message["text"]))

    def judge(self, code, message):
        return Refusal("fail", message)

    async def ready(self): ...
    async def close(self): ...


def room(settings):
    return Room(name="toy", label="玩具", path="/toy", door=Door(), tokens="toy", pusher=lambda _: Push())
