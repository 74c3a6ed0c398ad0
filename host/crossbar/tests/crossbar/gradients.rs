//! The backward pass against finite differences, and what quantisers let through.

use engram_crossbar::{
    Batch, Converter, Design, Network, Precision, Precisions, Shape, State, Tensors, Tiling, Workspace,
};
use engram_spec::crossbar::Cell;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SHAPE: Shape = Shape { inputs: 4, hidden: 6, outputs: 3 };

const CELLS: [Cell; 2] = [Cell::Lstm, Cell::Gru];

fn float(cell: Cell) -> Design {
    Design { cell, ..Design::new(SHAPE, Precisions::FLOAT, Tiling::default()) }
}

fn random_tensors(seed: u64) -> Tensors {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut tensors = Tensors::zeroed(&SHAPE);
    tensors.each_mut().into_iter().flatten().for_each(|w| *w = random.random_range(-0.8..0.8));
    tensors
}

fn batches() -> [Batch; 3] {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let sequences: Vec<Vec<f32>> = [9, 5, 5, 2]
        .iter()
        .map(|steps| (0..steps * SHAPE.inputs).map(|_| random.random_range(-1.0..1.0)).collect())
        .collect();
    let sequences: Vec<(&[f32], u16)> = sequences.iter().map(Vec::as_slice).zip([2, 0, 1, 1]).collect();
    let streams = Batch::of_streams(&[&[0, 2, 1, 1, 0, 2], &[2, 2, 0, 1, 0, 1]]);
    let stories = streams.clone().cleared_at(1).asked_behind(0);
    [Batch::of_sequences(SHAPE.inputs, &sequences), streams, stories]
}

fn loss(network: &Network, batch: &Batch, work: &mut Workspace) -> f64 {
    network.forward(batch, &mut State::zeroed(&SHAPE, batch.active[0]), work);
    work.loss(batch, &SHAPE).mean()
}

fn gradient(network: &Network, batch: &Batch) -> Tensors {
    let (mut work, mut gradient) = (Workspace::default(), Tensors::zeroed(&SHAPE));
    loss(network, batch, &mut work);
    network.backward(batch, &mut work, &mut gradient);
    gradient
}

#[test]
fn gradients_are_finite_differences() {
    let tensors = random_tensors(1);
    let mut work = Workspace::default();
    for (cell, batch) in CELLS.into_iter().flat_map(|cell| batches().map(|batch| (cell, batch))) {
        let mut network = Network::new(&float(cell));
        network.load(&tensors);
        let found = gradient(&network, &batch);
        for tensor in 0..4 {
            for place in 0..found.each()[tensor].len() {
                let mut at = |offset: f32| {
                    let mut moved = tensors.clone();
                    moved.each_mut()[tensor][place] += offset;
                    network.load(&moved);
                    loss(&network, &batch, &mut work)
                };
                let difference = ((at(5e-3) - at(-5e-3)) / 1e-2) as f32;
                let found = found.each()[tensor][place];
                let name = Tensors::NAMES[tensor];
                assert!(
                    (found - difference).abs() < 1e-4,
                    "{cell:?} {name} {place}: gradient {found}, difference {difference}"
                );
            }
        }
    }
}

/// With many levels everywhere a quantised network is nearly the float one, and so are its gradients, whatever the tiles.
#[test]
fn fine_quantisers_hardly_change_a_gradient() {
    let tensors = random_tensors(1);
    let batch = &batches()[0];
    for (cell, rows) in CELLS.into_iter().flat_map(|cell| [(cell, 0), (cell, 4)]) {
        let mut network = Network::new(&float(cell));
        network.load(&tensors);
        let expected = gradient(&network, batch);
        let tiling = Tiling { rows, lanes: 4, cells: 1 };
        let mut design = Design { precisions: Precisions::alike(Precision::Bits(8)), tiling, ..float(cell) };
        // Sums up to 3 in units of 127^2.
        design.converters = [Converter::nearest(127.0 / (3.0 * 127.0 * 127.0)); 4];
        design.readout_range = 0.8;
        design.ranges = [0.8; 4];
        let mut network = Network::new(&design);
        network.load(&tensors);
        let found = gradient(&network, batch);
        for (tensor, name) in Tensors::NAMES.into_iter().enumerate() {
            let pairs = || found.each()[tensor].iter().zip(expected.each()[tensor]);
            let error: f32 = pairs().map(|(found, expected)| (found - expected).powi(2)).sum();
            let whole: f32 = pairs().map(|(_, expected)| expected.powi(2)).sum();
            assert!(error < 0.01 * whole, "{cell:?} {name}, {rows} rows a tile: {error} of {whole}");
        }
    }
}

/// A GRU's candidate has a part from x alone and one from h alone.
#[test]
fn weights_that_no_column_reads_have_no_effect_and_no_gradient() {
    let mut network = Network::new(&float(Cell::Gru));
    let mut tensors = random_tensors(1);
    let mut found = [1.0, 9.0].map(|weight| {
        for (place, block) in tensors.w.chunks_exact_mut(SHAPE.hidden).enumerate() {
            let (row, gate) = (place / 4, place % 4);
            if (gate == 2 && row >= SHAPE.inputs) || (gate == 3 && row < SHAPE.inputs) {
                block.fill(weight);
            }
        }
        network.load(&tensors);
        gradient(&network, &batches()[0])
    });
    assert_eq!(found[0], found[1]);
    let blank = found[0].w.chunks_exact_mut(SHAPE.hidden).filter(|block| block.iter().all(|&d| d == 0.0)).count();
    assert_eq!(blank, SHAPE.rows());
}

#[test]
fn no_gradient_passes_a_clipped_converter() {
    let mut design = Design::new(SHAPE, Precisions::alike(Precision::Bits(4)), Tiling::default());
    // Every sum but 0 is beyond the largest code.
    design.converters = [Converter { mantissa: 255, shift: 0 }; 4];
    let mut network = Network::new(&design);
    network.load(&random_tensors(1));
    let found = gradient(&network, &batches()[1]);
    assert!(found.bias.iter().any(|&d| d != 0.0) && found.out.iter().any(|&d| d != 0.0));
    let passed = found.w.iter().filter(|&&d| d != 0.0).count();
    assert!(passed < found.w.len() / 4, "{passed} of {} weights", found.w.len());
}
