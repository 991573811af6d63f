"""A desk process that takes, answers and hands back without rest, until it is killed."""

from __future__ import annotations

import itertools

from desk import prepare


def main() -> None:
    """Work on every conversation in turn; print a line once at work."""
    from desk.accounts.models import User
    from desk.handoff import closing, ownership, sending
    from desk.handoff.models import Conversation

    agent = User.objects.get()
    print("at work", flush=True)
    for number in itertools.count():
        for conversation in Conversation.objects.order_by("pk"):
            pk, epoch = conversation.pk, conversation.epoch
            if conversation.owner != "agent":
                ownership.claim(pk, agent, epoch)
                continue
            sending.from_staff(pk, agent, epoch, f"{number}")
            ownership.hand_back(pk, agent, epoch)
            closing.say(pk, None)


if __name__ == "__main__":
    prepare.set_up()
    main()
