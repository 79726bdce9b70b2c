"""Runs tests of CPython's, and writes a line for each into a file: how it ended, and its name.

    suite.py [--own] FOLDER REPORT TEST..

FOLDER has CPython's package `test` in it; a TEST is one of its modules, or of their classes or
methods. Tracebacks go to standard error. With --own they run on GraalPy's own asyncore, without
this library: what fails there as well is GraalPy's.
"""

import os
import sys
import unittest

own = sys.argv[1] == "--own"
if own:
    del sys.argv[1]
    sys.path[:] = [entry for entry in sys.path if entry.startswith(sys.prefix)]

import asyncore  # With what GraalPy lacks: tests ask for it as they are imported.

if own and hasattr(asyncore, "java_map"):
    sys.exit("not GraalPy's own: " + asyncore.__file__)


class Lines(unittest.TextTestResult):
    def line(self, ending, test, why=""):
        report.write("%s %s%s\n" % (ending, test.id(), " " + " ".join(why.split()) if why else ""))
        report.flush()

    def startTest(self, test):
        super().startTest(test)
        self.line("started", test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("passed", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("skipped", test, reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line("failed", test, "%s: %s" % (err[0].__name__, err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self.line("failed", test, "%s: %s" % (err[0].__name__, err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.line("failed", test, "%s: %s" % (err[0].__name__, err[1]))


sys.path.append(sys.argv[1])
with open(sys.argv[2], "w") as report:
    tests = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[3:])
    unittest.TextTestRunner(stream=sys.stderr, verbosity=2, resultclass=Lines).run(tests)
    report.write("ended %d\n" % tests.countTestCases())
    report.flush()
os._exit(0)  # A test that failed may have left threads behind.
