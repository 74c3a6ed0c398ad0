//! The model of the USB chips: when bytes come out, and what a driver sees through it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use engram_link::usb::{FT231X, FT2232H, Out, Settings, Usb};
use engram_link::{Driver, Endpoint, Modelled, Options, Pty, Serial, Spends};
use engram_spec::machine::{Device, Order};
use engram_spec::memnet::{Call, Memnet, Requests};
use proptest::prelude::*;

use crate::bench::{Notebook, program};

/// Longer than anything takes.
const LONG: Duration = Duration::from_secs(100);

fn usb(text: &str) -> Usb {
    Usb::new(text.parse::<Settings>().unwrap())
}

fn us(microseconds: u64) -> Duration {
    Duration::from_micros(microseconds)
}

/// All that comes out, with its time.
fn all(usb: &mut Usb) -> Vec<(Duration, Out)> {
    let end = usb.now() + LONG;
    std::iter::from_fn(|| usb.step(end).map(|out| (usb.now(), out))).collect()
}

#[test]
fn settings_are_read_and_refused() {
    let settings: Settings = "ft2232h,latency=1,event=0,baud=3000000,loss=0.25,seed=9".parse().unwrap();
    assert_eq!((settings.chip, settings.latency, settings.event), (FT2232H, us(1000), Some(0)));
    assert_eq!((settings.baud, settings.loss, settings.seed), (3_000_000, 0.25, 9));
    assert_eq!(settings.to_string(), "ft2232h, latency 1 ms, 3000000 baud, event character 0, loss 0.25");
    assert_eq!("ft231x".parse::<Settings>().unwrap(), Settings::of(FT231X, 3_000_000));
    for wrong in ["", "cp2102", "ft231x,latency=0", "ft231x,latency=256", "ft231x,event", "ft231x,loss=1", "ft231x,x=1"]
    {
        assert!(wrong.parse::<Settings>().is_err(), "{wrong}");
    }
    let error = "ft231x,baud=4000000".parse::<Settings>().unwrap_err().to_string();
    assert!(error.contains("'baud=4000000'") && error.contains("latency=1 to 255"), "{error}");
    // 3 MHz by 3 is 1 Mbaud; by 3 and 1/8 it is the nearest to 0.95.
    assert_eq!((FT231X.actual_baud(1_000_000), FT231X.actual_baud(950_000)), (1e6, 24e6 / 25.0));
    assert_eq!(FT2232H.actual_baud(8_000_000), 8e6);
}

/// A request waits for a frame, and passes at the line's rate.
#[test]
fn bytes_to_the_board_wait_for_a_frame_and_pass_one_by_one() {
    let mut usb = usb("ft231x,baud=1000000");
    assert_eq!(usb.step(us(300)), None);
    usb.write(&[1, 2, 3]);
    let expected = [(1010, 1), (1020, 2), (1030, 3)].map(|(at, byte)| (us(at), Out::Board(byte)));
    assert_eq!(all(&mut usb), expected);
}

/// A reply waits for the timer, a full packet or the event character, and then for a frame.
#[test]
fn bytes_to_the_host_are_held_back() {
    let reply = |settings: &str, bytes: usize| {
        let mut usb = usb(settings);
        assert_eq!(usb.step(us(2300)), None);
        (0..bytes).for_each(|place| usb.arrive((place + 1 == bytes).into()));
        let out = all(&mut usb);
        assert_eq!(out.len(), bytes);
        (out[0].0, out[bytes - 1].0)
    };
    assert_eq!(reply("ft231x", 15), (us(16_000), us(16_000)));
    assert_eq!(reply("ft231x,latency=1", 15), (us(3000), us(3000)));
    assert_eq!(reply("ft231x,event=1", 15), (us(3000), us(3000)));
    // The first packet is full, and starts the timer anew for the rest.
    assert_eq!(reply("ft231x", 63), (us(3000), us(19_000)));
    assert_eq!(reply("ft231x", 62), (us(3000), us(3000)));
    assert_eq!(reply("ft2232h", 62), (us(16_000), us(16_000)));
    assert_eq!(reply("ft2232h,event=1", 62), (us(2375), us(2375)));
}

/// The timer runs while nothing waits: a byte waits for what is left of it.
#[test]
fn the_timer_runs_on_without_bytes() {
    let mut usb = usb("ft231x,baud=1000000");
    assert_eq!(usb.step(us(40_500)), None);
    usb.arrive(7);
    assert_eq!(all(&mut usb), [(us(48_000), Out::Host(7))]);
}

