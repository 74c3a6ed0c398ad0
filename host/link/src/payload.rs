//! The payloads of replies: numbers to bytes and back, little-endian.

use engram_spec::Answer;
use engram_spec::crossbar;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::frame::VERSION;
use engram_spec::memnet::geometry::PRESETS;
use engram_spec::memnet::{Addressing, Datapath, Geometry, Identity, Status, Weights};

use crate::error::LinkError;

/// What the two kinds of device are called where one is found in the other's place.
const MEMORY_NETWORK: &str = "a memory network";
const CROSSBAR: &str = "a crossbar LSTM";

/// The payload of an identify reply: version, geometry, addressing, weights, loaded, hash (4), lanes, elements, slots,
/// words, positions. The hash is 0 where nothing is loaded.
pub fn of_identity(identity: &Identity) -> Vec<u8> {
    let Identity { version, geometry, datapath: Datapath { addressing, weights }, loaded } = identity;
    let mut payload = vec![*version, geometry.id, addressing.id(), weights.id(), u8::from(loaded.is_some())];
    payload.extend(loaded.unwrap_or(0).to_le_bytes());
    payload.extend(sizes(geometry));
    payload
}

/// The identity in a payload. A version or a geometry that this side does not know is an error which names both sides.
pub fn to_identity(payload: &[u8]) -> Result<Identity, LinkError> {
    let nonsense = || LinkError::Payload { what: "an identity", found: payload.to_vec() };
    if let Some(&version) = payload.first().filter(|&&version| version != VERSION) {
        return Err(LinkError::Version { device: version });
    }
    let &[version, geometry, addressing, weights, loaded, h0, h1, h2, h3, ref found @ ..] = payload else {
        return Err(nonsense());
    };
    if crossbar::Geometry::from_id(geometry).is_some() {
        return Err(LinkError::Network { device: CROSSBAR, program: MEMORY_NETWORK });
    }
    let geometry = Geometry::from_id(geometry).filter(|known| sizes(known) == found).ok_or_else(|| {
        let known = PRESETS.map(|preset| format!("{} ({}: {:?})", preset.id, preset.name, sizes(&preset)));
        LinkError::UnknownGeometry { id: geometry, sizes: found.to_vec(), known: known.join(", ") }
    })?;
    let addressing = Addressing::from_id(addressing).ok_or_else(nonsense)?;
    let weights = Weights::from_id(weights).ok_or_else(nonsense)?;
    let hash = u32::from_le_bytes([h0, h1, h2, h3]);
    let loaded = flag(loaded).ok_or_else(nonsense)?.then_some(hash);
    Ok(Identity { version, geometry, datapath: Datapath { addressing, weights }, loaded })
}

fn sizes(geometry: &Geometry) -> [u8; 5] {
    let Geometry { lanes, elements, slots, words, positions, .. } = *geometry;
    [lanes, elements, slots, words, positions].map(|size| size as u8)
}

/// The payload of a question's reply: word (1), logit (4, two's complement), cycles (4).
pub fn of_answer(answer: &Answer) -> Vec<u8> {
    let mut payload = vec![answer.word];
    payload.extend(answer.logit.to_le_bytes());
    payload.extend(answer.cycles.to_le_bytes());
    payload
}

/// The answer in a payload.
pub fn to_answer(payload: &[u8]) -> Result<Answer, LinkError> {
    let &[word, l0, l1, l2, l3, c0, c1, c2, c3] = payload else {
        return Err(LinkError::Payload { what: "an answer", found: payload.to_vec() });
    };
    let logit = i32::from_le_bytes([l0, l1, l2, l3]);
    Ok(Answer { word, logit, cycles: u32::from_le_bytes([c0, c1, c2, c3]) })
}

/// The payload of a status reply: loaded (1), sentences (1), forgotten (2), bad frames (2), repeats (2).
pub fn of_status(status: &Status) -> Vec<u8> {
    let mut payload = vec![u8::from(status.loaded), status.sentences];
    for counter in [status.forgotten, status.bad_frames, status.repeats] {
        payload.extend(counter.to_le_bytes());
    }
    payload
}

/// The status in a payload.
pub fn to_status(payload: &[u8]) -> Result<Status, LinkError> {
    let nonsense = || LinkError::Payload { what: "a status", found: payload.to_vec() };
    let &[loaded, sentences, f0, f1, b0, b1, r0, r1] = payload else { return Err(nonsense()) };
    Ok(Status {
        loaded: flag(loaded).ok_or_else(nonsense)?,
        sentences,
        forgotten: u16::from_le_bytes([f0, f1]),
        bad_frames: u16::from_le_bytes([b0, b1]),
        repeats: u16::from_le_bytes([r0, r1]),
    })
}

