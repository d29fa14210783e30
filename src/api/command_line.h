// command_line.h: what the command line asks for.
#ifndef ADDER_API_COMMAND_LINE_H
#define ADDER_API_COMMAND_LINE_H

#include "src/core/vm.h"

typedef enum RunKind { RUN_PROMPT, RUN_STDIN, RUN_COMMAND, RUN_MODULE, RUN_FILE, RUN_NOTHING } RunKind;

typedef struct CommandLine {
    RunKind kind;
    const char *what;             // command text, module name or path
    int exit_status;              // for RUN_NOTHING
    bool skip_first_line, jit_stats;
} CommandLine;

// Fills config from the environment and argv; prints help, version or a usage error itself (RUN_NOTHING).
CommandLine command_line_parse(VMConfig *config, int argc, char **argv);

#endif
