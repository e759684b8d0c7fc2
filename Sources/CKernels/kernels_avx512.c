/* The kernels for x86-64 processors with AVX-512: thirty-two registers of sixteen floats. */
#include "CKernels.h"

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#define KERNEL(name) avx512_##name
#define TARGET __attribute__((target("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")))
#define NAME "avx512"
#define LANES 16
/* Twenty-four sums, four inputs and weights. */
#define TILE_CHANNELS 6
#define TILE_POSITIONS 4
#define TILE_SIZES                                                                                            \
    SIZE(1, 1) SIZE(1, 2) SIZE(1, 3) SIZE(1, 4) SIZE(2, 1) SIZE(2, 2) SIZE(2, 3) SIZE(2, 4)                   \
    SIZE(3, 1) SIZE(3, 2) SIZE(3, 3) SIZE(3, 4) SIZE(4, 1) SIZE(4, 2) SIZE(4, 3) SIZE(4, 4)                   \
    SIZE(5, 1) SIZE(5, 2) SIZE(5, 3) SIZE(5, 4) SIZE(6, 1) SIZE(6, 2) SIZE(6, 3) SIZE(6, 4)
#define TILE_HEIGHTS SIZE(1) SIZE(2) SIZE(3) SIZE(4) SIZE(5) SIZE(6)
/* Up to twenty-five sums, five inputs and a slope. */
#define DWEIGHT_TAPS 5
#define DWEIGHT_CHANNELS {0, 8, 8, 8, 6, 5}
#define DWEIGHT_SIZES                                                                                         \
    SIZE(1, 1) SIZE(2, 1) SIZE(3, 1) SIZE(4, 1) SIZE(5, 1) SIZE(6, 1) SIZE(7, 1) SIZE(8, 1)                   \
    SIZE(1, 2) SIZE(2, 2) SIZE(3, 2) SIZE(4, 2) SIZE(5, 2) SIZE(6, 2) SIZE(7, 2) SIZE(8, 2)                   \
    SIZE(1, 3) SIZE(2, 3) SIZE(3, 3) SIZE(4, 3) SIZE(5, 3) SIZE(6, 3) SIZE(7, 3) SIZE(8, 3)                   \
    SIZE(1, 4) SIZE(2, 4) SIZE(3, 4) SIZE(4, 4) SIZE(5, 4) SIZE(6, 4)                                         \
    SIZE(1, 5) SIZE(2, 5) SIZE(3, 5) SIZE(4, 5) SIZE(5, 5)
#define SINGLE_VECTORS 4
#define SINGLE_POSITIONS 14
#define SINGLE_LENGTHS {{14, 12, 10, 8, 6, 4, 2, 1, 0}, {12, 10, 8, 7, 6, 4, 2, 1, 0}, {6, 5, 4, 3, 2, 1, 0}}
#define SINGLE_SIZES                                                                                          \
    SIZE(1, 14) SIZE(1, 12) SIZE(1, 10) SIZE(1, 8) SIZE(1, 6) SIZE(1, 4) SIZE(1, 2) SIZE(1, 1)                \
    SIZE(2, 12) SIZE(2, 10) SIZE(2, 8) SIZE(2, 7) SIZE(2, 6) SIZE(2, 4) SIZE(2, 2) SIZE(2, 1)                 \
    SIZE(4, 6) SIZE(4, 5) SIZE(4, 4) SIZE(4, 3) SIZE(4, 2) SIZE(4, 1)
#define SINGLE_PANELS 8
#define SINGLE_PANEL_SIZES SIZE(1) SIZE(2) SIZE(3) SIZE(4) SIZE(5) SIZE(6) SIZE(7) SIZE(8)
#include "kernels.inc"

const cnn_kernels *cnn_kernels_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
               ? &avx512_table
               : NULL;
}

#else

const cnn_kernels *cnn_kernels_avx512(void) { return NULL; }

#endif
