//! The link's speed, through a modelled USB chip and in modelled time: questions and steps a second, seconds to load.

use std::fmt;

use engram_babi::{DataSet, Story, Vocabulary};
use engram_crossbar::IntegerModel as CrossbarModel;
use engram_flow::Board;
use engram_link::usb::{Settings as UsbSettings, Usb};
use engram_link::{Driver, Endpoint, LinkError, Modelled, Options, Spends};
use engram_memnet::evaluate::evaluate;
use engram_memnet::{IntegerModel, TrainError};
use engram_spec::DeviceError;
use engram_spec::crossbar::program::{BITS_MAX, GateSettings, SYMBOL_CYCLES};
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::machine::{Device, Identity, Machine, Order, Status};
use engram_spec::memnet::{self, Memnet};
use serde::Serialize;

use crate::hardware::{USUAL_DATAPATH, crossbar_of};

/// A network whose cycles are known.
trait Timed: Machine {
    /// The cycles of the engine for a call that was carried out.
    fn cycles(program: &Self::Program, call: &Self::Call<'_>, sentences: usize) -> u32;
    /// The sentences in the memory.
    fn sentences(progress: Self::Progress) -> usize;
}

impl Timed for Memnet {
    fn cycles(program: &memnet::Program, call: &memnet::Call<'_>, sentences: usize) -> u32 {
        match call {
            memnet::Call::Sentence(words) => program.sentence_cycles(words.len()),
            memnet::Call::Question(words) => program.answer_cycles(words.len(), sentences),
        }
    }

    fn sentences(progress: memnet::Story) -> usize {
        progress.sentences.into()
    }
}

impl Timed for Crossbar {
    fn cycles(program: &crossbar::Program, call: &crossbar::Call<'_>, _: usize) -> u32 {
        match call {
            crossbar::Call::Step(_) => program.step_cycles(),
            crossbar::Call::Symbol(_) => program.step_cycles() + SYMBOL_CYCLES,
            crossbar::Call::Answer => program.answer_cycles(),
            crossbar::Call::Memoize(_) | crossbar::Call::Tally(_) => 0,
        }
    }

    fn sentences(_: crossbar::Sequence) -> usize {
        0
    }
}

/// An integer model that counts the cycles of the hardware.
struct Counting<M: Machine, D> {
    model: D,
    program: Option<M::Program>,
    spent: u64,
}

impl<M: Timed, D: Device<M>> Device<M> for Counting<M, D> {
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.model.identify()
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.program = Some(program.clone());
        self.model.load_with(program, progress)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.model.clear()
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        if let Some(program) = &self.program {
            let sentences = M::sentences(self.model.status()?.progress);
            self.spent += u64::from(M::cycles(program, &call, sentences));
        }
        self.model.call(call)
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        self.model.status()
    }
}

impl<M: Machine, D> Spends for Counting<M, D> {
    fn spent(&mut self) -> u64 {
        std::mem::take(&mut self.spent)
    }
}

/// A driver of a modelled board.
type Modelling<M, D> = Driver<M, Modelled<M, Counting<M, D>>>;

/// A chip, a board and a host that are measured.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The chip.
    pub usb: UsbSettings,
    /// The board.
    pub board: Board,
    /// Requests under way at a time; 0 for one after the other, each of one item.
    pub window: usize,
}

/// The speed of a setting.
#[derive(Clone, Debug, Serialize)]
pub struct Speed {
    /// The chip's name.
    pub usb: &'static str,
    /// The latency timer, milliseconds.
    pub latency_ms: u64,
    /// The event character, where there is one.
    pub event: Option<u8>,
    /// Bits a second that were asked for.
    pub baud: u32,
    /// The chance that a byte is lost.
    pub loss: f64,
    /// Requests under way at a time; 0 for one after the other, each of one item.
    pub window: usize,
    /// Questions with their stories.
    pub questions: usize,
    /// Questions a second, with their stories, the mean over all questions.
    pub questions_per_second: f64,
    /// Steps a second of an LSTM of 12 inputs and 48 cells.
    pub steps_per_second: f64,
    /// Seconds to load a network of the size of the first task.
    pub load_seconds: f64,
    /// Seconds to load a network of all tasks.
    pub load_all_seconds: f64,
    /// Seconds to load the largest LSTM.
    pub load_lstm_seconds: f64,
    /// The share of the time of the questions in which the engine computes, 0 to 1.
    pub core_share: f64,
    /// Requests that were repeated.
    pub repeats: u64,
}

