// getrandom(2), which the module that Swift has for the C library leaves out.
#include <sys/random.h>
