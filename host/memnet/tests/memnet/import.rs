//! Weights from elsewhere: a file of tensors alone becomes a model, then codes, then a device's program.

use std::fs;
use std::path::Path;

use engram_babi::DataSet;
use engram_memnet::evaluate::evaluate_network;
use engram_memnet::examples::Examples;
use engram_memnet::import::{ImportOptions, import};
use engram_memnet::model::Stored;
use engram_memnet::network::Encoding;
use engram_memnet::tensors::Tensors;
use engram_memnet::{FileError, IntegerModel, Mode, Model, ModelError, Recipe, Tying, evaluate, train};
use engram_spec::Device;
use engram_spec::Format;
use engram_spec::memnet::Addressing;
use engram_spec::memnet::geometry::ECP5_25F;
use half::f16;
use safetensors::tensor::{Dtype, TensorView};

/// Name, type, shape and bytes of each tensor.
type Content = Vec<(&'static str, Dtype, Vec<usize>, Vec<u8>)>;

fn float(data: &DataSet, addressing: Addressing, epochs: usize) -> Model {
    tied(data, addressing, Tying::LayerWise, epochs)
}

fn tied(data: &DataSet, addressing: Addressing, tying: Tying, epochs: usize) -> Model {
    let addressing = Some(addressing);
    let recipe = Recipe { mode: Mode::Float, addressing, tying, epochs, restarts: 1, ..Recipe::default() };
    train(std::slice::from_ref(data), &recipe, 1, None, &|_| ()).unwrap()
}

/// The tensors of a float model, without the position weights, which a formula gives; words in ascending order.
fn content(model: &Model) -> Content {
    let mut words = model.vocabulary.words().to_vec();
    words.sort();
    content_of(model, &words)
}

/// The same with the words in an order.
fn content_of(model: &Model, words: &[String]) -> Content {
    let Stored::Real(tensors) = &model.weights else { panic!("a float model has real numbers") };
    let elements = model.design.shape.elements;
    let named = Tensors::<f32>::NAMES.into_iter().zip(tensors.each()).filter(|(name, _)| *name != "position");
    let bytes = |(name, values): (&'static str, &Vec<f32>)| {
        let row = |word: &String| &values[usize::from(model.vocabulary.number(word).unwrap()) * elements..][..elements];
        let rows: Vec<f32> = match name {
            "A" | "B" | "C" | "W" => words.iter().flat_map(row).copied().collect(),
            _ => values.clone(),
        };
        let bytes = rows.iter().flat_map(|value| value.to_le_bytes()).collect();
        (name, Dtype::F32, vec![values.len() / elements, elements], bytes)
    };
    named.map(bytes).collect()
}

/// The tensors of a float model of adjacent tying, E_0 to E_3 and T_0 to T_3; words in ascending order.
fn adjacent_content(model: &Model) -> Content {
    let Stored::Real(tensors) = &model.weights else { panic!("a float model has real numbers") };
    let (shape, elements) = (model.design.shape, model.design.shape.elements);
    assert_eq!(shape.hops, 3);
    let mut words = model.vocabulary.words().to_vec();
    words.sort();
    let number = |word: &String| usize::from(model.vocabulary.number(word).unwrap());
    let tensor = |name: &'static str, rows: Vec<&[f32]>| {
        let bytes = rows.iter().copied().flatten().flat_map(|value| value.to_le_bytes()).collect();
        (name, Dtype::F32, vec![rows.len(), elements], bytes)
    };
    let names = [("E_0", "T_0"), ("E_1", "T_1"), ("E_2", "T_2"), ("E_3", "T_3")];
    let memory = |(memory, (embedding, ages)): (usize, (&'static str, &'static str))| {
        let (own, age_words) = tensors.memory(&shape, memory);
        let rows = words.iter().map(|word| &own[number(word) * elements..][..elements]).collect();
        [tensor(embedding, rows), tensor(ages, age_words.chunks_exact(elements).collect())]
    };
    names.into_iter().enumerate().flat_map(memory).collect()
}

fn write(path: &Path, content: &Content) {
    let view = |(name, dtype, shape, bytes): &'static (&str, Dtype, Vec<usize>, Vec<u8>)| {
        (*name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    };
    let content: &'static Content = Box::leak(Box::new(content.clone()));
    fs::write(path, safetensors::serialize(content.iter().map(view), None).unwrap()).unwrap();
}

