# functions and patterns: what the compiler makes of it, by its results.
def gen():
    x = yield 1
    print("got", x)
    try: y = yield 2
    except ValueError as e: print("thrown", e); y = "t"
    return y
g = gen(); print(next(g), g.send("a"))
try: g.throw(ValueError("v"))
except StopIteration as e: print(e.value)
def outer():
    r = yield from gen()
    print("r", r)
    yield from [7,8]
print(list(outer()))
o = outer(); next(o); o.send(1)
try: print(o.throw(ValueError("zz")))
except StopIteration: print("stop")
def bad():
    yield 1
    raise StopIteration
try: list(bad())
except RuntimeError as e: print(e, repr(e.__cause__))
def fin():
    try: yield 1
    finally: print("closed")
f = fin(); next(f); f.close()
async def co(x): return x*2
async def main():
    a = await co(4)
    r = [await co(i) for i in range(3)]
    s = [i async for i in ag()]
    async for z in ag(): print("z", z)
    else: print("else")
    async with AC() as q: print("in", q)
    t = {k: v async for k, v in ag2()}
    return a, r, s, t, [x async for x in (i async for i in ag() if i)]
async def ag():
    for i in range(3):
        yield i
        await co(1)
async def ag2():
    yield 1,2
    yield 3,4
class AC:
    async def __aenter__(self): return "A"
    async def __aexit__(self,*a): print("aexit", a[0]); return True
def run(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
print(run(main()))
async def exc():
    async with AC(): raise ValueError
    return 1
print(run(exc()))
def match(v):
    match v:
        case 0: return "zero"
        case 1 | 2: return "1|2"
        case "a" | "b" as s: return "str "+s
        case None: return "None"
        case True: return "True"
        case [x]: return "one", x
        case [x, y, *rest]: return "list", x, y, rest
        case {"k": v, **rest}: return "map", v, rest
        case P(x=0, y=yy): return "P0", yy
        case P(a, b) if a == b: return "Peq", a
        case P(): return "P"
        case int(n): return "int", n
        case (float() | complex()) as n: return "num", n
        case _: return "default"
class P:
    __match_args__ = ("x","y")
    def __init__(self,x,y): self.x=x; self.y=y
for v in [0,2,"b",None,True,[1],[1,2,3,4],(1,2),{"k":1,"z":2},P(0,3),P(4,4),P(4,5),77,1.5,2j,{}, set()]: print(match(v))
def m2(v):
    match v:
        case [1, [2, x]] | [x, [3, 4]]: return x
        case [_, *_, 9]: return "ends 9"
        case {}: return "emptymap"
print(m2([1,[2,5]]), m2([6,[3,4]]), m2([1,2,3,9]), m2({1:1}))
x = 3; name="n"; width=10
print(f"{x} {x!r:>{width}} {x=} {name!s:^5}|{'a' 'b'}|{{}} {x:03d}")
t = t"hi {x} {name!r:>{width}}"
print(t.strings, [ (i.value,i.expression,i.conversion,i.format_spec) for i in t.interpolations])
print(1 < 2 < 3, 1 < 2 > 5, not 1 < 2, 1 in [1,2], 3 not in (1,2), x is None, x is not None)
a = None or 5; b = 0 and 1; c = 1 if a else 2
print(a,b,c, a and b or c)
class M(type):
    def __new__(m, n, b, d, **k): print(n, k, sorted(x for x in d if not x.startswith('__'))); return super().__new__(m,n,b,d)
class K(metaclass=M, q=1):
    a: int = 1
    if a: b: str
    def f(self): self.z = 1; self.w=2
print(K.__static_attributes__ in (('z','w'),('w','z')), K.__annotations__, K.__firstlineno__, K.__qualname__)
def deco(n):
    def d(f): print("deco",n); return f
    return d
@deco(1)
@deco(2)
def ff(a:int, *args:str, k:"x"=1, **kw:float)->list: "doc  string"; return a
print(ff.__annotations__, ff.__doc__, ff.__kwdefaults__)
def gf[T: int, *Ts, **PS](a: T) -> T: return a
print(gf.__type_params__, gf(1))
class B1:
    def m(self): return "B1m"
    @classmethod
    def c(cls): return cls.__name__
class B2(B1):
    def m(self): return "B2" + super().m()
    @classmethod
    def c(cls): return super().c()
    def n(self): return [super(B2, self).m() for _ in range(2)], [super().m() for _ in "a"]
print(B2().m(), B2.c(), B2().n())
d = {'a':1, **{'b':2}, 'c':3}; l=[1,*[2,3],4]; s={*l, 9}; tt=(*l,)
print(d,l,s,tt)
l[1:3]=[7]; del l[0]; l[0]+=5; d['a']+=1; d['z']=0; del d['b']
print(l,d,l[::-1],l[1:],l[:1])
class O: pass
o=O(); o.x=1; o.x+=2; o.y=o.z=4; print(o.x,o.y,o.z); del o.x
i=0
while i<10:
    i+=1
    if i==3: continue
    if i==5: break
else: print("never")
print(i)
for q in range(3): pass
else: print("else", q)
while True:
    i-=1
    if not i: break
print(i)
global_x=1
def gl():
    global global_x
    global_x+=1
    def inner(): return global_x
    return inner()
print(gl())
assert True
try: assert 0, "msg"
except AssertionError as e: print("AE", e)
lam = lambda *a, k=2, **kw: (a,k,kw)
print(lam(1,2,z=3))
print((lambda: (yield))().__class__.__name__)
exec("a1=1\nprint([a1 for x in [1]])",{},{})
print(eval("x+1"), eval("[x for x in range(2)]"))
def cls_free():
    y=1
    class C:
        y=2
        z=[y for _ in range(1)]
        def g(self): return y
    return C.z, C().g(), C.y
print(cls_free())
def deep(): 
    def a():
        def b():
            def c(): return v
            return c
        return b
    v=9
    return a()()()
print(deep())
class Mg:
    __p = 1
    def g(self): self.__q=2; return self.__p, self._Mg__q, [self.__p for _ in 'a']
print(Mg().g())
print(*[1,2],sep='-')
print("%s %d" % ("a", 1), -3**2, 2**-1, 7//2, 7%3, 1<<4, ~5, 5&3|8^1)
def ann():
    x: int = 5
    y: undefined_thing
    return x
print(ann())
