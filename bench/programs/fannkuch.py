"""Flipping pancakes: permutations by slices and swaps."""
import sys
import time


def flips(permutation):
    count = 0
    first = permutation[0]
    if first:
        permutation = permutation[:]
    while first:
        permutation[:first + 1] = permutation[first::-1]
        first = permutation[0]
        count += 1
    return count


def work(n):
    permutation = list(range(n))
    counts = [0] * n
    best = checksum = index = 0
    while True:
        done = flips(permutation)
        if done > best:
            best = done
        checksum += done if index % 2 == 0 else -done
        index += 1
        level = 1
        while True:
            if level == n:
                return checksum, best
            head = permutation[0]
            for i in range(level):
                permutation[i] = permutation[i + 1]
            permutation[level] = head
            counts[level] += 1
            if counts[level] <= level:
                break
            counts[level] = 0
            level += 1


def main(n=9, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
