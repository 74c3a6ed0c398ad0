//! The names of a cell's columns, and the number of tiles that each is cut into.

use engram_spec::crossbar::{Cell, Gate, Program, gru};

/// The names of a cell's columns in formulas, in their order.
pub fn names(cell: Cell) -> [&'static str; 4] {
    match cell {
        Cell::Lstm => Gate::ALL.map(Gate::name),
        Cell::Gru => gru::COLUMNS,
    }
}

/// The columns of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The names of a cell's columns.
    pub names: [&'static str; 4],
    /// The tiles that each column is cut into.
    pub tiles: usize,
}

impl Columns {
    /// The columns of a program.
    pub fn of(program: &Program) -> Columns {
        let tiles = program.rows_of_column().div_ceil(program.tile_rows().max(1)).max(1);
        Columns { names: names(program.settings.cell), tiles }
    }

    /// The place of a column, counted over the cells: `cell 3, gate f`.
    pub fn place(&self, column: usize) -> String {
        let count = self.names.len();
        format!("cell {}, gate {}", column / count, self.names[column % count])
    }
}
