"""Operators over the number types, with their corner cases."""
import operator

values = [0, 1, -1, 7, -7, 2 ** 62, 2 ** 63, -2 ** 62 - 1, 2 ** 100, 0.0, -0.0, 2.5, -7.5, 1e300, float("inf"), True, 3 + 4j]
names = ["add", "sub", "mul", "truediv", "floordiv", "mod", "lt", "eq"]
for name in names:
    op = getattr(operator, name)
    for a in values:
        row = []
        for b in values:
            try:
                row.append(repr(op(a, b)))
            except Exception as error:
                row.append(type(error).__name__)
        print(name, a, *row)
for a in (-7, 0, 5, 2 ** 70, True):
    for b in (0, 1, 3, 70):
        print(a, b, a << b, a >> b, a & b, a | b, a ^ b, ~a, a ** b, divmod(a, b + 1), -a, +a, abs(a))
print(2 ** -1, (-8) ** (1 / 3), pow(3, -1, 7), pow(2, 1000, 997), 0 ** 0, 0.0 ** 0)
print(7 // -2, -7 // 2, 7 % -2, -7 % 2, 7.5 // -2, -7.5 % 2, divmod(-7.5, 2))
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(12345, -2), round(15, -1), round(1e20))
print(int("-0x1f", 16), int("0b101", 0), int(" 12_3 "), int(-3.9), int("٣"), float(" 1e-3 "), float("nan") != float("nan"))
print(hash(2 ** 61 - 1), hash(-1), hash(1.5), hash(2 ** 100), hash(1.0) == hash(1), hash(0.1), hash(float("inf")))
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == True, not 0, 0 or "x", 1 and [], None is None)
print((255).bit_length(), (-255).bit_count(), (1000).to_bytes(2, "little"), int.from_bytes(b"\xff\xfe", signed=True))
print(1e16, 1e15, 123456789.123, 1e-5, 0.0001, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 100.0, -0.0)
print((0.1).as_integer_ratio(), (2.0).is_integer(), (1.5).hex(), float.fromhex("0x1.8p3"), 3.0.__floor__())
