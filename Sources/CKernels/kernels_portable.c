/* The kernels for the baseline of the target. */
#include "CKernels.h"

#include <math.h>
#include <string.h>

/* Vectors wider than the baseline's registers are passed only between functions that are inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

#define KERNEL(name) portable_##name
#define TARGET
#include "kernels.inc"

const cnn_kernels *cnn_kernels_portable(void) {
    static const cnn_kernels table = {
        "portable",  portable_convolution, portable_linear,  portable_max_pool,
        portable_relu, portable_affine,      portable_sigmoid, portable_tanh,
    };
    return &table;
}
