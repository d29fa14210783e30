// lexer_name.c: names beyond ASCII: which characters they may have.
//
// The only part of the lexer that needs Unicode tables.

#include "frontend/lexer_internal.h"

#include "src/types/unicode.h"

static bool is_name_char(uint32_t c, bool first)
{
    if (c < 128)
        return char_is((unsigned char)c, first ? LEX_NAME_START : LEX_NAME);
    return char_flags(c) & (first ? CHAR_XID_START : CHAR_XID_CONTINUE);
}

// The character at `text`, which is valid UTF-8, and its size.
static uint32_t decode_char(const unsigned char *text, int *out_size)
{
    unsigned char c = text[0];
    int size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    uint32_t value = size == 1 ? c : c & (0xFFu >> (size + 1));
    for (int i = 1; i < size; i++)
        value = value << 6 | (text[i] & 0x3F);
    *out_size = size;
    return value;
}

bool lex_check_name(Lexer *lexer, uint32_t start)
{
    const unsigned char *text = lexer->text;
    uint32_t end = lexer->at;
    for (uint32_t at = start; at < end;) {
        int size;
        uint32_t c = decode_char(text + at, &size);
        uint32_t next = at + (uint32_t)size;
        if (!is_name_char(c, at == start)) {
            lexer->at = next;
            if (char_is_printable(c))
                lex_error(lexer, "invalid character '%.*s' (U+%04X)", size, (const char *)text + at, (unsigned)c);
            else
                lex_error(lexer, "invalid non-printable character U+%04X", (unsigned)c);
            return false;
        }
        at = next;
    }
    return true;
}
