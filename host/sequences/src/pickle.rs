//! Reader of Python's pickled objects: only what they hold, nothing is carried out.
//!
//! A pickle is a program for a machine with a stack and a memo ("pickletools" in Python's library documents it). This one
//! knows the operations with which containers, numbers, texts and NumPy's arrays are written by protocol 2; a call that the
//! program asks for stands in the result as a [`Node::Call`].

use std::collections::HashMap;

/// The content of a pickle: values that refer to one another by number.
#[derive(Debug)]
pub struct Pickle {
    nodes: Vec<Node>,
    root: usize,
}

/// A value; `usize` is the number of another one.
#[derive(Debug)]
pub enum Node {
    None,
    /// A whole number; a truth value is 0 or 1, as in Python.
    Integer(i64),
    Text(String),
    Tuple(Vec<usize>),
    List(Vec<usize>),
    Dictionary(Vec<(usize, usize)>),
    /// A module and a name in it.
    Global(String),
    /// A function that would be called with a tuple, and the state that the result would be given.
    Call {
        function: usize,
        arguments: usize,
        state: Option<usize>,
    },
}

impl Pickle {
    /// Reads a pickle; an error says what was found at which byte.
    pub fn read(bytes: &[u8]) -> Result<Pickle, String> {
        let mut machine =
            Machine { bytes, position: 0, nodes: vec![], stack: vec![], marks: vec![], memo: HashMap::new() };
        let root = machine.run()?;
        Ok(Pickle { nodes: machine.nodes, root })
    }

    /// The value that was pickled.
    pub fn root(&self) -> &Node {
        self.node(self.root)
    }

