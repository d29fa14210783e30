# decimal: conversions, contexts, formats, and random operands under random contexts.
import math
import decimal
from decimal import *
def tr(s):
    try: print(s,'->',repr(eval(s)))
    except BaseException as e: print(s,'->',type(e).__name__, e, getattr(e,'args',None))
c=Context()
for s in ["Decimal([])","Decimal('x')","Decimal('1',1)","Decimal((1,2))","Decimal((2,(1,),0))","Decimal((0,(1,10),0))","Decimal((0,('a',),0))","Decimal((0,(1,),'x'))","Decimal((0,(),'F'))","Decimal((1,(1,2),'n'))","Decimal((0,(0,1),'N'))","Decimal((0,1,0))","Decimal([0,(1,2),3])","Decimal((0,[1,2],3))","Decimal(1.5)","Decimal(True)","Decimal(' 1_0 ')","Decimal('１')","Decimal('1e99999999999999999999')","Decimal('1e-99999999999999999999')","Decimal(None)","Decimal.from_float('a')","Decimal.from_number('1')","Decimal.from_number(1.5)","c.create_decimal(' 1')","c.create_decimal('1_0')","c.create_decimal([])","c.prec","Context(prec=0)","Context(prec='a')","Context(rounding='x')","Context(rounding=1)","Context(Emin=1)","Context(Emax=-1)","Context(capitals=2)","Context(clamp=2)","Context(traps=[1])","Context(traps=[Inexact])","Context(flags={Inexact:1})","Context(traps=1)","setattr(c,'prec',-1)","delattr(c,'prec')","setattr(c,'foo',1)","c.foo","c.flags[1]","c.flags.__setitem__(1,1)","c.flags.__delitem__(Inexact)","c.flags==c.traps","setcontext(1)","localcontext(1)","Decimal(1)+1.5","Decimal(1)+'a'","Decimal(1)<'a'","Decimal(1)==1.5","Decimal('sNaN')==1","Decimal('NaN')<1","Decimal('sNaN')<1","hash(Decimal('sNaN'))","hash(Decimal('NaN'))==object.__hash__(1)","hash(Decimal('1.5'))==hash(1.5)","hash(Decimal('inf')),hash(Decimal('-inf'))","hash(Decimal('1e400'))==hash(10**400)","int(Decimal('NaN'))","int(Decimal('inf'))","float(Decimal('sNaN'))","float(Decimal('NaN'))","round(Decimal('1.25'),1)","round(Decimal('1.5'))","round(Decimal('NaN'))","round(Decimal('inf'))","round(Decimal('1'),'a')","Decimal('inf').as_integer_ratio()","Decimal('nan').as_integer_ratio()","Decimal('1.50').as_integer_ratio()","Decimal('-1.5e3').as_tuple()","Decimal('sNaN12').as_tuple()","Decimal('-inf').as_tuple()","Decimal(1).exp(1)","Decimal(1).compare('a')","Decimal(1).quantize(1,rounding='x')","Decimal(1).quantize(1,'ROUND_UP')","c.add('1',2)","c.add(1,2)","c.power(2,3,5)","c.power(a=2,b=3)","Decimal(1)/0","Decimal(0)/0","divmod(Decimal(1),0)","Decimal(1)%0","Decimal('1e30')//1","Decimal(-1)**Decimal('.5')","Decimal(4)**Decimal('.5')","Decimal(2)**-2","Decimal(0)**0","Decimal('1e999999')*10","pow(Decimal(2),3,5)","Decimal(3)**Decimal(200)","IEEEContext(32)","IEEEContext(33)","IEEEContext(1024)","Decimal(1).__reduce__()","c.__reduce__()","c.copy()","Decimal('1').__format__(1)","Decimal(1).__complex__()","Decimal('1.5').real,Decimal(1).imag","c._apply(Decimal('1.23456'))","c.to_sci_string(Decimal('1e5'))","c.number_class(1)","Decimal('1').canonical()","c.canonical(1)","c.radix()","Decimal('0').logb()","Decimal('1').logical_and(2)","Decimal(1).same_quantum(2)","Decimal('inf')-Decimal('inf')","Decimal('1.1').copy_sign(-1)","DecimalTuple(1,2,3)","Decimal('-0')","+Decimal('-0')","abs(Decimal('-0'))","Decimal('NaN').is_snan()","min(Decimal('NaN'),1)","Decimal('1').max('NaN')","c.Etiny(),c.Etop()","c.is_normal(1)","c.copy_decimal(1)","c.create_decimal_from_float(1.1)","c.create_decimal_from_float('a')","Context(prec=5).create_decimal(1.123456789)","Decimal('1') if Decimal(0) else 2","c.traps","Decimal('sNaN').compare_signal(1)","Decimal('NaN').sqrt()","Decimal(-1).sqrt()","Decimal(-1).ln()","Decimal(2).sqrt(), Decimal(2).ln(), Decimal(2).log10(), Decimal(1).exp()","float(Decimal('1e400'))","Decimal('9'*30)+0","math.floor(Decimal('inf'))" ,"Decimal('123').rotate(1)","Decimal('1').scaleb('a')","c==c.copy()","c.Emin","decimal.Clamped.__module__","Context(5,'ROUND_UP')"]: tr(s)
for s,f in [('0','e'),('0','.3e'),('0E+5','e'),('0E-5','.2e'),('0E+5',''),('0E+5','f'),('0E+5','.2f'),('1E+5','f'),('1E+5',''),('1E+5','g'),('1E+5','.3g'),('123456','.3g'),('123456','.3e'),('9.996','.2e'),('9.996','.3g'),('999.9','.3g'),('99.96','.1f'),('0.00001','g'),('1E-7','g'),('1E-7','f'),('1E-7','.3f'),('123.456','%'),('123.456','.1%'),('1','.3%'),('NaN','010'),('inf','010'),('-inf','%'),('NaN123','10'),('sNaN','^10'),('-0','z'),('-0.001','z.2f'),('1234567.891',','),('1234567.891','020,.2f'),('1234.5','#'),('1234.5','_'),('1234.5','.2,f'),('1234.5','x'),('1','n'),('1234567','n'),('1.5','<10'),('1.5','=+10'),('1.5','*^10'),('12345','.0e'),('0','.0f'),('0.5','.0f'),('1.5','.0f'),('1E+10','E'),('1.23E-20','G'),('12','10.5g'),('0.000','e'),('0.000','.1e'),('0.000','g'),('0E-10','g'),('0E-10','f'),('0E-10','e'),('0E+3','.3e'),('100','.0g'),('12','e'),('0E+10','%'),('0','%'),('0E-4','%'),('1.2','.5e'),('1.2','.5g'),('123','.5f')]:
    try: print(repr(s),repr(f),'->',repr(format(Decimal(s),f)))
    except Exception as e: print(repr(s),repr(f),'->',type(e).__name__,e)
