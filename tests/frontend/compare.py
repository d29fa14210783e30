"""Compares the front end's trees and errors with CPython's.

usage: compare.py DUMPER python3.14 [--mode exec] FILES...
DUMPER reads records "mode flags size" NEWLINE bytes NEWLINE and answers one line each (see dump.c).
Runs under CPython 3.14, which is the oracle: its own ast.dump is what each answer must equal.
"""
import ast
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
        self.process = subprocess.Popen([self.command, "-L", "-"], stdin=subprocess.PIPE,
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


def main():
    dumper = Dumper(sys.argv[1])
    bad = 0
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            source = file.read()
        got, want = dumper.ask(source), oracle(source)
        if got != want:
            bad += 1
            start, end = first_difference(got, want)
            print(f"{path}:\n  got  {got[start:end]}\n  want {want[start:end]}")
    print(f"{len(sys.argv) - 2 - bad} equal, {bad} different")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
