//! Content to frame and back: CRC-16, COBS and the zero byte that ends a frame.
//!
//! Content is here without its CRC: `number item item ..` of a request, `number payload payload .. refusal` of a reply ([`crate::frames`]).

use cobs::{DecodeResult, DecoderState};
use crc::Crc;
use engram_spec::frame::{CONTENT_MAX, CONTENT_MIN, CRC, CRC_REMAINDER};

static CHECK: Crc<u16> = Crc::<u16>::new(&CRC);

/// Bytes of the CRC behind the content.
pub const CRC_BYTES: usize = 2;

/// The frame of a content: `COBS(content crc) 0x00`.
///
/// A content of more than [`CONTENT_MAX`] - [`CRC_BYTES`] bytes has a frame too, but every decoder refuses it.
///
/// ```
/// use engram_link::codec::encode;
/// // Request number 1, identify.
/// assert_eq!(encode(&[0x01, 0x01]), [0x05, 0x01, 0x01, 0xc1, 0xe0, 0x00]);
/// ```
pub fn encode(content: &[u8]) -> Vec<u8> {
    let mut checked = content.to_vec();
    checked.extend(CHECK.checksum(content).to_be_bytes());
    let mut frame = cobs::encode_vec(&checked);
    frame.push(0);
    frame
}

/// Why a frame's content is not to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DecodeError {
    /// The zero byte came inside a COBS block.
    #[error("the frame ended in the middle of a block: bytes were lost")]
    Torn,
    /// The content is longer than [`CONTENT_MAX`].
    #[error("the frame's content has more than {CONTENT_MAX} bytes; a zero byte was lost, or this is no frame")]
    TooLong,
    /// The content is shorter than [`CONTENT_MIN`].
    #[error("the frame's content has {0} bytes, expected {CONTENT_MIN} or more; this is no frame")]
    TooShort(usize),
    /// The CRC is not that of the content.
    #[error("the frame fails its CRC; bytes were changed on the way")]
    Crc,
}

/// Takes a stream of bytes apart into contents. It holds [`CONTENT_MAX`] bytes at most and is in step again after every zero.
#[derive(Debug)]
pub struct Decoder {
    cobs: DecoderState,
    content: Vec<u8>,
    too_long: bool,
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder { cobs: DecoderState::Idle, content: Vec::with_capacity(CONTENT_MAX), too_long: false }
    }
}

impl Decoder {
    /// A decoder at the beginning of a frame.
    pub fn new() -> Decoder {
        Decoder::default()
    }

    /// Takes the next byte. At the zero that ends a frame this gives its content, without the CRC; a zero that
    /// follows a zero (or comes first) ends no frame and gives `None`.
    pub fn push(&mut self, byte: u8) -> Option<Result<Vec<u8>, DecodeError>> {
        match self.cobs.feed(byte) {
            Ok(DecodeResult::NoData) => None,
            Ok(DecodeResult::DataContinue(decoded)) => {
                if self.content.len() < CONTENT_MAX {
                    self.content.push(decoded);
                } else {
                    self.too_long = true;
                }
                None
            }
            Ok(DecodeResult::DataComplete) => Some(self.finish()),
            Err(_) => {
                self.restart();
                Some(Err(DecodeError::Torn))
            }
        }
    }

    fn finish(&mut self) -> Result<Vec<u8>, DecodeError> {
        let too_long = self.too_long;
        let mut content = self.restart();
        if too_long {
            return Err(DecodeError::TooLong);
        }
        if content.len() < CONTENT_MIN {
            return Err(DecodeError::TooShort(content.len()));
        }
        if CHECK.checksum(&content) ^ CRC.xorout != CRC_REMAINDER {
            return Err(DecodeError::Crc);
        }
        content.truncate(content.len() - CRC_BYTES);
        Ok(content)
    }

