/* The most multiply-adds that a processor can do: the yardstick of the benchmark. */
#ifndef CBENCHMARK_H
#define CBENCHMARK_H

#include <stdint.h>

/* A way to do multiply-adds on float32. */
typedef struct cnn_peak {
    /* The instruction set: "portable", "avx2", "avx512". */
    const char *name;
    /* How many multiply-adds a turn of the loop does. */
    int64_t multiply_adds;
    /* Runs the loop so many turns, on registers alone. What it gives back means nothing, but keeps the work alive. */
    float (*run)(int64_t turns);
} cnn_peak;

/* The instruction set number `index`, narrowest first, or NULL behind the last that this processor has. */
const cnn_peak *cnn_peak_at(int32_t index);

#endif
