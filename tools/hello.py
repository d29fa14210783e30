"""A first program: what this Python is, and a few of the things it does."""
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Planet:
    name: str
    mass: float
    moons: int = 0

    def __str__(self):
        return f"{self.name:<8}{self.mass:>10.3g} kg {self.moons:>4} moons"


def primes(limit):
    sieve = bytearray([1]) * (limit + 1)
    for n in range(2, limit + 1):
        if sieve[n]:
            yield n
            sieve[n * n::n] = bytes(len(range(n * n, limit + 1, n)))


def describe(value):
    match value:
        case {"name": str(name), **rest}:
            return f"a mapping that names {name!r} and {len(rest)} other things"
        case [first, *_, last]:
            return f"a sequence from {first!r} to {last!r}"
        case _:
            return f"a {type(value).__name__}"


def main():
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"This is {sys.implementation.name}, Python {version}.\n")

    for planet in (Planet("Earth", 5.972e24, 1), Planet("Jupiter", 1.898e27, 97)):
        print(" ", planet)

    start = time.perf_counter()
    count = sum(1 for _ in primes(2_000_000))
    seconds = time.perf_counter() - start
    print(f"\n  {count:,} primes below two million, found in {seconds:.2f} s")
    print(f"  2 ** 200 = {2 ** 200:_}")
    print(f"  0.1 + 0.2 = {0.1 + 0.2}")
    print(f"  {describe({'name': 'Ada', 'born': 1815})}; {describe(['a', 'b', 'c'])}")

    try:
        try:
            Planet("Pluto", 1.3e22).moons = 5
        except AttributeError as error:
            error.add_note("frozen dataclasses stay as they are")
            raise
    except AttributeError as error:
        print(f"  {type(error).__name__}: {error} ({error.__notes__[0]})")


if __name__ == "__main__":
    main()
