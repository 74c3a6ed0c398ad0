//! The insides of the trained models: how similar the memory is to the controller's state, and what a hop attends to.
//! Both come from the integer model, so they are the bits of every backend.

use std::collections::BTreeMap;

use engram_babi::{Line, Story};
use engram_memnet::evaluate::attention;
use engram_memnet::{IntegerModel, Model};
use engram_spec::Device;
use engram_spec::format::{CODE_MAX, graded_add};
use engram_spec::memnet::table::centre_score;
use engram_spec::memnet::{Addressing, Program, Requests};
use engram_spec::{Quantity, Trace};
use serde::{Deserialize, Serialize};

use super::aggregate::chosen;
use super::finished::Finished;
use super::models::Models;
use super::texts::Text;
use super::variant::{Size, Variant};
use crate::ledger;
use engram_memnet::train::VERSION;
use engram_session::backend::preset_for;

/// Bins of a histogram for a unit of similarity.
const BINS: f64 = 4.0;
/// Scores lie in ±this around their centre; what is beyond saturates.
pub const RANGE: f64 = 4.0;
/// A story of a few sentences is shown, where the task has one that is answered rightly.
const SENTENCES: std::ops::RangeInclusive<usize> = 3..=10;

/// The similarities of every slot and hop, over the test questions of a task, before they are stored as scores: in units
/// of the score, whose exponential is the slot's weight, and from the centre of its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Similarities {
    pub size: Size,
    pub variant: String,
    pub task: u8,
    pub addressing: String,
    /// Similarities counted.
    pub count: u64,
    /// The lower edge of the first bin, and the width of all.
    pub low: f64,
    pub width: f64,
    /// Similarities in each bin.
    pub bins: Vec<u64>,
    /// The most that is possible with so many elements in these formats.
    pub bound: f64,
    pub least: f64,
    pub greatest: f64,
    /// The share above the range of a score, in percent.
    pub above_percent: f64,
}

/// The attention of the hops in one story of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    pub size: Size,
    pub variant: String,
    pub task: u8,
    pub question: String,
    pub answer: String,
    pub right: String,
    /// The sentences in the memory, oldest first.
    pub sentences: Vec<String>,
    /// The memory's weights, hop by hop, in the order of `sentences`.
    pub hops: Vec<Vec<f32>>,
}

impl ledger::Line for Similarities {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        format!("memnet/qa{}/{}", self.task, self.addressing)
    }

    fn replaces(&self, _: &Similarities) -> bool {
        false
    }
}

impl ledger::Line for Attention {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        format!("memnet/qa{}", self.task)
    }

    fn replaces(&self, _: &Attention) -> bool {
        false
    }
}

/// A model of a run, as it is loaded into a device.
pub struct Loaded<'a> {
    run: &'a Finished,
    model: Model,
    program: Program,
}

