//! A program that a bitstream has inside, so that a board answers from switch-on without a host that loads one.

use std::path::Path;

use engram_crossbar::Programming;
use engram_flow::Board;
use engram_flow::board::Family;
use engram_spec::{crossbar, memnet};

use crate::failure::Failure;
use crate::hardware::{Hardware, Network, crossbar_of};
use crate::model::Model;

/// The program of a bitstream.
#[derive(Clone, Debug)]
pub enum Inside {
    /// None: a host loads one.
    Nothing,
    /// A memory network's.
    Memnet(Box<memnet::Program>),
    /// A crossbar network's.
    Crossbar(Box<crossbar::Program>),
}

impl Inside {
    /// The program of a model's file for a board.
    pub fn of(model: &Path, board: &Board) -> anyhow::Result<Inside> {
        Ok(match Model::load(model)? {
            Model::Memnet(model) => Inside::Memnet(Box::new(model.program(board.sizes.memnet)?)),
            Model::Crossbar(model) => {
                let geometry = crossbar_of(&board.sizes)?;
                Inside::Crossbar(Box::new(model.program(geometry, &Programming::default())?))
            }
        })
    }

    /// Checks that a bitstream of the board can have a program. The weights of an UP5K lie in its four large memories, which a
    /// bitstream does not fill.
    pub fn fits(board: &Board) -> Result<(), Failure> {
        if board.part.family == Family::Ecp5 {
            return Ok(());
        }
        let text = format!(
            "the bitstream of the {} cannot have a model inside, because its weights lie in memories that a bitstream does not \
             fill: build it without --model, and let a host load the model",
            board.name
        );
        Err(Failure::Input(text))
    }

    /// A memory network's program, where it is one.
    pub fn memnet(&self) -> Option<&memnet::Program> {
        if let Inside::Memnet(program) = self { Some(program) } else { None }
    }

    /// A crossbar network's program, where it is one.
    pub fn crossbar(&self) -> Option<&crossbar::Program> {
        if let Inside::Crossbar(program) = self { Some(program) } else { None }
    }

    /// The program's hash in hexadecimal digits, as a device tells it; none without a program.
    pub fn hash(&self) -> Option<String> {
        let hash = match self {
            Inside::Nothing => return None,
            Inside::Memnet(program) => program.hash(),
            Inside::Crossbar(program) => program.hash(),
        };
        Some(format!("{hash:08x}"))
    }

    /// The device that the program needs, with the memoization of another.
    pub fn hardware(&self, other: Hardware) -> Hardware {
        match self {
            Inside::Nothing => other,
            Inside::Memnet(program) => Hardware { datapath: program.datapath, ..Hardware::of(Network::Memnet) },
            Inside::Crossbar(_) => Hardware { memo: other.memo, ..Hardware::of(Network::Crossbar) },
        }
    }
}
