//! The widest vector instructions of the processor at hand.

/// Runs `work` with everything that is inlined into it compiled for AVX-512 or AVX2, where the processor has it. No result
/// changes: sums have a fixed order, and only what is written as a fused multiply-add is one.
pub(crate) fn widest<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
        fn avx512<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the processor has these parts of AVX-512, which include its foundation.
            return unsafe { avx512(work) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has AVX2 and FMA.
            return unsafe { avx2(work) };
        }
    }
    work()
}
