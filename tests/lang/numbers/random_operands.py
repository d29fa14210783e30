# ints, floats and their formats: random operands of all sizes, and those around the limits of fixnums and limbs.
import random, math, sys
r=random.Random(42)
edge=[0,1,-1,2**61,2**62,2**62-1,-2**62,-2**62-1,2**63,2**63-1,-2**63,2**64,2**64-1,-2**64,2**65,2**127,2**128-1,10**18,10**19,10**40,-10**40,3**200]
def rint():
    k=r.random()
    if k<.3: return r.choice(edge)+r.randint(-2,2)
    b=r.choice([5,30,60,62,63,64,65,100,128,200,1000,5000])
    v=r.getrandbits(b)
    return v if r.random()<.5 else -v
import operator as o
ops=[('+',o.add),('-',o.sub),('*',o.mul),('//',o.floordiv),('%',o.mod),('/',o.truediv),('&',o.and_),('|',o.or_),('^',o.xor),('divmod',divmod),('<',o.lt),('==',o.eq)]
out=0
def h(x): 
    s=repr(x)
    return s if len(s)<80 else s[:20]+'..'+str(hash(s) if 0 else sum(map(ord,s)))+'..'+s[-20:]
for i in range(250):
    a,b=rint(),rint()
    n,f=r.choice(ops)
    try: v=f(a,b)
    except Exception as e: v=(type(e).__name__,str(e))
    print(i,n,h(v))
for i in range(80):
    a=rint(); s=r.choice([0,1,5,61,62,63,64,65,100,128,129])
    print(i,h(a<<s),h(a>>s),h(~a),h(-a),a.bit_length(),a.bit_count(),hash(a),h(abs(a)),h(hex(a)),h(oct(a)),h(bin(a)))
    print(h(int(str(a))),h(int(hex(a),16)),h(int(hex(a),0)),h(round(a,-r.randint(0,20))))
    L=(a.bit_length()+15)//8
    for bo in ('big','little'):
        bb=a.to_bytes(L,bo,signed=True); assert int.from_bytes(bb,bo,signed=True)==a
    base=r.randint(2,36)
    e=r.randint(0,40); m=rint()
    try: print(h(pow(a%1000003,e)),h(pow(a,e,m)),h(pow(a,-e,m)))
    except Exception as ex: print(type(ex).__name__,ex)
    try: print(float(a), a==float(a), a<float(a), a>float(a), hash(float(a)))
    except Exception as ex: print(type(ex).__name__,ex)
for base in range(2,37):
    for a in (0,5,-77,2**64,-3**150):
        dg="0123456789abcdefghijklmnopqrstuvwxyz"
        def tb(n):
            s=''; m=abs(n)
            while m: s=dg[m%base]+s; m//=base
            return ('-' if n<0 else '')+(s or '0')
        assert int(tb(a),base)==a,(a,base)
import struct
def rfl():
    k=r.random()
    if k<.1: return r.choice([0.0,-0.0,1.0,-1.0,float('inf'),-float('inf'),float('nan'),5e-324,1.7976931348623157e308,2.2250738585072014e-308,0.1,1e16,1e22,1e23,123456789012345680.0])
    if k<.5: return struct.unpack('<d',r.getrandbits(64).to_bytes(8,'little'))[0]
    if k<.8: return r.uniform(-1000,1000)
    return round(r.uniform(-1e6,1e6),r.randint(0,8))
fops=[o.add,o.sub,o.mul,o.truediv,o.floordiv,o.mod,divmod,o.pow,o.lt,o.eq]
for i in range(250):
    a,b=rfl(),rfl()
    if r.random()<.2: b=rint()
    f=r.choice(fops)
    try: v=f(a,b)
    except Exception as e: v=(type(e).__name__,str(e))
    print(i,f.__name__,v, hash(a) if a==a else 0, a.hex())
    try: print(float.fromhex(a.hex())==a, a.as_integer_ratio(), a.is_integer(), int(a)%10**9)
    except Exception as e: print(type(e).__name__,e)
    n=r.randint(-5,20)
    try: print(round(a,n), round(a), math.floor(a)%1000,math.ceil(a)%1000)
    except Exception as e: print(type(e).__name__,e)
types=['','d','e','E','f','F','g','G','%','n','b','o','x','X','c','s']
for i in range(500):
    sp=''
    if r.random()<.4: sp+=r.choice(['','*','0','é'])+r.choice('<>=^')
    if r.random()<.3: sp+=r.choice('+- ')
    if r.random()<.1: sp+='z'
    if r.random()<.2: sp+='#'
    if r.random()<.2: sp+='0'
    if r.random()<.6: sp+=str(r.randint(0,30))
    if r.random()<.3: sp+=r.choice([',','_'])
    if r.random()<.4: sp+='.'+str(r.randint(0,25))+r.choice(['','',',','_'])
    sp+=r.choice(types)
    k=r.random()
    v=rint()%10**12 if k<.3 else rfl() if k<.8 else complex(rfl(),rfl()) if k<.95 else True
    try: x=format(v,sp)
    except Exception as e: x=(type(e).__name__,str(e))
    print(repr(sp),repr(v),repr(x))
for i in range(300):
    v=rfl(); f='%'+r.choice(['','+','-','0','#',' '])+r.choice(['','10','5'])+r.choice(['','.0','.3','.17'])+r.choice('efgEGrsdxi')
    try: x=f%v
    except Exception as e: x=(type(e).__name__,str(e))
    print(repr(f),v,repr(x))
