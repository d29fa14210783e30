"""Methods, attributes, properties and inheritance of small classes."""
import sys
import time


class Shape:
    sides = 0

    def __init__(self, size):
        self.size = size
        self.count = 0

    def area(self):
        return 0

    def grow(self, by):
        self.size += by
        self.count += 1
        return self

    @property
    def doubled(self):
        return self.size * 2


class Square(Shape):
    sides = 4

    def area(self):
        return self.size * self.size


class Triangle(Shape):
    sides = 3

    def __init__(self, size, height):
        super().__init__(size)
        self.height = height

    def area(self):
        return self.size * self.height // 2


def work(n):
    shapes = [Square(3), Triangle(4, 5), Square(6), Triangle(7, 8)]
    total = 0
    for i in range(n):
        shape = shapes[i & 3]
        total += shape.area() + shape.sides
        if i % 5 == 0:
            shape.grow(1)
        elif i % 5 == 1:
            shape.grow(-1)
        else:
            total += shape.doubled
    return total, [shape.count for shape in shapes]


def main(n=800000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
