//! The contents of memories at switch-on, put into the configuration of an ECP5 after place and route.
//!
//! Place and route take minutes and do not look at contents. So a *shell* is built: the same Verilog, in which the words of `initial` blocks
//! (lines such as `cells[3] = 16'h1f;`) are pseudo-random ones out of a file. In the shell's configuration each column of bits of a
//! memory is found again among the columns of the block RAMs, and the contents proper take its place. The configuration is the one of a
//! build with these contents, in seconds. (The words come out of files because Yosys takes minutes for thousands of such lines.)

use std::collections::HashMap;
use std::fmt::Write;

use crate::error::Error;

/// The version of what is done here: with another, memories are filled again.
pub(crate) const VERSION: &str = "1";

/// The words of a memory at switch-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The module and the array, as in `engram_top$core.cells`.
    name: String,
    /// Bits of a word.
    bits: usize,
    words: Vec<u64>,
}

/// A word of a memory: the array, the place, the width, and the text before and behind the digits.
fn word(line: &str) -> Option<(&str, usize, usize, u64)> {
    let (array, rest) = line.trim_start().split_once('[')?;
    let (place, rest) = rest.split_once("] = ")?;
    let (bits, digits) = rest.strip_suffix(';')?.split_once("'h")?;
    Some((array, place.parse().ok()?, bits.parse().ok()?, u64::from_str_radix(digits, 16).ok()?))
}

/// The memories of Verilog that have words at switch-on.
pub(crate) fn memories(verilog: &str) -> Vec<Memory> {
    let (mut module, mut memories) = ("", Vec::<Memory>::new());
    for line in verilog.lines() {
        if let Some(header) = line.trim_start().strip_prefix("module ") {
            module = header.split(['(', ' ', ';']).next().unwrap_or(header);
        }
        let Some((array, place, bits, value)) = word(line) else { continue };
        if place == 0 {
            memories.push(Memory { name: format!("{module}.{array}"), bits, words: Vec::new() });
        }
        if let Some(memory) = memories.last_mut() {
            memory.words.push(value);
        }
    }
    memories
}

/// A shell: its Verilog, and the files of words that it reads, by name.
pub(crate) struct Shell {
    pub(crate) verilog: String,
    pub(crate) files: Vec<(String, String)>,
}

