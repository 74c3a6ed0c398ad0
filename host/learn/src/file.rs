//! The file of a model: safetensors, with metadata in JSON and a checksum, written whole or not at all.
//!
//! A network names its metadata in a [`Layout`]. [`Writer`] writes a file, [`Reader`] reads one and checks what it says: each error
//! names what was found and what was expected.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use half::{bf16, f16};
use safetensors::tensor::{SafeTensors, TensorView};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use safetensors::tensor::Dtype;

/// The metadata of a network's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The version of the layout, which the first metadata holds.
    pub version: u32,
    /// The names of the metadata in the order in which the checksum takes them. The first tells the network's files from others.
    pub keys: &'static [&'static str],
}

/// The metadata with the checksum: CRC-32 (ISO-HDLC) of the other metadata and the tensors. A file may lack it.
const CHECKSUM: &str = "checksum";

/// A tensor of a file: its name, the type of its numbers and its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The name.
    pub name: &'static str,
    /// The type: F32 numbers or I8 codes.
    pub dtype: Dtype,
    /// The shape, row-major.
    pub shape: Vec<usize>,
}

/// An error of writing or reading a model.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file is no whole safetensors file.
    #[error("{}: found a damaged or foreign file ({reason}), expected a .safetensors file; fetch or train it again", path.display())]
    Torn {
        /// The file.
        path: PathBuf,
        /// The damage.
        reason: String,
    },
    /// The file is a safetensors file, but no model of this network.
    #[error("{}: found a safetensors file without engram's metadata '{key}', expected a model written by `engram train`; `engram quantize` reads weights from elsewhere", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The metadata that it lacks.
        key: &'static str,
    },
    /// The file has a layout that this program does not know.
    #[error("{}: found version '{found}' of the model's layout, expected {expected}; use the engram that wrote it, or train again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: String,
        /// The version that this program knows.
        expected: u32,
    },
    /// The file contradicts itself.
    #[error("{}: found {found}, expected {expected}; train the model again", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// The content of the file.
        found: String,
        /// The content that would be right.
        expected: String,
    },
}

/// A model's file that is to be written.
#[derive(Debug)]
pub struct Writer<'a> {
    path: &'a Path,
    layout: Layout,
    metadata: HashMap<String, String>,
    tensors: Vec<(Extent, Vec<u8>)>,
}

impl<'a> Writer<'a> {
    /// A file without content, but for the version of its layout.
    pub fn new(path: &'a Path, layout: Layout) -> Writer<'a> {
        let metadata = HashMap::from([(layout.keys[0].to_string(), layout.version.to_string())]);
        Writer { path, layout, metadata, tensors: Vec::new() }
    }

    /// Adds metadata as JSON.
    pub fn describe(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), FileError> {
        let json = serde_json::to_string(value).map_err(|error| self.io(std::io::Error::other(error)))?;
        self.metadata.insert(key.to_string(), json);
        Ok(())
    }

    /// Adds a tensor by its bytes ([`bytes_of_numbers`], [`bytes_of_codes`]).
    pub fn tensor(&mut self, extent: Extent, bytes: Vec<u8>) {
        self.tensors.push((extent, bytes));
    }

    /// Writes the file, whole or not at all. Errors: a folder that is missing or full.
    pub fn write(mut self) -> Result<(), FileError> {
        let checksum = checksum(self.layout, &self.metadata, self.tensors.iter().map(|(_, bytes)| bytes.as_slice()));
        self.metadata.insert(CHECKSUM.to_string(), checksum.to_string());
        let views = self
            .tensors
            .iter()
            .map(|(Extent { name, dtype, shape }, bytes)| Ok((*name, TensorView::new(*dtype, shape.clone(), bytes)?)));
        let views = views.collect::<Result<Vec<_>, _>>();
        let bytes = views.and_then(|views| safetensors::serialize(views, Some(self.metadata.clone())));
        let bytes = bytes.map_err(|error| self.io(std::io::Error::other(error)))?;
        engram_files::write(self.path, &bytes).map_err(|error| self.io(error))
    }

    fn io(&self, source: std::io::Error) -> FileError {
        FileError::Io { path: self.path.to_path_buf(), source }
    }
}

/// A model's file that was read.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    layout: Layout,
    bytes: Vec<u8>,
    metadata: HashMap<String, String>,
}

