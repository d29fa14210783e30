// adder.h: the embedding interface of Adder. The only installed header; C11 and C++17.
#ifndef ADDER_H
#define ADDER_H

#ifdef __cplusplus
extern "C" {
#endif

#define ADDER_API __attribute__((visibility("default")))

/* The command `adder`: parses CPython's command line, runs what it names to the end and returns the process's exit status.
   Call it once per process, from the main thread; argv must stay valid. */
ADDER_API int adder_main(int argc, char **argv);

/* The version as text, for example "0.1.0". Static storage. */
ADDER_API const char *adder_version(void);

#ifdef __cplusplus
}
#endif

#endif
