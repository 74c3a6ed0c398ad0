//! The published means of data sets whose runs are not all lines yet, in `published-crossbar.json` beside them. They stand in a document until the lines
//! are complete; then this file and that one go.

use std::path::Path;

use serde::Deserialize;

use super::aggregate::DatasetResults;
use crate::files::read_published;

#[derive(Deserialize)]
struct Published {
    sets: Vec<DatasetResults>,
}

/// The results of a data set: its own where all runs are finished, else those that were published, where there are some.
pub fn complete(own: Option<DatasetResults>, name: &str, folder: &Path) -> Option<DatasetResults> {
    let whole = own.as_ref().is_some_and(|own| own.finished == own.planned);
    let published = || Some(read_published::<Published>(&folder.join("published-crossbar.json"))?.sets);
    if whole { own } else { published().into_iter().flatten().find(|results| results.dataset == name).or(own) }
}
