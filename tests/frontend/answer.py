"""Answers for compare.py and record.py, run by the interpreter under test:  adder answer.py

Reads records "mode flags size" NEWLINE bytes NEWLINE and answers one line each: the dump of the tree,
or the error.
"""
import ast
import sys
import warnings

NAMES = {"x": "exec", "e": "eval", "s": "single"}
IGNORE_COOKIE = 0x800


def answer(data, mode, flags):
    source = data.decode() if flags & IGNORE_COOKIE else data
    try:
        tree = compile(source, "f", NAMES[mode], flags & ~IGNORE_COOKIE | ast.PyCF_ONLY_AST,
                       dont_inherit=True)
        return ast.dump(tree, include_attributes=True)
    except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        return f"ERR {type(error).__name__} {error.args!r}"


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    while header := sys.stdin.buffer.readline():
        mode, flags, size = header.decode().split()
        data = sys.stdin.buffer.read(int(size))
        sys.stdin.buffer.readline()
        text = answer(data, mode, int(flags)).replace("\n", "\\n")
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass") + b"\n")
        sys.stdout.buffer.flush()


main()
