"""Writes expected.txt: what CPython 3.14 says of many snippets.

usage: python3.14 record.py SNIPPETS > expected.txt
SNIPPETS has one JSON list [source, mode, flags] a line. Kept are two snippets for each
error message, whatever names and numbers it has, and trees that show a new pair of node classes.
"""
import ast
import json
import re
import sys

import compare

PER_SHAPE = 2
LONGEST = 160
LONGEST_TREE = 600
MODES = {"exec": "x", "eval": "e", "single": "s"}


def shape(answer):
    _, name, details = answer.split(" ", 2)
    return name + re.sub(r"[0-9]+|'[^']*'", "?", str(ast.literal_eval(details)[0]))


def classes(answer):
    """The pairs of node classes that follow each other in a tree."""
    names = re.findall(r"\b[A-Z]\w+(?=\()", answer)
    return set(zip(names, names[1:])) | set(names)


def answers(path):
    with open(path) as file:
        for line in file:
            source, mode, flags = json.loads(line)
            if mode not in MODES or len(source) > LONGEST or "\0" in source:
                continue
            flags &= 0x200 | 0x1000 | 0x4000
            try:
                source.encode()
            except UnicodeEncodeError:
                continue
            answer = compare.oracle(source, MODES[mode], flags)
            if "future feature" in answer or "not a chance" in answer or "\n" in answer:
                continue   # the compiler's business
            yield len(source), source, MODES[mode], flags, answer


def main():
    kept, pairs = {}, set()
    for item in sorted(set(answers(sys.argv[1]))):
        answer = item[-1]
        if answer.startswith("ERR"):
            same = kept.setdefault(shape(answer), [])
            if len(same) < PER_SHAPE:
                same.append(item)
        elif not classes(answer) <= pairs and len(answer) < LONGEST_TREE:
            pairs |= classes(answer)
            kept.setdefault("tree", []).append(item)
    for same in kept.values():
        for _, source, mode, flags, answer in same:
            print(f"@ {mode} {flags} {len(source.encode())}\n{source}\n{answer}")


main()
