//! The self-test of a memory network: a network drawn from a seed that uses every lane, slot and hop, and stories for it.

use engram_babi::Vocabulary;
use engram_memnet::Tying;
use engram_memnet::network::Encoding;
use engram_memnet::quantise::Formats;
use engram_memnet::tensors::{Shape, Tensors};
use engram_memnet::{Design, IntegerModel, Mode, Model as Trained};
use engram_spec::frame::{Command, Refusal};
use engram_spec::memnet::{
    Addressing, Call, Datapath, Geometry, Identity, Memnet, Program, Reply, Story, Weights, geometry,
};
use engram_spec::{Answer, Format};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::SelfTest;
use super::network::{Layer, Tested};
use crate::backend::preset_for;
use crate::failure::Failure;
use crate::hardware::{Network, USUAL_DATAPATH};
use crate::model::Model;

/// The seed of the built-in network, and of the stories.
const SEED: u64 = 0x656e_6772_616d;
/// Words of the built-in network; the smallest preset has 24.
const WORDS: usize = 16;
/// Words of the longest sentence.
const POSITIONS: usize = 8;
/// Hops of the built-in network.
const HOPS: usize = 3;
/// The questions that follow a story.
const QUESTIONS: usize = 6;
/// Sentences beyond the memory, so that it forgets.
const BEYOND: usize = 3;

/// A line of a story.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    words: Vec<u8>,
    is_question: bool,
}

impl Line {
    fn call(&self) -> Call<'_> {
        if self.is_question { Call::Question(&self.words) } else { Call::Sentence(&self.words) }
    }
}

/// The tensors of a built-in network that do something, and its hops.
#[derive(Clone, Copy)]
struct Parts {
    /// C and T_C.
    reads: bool,
    hops: usize,
    tying: Tying,
}

/// The built-in network of a device.
fn built_in(geometry: &Geometry, datapath: Datapath, parts: Parts) -> Option<Program> {
    let shape = Shape {
        words: WORDS.min(geometry.words),
        elements: geometry.elements,
        slots: geometry.ring(parts.tying.memories(parts.hops)),
        hops: parts.hops,
        positions: POSITIONS.min(geometry.positions),
        tying: parts.tying,
        answers: None,
    };
    let signs = datapath.weights == Weights::Signs;
    let mode = match (datapath.addressing, datapath.weights) {
        (Addressing::Dot, Weights::Codes) => Mode::Fixed,
        (_, Weights::Codes) => Mode::Qmann,
        (Addressing::Dot, Weights::Signs) => Mode::BinaryConventional,
        (_, Weights::Signs) => Mode::Binary,
    };
    let fraction = |bits| Format::with_fraction(bits).unwrap_or(Format::holding(1.0));
    let usual = Formats::default();
    // A sign is worth the step of its format: 1 in an embedding, 1/8 in the controller.
    let (word, controller) = (fraction(0), fraction(3));
    let formats = if signs { Formats { a: word, b: word, c: word, h: controller, ..usual } } else { usual };
    let formats = formats.tied(parts.tying);
    let (encoding, kappa, addressing) = (Encoding::BagOfWords, -2, datapath.addressing);
    let design = Design { mode, addressing, graded: false, bits: 8, shape, encoding, kappa, scores: None, formats };
    let tensors = drawn(&design, parts);
    let words = (0..shape.words).map(|word| format!("word{word}")).collect();
    Trained::new(design, Vocabulary::from_words(words).ok()?, &tensors, None).program(*geometry).ok()
}

/// Tensors that are drawn from the seed, on the grids of their formats: large enough that every stored value uses its format, and
/// small enough that few are saturated.
fn drawn(design: &Design, parts: Parts) -> Tensors<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let elements = design.shape.elements as f32;
    let mut tensors = Tensors::zeroed(&design.shape);
    let Tensors { a, b, c, w, h, age_a, age_c, position } = &mut tensors;
    let spans = [(a, 1.5), (b, 1.5), (c, 2.0), (w, 3.0), (h, 2.0 / elements.sqrt()), (age_a, 1.0), (age_c, 1.0)];
    for (tensor, span) in spans {
        tensor.fill_with(|| random.random_range(-span..span));
    }
    position.fill_with(|| random.random_range(0.25..1.0));
    let mut grid = tensors.clone();
    design.round(&tensors, &mut grid);
    if !parts.reads {
        grid.c.fill(0.0);
        grid.age_c.fill(0.0);
    }
    grid
}

