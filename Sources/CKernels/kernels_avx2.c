/* The kernels for x86-64 processors with AVX2 and FMA: sixteen registers of eight floats. */
#include "CKernels.h"

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#define KERNEL(name) avx2_##name
#define TARGET __attribute__((target("avx2,fma")))
#define NAME "avx2"
#define LANES 8
/* Twelve sums, two inputs and a weight; with fewer than one register to spare the compiler puts a sum into memory. */
#define TILE_CHANNELS 6
#define TILE_POSITIONS 2
#define TILE_SIZES                                                                                            \
    SIZE(1, 1) SIZE(1, 2) SIZE(2, 1) SIZE(2, 2) SIZE(3, 1) SIZE(3, 2) SIZE(4, 1) SIZE(4, 2)                   \
    SIZE(5, 1) SIZE(5, 2) SIZE(6, 1) SIZE(6, 2)
#define TILE_HEIGHTS SIZE(1) SIZE(2) SIZE(3) SIZE(4) SIZE(5) SIZE(6)
/* Up to twelve sums, three inputs and a slope. */
#define DWEIGHT_TAPS 3
#define DWEIGHT_CHANNELS {0, 6, 6, 4}
#define DWEIGHT_SIZES TILE_SIZES SIZE(1, 3) SIZE(2, 3) SIZE(3, 3) SIZE(4, 3)
/* Four vectors by three positions would take seventeen registers. */
#define SINGLE_VECTORS 2
#define SINGLE_POSITIONS 10
#define SINGLE_LENGTHS {{10, 8, 4, 2, 1, 0}, {6, 5, 4, 3, 2, 1, 0}}
#define SINGLE_SIZES                                                                                          \
    SIZE(1, 10) SIZE(1, 8) SIZE(1, 4) SIZE(1, 2) SIZE(1, 1)                                                   \
    SIZE(2, 6) SIZE(2, 5) SIZE(2, 4) SIZE(2, 3) SIZE(2, 2) SIZE(2, 1)
#define SINGLE_PANELS 4
#define SINGLE_PANEL_SIZES SIZE(1) SIZE(2) SIZE(3) SIZE(4)
#include "kernels.inc"

const cnn_kernels *cnn_kernels_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2_table : NULL;
}

#else

const cnn_kernels *cnn_kernels_avx2(void) { return NULL; }

#endif
