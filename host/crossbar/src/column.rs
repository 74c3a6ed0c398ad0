//! The crossbar's columns in training: what their sums are worth, how they are converted, and what is seen of them.

use engram_spec::crossbar::gate::COLUMN_FRACTION;
use engram_spec::crossbar::program::BIAS_MAX;

use crate::design::Design;
use crate::noise::Source;
use crate::precision::{Precision, sign};
use crate::tensors::GATES;

/// A converter's sign lets gradients through up to this many times its step: a sum that lies further out is not near to
/// changing it.
const SIGN_RANGE: f32 = 2.0;

/// The scales of a gate's columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// The number that a weight's code 1 stands for.
    pub(crate) step: f32,
    /// Codes of the converter a unit of the tile's sum.
    pub(crate) gain: f32,
    /// The part of z that a code 1 of the converter stands for; on a device in units of 2^-12, a whole number.
    pub(crate) worth: f32,
}

/// 1.0 in units of z on a device.
pub(crate) const COLUMN_ONE: f32 = (1u32 << COLUMN_FRACTION) as f32;

/// A bias as a device holds it, in units of z.
pub(crate) fn bias_code(bias: f32) -> f32 {
    (bias * COLUMN_ONE).round_ties_even().clamp(-BIAS_MAX as f32, BIAS_MAX as f32)
}

impl Gate {
    /// The gates of a design.
    pub(crate) fn all(design: &Design) -> [Gate; GATES] {
        let precisions = design.precisions;
        std::array::from_fn(|gate| {
            let step = design.weight_step(gate);
            let gain = if precisions.adc == Precision::Float { 1.0 } else { design.converters[gate].gain() };
            let worth = step / precisions.dac.scale() / gain;
            let code = (worth * COLUMN_ONE).round_ties_even().clamp(1.0, f32::from(u16::MAX));
            Gate { step, gain, worth: if precisions.is_device() { code } else { worth } }
        })
    }
}

/// Converts the sums of a tile's columns and adds their codes to `codes`. In place of the sums remains 1 where a gradient
/// passes, 0 where the converter clipped. Without a converter the sums are added as they are. Gates that do not read the tile are
/// not converted.
#[inline(always)]
pub(crate) fn convert(
    gates: &[Gate; GATES],
    precision: Precision,
    reads: &[bool; GATES],
    sums: &mut [f32],
    codes: &mut [f32],
    noise: Option<&mut (&mut Source, f32)>,
) {
    if precision == Precision::Float {
        for (sum, code) in sums.iter().zip(codes) {
            *code += sum;
        }
        return;
    }
    let hidden = sums.len() / GATES;
    for (sums, gate) in sums.chunks_exact_mut(hidden).zip(gates) {
        for sum in sums {
            *sum *= gate.gain;
        }
    }
    if let Some((source, deviation)) = noise {
        source.add(sums, *deviation);
    }
    for ((sums, codes), _) in
        sums.chunks_exact_mut(hidden).zip(codes.chunks_exact_mut(hidden)).zip(reads).filter(|(_, reads)| **reads)
    {
        match precision {
            Precision::Bits(0 | 1) => {
                for (sum, code) in sums.iter_mut().zip(codes) {
                    *code += sign(*sum);
                    *sum = if sum.abs() <= SIGN_RANGE { 1.0 } else { 0.0 };
                }
            }
            _ => {
                let most = precision.scale();
                for (sum, code) in sums.iter_mut().zip(codes) {
                    *code += sum.round_ties_even().clamp(-most, most);
                    *sum = if sum.abs() <= most + 0.5 { 1.0 } else { 0.0 };
                }
            }
        }
    }
}

/// z of a row, from the codes that its columns came to: z = A q + b.
#[inline(always)]
pub(crate) fn sum_to_z(gates: &[Gate; GATES], bias: &[f32], row: &mut [f32]) {
    let hidden = row.len() / GATES;
    for ((row, bias), gate) in row.chunks_exact_mut(hidden).zip(bias.chunks_exact(hidden)).zip(gates) {
        for (z, bias) in row.iter_mut().zip(bias) {
            *z = z.mul_add(gate.worth, *bias);
        }
    }
}

/// Sums of each gate's columns, before conversion: every so many of those shown.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) sums: [Vec<f32>; GATES],
    every: usize,
    passed: usize,
}

impl Observed {
    /// Keeps every `every`th sum.
    pub(crate) fn new(every: usize) -> Observed {
        Observed { sums: Default::default(), every: every.max(1), passed: 0 }
    }

    /// Looks at the sums of a tile, 4 H, of the gates that read it.
    pub(crate) fn see(&mut self, sums: &[f32], reads: &[bool; GATES], hidden: usize) {
        let gates = self.sums.iter_mut().zip(sums.chunks_exact(hidden)).zip(reads);
        for ((kept, sums), _) in gates.filter(|(_, reads)| **reads) {
            let first = (self.every - self.passed % self.every) % self.every;
            kept.extend(sums.iter().skip(first).step_by(self.every));
        }
        self.passed += hidden;
    }
}
