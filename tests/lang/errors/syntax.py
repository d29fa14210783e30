"""SyntaxError: messages and ranges for common mistakes."""
SOURCES = """
x = = 1
if x
  y
---
if x = 1:
    pass
---
def f(:
    pass
---
print "hello"
---
for i in range(3)
    pass
---
x = (1, 2
y = 3
---
x = [1, 2)
---
'unfinished
---
\"\"\"unfinished
---
f'{'
---
f'{x!z}'
---
f'{}'
---
1 = x
---
f() = 1
---
x + 1 = 2
---
def f(a, a): pass
---
def f(a=1, b): pass
---
f(a=1, 2)
---
f(**a, *b)
---
return 1
---
yield 1
---
break
---
class C:
    continue
---
await x
---
def f():
    nonlocal x
---
def f():
    x = 1
    global x
---
def f():
  x
    y
---
if 1:
pass
---
if 1:
    a
  b
---
    indented
---
try:
    pass
---
try:
    pass
except:
    pass
except ValueError:
    pass
---
import a.b as
---
from . import *
x = 5 5
---
lambda x=: 1
---
{1: 2, 3}
---
{1, 2: 3}
---
x = 1 if 2
---
a not b
---
a ! b
---
0777
---
1_000_
---
0b12
---
1abc
---
x = yield = 1
---
del f()
---
del (a, b + 1)
---
with open(x) as 1: pass
---
for 1 in x: pass
---
[x for x in 1, 2]
---
(x := 1) = 2
---
x: int: str
---
None = 1
---
__debug__ = 1
---
def f(None): pass
---
from __future__ import braces
---
from __future__ import nothing
---
match x:
    case 1 | y: pass
    case {**rest, 'a': 1}: pass
---
match x:
    case y: pass
    case 1: pass
---
class A[T, T]: pass
---
type X = (yield)
---
x = $5
---
x = 'a' 'b
---
async def f():
    [await x for x in y]
    yield from z
---
else:
    pass
---
elif x: pass
---
a = b'é'
---
'\\N{no such name}'
---
'\\x4'
---
print(a b)
---
x = {a b}
---
import x from y
---
def f() -> : pass
---
while True print(1)
---
clas A: pass
---
*a
---
*a = 1
---
*a, *b = c
---
f(x for x in y, 1)
---
f(True=1)
---
f(a.b=1)
---
raise x from
---
global x, 
""".strip("\n").split("\n---\n")

for source in SOURCES:
    try:
        compile(source, "<test>", "exec")
        print("ok", repr(source))
    except SyntaxError as error:
        print(f"{type(error).__name__}: {error.msg} {error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset} {source!r}")
