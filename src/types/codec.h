// codec.h: encoding and decoding: error handlers and the built-in codecs.
//
// A decoder or encoder meets an error at [start, end), calls its handler and goes on where that says. `errors` is the name of the
// handler; null means "strict".
#ifndef ADDER_TYPES_CODEC_H
#define ADDER_TYPES_CODEC_H

#include "src/types/bytes.h"
#include "src/types/str_builder.h"

typedef enum ErrorsKind {
    ERRORS_STRICT, ERRORS_IGNORE, ERRORS_REPLACE, ERRORS_SURROGATEESCAPE, ERRORS_SURROGATEPASS, ERRORS_BACKSLASHREPLACE,
    ERRORS_XMLCHARREFREPLACE, ERRORS_OTHER
} ErrorsKind;
ErrorsKind errors_kind(const char *errors);

// Bytes under construction, on the C stack; storage is collected memory (the data of a Bytes, so that finishing is free).
typedef struct BytesBuilder {
    Bytes *bytes;
    size_t length, capacity;
} BytesBuilder;
MUST_CHECK bool bytes_reserve(Thread *t, BytesBuilder *b, size_t more);
MUST_CHECK bool bytes_add(Thread *t, BytesBuilder *b, const void *data, size_t n);
MUST_CHECK bool bytes_add_byte(Thread *t, BytesBuilder *b, uint8_t byte);
Value bytes_finish(Thread *t, BytesBuilder *b);

// State of a decoder that meets errors. `input` may be replaced by the handler (exc.object), so that pointers into it must be re-read.
typedef struct Decoder {
    const char *encoding;        // as shown in the error
    const char *errors;
    ErrorsKind kind;
    const uint8_t *input;
    size_t length;
    Value input_object;          // Bytes, or 0 until needed
    Value handler, exception;    // made at the first error of kind OTHER
    StrBuilder out;
} Decoder;
void decoder_init(Decoder *d, const char *encoding, const char *errors, const void *input, size_t n);
// Handles an error at [start, end): appends the replacement and returns where to go on in *position.
MUST_CHECK bool decoder_error(Thread *t, Decoder *d, size_t start, size_t end, const char *reason, size_t *position);

typedef struct Encoder {
    const char *encoding;
    const char *errors;
    ErrorsKind kind;
    Value text;                  // Str
    Value handler, exception;
    BytesBuilder out;
    // Encodes the str replacement of a handler; null: only ASCII-compatible one-byte output is needed.
    bool (*encode_text)(Thread *t, struct Encoder *e, Value replacement, size_t start, size_t end, const char *reason);
    bool (*encode_char)(Thread *t, struct Encoder *e, uint32_t c);   // 0: character cannot be encoded (nothing pending)
} Encoder;
void encoder_init(Encoder *e, const char *encoding, const char *errors, Value text);
// Handles unencodable characters [start, end). Writes the replacement through encode_char, goes on at *position.
MUST_CHECK bool encoder_error(Thread *t, Encoder *e, size_t start, size_t end, const char *reason, size_t *position);

Value raise_decode_error(Thread *t, const char *encoding, Value bytes, size_t start, size_t end, const char *reason);
Value raise_encode_error(Thread *t, const char *encoding, Value text, size_t start, size_t end, const char *reason);

// The built-in codecs. `consumed` null: the input is complete.
Value utf8_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed);
Value utf8_encode(Thread *t, Value text, const char *errors);
Value utf16_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, int *byte_order, size_t *consumed);
Value utf32_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, int *byte_order, size_t *consumed);
Value utf16_encode(Thread *t, Value text, const char *errors, int byte_order);   // -1 little, 1 big, 0 native with mark
Value utf32_encode(Thread *t, Value text, const char *errors, int byte_order);
Value utf7_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed);
Value utf7_encode(Thread *t, Value text, const char *errors);
Value latin1_decode(Thread *t, const uint8_t *s, size_t n);
Value latin1_encode(Thread *t, Value text, const char *errors);
Value ascii_decode(Thread *t, const uint8_t *s, size_t n, const char *errors);
Value ascii_encode(Thread *t, Value text, const char *errors);
Value charmap_decode(Thread *t, const uint8_t *s, size_t n, Value mapping, const char *errors);
Value charmap_encode(Thread *t, Value text, const char *errors, Value mapping);
Value charmap_build(Thread *t, Value map);
Value unicode_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed);
Value unicode_escape_encode(Thread *t, Value text);
Value raw_unicode_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed);
Value raw_unicode_escape_encode(Thread *t, Value text);
Value bytes_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors);

// The registry (codec_registry.c): search functions, cached CodecInfo tuples, error handlers.
MUST_CHECK bool codec_register(Thread *t, Value search);
MUST_CHECK bool codec_unregister(Thread *t, Value search);
Value codec_lookup(Thread *t, const char *encoding);             // the CodecInfo tuple
Value codec_encode(Thread *t, Value object, const char *encoding, const char *errors);
Value codec_decode(Thread *t, Value object, const char *encoding, const char *errors);
Value codec_encode_text(Thread *t, Value text, const char *encoding, const char *errors);    // str.encode: checks the result
Value codec_decode_text(Thread *t, Value object, const char *encoding, const char *errors);
MUST_CHECK bool codec_register_error(Thread *t, Value name, Value handler);
int codec_unregister_error(Thread *t, Value name);
Value codec_lookup_error(Thread *t, const char *name);
bool codec_boot(Thread *t);
extern const char *const codec_standard_errors[];
Value codec_standard_handler(Thread *t, const char *name, Value exception);

#endif
