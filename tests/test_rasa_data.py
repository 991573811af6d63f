"""The files at the root are ordinary Rasa files: Rasa's own check passes from there."""

from __future__ import annotations

import os
import subprocess
import sys

from bot.dialogue import train
from bot.settings import ROOT


def test_rasa_data_validate() -> None:
    environ = dict(os.environ)
    train.quiet_environment(environ)
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
