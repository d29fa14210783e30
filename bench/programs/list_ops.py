"""Lists: append, pop, index, slice, insert, reverse, concatenation."""
import sys
import time


def work(n):
    stack = []
    total = 0
    for i in range(n):
        stack.append(i)
        if i % 3 == 2:
            total += stack.pop() - stack[-1]
    for i in range(1, len(stack)):
        stack[i] = stack[i] ^ stack[i - 1]
    for size in (10, 100, 1000):
        for start in range(0, len(stack) - size, size):
            part = stack[start:start + size]
            part.reverse()
            total += part[0] - part[-1]
    queue = []
    for i in range(n // 20):
        queue.insert(0, i)
        if len(queue) > 50:
            del queue[25:40]
    grown = stack + queue + [1] * 100
    grown[10:20] = queue
    return total, len(grown), sum(grown) % 1000003, grown.index(1), max(grown)


def main(n=1200000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
