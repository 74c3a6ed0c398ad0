//! Plain text out of the bytes of a file: its encoding, one form for its line ends and characters, and places in it.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A fault at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault<R> {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The fault.
    pub reason: R,
}

impl<R> Fault<R> {
    /// The same place with another account of the fault.
    pub fn map<S>(self, other: impl FnOnce(R) -> S) -> Fault<S> {
        Fault { line: self.line, column: self.column, reason: other(self.reason) }
    }
}

impl<R: fmt::Display> fmt::Display for Fault<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// A byte that UTF-8 does not have there.
    #[error(
        "the byte {0:#04X} is no UTF-8 (in Windows-1252 and Latin-1 it is '{latin}'): save the file as UTF-8, for example with \
         `iconv -f WINDOWS-1252 -t UTF-8`",
        latin = char::from(*.0)
    )]
    NotUtf8(u8),
    /// A file that begins as UTF-16 and does not go on so.
    #[error("the file begins as UTF-16, but is damaged here: save it again, as UTF-8")]
    NotUtf16,
    /// A character 0.
    #[error("the file has a character 0, which no text has: if it is UTF-16 or UTF-32, save it as UTF-8")]
    Nul,
}

/// The bytes of a file of at most so many MiB, so that an endless file ends in an error.
pub fn read_bytes(path: &Path, mebibytes: u64) -> io::Result<Vec<u8>> {
    let (mut bytes, limit) = (Vec::new(), mebibytes << 20);
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let text = format!("it has more than {mebibytes} MiB: give a part of it");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

/// The text of some bytes: UTF-8, or UTF-16 behind a byte order mark. The mark is left out, line ends become `\n`, and
/// characters are composed ([`compose`]), so that a text is the same whichever way it was saved. Other encodings are refused.
///
/// ```
/// use engram_babi::encoding::decode;
/// assert_eq!(decode("\u{feff}cafe\u{301}\r\n".as_bytes()).unwrap(), "café\n");
/// let latin = decode(b"one\ncaf\xe9").unwrap_err();
/// assert_eq!((latin.line, latin.column), (2, 4));
/// ```
pub fn decode(bytes: &[u8]) -> Result<String, Fault<EncodingError>> {
    let text = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(after("", EncodingError::Nul)),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(utf8(rest)?),
        _ => Cow::Borrowed(utf8(bytes)?),
    };
    match text.find('\0') {
        Some(place) => Err(after(&text[..place], EncodingError::Nul)),
        None => Ok(one_form(&text)),
    }
}

/// A text with line ends `\n` and composed characters.
pub fn one_form(text: &str) -> String {
    let composed = compose(text);
    if composed.contains('\r') { composed.replace("\r\n", "\n").replace('\r', "\n") } else { composed.into_owned() }
}

/// A text whose characters are composed (NFC): `é` is one character, however it was typed.
pub fn compose(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Fault<EncodingError>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let before = String::from_utf8_lossy(before);
        after(&before, EncodingError::NotUtf8(rest.first().copied().unwrap_or_default()))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault<EncodingError>> {
    let (units, torn) = bytes.as_chunks::<2>();
    let decoded = char::decode_utf16(units.iter().copied().map(unit));
    let mut text = String::with_capacity(bytes.len());
    for character in decoded {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(after(&text, EncodingError::NotUtf16)),
        }
    }
    if torn.is_empty() { Ok(text) } else { Err(after(&text, EncodingError::NotUtf16)) }
}

/// A fault behind some text.
fn after<R>(before: &str, reason: R) -> Fault<R> {
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    Fault { line, column, reason }
}

/// The place of a part within the line that it is a slice of: its first character, counted from 1.
pub fn column(line: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
    1 + line.get(..offset).map_or(0, |before| before.chars().count())
}

/// A character that nobody sees and that makes words differ: a control character other than a tab, a byte order mark
/// inside a text, a space without width. Gives its column, counted from 1.
pub fn invisible(line: &str) -> Option<(usize, char)> {
    let is_invisible = |c: char| c != '\t' && c.is_control() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}');
    (1..).zip(line.chars()).find(|&(_, c)| is_invisible(c))
}

/// As much of a text as a message can show, with escapes for what a terminal would obey.
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    for c in characters.by_ref().take(40) {
        match c {
            '\t' => shown.push_str("\\t"),
            '\n' => shown.push_str("\\n"),
            c if c.is_control() || invisible(c.encode_utf8(&mut [0; 4])).is_some() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    if characters.next().is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16_of(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn a_text_is_the_same_however_it_was_saved() {
        let text = "Zoë went\nà l'école, 東京 \u{1F600}\n";
        let decomposed: String = text.nfd().collect();
        let ways = [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            decomposed.clone().into_bytes(),
            utf16_of(text, [0xff, 0xfe], u16::to_le_bytes),
            utf16_of(&decomposed, [0xfe, 0xff], u16::to_be_bytes),
        ];
        ways.iter().for_each(|bytes| assert_eq!(decode(bytes).as_deref(), Ok(text)));
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let refused = |bytes: &[u8]| decode(bytes).unwrap_err();
        let latin = refused(b"ab\nc\xe9d");
        assert_eq!(latin, Fault { line: 2, column: 2, reason: EncodingError::NotUtf8(0xe9) });
        let message = latin.to_string();
        assert!(message.starts_with("line 2, column 2: the byte 0xE9 is no UTF-8"), "{message}");
        assert!(message.contains("'é'") && message.contains("iconv"), "{message}");
        let nul = |line, column| Fault { line, column, reason: EncodingError::Nul };
        assert_eq!(refused(b"a\0b\0"), nul(1, 2));
        assert_eq!(refused(&[0xff, 0xfe, 0, 0, 97, 0, 0, 0]), nul(1, 1));
        let torn = Fault { line: 1, column: 2, reason: EncodingError::NotUtf16 };
        assert_eq!(refused(&[0xff, 0xfe, 97, 0, 98]), torn);
        assert_eq!(refused(&[0xfe, 0xff, 0, 97, 0xd8, 0, 0, 97]), torn);
    }

    #[test]
    fn an_endless_file_is_refused() {
        let error = read_bytes(Path::new("/dev/zero"), 1).unwrap_err();
        assert!(error.to_string().contains("more than 1 MiB"), "{error}");
        assert!(read_bytes(Path::new("nowhere"), 1).is_err());
    }

    #[test]
    fn places_are_counted_in_characters() {
        let line = "ééé abc";
        assert_eq!(column(line, line.split(' ').nth(1).unwrap()), 5);
        assert_eq!((column(line, line), column(line, "elsewhere") > 0), (1, true));
        assert_eq!(invisible("ab\tc"), None);
        assert_eq!(invisible("é\u{7}"), Some((2, '\u{7}')));
        assert_eq!(invisible("a\u{feff}"), Some((2, '\u{feff}')));
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_an_escape() {
        assert_eq!(shown("a\u{1b}[31m\tb\u{200b}"), "a\\u{1b}[31m\\tb\\u{200b}");
        assert_eq!(shown(&"é".repeat(41)), "é".repeat(40) + "...");
        assert_eq!(shown("don't"), "don't");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(text) = decode(&bytes) {
                prop_assert!(!text.contains(['\0', '\r']));
                prop_assert_eq!(one_form(&text), text);
            }
        }
    }
}
