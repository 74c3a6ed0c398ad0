//! The crossbar of LSTMs and GRUs: what its hardware and its software agree on.
//!
//! A layer of H cells whose gates are computed by an emulated crossbar of memory cells (Ma et al., ICRC 2019,
//! arXiv 2002.10636; US 11,074,318). A *row vector* v = \[x; h\] of DAC codes is put on the *rows*; each *gate* of each cell
//! is a *column* of weights; the rows are cut into *tiles*, and a *converter* (ADC) makes a code of every tile's column
//! sum. The rest is digital: the codes of a column's tiles are added, scaled, looked up in a table, and update the cell.
//!
//! One step, for the cells j = 0, 1, .. H - 1, of each the gates i, f, g, o ([`Gate::ALL`]):
//!
//! | | |
//! |---|---|
//! | tile sum | S = sum w v over the tile's rows, exact |
//! | converter | a = [`convert`]`(S)`, with the read [`Noise`] |
//! | column | z = q (sum of a over the tiles) + bias, units of 2^-12 |
//! | gate | [`gate::sigmoid`] or [`gate::tanh`] at [`gate::index`]`(z)` |
//! | cell | [`cell::update`], then [`cell::output`] gives the next step's DAC code of h and the readout's |
//!
//! All cells of a step see the h of the step before. `clear` begins a sequence: c and h are 0, code 0 for every width, and the
//! noise starts from its seed. The answer is the class with the largest logit, the lowest number among equals;
//! logit = bias + sum w h over the readout's codes, exact.
//!
//! Cells may also be gated recurrent units ([`gru`]). With [`memo`] a column whose signs hardly changed is not computed again.
//!
//! [`program`] is what is loaded into a device, [`device`] what it is asked, [`geometry`] how large it is.

pub mod cell;
pub mod converter;
pub mod device;
pub mod gate;
pub mod geometry;
pub mod gru;
pub mod memo;
pub mod program;

pub use cell::Cell;
pub use converter::{Noise, convert, dac, levels};
pub use device::{Call, Crossbar, Identity, Reply, Requests, Sequence, Status};
pub use gate::Gate;
pub use geometry::{Geometry, Region};
pub use program::{GateSettings, Program, ProgramError, Settings};
