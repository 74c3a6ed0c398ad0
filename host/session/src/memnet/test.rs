//! The test of a trained model.

use engram_babi::Story;
use engram_memnet::evaluate::evaluate_network;
use engram_memnet::{Evaluation, IntegerModel, Model, evaluate};
use engram_spec::Device;

use crate::backend::preset_for;

/// The test questions in the model's own arithmetic: on the integer model where the network fits a device.
pub fn test(model: &Model, stories: &[Story]) -> anyhow::Result<Evaluation> {
    let geometry = preset_for(model);
    let Ok(program) = model.program(geometry) else {
        return Ok(evaluate_network(model, stories, None, &mut |_| {})?);
    };
    let mut device = IntegerModel::new(geometry, model.design.datapath());
    device.load(&program)?;
    Ok(evaluate(&mut device, &model.vocabulary, stories, None, &mut |_| {})?)
}
