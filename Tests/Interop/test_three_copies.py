"""Three copies of `ably-auth serve` behind nginx, one of which is killed and started again under load."""

import os
import pathlib
import subprocess
import sys
import unittest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "Examples" / "ThreeCopies" / "run.py"


class ThreeCopies(unittest.TestCase):
    def test_not_one_of_10000_answers_is_wrong(self):
        outcome = subprocess.run(
            [sys.executable, str(EXAMPLE), os.environ["ABLY_AUTH"], "10000"], capture_output=True, text=True,
            timeout=300)
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertIn("10000 answers, 0 wrong, 10000 different nonces", outcome.stdout)
