// lexer_name.c: names beyond ASCII: which characters they may have, and their normal form.
//
// The only part of the lexer that needs Unicode tables (libunistring).

#include "frontend/lexer_internal.h"

#include <unictype.h>
#include <unistr.h>

static bool is_name_char(ucs4_t c, bool first)
{
    if (c < 128)
        return char_is((unsigned char)c, first ? CHAR_NAME_START : CHAR_NAME);
    return first ? uc_is_property_xid_start(c) : uc_is_property_xid_continue(c);
}

// What str.isprintable says of a character that is not ASCII.
static bool is_printable(ucs4_t c)
{
    return !uc_is_general_category_withtable(
        c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Co |
               UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp |
               UC_CATEGORY_MASK_Zs);
}

bool lex_check_name(Lexer *lexer, uint32_t start)
{
    const uint8_t *text = lexer->text;
    uint32_t end = lexer->at;
    for (uint32_t at = start; at < end;) {
        ucs4_t c;
        int size = u8_mbtouc(&c, text + at, end - at);
        uint32_t next = at + (uint32_t)size;
        if (!is_name_char(c, at == start)) {
            lexer->at = next;
            if (is_printable(c))
                lex_error(lexer, "invalid character '%.*s' (U+%04X)", size, text + at, (unsigned)c);
            else
                lex_error(lexer, "invalid non-printable character U+%04X", (unsigned)c);
            return false;
        }
        at = next;
    }
    return true;
}
