# corner cases: what the compiler makes of it, by its results.
# skip: gcstress
# more corner cases
def a():
    x = 1
    def b():
        class C:
            nonlocal x
            x = 5
            y = x
        return C
    c = b()
    return x, c.y, hasattr(c,'x')
print(a())
def loop_del():
    for i in range(3):
        try: print(v)
        except UnboundLocalError: print("unb")
        v = i
        if i == 1: del v
loop_del()
def bigcall(*a, **k): return len(a), len(k)
print(bigcall(*range(300), **{'a%d'%i: i for i in range(300)}))
src = "print(len([" + ",".join(str(i)+"+x" for i in range(1000)) + "]))"
x = 1
exec(src)
exec("print(bigcall(" + ",".join("x" for i in range(1000)) + "))")
exec("print(bigcall(" + ",".join("k%d=x"%i for i in range(1000)) + "))")
exec("d={" + ",".join("%d:x"%i for i in range(1000)) + "}\nprint(len(d))")
exec("s={" + ",".join("%d"%i for i in range(1000)) + "}\nprint(len(s))")
exec("t=(" + ",".join("%d*x"%i for i in range(1000)) + ")\nprint(len(t))")
exec("y = " + "+".join(["x"]*5000) + "\nprint(y)")
exec("y = " + " and ".join(["x"]*5000) + "\nprint(y)")
exec("y = f'" + "".join("{x}" for i in range(1000)) + "'\nprint(len(y))")
exec("if x:\n" + "\n".join("    y%d = x" % i for i in range(20000)) + "\nprint(y19999)")
exec("def big(x):\n for i in range(2):\n" + "\n".join("    y%d = x" % i for i in range(30000)) + "\n return y29999\nprint(big(4))")
exec("def big(x):\n i = 0\n while i < 3:\n  i += 1\n  if i == 2: continue\n" + "\n".join("  y = x.real + %d" % i for i in range(30000)) + "\n return y\nprint(big(4))")
exec("\n".join("g%d = len(str(%d))" % (i, i) for i in range(20000)) + "\nprint(g19999)")
for s in ["x" + "[0]"*3000, "-"*300+"1", "not "*300+"1", "x"+".a"*20000, ]:
    try: compile(s, "s", "eval"); print("ok")
    except (RecursionError, MemoryError, SyntaxError) as e: print(type(e).__name__)
class E:
    def __init__(s, n): s.n = n
    def __lt__(s, o): print("lt", s.n, o.n); return s.n < o.n
    def __getitem__(s, k): return k
print(E(1) < E(2) < E(0))
e = E(3)
print(e[1:2], e[1:2:3], e[:], e[1,2:3], e[...])
print([i for i in range(10) if i % 2 if i > 3], {i: j for i, j in zip('ab', 'cd')})
print([[y for y in range(x)] for x in range(4)])
def cl():
    r = []
    for i in range(3):
        r.append([lambda: (i, j) for j in range(2)])
    return [[f() for f in q] for q in r]
print(cl())
def comp_cell_outer():
    x = 10
    f = lambda: x
    l = [(lambda: x)() for x in range(3)]
    return f(), l, x
print(comp_cell_outer())
def args_cell(a, b=2, *c, d, **e):
    def g(): return a, b, c, d, e
    a = a + 1
    return g()
print(args_cell(1, d=4, z=5))
def locs():
    a = 1
    b = [sorted(locals()) for q in range(1)]
    return sorted(locals()), b
print(locs())
class L:
    a = 1
    b = [sorted(k for k in locals() if not k.startswith('_')) for q in range(1)]
def tryret():
    try:
        return [1]
    finally:
        print("fin")
print(tryret())
def trywhile():
    n = 0
    while True:
        try:
            n += 1
            if n < 3: continue
            if n == 3: 1/0
            break
        except ZeroDivisionError: continue
        finally: print("f", n)
    return n
print(trywhile())
def gen_with():
    class W:
        def __enter__(s): return 1
        def __exit__(s, *a): print("x", a[0] and a[0].__name__)
    with W() as w:
        yield w
        yield 2
g = gen_with(); next(g); g.close()
def ye():
    r = []
    for q in (yield 1), (yield 2): r.append(q)
    return r
g = ye(); next(g); g.send(1)
try: g.send(2)
except StopIteration as s: print(s.value)
print((lambda a, /, b=1, *c, d=2, **e: (a, b, c, d, e))(1, 2, 3, d=4, f=5))
import_ok = True
def f(a, b): return a, b
print(f(**{'a': 1}, b=2), f(*(1,), **dict(b=3)))
try: f(**{'a':1}, a=2)
except TypeError as e: print(e)
try: f(*1)
except TypeError as e: print(e)
try: f(**1)
except TypeError as e: print(e)
try: f(1, **{'a':1,'b':2})
except TypeError as e: print(e)
a, *b = "xyz"; print(a, b)
try: a, b = 1, 2, 3
except ValueError as e: print(e)
try: a, b = [1,2,3]
except ValueError as e: print(e)
try: a, *b, c = [1]
except ValueError as e: print(e)
def docs():
    """First.

        indented
      less
    """
print(repr(docs.__doc__))
x = 5
x = x if x else y
def m():
    global newg
    newg = 3
m(); print(newg)
def fornest():
    for a, (b, c) in [(1, (2, 3))]: print(a, b, c)
    for x[0] in range(2): pass
x = [0]; fornest(); print(x)
print(eval("(a:=3)+a"), a)
class Prop:
    @property
    def v(self): return self._v
    @v.setter
    def v(self, n): self._v = n
p = Prop(); p.v = 3; p.v += 1; print(p.v)
def starret(): return 1, *[2, 3]
print(starret())
def subs(): 
    d = {}
    d[1, 2] = 3
    d[(1, 2)] += 1
    return d
print(subs())
print(1 .real, 1_000, 0x_ff, 1e3, 3j, b'a' b'b', 'a' "b", r'\n')
