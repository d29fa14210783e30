"""Compiles many inputs in one process:  batch.py INPUTS PROGRESS FIRST

INPUTS: for each input a line with its length, then its bytes. PROGRESS receives a line per input
that was finished: its number and what came of it. The first FIRST inputs are passed over.
"""
import sys

EXPECTED = (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError)


def outcome(data):
    try:
        compile(data, "<fuzz>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return "%s %s" % (type(error).__name__, error.msg)
    except EXPECTED as error:
        return type(error).__name__
    except Exception as error:
        return "UNEXPECTED %s %s" % (type(error).__name__, error)
    return "ok"


def main():
    first = int(sys.argv[3])
    number = 0
    with open(sys.argv[1], "rb") as inputs, open(sys.argv[2], "a", encoding="utf-8",
                                                 errors="backslashreplace") as progress:
        while header := inputs.readline():
            data = inputs.read(int(header))
            if number >= first:
                text = outcome(data).replace("\n", " ")
                progress.write("%d %s\n" % (number, text))
                progress.flush()
            number += 1


if __name__ == "__main__":
    main()