#[test]
fn buffers_are_finite() {
    let mut usb = usb("ft231x,baud=1000000");
    usb.write(&[5; 2000]);
    let out = all(&mut usb);
    // The line is the slowest, and never waits once it has begun.
    assert_eq!((out.len(), out[1999].0), (2000, us(2000 * 10)));
    (0..600).for_each(|_| usb.arrive(1));
    assert_eq!((all(&mut usb).len(), usb.overrun()), (512, 88));
}

proptest! {
    /// In whatever steps the time goes on, the same bytes come out at the same times, in their order, each once.
    #[test]
    fn time_may_go_on_in_any_steps(
        writes in prop::collection::vec((0u64..5000, 1usize..300), 1..12),
        arrivals in prop::collection::vec((0u64..5000, 1usize..60), 1..12),
        steps in prop::collection::vec(1u64..3000, 1..200),
        chip in 0usize..2,
        latency in 1u64..17,
        event in any::<bool>(),
    ) {
        let settings = Settings {
            latency: us(1000 * latency),
            event: event.then_some(3),
            ..Settings::of([FT231X, FT2232H][chip], 1_000_000)
        };
        let mut deeds: Vec<(u64, Option<Vec<u8>>, usize)> = Vec::new();
        let (mut at, mut next) = (0, 0u8);
        for (gap, count) in writes {
            at += gap;
            let bytes = (0..count).map(|_| { next = next.wrapping_add(1); next }).collect();
            deeds.push((at, Some(bytes), 0));
        }
        at = 0;
        for (gap, count) in arrivals {
            at += gap;
            deeds.push((at, None, count));
        }
        deeds.sort_by_key(|deed| deed.0);
        let run = |steps: &[u64]| {
            let (mut usb, mut out, mut next) = (Usb::new(settings), Vec::new(), 0u8);
            let mut steps = steps.iter().cycle();
            for (at, bytes, count) in &deeds {
                while usb.now() < us(*at) {
                    let until = us(*at).min(usb.now() + us(steps.next().copied().unwrap_or(1)));
                    while let Some(byte) = usb.step(until) {
                        out.push((usb.now(), byte));
                    }
                }
                bytes.iter().for_each(|bytes| usb.write(bytes));
                (0..*count).for_each(|_| { next = next.wrapping_add(1); usb.arrive(next) });
            }
            out.extend(all(&mut usb));
            (out, usb.overrun())
        };
        let (once, overrun) = run(&[u64::MAX >> 20]);
        let (stepped, _) = run(&steps);
        prop_assert_eq!(&once, &stepped);
        let of = |board: bool| once.iter().filter(|(_, out)| matches!(out, Out::Board(_)) == board).count();
        let written: usize = deeds.iter().filter_map(|deed| deed.1.as_ref().map(Vec::len)).sum();
        let arrived: usize = deeds.iter().map(|deed| deed.2).sum();
        prop_assert_eq!((of(true), of(false) + overrun as usize), (written, arrived));
        let mut last = 0u8;
        for (_, out) in &once {
            if let Out::Board(byte) = out {
                prop_assert_eq!(*byte, last.wrapping_add(1));
                last = *byte;
            }
        }
    }
}

/// A notebook that takes 300 cycles for everything.
struct Slow(Notebook, u64);

impl Device<Memnet> for Slow {
    fn identify(&mut self) -> Result<engram_spec::memnet::Identity, engram_spec::DeviceError> {
        self.0.identify()
    }
    fn load_with(
        &mut self,
        program: &engram_spec::memnet::Program,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<(), engram_spec::DeviceError> {
        self.0.load_with(program, progress)
    }
    fn clear(&mut self) -> Result<(), engram_spec::DeviceError> {
        self.0.clear()
    }
    fn call(&mut self, call: Call<'_>) -> Result<engram_spec::memnet::Reply, engram_spec::DeviceError> {
        self.1 += 300;
        self.0.call(call)
    }
    fn status(&mut self) -> Result<engram_spec::memnet::Status, engram_spec::DeviceError> {
        self.0.status()
    }
}

impl Spends for Slow {
    fn spent(&mut self) -> u64 {
        std::mem::take(&mut self.1)
    }
}

fn modelled(settings: &str, options: Options) -> Driver<Memnet, Modelled<Memnet, Slow>> {
    let settings: Settings = settings.parse().unwrap();
    let endpoint = Endpoint::new(Slow(Notebook::default(), 0)).unwrap();
    let transport = Modelled::new(Usb::new(settings), endpoint, 25e6, settings.byte());
    let mut driver = Driver::connect(transport, options).unwrap();
    driver.load(&program()).unwrap();
    driver
}

/// Stories of five sentences and a question.
fn stories(count: usize) -> Vec<Vec<u8>> {
    (0..6 * count).map(|place| vec![(place % 20) as u8, (place / 20 % 20) as u8, (place / 400 % 20) as u8]).collect()
}

fn orders(words: &[Vec<u8>]) -> Vec<Order<'_, Memnet>> {
    let orders = words.iter().enumerate().flat_map(|(place, words)| match place % 6 {
        0 => vec![Order::Clear, Order::Tell(Call::Sentence(words))],
        5 => vec![Order::Call(Call::Question(words))],
        _ => vec![Order::Tell(Call::Sentence(words))],
    });
    orders.collect()
}

