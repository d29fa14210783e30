"""Sorting with and without keys, and a quicksort in Python."""
import sys
import time


def quicksort(items):
    if len(items) < 2:
        return items
    pivot = items[len(items) // 2]
    smaller = [item for item in items if item < pivot]
    same = [item for item in items if item == pivot]
    larger = [item for item in items if item > pivot]
    return quicksort(smaller) + same + quicksort(larger)


class Person:
    def __init__(self, name, age):
        self.name = name
        self.age = age

    def __lt__(self, other):
        return self.age < other.age


def work(n):
    seed = 42
    numbers = []
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        numbers.append(seed)
    people = [Person(f"p{number % 1000:03}", number % 90) for number in numbers]
    by_key = sorted(people, key=lambda person: (person.age, person.name))
    by_method = sorted(people[:n // 4])
    words = sorted(person.name for person in people)
    return (sorted(numbers) == quicksort(numbers), by_key[0].name, by_method[-1].age, words[n // 2],
            sorted(numbers, reverse=True)[0])


def main(n=40000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