fn options(model: &Model) -> ImportOptions {
    let design = &model.design;
    let (addressing, compared) = (design.addressing, design.formats.memory_a);
    let hops = Some(design.shape.hops);
    ImportOptions { addressing, compared, kappa: design.kappa, hops, encoding: None, words: None }
}

/// A file without metadata is the model it was made of, loses little by its codes, and survives as a model of ours.
#[test]
fn tensors_alone_become_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 400, 200, 3).unwrap();
    let kinds = [
        (Addressing::Dot, Mode::Fixed, Tying::LayerWise),
        (Addressing::Hamming, Mode::Qmann, Tying::LayerWise),
        (Addressing::Dot, Mode::Fixed, Tying::Adjacent),
        (Addressing::Hamming, Mode::Qmann, Tying::Adjacent),
    ];
    for (addressing, mode, tying) in kinds {
        let model = tied(&data, addressing, tying, 40);
        let (content, hops) = match tying {
            Tying::LayerWise => (content(&model), Some(3)),
            Tying::Adjacent => (adjacent_content(&model), None),
        };
        write(&path, &content);
        let read = import(&path, &ImportOptions { hops, ..options(&model) }, &data).unwrap();
        assert_eq!(read.design.shape, model.design.shape);
        assert_eq!((&read.weights, &read.vocabulary), (&model.weights, &model.vocabulary));
        let before = evaluate_network(&read, &data.test, None, &mut |_| ()).unwrap();
        assert_eq!(before, evaluate_network(&model, &data.test, None, &mut |_| ()).unwrap());
        assert!(before.error() < 0.2, "{addressing}: {} of the float model", before.error());

        let training = Examples::encode(&data.train, &read.vocabulary).unwrap();
        let codes = read.quantised(mode, false, &training).unwrap();
        codes.save(&path).unwrap();
        assert_eq!(Model::load(&path).unwrap(), codes);
        let mut device = IntegerModel::new(ECP5_25F, codes.design.datapath());
        device.load(&codes.program(ECP5_25F).unwrap()).unwrap();
        let after = evaluate(&mut device, &codes.vocabulary, &data.test, None, &mut |_| ()).unwrap();
        // Scores beyond ±4 saturate, and bounded similarities change their sign at once. A guess has an error of 5/6.
        assert!(after.error() - before.error() < 0.4, "{addressing}: {} after {}", after.error(), before.error());
    }
}

/// A model of weights that are exact in every width is the same, whatever width they are written in.
#[test]
fn numbers_may_have_any_width() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let model = float(&data, Addressing::Dot, 1);
    // BF16 has the bits of F32 that come first: what is left of each number is exact in F64, and, if it is not small, in F16.
    let numbers = |bytes: &[u8]| -> Vec<f32> {
        let number = |bytes: &[u8]| f32::from_le_bytes([0, 0, bytes[2], bytes[3]]);
        let number = |bytes: &[u8]| Some(number(bytes)).filter(|number| number.abs() > 1e-4).unwrap_or(0.0);
        bytes.chunks_exact(4).map(number).collect()
    };
    let imported = [Dtype::F32, Dtype::BF16, Dtype::F16, Dtype::F64].map(|dtype| {
        let mut content = content(&model);
        for (_, own, _, bytes) in &mut content {
            let bytes_of = |number: f32| match dtype {
                Dtype::F32 => number.to_le_bytes().to_vec(),
                Dtype::BF16 => number.to_le_bytes()[2..].to_vec(),
                Dtype::F16 => f16::from_f32(number).to_le_bytes().to_vec(),
                _ => f64::from(number).to_le_bytes().to_vec(),
            };
            (*own, *bytes) = (dtype, numbers(bytes).into_iter().flat_map(bytes_of).collect());
        }
        write(&path, &content);
        import(&path, &options(&model), &data).unwrap()
    });
    assert!(imported.iter().all(|model| *model == imported[0]));
}

/// Where a network has no H, u passes from hop to hop as it is; ages of no account are zeros.
#[test]
fn a_file_without_h_has_the_identity() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let model = float(&data, Addressing::Dot, 1);
    let mut content = content(&model);
    let elements = model.design.shape.elements;
    content[4].3 =
        (0..elements * elements).flat_map(|at| f32::from(u8::from(at % (elements + 1) == 0)).to_le_bytes()).collect();
    content[5].3.fill(0);
    content[6].3.fill(0);
    write(&path, &content);
    let with = import(&path, &options(&model), &data).unwrap();
    content.remove(4);
    write(&path, &content);
    assert_eq!(import(&path, &options(&model), &data).unwrap(), with);
}

