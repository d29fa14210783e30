# Powers of complex numbers with infinite, zero and undefined parts.
import itertools
v=[0.0,-0.0,1.0,-2.0,float('inf'),-float('inf'),float('nan'),1e200,3.5]
n=0
for a in itertools.product(v,v):
    for b in [-5,-1,0,3,2.5,-2.5,1j,complex(float('nan'),1),complex(2,float('inf')),complex(float('inf'),0),float('nan'),float('-inf'),200,-200]:
        try: x=repr(complex(*a)**b)
        except Exception as e: x=type(e).__name__+str(e)
        print(a,b,x)
