//! The payloads of replies that all networks have: identity and status to bytes and back, little-endian.

use engram_spec::frame::VERSION;
use engram_spec::machine::{Identity, Machine, Size, Status, network_of};

use crate::error::LinkError;

/// The payload of an identify reply: version, geometry, build (2), loaded, hash (4), sizes (5). The hash is 0 where nothing is
/// loaded.
pub fn of_identity<M: Machine>(identity: &Identity<M>) -> Vec<u8> {
    let Identity { version, geometry, build, loaded } = identity;
    let mut payload = vec![*version, geometry.id()];
    payload.extend(M::build_bytes(geometry, *build));
    payload.push(u8::from(loaded.is_some()));
    payload.extend(loaded.unwrap_or(0).to_le_bytes());
    payload.extend(geometry.sizes());
    payload
}

/// The identity in a payload. A version, a network or a geometry that this side does not expect is an error which names both
/// sides.
pub fn to_identity<M: Machine>(payload: &[u8]) -> Result<Identity<M>, LinkError> {
    let nonsense = || LinkError::Payload { what: "an identity", found: payload.to_vec() };
    if let Some(&version) = payload.first().filter(|&&version| version != VERSION) {
        return Err(LinkError::Version { device: version });
    }
    let &[version, id, b0, b1, loaded, h0, h1, h2, h3, ref found @ ..] = payload else {
        return Err(nonsense());
    };
    if let Some(device) = network_of(id).filter(|&network| network != M::NAME) {
        return Err(LinkError::Network { device, program: M::NAME });
    }
    let presets = M::Geometry::PRESETS;
    let geometry = presets.iter().find(|known| known.id() == id && known.sizes() == found).ok_or_else(|| {
        let known = |preset: &M::Geometry| format!("{} ({}: {:?})", preset.id(), preset.name(), preset.sizes());
        let known = presets.iter().map(known).collect::<Vec<_>>().join(", ");
        LinkError::UnknownGeometry { id, sizes: found.to_vec(), known }
    })?;
    let build = M::build(geometry, [b0, b1]).ok_or_else(nonsense)?;
    let loaded = flag(loaded).ok_or_else(nonsense)?.then_some(u32::from_le_bytes([h0, h1, h2, h3]));
    Ok(Identity { version, geometry: *geometry, build, loaded })
}

/// The payload of a status reply: loaded (1), progress (3), bad frames (2), repeats (2), framing errors (1).
pub fn of_status<M: Machine>(status: &Status<M>) -> Vec<u8> {
    let Status { loaded, progress, bad_frames, repeats, framing_errors } = *status;
    let mut payload = vec![u8::from(loaded)];
    payload.extend(M::progress_bytes(progress));
    payload.extend(bad_frames.to_le_bytes());
    payload.extend(repeats.to_le_bytes());
    payload.push(framing_errors);
    payload
}

