"""Language tests: finding them, running one, and comparing what it did with what is expected.

A test is NAME.py with what CPython 3.14 did beside it: NAME.out (standard output), NAME.err
(standard error, when there was any), NAME.code (exit status, when not 0). NAME.in, when there, is
its standard input. Comments in the first lines of NAME.py steer it:

    # arguments: -O -W error        options given to the interpreter
    # skip: gcstress, jit           configurations it is left out of
    # timeout: 60                   seconds, instead of the suite's

Runs under the system's python3; nothing here needs CPython 3.14.
"""
import dataclasses
import difflib
import os
import pathlib
import re
import resource
import shlex
import signal
import subprocess
import time

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parent
DIRECTIVE = re.compile(r"^# (arguments|skip|timeout): *(.*)$")
HEAD_LINES = 8


@dataclasses.dataclass(frozen=True)
class Suite:
    """A folder of tests. In a suite of patterns the .out files hold placeholders (see PLACEHOLDERS)."""
    folder: str
    timeout: int = 20
    patterns: bool = False
    only: tuple = ()            # configurations it runs in; empty: all


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One way of running every test."""
    name: str
    environment: dict = dataclasses.field(default_factory=dict)
    arguments: tuple = ()
    slower: int = 1             # by how much time limits grow


@dataclasses.dataclass
class Result:
    out: str
    err: str
    code: int
    seconds: float
    timed_out: bool = False


class Test:
    def __init__(self, suite, path):
        self.suite = suite
        self.path = path
        self.name = str(path.relative_to(TESTS).with_suffix(""))
        self.arguments = []
        self.skip = set()
        self.timeout = suite.timeout
        self._read_directives()

    def _read_directives(self):
        with open(self.path, encoding="utf-8", errors="replace") as file:
            for _, line in zip(range(HEAD_LINES), file):
                found = DIRECTIVE.match(line)
                if not found:
                    continue
                word, value = found.groups()
                if word == "arguments":
                    self.arguments = shlex.split(value)
                elif word == "skip":
                    self.skip = {name.strip() for name in value.split(",")}
                else:
                    self.timeout = int(value)

    def beside(self, suffix):
        return self.path.with_suffix(suffix)

    def runs_in(self, configuration):
        if self.suite.only and configuration.name not in self.suite.only:
            return False
        return configuration.name not in self.skip

    def stored(self, suffix):
        """The stored expectation as text; empty where nothing is stored."""
        file = self.beside(suffix)
        return file.read_text(encoding="utf-8", errors="surrogateescape") if file.exists() else ""


def find_tests(suites, filters):
    tests = []
    for suite in suites:
        for path in sorted((TESTS / suite.folder).rglob("*.py")):
            test = Test(suite, path)
            # Helper modules live in folders whose name starts with an underscore.
            if any(part.startswith("_") for part in path.relative_to(TESTS).parts[:-1]):
                continue
            if not filters or any(word in test.name for word in filters):
                tests.append(test)
    return tests


def environment(configuration):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS")
            if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "80",
            "PYTHONHASHSEED": "0", **configuration.environment}


def run_test(test, command, configuration):
    """Runs one test to its end or its time limit and returns the normalised result."""
    argv = [*command, *configuration.arguments, *test.arguments, str(test.path)]
    limit = test.timeout * configuration.slower
    stdin = open(test.beside(".in"), "rb") if test.beside(".in").exists() else subprocess.DEVNULL
    start = time.monotonic()
    child = subprocess.Popen(argv, cwd=test.path.parent, env=environment(configuration),
                             stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             start_new_session=True,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
    timed_out = False
    try:
        out, err = child.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        timed_out = True
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
    finally:
        if stdin is not subprocess.DEVNULL:
            stdin.close()
    seconds = time.monotonic() - start
    return Result(normalise(out, test), normalise(err, test), child.returncode, seconds, timed_out)


NORMAL = [
    # a library module: where it lies and at which line differs between versions
    (re.compile(r'File "[^"\n]*/lib/python3\.14/([^"\n]+)", line \d+'), r'File "<lib>/\1", line N'),
    (re.compile(r"[^\s'\"]*/lib/python3\.14/"), "<lib>/"),
    (re.compile(r"\b0x[0-9a-f]{6,}"), "0xADDRESS"),
]


def normalise(raw, test):
    """Takes out of the text what may differ between two correct runs: places and addresses."""
    text = raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    text = text.replace(str(test.path.parent) + "/", "<tests>/")
    for pattern, by in NORMAL:
        text = pattern.sub(by, text)
    return text


# What a line of an .out file in a suite of patterns may contain.
PLACEHOLDERS = {
    "<int>": r"-?\d+",
    "<float>": r"-?(?:\d+\.\d*(?:e[-+]?\d+)?|inf|nan)",
    "<any>": r".*",
}
ANY_LINES = "<lines>"       # alone on a line: any number of lines


def pattern_matches(pattern, text):
    parts = []
    for line in pattern.splitlines(keepends=True):
        if line.strip() == ANY_LINES:
            parts.append(r"(?:.*\n)*?")
            continue
        parts += [PLACEHOLDERS.get(piece, re.escape(piece))
                  for piece in re.split("(" + "|".join(PLACEHOLDERS) + ")", line)]
    return re.fullmatch("".join(parts), text) is not None


def difference(wanted, got, title):
    lines = list(difflib.unified_diff(wanted.splitlines(), got.splitlines(),
                                      f"expected {title}", f"actual {title}", lineterm="", n=2))
    if len(lines) > 40:
        lines[40:] = [f"... {len(lines) - 40} more lines"]
    return "\n".join(lines)


def explain(test, result):
    """Why the result is not the expected one; empty text: it is."""
    problems = []
    if result.timed_out:
        problems.append(f"did not end within {result.seconds:.0f} s")
    code = int(test.stored(".code").strip() or 0)
    if result.code != code and not result.timed_out:
        died = f"killed by {signal.Signals(-result.code).name}" if result.code < 0 else None
        problems.append(died or f"exit status {result.code}, expected {code}")
    out = test.stored(".out")
    if test.suite.patterns:
        same = pattern_matches(out, result.out)
    else:
        same = out == result.out
    if not same:
        problems.append(difference(out, result.out, "output"))
    err = test.stored(".err")
    if err != result.err and not (test.suite.patterns and pattern_matches(err, result.err)):
        problems.append(difference(err, result.err, "standard error"))
    return "\n".join(problems)
