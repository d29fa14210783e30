"""Codecs: every error handler over good and bad input; incremental coders; handlers of one's own."""
import codecs
import warnings

warnings.simplefilter("ignore")
def attempt(f,*a,**k):
    try: r=f(*a,**k)
    except UnicodeError as e: return (type(e).__name__, str(e), getattr(e, 'start', None), getattr(e, 'end', None), getattr(e, 'reason', None))
    except Exception as e: return (type(e).__name__, str(e), getattr(e,'__notes__',None))
    return r
T=['','abc','é€','\U0001f600x','\ud800','a\udc80b\udcff','\ud83d\ude00','x\u20ac\ud800\udfffé','+-&/\\~','日本語\x00\n\r\t\x7f\x85']
ENC='utf-8 latin-1 ascii utf-16 utf-16-be utf-32-le utf-7 unicode_escape raw_unicode_escape cp1252 utf-8-sig punycode hex nope'.split()
ERR=[None,'ignore','replace','xmlcharrefreplace','backslashreplace','namereplace','surrogateescape','bogus']
for e in ENC:
    for s in T:
        for r in ERR:
            print(e,ascii(s),r, ascii(attempt(s.encode,e,r) if r else attempt(s.encode,e)))
B=[b'',b'abc',b'\xff',b'\xc3\xa9',b'\xc3',b'\xe2\x82',b'\xe2\x82\xac',b'\xed\xa0\x80',b'\xf0\x9f\x98\x80',b'\xf0\x9f\x98',b'\xf5\x80',b'\xc0\x80',b'a\x80b',b'\xff\xfea\x00',b'\xfe\xff\x00a',b'a\x00b',b'\x00\xd8',b'\x00\xd8\x00\xdc',b'\x00\xdc\x00\x00',b'a\x00\x00\x00',b'\x00\x00\xfe\xff\x00\x00\x00a',b'\xff\xff\xff\xff',b'+AOk-',b'+AOk',b'+-a',b'+!',b'a+2AA-',b'\\x41\\u20ac\\U0001f600\\N{DIGIT ONE}',b'\\x4',b'\\u12',b'\\U0011ffff',b'\\',b'\\q',b'\\777',b'\\N{foo}',b'\\N',b'\xe4\xb8\xad\xe6',b'\x81\x8d']
for e in ENC:
    for s in B:
        for r in ERR:
            print(e,s,r, ascii(attempt(s.decode,e,r) if r else attempt(s.decode,e)))
for e in ['utf-8','utf-16','utf-32','utf-7','utf-16-le','utf-8-sig','unicode_escape','raw_unicode_escape','ascii','cp1252']:
    d=codecs.getincrementaldecoder(e)(); out=[]
    data='aé€😀z'.encode(e,'backslashreplace') if e not in('ascii','cp1252') else b'abc'
    for i in range(len(data)): out.append(ascii(attempt(d.decode,data[i:i+1])))
    out.append(ascii(attempt(d.decode,b'',True))); print(e,out, d.getstate())
    en=codecs.getincrementalencoder(e)(); print([attempt(en.encode,c) for c in 'ab'], attempt(en.encode,'',True))
import _codecs
print(attempt(_codecs.utf_8_decode,b'\xe2\x82'),attempt(_codecs.utf_8_decode,b'\xe2\x82','strict',True),attempt(_codecs.utf_16_ex_decode,b'\xff\xfea\x00','strict',0,True),attempt(_codecs.charmap_build,'abc'), attempt(_codecs.escape_decode,b'\\x41\\n\\101'), attempt(_codecs.escape_encode,b"a'\n\xff"), attempt(_codecs.readbuffer_encode,'é'), attempt(_codecs.lookup,'nope'), attempt(_codecs.lookup_error,'nope'), attempt(codecs.encode,'a','rot13'), attempt(codecs.decode,b'61','hex'), attempt(codecs.encode,b'a','hex'), attempt(codecs.encode,1,'hex'))
def h(e):
    print(repr(e), e.start,e.end,e.reason); return ('?!',e.end)
codecs.register_error('h',h)
print('a\u20acb\u20ac'.encode('ascii','h'), b'a\xffb'.decode('utf-8','h'), b'a\xffb'.decode('ascii','h'), 'é€'.encode('latin-1','h'), 'é\ud800'.encode('utf-8','h'))
codecs.register_error('h2',lambda e:(b'\x80',e.end)); print('é\ud800'.encode('utf-8','h2'), 'é'.encode('ascii','h2'), attempt(b'\xff'.decode,'utf8','h2'), attempt('\ud800'.encode,'utf-16','h2'))
codecs.register_error('h3',lambda e:('x',-1)); print(attempt('a€b'.encode,'ascii','h3'), attempt(b'a\xffb'.decode,'ascii','h3'))
codecs.register_error('h4',lambda e:('x',100)); print(attempt('a€b'.encode,'ascii','h4'), attempt(b'\xff'.decode,'ascii','h4'))
codecs.register_error('h5',lambda e:1); print(attempt('a€b'.encode,'ascii','h5'), attempt(b'\xff'.decode,'ascii','h5'))
codecs.register_error('h6',lambda e:('é',e.end)); print(attempt('a€b'.encode,'ascii','h6'), attempt('€'.encode,'latin-1','h6'),attempt('€'.encode,'cp1252','h6'))
print(attempt(codecs.register_error,'x',1), attempt(codecs.register,1), codecs.lookup('utf8').name)
print(attempt(codecs.charmap_decode,b'ab','strict',{97:'x',98:None}),attempt(codecs.charmap_decode,b'ab','replace',{97:'xyz'}),attempt(codecs.charmap_encode,'ab','strict',{97:b'xx',98:66}),attempt(codecs.charmap_encode,'ab','strict',{97:'x'}),attempt(codecs.charmap_encode,'ab','replace',{97:1}),attempt(codecs.charmap_decode,b'a','strict','\ufffe'*256))
for n in ['strict','ignore','replace','xmlcharrefreplace','backslashreplace','namereplace','surrogateescape','surrogatepass']:
    f=codecs.lookup_error(n)
    for e in [UnicodeEncodeError('ascii','a€\ud800',1,3,'r'),UnicodeDecodeError('utf-8',b'a\xed\xa0\x80\xff',1,4,'r'),UnicodeTranslateError('aé',0,2,'r'),ValueError(1),1, UnicodeEncodeError('utf-8','\udc80',0,1,'r')]:
        print(n, ascii(attempt(f,e)))
print(str(UnicodeEncodeError('ascii','aé',1,2,'r')),'\n'.join(map(str,[UnicodeDecodeError('x',b'abc',1,2,'r'),UnicodeTranslateError('abc',0,2,'r')])))
