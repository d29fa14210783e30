"""str and bytes: methods, formatting, escapes."""


def attempt(action):
    try:
        print(repr(action()))
    except Exception as error:
        print(type(error).__name__, error)


s = "Hello, Wörld"
print(s.upper(), s.lower(), s.title(), s.swapcase(), s.casefold(), s.center(20, "*"), s.find("ö"), s.partition(", "))
print(s[::-1], s[1:5], s.split("l"), s.rsplit("l", 1), s.replace("l", "L", 2), s.encode(), s.encode("latin-1"), len(s))
print("a,b,,c".split(","), "  a b  c ".split(), "a\nb\r\nc".splitlines(True), "x".join("abc"), "abc" * 3, "-" * 0)
print("%d %5.1f %-6s| %x %o %r %c %%" % (42, 3.14159, "ab", 255, 8, "q", 65), "%(a)s %(b)03d" % {"a": 1, "b": 2})
print("{} {0!r:>5} {x[1]} {y.real:+.2e}".replace("{} ", "").format("a", x=[1, 2], y=12345.678))
print(f"{3.14159:.2f} {1000000:,} {255:#06x} {'hi':^10}| {True!s:>6} {1 + 1=} {[1, 2]!r:<8}| {-5:+d} {5: d} {0.5:%} {12345.678:g} {1e10:n}")
width, name = 10, "n"
print(f"{name!r:>{width}} {f'{name}{{}}'} {'nested ' + f"{'deep'}"} {{literal}} {name:{'>'}{width}}")
print(repr("quote'\" \n\t\\ \x00 \x7f \u00e9 \u200b \U0001f40d \ud800"), ascii("é\u1234"), "\N{SNOWMAN}", "\x41\101\u0041")
print(r"raw\n", b"bytes\x00\xff'", b"a" + b"b", bytes([1, 2]), bytes(3), b"abc"[0], b"abc"[:1], bytearray(b"xy"))
print("abc" < "abd", "Z" < "a", "é" > "z", "" < "a", "a" in "cat", "" in "", "abc".startswith(("x", "a")), "abc".endswith("bc", 1))
print("ß".upper(), "ﬁ".upper(), "İ".lower(), "ǅ".title(), "12³".isdigit(), "12".isdecimal(), "½".isnumeric(), "_a1".isidentifier(), "a b".isprintable())
print("abc".translate({97: "X", 98: None}), "abc".maketrans("ab", "xy"), "x\ty".expandtabs(4), "42".zfill(5), "-42".zfill(5), "xxaxx".strip("x"))
print("abcabc".count("bc"), "abcabc".rfind("bc"), "abcabc".index("c"), "prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"))
attempt(lambda: "abc".index("z"))
attempt(lambda: "a" + 1)
attempt(lambda: "%d" % "x")
attempt(lambda: "%s %s" % (1,))
attempt(lambda: "{} {}".format(1))
attempt(lambda: "{a}".format())
attempt(lambda: format(1, "zz"))
attempt(lambda: b"\xff".decode())
attempt(lambda: "é".encode("ascii"))
attempt(lambda: b"\xffa".decode(errors="replace"))
attempt(lambda: "é".encode("ascii", "backslashreplace"))
attempt(lambda: "abc"[5])
attempt(lambda: ",".join([1]))
attempt(lambda: int("abc"))
attempt(lambda: float("1.2.3"))
attempt(lambda: chr(0x110000))
attempt(lambda: ord("ab"))
text = ""
for i in range(300):
    text += chr(65 + i % 26)
print(text[-30:], len(text), hash(text) == hash("".join(chr(65 + i % 26) for i in range(300))))
