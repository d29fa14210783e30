"""Classes: inheritance, descriptors, metaclasses, slots, hooks, special methods."""


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__ + ":", error)


class Meta(type):
    def __new__(mcls, name, bases, namespace, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace)
        cls.options = kwargs
        return cls

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)

    @classmethod
    def __prepare__(mcls, name, bases, **kwargs):
        return {"prepared": name}

    def __call__(cls, *args):
        made = super().__call__(*args)
        made.made_by = "Meta"
        return made

    def __len__(cls):
        return 42


class Field:
    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)

    def __get__(self, obj, cls):
        return self if obj is None else obj.__dict__.get(self.name, "unset")

    def __set__(self, obj, value):
        obj.__dict__[self.name] = value * 2


class Base(metaclass=Meta, flavour="plain"):
    field = Field()
    registry = []

    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        Base.registry.append((cls.__name__, tag))

    def who(self):
        return "Base"


class Left(Base, tag="l"):
    def who(self):
        return "Left " + super().who()


class Right(Base, tag="r"):
    def who(self):
        return "Right " + super().who()


class Both(Left, Right):
    def who(self):
        return "Both " + super().who()


both = Both()
both.field = 4
print(both.who(), both.field, Base.options, Base.prepared, Base.registry, len(Both), both.made_by)
print([c.__name__ for c in Both.__mro__], isinstance(both, Base), issubclass(Left, Right), type(Both).__name__)
attempt(lambda: type("Bad", (Base, Left), {}))
attempt(lambda: type("Bad", (int, str), {}))


class Slots:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x = 1


s = Slots()
attempt(lambda: s.y)
attempt(lambda: setattr(s, "z", 1))
attempt(lambda: s.__dict__)


class Temperature:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def fahrenheit(self):
        """Degrees F."""
        return self._celsius * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self._celsius = (value - 32) * 5 / 9

    @property
    def fixed(self):
        return 1

    @staticmethod
    def unit():
        return "C"

    @classmethod
    def zero(cls):
        return cls(0)


t = Temperature.zero()
t.fahrenheit = 212
print(t._celsius, t.fahrenheit, t.unit(), Temperature.fahrenheit.__doc__, vars(t))
attempt(lambda: setattr(t, "fixed", 2))
attempt(lambda: delattr(t, "fahrenheit"))
attempt(lambda: t.missing)
attempt(lambda: Temperature.missing)
attempt(lambda: Temperature())
attempt(lambda: object.__new__(Temperature, 1))


class Dynamic:
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(f"no {name}")

    def __setattr__(self, name, value):
        object.__setattr__(self, name, ("wrapped", value))

    def __delattr__(self, name):
        print("deleting", name)
        object.__delattr__(self, name)

    def __dir__(self):
        return ["b", "a"]


d = Dynamic()
d.x = 1
print(d.dyn_hello, d.x, dir(d), hasattr(d, "nope"))
del d.x
attempt(lambda: d.x)


class Number:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"N({self.n})"
    def __add__(self, other): return NotImplemented if not isinstance(other, Number) else Number(self.n + other.n)
    def __radd__(self, other): return ("radd", other, self.n)
    def __eq__(self, other): return isinstance(other, Number) and self.n == other.n
    def __lt__(self, other): return self.n < other.n
    def __hash__(self): return hash(self.n)
    def __bool__(self): return self.n != 0
    def __index__(self): return self.n
    def __getitem__(self, key): return key
    def __contains__(self, item): return item == self.n
    def __call__(self, *args, **kwargs): return args, kwargs
    def __enter__(self): print("enter"); return self
    def __exit__(self, *exc): print("exit", exc[0]); return True
    def __iter__(self): return iter([self.n])
    def __len__(self): return 3
    def __matmul__(self, other): return "matmul"
    def __ifloordiv__(self, other): return "floored"


n = Number(2)
print(n + Number(3), 5 + n, n == Number(2), n != Number(3), n > Number(1), {n: 1}[Number(2)], bool(Number(0)), [10, 20, 30][n])
print(n[1:2, ..., "x"], 2 in n, n(1, k=2), list(n), len(n), n @ 1, hex(n), "abc"[n], max([n, Number(9)]))
attempt(lambda: n + 5)
attempt(lambda: n < "x")
attempt(lambda: -n)
with n as value:
    raise KeyError("swallowed")
n //= 2
print(n)
class Plain: pass
print(Plain.__name__, Plain.__module__, Plain.__bases__, Plain.__doc__, Plain().__class__ is Plain, type(Plain) is type)
p = Plain()
p.__class__ = type("Other", (Plain,), {"__repr__": lambda self: "I am other"})
print(p, type(p).__name__, Plain.__subclasses__())
attempt(lambda: setattr(int, "x", 1))
attempt(lambda: super().x)
class Generic[T]:
    def get(self) -> T: ...
print(Generic[int], Generic.__type_params__, Generic.get.__annotations__, list[int], dict[str, int] | None)