    /// The value of a number.
    pub fn node(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    /// The values of some numbers.
    pub fn all<'a>(&'a self, numbers: &'a [usize]) -> impl Iterator<Item = &'a Node> {
        numbers.iter().map(|&number| self.node(number))
    }

    /// The value that a dictionary has under a text.
    pub fn entry(&self, dictionary: &Node, key: &str) -> Option<&Node> {
        let Node::Dictionary(entries) = dictionary else { return None };
        let is_key = |number| matches!(self.node(number), Node::Text(text) if text == key);
        entries.iter().find(|&&(number, _)| is_key(number)).map(|&(_, value)| self.node(value))
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    position: usize,
    nodes: Vec<Node>,
    stack: Vec<usize>,
    /// The heights of the stack where marks were set.
    marks: Vec<usize>,
    memo: HashMap<u32, usize>,
}

impl Machine<'_> {
    fn run(&mut self) -> Result<usize, String> {
        loop {
            let at = self.position;
            let [operation] = self.take()?;
            match operation {
                b'\x80' => self.protocol()?,
                b'.' => return self.pop(),
                b'(' => self.marks.push(self.stack.len()),
                b'N' => self.push(Node::None),
                b'\x88' => self.push(Node::Integer(1)),
                b'\x89' => self.push(Node::Integer(0)),
                b'K' => self.integer::<1>(|bytes| bytes[0].into())?,
                b'M' => self.integer::<2>(|bytes| u16::from_le_bytes(bytes).into())?,
                b'J' => self.integer::<4>(|bytes| i32::from_le_bytes(bytes).into())?,
                b'X' => self.text()?,
                b'c' => self.global()?,
                b')' => self.push(Node::Tuple(vec![])),
                b']' => self.push(Node::List(vec![])),
                b'}' => self.push(Node::Dictionary(vec![])),
                b'\x85' => self.tuple(1)?,
                b'\x86' => self.tuple(2)?,
                b'\x87' => self.tuple(3)?,
                b't' => {
                    let items = self.above_mark()?;
                    self.push(Node::Tuple(items));
                }
                b'a' => {
                    let item = self.pop()?;
                    self.append(vec![item])?;
                }
                b'e' => {
                    let items = self.above_mark()?;
                    self.append(items)?;
                }
                b'u' => self.set_items()?,
                b'R' => {
                    let (arguments, function) = (self.pop()?, self.pop()?);
                    self.push(Node::Call { function, arguments, state: None });
                }
                b'b' => self.build()?,
                b'q' => self.put::<1>(|bytes| bytes[0].into())?,
                b'r' => self.put::<4>(u32::from_le_bytes)?,
                b'h' => self.get::<1>(|bytes| bytes[0].into())?,
                b'j' => self.get::<4>(u32::from_le_bytes)?,
                other => {
                    return Err(format!(
                        "its pickle has the operation {other:#04x} at byte {at}, which no array needs"
                    ));
                }
            }
        }
    }

    fn wrong(&self, what: &str) -> String {
        format!("its pickle has {what} before byte {}", self.position)
    }

    fn slice(&mut self, length: usize) -> Result<&[u8], String> {
        let end = self.position.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| format!("its pickle ends at byte {}", self.bytes.len()))?;
        Ok(&self.bytes[std::mem::replace(&mut self.position, end)..end])
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.slice(N)?);
        Ok(bytes)
    }

    fn push(&mut self, node: Node) {
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
    }

    fn pop(&mut self) -> Result<usize, String> {
        let bottom = self.marks.last().copied().unwrap_or(0);
        let top = if self.stack.len() > bottom { self.stack.pop() } else { None };
        top.ok_or_else(|| self.wrong("an empty stack"))
    }

    fn above_mark(&mut self) -> Result<Vec<usize>, String> {
        let mark = self.marks.pop().ok_or_else(|| self.wrong("no mark"))?;
        Ok(self.stack.split_off(mark))
    }

    fn protocol(&mut self) -> Result<(), String> {
        match self.take()? {
            [..=2] => Ok(()),
            [version] => Err(format!("its pickle has protocol {version}, but must have 2")),
        }
    }

    fn integer<const N: usize>(&mut self, value: fn([u8; N]) -> i64) -> Result<(), String> {
        let bytes = self.take()?;
        self.push(Node::Integer(value(bytes)));
        Ok(())
    }

    fn text(&mut self) -> Result<(), String> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let text = String::from_utf8(self.slice(length)?.to_vec());
        let text = text.map_err(|_| self.wrong("a text that is not UTF-8"))?;
        self.push(Node::Text(text));
        Ok(())
    }

    /// A module and a name, a line each.
    fn global(&mut self) -> Result<(), String> {
        let mut lines = [String::new(), String::new()];
        for line in &mut lines {
            let rest = &self.bytes[self.position..];
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            *line = String::from_utf8_lossy(self.slice(length + 1)?).trim_end().to_string();
        }
        self.push(Node::Global(lines.join(".")));
        Ok(())
    }

    fn tuple(&mut self, length: usize) -> Result<(), String> {
        let mut items = (0..length).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        items.reverse();
        self.push(Node::Tuple(items));
        Ok(())
    }

    /// The value on top of the stack.
    fn top(&mut self) -> Result<&mut Node, String> {
        let top = self.pop()?;
        self.stack.push(top);
        Ok(&mut self.nodes[top])
    }

    fn append(&mut self, mut items: Vec<usize>) -> Result<(), String> {
        match self.top()? {
            Node::List(list) => list.append(&mut items),
            _ => return Err(self.wrong("items for what is no list")),
        }
        Ok(())
    }

    fn set_items(&mut self) -> Result<(), String> {
        let items = self.above_mark()?;
        let Ok(Node::Dictionary(entries)) = self.top() else {
            return Err(self.wrong("entries for what is no dictionary"));
        };
        entries.extend(items.chunks_exact(2).map(|pair| (pair[0], pair[1])));
        Ok(())
    }

    fn build(&mut self) -> Result<(), String> {
        let given = self.pop()?;
        match self.top()? {
            Node::Call { state, .. } => *state = Some(given),
            _ => return Err(self.wrong("a state for what was not made by a call")),
        }
        Ok(())
    }

    fn put<const N: usize>(&mut self, key: fn([u8; N]) -> u32) -> Result<(), String> {
        let key = key(self.take()?);
        let top = self.pop()?;
        self.stack.push(top);
        self.memo.insert(key, top);
        Ok(())
    }

    fn get<const N: usize>(&mut self, key: fn([u8; N]) -> u32) -> Result<(), String> {
        let key = key(self.take()?);
        let number = self.memo.get(&key).copied().ok_or_else(|| self.wrong("an empty place of the memo"))?;
        self.stack.push(number);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `pickle.dumps({"a": [1, 300, -2, None, True], "b": ("x", "y", "é")}, 2)`, as Python 3 writes it.
    const PICKLED: &[u8] = b"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01M,\x01J\xfe\xff\xff\xffN\x88e\
        X\x01\x00\x00\x00bq\x03X\x01\x00\x00\x00xq\x04X\x01\x00\x00\x00yq\x05X\x02\x00\x00\x00\xc3\xa9q\x06\x87q\x07u.";

    #[test]
    fn containers_are_read() {
        let pickle = Pickle::read(PICKLED).unwrap();
        let Some(Node::List(items)) = pickle.entry(pickle.root(), "a") else { panic!("{pickle:?}") };
        let integers: Vec<Option<i64>> =
            pickle.all(items).map(|item| if let Node::Integer(value) = item { Some(*value) } else { None }).collect();
        assert_eq!(integers, [Some(1), Some(300), Some(-2), None, Some(1)]);
        let Some(Node::Tuple(items)) = pickle.entry(pickle.root(), "b") else { panic!("{pickle:?}") };
        assert!(matches!(pickle.node(items[2]), Node::Text(text) if text == "é"));
        assert!(pickle.entry(pickle.root(), "c").is_none());
    }

    #[test]
    fn calls_are_kept_and_not_made() {
        let pickle = Pickle::read(b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R}b.").unwrap();
        let Node::Call { function, arguments, state: Some(state) } = pickle.root() else { panic!("{pickle:?}") };
        assert!(matches!(pickle.node(*function), Node::Global(name) if name == "os.system"));
        assert!(matches!(pickle.node(*arguments), Node::Tuple(items) if items.len() == 1));
        assert!(matches!(pickle.node(*state), Node::Dictionary(_)));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (bytes, told) in [
            (&b"\x80\x04."[..], "protocol 4"),
            (b".", "empty stack"),
            (b"(K\x01\x86.", "empty stack"),
            (b"e", "no mark"),
            (b"h\x00", "memo"),
            (b"N(N\x65.", "no list"),
            (b"N(NNu.", "no dictionary"),
            (b"NNb.", "a call"),
            (b"X\xff\xff\xff\xffa", "pickle ends at byte"),
            (b"X\x01\x00\x00\x00\xff.", "UTF-8"),
            (b"Q", "0x51"),
            (b"cos", "pickle ends at byte"),
        ] {
            let error = Pickle::read(bytes).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_torn_pickle_is_read(end in 0..PICKLED.len()) {
            prop_assert!(Pickle::read(&PICKLED[..end]).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(
            proptest::sample::select(&b"\x80\x02(.N\x88KMJXc)]}\x85\x86\x87taeuRbqrhj\n\x00\x01"[..]), 0..60)
        ) {
            _ = Pickle::read(&bytes);
        }
    }
}
