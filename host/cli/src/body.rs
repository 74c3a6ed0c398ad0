//! Which body of the device answers, and how it is opened.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_nn::Model;
use engram_spec::{Addressing, Geometry, geometry};

pub use joined::{Body, Opening, open};

/// The body, and what it is opened with.
#[derive(Clone, Debug, clap::Args)]
pub struct BodyArguments {
    /// The size of the device [default: ecp5-25f, and ecp5-85f for models that need it]. A board says its own.
    #[arg(long, value_name = "PRESET", value_parser = preset_parser())]
    pub preset: Option<Geometry>,
    /// Bits a second on the serial line.
    #[arg(long, value_name = "RATE", default_value_t = 1_000_000)]
    pub baud: u32,
}

impl BodyArguments {
    /// What a body is opened with, for a model.
    pub fn opening(&self, model: &Model, trace: bool) -> Opening {
        let geometry = self.preset.unwrap_or_else(|| preset_for(model));
        Opening { geometry, addressing: model.design.addressing, trace, vcd: None, baud: self.baud, cache: cache() }
    }
}

/// The smallest of the usual presets that holds a model's vectors.
pub fn preset_for(model: &Model) -> Geometry {
    let small = geometry::ECP5_25F;
    if model.design.shape.elements <= small.elements { small } else { geometry::ECP5_85F }
}

/// Presets by name.
pub fn preset_parser() -> impl TypedValueParser<Value = Geometry> {
    PossibleValuesParser::new(geometry::PRESETS.map(|preset| preset.name))
        .try_map(|name| Geometry::named(&name).ok_or("no such preset"))
}

/// Ways of addressing by name.
pub fn addressing_parser() -> impl TypedValueParser<Value = Addressing> {
    PossibleValuesParser::new(Addressing::ALL.map(Addressing::name)).try_map(|name| name.parse::<Addressing>())
}

/// The folder for compiled designs: `ENGRAM_CACHE`, else `engram` among the user's caches.
pub fn cache() -> PathBuf {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = || folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    folder("ENGRAM_CACHE").unwrap_or_else(|| caches().unwrap_or_else(std::env::temp_dir).join("engram"))
}

mod joined {
    use std::fmt;
    use std::path::PathBuf;
    use std::str::FromStr;

    use engram_link::{Driver, Options, Serial};
    use engram_nn::IntegerModel;
    use engram_spec::{Addressing, Device, Geometry};

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Body {
        Integer,
        Port(PathBuf),
    }
    impl fmt::Display for Body {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Body::Integer => f.write_str("integer"),
                Body::Port(path) => path.display().fmt(f),
            }
        }
    }
    impl FromStr for Body {
        type Err = String;
        fn from_str(text: &str) -> Result<Body, String> {
            match text {
                "integer" => Ok(Body::Integer),
                path if path.contains('/') => Ok(Body::Port(path.into())),
                other => Err(format!("found body '{other}', expected integer or a port's path")),
            }
        }
    }
    #[allow(dead_code)]
    pub struct Opening {
        pub geometry: Geometry,
        pub addressing: Addressing,
        pub trace: bool,
        pub vcd: Option<PathBuf>,
        pub baud: u32,
        pub cache: PathBuf,
    }
    pub fn open(body: &Body, opening: &Opening) -> Result<Box<dyn Device>, engram_link::LinkError> {
        match body {
            Body::Integer => Ok(Box::new(IntegerModel::new(opening.geometry, opening.addressing))),
            Body::Port(path) => {
                let port = Serial::open(&path.display().to_string(), opening.baud)?;
                Ok(Box::new(Driver::connect(port, Options::default())?))
            }
        }
    }
}