impl Setting {
    fn driver<M: Timed, D: Device<M>>(&self, model: D) -> Result<Modelling<M, D>, LinkError> {
        let device = Counting { model, program: None, spent: 0 };
        let endpoint = Endpoint::new(device).map_err(|error| LinkError::Program(error.into()))?;
        let byte = self.usb.byte();
        let transport = Modelled::new(Usb::new(self.usb), endpoint, self.board.clock_mhz * 1e6, byte);
        Driver::connect(transport, Options { window: self.window.max(1), ..Options::default() })
    }

    /// Measures the link. `stories` are those of each task with the vocabulary of its text.
    pub fn measure(&self, tasks: &[Task]) -> anyhow::Result<Speed> {
        let (mut questions, mut seconds, mut engine, mut repeats) = (0, 0.0, 0.0, 0);
        let mut load_seconds = 0.0;
        let geometry = self.board.sizes.memnet;
        for task in tasks {
            let mut driver = self.driver::<Memnet, _>(IntegerModel::new(geometry, USUAL_DATAPATH))?;
            let program = memnet_program(geometry, task.vocabulary.len(), task.answers);
            let loading = self.load(&mut driver, &program)?;
            if task.number == 1 {
                load_seconds = loading;
            }
            let before = (driver.transport_mut().now(), driver.transport_mut().engine());
            let mut quietly = |_: usize| ();
            let evaluation = match self.window {
                0 => evaluate(&mut OneByOne(&mut driver), &task.vocabulary, &task.stories, None, &mut quietly)?,
                _ => evaluate(&mut driver, &task.vocabulary, &task.stories, None, &mut quietly)?,
            };
            questions += evaluation.questions();
            seconds += (driver.transport_mut().now() - before.0).as_secs_f64();
            engine += (driver.transport_mut().engine() - before.1).as_secs_f64();
            repeats += driver.counters().repeats;
        }
        let words =
            tasks.iter().map(|task| task.vocabulary.len()).max().unwrap_or(1).max(ALL_WORDS).min(geometry.words);
        let mut driver = self.driver::<Memnet, _>(IntegerModel::new(geometry, USUAL_DATAPATH))?;
        let load_all_seconds = self.load(&mut driver, &memnet_program(geometry, words, ALL_ANSWERS))?;
        let (steps_per_second, load_lstm_seconds) = self.crossbar(&mut repeats)?;
        let UsbSettings { chip, latency, event, baud, loss, .. } = self.usb;
        Ok(Speed {
            usb: chip.name,
            latency_ms: latency.as_millis() as u64,
            event,
            baud,
            loss,
            window: self.window,
            questions,
            questions_per_second: questions as f64 / seconds.max(1e-9),
            steps_per_second,
            load_seconds,
            load_all_seconds,
            load_lstm_seconds,
            core_share: engine / seconds.max(1e-9),
            repeats,
        })
    }

    /// Loads a program; gives the seconds.
    fn load<M: Timed, D: Device<M>>(
        &self,
        driver: &mut Modelling<M, D>,
        program: &M::Program,
    ) -> Result<f64, LinkError> {
        let before = driver.transport_mut().now();
        driver.load_with(program, &mut |_, _| ())?;
        Ok((driver.transport_mut().now() - before).as_secs_f64())
    }