/// A story of so many sentences, with questions at its end, drawn from a seed.
fn story(program: &Program, random: &mut ChaCha8Rng, sentences: usize) -> Vec<Line> {
    let most = POSITIONS.min(program.geometry.positions);
    let mut line = |is_question| {
        let length = random.random_range(1..=most);
        Line { words: (0..length).map(|_| random.random_range(0..program.settings.words)).collect(), is_question }
    };
    let mut lines: Vec<Line> = (0..sentences).map(|_| line(false)).collect();
    lines.extend((0..QUESTIONS).map(|_| line(true)));
    lines
}

impl Tested for Memnet {
    type Sequence = Vec<Line>;

    fn simulated(test: &SelfTest) -> Result<(Geometry, Datapath), Failure> {
        let given = match &test.model {
            Some(Model::Memnet(model)) => Some((preset_for(model), model.design.datapath())),
            _ => None,
        };
        let (size, datapath) = given.unwrap_or((geometry::ECP5_25F, USUAL_DATAPATH));
        let addressing = test.wanted.addressing.unwrap_or(datapath.addressing);
        let weights = test.wanted.weights.unwrap_or(datapath.weights);
        Ok((test.wanted.preset.unwrap_or(size), Datapath { addressing, weights }))
    }

    fn beside(geometry: &Geometry, datapath: Datapath) -> IntegerModel {
        IntegerModel::new(*geometry, datapath)
    }

    const SIZES: [&'static str; 5] = ["lanes", "elements", "slots", "words", "positions"];

    fn built(Datapath { addressing, weights }: Datapath) -> String {
        format!("{addressing} addressing, weights are {weights}")
    }

    fn unwanted(identity: &Identity, test: &SelfTest) -> Option<(String, String)> {
        let wanted = &test.wanted;
        let Datapath { addressing, weights } = identity.build;
        let different = |found: &str, wanted: Option<&str>| {
            wanted.filter(|wanted| *wanted != found).map(|wanted| (found.to_string(), wanted.to_string()))
        };
        different(Network::Memnet.name(), wanted.network.map(Network::name))
            .or(different(identity.geometry.name, wanted.preset.map(|preset| preset.name)))
            .or(different(addressing.name(), wanted.addressing.map(Addressing::name)))
            .or(different(weights.name(), wanted.weights.map(Weights::name)))
    }

    fn layers(geometry: &Geometry, datapath: Datapath) -> Vec<Layer<Memnet>> {
        let slots = geometry.slots;
        let layers = [
            ("the question's words, the controller and the answer (B, position, H, W)", false, 1, vec![1; 4]),
            ("the reading of a sentence (C, T_C)", true, 1, vec![1; 6]),
            ("the similarities and the softmax (A, T_A)", true, 1, vec![2, 5, slots]),
            ("several hops", true, HOPS, vec![1, 3, slots]),
        ];
        let layer = |(name, reads, hops, lengths): (&'static str, bool, usize, Vec<usize>)| {
            let program = built_in(geometry, datapath, Parts { reads, hops, tying: Tying::LayerWise })?;
            let mut random = ChaCha8Rng::seed_from_u64(SEED);
            let sequences = lengths.into_iter().map(|length| story(&program, &mut random, length)).collect();
            Some(Layer { name, program, sequences })
        };
        layers.into_iter().filter_map(layer).collect()
    }

    /// A network of adjacent tying with as many hops as a device can do, in which the slot memories change places.
    fn other(geometry: &Geometry, datapath: Datapath) -> Option<Layer<Memnet>> {
        if datapath.weights == Weights::Signs {
            return None;
        }
        let parts = Parts { reads: true, hops: Tying::Adjacent.most_hops().into(), tying: Tying::Adjacent };
        let program = built_in(geometry, datapath, parts)?;
        let sequences = Memnet::sequences(&program);
        Some(Layer { name: "the memories that change places from hop to hop (adjacent tying)", program, sequences })
    }

    fn program_of(model: &Model, geometry: &Geometry) -> anyhow::Result<Program> {
        match model {
            Model::Memnet(model) => Ok(model.program(*geometry)?),
            Model::Crossbar(_) => {
                Err(Failure::Input("the model is a crossbar network, and the device a memory network".to_string())
                    .into())
            }
        }
    }

    fn sequences(program: &Program) -> Vec<Vec<Line>> {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let lengths = [1, 2, 3, 6, 10, usize::from(program.settings.slots) + BEYOND];
        lengths.into_iter().map(|sentences| story(program, &mut random, sentences)).collect()
    }

    fn calls(sequence: &Vec<Line>) -> Vec<Call<'_>> {
        sequence.iter().map(Line::call).collect()
    }

