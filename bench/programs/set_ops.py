"""Sets: building, membership, union, intersection, difference."""
import sys
import time


def neighbours(cell):
    x, y = cell
    return {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy}


def step(alive):
    near = set()
    for cell in alive:
        near |= neighbours(cell)
    return {cell for cell in near | alive
            if (count := len(neighbours(cell) & alive)) == 3 or (count == 2 and cell in alive)}


def work(n):
    alive = {(0, 1), (1, 3), (2, 0), (2, 1), (2, 4), (2, 5), (2, 6)}
    for _ in range(n):
        alive = step(alive)
    a = set(range(0, n * 3000, 2))
    b = set(range(0, n * 3000, 3))
    hits = 0
    for i in range(n * 3000):
        if i in a and i not in b:
            hits += 1
    return len(alive), len(a & b), len(a | b), len(a ^ b), len(a - b), hits


def main(n=100, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