/// The payload of a recurrent device's identify reply: version, geometry, memoization (0 for none), weight bits, loaded, hash (4), lanes, hidden,
/// inputs, classes, multipliers.
pub fn of_recurrent_identity(identity: &crossbar::Identity) -> Vec<u8> {
    let crossbar::Identity { version, geometry, memo, loaded } = identity;
    let memo = memo.map_or(0, |predictor| predictor.id());
    let mut payload = vec![*version, geometry.id, memo, geometry.weight_bits, u8::from(loaded.is_some())];
    payload.extend(loaded.unwrap_or(0).to_le_bytes());
    payload.extend(crossbar_sizes(geometry));
    payload
}

/// The recurrent device's identity in a payload. A version or a geometry that this side does not know is an error which
/// names both sides.
pub fn to_recurrent_identity(payload: &[u8]) -> Result<crossbar::Identity, LinkError> {
    let nonsense = || LinkError::Payload { what: "an identity", found: payload.to_vec() };
    if let Some(&version) = payload.first().filter(|&&version| version != VERSION) {
        return Err(LinkError::Version { device: version });
    }
    let &[version, geometry, memo, weight_bits, loaded, h0, h1, h2, h3, ref found @ ..] = payload else {
        return Err(nonsense());
    };
    if Geometry::from_id(geometry).is_some() {
        return Err(LinkError::Network { device: MEMORY_NETWORK, program: CROSSBAR });
    }
    let ours = |known: &crossbar::Geometry| crossbar_sizes(known) == found && known.weight_bits == weight_bits;
    let geometry = crossbar::Geometry::from_id(geometry).filter(ours).ok_or_else(|| {
        let known = crossbar::geometry::PRESETS
            .map(|preset| format!("{} ({}: {:?})", preset.id, preset.name, crossbar_sizes(&preset)));
        LinkError::UnknownGeometry { id: geometry, sizes: found.to_vec(), known: known.join(", ") }
    })?;
    let hash = u32::from_le_bytes([h0, h1, h2, h3]);
    let loaded = flag(loaded).ok_or_else(nonsense)?.then_some(hash);
    let memo = match memo {
        0 => None,
        id => Some(Predictor::from_id(id).ok_or_else(nonsense)?),
    };
    Ok(crossbar::Identity { version, geometry, memo, loaded })
}

fn crossbar_sizes(geometry: &crossbar::Geometry) -> [u8; 5] {
    let crossbar::Geometry { lanes, hidden, inputs, classes, multipliers, .. } = *geometry;
    [lanes, hidden, inputs, classes, multipliers].map(|size| size as u8)
}

/// The payload of a step's reply: cycles (4). A number of a tally has the same.
pub fn of_cycles(cycles: u32) -> Vec<u8> {
    cycles.to_le_bytes().to_vec()
}

/// The cycles in a payload.
pub fn to_cycles(payload: &[u8]) -> Result<u32, LinkError> {
    let bytes = payload.try_into();
    bytes
        .map(u32::from_le_bytes)
        .map_err(|_| LinkError::Payload { what: "a number of four bytes", found: payload.to_vec() })
}

/// The payload of a recurrent device's status reply: loaded (1), steps (3), bad frames (2), repeats (2).
pub fn of_recurrent_status(status: &crossbar::Status) -> Vec<u8> {
    let mut payload = vec![u8::from(status.loaded)];
    payload.extend(&status.steps.to_le_bytes()[..3]);
    payload.extend(status.bad_frames.to_le_bytes());
    payload.extend(status.repeats.to_le_bytes());
    payload
}

/// The recurrent device's status in a payload.
pub fn to_recurrent_status(payload: &[u8]) -> Result<crossbar::Status, LinkError> {
    let nonsense = || LinkError::Payload { what: "a status", found: payload.to_vec() };
    let &[loaded, s0, s1, s2, b0, b1, r0, r1] = payload else { return Err(nonsense()) };
    Ok(crossbar::Status {
        loaded: flag(loaded).ok_or_else(nonsense)?,
        steps: u32::from_le_bytes([s0, s1, s2, 0]),
        bad_frames: u16::from_le_bytes([b0, b1]),
        repeats: u16::from_le_bytes([r0, r1]),
    })
}

