"""memoryview: formats, casts, slices, assignment, comparison, release, exporters written in Python."""


def attempt(f,*a,**k):
    try: r=f(*a,**k)
    except Exception as e: return (type(e).__name__, str(e))
    return r
m=memoryview(b'abcdefghijkl')
def info(m): return (m.format,m.itemsize,m.ndim,m.shape,m.strides,m.suboffsets,m.readonly,m.nbytes,m.contiguous,m.c_contiguous,m.f_contiguous)
print(info(m), m.tolist(), m.tobytes(), m.hex(), len(m), m[0], m[-1], attempt(lambda:m[20]), attempt(lambda:m['a']), m[1:3].tobytes(), m[::2].tobytes(), m[::-1].tobytes(), info(m[::-2]))
for f in 'bBhHiIlLqQnNfdce?P':
    c=attempt(m.cast,f); print(f, c if isinstance(c,tuple) else (info(c), c.tolist() if f not in 'efd' else None))
for a in [('B',(3,4)),('B',[2,2,3]),('I',(3,)),('h',(2,3)),('B',(5,)),('B',(0,)),('x',),('@B',),('>B',),('B',3),('B',(1.5,)),(5,),('',),('B',())]:
    c=attempt(m.cast,*a); print(a, c if isinstance(c,tuple) else (info(c), c.tolist(), c.tobytes()))
c=m.cast('B',(3,4)); print(c[0,1], c[2,3], c[-1,-1], attempt(lambda:c[3,0]), attempt(lambda:c[0]), attempt(lambda:c[0:1].tolist()), attempt(lambda:c[0:1,0:1]), attempt(lambda:c[0,0,0]), attempt(lambda:c[0,]), len(c), c==c, attempt(iter,c), c.cast('B').tolist()==m.tolist(), attempt(c.cast,'B',(2,6)), c.hex(), attempt(lambda:c.index(1)))
b=bytearray(b'abcdefgh'); w=memoryview(b)
def st(k,v):
    return attempt(w.__setitem__,k,v), bytes(b)
print(st(0,65),st(0,300),st(0,'a'),st(slice(0,2),b'XY'),st(slice(0,2),b'XYZ'),st(slice(0,4,2),b'..'),st(20,1),attempt(w.__delitem__,0),st(slice(0,4),w[4:8]),st(slice(1,5),w[0:4]), st((0,),66), st('x',1), st(slice(0,2),'ab'))
i=w.cast('i'); i[0]=-1; print(bytes(b), attempt(i.__setitem__,0,2**31), attempt(i.__setitem__,0,1.5), attempt(i.__setitem__,0,None), attempt(i.__setitem__, slice(0,1), b'abcd'))
f=w.cast('f'); f[0]=1.5; print(f[0], f.tolist()[0]); d=w.cast('d'); d[0]=2.5; print(d.tolist(), attempt(d.__setitem__,0,'a')); e=w.cast('e'); e[0]=65504.0; print(e[0]); q=w.cast('?'); q[0]=5; print(q[0]); cc=w.cast('c'); cc[0]=b'z'; print(cc[0], attempt(cc.__setitem__,0,b'zz'), attempt(cc.__setitem__,0,1))
print(m==b'abcdefghijkl', m==bytearray(b'x'), m!=m, m=='a', m.cast('H')==m.cast('h'), m[:0]==b'', attempt(lambda:m<m), hash(m)==hash(b'abcdefghijkl'), attempt(hash,w), attempt(hash,m.cast('H')))
print(m.toreadonly().readonly, w.toreadonly().readonly, attempt(w.toreadonly().__setitem__,0,1), m.obj, w.obj is b, attempt(memoryview,1), attempt(memoryview), attempt(memoryview,'a'), memoryview(m).obj, attempt(memoryview,object=b'a').tolist())
x=memoryview(b'abc'); x.release(); print(repr(x)[:16], attempt(lambda:x[0]), attempt(len,x), attempt(lambda:x.format), x.release(), attempt(lambda:x==x), attempt(bytes,x), attempt(hash,x))
with memoryview(b'abc') as y: print(y[0])
print(attempt(lambda:y[0]))
y=memoryview(bytearray(b'abc')); z=memoryview(y); print(attempt(y.release), z.tolist(), attempt(z.release)); 
y=memoryview(b'aab'); print(y.count(97), y.index(98), attempt(y.index,1), list(y), list(reversed(y)), 97 in y, y.tobytes('F'), attempt(y.tobytes,'Z'), y.tobytes(order=None), attempt(y.tobytes,1), m[::2].hex(':'), m.hex('-',3))
m0=memoryview(b'abcd').cast('i').cast('B').cast('i',()) if False else memoryview(b'abcd').cast('I',[1])
print(info(m0), m0.tolist())
z0=attempt(memoryview(b'a').cast,'B',()); print(z0 if isinstance(z0,tuple) else (info(z0), z0[()], z0.tolist(), attempt(len,z0), attempt(lambda:z0[0]), z0.tobytes(), attempt(iter,z0)))
c2=memoryview(bytearray(12)).cast('B',(3,4)); c2[1,2]=7; print(c2.tolist(), attempt(c2.__setitem__,(0,),1), attempt(c2.__setitem__,0,1), attempt(c2.__setitem__,slice(0,1),b'abcd'))
print(bytes(m[::-1]), bytearray(m[1::3]), b''.join([m[:2],m[4:6]]), memoryview[int] if hasattr(memoryview,'__class_getitem__') else 0)
class E:
    def __buffer__(self, flags): print('get', flags); return memoryview(b'xyz')
    def __release_buffer__(self, v): print('rel', v.tobytes())
e=E(); v=memoryview(e); print(v.tobytes()); v.release(); print(bytes(e)); print(attempt(memoryview, type('F',(),{'__buffer__':lambda s,f:1})()))
print(b'abc'.__buffer__(0).tolist(), isinstance(e, __import__('collections.abc').abc.Buffer))
class BA(bytearray):
    def __buffer__(self, flags): return super().__buffer__(flags)
print(bytes(memoryview(BA(b'q'))))
