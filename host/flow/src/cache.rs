//! A cache on disk: a result that takes long to make lies under a name that stands for everything it was made from.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use engram_files::Work;

use crate::error::Error;

/// The file `key` + `suffix` in the folder `cache`, which `make` makes under the name `output` in the folder that it is given,
/// unless it is there. Processes may share the cache: the second waits for the first, and then finds its file.
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
    if kept.is_file() {
        return Ok(kept);
    }
    let work = Work::within(cache).map_err(Error::io("cannot create a folder in", cache))?;
    make(work.path()).map_err(|error| error.keep_log(cache, &format!("{key}-")))?;
    fs::rename(work.path().join(output), &kept).map_err(Error::io("cannot write", &kept))?;
    Ok(kept)
}
