"""A child that doesn't outlive its parent, even one that was killed without a chance to clean up."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None] | None:
    """A ``preexec_fn`` by which the kernel kills the child when this process dies.

    Returns:
        None where the system has no such thing (it is Linux's).
    """
    if not sys.platform.startswith("linux"):
        return None
    # Loaded here: between fork and exec a child should do as little as can be.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tell_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return tell_kernel
