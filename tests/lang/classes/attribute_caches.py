# What inline caches remember about attributes must follow changes of classes and instances.
class A:
    kind = "class"
    def __init__(self):
        self.x = 1
    def m(self):
        return "m"


def read(o):
    return o.x


def call_m(o):
    return o.m()


def store(o, v):
    o.x = v


def warm(o):
    for i in range(50):
        read(o), call_m(o), store(o, i)


a = A()
warm(a)
print(read(a), call_m(a))

A.m = lambda self: "changed"
print(call_m(a))
a.m = lambda: "own"
print(call_m(a))
del a.m
print(call_m(a))

A.x = property(lambda self: "property")           # a data descriptor hides what the instance has
print(read(a))
try:
    store(a, 5)
except AttributeError as e:
    print(e)
del A.x
print(read(a))


class Logged(A):
    pass


b = Logged()
warm(b)
Logged.__getattribute__ = lambda self, name: "got " + name
print(read(b), b.kind)
del Logged.__getattribute__
print(read(b), b.kind)
Logged.__setattr__ = lambda self, name, value: print("set", name, value)
store(b, 7)
del Logged.__setattr__
store(b, 8)
print(read(b))

b.__dict__                                        # from here on a real dict
b.__dict__["x"] = "by dict"
print(read(b))
store(b, "stored")
print(b.__dict__["x"])
b.__class__ = A
print(read(b), call_m(b), type(b).__name__)

c = A()
for i in range(100):
    setattr(c, f"name{i}", i)
print(c.name0, c.name63, c.name64, c.name99, len(vars(c)))
for i in range(0, 100, 2):
    delattr(c, f"name{i}")
print(hasattr(c, "name0"), c.name99, len(vars(c)))


class Base:
    def who(self):
        return "Base"


class Other:
    def who(self):
        return "Other"


class Leaf(Base):
    pass


leaf = Leaf()
print([leaf.who() for i in range(3)][-1])
Leaf.__bases__ = (Other,)
print(leaf.who())


class Slotted:
    __slots__ = ("s",)


def read_s(o):
    return o.s


s = Slotted()
for i in range(50):
    s.s = i
    read_s(s)
del s.s
try:
    read_s(s)
except AttributeError as e:
    print(e)
Slotted.s = "plain"
print(read_s(s))