impl Shell {
    /// The shell of Verilog; `None` where no memory has words at switch-on.
    pub(crate) fn of(verilog: &str) -> Option<Shell> {
        let (mut text, mut number) = (String::with_capacity(verilog.len()), 0);
        for line in verilog.lines() {
            match word(line) {
                Some((array, 0, ..)) => {
                    let _ = writeln!(text, "   $readmemh(\"{}\", {array});", file(number));
                    number += 1;
                }
                Some(_) => {}
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        let words = |(number, memory): (usize, &Memory)| {
            let words = memory.shell(number).map(|word| format!("{word:x}\n")).collect();
            (file(number), words)
        };
        (number > 0).then(|| Shell { verilog: text, files: memories(verilog).iter().enumerate().map(words).collect() })
    }
}

/// The file of the words of a memory.
fn file(number: usize) -> String {
    format!("memory-{number}.hex")
}

impl Memory {
    /// The words of the shell of the memory with a number.
    fn shell(&self, number: usize) -> impl Iterator<Item = u64> {
        (0..self.words.len()).map(move |place| shell_word(number, place, self.bits))
    }
}

/// A word of the shell: the finaliser of SplitMix64 (Steele et al. 2014) of its place.
fn shell_word(memory: usize, place: usize, bits: usize) -> u64 {
    let mut value = ((memory as u64 + 1) << 32 | place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (value ^ value >> 31) >> (64 - bits.clamp(1, 64))
}

/// Nine-bit words of a block RAM in a configuration.
const BLOCK_WORDS: usize = 2048;

/// The widths that a block RAM may be read in, each with its words: of the narrow ones every ninth bit is not used.
const WIDTHS: [(usize, usize); 6] = [(36, 512), (18, 1024), (9, 2048), (4, 4096), (2, 8192), (1, 16384)];

/// The place of a bit of a word in a block RAM that is read in words of `width`: the nine-bit word, and the bit of it.
fn at(width: usize, address: usize, bit: usize) -> (usize, usize) {
    match width {
        36 | 18 | 9 => (width / 9 * address + bit / 9, bit % 9),
        _ => (address * width / 8, address * width % 8 + bit),
    }
}

/// Bits one after the other, 64 in a number.
type Column = Vec<u64>;

/// A column of a block RAM.
fn column(block: &[u16], width: usize, words: usize, bit: usize) -> Column {
    let mut column = vec![0; words / 64];
    for address in 0..words {
        let (word, bit) = at(width, address, bit);
        column[address / 64] |= u64::from(block[word] >> bit & 1) << (address % 64);
    }
    column
}

/// A part of a column of a memory: the memory, the bit of its words, and the first of its words.
type Part = (usize, usize, usize);

/// The parts of all columns of the shells of memories, by their bits.
fn parts(memories: &[Memory]) -> HashMap<Column, Part> {
    let mut parts = HashMap::new();
    for (number, memory) in memories.iter().enumerate() {
        let shell: Vec<u64> = memory.shell(number).collect();
        for (_, words) in WIDTHS {
            for (bit, first) in
                (0..memory.bits).flat_map(|bit| (0..shell.len()).step_by(words).map(move |at| (bit, at)))
            {
                let mut column = vec![0; words / 64];
                for (address, word) in shell[first..].iter().take(words).enumerate() {
                    column[address / 64] |= (word >> bit & 1) << (address % 64);
                }
                parts.insert(column, (number, bit, first));
            }
        }
    }
    parts
}

/// Puts contents into the text of a shell's configuration.
///
/// The error is a memory that the block RAMs do not have, or a block RAM with more in it than memories.
pub(crate) fn fill(configuration: &str, verilog: &str) -> Result<String, Error> {
    let memories = memories(verilog);
    let parts = parts(&memories);
    let (mut text, mut filled) = (String::with_capacity(configuration.len()), HashMap::<Part, usize>::new());
    let mut lines = configuration.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        if !line.starts_with(".bram_init ") {
            continue;
        }
        let mut block = Vec::with_capacity(BLOCK_WORDS);
        while block.len() < BLOCK_WORDS {
            let row = lines.next().unwrap_or_default();
            let words: Result<Vec<u16>, _> = row.split(' ').map(|word| u16::from_str_radix(word, 16)).collect();
            let words =
                words.map_err(|_| unlike(format!("{line}: {row:?} is no row of words in hexadecimal digits")))?;
            block.extend(words);
        }
        fill_block(&mut block, &memories, &parts, &mut filled).map_err(|reason| unlike(format!("{line}: {reason}")))?;
        for row in block.chunks(8) {
            let row: Vec<String> = row.iter().map(|word| format!("{word:03x}")).collect();
            text.push_str(&row.join(" "));
            text.push('\n');
        }
    }
    for (number, Memory { name, bits, words }) in memories.iter().enumerate() {
        for bit in 0..*bits {
            let found = filled.iter().filter(|((of, column, _), _)| (*of, *column) == (number, bit));
            let found: usize = found.map(|(_, words)| words).sum();
            if found < words.len() {
                return Err(unlike(format!("bit {bit} of {name} is there for {found} of {} words", words.len())));
            }
        }
    }
    Ok(text)
}

fn unlike(reason: String) -> Error {
    Error::Contents { reason }
}

/// Puts contents into a block RAM, and notes how many words of which columns it has.
fn fill_block(
    block: &mut [u16],
    memories: &[Memory],
    parts: &HashMap<Column, Part>,
    filled: &mut HashMap<Part, usize>,
) -> Result<(), String> {
    for (width, words) in WIDTHS {
        let columns = (0..width).map(|bit| (bit, column(block, width, words, bit)));
        let columns: Vec<(usize, Column)> =
            columns.filter(|(_, column)| column.iter().any(|&bits| bits != 0)).collect();
        let known: Vec<(usize, Part)> =
            columns.iter().filter_map(|(bit, column)| Some((*bit, *parts.get(column)?))).collect();
        if known.is_empty() {
            continue;
        }
        if known.len() < columns.len() {
            return Err(format!("{} of {} columns are those of memories", known.len(), columns.len()));
        }
        for (bit, part @ (memory, column, first)) in known {
            let contents = &memories[memory].words[first..];
            for address in 0..words {
                let (word, place) = at(width, address, bit);
                let value = contents.get(address).map_or(0, |word| word >> column & 1);
                block[word] = block[word] & !(1 << place) | (value as u16) << place;
            }
            filled.insert(part, contents.len().min(words));
        }
        return Ok(());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two memories, one of 1,024 words of 18 bits and one of 64 words of 4.
    fn verilog(word: impl Fn(usize, usize) -> u64) -> String {
        let block = |number: usize, words: usize, bits: usize| {
            let lines =
                (0..words).map(|at| format!("   cells[{at}] = {bits}'h{:x};\n", word(number, at) & ((1 << bits) - 1)));
            format!("module m{number}(input clock);\ninitial begin\n{}end\nendmodule\n", lines.collect::<String>())
        };
        block(0, 1024, 18) + &block(1, 64, 4)
    }

    /// The configuration of both: the first in a block RAM of 18 bits, the second in the lowest columns of one of 4.
    fn configuration(verilog: &str, words: impl Fn(&Memory, usize) -> Vec<u64>) -> String {
        let memories = memories(verilog);
        let mut text = ".device LFE5U-25F\n\n".to_string();
        for (number, (width, memory)) in [18, 4].into_iter().zip(&memories).enumerate() {
            let mut block = [0u16; BLOCK_WORDS];
            for (address, word) in words(memory, number).into_iter().enumerate() {
                for bit in 0..memory.bits {
                    let (row, place) = at(width, address, bit);
                    block[row] |= ((word >> bit & 1) as u16) << place;
                }
            }
            text += &format!(".bram_init {}\n", number + 3);
            for row in block.chunks(8) {
                text += &row.iter().map(|word| format!("{word:03x}")).collect::<Vec<_>>().join(" ");
                text += "\n";
            }
            text += "\n";
        }
        text
    }

    #[test]
    fn contents_take_the_place_of_the_shell() {
        let program = verilog(|number, at| if number == 0 { (at * at) as u64 } else { 0 });
        let shell = Shell::of(&program).unwrap();
        assert_eq!(shell.verilog.matches("$readmemh").count(), 2);
        assert_eq!(shell.verilog, Shell::of(&verilog(|_, at| at as u64)).unwrap().verilog, "whatever the contents are");
        assert_eq!(shell.files[1].1.lines().count(), 64);
        assert!(Shell::of("module top(input clock);\nendmodule\n").is_none());
        let placed = configuration(&program, |memory, number| memory.shell(number).collect());
        let expected = configuration(&program, |memory, _| memory.words.clone());
        assert!(fill(&placed, &program).unwrap() == expected);
    }

    #[test]
    fn a_configuration_that_is_not_the_shells_is_refused() {
        let program = verilog(|_, at| at as u64);
        let placed = configuration(&program, |memory, number| memory.shell(number).collect());
        let refusal = |placed: &str| fill(placed, &program).unwrap_err().to_string();
        // One memory is left out; one bit is another; a row is torn.
        let first = placed.split(".bram_init 4").next().unwrap();
        assert!(refusal(first).contains("bit 0 of m1.cells is there for 0 of 64 words"), "{}", refusal(first));
        let (row, rest) = placed.split_once(".bram_init 3\n").unwrap();
        let flipped =
            format!("{row}.bram_init 3\n{:03x}{}", u16::from_str_radix(&rest[..3], 16).unwrap() ^ 1, &rest[3..]);
        assert!(
            refusal(&flipped).contains(".bram_init 3: 17 of 18 columns are those of memories"),
            "{}",
            refusal(&flipped)
        );
        let torn = &placed[..placed.len() - 200];
        assert!(refusal(torn).contains("is no row of words in hexadecimal digits"), "{}", refusal(torn));
    }
}
