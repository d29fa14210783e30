def t(f,*a,**k):
    try: r=f(*a,**k); print('->',r)
    except Exception as e: print(type(e).__name__, e, getattr(e,'__notes__',''))
def mk(src):
    ns={}
    try: exec(src,globals(),ns); print('ok',sorted(ns))
    except Exception as e: print(type(e).__name__, e, getattr(e,'__notes__',''))
mk("class A:\n __slots__=('a','a b')")
mk("class A:\n __slots__=('a',1)")
mk("class A:\n __slots__=('a',)\n a=1")
mk("class A:\n __slots__=('__dict__','__dict__')")
mk("class A:\n __slots__=('__weakref__','__weakref__')")
mk("class A(int):\n __slots__=('a',)")
mk("class A(bool): pass")
mk("class A(object,int): pass")
mk("class A(int,int): pass")
mk("class A(3): pass")
mk("class A(type(None)): pass")
class M1(type): pass
class M2(type): pass
class X1(metaclass=M1): pass
class X2(metaclass=M2): pass
mk("class A(X1,X2): pass")
class D:
    def __set_name__(s,o,n): raise ValueError('boo')
mk("class A:\n d=D()")
mk("class A:\n def __init_subclass__(cls, x): print(x)\nclass B(A,x=3): pass\nclass C(A): pass")
mk("class A(x=3): pass")
class S:
    __slots__=('a','__b','__dict__')
    def __init__(s): s.__b=4
s=S(); s.q=3; print(s._S__b, s.__dict__, S.__slots__)
t(setattr, object(), 'x', 1)
t(setattr, 1, 'real', 1)
t(setattr, [], 'append', 1)
t(delattr, [], 'append')
t(delattr, s, 'nope')
t(delattr, S, 'nope')
t(setattr, int, 'x', 1)
class P:
    @property
    def ro(self): return 1
    wo=property(None,lambda s,v:None)
t(setattr,P(),'ro',1); t(delattr,P(),'ro'); t(getattr,P(),'wo'); 
t(object.__new__, int); t(object.__new__, 3); t(int.__new__, str); t(object, 1); t(P, 1)
class N:
    def __new__(cls): return object.__new__(cls, 3)
t(N)
class I2:
    def __init__(self): super().__init__(3)
t(I2)
class I3:
    def __init__(self): return 3
t(I3)
class A0: pass
class B0: pass
a=A0(); a.x=1; a.__class__=B0; print(type(a).__name__, a.x, a.__dict__)
t(setattr, a,'__class__', int); t(setattr,a,'__class__',3); t(setattr, 3,'__class__',int)
t(delattr,a,'__class__')
class SL1: __slots__=('a','b')
class SL2: __slots__=('b','a')
class SL3: __slots__=('c',)
x=SL1(); x.a=1; x.__class__=SL2; print(x.a); t(setattr,x,'__class__',SL3)
t(setattr, a, '__dict__', 3)
a.__dict__={'z':1}; print(a.z, a.__dict__); t(getattr,a,'x')
# bases
class BA: 
    def f(s): return 'BA'
class BB:
    def f(s): return 'BB'
    def __len__(s): return 9
class BC(BA): pass
class BD(BC): pass
d=BD(); print(d.f()); BC.__bases__=(BB,); print(d.f(), len(d), BD.__mro__, BA.__subclasses__(), BB.__subclasses__())
t(setattr, BC,'__bases__',()); t(setattr, BC,'__bases__',(3,)); t(setattr,BC,'__bases__',(BD,)); t(setattr,BC,'__bases__',(int,))
t(setattr, BC,'__bases__',3)
t(setattr, int,'__bases__',(object,))
# operators
class L:
    def __add__(s,o): return 'L+'
    def __lt__(s,o): return 'lt'
class R(L):
    def __radd__(s,o): return 'R+r'
print(L()+R(), R()+L(), L()<3, L()>L())
t(lambda: L()<=3); t(lambda: L()+3-2); t(lambda: L()[0]); t(lambda: L()()); t(lambda: len(L())); t(lambda: iter(L())); t(lambda: hash([]))
L.__len__=lambda s: 3
print(len(L()), len(R())); del L.__len__
t(lambda: len(R()))
class Z: __hash__=None
t(hash,Z())
class EQ:
    def __eq__(s,o): return 1
print(EQ.__hash__, EQ()==3, EQ()!=3)
class BoolBad:
    def __bool__(s): return 3
t(bool,BoolBad())
class LenBad:
    def __len__(s): return -1
t(len,LenBad())
class LenBad2:
    def __len__(s): return 'a'
t(len,LenBad2())
class HB:
    def __hash__(s): return 'a'
t(hash,HB())
class IT:
    __iter__=None
    __contains__=None
t(iter,IT()); t(lambda: 3 in IT())
class CG:
    def __class_getitem__(cls,i): return (cls.__name__,i)
print(CG[3])
class GA:
    def __getattribute__(s,n): 
        if n=='x': raise AttributeError('no')
        return object.__getattribute__(s,n)
    def __getattr__(s,n): return 'fallback '+n
print(GA().x, GA().y)
class DD:
    def __get__(s,o,t): return (o is None, t.__name__)
    def __set__(s,o,v): print('set',v)
    def __delete__(s,o): print('del')
class DU: d=DD()
u=DU(); print(u.d, DU.d); u.d=3; del u.d
DU.d=5; print(u.d); u.d=7; print(u.d, u.__dict__)
print(type.__call__, type.mro(DU), DU.mro())
print(DU.__doc__, DU.__module__, DU.__qualname__, DU.__name__, DU.__dict__.keys())
t(setattr, DU,'__name__',3); DU.__name__='New'; print(DU)
t(type,'A',3,{}); t(type,'A',(),3); t(type,3,(),{}); t(type); t(type,1,2)
def f(a,b=2,*,c=3): "doc"; pass
print(f.__defaults__, f.__kwdefaults__, f.__doc__, f.__name__, f.__qualname__, f.__module__, f.__code__.co_name, f.__closure__, f.__annotations__, f.__dict__)
f.x=1; print(f.x,f.__dict__); t(setattr,f,'__code__',3); t(setattr,f,'__defaults__',3); t(setattr,f,'__name__',3)
print(f.__get__(3).__self__, f.__get__(None,int) is f)
m=u.__init__; print(m.__name__, m.__objclass__)
t(str.join); t(str.join,1); t(int.__add__); t(int.__add__,'a'); t(int.__add__,1,2,3)
sup=super(R,R()); print(sup.__thisclass__, sup.__self_class__)
t(super,int,'a'); t(super,3); t(lambda: super())
class CM:
    @classmethod
    def g(cls): "dd"; return cls
print(CM.g)
