//! The link through the model of a board's USB chip: measured in modelled time, and before a simulated board.

use serde_json::Value;

use crate::setting::{Served, engram, fails, object, text_model};

fn measured(options: &str) -> Value {
    let command = format!("bench link --generated --questions 4 --json {options}");
    object(&engram(&command).assert().success().get_output().stdout)
}

/// The settings are those that were asked for; a shorter timer, a higher rate and more under way make a board faster, and the figures
/// are the same each time.
#[test]
fn the_link_is_measured_in_modelled_time() {
    let usual = measured("");
    assert_eq!((&usual["board"], usual["settings"].as_array().map(Vec::len)), (&"ulx3s-25f".into(), Some(16)));
    let one = |usb: &str, latency: u64, baud: u64, window: u64| {
        let settings = usual["settings"].as_array().unwrap().iter();
        let of = |setting: &&Value| {
            (setting["usb"].as_str(), setting["latency_ms"].as_u64()) == (Some(usb), Some(latency))
                && (setting["baud"].as_u64(), setting["window"].as_u64()) == (Some(baud), Some(window))
        };
        settings.clone().find(of).unwrap_or_else(|| panic!("no {usb} {latency} {baud} {window}")).clone()
    };
    let number = |setting: &Value, key: &str| setting[key].as_f64().unwrap();
    let before = one("ft231x", 16, 1_000_000, 0);
    // A request takes the timer's 16 ms: a step a request.
    assert!((50.0..65.0).contains(&number(&before, "steps_per_second")), "{before}");
    let mut last = before;
    for faster in [one("ft231x", 16, 1_000_000, 7), one("ft231x", 1, 1_000_000, 7), one("ft231x", 1, 3_000_000, 7)] {
        for key in ["questions_per_second", "steps_per_second", "core_share"] {
            assert!(number(&faster, key) >= number(&last, key), "{key}: {faster}, {last}");
        }
        assert!(number(&faster, "load_seconds") <= number(&last, "load_seconds"));
        last = faster;
    }
    for key in ["load_all_seconds", "load_lstm_seconds", "questions"] {
        assert!(number(&last, key) > 0.0, "{key}");
    }
    let asked = measured("--usb ft2232h,latency=2,event=0,loss=0.0002,seed=4");
    let [setting] = &asked["settings"].as_array().unwrap()[..] else { panic!("{asked}") };
    assert_eq!((&setting["usb"], &setting["event"], &setting["loss"]), (&"ft2232h".into(), &0.into(), &0.0002.into()));
    assert!(setting["repeats"].as_u64() > Some(0), "{setting}");
    assert_eq!(asked, measured("--usb ft2232h,latency=2,event=0,loss=0.0002,seed=4"));
}

#[test]
fn a_chip_that_is_none_is_refused() {
    let shown = fails(&mut engram("bench link --usb cp2102"), 2);
    assert!(shown.contains("found 'cp2102', expected a chip, ft231x or ft2232h"), "{shown}");
    let shown = fails(&mut engram("serve --usb ft231x,latency=0"), 2);
    assert!(shown.contains("found 'latency=0', expected latency=1 to 255"), "{shown}");
}

/// A simulated board behind the chip answers as without it, later.
#[test]
fn a_board_behind_a_chip_is_evaluated() {
    let board = Served::new("--usb ft231x,latency=2");
    assert_eq!(board.report["usb"], "ft231x, latency 2 ms, 3000000 baud");
    let evaluate = format!("eval --json --sequences 2 --on {}", board.path);
    let evaluated = object(&engram(&evaluate).arg(text_model()).assert().success().get_output().stdout);
    assert_eq!((&evaluated["questions"], &evaluated["disagreements"]), (&2.into(), &0.into()));
}
