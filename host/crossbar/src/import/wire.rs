//! The wire format of protocol buffers, walked before an ONNX file is read: the reader makes room for what a length says.

/// The messages of ONNX that have others in them.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Value,
    Type,
    Other,
}

impl Message {
    /// The message of a field; `None` of bytes and packed numbers.
    fn field(self, number: u64) -> Option<Message> {
        use Message::{Attribute, Graph, Model, Node, Other, Type, Value};
        Some(match (self, number) {
            (Model, 7) | (Attribute, 6) => Graph,
            (Model, 8 | 14) | (Graph, 5) | (Attribute, 5) => Other,
            (Graph, 1) => Node,
            (Graph, 11..=13) => Value,
            (Node, 5) => Attribute,
            (Value, 2) | (Type, 4) => Type,
            (Type, 1) => Type,
            _ => return None,
        })
    }
}

/// Graphs within graphs, and what is in them, down to this depth.
const DEPTH: usize = 24;

/// Whether the lengths of all fields of a model lie within what holds them.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    !bytes.is_empty() && message(Message::Model, bytes, DEPTH)
}

fn message(kind: Message, mut bytes: &[u8], depth: usize) -> bool {
    while !bytes.is_empty() {
        let Some(key) = number(&mut bytes) else { return false };
        let length = match key & 7 {
            0 => {
                if number(&mut bytes).is_none() {
                    return false;
                }
                continue;
            }
            1 => 8,
            2 => match number(&mut bytes).map(usize::try_from) {
                Some(Ok(length)) => length,
                _ => return false,
            },
            5 => 4,
            _ => return false,
        };
        let Some((field, rest)) = bytes.split_at_checked(length) else { return false };
        if let (2, Some(inner)) = (key & 7, kind.field(key >> 3))
            && (depth == 0 || !message(inner, field, depth - 1))
        {
            return false;
        }
        bytes = rest;
    }
    true
}

/// A number of up to ten bytes with seven bits each.
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for place in 0..10 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_lie_within_what_holds_them() {
        // A model with version 8, and a graph with a node of no content.
        let good = [0x08, 8, 0x3a, 2, 0x0a, 0];
        assert!(is_whole(&good));
        for bad in [
            &good[..5],
            &[0x3a, 2, 0x0a, 1],
            &[0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            &[0x0b],
            &[0xff; 11],
            &[],
        ] {
            assert!(!is_whole(bad), "{bad:x?}");
        }
        // A graph in an attribute of a node of a graph, and so on without end.
        let deep = (0..40).fold(Vec::new(), |inner: Vec<u8>, _| {
            let within = |tag: u8, of: Vec<u8>| [vec![tag, of.len().min(100) as u8], of].concat();
            within(0x3a, within(0x0a, within(0x2a, within(0x32, inner))))
        });
        assert!(!is_whole(&deep));
    }
}
