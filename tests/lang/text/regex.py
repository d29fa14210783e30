"""re: many patterns over many texts, errors of the pattern language, templates, scanners."""
import re
import warnings

warnings.simplefilter("ignore")
def attempt(f,*a,**k):
    try: r=f(*a,**k)
    except Exception as e: return (type(e).__name__, str(e))
    return r
P=[r'a',r'abc',r'a*',r'a+?b',r'(a)(b)?',r'(a|b)*',r'(?:ab|a)(bc)?c',r'\d+',r'\w+',r'\s+',r'\bfoo\b',r'^a',r'a$',r'^$',r'(?m)^a',r'(?m)a$',r'(?m)^',r'(?m)$',r'[a-z]+',r'[^a-z]+',r'[\d\s]+',r'a{2,3}',r'a{2,3}?',r'(ab){2}',r'(?:a|b){1,3}c',r'(?P<n>a)(?P=n)',r'(a)\1',r'(?i)ABC',r'(?i)[A-Z]+',r'(?i)straße',r'(?s).+',r'.+',r'.*?b',r'(?=a)\w',r'(?!a)\w',r'(?<=a)b',r'(?<!a)b',r'(?>a+)b',r'(?>a|ab)c',r'a++b',r'a*+a',r'a?+a',r'(?:ab)++',r'(?:ab)*+abc',r'(a+)+b',r'(a)?(?(1)b|c)',r'(?P<x>a)|(?P<y>b)',r'((a)|(b))*',r'(a*)*',r'(a*)+',r'(?:a*)*b',r'(a|ab)(c|bcd)(d*)',r'x*',r'(?:x|y)*z',r'[^\n]*',r'\Aab',r'ab\Z',r'(?a:\w+)',r'(?i:a)B',r'a(?#c)b',r'(?x) a b # c',r'\x41',r'[à-ÿ]+',r'é',r'日本',r'[日本]+',r'\W+',r'\D+',r'\S+',r'\B',r'(?i)ſ',r'(?i)k',r'(?i)σ+',r'[\w-]+@[\w.]+',r'(\d+)-(\d+)',r'''("[^"]*"|'[^']*')''',r'(?:(?:a?)b?)*c',r'(?:a{0,2}){3}',r'((?:a|b)??)c',r'(?<=(a))b',r'(?<=ab)c',r'(?<!ab)c',r'(?=(a+))a*b\1',r'(?:(a)|b)*',r'^(?:a?)*?$',r'(?:.)*?x',r'(..)*',r'(?:a|b|c|d)+?e',r'(a)(?:b)(c)',r'(?:(a)|(b)|(c))+',r'(a(b(c)?)?)+',r'(?:a(?=b)|b(?!c))+',r'(?s:.)\n',r'[^a]',r'[]a]',r'[a\]]',r'\.',r'a{,2}',r'a{2,}',r'(?:aa|a)*+b',r'(?:(?>a|b)c)+',r'(x)?(?:(?(1)y|z)w)+',r'(?i)İ',r'(?i)ß',r'[\s\S]{3}',r'(?!)',r'(?:)',r'()',r'(|a)+',r'(a|)+',r'(?:|a)*b', r'\d{2,4}?\b', r'[\u0100-\u0200]+', r'[😀-😎]+', r'(?i)[à-þ]+', r'(?i)[Ā-ſ]+', r'(?i)\u0130|\u0131']
T=['','ab','abc','aab','ababc','a foo b','A\na\nb','STRASSE straße','12-34 5-6','"q" \'r\'','é日本ÀÿX','aaaaaaaaaaaac','σΣς','Kk\u212a','xywyw','abcabcabx','😀😎a','aabb\n']
for p in P:
    c=attempt(re.compile,p)
    if isinstance(c,tuple): print(p,c); continue
    for t in T:
        m=c.search(t); print(p,ascii(t), m and (m.span(),m.groups(),m.lastindex,m.lastgroup,m.regs), (m2:=c.match(t)) and m2.span(), (m3:=c.fullmatch(t)) and m3.span(), ascii(c.findall(t)), ascii(c.split(t)), ascii(c.sub('<\\g<0>>',t)), c.subn('-',t,2)[1], [x.span() for x in c.finditer(t)], c.search(t,1) and c.search(t,1).span(), c.match(t,1,3) and c.match(t,1,3).span())
        try: b=t.encode('latin1')
        except: continue
        if p.isascii():
            cb=attempt(re.compile,p.encode())
            if not isinstance(cb,tuple):
                print(ascii(cb.findall(b)), [x.span() for x in cb.finditer(bytearray(b))], cb.sub(b'-',b))
