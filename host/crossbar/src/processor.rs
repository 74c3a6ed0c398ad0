//! The widest vector instructions of the processor at hand.

/// Defines a function that is compiled for AVX-512, for AVX2 and for any processor, and runs as the processor allows. What it
/// calls must be `#[inline(always)]` to be compiled so. No result differs: sums have a fixed order, and only what is written
/// as a fused multiply-add is one.
macro_rules! for_processor {
    ($(#[$attribute:meta])* $visible:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $backend:block) => {
        $(#[$attribute])*
        $visible fn $name($($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn any($($argument: $type),*) $(-> $result)? $backend

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512($($argument: $type),*) $(-> $result)? {
                    any($($argument),*)
                }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) $(-> $result)? {
                    any($($argument),*)
                }
                let parts = [
                    is_x86_feature_detected!("avx512bw"),
                    is_x86_feature_detected!("avx512dq"),
                    is_x86_feature_detected!("avx512vl"),
                ];
                if parts == [true; 3] {
                    // SAFETY: the processor has these parts of AVX-512, which include its foundation.
                    return unsafe { avx512($($argument),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the processor has AVX2 and FMA.
                    return unsafe { avx2($($argument),*) };
                }
            }
            any($($argument),*)
        }
    };
}

pub(crate) use for_processor;
