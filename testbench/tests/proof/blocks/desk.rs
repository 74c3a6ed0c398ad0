//! A desk: requests with a device's orders, between a receiver with a frame, a sender with its buffer, and a device that
//! takes its time.

use crc::Crc;
use engram_hdl::link::requests::{Request, Requests, Ruling};
use engram_hdl::memnet::orders::Orders;
use engram_hdl::prelude::Cycle;
use engram_spec::frame::CRC;
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, draw, twin};

/// Orders of either device.
pub trait Rules: Cycle {
    /// Shows them a request, and any byte that the device may ask for.
    fn show(&mut self, request: Request, rng: &mut impl Rng);
    /// What they say to it.
    fn ruling(&self) -> Ruling;
}

impl Rules for Orders {
    fn show(&mut self, request: Request, rng: &mut impl Rng) {
        (self.request.next, self.asked.next) = (request, draw(rng));
    }

    fn ruling(&self) -> Ruling {
        self.ruling.val()
    }
}

/// The desk, with both blocks beside their Verilog.
pub struct Desk<O> {
    requests: Twin<Requests>,
    /// The orders.
    pub orders: Twin<O>,
    content: Vec<u8>,
    waiting: bool,
    intact: bool,
    address: usize,
    sending: u32,
    busy: u32,
    buffer: Vec<u8>,
    reply: Vec<u8>,
}

impl<O: Rules> Desk<O> {
    /// The desk of orders to which nothing has come.
    pub fn new(orders: Twin<O>) -> Desk<O> {
        Desk {
            requests: twin(Requests::new, "requests"),
            orders,
            content: Vec::new(),
            waiting: false,
            intact: false,
            address: 0,
            sending: 0,
            busy: 0,
            buffer: vec![0; 128],
            reply: Vec::new(),
        }
    }

    /// A cycle: shows the requests what is there, has the orders rule on it, and does what is said.
    fn cycle(&mut self, rng: &mut impl Rng, see: &mut impl FnMut(&O)) -> Compared {
        let byte = self.content.get(self.address).copied().unwrap_or_default();
        let block = self.requests.settle(|block| {
            (block.waiting.next, block.intact.next) = (self.waiting, self.intact);
            (block.length.next, block.content.next) = ((self.content.len() as u64).into(), u64::from(byte).into());
            (block.sending.next, block.busy.next) = (self.sending > 0, self.busy > 0);
        })?;
        let request = block.request.val();
        let orders = self.orders.settle(|block| block.show(request, rng))?;
        see(orders);
        let ruling = orders.ruling();
        let block = self.requests.settle(|block| block.ruling.next = ruling)?;
        self.address = block.address.val().to_u64() as usize;
        self.sending = if block.send.val() { rng.random_range(1..30) } else { self.sending.saturating_sub(1) };
        self.busy = if block.start.val() { rng.random_range(1..30) } else { self.busy.saturating_sub(1) };
        if block.write.val() {
            self.buffer[block.write_address.val().to_u64() as usize] = block.write_data.val().to_u64() as u8;
        }
        if block.send.val() {
            let [first, last] = [block.reply_first.val(), block.reply_last.val()].map(|at| at.to_u64() as usize);
            self.reply = self.buffer[first..last].to_vec();
        }
        self.waiting &= !block.finished.val();
        self.requests.edge();
        self.orders.edge();
        Ok(())
    }

    /// Has a request carried out that arrived intact or not, given without its checksum, and gives the reply without its
    /// own. `see` looks at the orders in every cycle.
    pub fn request(&mut self, content: &[u8], intact: bool, rng: &mut impl Rng, mut see: impl FnMut(&O)) -> Vec<u8> {
        let check = Crc::<u16>::new(&CRC);
        self.content = [content, &check.checksum(content).to_be_bytes()].concat();
        // The shortest frame takes two bytes, and as many cycles, after the last was done with.
        for _ in 0..rng.random_range(2..6) {
            self.cycle(rng, &mut see).unwrap();
        }
        (self.waiting, self.intact) = (true, intact);
        let limit = self.requests.cycles() + 10_000;
        while self.waiting {
            self.cycle(rng, &mut see).unwrap();
            assert!(self.requests.cycles() < limit, "the requests hang");
        }
        let (found, sum) = self.reply.split_at(self.reply.len() - 2);
        assert_eq!(check.checksum(found).to_be_bytes(), sum, "the reply's checksum");
        found.to_vec()
    }
}
