//! Tests 1-NN-DTW on two `.ts` files, `nearest TRAIN.ts TEST.ts`: prints the shape of the data and the errors in percent, without
//! a band and with one of a tenth, as JSON. `make ucr` calls it.

use engram_sequences::{Description, nearest, ts};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [train, test] = paths.as_slice() else { return Err("give TRAIN.ts and TEST.ts".into()) };
    let set = ts::read_set(train, test, &mut |note| eprintln!("note: {note}"))?;
    let Description::Recordings { channels, classes, train, test, .. } = set.describe() else {
        return Err("expected recordings".into());
    };
    let percent = |wrong: usize| 100.0 * wrong as f64 / test.recordings as f64;
    let most = train.classes.iter().enumerate().max_by_key(|&(class, count)| (count, std::cmp::Reverse(class)));
    let most_frequent = most.map_or(0, |(class, _)| class);
    let report = serde_json::json!({
        "train": train.recordings,
        "test": test.recordings,
        "classes": classes.len(),
        "channels": channels,
        "shortest": train.shortest.min(test.shortest),
        "longest": train.longest.max(test.longest),
        "majority_error_percent": percent(test.recordings - test.classes[most_frequent]),
        "dtw_error_percent": percent(nearest::wrong(&set.train, &set.test, 1.0)),
        "dtw_band_error_percent": percent(nearest::wrong(&set.train, &set.test, 0.1)),
    });
    println!("{report}");
    Ok(())
}
