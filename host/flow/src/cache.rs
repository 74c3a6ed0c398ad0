//! A cache on disk: a result that takes long to make lies under a name that stands for everything it was made from.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use engram_files::Work;

use crate::error::Error;
use crate::fingerprint::of_file;

/// The file `key` + `suffix` in the folder `cache`, which `make` makes under the name `output` in the folder that it is given,
/// unless it is there and whole. Processes may share the cache: the second waits for the first, and then finds its file. A sum
/// beside the file tells whether it is as it was made: a shared library that is cut short would end the process.
pub(crate) fn cached(
    cache: &Path,
    key: &str,
    suffix: &str,
    output: &str,
    make: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    engram_files::create_folder(cache).map_err(Error::io("cannot create the folder", cache))?;
    let kept = cache.join(format!("{key}{suffix}"));
    let lock = cache.join(format!("{key}.lock"));
    let lock_file = File::create(&lock).map_err(Error::io("cannot write", &lock))?;
    lock_file.lock().map_err(Error::io("cannot lock", &lock))?;
    let sum = cache.join(format!("{key}{suffix}.sum"));
    if kept.is_file() && is_whole(&kept, &sum)? {
        return Ok(kept);
    }
    let work = Work::within(cache).map_err(Error::io("cannot create a folder in", cache))?;
    make(work.path()).map_err(|error| error.keep_log(cache, &format!("{key}-")))?;
    let made = work.path().join(output);
    let text = of_file(&made).map_err(Error::io("cannot read", &made))?;
    fs::write(&sum, text).map_err(Error::io("cannot write", &sum))?;
    fs::rename(&made, &kept).map_err(Error::io("cannot write", &kept))?;
    Ok(kept)
}

/// Whether a file is as it was made, by the sum beside it. Files of before sums were written pass.
fn is_whole(kept: &Path, sum: &Path) -> Result<bool, Error> {
    match fs::read_to_string(sum) {
        Ok(expected) => Ok(of_file(kept).map_err(Error::io("cannot read", kept))? == expected),
        Err(_) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_made_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let made = std::cell::Cell::new(0);
        let get = || {
            let make = |work: &Path| {
                made.set(made.get() + 1);
                fs::write(work.join("out"), "whole").map_err(Error::io("cannot write", work))
            };
            let path = cached(folder.path(), "key", ".so", "out", make).unwrap();
            (fs::read_to_string(&path).unwrap(), made.get(), path)
        };
        let (text, count, path) = get();
        assert_eq!((text.as_str(), count, get().1), ("whole", 1, 1));
        for damaged in ["", "who", "whale"] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(get().0, "whole");
        }
        assert_eq!((get().1, made.get()), (4, 4));
        // One of before there were sums.
        fs::remove_file(folder.path().join("key.so.sum")).unwrap();
        assert_eq!(get().1, 4);
    }
}
