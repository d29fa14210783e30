# scopes and blocks: what the compiler makes of it, by its results.
# scopes, comprehensions
def f1(x):
    y = [x for x in range(3)]
    return x, y
print(f1(10))
def f2():
    fs = [lambda: i for i in range(3)]
    return [f() for f in fs]
print(f2())
def f3():
    i = 7
    fs = [lambda i=i: i for i in range(3)]
    g = lambda: i
    return [f() for f in fs], g(), i
print(f3())
def f4():
    x = 5
    def inner():
        nonlocal x
        x += 1
        return x
    inner(); inner()
    return x
print(f4())
class C:
    y = [i for i in range(3)]
    z = [j*2 for j in y]
    try:
        w = [y for _ in range(1)]
    except NameError as e: print(e)
    def m(self): return __class__.__name__
print(C.y, C.z, C().m())
def f5():
    try:
        [x for x in [1, 1//0]]
    except ZeroDivisionError: pass
    try: print(x)
    except NameError as e: print(type(e).__name__, e)
f5()
def f6():
    x = 1
    try: [x for x in iter(lambda: 1/0, 1)]
    except ZeroDivisionError: print(x)
f6()
def f7():
    try: print(a)
    except UnboundLocalError as e: print(e)
    a = 1
    del a
    try: del a
    except UnboundLocalError as e: print(e)
f7()
def f8():
    def g(): return q
    try: g()
    except NameError as e: print(e)
    q = 1
    return g()
print(f8())
print([(x,y) for x in range(3) if x for y in range(x)], {x:y for x,y in [(1,2)]}, {x%2 for x in range(5)})
print(list(x+y for x in 'ab' for y in 'cd'))
if (n := 10) > 5: print(n)
print([last := v for v in range(4)], last)
def f9():
    return [z := v for v in range(4)], z
print(f9())
def f10(x): return x + (x := 5) + x
print(f10(1))
def f11(a, /, b, *args, c=3, d, **kw): return a,b,args,c,d,kw
print(f11(1,2,3,4,d=5,e=6), f11(1,b=2,d=1))
print(f11(*[1,2],*(3,),**{'d':4},**{'z':1}))
def swap():
    a,b,c = 1,2,3
    a,b = b,a
    a,b,c = c,a,b
    return a,b,c
print(swap())
def unp():
    a,(b,*c),d = 1,(2,3,4),5
    *e, f = range(4)
    [g, h] = 'xy'
    return a,b,c,d,e,f,g,h
print(unp())
x = y = z = [1]
print(x is z)
class D:
    __slots__=()
    def __enter__(self): print("enter"); return self
    def __exit__(self,*a): print("exit",a[0]); return True
with D() as d, D():
    print("in")
    raise ValueError
def w():
    for i in range(3):
        with D():
            if i==0: continue
            if i==1: break
    with D():
        return "ret"
print(w())
def tf():
    for i in range(3):
        try:
            if i==1: continue
            try: 1/0
            except ZeroDivisionError: 
                if i==2: return "x"
            else: print("no")
            finally: print("fin",i)
        finally: print("outer",i)
print(tf())
def nested():
    try:
        try: raise ValueError("a")
        except ValueError as e:
            raise KeyError("b") from e
    except KeyError as k: return repr(k.__cause__), repr(k.__context__)
print(nested())
def reraise():
    try:
        try: raise ValueError("a")
        except ValueError: raise
    except ValueError as e: return e
print(repr(reraise()))
try:
    raise ExceptionGroup("g",[ValueError(1),TypeError(2),KeyError(3)])
except* ValueError as e: print("V",e.exceptions)
except* TypeError as e: print("T",e.exceptions)
except* KeyError: print("K")
try:
    try: raise ExceptionGroup("g",[ValueError(1),TypeError(2)])
    except* ValueError: raise OSError("x")
except ExceptionGroup as e: print(repr(e))
try:
    try: raise ValueError("naked")
    except* ValueError as e: print(repr(e))
except BaseException as e: print("bad", e)