impl Reader {
    /// Reads a file and checks the version of its layout.
    pub fn open(path: &Path, layout: Layout) -> Result<Reader, FileError> {
        let bytes = read(path)?;
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| torn(path, error))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let reader = Reader { path: path.to_path_buf(), layout, bytes, metadata };
        let found = reader.value(layout.keys[0])?;
        if found != layout.version.to_string() {
            let (path, found) = (reader.path.clone(), found.to_string());
            return Err(FileError::Version { path, found, expected: layout.version });
        }
        Ok(reader)
    }

    fn value(&self, key: &'static str) -> Result<&str, FileError> {
        let value = self.metadata.get(key).map(String::as_str);
        value.ok_or_else(|| FileError::Foreign { path: self.path.clone(), key })
    }

    /// Metadata that the file must have.
    pub fn json<T: DeserializeOwned>(&self, key: &'static str) -> Result<T, FileError> {
        let wrong =
            |error| self.inconsistent(format!("metadata '{key}' that cannot be read ({error})"), "engram's JSON");
        serde_json::from_str(self.value(key)?).map_err(wrong)
    }

    /// Metadata that the file may lack.
    pub fn optional<T: DeserializeOwned>(&self, key: &'static str) -> Result<Option<T>, FileError> {
        self.metadata.contains_key(key).then(|| self.json(key)).transpose()
    }

    /// The bytes of tensors, of which the types and shapes are checked, and the checksum of the file.
    pub fn tensors(&self, extents: &[Extent]) -> Result<Vec<&[u8]>, FileError> {
        let file = SafeTensors::deserialize(&self.bytes).map_err(|error| torn(&self.path, error))?;
        let one = |Extent { name, dtype, shape }: &Extent| {
            let tensor = file.tensor(name);
            let tensor = tensor.map_err(|_| self.inconsistent("no tensor", format!("a tensor {name}")))?;
            if tensor.dtype() != *dtype || tensor.shape() != shape {
                let found = format!("tensor {name} of {:?} {:?}", tensor.dtype(), tensor.shape());
                return Err(self.inconsistent(found, format!("{dtype:?} {shape:?}")));
            }
            Ok(tensor.data())
        };
        let tensors = extents.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        if let Some(expected) = self.metadata.get(CHECKSUM) {
            let found = checksum(self.layout, &self.metadata, tensors.iter().copied()).to_string();
            if found != *expected {
                return Err(torn(&self.path, format!("its content has the checksum {found}, not {expected}")));
            }
        }
        Ok(tensors)
    }

    /// The numbers of an F32 tensor. Error: a number that is not finite.
    pub fn numbers(&self, bytes: &[u8]) -> Result<Vec<f32>, FileError> {
        let numbers = numbers_of(bytes);
        match numbers.iter().all(|number| number.is_finite()) {
            true => Ok(numbers),
            false => Err(self.inconsistent("a weight that is infinite or not a number", "finite numbers")),
        }
    }

    /// The codes of an I8 tensor. Error: a code beyond -`most` to `most`.
    pub fn codes(&self, bytes: &[u8], most: i32) -> Result<Vec<i8>, FileError> {
        let codes: Vec<i8> = bytes.iter().map(|&byte| byte as i8).collect();
        match codes.iter().find(|&&code| i32::from(code).abs() > most) {
            Some(code) => Err(self.inconsistent(format!("the code {code}"), format!("codes from -{most} to {most}"))),
            None => Ok(codes),
        }
    }

    /// An error of a file that contradicts itself.
    pub fn inconsistent(&self, found: impl Into<String>, expected: impl Into<String>) -> FileError {
        FileError::Inconsistent { path: self.path.clone(), found: found.into(), expected: expected.into() }
    }
}

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|source| FileError::Io { path: path.to_path_buf(), source })
}

/// Writes bytes to a file, whole or not at all. Errors: a folder that is missing or full.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    engram_files::write(path, bytes).map_err(|source| FileError::Io { path: path.to_path_buf(), source })
}

/// An error of a file that is no whole safetensors file.
pub fn torn(path: &Path, reason: impl ToString) -> FileError {
    FileError::Torn { path: path.to_path_buf(), reason: reason.to_string() }
}

/// The bytes of F32 numbers.
pub fn bytes_of_numbers(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The bytes of I8 codes.
pub fn bytes_of_codes(codes: &[i8]) -> Vec<u8> {
    codes.iter().map(|&code| code as u8).collect()
}

/// The F32 numbers of bytes.
pub fn numbers_of(bytes: &[u8]) -> Vec<f32> {
    let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    bytes.chunks_exact(4).map(number).collect()
}

/// The types of numbers that [`widened`] reads, in words.
pub const WIDENED: &str = "F32, F16, BF16 or F64";

/// The numbers of a tensor of any width as F32; `None` where they are not of a type in [`WIDENED`]. Numbers of 64 bits are
/// rounded, and those beyond the range of F32 become infinite.
pub fn widened(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    fn each<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32) -> Option<Vec<f32>> {
        Some(bytes.as_chunks().0.iter().map(|&bytes| number(bytes)).collect())
    }
    match dtype {
        Dtype::F32 => each(bytes, f32::from_le_bytes),
        Dtype::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        Dtype::F64 => each(bytes, |bytes| f64::from_le_bytes(bytes) as f32),
        _ => None,
    }
}