    fn due(program: &Program, _: Datapath, sequence: &Vec<Line>, expected: &[Reply]) -> Vec<Option<u32>> {
        let mut held = 0;
        let lines = sequence.iter().zip(expected);
        let due = lines.map(|(line, reply)| {
            if let Reply::Sentences(sentences) = reply {
                held = usize::from(*sentences);
            }
            line.is_question.then(|| program.answer_cycles(line.words.len(), held))
        });
        due.collect()
    }

    fn split(reply: Reply) -> (Reply, Option<u32>) {
        match reply {
            Reply::Answer(answer) => {
                let cycles = answer.cycles;
                (Reply::Answer(Answer { cycles: 0, ..answer }), Some(cycles))
            }
            Reply::Sentences(_) => (reply, None),
        }
    }

    fn words(reply: &Reply) -> String {
        match reply {
            Reply::Answer(answer) => format!("word {}, logit {}", answer.word, answer.logit),
            Reply::Sentences(sentences) => format!("{sentences} sentences"),
        }
    }

    fn refused(program: &Program) -> Vec<(&'static str, Call<'static>, Refusal)> {
        const MANY: [u8; 256] = [0; 256];
        const WORD: [u8; 1] = [255];
        let too_many = &MANY[..program.geometry.positions + 1];
        vec![
            ("a question about no story", Call::Question(&MANY[..1]), Refusal::NoStory),
            ("a sentence that is too long", Call::Sentence(too_many), Refusal::TooLong),
            ("a word that the network does not have", Call::Sentence(&WORD), Refusal::UnknownWord),
        ]
    }

    fn counted() -> (Command, Vec<u8>) {
        (Command::Sentence, vec![0])
    }

    fn counts(Story { sentences, forgotten }: Story) -> Vec<(&'static str, u64)> {
        vec![("sentences", sentences.into()), ("forgotten", forgotten.into())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::answers::play;
    use engram_spec::Device;
    use engram_spec::memnet::geometry::{Region, TINY, UP5K};

    /// The replies to all sequences.
    fn replies(program: &Program) -> Vec<Reply> {
        let mut device = IntegerModel::new(program.geometry, program.datapath);
        device.load(program).unwrap();
        Memnet::sequences(program)
            .iter()
            .flat_map(|sequence| play::<Memnet>(&mut device, sequence).unwrap().replies)
            .collect()
    }

    /// A fault in any lane of any memory changes an answer, in every build.
    #[test]
    fn every_lane_of_every_memory_counts() {
        for (geometry, datapath) in [TINY, UP5K].into_iter().flat_map(|g| Datapath::all().map(move |build| (g, build)))
        {
            let layer = Memnet::layers(&geometry, datapath).pop().unwrap();
            for program in [layer].into_iter().chain(Memnet::other(&geometry, datapath)).map(|layer| layer.program) {
                let expected = replies(&program);
                let words = |reply: &Reply| if let Reply::Answer(answer) = reply { Some(answer.word) } else { None };
                let words: std::collections::BTreeSet<u8> = expected.iter().filter_map(words).collect();
                assert!(words.len() >= 5, "{datapath} on {}: the answers are {words:?} only", geometry.name);
                let regions = Region::ALL.into_iter().filter(|&region| program.settings.rows(&geometry, region) > 0);
                for (region, element) in regions.flat_map(|r| (0..geometry.elements).map(move |e| (r, e))) {
                    let mut faulty = program.clone();
                    faulty
                        .tensor_mut(region)
                        .iter_mut()
                        .skip(element)
                        .step_by(geometry.elements)
                        .for_each(|code| *code = 0);
                    assert_ne!(
                        replies(&faulty),
                        expected,
                        "{datapath} on {}: {region:?}, lane {element}",
                        geometry.name
                    );
                }
            }
        }
    }
}
