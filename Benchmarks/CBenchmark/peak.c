/* Loops of independent multiply-adds on registers: no load, no store, nothing to wait for. */
#include "CBenchmark.h"

#include <stddef.h>

/* Latency times issue rate is at most 10 on the processors of the last ten years (5 cycles, 2 a cycle), and with two
 * registers for the factors twelve sums just fit where there are sixteen. */
#define SUMS 12

/* The factor and the summand keep each sum near 1, so that none grows, vanishes or becomes denormal. The compiler
 * contracts the product and the sum to one instruction where the target has it. */
#define LOOP(VECTOR)                                                                    \
    const VECTOR factor = (VECTOR){0} + 0.5f, summand = (VECTOR){0} + 0.5f;             \
    VECTOR s0 = factor, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0,  \
           s8 = s0, s9 = s0, s10 = s0, s11 = s0;                                        \
    for (int64_t turn = 0; turn < turns; turn++) {                                      \
        s0 = s0 * factor + summand, s1 = s1 * factor + summand;                         \
        s2 = s2 * factor + summand, s3 = s3 * factor + summand;                         \
        s4 = s4 * factor + summand, s5 = s5 * factor + summand;                         \
        s6 = s6 * factor + summand, s7 = s7 * factor + summand;                         \
        s8 = s8 * factor + summand, s9 = s9 * factor + summand;                         \
        s10 = s10 * factor + summand, s11 = s11 * factor + summand;                     \
        /* Each sum is its own to the compiler, which would otherwise find out that all are equal. */ \
        __asm__ volatile("" : KEEP(s0), KEEP(s1), KEEP(s2), KEEP(s3), KEEP(s4), KEEP(s5)); \
        __asm__ volatile("" : KEEP(s6), KEEP(s7), KEEP(s8), KEEP(s9), KEEP(s10), KEEP(s11)); \
    }                                                                                   \
    s0 = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;                   \
    return s0[0];

#if defined(__x86_64__)
#define KEEP(sum) "+v"(sum)
#else
#define KEEP(sum) "+w"(sum)
#endif

typedef float four __attribute__((vector_size(16)));

#if defined(__x86_64__)

typedef float eight __attribute__((vector_size(32)));
typedef float sixteen __attribute__((vector_size(64)));

static float run_portable(int64_t turns) { LOOP(four) }
__attribute__((target("avx2,fma"))) static float run_avx2(int64_t turns) { LOOP(eight) }
__attribute__((target("avx512f"))) static float run_avx512(int64_t turns) { LOOP(sixteen) }

const cnn_peak *cnn_peak_at(int32_t index) {
    static const cnn_peak peaks[] = {
        {"portable", 4 * SUMS, run_portable},
        {"avx2", 8 * SUMS, run_avx2},
        {"avx512", 16 * SUMS, run_avx512},
    };
    const int32_t count = !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) ? 1
                          : !__builtin_cpu_supports("avx512f")                               ? 2
                                                                                             : 3;
    return index >= 0 && index < count ? &peaks[index] : NULL;
}

#elif defined(__aarch64__)

static float run_portable(int64_t turns) { LOOP(four) }

const cnn_peak *cnn_peak_at(int32_t index) {
    static const cnn_peak peak = {"portable", 4 * SUMS, run_portable};
    return index == 0 ? &peak : NULL;
}

#else

const cnn_peak *cnn_peak_at(int32_t index) {
    (void)index;
    return NULL;
}

#endif