#[test]
fn words_and_position_weights_may_be_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let model = float(&data, Addressing::Dot, 1);
    let words: Vec<String> = model.vocabulary.words().iter().rev().cloned().collect();
    let mut content = content_of(&model, &words);
    write(&path, &content);
    let given = ImportOptions { words: Some(words.clone()), encoding: Some(Encoding::BagOfWords), ..options(&model) };
    let read = import(&path, &given, &data).unwrap();
    // The rows are the words' own, wherever the answers stood among them.
    let row = |model: &Model| {
        let Stored::Real(tensors) = &model.weights else { panic!("a float model has real numbers") };
        let number = usize::from(model.vocabulary.number("garden").unwrap());
        tensors.a[number * model.design.shape.elements..][..model.design.shape.elements].to_vec()
    };
    assert_eq!((row(&read), read.design.encoding), (row(&model), Encoding::BagOfWords));
    assert_eq!(read.design.shape.answers, model.design.shape.answers);
    let elements = model.design.shape.elements;
    content.push(("position", Dtype::F32, vec![3, elements], [0.5f32.to_le_bytes(); 3].concat().repeat(elements)));
    write(&path, &content);
    let read = import(&path, &options(&model), &data).unwrap();
    assert_eq!((read.design.encoding, read.design.shape.positions), (Encoding::Learnt, 3));
    let error = import(&path, &given, &data).unwrap_err().to_string();
    assert!(error.contains("a tensor position and an encoding"), "{error}");
}

#[test]
fn weights_that_are_no_network_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let model = float(&data, Addressing::Dot, 1);
    let whole = content(&model);
    let refused = |change: &dyn Fn(&mut Content), options: &ImportOptions, part: &str| {
        let mut content = whole.clone();
        change(&mut content);
        write(&path, &content);
        let error = import(&path, options, &data).unwrap_err();
        assert!(matches!(error, ModelError::Weights { .. }) && error.to_string().contains(part), "{error}");
    };
    let right = options(&model);
    refused(&|content| content.clear(), &right, "found no tensors, expected A, B, C, W, H");
    refused(&|content| content[4].0 = "lin.weight", &right, "T_A, T_C, W, lin.weight, expected A, B, C, W, H");
    refused(&|content| content.push(("bias", Dtype::F32, vec![1], vec![0; 4])), &right, "bias");
    refused(&|content| content[0].2 = vec![content[0].3.len() / 4], &right, "tensor A of shape [");
    let turned =
        "found tensor W of [32, 19], transposed, expected 32 columns, the elements that the other tensors have";
    refused(&|content| content[3].2.reverse(), &right, turned);
    refused(&|content| content[0].2.reverse(), &right, "found tensor A of [32, 19], transposed");
    refused(
        &|content| content.iter_mut().for_each(|tensor| tensor.2.reverse()),
        &right,
        "found every tensor transposed (A [32, 19], B [32, 19], C [32, 19], W [32, 19], H [32, 32], T_A [32, 32], T_C [32, 32]), \
         expected words, ages and positions as rows, and elements as columns; write each with .T.contiguous()",
    );
    refused(
        &|content| {
            content.remove(4);
            content.iter_mut().for_each(|tensor| tensor.2.reverse());
        },
        &right,
        "found every tensor transposed",
    );
    refused(&|content| content[1].2 = vec![1, 19 * 32], &right, "found tensor B of [1, 608], expected 32 columns");
    refused(&|content| content[4].2 = vec![64, 16], &right, "found tensor H of [64, 16], expected 32 columns");
    refused(
        &|content| content[1].1 = Dtype::I32,
        &right,
        "found tensor B of I32 [19, 32], expected F32, F16, BF16 or F64 [19, 32]",
    );
    for (place, name) in [(0, "A"), (1, "B"), (2, "C"), (3, "W"), (4, "H")] {
        let expected = format!("found only zeros in tensor {name}, expected trained weights");
        refused(&|content| content[place].3.fill(0), &right, &expected);
    }
    refused(&|content| content[4].3.fill(0), &right, "or no H, which stands for the identity");
    refused(&|content| content[2].3[..4].copy_from_slice(&f32::NAN.to_le_bytes()), &right, "NaN in tensor C");
    refused(&|_| (), &ImportOptions { hops: Some(99), ..right.clone() }, "99 hops, expected 1 to 15");
    let words = Some(vec!["mary".to_string()]);
    refused(
        &|_| (),
        &ImportOptions { words, ..right.clone() },
        "the vocabulary has 1 words, expected a vocabulary (--vocab",
    );
    let words = Some(vec!["mary".to_string(); model.vocabulary.len()]);
    refused(&|_| (), &ImportOptions { words, ..right.clone() }, "words that cannot be a vocabulary");
    fs::write(&path, "no tensors at all").unwrap();
    assert!(matches!(import(&path, &right, &data), Err(ModelError::File(FileError::Torn { .. }))));
    let compared = Format::with_fraction(0).unwrap();
    assert!(matches!(
        import(folder.path(), &ImportOptions { compared, ..right }, &data),
        Err(ModelError::File(FileError::Io { .. }))
    ));
}