    /// Steps a second, and seconds to load the largest network.
    fn crossbar(&self, repeats: &mut u64) -> anyhow::Result<(f64, f64)> {
        let geometry = crossbar_of(&self.board.sizes)?;
        let mut driver = self.driver::<Crossbar, _>(CrossbarModel::new(geometry))?;
        let largest = crossbar_program(geometry, geometry.hidden, geometry.inputs, geometry.classes);
        let load = self.load(&mut driver, &largest)?;
        let (cells, inputs) = (CELLS.min(geometry.hidden), INPUTS.min(geometry.inputs));
        self.load(&mut driver, &crossbar_program(geometry, cells, inputs, 9))?;
        let codes = vec![3; inputs];
        let step = Order::<Crossbar>::Tell(crossbar::Call::Step(codes.as_slice().into()));
        let mut orders = Vec::new();
        for _ in 0..SEQUENCES {
            orders.push(Order::Clear);
            orders.extend(std::iter::repeat_n(step.clone(), STEPS));
            orders.push(Order::Call(crossbar::Call::Answer));
        }
        let before = driver.transport_mut().now();
        match self.window {
            0 => orders.iter().try_for_each(|order| driver.order(order).map(drop))?,
            _ => driver.run(&orders).map(drop)?,
        }
        let seconds = (driver.transport_mut().now() - before).as_secs_f64();
        *repeats += driver.counters().repeats;
        Ok(((SEQUENCES * STEPS) as f64 / seconds, load))
    }
}

/// The words of a network of all tasks, and those that are answers.
const ALL_WORDS: usize = 176;
const ALL_ANSWERS: usize = 58;
/// The LSTM of JapaneseVowels: its inputs and cells, and sequences of its mean length.
const INPUTS: usize = 12;
const CELLS: usize = 48;
const STEPS: usize = 16;
const SEQUENCES: usize = 60;

/// The questions of a task.
pub struct Task {
    number: u8,
    vocabulary: Vocabulary,
    answers: usize,
    stories: Vec<Story>,
}

impl Task {
    /// The first questions of a task's test.
    pub fn of(data: &DataSet, questions: usize) -> Result<Task, TrainError> {
        let (vocabulary, answers) = Vocabulary::of(std::slice::from_ref(data))?;
        let (mut stories, mut left) = (Vec::new(), questions);
        for story in &data.test {
            if story.questions() > left {
                break;
            }
            left -= story.questions();
            stories.push(story.clone());
        }
        Ok(Task { number: data.task, vocabulary, answers, stories })
    }
}

/// A memory network of zeros with so many words and answers.
fn memnet_program(geometry: memnet::Geometry, words: usize, answers: usize) -> memnet::Program {
    let settings = memnet::Settings {
        hops: 3,
        words: words as u8,
        answers: answers as u8,
        memory_a: 6,
        memory_c: 6,
        question: 6,
        score: 3,
        centre: 0,
        padding: 0,
        align: 5,
        controller: 5,
        graded: 0,
        adjacent: 0,
        slots: geometry.slots as u8,
    };
    memnet::Program::zeroed(geometry, USUAL_DATAPATH, settings)
}

/// A crossbar network of zeros.
fn crossbar_program(geometry: crossbar::Geometry, hidden: usize, inputs: usize, classes: usize) -> crossbar::Program {
    let gate = GateSettings { mantissa: 1, shift: 0, noise: 0, scale: 1 };
    let settings = crossbar::Settings {
        cell: crossbar::Cell::Lstm,
        hidden: hidden as u16,
        inputs: inputs as u8,
        classes: classes as u8,
        tile: 0,
        dac_bits: BITS_MAX,
        adc_bits: BITS_MAX,
        gates: [gate; 4],
        seed: 0,
    };
    crossbar::Program::zeroed(geometry, settings)
}

/// A device that is waited for after every order.
struct OneByOne<'a, D>(&'a mut D);

impl<M: Machine, D: Device<M>> Device<M> for OneByOne<'_, D> {
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.0.identify()
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.0.load_with(program, progress)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.0.clear()
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        self.0.call(call)
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        self.0.status()
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Speed { usb, latency_ms, baud, window, questions_per_second, steps_per_second, core_share, .. } = self;
        let event = self.event.map_or_else(String::new, |event| format!(", event {event}"));
        let loss = if self.loss > 0.0 { format!(", loss {}", self.loss) } else { String::new() };
        let window = if *window == 0 { "one by one".to_string() } else { format!("window {window}") };
        let setting = format!("{usb}, {latency_ms} ms, {baud} baud, {window}{event}{loss}");
        let [load, all, lstm] = [self.load_seconds, self.load_all_seconds, self.load_lstm_seconds];
        write!(
            f,
            "{setting:<52} {questions_per_second:>9.1} {steps_per_second:>9.1} {load:>7.3} {all:>7.3} {lstm:>7.3} {:>7.3} %",
            100.0 * core_share
        )
    }
}
