"""Runs the tests in this folder, prints one line each, and writes how many there were in JUnit's form."""

import argparse
import logging
import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    """Shows a test as the sentence that its name is."""

    def getDescription(self, test):
        return getattr(test, "_testMethodName", str(test)).replace("test_", "", 1).replace("_", " ")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--results", type=pathlib.Path, required=True)
    results = arguments.parse_args().results

    # The client logs every refusal with its stack, and refusals are what most tests ask for.
    logging.getLogger("ably").setLevel(logging.CRITICAL + 1)
    # Nor is it news that a child process took a moment, or that the client's own tasks ended with their socket.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    tests = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent))
    outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result).run(tests)
    failures, errors = len(outcome.failures), len(outcome.errors)
    # A service that did not start is an error, and no test has run.
    tests = max(outcome.testsRun, failures + errors)
    results.write_text(
        f'<testsuite name="Interop" tests="{tests}" failures="{failures}" errors="{errors}" />\n')
    sys.exit(not (outcome.wasSuccessful() and outcome.testsRun))


main()
