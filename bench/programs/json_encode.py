"""A JSON writer and reader in pure Python."""
import sys
import time


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quote(text):
    return '"' + "".join(ESCAPES.get(char, char) for char in text) + '"'


def encode(value, out):
    if value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, str):
        out.append(quote(value))
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, (list, tuple)):
        out.append("[")
        for i, item in enumerate(value):
            if i:
                out.append(", ")
            encode(item, out)
        out.append("]")
    elif isinstance(value, dict):
        out.append("{")
        separator = ""
        for key, item in value.items():
            out.append(separator)
            out.append(quote(key))
            out.append(": ")
            encode(item, out)
            separator = ", "
        out.append("}")
    else:
        raise TypeError(type(value).__name__)


def decode(text, at):
    char = text[at]
    if char == "{":
        result = {}
        at += 1
        while text[at] != "}":
            key, at = decode(text, at)
            result[key], at = decode(text, at + 2)
            if text[at] == ",":
                at += 2
        return result, at + 1
    if char == "[":
        result = []
        at += 1
        while text[at] != "]":
            item, at = decode(text, at)
            result.append(item)
            if text[at] == ",":
                at += 2
        return result, at + 1
    if char == '"':
        return decode_string(text, at + 1)
    for word, value in (("null", None), ("true", True), ("false", False)):
        if text.startswith(word, at):
            return value, at + len(word)
    end = at
    while text[end].isdigit() or text[end] in "+-.e":
        end += 1
    number = text[at:end]
    return (float(number) if "." in number or "e" in number else int(number)), end


def decode_string(text, at):
    pieces = []
    while (char := text[at]) != '"':
        if char == "\\":
            at += 1
            char = {"n": "\n", "t": "\t"}.get(text[at], text[at])
        pieces.append(char)
        at += 1
    return "".join(pieces), at + 1


def work(n):
    record = {
        "name": 'Ada "the first" Lovelace', "born": 1815, "scores": [1.5, 2.25, -3.75, 1e100],
        "tags": ["math", "engine\tnotes", "poetry\n"], "alive": False, "spouse": {"name": "William", "title": None},
        "numbers": list(range(30)),
    }
    size = 0
    for i in range(n):
        record["id"] = i
        out = []
        encode(record, out)
        text = "".join(out)
        size += len(text)
        if decode(text, 0)[0] != record:
            raise ValueError("not the same")
    return size


def main(n=1500, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
