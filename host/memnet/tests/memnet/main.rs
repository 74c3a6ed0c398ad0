//! The memory network: definition, training, quantisation, import, files. One binary, so that tests share the cores.

mod adjacent;
mod choosing;
mod definition;
mod earlier;
mod exact;
mod examples;
mod files;
mod golden;
mod import;
mod learning;
mod values;
