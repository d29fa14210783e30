"""%, str.format and __format__ of str: results and messages."""


def attempt(action, *args, **keywords):
    try:
        return action(*args, **keywords)
    except Exception as error:
        return type(error).__name__, str(error)


FIELDS = ['{}', '{0}', '{a}', '{0[1]}', '{!r}', '{:>5}', '{:{}}', '{', '}', '{{}}', '{0!z}', '{0!}', '{0:', '{a.b[c]', '{0[]}', '{0.}',
          '{0]}', '{0[1]x}', '{}{0}', '{0}{}', '{!}', '{:', '{5}', '{0:{1:{2}}}', '{0!rx}', '{{', '}}', 'a{b', '{0!s:^10}']
for field in FIELDS:
    print(field, ascii(attempt(field.format, 'ab', '3', 2)), ascii(attempt(field.format_map, {'a': 1})))
PERCENTS = ['%s', '%d', '%5d', '%-5d|', '%05d', '%+d', '%x', '%#x', '%X', '%#o', '%c', '%r', '%a', '%.3f', '%10.2e', '%g', '%%', '%',
            '%(a)s', '%(a', '%*d', '%.*f', '%q', '%.2s', '%s %s', '%08.3f', '%é', '%5%', '%.5d', '%#.5x']
VALUES = [1, -5, 2.5, 'a', (1, 2), {'a': 7}, None, 10**30, 'é', (5, 3), (10, 2.5), True, (), b'x', float('nan'), 1114112]
for percent in PERCENTS:
    for value in VALUES:
        print(percent, ascii(attempt(lambda: percent % value)))
for spec in ['', 's', '<5', '>5', '*^7', '.2', '05', 'd', '+', '=5', ' ', ',', '#', 'z', '5.', 'é<5', '>', '.', '<05', 's5', '.1.1']:
    print(spec, ascii(attempt(format, 'ab', spec)))
