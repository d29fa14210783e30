// marshal_format.h: type bytes of the marshal format.
#ifndef ADDER_MODULES_MARSHAL_FORMAT_H
#define ADDER_MODULES_MARSHAL_FORMAT_H

enum { MARSHAL_DEPTH_MAX = 2000, FLAG_REF = 0x80 };   // deeper data is refused; FLAG_REF: the object gets the next reference number

enum {
    TYPE_NULL = '0', TYPE_NONE = 'N', TYPE_FALSE = 'F', TYPE_TRUE = 'T', TYPE_STOPITER = 'S', TYPE_ELLIPSIS = '.', TYPE_INT = 'i', TYPE_LONG = 'l',
    TYPE_FLOAT = 'f', TYPE_BINARY_FLOAT = 'g', TYPE_COMPLEX = 'x', TYPE_BINARY_COMPLEX = 'y', TYPE_STRING = 's', TYPE_INTERNED = 't', TYPE_REF = 'r',
    TYPE_TUPLE = '(', TYPE_SMALL_TUPLE = ')', TYPE_LIST = '[', TYPE_DICT = '{', TYPE_CODE = 'c', TYPE_UNICODE = 'u', TYPE_SET = '<', TYPE_FROZENSET = '>',
    TYPE_SLICE = ':', TYPE_ASCII = 'a', TYPE_ASCII_INTERNED = 'A', TYPE_SHORT_ASCII = 'z', TYPE_SHORT_ASCII_INTERNED = 'Z'
};

#endif
