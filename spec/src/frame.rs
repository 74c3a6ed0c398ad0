//! The frames of the link: layout, commands, error codes. Encoding and decoding are the link's and the hardware's.
//!
//! A frame is `COBS(content) 0x00`. The content of a request is `number item item .. crc`, and an item is `command length payload`; the
//! last item of a frame has no length where it has no payload, so that identify is the same in every version.
//! The content of a reply is `number payload payload .. refusal crc`, with refusal 0 where every item was carried out; where one was
//! refused, it is `number payload payload .. done refusal crc`, and `done` items were carried out before. An item whose command has
//! the bit [`BRIEF`] has no payload in the reply. `number` is the request's sequence number; `crc` is CRC-16/GENIBUS of what precedes
//! it, high byte first; all other numbers are little-endian.
//!
//! Every request is answered, in the order in which requests come. A frame that is torn, too long or fails its CRC is answered with
//! number 0 and [`Refusal::BadFrame`] and changes nothing. A device carries out the request whose number follows that of the last
//! one, modulo 256. It keeps its last [`WINDOW`] replies: a request with the number of one of these is a repeat, which is not carried
//! out again, but has its reply sent again. Any other number is refused as [`Refusal::OutOfOrder`], so that a host may have several
//! requests under way, and nothing is carried out before what was lost on the way. A request that begins with `identify` is carried
//! out whatever its number is; the next number follows it, and no number before it counts as a repeat, so that a host begins with it. An empty frame (two
//! zeros in a row) is ignored.

/// The version of the frames.
pub const VERSION: u8 = 8;

/// Bytes of the longest content, CRC included: a COBS block.
pub const CONTENT_MAX: usize = 253;
/// Bytes of the shortest content: number, command, CRC.
pub const CONTENT_MIN: usize = 4;
/// Bytes of the longest reply's content, CRC included.
pub const REPLY_MAX: usize = 62;
/// Bytes of a reply before an item, number included, with which the item is still carried out: behind them the longest payload, `done`, refusal and CRC have
/// room.
pub const REPLY_BEFORE: usize = REPLY_MAX - 14 - 2 - 2;
/// The replies that a device keeps, and so the requests that a host may have under way.
pub const WINDOW: usize = 7;
/// Bytes of requests that a device holds before they are carried out: as many bytes of contents, each with one byte more, may be under way.
pub const RECEIVE_BYTES: usize = 512;
/// The bit of an item's command that asks for no payload in the reply.
pub const BRIEF: u8 = 0x80;

/// The CRC of a frame: polynomial 0x1021, initial value 0xFFFF, not reflected, sent inverted.
///
/// Inverted, because then zeros lost or gained at a content's end change the remainder. COBS makes such a zero of a single
/// byte 01 on the line, and with a remainder of 0 every frame that gained one would pass.
pub const CRC: crc::Algorithm<u16> = crc::CRC_16_GENIBUS;
/// The content of the CRC's register after content and CRC, where both are intact.
pub const CRC_REMAINDER: u16 = CRC.residue;
/// The hash of a load: CRC-32 over the payloads of its Begin and Row frames.
pub const LOAD_HASH: crc::Algorithm<u32> = crc::CRC_32_ISO_HDLC;

/// The command of a request. Sentence and Question are a memory network's, those from Step on a crossbar device's; the
/// others are common to both, with payloads of the same lengths in their replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Command {
    /// No payload. Reply: [`Identity`](crate::memnet::Identity) as version, geometry, addressing, weights, loaded,
    /// hash (4), lanes, elements, slots, words, positions: 14 bytes. A crossbar device's
    /// ([`crate::crossbar::Identity`]): version, geometry, memoization ([`crate::crossbar::memo::Predictor::id`], 0 for none), weight bits, loaded, hash (4), lanes, hidden, inputs, classes,
    /// multipliers.
    Identify = 1,
    /// Payload: the settings, 14 bytes ([`crate::memnet::Settings`]; [`crate::crossbar::Settings`]: 34). Forgets program and story and begins a load.
    Begin = 2,
    /// Payload: region, row, E codes. Loads a row. Of a crossbar device: region, row (2), 64 bytes.
    Row = 3,
    /// Payload: the program's hash (4). Ends a load; refused where the hash of what was received differs.
    Seal = 4,
    /// No payload. Forgets the story, or begins a sequence.
    Clear = 5,
    /// Payload: the words, a byte each. Reply: the sentences now in the memory (1).
    Sentence = 6,
    /// Payload: the words, a byte each. Reply: word (1), logit (4), cycles (4).
    Question = 7,
    /// No payload. Reply: loaded (1), sentences (1), forgotten (2), bad frames (2), repeats (2), framing errors (1). A crossbar device's:
    /// loaded (1), steps (3), bad frames (2), repeats (2), framing errors (1).
    Status = 8,
    /// Payload: a DAC code for each input. Reply: cycles (4).
    Step = 9,
    /// Payload: a symbol (1). Reply: cycles (4).
    Symbol = 10,
    /// No payload. Reply: class (1), logit (4), cycles (4).
    Answer = 11,
    /// Payload: how columns are remembered, 9 bytes ([`crate::crossbar::memo::Settings`]). Of devices with memoization.
    Memoize = 12,
    /// Payload: which number of [`crate::crossbar::memo::Tally`] (1). Reply: it (4). Of devices with memoization.
    Tally = 13,
    /// Payload: a hash (4), which the device takes for that of the program in its memories, and the program for loaded. Of devices whose bitstream has
    /// a program, where the frame that waits at switch-on has this command; no host sends it.
    Adopt = 14,
}

