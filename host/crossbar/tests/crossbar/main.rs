//! The recurrent networks: definition, gradients, training, quantisation, memoization, files. One binary, so that tests share the cores.

mod choosing;
mod definition;
mod earlier;
mod exact;
mod examples;
mod export;
mod files;
mod golden;
mod gradients;
mod gru;
mod import;
mod learning;
mod memoization;
mod profile;
mod recipes;
mod refine;
