// token_dump.c: the tokens of a source, one a line: ADDER_DUMP=tokens.

#include <stdio.h>

#include "frontend/lexer.h"

void tokens_dump(const Source *source, int fd)
{
    Lexer lexer;
    Token token;
    lexer_init(&lexer, source);
    do {
        lexer_next(&lexer, &token);
        int size = token.has_start ? (int)(token.end - token.start) : 0;
        bool line_end = token.type == TOKEN_NEWLINE;
        dprintf(fd, "%d:%d-%d:%d %s %.*s\n", token.lineno, token.col_offset, token.end_lineno,
                token.end_col_offset, token_names[token.type], line_end ? 0 : size,
                source->text + token.start);
    } while (token.type != TOKEN_ENDMARKER && token.type != TOKEN_ERRORTOKEN);
    if (token.type == TOKEN_ERRORTOKEN)
        dprintf(fd, "%d: %s\n", lexer.error.lineno, lexer.error.message);
}
