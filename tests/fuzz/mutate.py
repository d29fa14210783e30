"""Makes inputs for the lexer, parser and compiler: snippets of real programs, damaged by bytes and tokens."""
import re

TOKEN = re.compile(rb"[A-Za-z_]\w*|\d[\w.]*|\"\"\"|'''|[\"']|\n[ \t]*|[ \t]+|[-+*/%@&|^<>=!:]+|.", re.S)

# Tokens that change what the parser sees.
INTERESTING = [word.encode() for word in (
    "if else elif while for in def class return yield await async with as try except finally raise "
    "lambda not and or is None True False del global nonlocal import from pass break continue assert "
    "match case type _ print x self 0 1 1.5 1e400 0x_f 0b12 1_000 1j 007 ( ) [ ] { } , : ; . -> := = "
    "== != <> < > + - * ** / // % @ & | ^ ~ << >> += @= ... * ** ' \" ''' \"\"\" f' f\" rb' t\" f'{ }' "
    "f'{x!r:>{y}}' f'{x=}' {{ }} ! \\ # \\N{DIGIT_ONE} \\x41 \\u1234 except* yield_from await_").split()]
INTERESTING += [b"\n", b"\n    ", b"\n\t", b"\n        ", b" ", b"\t", b"\x00", b"\x0c", b"\r", b"\r\n", b"\xef\xbb\xbf",
                b"\xff", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x90\x8d", b"\\\n", b"# -*- coding: latin-1 -*-\n",
                b"async for x in y", b"yield from x", b"for x in y if z", b"*args, /, *, k=1, **kw", b"[T: int = str, *Ts, **P]",
                b"except* A, B:", b"case {'a': 1, **rest}:", b"case [1, *_] | Point(x=0):", b"lambda *, a=1: a", b"(yield)"]
NESTS = [(b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"f'{", b"}'"), (b"lambda: ", b""), (b"-", b""), (b"not ", b""),
         (b"x[", b"]"), (b"x(", b")"), (b"if x:\n ", b""), (b"x.", b"y"), (b"x if ", b" else y"), (b"x**", b"y"),
         (b"*", b""), (b"await ", b""), (b"@x\n", b""), (b"f'{x:{", b"}}'")]
LIMIT = 2000        # bytes; longer inputs only slow the search down


def snippets(text, chance):
    """A few neighbouring lines of a program, shifted to the left margin."""
    lines = text.split(b"\n")
    start = chance.randrange(len(lines))
    part = lines[start:start + chance.choice((1, 1, 2, 3, 5, 8, 15))]
    margin = len(part[0]) - len(part[0].lstrip())
    return b"\n".join(line[margin:] if not line[:margin].strip() else line for line in part)[:LIMIT]


def change_bytes(data, chance):
    at = chance.randrange(len(data) + 1)
    kind = chance.randrange(4)
    if kind == 0:
        return data[:at] + bytes([chance.randrange(256)]) + data[at:]
    if kind == 1:
        return data[:at] + data[at + chance.randrange(1, 8):]
    if kind == 2 and at < len(data):
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1:]
    return data[:at] + data[max(0, at - chance.randrange(1, 30)):]


def change_tokens(data, chance):
    tokens = TOKEN.findall(data) or [b""]
    at = chance.randrange(len(tokens))
    kind = chance.randrange(5)
    if kind == 0:
        tokens[at] = chance.choice(INTERESTING)
    elif kind == 1:
        tokens.insert(at, chance.choice(INTERESTING))
    elif kind == 2:
        del tokens[at]
    elif kind == 3:
        other = chance.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        tokens[at:at] = tokens[max(0, at - chance.randrange(1, 6)):at]
    return b"".join(tokens)


def nest(data, chance):
    before, after = chance.choice(NESTS)
    depth = chance.choice((1, 1, 2, 3, 10, 90, 110, 220))
    tokens = TOKEN.findall(data) or [b""]
    at = chance.randrange(len(tokens))
    tokens[at] = before * depth + tokens[at] + after * depth
    return b"".join(tokens)


def splice(data, other, chance):
    return data[:chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1):]


def make_input(corpus, chance):
    data = snippets(chance.choice(corpus), chance)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        kind = chance.randrange(10)
        if kind < 2:
            data = change_bytes(data, chance)
        elif kind < 7:
            data = change_tokens(data, chance)
        elif kind < 8:
            data = nest(data, chance)
        else:
            data = splice(data, snippets(chance.choice(corpus), chance), chance)
    return data[:2 * LIMIT]
