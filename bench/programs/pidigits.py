"""Big integers: digits of pi by a spigot, factorials and powers."""
import sys
import time


def digits(count):
    """The first digits of pi, by Gosper's series with integers only."""
    found = []
    q, r, t, i = 1, 180, 60, 2
    while len(found) < count:
        u = 3 * (3 * i + 1) * (3 * i + 2)
        y = (q * (27 * i - 12) + 5 * r) // (5 * t)
        found.append(y)
        q, r, t, i = (10 * q * i * (2 * i - 1), 10 * u * (q * (5 * i - 2) + r - y * t), t * u, i + 1)
    return found


def work(n):
    found = digits(n)
    factorial = 1
    for i in range(1, n * 2):
        factorial *= i
    power = pow(3, n * 5) - pow(7, n, 10 ** 40)
    return "".join(map(str, found[-10:])), factorial.bit_length(), power % 1000000007


def main(n=4000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
