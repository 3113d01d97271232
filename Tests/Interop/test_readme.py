"""The Python example of the README, run as it stands but for the port and the key of the service."""

import contextlib
import io
import os
import pathlib
import re
import unittest

import local_service

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"


class Readme(unittest.TestCase):
    def setUp(self):
        self.service = local_service.LocalService(os.environ["ABLY_AUTH"], os.devnull)
        self.addCleanup(self.service.stop)

    def test_the_python_example_of_the_readme_prints_what_the_readme_says(self):
        text = README.read_text(encoding="utf-8")
        example, said = re.search(r"```python\n(.*?)```\n\nIt prints `(.*?)`", text, re.DOTALL).groups()
        for there, here in [("port=8080", f"port={self.service.port}"),
                            ("demo00.key000:only-for-this-machine", self.service.key)]:
            self.assertEqual(example.count(there), 1)
            example = example.replace(there, here)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example, "README.md", "exec"), {"__name__": "example"})
        self.assertEqual(printed.getvalue().strip(), said)