impl Command {
    /// All commands.
    pub const ALL: [Command; 14] = [
        Command::Identify,
        Command::Begin,
        Command::Row,
        Command::Seal,
        Command::Clear,
        Command::Sentence,
        Command::Question,
        Command::Status,
        Command::Step,
        Command::Symbol,
        Command::Answer,
        Command::Memoize,
        Command::Tally,
        Command::Adopt,
    ];

    /// The command with this number.
    pub fn from_id(id: u8) -> Option<Command> {
        Command::ALL.into_iter().find(|&command| command as u8 == id)
    }

    /// Bytes of the reply's payload where the command is carried out.
    pub const fn reply_bytes(self) -> usize {
        match self {
            Command::Identify => 14,
            Command::Begin | Command::Row | Command::Seal | Command::Clear | Command::Memoize | Command::Adopt => 0,
            Command::Sentence => 1,
            Command::Step | Command::Symbol | Command::Tally => 4,
            Command::Question | Command::Answer | Command::Status => 9,
        }
    }
}

/// Why a device refuses a request, or an item of it. What is wrong with an item is checked in the order of the numbers up to [`Refusal::NoStory`], after
/// [`Refusal::ReplyFull`]; a refused item changes nothing, and no item behind it is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[repr(u8)]
pub enum Refusal {
    /// The frame was torn, too short, too long, or failed its CRC.
    #[error("the frame arrived damaged: send it again")]
    BadFrame = 1,
    /// No such command.
    #[error("the command is unknown: host and device speak different versions")]
    UnknownCommand = 2,
    /// The payload's length is not that of the command (for words: none at all).
    #[error("the payload has a wrong length")]
    BadLength = 3,
    /// A sentence or question before a program was loaded, or a row or seal before a load began.
    #[error("no program is loaded: load one first")]
    NotLoaded = 4,
    /// More words than the device has positions.
    #[error("the sentence has more words than the device takes: shorten it")]
    TooLong = 5,
    /// A word number not in the loaded vocabulary; a symbol beyond the inputs.
    #[error("a word is not in the loaded vocabulary: use words of the model")]
    UnknownWord = 6,
    /// A row, setting or number that the device has no place for.
    #[error("the program does not fit the device's geometry: use a model or a bitstream of the same size")]
    WrongGeometry = 7,
    /// The seal's hash is not that of what was received.
    #[error("the loaded program arrived incomplete: load it again")]
    WrongHash = 8,
    /// A question about no story, an answer before a sequence's first step.
    #[error("there is no story to ask about: send a sentence, or a step, first")]
    NoStory = 9,
    /// A number that does not follow that of the last request, and is none of the last ones'. Nothing of the request was looked at.
    #[error("the device expected another request first: one was lost, or the device was restarted")]
    OutOfOrder = 10,
    /// The reply has no room for that of the item.
    #[error("the replies of a frame's items are longer than a reply may be: send fewer in a frame")]
    ReplyFull = 11,
}

impl Refusal {
    /// All refusals.
    pub const ALL: [Refusal; 11] = [
        Refusal::BadFrame,
        Refusal::UnknownCommand,
        Refusal::BadLength,
        Refusal::NotLoaded,
        Refusal::TooLong,
        Refusal::UnknownWord,
        Refusal::WrongGeometry,
        Refusal::WrongHash,
        Refusal::NoStory,
        Refusal::OutOfOrder,
        Refusal::ReplyFull,
    ];

    /// The refusal with this number in a reply.
    pub fn from_id(id: u8) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|&refusal| refusal as u8 == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back_to_their_meaning() {
        for command in Command::ALL {
            assert_eq!(Command::from_id(command as u8), Some(command));
            assert!(REPLY_BEFORE + command.reply_bytes() + 4 <= REPLY_MAX && (command as u8) < BRIEF);
        }
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_id(refusal as u8), Some(refusal));
        }
        assert_eq!((Command::from_id(0), Refusal::from_id(0)), (None, None));
    }

    #[test]
    fn content_and_crc_leave_the_remainder_and_one_zero_more_does_not() {
        let crc = crc::Crc::<u16>::new(&CRC);
        let register = |bytes: &[u8]| crc.checksum(bytes) ^ CRC.xorout;
        let mut content = b"content".to_vec();
        content.extend(crc.checksum(&content).to_be_bytes());
        assert_eq!((register(&content), CRC_REMAINDER), (0x1d0f, 0x1d0f));
        content.push(0);
        assert_ne!(register(&content), CRC_REMAINDER);
    }
}