impl<'a> Loaded<'a> {
    /// The first variant's that addresses in this way (or in any) and whose arithmetic is a device's: of the seed that
    /// validation chooses.
    pub fn first(
        rows: &'a [(&Variant, Vec<Finished>)],
        task: u8,
        addressing: Option<Addressing>,
        models: &Models,
    ) -> Option<Loaded<'a>> {
        let mut preferred: Vec<&(&Variant, Vec<Finished>)> = rows.iter().collect();
        preferred.sort_by_key(|(variant, _)| variant.name != "qmann");
        preferred
            .into_iter()
            .filter(|(variant, _)| addressing.is_none_or(|one| variant.recipes.recipe.addressing() == one))
            .find_map(|(_, runs)| {
                let run = chosen(runs.iter().filter(|run| run.task == task))?;
                let model = Model::load(&models.of(run)).ok()?;
                let program = model.program(preset_for(&model)).ok()?;
                Some(Loaded { run, model, program })
            })
    }

    /// Gives the stories to the integer model, and gives every question's values.
    fn each(&self, stories: &[Story], mut see: impl FnMut(&Asked)) -> anyhow::Result<()> {
        let mut device = IntegerModel::new(self.program.geometry, self.program.datapath);
        device.load(&self.program)?;
        device.record(true);
        for story in stories {
            device.clear()?;
            let (mut sentences, mut memory) = (Vec::new(), Vec::new());
            let memories = self.program.settings.memories() as u8;
            for line in &story.lines {
                let words = self.model.vocabulary.encode(line.words())?;
                match line {
                    Line::Sentence(text) => {
                        device.sentence(&words)?;
                        sentences.push(text.join(" "));
                        let trace = device.trace().unwrap_or_default();
                        let number = memory.len();
                        let stored = (0..memories).filter_map(|memory| trace.get(Quantity::Memory(memory), number));
                        memory.push(stored.map(codes).collect::<Vec<_>>());
                    }
                    Line::Question { words: text, answer: right, .. } => {
                        let answer = device.question(&words)?.word;
                        let answer = self.model.vocabulary.word(answer).unwrap_or("?");
                        let trace = device.trace().unwrap_or_default();
                        let kept = sentences.len().min(self.program.settings.slots.into());
                        let (sentences, memory) =
                            (&sentences[sentences.len() - kept..], &memory[memory.len() - kept..]);
                        see(&Asked { sentences, memory, question: text.join(" "), answer, right, trace });
                    }
                }
            }
        }
        Ok(())
    }

    /// The similarities of a task's test questions.
    pub fn similarities(&self, text: &Text) -> anyhow::Result<Similarities> {
        let Program { datapath, geometry, settings, .. } = self.program;
        let addressing = datapath.addressing;
        let unit = f64::from(settings.score + 7).exp2().recip();
        let centre = f64::from(centre_score(settings.centre));
        let mut bins: BTreeMap<i64, u64> = BTreeMap::new();
        let (mut count, mut above, mut least, mut greatest) = (0, 0, f64::INFINITY, f64::NEG_INFINITY);
        self.each(&text.data.test, |asked| {
            for sum in asked.sums(&self.program) {
                let similarity = f64::from(sum) * unit - centre;
                *bins.entry((similarity * BINS).floor() as i64).or_default() += 1;
                count += 1;
                above += u64::from(similarity > RANGE);
                (least, greatest) = (least.min(similarity), greatest.max(similarity));
            }
        })?;
        let (first, last) = (bins.keys().next().copied().unwrap_or(0), bins.keys().last().copied().unwrap_or(0));
        let elements = self.model.design.shape.elements.min(geometry.elements);
        Ok(Similarities {
            size: self.run.size,
            variant: self.run.variant.clone(),
            task: self.run.task,
            addressing: addressing.name().to_string(),
            count,
            low: first as f64 / BINS,
            width: 1.0 / BINS,
            bins: (first..=last).map(|bin| bins.get(&bin).copied().unwrap_or(0)).collect(),
            bound: elements as f64 * f64::from(addressing.bound()) * unit - centre,
            least: if count > 0 { least } else { 0.0 },
            greatest: if count > 0 { greatest } else { 0.0 },
            above_percent: 100.0 * above as f64 / count.max(1) as f64,
        })
    }

    /// A test question of a task that is easily read: the first that is answered rightly about a few sentences, else the
    /// rightly answered one about the fewest.
    pub fn attention(&self, text: &Text) -> anyhow::Result<Option<Attention>> {
        let mut best: Option<((bool, bool, usize), Attention)> = None;
        self.each(&text.data.test, |asked| {
            let sentences = asked.sentences.len();
            let few = SENTENCES.contains(&sentences);
            let rank = (asked.answer != asked.right, !few, if few { 0 } else { sentences });
            if best.as_ref().is_some_and(|(best, _)| *best <= rank) {
                return;
            }
            let mut hops = attention(&asked.trace);
            hops.iter_mut().for_each(|hop| hop.reverse());
            let shown = Attention {
                size: self.run.size,
                variant: self.run.variant.clone(),
                task: self.run.task,
                question: asked.question.clone(),
                answer: asked.answer.to_string(),
                right: asked.right.to_string(),
                sentences: asked.sentences.to_vec(),
                hops,
            };
            best = Some((rank, shown));
        })?;
        Ok(best.map(|(_, attention)| attention))
    }
}