    fn restart(&mut self) -> Vec<u8> {
        self.too_long = false;
        std::mem::replace(&mut self.content, Vec::with_capacity(CONTENT_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    type Decoded = Result<Vec<u8>, DecodeError>;

    fn decode(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Decoded> {
        bytes.iter().filter_map(|&byte| decoder.push(byte)).collect()
    }

    /// A frame by the words of the protocol, all at once: the oracle of the incremental decoder.
    fn by_the_book(frame: &[u8]) -> Decoded {
        let mut content = Vec::new();
        let mut rest = frame;
        while let Some((&code, block)) = rest.split_first() {
            let length = usize::from(code) - 1;
            if block.len() < length {
                return Err(DecodeError::Torn);
            }
            content.extend(&block[..length]);
            rest = &block[length..];
            if code < 255 && !rest.is_empty() {
                content.push(0);
            }
        }
        match content.len() {
            254.. => Err(DecodeError::TooLong),
            short @ ..4 => Err(DecodeError::TooShort(short)),
            length if CHECK.checksum(&content[..length - 2]).to_be_bytes() != content[length - 2..] => {
                Err(DecodeError::Crc)
            }
            length => Ok(content[..length - 2].to_vec()),
        }
    }

    #[test]
    fn empty_frames_are_ignored_and_the_empty_content_is_too_short() {
        assert_eq!(decode(&mut Decoder::new(), &[0, 0, 0]), []);
        assert_eq!(decode(&mut Decoder::new(), &[0, 1, 0, 0]), [Err(DecodeError::TooShort(0))]);
    }

    #[test]
    fn the_longest_content_passes_and_one_byte_more_does_not() {
        let longest = vec![7; CONTENT_MAX - CRC_BYTES];
        assert_eq!(decode(&mut Decoder::new(), &encode(&longest)), [Ok(longest.clone())]);
        let longer = vec![7; CONTENT_MAX - CRC_BYTES + 1];
        assert_eq!(decode(&mut Decoder::new(), &encode(&longer)), [Err(DecodeError::TooLong)]);
    }

    #[test]
    fn memory_is_bounded_without_a_zero() {
        let mut decoder = Decoder::new();
        for length in 0..100_000 {
            assert_eq!(decoder.push(1 + (length % 255) as u8), None);
            assert!(decoder.content.len() <= CONTENT_MAX && decoder.content.capacity() <= 2 * CONTENT_MAX);
        }
    }

    /// Every change, loss and gain of one byte in short frames: what goes unseen is what 16 bits cannot see.
    #[test]
    fn a_frame_damaged_in_one_byte_is_no_frame() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (mut cases, mut unseen) = (0u32, 0);
        for _ in 0..300 {
            let content: Vec<u8> = (0..random.random_range(2..20)).map(|_| random.random()).collect();
            let frame = encode(&content);
            for place in 0..frame.len() {
                let (before, after) = (&frame[..place], &frame[place + 1..]);
                let mut damaged = vec![[before, after, &[0]].concat()];
                for byte in 0..=255 {
                    damaged.push([before, &[byte], after, &[0]].concat());
                    damaged.push([before, &[byte], &frame[place..]].concat());
                }
                for bytes in damaged {
                    cases += 1;
                    // Where the change adds an empty frame, the frame beside it is still intact.
                    let mut found = decode(&mut Decoder::new(), &bytes).into_iter();
                    unseen += u32::from(found.any(|found| found.is_ok_and(|found| found != content)));
                }
            }
        }
        assert!(cases > 1_000_000 && unseen < cases >> 15, "{unseen} of {cases}");
    }

    proptest! {
        #[test]
        fn contents_survive_in_any_number_and_company(
            contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 2..=CONTENT_MAX - CRC_BYTES), 1..5),
        ) {
            let stream: Vec<u8> = contents.iter().flat_map(|content| encode(content)).collect();
            let expected: Vec<Decoded> = contents.into_iter().map(Ok).collect();
            prop_assert_eq!(decode(&mut Decoder::new(), &stream), expected);
        }

        /// Noise is what the protocol's words make of it, frame by frame, and the next frame is understood again.
        #[test]
        fn noise_is_survived_to_the_next_zero(
            noise in prop::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(0), 2 => 1u8..6], 0..600),
            content in prop::collection::vec(any::<u8>(), 2..20),
        ) {
            let mut decoder = Decoder::new();
            let mut stream = noise;
            stream.push(0);
            let expected: Vec<Decoded> =
                stream.split(|&byte| byte == 0).filter(|frame| !frame.is_empty()).map(by_the_book).collect();
            prop_assert_eq!(decode(&mut decoder, &stream), expected);
            prop_assert_eq!(decode(&mut decoder, &encode(&content)), vec![Ok(content)]);
        }
    }
}