import random
r=random.Random(3)
RM=[ROUND_UP,ROUND_DOWN,ROUND_CEILING,ROUND_FLOOR,ROUND_HALF_UP,ROUND_HALF_DOWN,ROUND_HALF_EVEN,ROUND_05UP]
def rd():
    k=r.random()
    if k<.12: return Decimal(r.choice(['NaN','sNaN','-NaN12','inf','-inf','0','-0','0E+5','0E-9','1','-1','10','100E-2','1E+999','1E-999']))
    n=r.choice([1,2,5,9,10,18,19,28,40])
    s=str(r.randint(0,10**n))
    e=r.choice([0,0,-n,-n//2,r.randint(-40,40),r.randint(-10,10)])
    return Decimal(r.choice(['','-'])+s+'E'+str(e))
un='abs exp ln log10 minus next_minus next_plus normalize plus to_integral_exact to_integral_value sqrt logb logical_invert number_class is_normal is_subnormal to_sci_string to_eng_string copy_abs copy_negate is_nan'.split()
bi='add compare compare_signal divide divide_int max max_mag min min_mag multiply next_toward quantize remainder remainder_near subtract compare_total compare_total_mag copy_sign logical_and logical_or logical_xor rotate scaleb shift same_quantum divmod power'.split()
for i in range(500):
    c=Context(prec=r.choice([1,2,3,5,9,16,28,50]),rounding=r.choice(RM),Emin=-r.choice([5,30,999,999999]),Emax=r.choice([5,30,999,999999]),clamp=r.choice([0,0,1]),capitals=r.choice([0,1]),traps=[])
    if r.random()<.5:
        n=r.choice(un); a=(rd(),)
    else:
        n=r.choice(bi); a=(rd(),rd())
        if n in('rotate','shift','scaleb','power') and r.random()<.7: a=(a[0],Decimal(r.randint(-9,9)))
    if n=='exp' and a[0].is_finite() and a[0].adjusted()>6: continue
    try: v=getattr(c,n)(*a)
    except Exception as e: v=(type(e).__name__,str(e))
    print(i,n,a,repr(v),[k.__name__ for k in c.flags if c.flags[k]], c.prec,c.rounding,c.Emax,c.Emin,c.clamp)
    if r.random()<.1:
        d=rd(); 
        print(d.is_nan() or hash(d) ,d.as_tuple(),d.adjusted())
        c2=Context(prec=5); 
        try: print(d<a[0], d==a[0])
        except Exception as e: print(type(e).__name__,e)
        sp=r.choice(['','10','<12','+','0>15',',','020,'])+r.choice(['','.0','.2','.10'])+r.choice(['','e','f','g','%','E','n'])
        try: print(sp,format(d,sp))
        except Exception as e: print(sp,type(e).__name__,e)
        try: print(c.create_decimal(str(d)), c.create_decimal(12345678901234567890), c.create_decimal_from_float(r.random()))
        except Exception as e: print(type(e).__name__,e)
