//! The frame handler with a command decoder, between a receiver with a frame, a sender with its buffer, and a device that takes
//! its time.

use crc::Crc;
use engram_hdl::link::frame_handler::{Decision, FrameHandler, Request};
use engram_hdl::memnet::command_decoder::CommandDecoder;
use engram_hdl::prelude::Cycle;
use engram_spec::frame::CRC;
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, draw, twin};

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
    content: Vec<u8>,
    waiting: bool,
    intact: bool,
    address: usize,
    sending: u32,
    busy: u32,
    buffer: Vec<u8>,
    reply: Vec<u8>,
}

impl<D: Decides> HandlerBench<D> {
    /// A handler to which no frame has come, with this decoder.
    pub fn new(decoder: Twin<D>) -> HandlerBench<D> {
        HandlerBench {
            handler: twin(FrameHandler::new, "frame_handler"),
            decoder,
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

    /// A cycle: the handler sees its inputs, the decoder decides on its request, and the world around them moves on.
    fn cycle(&mut self, rng: &mut impl Rng, see: &mut impl FnMut(&D)) -> Compared {
        let byte = self.content.get(self.address).copied().unwrap_or_default();
        let block = self.handler.settle(|block| {
            (block.waiting.next, block.intact.next) = (self.waiting, self.intact);
            (block.length.next, block.content.next) = ((self.content.len() as u64).into(), u64::from(byte).into());
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
            self.buffer[block.write_address.val().to_u64() as usize] = block.write_data.val().to_u64() as u8;
        }
        if block.send.val() {
            let [first, last] = [block.reply_first.val(), block.reply_last.val()].map(|at| at.to_u64() as usize);
            self.reply = self.buffer[first..last].to_vec();
        }
        self.waiting &= !block.finished.val();
        self.handler.edge();
        self.decoder.edge();
        Ok(())
    }

    /// Has a request carried out that arrived intact or not, given without its checksum, and gives the reply without its
    /// own. `see` looks at the decoder in every cycle.
    pub fn request(&mut self, content: &[u8], intact: bool, rng: &mut impl Rng, mut see: impl FnMut(&D)) -> Vec<u8> {
        let check = Crc::<u16>::new(&CRC);
        self.content = [content, &check.checksum(content).to_be_bytes()].concat();
        // The shortest frame takes two bytes, and as many cycles, after the last was done with.
        for _ in 0..rng.random_range(2..6) {
            self.cycle(rng, &mut see).unwrap();
        }
        (self.waiting, self.intact) = (true, intact);
        let limit = self.handler.cycles() + 10_000;
        while self.waiting {
            self.cycle(rng, &mut see).unwrap();
            assert!(self.handler.cycles() < limit, "the frame handler hangs");
        }
        let (found, sum) = self.reply.split_at(self.reply.len() - 2);
        assert_eq!(check.checksum(found).to_be_bytes(), sum, "the reply's checksum");
        found.to_vec()
    }
}
