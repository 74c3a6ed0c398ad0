//! Functions compiled for several sets of vector instructions, of which the processor at hand decides one.
//!
//! A function's body must be `#[inline(always)]` code to be compiled for the set. All sets give the same bits: sums have a fixed
//! order, and a product is fused with a sum only where the code says `mul_add`.

/// A set of vector instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instructions(Set);

/// The names of the sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// The instructions that every processor of the architecture has.
    Any,
    /// AVX2 with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with its parts F, BW, DQ and VL.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    /// The sets that this processor has, the widest first.
    pub fn available() -> impl Iterator<Item = Instructions> {
        #[cfg(target_arch = "x86_64")]
        let wider = {
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            [(avx512, Set::Avx512), (avx2, Set::Avx2)]
        };
        #[cfg(not(target_arch = "x86_64"))]
        let wider = [];
        let present = wider.into_iter().filter_map(|(present, set)| present.then_some(set));
        present.chain([Set::Any]).map(Instructions)
    }

    /// The widest set that this processor has.
    pub fn widest() -> Instructions {
        Instructions::available().next().unwrap_or(Instructions(Set::Any))
    }

    /// The name of the set.
    pub fn set(self) -> Set {
        self.0
    }
}

/// Defines a function as another one, which is `#[inline(always)]`, compiled for each set of instructions. The first argument of
/// the new function is the [`Instructions`] to use.
#[macro_export]
macro_rules! for_instructions {
    ($(#[$attribute:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $inlined:ident) => {
        $(#[$attribute])*
        fn $name(instructions: $crate::Instructions, $($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn avx512($($argument: $type),*) $(-> $result)? {
                $inlined($($argument),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($argument: $type),*) $(-> $result)? {
                $inlined($($argument),*)
            }
            match instructions.set() {
                $crate::instructions::Set::Any => $inlined($($argument),*),
                // SAFETY: there are `Instructions` of a set only where the processor has it.
                #[cfg(target_arch = "x86_64")]
                $crate::instructions::Set::Avx2 => unsafe { avx2($($argument),*) },
                // SAFETY: likewise.
                #[cfg(target_arch = "x86_64")]
                $crate::instructions::Set::Avx512 => unsafe { avx512($($argument),*) },
            }
        }
    };
}

/// Defines a function that runs with the widest instructions of the processor at hand.
#[macro_export]
macro_rules! for_processor {
    ($(#[$attribute:meta])* $visible:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$attribute])*
        $visible fn $name($($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn inlined($($argument: $type),*) $(-> $result)? $body
            $crate::for_instructions! {
                fn chosen($($argument: $type),*) $(-> $result)? = inlined
            }
            chosen($crate::Instructions::widest(), $($argument),*)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    fn fused_inlined(sums: &mut [f32; 40], factor: f32) {
        sums.iter_mut().enumerate().for_each(|(place, sum)| *sum = factor.mul_add(place as f32, *sum * factor));
    }

    for_instructions! {
        fn fused(sums: &mut [f32; 40], factor: f32) = fused_inlined
    }

    for_processor! {
        fn widest(sums: &mut [f32; 40], factor: f32) -> f32 {
            fused_inlined(sums, factor);
            sums[39]
        }
    }

    #[test]
    fn every_set_gives_the_same_bits() {
        let numbers: [f32; 40] = std::array::from_fn(|place| (place as f32 + 0.3).sqrt());
        let computed = |instructions| {
            let mut sums = numbers;
            fused(instructions, &mut sums, 0.7);
            sums.map(f32::to_bits)
        };
        let any = computed(Instructions(Set::Any));
        assert!(Instructions::available().all(|instructions| computed(instructions) == any));
        assert_eq!(Instructions::available().next(), Some(Instructions::widest()));
        assert_eq!(widest(&mut numbers.clone(), 0.7).to_bits(), any[39]);
    }
}
