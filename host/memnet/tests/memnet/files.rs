//! Models kept in files: what is written is read again, and what is no model is refused with a reason, never a panic.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use engram_babi::DataSet;
use engram_memnet::design::DesignError;
use engram_memnet::examples::Examples;
use engram_memnet::model::Stored;
use engram_memnet::{FileError, Mode, Model, ModelError, Recipe, train};
use engram_spec::memnet::geometry::{TINY, UP5K};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

fn trained(mode: Mode) -> Model {
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let recipe = Recipe { mode, epochs: 2, restarts: 1, ..Recipe::default() };
    train(std::slice::from_ref(&data), &recipe, 1, None, &|_| ()).unwrap()
}

type Metadata = HashMap<String, String>;
/// Name, type, shape and bytes of each tensor.
type Content = Vec<(String, Dtype, Vec<usize>, Vec<u8>)>;

/// A file of a saved model with its metadata and tensors changed.
fn changed(path: &Path, change: impl Fn(&mut Metadata, &mut Content)) {
    let bytes = fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter();
    let mut tensors = tensors.map(|(name, t)| (name, t.dtype(), t.shape().to_vec(), t.data().to_vec())).collect();
    change(&mut metadata, &mut tensors);
    let views = tensors
        .iter()
        .map(|(name, dtype, shape, data)| (name.clone(), TensorView::new(*dtype, shape.clone(), data).unwrap()));
    fs::write(path, safetensors::serialize(views, Some(metadata)).unwrap()).unwrap();
}

#[test]
fn models_survive_their_files() {
    let folder = tempfile::tempdir().unwrap();
    for mode in Mode::ALL {
        let model = trained(mode);
        let path = folder.path().join(format!("{mode}.safetensors"));
        model.save(&path).unwrap();
        model.save(&path).unwrap();
        assert_eq!(Model::load(&path).unwrap(), model);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), Mode::ALL.len(), "nothing temporary is left");
    let nowhere = folder.path().join("missing").join("model.safetensors");
    assert!(matches!(trained(Mode::Qmann).save(&nowhere), Err(ModelError::File(FileError::Io { .. }))));
    assert!(matches!(Model::load(&nowhere), Err(ModelError::File(FileError::Io { .. }))));
}

#[test]
fn torn_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    trained(Mode::Qmann).save(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    for length in (0..bytes.len()).step_by(37).chain([bytes.len() - 1]) {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = Model::load(&path).unwrap_err();
        assert!(matches!(error, ModelError::File(FileError::Torn { .. })), "{length} bytes: {error}");
    }
}

#[test]
fn flipped_bits_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = trained(Mode::Qmann);
    model.save(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut harmless = 0;
    for place in (0..header).chain((header..bytes.len()).step_by(211)) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&path, &flipped).unwrap();
        // A flipped bit in the name of the checksum takes the checksum away, and nothing else.
        if let Ok(loaded) = Model::load(&path) {
            assert_eq!(loaded, model, "byte {place}");
            harmless += 1;
        }
    }
    assert!(harmless <= 16, "{harmless} flipped bits went unseen");
}

#[test]
fn files_that_are_no_model_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = trained(Mode::Qmann);
    let refused = |change: &dyn Fn(&mut Metadata, &mut Content)| {
        model.save(&path).unwrap();
        changed(&path, |metadata, tensors| {
            metadata.remove("checksum");
            change(metadata, tensors);
        });
        Model::load(&path).map_err(|error| error.to_string())
    };
    // The checksum may be left out: weights from elsewhere have none.
    assert_eq!(refused(&|_, _| ()).unwrap(), model);
    let expect = |result: Result<Model, String>, part: &str| {
        let error = result.unwrap_err();
        assert!(error.contains(part), "{error}");
    };
    expect(refused(&|metadata, _| metadata.clear()), "without engram's metadata 'engram'");
    expect(
        refused(&|metadata, _| {
            metadata.insert("engram".into(), "9".into());
        }),
        "found version '9' of the model's layout, expected 1",
    );
    expect(
        refused(&|metadata, _| {
            metadata.insert("vocabulary".into(), "[\"one\"]".into());
        }),
        "found a vocabulary of 1 words",
    );
    expect(
        refused(&|metadata, _| {
            let design = metadata["model"].replace("\"hops\":3", "\"hops\":99");
            metadata.insert("model".into(), design);
        }),
        "found 99 hops, expected 1 to 15",
    );
    expect(refused(&|_, tensors| tensors.retain(|(name, ..)| name != "H")), "expected a tensor H");
    expect(
        refused(&|_, tensors| {
            let w = tensors.iter_mut().find(|(name, ..)| name == "W").unwrap();
            w.2.reverse();
        }),
        "found tensor W of I8 [32, ",
    );
    expect(refused(&|_, tensors| tensors[0].3[5] = 0x80), "the code -128");
}

#[test]
fn models_that_do_not_fit_a_device_are_refused_with_figures() {
    let model = trained(Mode::Qmann);
    assert_eq!(model.program(UP5K).unwrap().validate(), Ok(()));
    let error = model.program(TINY).unwrap_err().to_string();
    assert!(error.contains("the model has 32 elements, geometry tiny holds 8"), "{error}");
    let float = trained(Mode::Float);
    assert!(matches!(float.weights, Stored::Real(_)));
    assert!(matches!(float.program(UP5K), Err(ModelError::Design(DesignError::NotQuantised))));
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let training = Examples::encode(&data.train, &float.vocabulary).unwrap();
    for mode in [Mode::Fixed, Mode::BinaryConventional] {
        let codes = float.quantised(mode, false, &training).unwrap();
        assert_eq!(codes.program(UP5K).unwrap().validate(), Ok(()));
        let again = codes.quantised(mode, false, &training);
        assert!(matches!(again, Err(ModelError::Design(DesignError::Quantised { .. }))));
    }
    let error = float.quantised(Mode::Binary, false, &training).unwrap_err().to_string();
    assert!(error.contains("found mode binary with dot addressing"), "{error}");
}
