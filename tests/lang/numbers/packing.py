# struct: random formats and values; random: CPython's sequences.
import random
import struct
r=random.Random(7)
fm='cbB?hHiIlLqQnNefdFDspPx'
for i in range(500):
    o=r.choice(['','@','=','<','>','!']); f=o
    vals=[]
    for _ in range(r.randint(1,5)):
        c=r.choice(fm)
        if o in('=','<','>','!') and c in 'nNP': continue
        n=r.choice(['','','2','3','0'])
        f+=n+c
        k=1 if c in 'sp' else (int(n) if n else 1)
        for j in range(k):
            if c=='x': continue
            if c=='c': vals.append(bytes([r.randrange(256)]))
            elif c in 'sp': vals.append(bytes(r.randrange(256) for _ in range(r.randint(0,5))))
            elif c=='?': vals.append(r.random()<.5)
            elif c in 'efd': vals.append(r.choice([r.uniform(-100,100),1e-6,6e-8,65504.0,float('inf'),0.0]))
            elif c in 'FD': vals.append(complex(r.uniform(-1,1),2))
            else: vals.append(r.choice([r.randint(-128,127),r.randint(0,255),r.getrandbits(31),-1,r.getrandbits(64)]))
    try:
        p=struct.pack(f,*vals); print(f,p,struct.unpack(f,p),struct.calcsize(f))
    except Exception as e: print(f,type(e).__name__,e)
R=random.Random(5)
print(R.random(),R.getrandbits(100),R.randint(1,10**30),R.sample(range(1000),5),R.gauss(0,1),R.choices('abc',k=5),R.getstate()[1][:3],R.randbytes(5))
R.seed(-5); print(R.random()); R.seed(2**100); print(R.random()); R.seed(1.5); print(R.random())
