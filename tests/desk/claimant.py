"""A desk process for the test of claims: 25 threads that all claim at the same moment, round after round.

Arguments: how many rounds, which half of the users. Prints a line a round: the ids of those who won.
"""

from __future__ import annotations

import sys
import threading

from desk import prepare

THREADS = 25


def main(rounds: int, half: int) -> None:
    """Wait for each round's number on standard input, then claim."""
    from django.db import connection

    from desk.accounts.models import User
    from desk.handoff import ownership

    users = list(User.objects.order_by("pk")[half * THREADS : (half + 1) * THREADS])
    won: list[int] = []
    gates = [threading.Barrier(THREADS + 1) for _ in range(2)]
    task = [0, 0]

    def work(user: User) -> None:
        while True:
            gates[0].wait()
            if not task[0]:
                connection.close()
                return
            if ownership.claim(task[0], user, task[1]).done:
                won.append(user.pk)
            gates[1].wait()

    threads = [threading.Thread(target=work, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for _ in range(rounds):
        task[:] = [int(word) for word in sys.stdin.readline().split()]
        gates[0].wait()
        gates[1].wait()
        print(*won, flush=True)
        won.clear()
    task[0] = 0
    gates[0].wait()


if __name__ == "__main__":
    prepare.set_up()
    main(int(sys.argv[1]), int(sys.argv[2]))
