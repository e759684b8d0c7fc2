/* The kernels for the baseline of the target. */
#include "CKernels.h"

#include <math.h>
#include <string.h>

/* Vectors wider than the baseline's registers are passed only between functions that are inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

#define KERNEL(name) portable_##name
#define TARGET
#define NAME "portable"
#define LANES 4
#define TILE_CHANNELS 4
#define TILE_POSITIONS 2
#define TILE_SIZES SIZE(1, 1) SIZE(1, 2) SIZE(2, 1) SIZE(2, 2) SIZE(3, 1) SIZE(3, 2) SIZE(4, 1) SIZE(4, 2)
#define TILE_HEIGHTS SIZE(1) SIZE(2) SIZE(3) SIZE(4)
#define DWEIGHT_TAPS 2
#define DWEIGHT_CHANNELS {0, 4, 4}
#define DWEIGHT_SIZES TILE_SIZES
#define SINGLE_VECTORS 4
#define SINGLE_POSITIONS 6
#define SINGLE_LENGTHS {{6, 4, 2, 1, 0}, {4, 2, 1, 0}, {2, 1, 0}}
#define SINGLE_SIZES SIZE(1, 6) SIZE(1, 4) SIZE(1, 2) SIZE(1, 1) SIZE(2, 4) SIZE(2, 2) SIZE(2, 1) SIZE(4, 2) SIZE(4, 1)
#define SINGLE_PANELS 2
#define SINGLE_PANEL_SIZES SIZE(1) SIZE(2)
#include "kernels.inc"

const cnn_kernels *cnn_kernels_portable(void) { return &portable_table; }