/// One after the other a request takes the timer's time; several under way share it.
#[test]
fn a_window_is_worth_the_latency() {
    let words = stories(50);
    let seconds = |settings: &str, at_once: bool| {
        let mut driver = modelled(settings, Options::default());
        let before = driver.transport_mut().now();
        let orders = orders(&words);
        let replies = match at_once {
            true => driver.run(&orders).unwrap(),
            false => orders.iter().map(|order| driver.order(order).unwrap()).collect(),
        };
        let mut reference = Notebook::default();
        reference.load(&program()).unwrap();
        assert_eq!(replies, reference.run(&orders).unwrap());
        assert_eq!((driver.counters().repeats, driver.transport_mut().usb().overrun()), (0, 0));
        (driver.transport_mut().now() - before).as_secs_f64()
    };
    let one_by_one = seconds("ft231x", false);
    assert!((one_by_one / (350.0 * 0.016) - 1.0).abs() < 0.2, "{one_by_one}");
    for (settings, times) in
        [("ft231x", 30.0), ("ft231x,latency=1", 60.0), ("ft231x,event=0", 60.0), ("ft2232h,latency=1", 60.0)]
    {
        let at_once = seconds(settings, true);
        assert!(one_by_one / at_once > times, "{settings}: {one_by_one} s, {at_once} s");
    }
}

/// Bytes are lost on both ways: all is carried out once, in its order, and answered rightly.
#[test]
fn losses_are_mended() {
    let words = stories(2000);
    let options = Options { repeats: 20, ..Options::default() };
    let mut driver = modelled("ft231x,latency=1,loss=0.0003", options);
    let orders = orders(&words);
    let mut reference = Notebook::default();
    reference.load(&program()).unwrap();
    for part in orders.chunks(700) {
        assert_eq!(driver.run(part).unwrap(), reference.run(part).unwrap());
    }
    assert!(driver.counters().repeats > 50, "{:?}", driver.counters());
}

/// The same chip in real time, between two pseudo-terminals.
#[test]
fn a_relay_stands_between_a_host_and_a_board() {
    let (mut front, mut behind) = (Pty::open().unwrap(), Pty::open().unwrap());
    let path = front.path().display().to_string();
    let mut board = Serial::open(&behind.path().display().to_string(), 1_000_000).unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let end = [ended.clone(), ended.clone()];
    let [relaying, serving] = end;
    let served = thread::spawn(move || {
        let mut endpoint = Endpoint::new(Notebook::default()).unwrap();
        endpoint.serve(&mut behind, || serving.load(Ordering::Relaxed)).unwrap();
    });
    let relayed = thread::spawn(move || {
        usb("ft231x,latency=16,baud=1000000")
            .relay(&mut front, &mut board, || relaying.load(Ordering::Relaxed))
            .unwrap();
    });
    let mut driver = Driver::connect(Serial::open(&path, 1_000_000).unwrap(), Options::default()).unwrap();
    driver.load(&program()).unwrap();
    let start = Instant::now();
    for word in 0..10 {
        driver.sentence(&[word, 2]).unwrap();
    }
    assert!(start.elapsed() > Duration::from_millis(100), "{:?}", start.elapsed());
    assert_eq!(driver.status().unwrap().progress.sentences, program().settings.slots);
    ended.store(true, Ordering::Relaxed);
    [served, relayed].into_iter().for_each(|thread| thread.join().unwrap());
}