/// A question as it was asked.
struct Asked<'a> {
    /// The sentences in the memory, oldest first, and their rows m.
    sentences: &'a [String],
    memory: &'a [Vec<Vec<i8>>],
    question: String,
    answer: &'a str,
    right: &'a str,
    trace: Trace,
}

impl Asked<'_> {
    /// The exact similarity sums of every hop and slot.
    fn sums(&self, program: &Program) -> Vec<i32> {
        let (elements, addressing) = (program.geometry.elements, program.datapath.addressing);
        let mut sums = Vec::new();
        for hop in 0..program.settings.hops {
            let grade = program.settings.grade(hop);
            let Some(u) = self.trace.get(Quantity::Controller, hop.into()).map(codes) else { continue };
            let addressed = program.settings.tying().addressed(hop.into());
            let ages = program.ages[addressed].chunks_exact(elements);
            let padding = CODE_MAX * i32::from(program.settings.padding);
            for (memories, age) in self.memory.iter().rev().zip(ages) {
                let triples = u.iter().zip(&memories[addressed]).zip(age);
                let alike = triples.map(|((&u, &m), &age)| addressing.element(u, graded_add(m, age, grade)));
                sums.push(alike.sum::<i32>() - padding);
            }
        }
        sums
    }
}

fn codes(values: &[i32]) -> Vec<i8> {
    values.iter().map(|&value| value as i8).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finished::tests::{run, variant};
    use super::super::texts::Texts;
    use super::*;
    use engram_memnet::train;
    use engram_spec::memnet::Settings;
    use engram_spec::memnet::table::score;

    /// The sums that are counted are those whose scores the integer model computes with.
    #[test]
    fn sums_are_those_of_the_integer_model() {
        let text = Texts::default().read(Size::K1, 1).unwrap();
        for addressing in Addressing::ALL {
            let variant = variant(&format!("addressing = \"{addressing}\"\nepochs = 2\nrestarts = 1"));
            let model = train(std::slice::from_ref(&text.data), &variant.recipes.recipe, 1, None, &|_| ()).unwrap();
            let program = model.program(preset_for(&model)).unwrap();
            let run = run(1, 1, 0.0);
            let loaded = Loaded { run: &run, model, program };
            let mut compared = 0;
            loaded
                .each(&text.data.test[..5], |asked| {
                    let Settings { score: shift, centre, .. } = loaded.program.settings;
                    let sums = asked.sums(&loaded.program);
                    let code = |&sum: &i32| i32::from(score(sum.into(), shift.into(), centre));
                    let scores: Vec<i32> = sums.iter().map(code).collect();
                    let hops = usize::from(loaded.program.settings.hops);
                    let expected = (0..hops).flat_map(|hop| asked.trace.get(Quantity::Score, hop).unwrap().to_vec());
                    assert_eq!(scores, expected.collect::<Vec<_>>());
                    compared += scores.len();
                })
                .unwrap();
            assert!(compared > 100);
            let found = loaded.similarities(&text).unwrap();
            assert_eq!(found.bins.iter().sum::<u64>(), found.count);
            let centre = f64::from(centre_score(loaded.program.settings.centre));
            assert!(found.greatest <= found.bound && found.least >= -found.bound - 2.0 * centre, "{found:?}");
            let story = loaded.attention(&text).unwrap().unwrap();
            assert_eq!(story.hops.len(), 3);
            for hop in &story.hops {
                assert_eq!(hop.len(), story.sentences.len());
                assert!((hop.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }
}