m=re.match(r'(?P<a>x)(?P<b>y)?(z)?','xz'); print(m, m.group(), m.group(1), m.group('a','b'), m['a'], m[2], m.groups('d'), m.groupdict(), m.groupdict('q'), m.start('a'), m.end(2), m.span(3), attempt(m.group,9), attempt(m.group,'zz'), attempt(lambda:m[10]), m.expand(r'\1-\g<b>-\g<3>\n'), m.string, m.pos, m.endpos, m.re.pattern, m.lastgroup, m.lastindex, m.regs)
print(re.compile('a',re.I|re.M), repr(re.compile(b'a')), re.compile('a'*300).__repr__()[-20:], re.compile('a')==re.compile('a'), re.compile('a')==re.compile(b'a'), hash(re.compile('a'))==hash(re.compile('a')), re.compile('(?P<x>a)').groupindex, re.compile('a').flags)
print(attempt(re.sub,'a','\\9','a'), attempt(re.sub,'a','\\g<x>','a'), attempt(re.sub,'a',1,'a'), attempt(re.sub,'a',lambda m:1,'a'), re.sub('a',lambda m:m.group()*2,'banana'), re.sub(b'a',b'\\g<0>x',b'banana'), attempt(re.search,'a',b'a'), attempt(re.search,b'a','a'), attempt(re.search,'a',1), re.sub('(a)|b',r'[\1]','ab'), re.sub('','-','abc'), re.sub('x*','-','axb'), re.split('(x)*','axbc'), re.split('','abc'), re.split(',','a,b,c',maxsplit=1), re.findall('(a)(b)?','ab a'), re.sub('a','b','aaa',count=2), re.subn('a','\\\\','aa'), re.escape('a.b*c\n'))
for p in ['(','a**','[a','(?P<1>a)','(?P<a>x)(?P<a>y)','\\','a{3,2}','(?<=a*)b','(?z)','\\g','[b-a]','(?P=x)','(?(2)a)','*','(?i','x{99999999999}','(?P<a','\\N{DIGIT ONE}','\\N{foo}','(?a)(?u)x', 'a(?i)b', '(?L)a', '\\8','[[a]','[a--b]','(?:','a)','(?#','\\u12']:
    print(p, attempt(re.compile,p))
s=re.compile('a').scanner('aab'); print(s.match(),s.match(),s.match(),s.match(),s.pattern); s=re.compile('b*').scanner('abc'); print([s.search() for _ in range(5)])
print(re.match('(?:a|b)*c','ab'*50000+'c').end(), re.match('(a|b)*?c','ab'*50000+'c').end(), re.match('(?:.)*','x'*100000).end(), len(re.findall('.','x'*100000)), re.match('(?>(?:ab)*)','ab'*50000).end(), re.match('(?:(?:ab)+)*','ab'*50000).end(), re.match('(?:ab)*+','ab'*50000).end(), re.match('((a)(b))*','ab'*50000).groups())
print(re.compile('\\w+', re.L).findall if 0 else attempt(re.compile,'\\w',re.L), re.compile(b'\\w+',re.L).findall(b'abc \xe9'), re.compile(b'(?Li)A').findall(b'aA'))
import copy,pickle; c=re.compile('(a)'); print(copy.copy(c) is c, copy.deepcopy(c) is c); m=c.match('a'); print(copy.copy(m) is m)
class S(str): pass
print(type(re.match('a',S('abc')).group()), type(re.sub('x','y',S('abc'))), re.template if hasattr(re,'template') else 0, re.Match, re.Pattern[str], attempt(re.Pattern), attempt(re.Match))
