//! The contents of requests and replies: items put together, replies taken apart.

use engram_spec::frame::{BRIEF, CONTENT_MAX, Command, REPLY_BEFORE, VERSION};

use crate::codec::CRC_BYTES;

/// A part of a request: a command with its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The command.
    pub command: Command,
    /// The command's payload, at most 248 bytes.
    pub payload: Vec<u8>,
    /// Whether the reply is to have nothing of it.
    pub brief: bool,
}

impl Item {
    /// An item that is replied to.
    pub fn new(command: Command, payload: &[u8]) -> Item {
        Item { command, payload: payload.to_vec(), brief: false }
    }

    /// The same without a payload in the reply.
    pub fn brief(self) -> Item {
        Item { brief: true, ..self }
    }

    /// Bytes of its payload in the reply.
    pub fn reply_bytes(&self) -> usize {
        if self.brief { 0 } else { self.command.reply_bytes() }
    }

    /// Bytes of it in the request.
    fn bytes(&self) -> usize {
        2 + self.payload.len()
    }
}

/// The content of a request, without its CRC.
pub fn request(number: u8, items: &[Item]) -> Vec<u8> {
    let part = |item: &Item| (item.command as u8 | if item.brief { BRIEF } else { 0 }, item.payload.clone());
    content(number, &items.iter().map(part).collect::<Vec<_>>())
}

/// The content of a request of any commands with their payloads, of at most 255 bytes, whether there are such commands or not, without its CRC.
pub fn content(number: u8, items: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut content = vec![number];
    for (place, (command, payload)) in items.iter().enumerate() {
        content.push(*command);
        if !(payload.is_empty() && place + 1 == items.len()) {
            content.push(payload.len() as u8);
        }
        content.extend(payload);
    }
    content
}

/// The number of items, from the first, that one frame has room for, and its reply too; at least one.
pub fn fitting(items: &[Item]) -> usize {
    let (mut bytes, mut reply) = (1 + CRC_BYTES, 1);
    let fits = |item: &&Item| {
        let fits = bytes + item.bytes() <= CONTENT_MAX && reply <= REPLY_BEFORE;
        bytes += item.bytes();
        reply += item.reply_bytes();
        fits
    };
    items.iter().take_while(fits).count().max(1)
}

/// A reply taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The number of the request.
    pub number: u8,
    /// The payloads of the items that were carried out.
    pub payload: &'a [u8],
    /// Where an item was refused: the number of items that were carried out before, and the refusal's number.
    pub refused: Option<(usize, u8)>,
}

impl Reply<'_> {
    /// The reply with this content, without its CRC; `None` where it is none.
    pub fn of(content: &[u8]) -> Option<Reply<'_>> {
        match content {
            [number, payload @ .., 0] => Some(Reply { number: *number, payload, refused: None }),
            [number, payload @ .., done, refusal] => {
                Some(Reply { number: *number, payload, refused: Some((usize::from(*done), *refusal)) })
            }
            _ => None,
        }
    }
}

/// The version in a reply to identify by a device whose frames are of an earlier version, which had the refusal behind the number.
pub fn earlier_version(content: &[u8]) -> Option<u8> {
    match content {
        [_, 0, version, rest @ ..]
            if (1..VERSION).contains(version) && rest.len() + 1 == Command::Identify.reply_bytes() =>
        {
            Some(*version)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::frame::REPLY_MAX;

    #[test]
    fn a_frame_takes_what_it_and_its_reply_have_room_for() {
        let rows = vec![Item::new(Command::Row, &[0; 34]); 9];
        assert_eq!(fitting(&rows), 6);
        assert_eq!(request(1, &rows[..6]).len() + CRC_BYTES, 219);
        assert_eq!(fitting(&[Item::new(Command::Row, &[0; 255])]), 1);
        let questions = vec![Item::new(Command::Question, &[0; 4]); 9];
        assert_eq!(fitting(&questions), 5);
        const { assert!(1 + 5 * 9 + 2 + CRC_BYTES <= REPLY_MAX) };
        let steps: Vec<Item> = vec![Item::new(Command::Symbol, &[1]).brief(); 200];
        assert_eq!(fitting(&steps), 83);
        assert_eq!(request(1, &steps[..83]).len() + CRC_BYTES, 252);
    }

    #[test]
    fn the_last_item_has_no_length_where_it_has_no_payload() {
        let (clear, status) = (Item::new(Command::Clear, &[]), Item::new(Command::Status, &[]));
        assert_eq!(request(7, &[clear.brief(), status]), [7, 0x85, 0, 8]);
        assert_eq!(request(1, &[Item::new(Command::Identify, &[])]), [1, 1]);
    }

    #[test]
    fn replies_are_taken_apart_from_their_end() {
        assert_eq!(Reply::of(&[3, 8, 9, 0]), Some(Reply { number: 3, payload: &[8, 9], refused: None }));
        assert_eq!(Reply::of(&[3, 8, 1, 6]), Some(Reply { number: 3, payload: &[8], refused: Some((1, 6)) }));
        assert_eq!(Reply::of(&[0, 0, 1]), Some(Reply { number: 0, payload: &[], refused: Some((0, 1)) }));
        assert_eq!((Reply::of(&[3, 1]), Reply::of(&[0])), (None, None));
        let earlier = [1, 0, 5, 2, 3, 0, 0, 0, 0, 0, 0, 32, 32, 64, 192, 16];
        assert_eq!((earlier_version(&earlier), earlier_version(&earlier[1..])), (Some(5), None));
    }
}
