"""The modules that programs use most: one line of work each."""
import abc, argparse, bisect, collections, contextlib, copy, dataclasses, datetime, decimal, enum, fractions, functools, heapq
import inspect, io, itertools, json, math, operator, os.path, pprint, queue, random, re, statistics, string, struct, textwrap
import threading, time, types, typing, unittest, warnings, weakref

print(collections.Counter("mississippi").most_common(2), collections.OrderedDict(a=1), collections.namedtuple("P", "x y")(1, 2))
print(collections.deque([1, 2, 3], maxlen=2), collections.ChainMap({"a": 1}, {"b": 2})["b"], collections.defaultdict(list)["k"])
print(list(itertools.permutations("abc", 2))[:3], list(itertools.groupby("aab"))[0][0], list(itertools.batched(range(5), 2)))
print(functools.reduce(operator.mul, range(1, 6)), functools.partial(pow, 2)(5), functools.lru_cache(lambda x: x)(3))
print(json.dumps({"a": [1, None, True, 1.5, "é"]}), json.loads('{"x": [1e3, "\\u00e9"]}'), json.dumps([1], indent=2))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.findall(r"\d+", "a1b22"), re.match(r"(?P<n>\d+)", "42x").groupdict())
print(re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a*", "aaa").span(), re.compile("x", re.I))
print(datetime.date(2024, 2, 29) + datetime.timedelta(days=366), datetime.datetime(2020, 1, 1, 12).isoformat(), datetime.timedelta(hours=25))
print(decimal.Decimal("0.1") + decimal.Decimal("0.2"), fractions.Fraction(3, 4) + 1, statistics.median([3, 1, 2]), math.isqrt(99), math.gcd(12, 18))
Color = enum.Enum("Color", "RED GREEN")
print(Color.RED, list(Color), Color["GREEN"].value, enum.IntFlag("F", "A B")(3))


@dataclasses.dataclass(order=True)
class Item:
    name: str
    price: float = 1.0
    tags: list = dataclasses.field(default_factory=list)


print(Item("x"), Item("a") < Item("b"), dataclasses.asdict(Item("y", 2)), dataclasses.replace(Item("x"), price=3))
print(textwrap.fill("the quick brown fox", 10), string.Template("$x").substitute(x=1), pprint.pformat({"b": 1, "a": [1, 2]}))
print(struct.pack("<IhB", 1, -2, 3), struct.unpack(">H", b"\x01\x02"), heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 3, 5], 3))
print(inspect.signature(lambda a, *, b=1: 0), typing.get_type_hints(Item)["price"], types.SimpleNamespace(a=1), copy.deepcopy([[1]]))
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("captured")
print(repr(out.getvalue()), io.BytesIO(b"abc").read(2), os.path.join("a", "b"), os.path.splitext("x.tar.gz"))


@contextlib.contextmanager
def managed():
    print("in")
    yield 5
    print("out")


with managed() as m:
    print(m)
rng = random.Random(42)
print(rng.random(), rng.randint(1, 100), rng.choice("abc"), rng.sample(range(10), 3))


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


try:
    Shape()
except TypeError as error:
    print(error)
q = queue.Queue()
t = threading.Thread(target=lambda: q.put("from thread"))
t.start()
t.join()
print(q.get(), threading.current_thread().name)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("careful")
print(caught[0].message, caught[0].category.__name__)


@functools.singledispatch
def show(x): return "object"


@show.register
def _(x: int): return "int"


print(show(1), show("s"), functools.cached_property, operator.itemgetter(1)([1, 2]), operator.attrgetter("real")(3))
