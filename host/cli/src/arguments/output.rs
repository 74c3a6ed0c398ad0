//! The files that a command may write.

use std::path::{Path, PathBuf};

use engram_files::{Kind, Output};
use engram_flow::build::written;
use engram_session::Failure;

/// Whether files that are there may be overwritten.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[group(skip)]
pub struct Overwrite {
    /// Overwrite files that engram did not write.
    #[arg(long)]
    pub force: bool,
}

impl Overwrite {
    /// Checks before the work that a file may be written. The files that the command reads are no outputs, even with --force.
    pub fn check<P: AsRef<Path>>(self, path: &Path, kind: Kind, inputs: &[P]) -> Result<(), Failure> {
        let inputs: Vec<&Path> = inputs.iter().map(AsRef::as_ref).collect();
        let output = Output { path, kind, force: self.force };
        output.check(&inputs).map_err(|refused| Failure::Input(refused.to_string()))
    }

    /// The same, where folders that are missing are made: nothing is in the way there.
    pub fn check_in_new<P: AsRef<Path>>(self, path: &Path, kind: Kind, inputs: &[P]) -> Result<(), Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.exists()) { Ok(()) } else { self.check(path, kind, inputs) }
    }

    /// Refuses a file that is in the way, and is not engram's.
    pub fn refuse(self, in_the_way: Option<PathBuf>) -> Result<(), Failure> {
        match in_the_way {
            Some(path) if !self.force => Err(Failure::Input(format!(
                "cannot write {}: a file of this name is there, and engram did not write it; name another folder, or give \
                 --force to overwrite it",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Writes text of a kind into a folder, which is made where it is missing, with a first line that says whose it is.
    pub fn write(self, folder: &Path, name: &str, kind: Kind, text: &str) -> Result<PathBuf, Failure> {
        let path = folder.join(name);
        let failed = |error| Failure::Input(format!("cannot write {}: {error}", path.display()));
        engram_files::create_folder(folder).map_err(failed)?;
        if !written(folder).iter().any(|own| own == name) {
            self.check::<&Path>(&path, kind, &[])?;
        }
        engram_files::write(&path, kind.marked(name, text)).map_err(failed)?;
        Ok(path)
    }
}
