#ifndef CHEAP_H
#define CHEAP_H

#include <stddef.h>

/* Asks for the next `byte_count` bytes of the heap in large pages, and for blocks of up to 32 MB to be taken from the
   heap and given back to it. Nothing happens where the C library or the kernel has no such thing. To be called before
   there are threads. */
void cheap_prepare(size_t byte_count);

#endif
