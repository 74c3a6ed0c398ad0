//! The frame handler with a command decoder, between a receiver with a frame, a sender with its buffer, and a device that takes
//! its time.

use crc::Crc;
use engram_hdl::link::frame_handler::{Decision, FrameHandler, Request};
use engram_hdl::memnet::command_decoder::CommandDecoder;
use engram_hdl::prelude::Cycle;
use engram_spec::frame::{CRC, RECEIVE_BYTES};
use engram_testbench::block::{Difference, Twin};
use rand::Rng;

use super::stimulus::{draw, twin};

/// A command decoder of either network.
pub trait Decides: Cycle {
    /// Sets the request, and any byte that the engine may ask for.
    fn set_request(&mut self, request: Request, rng: &mut impl Rng);
    /// The decision on the request.
    fn decision(&self) -> Decision;
}

impl Decides for CommandDecoder {
    fn set_request(&mut self, request: Request, rng: &mut impl Rng) {
        (self.request.next, self.asked.next) = (request, draw(rng));
    }

    fn decision(&self) -> Decision {
        self.decision.val()
    }
}

/// The frame handler and a command decoder, both beside their Verilog.
pub struct HandlerBench<D> {
    handler: Twin<FrameHandler>,
    /// The command decoder.
    pub decoder: Twin<D>,
    /// The receiver's ring, and where the next frame will begin.
    ring: Vec<u8>,
    mark: usize,
    address: usize,
    sending: u32,
    busy: u32,
    /// The sender's slots.
    slots: Vec<u8>,
    reply: Vec<u8>,
}

impl<D: Decides> HandlerBench<D> {
    /// A handler to which no frame has come, with this decoder.
    pub fn new(decoder: Twin<D>) -> HandlerBench<D> {
        HandlerBench {
            handler: twin(|| FrameHandler::new(false), "frame_handler"),
            decoder,
            ring: vec![0; RECEIVE_BYTES],
            mark: 0,
            address: 0,
            sending: 0,
            busy: 0,
            slots: vec![0; 8 * 64],
            reply: Vec::new(),
        }
    }

    /// A cycle: the handler sees its inputs, the decoder decides on its request, and the world around them moves on. Gives whether a frame
    /// waits.
    fn cycle(&mut self, rng: &mut impl Rng, see: &mut impl FnMut(&D)) -> Result<bool, Box<Difference>> {
        let first = self.handler.block().first.val().to_u64() as usize;
        let waiting = first != self.mark;
        let byte = self.ring[self.address];
        let block = self.handler.settle(|block| {
            (block.waiting.next, block.content.next) = (waiting, u64::from(byte).into());
            (block.sending.next, block.busy.next) = (self.sending > 0, self.busy > 0);
        })?;
        let request = block.request.val();
        let decoder = self.decoder.settle(|block| block.set_request(request, rng))?;
        see(decoder);
        let decision = decoder.decision();
        let block = self.handler.settle(|block| block.decision.next = decision)?;
        self.address = block.address.val().to_u64() as usize;
        self.sending = if block.send.val() { rng.random_range(1..30) } else { self.sending.saturating_sub(1) };
        self.busy = if block.start.val() { rng.random_range(1..30) } else { self.busy.saturating_sub(1) };
        if block.write.val() {
            self.slots[block.write_address.val().to_u64() as usize] = block.write_data.val().to_u64() as u8;
        }
        if block.send.val() {
            let slot = 64 * block.slot.val().to_u64() as usize;
            self.reply = self.slots[slot + 1..slot + usize::from(self.slots[slot])].to_vec();
        }
        self.handler.edge();
        self.decoder.edge();
        self.handler.settle(|_| {})?;
        Ok(waiting)
    }

    /// Has a request carried out that arrived intact or not, given without its checksum, and gives the reply without its
    /// own. `see` looks at the decoder in every cycle.
    pub fn request(&mut self, content: &[u8], intact: bool, rng: &mut impl Rng, mut see: impl FnMut(&D)) -> Vec<u8> {
        let check = Crc::<u16>::new(&CRC);
        let checked = [content, &check.checksum(content).to_be_bytes()].concat();
        let stored = if intact { [&[checked.len() as u8 + 1], &checked[..]].concat() } else { vec![1] };
        for &byte in &stored {
            self.ring[self.mark] = byte;
            self.mark = (self.mark + 1) % RECEIVE_BYTES;
        }
        let limit = self.handler.cycles() + 10_000;
        while self.cycle(rng, &mut see).unwrap() {
            assert!(self.handler.cycles() < limit, "the frame handler hangs");
        }
        for _ in 0..rng.random_range(0..4) {
            self.cycle(rng, &mut see).unwrap();
        }
        let (found, sum) = self.reply.split_at(self.reply.len() - 2);
        assert_eq!(check.checksum(found).to_be_bytes(), sum, "the reply's checksum");
        found.to_vec()
    }
}
