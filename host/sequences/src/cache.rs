//! The folder that fetched data are kept in, outside of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::SequenceError;
use crate::package::{Kept, PACKAGES, Package};

/// Data that were fetched, in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// The environment variable that names the folder.
    pub const VARIABLE: &str = "ENGRAM_DATA";

    /// The folder that `ENGRAM_DATA` names, else `data` in the one that `ENGRAM_CACHE` names, else `engram/data` among the
    /// user's caches (`XDG_CACHE_HOME`, `~/.cache`). It need not be there yet.
    pub fn standard() -> Result<Cache, SequenceError> {
        let named = |variable| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || std::env::home_dir().map(|home| home.join(".cache"));
        let caches = || named("XDG_CACHE_HOME").or_else(home).map(|caches| caches.join("engram"));
        let data = || named("ENGRAM_CACHE").or_else(caches).map(|cache| cache.join("data"));
        named(Cache::VARIABLE).or_else(data).map(Cache::at).ok_or(SequenceError::NoHome)
    }

    /// A folder of one's own.
    pub fn at(directory: impl Into<PathBuf>) -> Cache {
        Cache { directory: directory.into() }
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether all data are there. Only their presence is looked at; [`fetch`](Cache::fetch) looks at every byte.
    pub fn is_filled(&self) -> bool {
        PACKAGES.iter().flat_map(|package| package.kept).all(|kept| self.directory.join(kept.name).is_file())
    }

    /// A file of the cache, if it is as it was fetched.
    pub(crate) fn file(&self, name: &'static str) -> Result<PathBuf, SequenceError> {
        let path = self.directory.join(name);
        if !path.is_file() {
            return Err(SequenceError::NotFetched { path });
        }
        match PACKAGES.iter().flat_map(|package| package.kept).find(|kept| kept.name == name) {
            Some(kept) if !self.has_file(kept) => Err(SequenceError::Damaged { path }),
            _ => Ok(path),
        }
    }

    /// Whether all files of a package are as they should be.
    pub(crate) fn has(&self, package: &Package) -> bool {
        package.kept.iter().all(|kept| self.has_file(kept))
    }

    fn has_file(&self, kept: &Kept) -> bool {
        fs::read(self.directory.join(kept.name)).is_ok_and(|bytes| sha256(&bytes) == kept.sha256)
    }
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