/// CRC-32 (ISO-HDLC) of the metadata in the order of the layout's keys, then of the tensors.
fn checksum<'a>(layout: Layout, metadata: &HashMap<String, String>, tensors: impl Iterator<Item = &'a [u8]>) -> u32 {
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    layout.keys.iter().filter_map(|&key| metadata.get(key)).for_each(|value| digest.update(value.as_bytes()));
    tensors.for_each(|bytes| digest.update(bytes));
    digest.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { version: 3, keys: &["made-by", "size"] };

    fn extents() -> [Extent; 2] {
        [
            Extent { name: "reals", dtype: Dtype::F32, shape: vec![2, 1] },
            Extent { name: "codes", dtype: Dtype::I8, shape: vec![3] },
        ]
    }

    fn written(folder: &Path, numbers: [f32; 2], codes: [i8; 3]) -> PathBuf {
        let path = folder.join("model.safetensors");
        let mut file = Writer::new(&path, LAYOUT);
        file.describe("size", &[2, 3]).unwrap();
        let [reals, integers] = extents();
        file.tensor(reals, bytes_of_numbers(&numbers));
        file.tensor(integers, bytes_of_codes(&codes));
        file.write().unwrap();
        path
    }

    #[test]
    fn files_give_back_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), [1.5, -0.0], [-7, 0, 7]);
        let file = Reader::open(&path, LAYOUT).unwrap();
        assert_eq!(file.json::<[usize; 2]>("size").unwrap(), [2, 3]);
        assert_eq!(file.optional::<String>("other").unwrap(), None);
        let tensors = file.tensors(&extents()).unwrap();
        let bits: Vec<u32> = file.numbers(tensors[0]).unwrap().into_iter().map(f32::to_bits).collect();
        assert_eq!(bits, [1.5f32.to_bits(), (-0.0f32).to_bits()]);
        assert_eq!(file.codes(tensors[1], 7).unwrap(), [-7, 0, 7]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn files_that_say_something_else_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), [f32::NAN, 0.0], [-128, 0, 8]);
        let file = Reader::open(&path, LAYOUT).unwrap();
        let tensors = file.tensors(&extents()).unwrap();
        let text = |error: FileError| error.to_string().split_once(": ").unwrap().1.to_string();
        let again = "; train the model again";
        let found = text(file.numbers(tensors[0]).unwrap_err());
        assert_eq!(found, format!("found a weight that is infinite or not a number, expected finite numbers{again}"));
        let found = text(file.codes(tensors[1], 127).unwrap_err());
        assert_eq!(found, format!("found the code -128, expected codes from -127 to 127{again}"));
        let [mut reals, codes] = extents();
        reals.shape = vec![1, 2];
        let found = text(file.tensors(&[codes, reals]).unwrap_err());
        assert_eq!(found, format!("found tensor reals of F32 [2, 1], expected F32 [1, 2]{again}"));
        let missing = Extent { name: "bias", dtype: Dtype::F32, shape: vec![1] };
        let found = text(file.tensors(&[missing]).unwrap_err());
        assert_eq!(found, format!("found no tensor, expected a tensor bias{again}"));
        let found = text(file.json::<String>("size").unwrap_err());
        assert!(found.starts_with("found metadata 'size' that cannot be read (invalid type: sequence"), "{found}");
        assert!(matches!(file.json::<u8>("other"), Err(FileError::Foreign { key: "other", .. })));
        let newer = Reader::open(&path, Layout { version: 4, ..LAYOUT });
        assert!(matches!(newer, Err(FileError::Version { expected: 4, .. })));
        let other = Reader::open(&path, Layout { keys: &["other"], ..LAYOUT });
        assert!(matches!(other, Err(FileError::Foreign { key: "other", .. })));
    }

    #[test]
    fn numbers_of_every_width_are_read() {
        let values = [1.5f32, -0.0, -2.0, 0.0009765625];
        let f16 = values.map(|value| f16::from_f32(value).to_le_bytes()).concat();
        let bf16 = values.map(|value| bf16::from_f32(value).to_le_bytes()).concat();
        let f64 = values.map(|value| f64::from(value).to_le_bytes()).concat();
        let f32 = bytes_of_numbers(&values);
        for (dtype, bytes) in [(Dtype::F16, f16), (Dtype::BF16, bf16), (Dtype::F64, f64), (Dtype::F32, f32)] {
            let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<u32>>();
            assert_eq!(bits(&widened(dtype, &bytes).unwrap()), bits(&values), "{dtype:?}");
        }
        assert_eq!(widened(Dtype::F64, &1e300f64.to_le_bytes()), Some(vec![f32::INFINITY]));
        // The smallest and the largest number of 16 bits.
        assert_eq!(widened(Dtype::F16, &[1, 0, 0xff, 0x7b]), Some(vec![2f32.powi(-24), 65504.0]));
        assert_eq!(widened(Dtype::I64, &[0; 8]), None);
    }

    #[test]
    fn the_checksum_covers_metadata_and_tensors() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), [1.5, 2.5], [1, 2, 3]);
        let bytes = std::fs::read(&path).unwrap();
        let size = bytes.windows(5).position(|window| window == b"[2,3]").unwrap() + 1;
        for place in [size, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&path, changed).unwrap();
            let error = Reader::open(&path, LAYOUT).and_then(|file| file.tensors(&extents()).map(|_| ()));
            assert!(matches!(error, Err(FileError::Torn { .. })), "byte {place}");
        }
    }
}
