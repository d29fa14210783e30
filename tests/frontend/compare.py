"""Compares the front end's trees and errors with CPython's.

usage: python3.14 compare.py "build/adder tests/frontend/answer.py" FILES...
The command reads records "mode flags size" NEWLINE bytes NEWLINE and answers one line each.
Runs under CPython 3.14, which is the oracle: its own ast.dump is what each answer must equal.
A FILE that ends in .jsonl has one JSON list [source, mode, flags] a line; others are sources.
"""
import ast
import json
import shlex
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)


def oracle(source, mode="exec", flags=0):
    """The dump of a source's tree, or its error as `ERR name args`."""
    name = {"e": "eval", "s": "single"}.get(mode, "exec")
    try:
        tree = compile(source, "f", name, flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        return ast.dump(tree, include_attributes=True)
    except SyntaxError as error:
        return f"ERR {type(error).__name__} {error.args!r}"
    except (ValueError, OverflowError, MemoryError, RecursionError) as error:
        return f"ERR {type(error).__name__} {error.args!r}"


class Dumper:
    def __init__(self, command):
        self.command = command
        self.start()

    def start(self):
        self.process = subprocess.Popen(shlex.split(self.command), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, source, mode="x", flags=0):
        data = source if isinstance(source, bytes) else source.encode()
        if isinstance(source, str):
            flags |= 0x800
        try:
            self.process.stdin.write(b"%s %d %d\n" % (mode.encode(), flags, len(data)) + data + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            status = self.process.wait()
            self.start()
            return f"CRASH {status}"
        return line.decode("utf-8", "surrogateescape").rstrip("\n")


def first_difference(a, b):
    i = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return max(0, i - 60), i + 100


def records(path):
    """The sources of a file: [source, mode, flags] each."""
    if not path.endswith(".jsonl"):
        with open(path, "rb") as file:
            yield file.read(), "x", 0
        return
    with open(path) as file:
        for line in file:
            source, mode, flags = json.loads(line)
            modes = {"exec": "x", "eval": "e", "single": "s"}
            if mode in modes and "\0" not in source and source.isprintable() | source.isascii():
                yield source, modes[mode], flags & (0x200 | 0x1000 | 0x4000)


def main():
    dumper = Dumper(sys.argv[1])
    equal = bad = 0
    for path in sys.argv[2:]:
        for source, mode, flags in records(path):
            got, want = dumper.ask(source, mode, flags), oracle(source, mode, flags)
            want = want.replace("\n", "\\n")
            if got == want:
                equal += 1
                continue
            bad += 1
            start, end = first_difference(got, want)
            name = path if mode == "x" and len(source) > 1000 else repr(source)[:300]
            print(f"{name}:\n  got  {got[start:end]}\n  want {want[start:end]}")
    print(f"{equal} equal, {bad} different")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
