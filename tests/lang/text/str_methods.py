"""str: every method over texts of each width, good and bad arguments."""


def attempt(action, *args, **keywords):
    try:
        return action(*args, **keywords)
    except Exception as error:
        return type(error).__name__, str(error)



TEXTS = ['', 'abc', '  a b  ', 'a,b,,c', 'ÀÉÎß', '\u0130\u0131ŉǰΐﬀ', 'ΑΣ ΑΣΑ Σ', '日本語', 'x\U0001f600', '\ud800x',
         'a\tb\n\r\nc\x0bd\x1ce\x85f\u2028g', '١٢٣', '½²Ⅷ', 'Hello World', 'Ǆ ǅ ǆ', '-42', 'aaaa']
PLAIN = '''upper lower title capitalize swapcase casefold isalnum isalpha isascii isdecimal isdigit isidentifier islower
isnumeric isprintable isspace istitle isupper split rsplit splitlines strip lstrip rstrip expandtabs __repr__ __len__
encode'''.split()
ONE = '''find rindex count startswith endswith split rsplit partition rpartition strip join removeprefix removesuffix
__contains__ __add__ __mod__ __mul__ __getitem__ zfill center format translate'''.split()
ARGUMENTS = ['', 'a', ',', 'é', '\U0001f600', 'aa', None, 2, b'a', ('a', 'b'), 1.5]

for text in TEXTS:
    for name in PLAIN:
        print(name, ascii(attempt(getattr(text, name))))
    for argument in ARGUMENTS:
        for name in ONE:
            print(name, ascii(argument), ascii(attempt(getattr(text, name), argument)))
        print('replace', ascii(attempt(text.replace, argument, 'Z')), ascii(attempt(text.replace, 'a', argument, 1)))
    for low in (-3, 0, 2, None):
        for high in (-2, 1, 100, None):
            print(ascii(text[low:high]), ascii(text[low:high:2]), ascii(text[low:high:-1]), text.find('a', low, high))
print(str.maketrans('abc', 'xyz', 'd'), attempt(str.maketrans, 'a', 'bc'), attempt(str.maketrans, {'ab': 1}))
print('abcd'.translate({97: None, 98: 'XX', 99: 100}), attempt('a'.translate, {97: 0x110000}))


class Text(str):
    pass


text = Text('abc')
text.mark = 1
print(repr(text), type(text.upper()), type(text[:]), {text: 1}['abc'], text.__dict__)
joined = ''
for i in range(2000):
    kept = joined
    joined += str(i)
print(len(joined), joined[-8:], len(kept))