/// The status in a payload.
pub fn to_status<M: Machine>(payload: &[u8]) -> Result<Status<M>, LinkError> {
    let nonsense = || LinkError::Payload { what: "a status", found: payload.to_vec() };
    let &[loaded, p0, p1, p2, b0, b1, r0, r1, framing_errors] = payload else { return Err(nonsense()) };
    Ok(Status {
        loaded: flag(loaded).ok_or_else(nonsense)?,
        progress: M::progress([p0, p1, p2]),
        bad_frames: u16::from_le_bytes([b0, b1]),
        repeats: u16::from_le_bytes([r0, r1]),
        framing_errors,
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
    use engram_spec::Answer;
    use engram_spec::crossbar::memo::Predictor;
    use engram_spec::crossbar::{self, Crossbar, Sequence};
    use engram_spec::frame::Command;
    use engram_spec::memnet::geometry::TINY;
    use engram_spec::memnet::{self, Datapath, Memnet, Story};
    use proptest::prelude::*;

    fn lead_back<M: Machine>(identity: Identity<M>, status: Status<M>, replies: &[(Command, M::Reply)]) {
        let payload = of_identity(&identity);
        assert_eq!(payload.len(), Command::Identify.reply_bytes());
        assert_eq!(to_identity(&payload).unwrap(), identity);
        let payload = of_status(&status);
        assert_eq!(payload.len(), Command::Status.reply_bytes());
        assert_eq!(to_status(&payload).unwrap(), status);
        for (command, reply) in replies {
            let payload = M::reply_bytes(reply);
            assert_eq!(payload.len(), command.reply_bytes());
            assert_eq!(M::reply(*command, &payload).as_ref(), Some(reply));
        }
    }

    /// A device of one network is never taken for one of another.
    fn is_foreign<M: Machine, N: Machine>(identity: Identity<M>) {
        let found = to_identity::<N>(&of_identity(&identity));
        assert!(matches!(found, Err(LinkError::Network { device, .. }) if device == M::NAME), "{found:?}");
    }

    proptest! {
        #[test]
        fn payloads_lead_back_to_their_meaning(
            (word, logit, cycles) in any::<(u8, i32, u32)>(),
            (loaded, bad_frames, repeats, hash) in any::<(bool, u16, u16, Option<u32>)>(),
            (sentences, forgotten, steps) in any::<(u8, u16, u32)>(),
            (preset, datapath) in (0..memnet::geometry::PRESETS.len(), 0..6usize),
            (array, memo) in (0..crossbar::geometry::PRESETS.len(), 0..3usize),
        ) {
            let answer = Answer { word, logit, cycles };
            let (geometry, build) = (memnet::geometry::PRESETS[preset], Datapath::all().nth(datapath).unwrap());
            let identity = memnet::Identity { version: VERSION, geometry, build, loaded: hash };
            let progress = Story { sentences, forgotten };
            lead_back::<Memnet>(identity, Status { loaded, progress, bad_frames, repeats, framing_errors: 5 }, &[
                (Command::Sentence, memnet::Reply::Sentences(sentences)),
                (Command::Question, memnet::Reply::Answer(answer)),
            ]);
            is_foreign::<Memnet, Crossbar>(identity);
            let geometry = crossbar::geometry::PRESETS[array];
            let predictor = Predictor::of(&geometry);
            let build = [None, Some(predictor), Some(predictor.serial())][memo];
            let identity = crossbar::Identity { version: VERSION, geometry, build, loaded: hash };
            let progress = Sequence { steps: steps >> 8 };
            lead_back::<Crossbar>(identity, Status { loaded, progress, bad_frames, repeats, framing_errors: 6 }, &[
                (Command::Step, crossbar::Reply::Cycles(cycles)),
                (Command::Symbol, crossbar::Reply::Cycles(cycles)),
                (Command::Answer, crossbar::Reply::Answer(answer)),
                (Command::Memoize, crossbar::Reply::Memoizing),
                (Command::Tally, crossbar::Reply::Number(cycles)),
            ]);
            is_foreign::<Crossbar, Memnet>(identity);
        }

        #[test]
        fn any_bytes_are_a_meaning_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = (to_status::<Memnet>(&bytes).is_ok(), to_identity::<Memnet>(&bytes).is_ok());
            let _ = (to_status::<Crossbar>(&bytes).is_ok(), to_identity::<Crossbar>(&bytes).is_ok());
            for command in Command::ALL {
                let _ = (Memnet::reply(command, &bytes), Crossbar::reply(command, &bytes));
            }
        }
    }

    #[test]
    fn an_identity_that_is_not_ours_names_both_sides() {
        let identity = memnet::Identity { version: VERSION, geometry: TINY, build: Datapath::default(), loaded: None };
        let error = |place: usize, value: u8| {
            let mut payload = of_identity(&identity);
            payload[place] = value;
            to_identity::<Memnet>(&payload).unwrap_err().to_string()
        };
        let versions = format!("the device speaks version 1 of the frames, this host version {VERSION}");
        assert!(error(0, 1).starts_with(&versions));
        assert!(error(1, 9).contains("geometry 9") && error(1, 9).contains("4 (tiny: [4, 8, 8, 24, 8])"));
        assert!(error(10, 16).contains("geometry 4 with sizes [4, 16, 8, 24, 8]"));
        assert!((2..5).all(|place| error(place, 4).contains("where an identity was expected")));
    }
}
