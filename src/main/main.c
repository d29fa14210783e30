// main.c: the command `adder`.
#include "src/include/adder.h"

int main(int argc, char **argv)
{
    return adder_main(argc, argv);
}