#[test]
fn tensors_that_are_no_adjacent_tying_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let data = DataSet::generate(1, 40, 20, 3).unwrap();
    let model = tied(&data, Addressing::Dot, Tying::Adjacent, 1);
    let (whole, right) = (adjacent_content(&model), options(&model));
    let refused = |change: &dyn Fn(&mut Content), hops: Option<usize>, part: &str| {
        let mut content = whole.clone();
        change(&mut content);
        write(&path, &content);
        let error = import(&path, &ImportOptions { hops, ..right.clone() }, &data).unwrap_err();
        assert!(matches!(error, ModelError::Weights { .. }) && error.to_string().contains(part), "{error}");
    };
    let renamed = |from: &'static str, to: &'static str| {
        move |content: &mut Content| {
            content.iter_mut().filter(|tensor| tensor.0 == from).for_each(|tensor| tensor.0 = to)
        }
    };
    let both = "found tensors C, E_0, E_1, E_2, T_0, T_1, T_2, T_3, expected those of one tying: E_0, E_1, .. and T_0, T_1, .. of \
                adjacent tying, or A, B, C, W, H, T_A, T_C, position, of which";
    refused(&renamed("E_3", "C"), None, both);
    let gap = "found tensors E_0, E_2, E_3, T_0, T_1, T_2, T_3, but not E_1, expected E_0 to E_3 and T_0 to T_3, of adjacent tying \
               with 3 hops, and maybe position";
    refused(&|content| content.retain(|tensor| tensor.0 != "E_1"), None, gap);
    refused(
        &|content| content.retain(|tensor| tensor.0 != "T_3"),
        None,
        "but not T_3, expected E_0 to E_3 and T_0 to T_3",
    );
    refused(
        &|content| content.truncate(2),
        None,
        "found adjacent tying with 0 hops, the largest number in tensors E_0, T_0",
    );
    let many = "found adjacent tying with 16 hops, the largest number in tensors E_0, E_1, E_2, E_16, T_0";
    refused(&renamed("E_3", "E_16"), None, many);
    refused(&renamed("E_3", "E_16"), None, "expected 1 to 15 hops: E_0 to E_K and T_0 to T_K of K hops");
    refused(&renamed("E_3", "E_03"), None, "E_0, E_1, E_2, E_03, T_0, T_1, T_2, T_3, but not E_3");
    refused(
        &|content| content.push(("bias", Dtype::F32, vec![1, 1], vec![0; 4])),
        None,
        "found tensors E_0, E_1, E_2, E_3, T_0",
    );
    refused(&|_| (), Some(2), "found 3 hops (E_0 to E_3), expected the 2 of --hops; leave it out");
    refused(&|content| content[2].2 = vec![38, 16], None, "found tensor E_1 of [38, 16], expected 32 columns");
    let fewer = "found tensor E_1 of F32 [18, 32], expected F32, F16, BF16 or F64 [19, 32]";
    refused(&|content| (content[2].2, content[2].3) = (vec![18, 32], vec![1; 18 * 32 * 4]), None, fewer);
    let ages = "found tensor T_2 of F32 [1, 32], expected F32, F16, BF16 or F64 [32, 32]";
    refused(&|content| (content[5].2, content[5].3) = (vec![1, 32], vec![1; 32 * 4]), None, ages);
    refused(&|content| content[6].3.fill(0), None, "found only zeros in tensor E_3, expected trained weights");
    let words = ImportOptions { words: Some(vec!["mary".to_string()]), ..right.clone() };
    write(&path, &whole);
    let error = import(&path, &words, &data).unwrap_err().to_string();
    assert!(error.contains("found 19 rows in E_0, where the vocabulary has 1 words"), "{error}");
}
