type A[T] = list[T] | None
print(A, A.__name__, A.__type_params__, A.__parameters__)
def t(f,*a,**k):
    try: r=f(*a,**k); print('->',r)
    except Exception as e: print(type(e).__name__, e)
t(lambda: A.__value__)
t(lambda: A[int])
t(lambda: A[int].__args__)
def g[T: int, U: (str, bytes) = str](x: T) -> U: pass
T,U=g.__type_params__
print(T, T.__bound__, U.__constraints__, U.__default__, T.has_default(), T.__covariant__, T.__infer_variance__, T.__default__)
print(g.__annotations__)
t(lambda: list[T][int]); t(lambda: dict[T,U][int,str]); t(lambda: list[T][int,str]); t(lambda: list[int][str])
print(list[T].__parameters__, dict[T,list[U]].__parameters__, dict[T, list[U]][int,bytes])
print(list[int] == list[int], hash(list[int])==hash(list[int]), list[int]|None, list[int].__origin__, list[int].__args__)
print(list[int]([1,2]), list[int].append, repr(list[...]), tuple[()], tuple[int,...])
print(*tuple[int,str]); print(list[int].__class__, type(list[int]))
t(isinstance, 3, list[int]); t(issubclass, int, list[int])
class L(list[int]): pass
print(L.__orig_bases__, L.__mro__)
print(int|str, (int|str).__args__, int|str == str|int, hash(int|str)==hash(str|int), int|int, (int|str)|int, None|int)
t(lambda: int|3); t(lambda: isinstance(3,int|str)); t(lambda: issubclass(str,int|None)); t(isinstance, 3, (int|list[int]))
print((list[T]|int)[str], (int|list[T]).__parameters__)
class C:
    a: int
    b: "str" = 3
print(C.__annotations__, C.__annotations__ is C.__annotations__)
def fa(x: undefined_thing): pass
t(lambda: fa.__annotations__)
print(type(fa.__annotate__))
x: int = 3
print(__annotations__ if '__annotations__' in globals() else 'none')
class SN: pass
import_=None