fn flag(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::frame::Command;
    use engram_spec::memnet::geometry::TINY;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn payloads_lead_back_to_their_meaning(
            (word, logit, cycles) in any::<(u8, i32, u32)>(),
            (loaded, sentences, forgotten, bad_frames, repeats) in any::<(bool, u8, u16, u16, u16)>(),
            (preset, datapath, hash) in (0..PRESETS.len(), 0..6usize, any::<Option<u32>>()),
        ) {
            let answer = Answer { word, logit, cycles };
            prop_assert_eq!(of_answer(&answer).len(), Command::Question.reply_bytes());
            prop_assert_eq!(to_answer(&of_answer(&answer)).unwrap(), answer);
            let status = Status { loaded, sentences, forgotten, bad_frames, repeats };
            prop_assert_eq!(of_status(&status).len(), Command::Status.reply_bytes());
            prop_assert_eq!(to_status(&of_status(&status)).unwrap(), status);
            let (geometry, datapath) = (PRESETS[preset], Datapath::all().nth(datapath).unwrap());
            let identity = Identity { version: VERSION, geometry, datapath, loaded: hash };
            prop_assert_eq!(of_identity(&identity).len(), Command::Identify.reply_bytes());
            prop_assert_eq!(to_identity(&of_identity(&identity)).unwrap(), identity);
        }

        #[test]
        fn any_bytes_are_a_meaning_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = (to_answer(&bytes).is_ok(), to_status(&bytes).is_ok(), to_identity(&bytes).is_ok());
        }
    }

    proptest! {
        #[test]
        fn a_recurrent_devices_payloads_lead_back_to_their_meaning(
            (cycles, loaded, steps, bad_frames, repeats) in any::<(u32, bool, u32, u16, u16)>(),
            (preset, memo, hash) in (0..crossbar::geometry::PRESETS.len(), 0..3usize, any::<Option<u32>>()),
        ) {
            prop_assert_eq!(of_cycles(cycles).len(), Command::Step.reply_bytes());
            prop_assert_eq!(to_cycles(&of_cycles(cycles)).unwrap(), cycles);
            let status = crossbar::Status { loaded, steps: steps >> 8, bad_frames, repeats };
            prop_assert_eq!(of_recurrent_status(&status).len(), Command::Status.reply_bytes());
            prop_assert_eq!(to_recurrent_status(&of_recurrent_status(&status)).unwrap(), status);
            let geometry = crossbar::geometry::PRESETS[preset];
            let predictor = Predictor::of(&geometry);
            let memo = [None, Some(predictor), Some(predictor.serial())][memo];
            let identity = crossbar::Identity { version: VERSION, geometry, memo, loaded: hash };
            let payload = of_recurrent_identity(&identity);
            prop_assert_eq!(payload.len(), Command::Identify.reply_bytes());
            prop_assert_eq!(to_recurrent_identity(&payload).unwrap(), identity);
            // A device of one kind is never taken for one of the other.
            let found = to_identity(&payload);
            let told = matches!(found, Err(LinkError::Network { device: CROSSBAR, .. }));
            prop_assert!(told);
            let identity = Identity { version: VERSION, geometry: TINY, datapath: Datapath::default(), loaded: hash };
            let found = to_recurrent_identity(&of_identity(&identity));
            let told = matches!(found, Err(LinkError::Network { device: MEMORY_NETWORK, .. }));
            prop_assert!(told);
        }

        #[test]
        fn any_bytes_are_a_recurrent_devices_meaning_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = (to_cycles(&bytes).is_ok(), to_recurrent_status(&bytes).is_ok(), to_recurrent_identity(&bytes).is_ok());
        }
    }

    #[test]
    fn an_identity_that_is_not_ours_names_both_sides() {
        let identity = Identity { version: VERSION, geometry: TINY, datapath: Datapath::default(), loaded: None };
        let error = |place: usize, value: u8| {
            let mut payload = of_identity(&identity);
            payload[place] = value;
            to_identity(&payload).unwrap_err().to_string()
        };
        let versions = format!("the device speaks version 1 of the frames, this host version {VERSION}");
        assert!(error(0, 1).starts_with(&versions));
        assert!(error(1, 9).contains("geometry 9") && error(1, 9).contains("4 (tiny: [4, 8, 8, 24, 8])"));
        assert!(error(10, 16).contains("geometry 4 with sizes [4, 16, 8, 24, 8]"));
        assert!((2..5).all(|place| error(place, 3).contains("where an identity was expected")));
    }
}
