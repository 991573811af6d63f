"""One winner, whoever claims at the same moment from wherever; and what the loser is told."""

from __future__ import annotations

import pytest

from desk.accounts.permissions import Role
from desk.handoff import ownership
from desk.handoff.models import Conversation, Group, Message, Outcome, State, Ticket, Who
from tests.desk import claims
from tests.desk.make import asked, user
from tests.desk.place import Place

ROUNDS = 6
"""``python -m bench.helpdesk claims`` goes on for 200."""


@pytest.mark.usefixtures("desk")
def test_fifty_at_once_in_two_processes_have_one_winner(database: Place, redis_url: str) -> None:
    assert claims.rounds(database, redis_url, ROUNDS) == [1] * ROUNDS
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("desk")
def test_the_loser_is_told_who_has_it() -> None:
    conversation = asked()
    first, second = user("first"), user("second")
    assert ownership.claim(conversation.pk, first, conversation.epoch).done
    lost = ownership.claim(conversation.pk, second, conversation.epoch)
    assert lost == ownership.Result(False, str(first))
    conversation.refresh_from_db()
    assert ownership.claim(conversation.pk, second, conversation.epoch) == ownership.Result(False, str(first))


@pytest.mark.usefixtures("desk")
def test_nobody_gives_away_what_isnt_theirs() -> None:
    conversation = asked()
    first, second = user("first"), user("second")
    ownership.claim(conversation.pk, first, conversation.epoch)
    epoch = conversation.epoch + 1
    assert not ownership.release(conversation.pk, second, epoch).done
    assert not ownership.hand_back(conversation.pk, second, epoch)[0].done
    assert not ownership.transfer(conversation.pk, second, epoch, first, "").done
    assert not ownership.release(conversation.pk, first, epoch - 1).done
    conversation.refresh_from_db()
    assert (conversation.agent_id, conversation.epoch) == (first.pk, epoch)


@pytest.mark.usefixtures("desk")
def test_the_whole_life() -> None:
    conversation = asked()
    first, second, lead = user("first"), user("second"), user("lead", Role.LEAD)
    pk, epoch = conversation.pk, conversation.epoch
    assert ownership.claim(pk, first, epoch).done
    assert ownership.transfer(pk, first, epoch + 1, second, "熟悉课题").done
    assert ownership.force(pk, lead, epoch + 2, "同事离岗").done
    group = Group.objects.create(name="课题组")
    assert ownership.transfer(pk, lead, epoch + 3, group, "").done
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.group, ticket.transfers) == (State.WAITING, group, 2)
    assert ownership.claim(pk, second, epoch + 4).done
    done, closed = ownership.hand_back(pk, second, epoch + 5)
    assert done.done
    assert closed is not None
    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.HANDED_BACK)
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.epoch) == (Who.BOT, epoch + 6)
    lines = list(Message.objects.filter(author="system").values_list("text", flat=True))
    assert any("强制接管" in line and "同事离岗" in line for line in lines)


@pytest.mark.usefixtures("desk")
def test_only_one_open_ticket_a_conversation() -> None:
    from django.db import IntegrityError, transaction

    conversation = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.create(conversation=Conversation.objects.get(pk=conversation.pk))
