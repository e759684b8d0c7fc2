/* What the engine asks of the processor itself. */
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <unistd.h>

#include "CKernels.h"

int32_t cnn_processor_count(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        const int count = CPU_COUNT(&set);
        if (count > 0) return count;
    }
#endif
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int32_t)count : 1;
}

/* Denormal numbers are treated as zero: they cost a hundred cycles each and mean nothing to a network. */

#if defined(__x86_64__)

#include <xmmintrin.h>

/* Flush-to-zero (bit 15) and denormals-are-zero (bit 6) of MXCSR. */
uint64_t cnn_denormals_flush(void) {
    const unsigned int state = _mm_getcsr();
    _mm_setcsr(state | 0x8040u);
    return state;
}

void cnn_denormals_restore(uint64_t state) { _mm_setcsr((unsigned int)state); }

#elif defined(__aarch64__)

/* Flush-to-zero (bit 24) of FPCR. */
uint64_t cnn_denormals_flush(void) {
    uint64_t state;
    __asm__ volatile("mrs %0, fpcr" : "=r"(state));
    __asm__ volatile("msr fpcr, %0" ::"r"(state | (UINT64_C(1) << 24)));
    return state;
}

void cnn_denormals_restore(uint64_t state) { __asm__ volatile("msr fpcr, %0" ::"r"(state)); }

#else

uint64_t cnn_denormals_flush(void) { return 0; }
void cnn_denormals_restore(uint64_t state) { (void)state; }

#endif
