//! The place where two backends of a crossbar part, in words: the step, the value, the cell and gate, the tile.

use engram_spec::crossbar::Requests;
use engram_spec::trace::{Entry, Quantity};
use engram_spec::{Answer, Device, DeviceError, Trace};

use super::gates::Columns;
use super::inputs::Input;
use super::paired::Paired;
use super::verdicts::{computed, word};
use crate::paired::Traces;

/// The name of a traced value.
fn called(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Verdict => "verdict",
        Quantity::TileSum => "tile sum",
        Quantity::Converted => "converter's code",
        Quantity::Index => "table index",
        Quantity::Gate => "gate",
        Quantity::Cell => "cell state",
        Quantity::Hidden => "h",
        Quantity::Readout => "readout's code of h",
        Quantity::Logit => "logit",
        other => other.name(),
    }
}

/// The place of an element of a value: `cell 3, gate f, tile 1`. Where columns are remembered those computed have tiles.
fn place(quantity: Quantity, element: usize, columns: &Columns, computed: Option<&[usize]>) -> String {
    let tiles = columns.tiles;
    match quantity {
        Quantity::TileSum | Quantity::Converted => {
            let nth = element / tiles;
            let of = computed.map_or(Some(nth), |computed| computed.get(nth).copied());
            format!("{}, tile {}", of.map_or("no column".to_string(), |column| columns.place(column)), element % tiles)
        }
        Quantity::Verdict | Quantity::Index | Quantity::Gate => columns.place(element),
        Quantity::Logit => format!("class {element}"),
        _ => format!("cell {element}"),
    }
}

/// The first value in which two traces of one sequence part, in words: the first trace's against the second's.
pub fn parting(left: &Trace, right: &Trace, columns: &Columns) -> Option<String> {
    let most = left.entries.len().max(right.entries.len());
    let (left_entry, right_entry) = (0..most).find_map(|place| {
        let pair = (left.entries.get(place), right.entries.get(place));
        (pair.0 != pair.1).then_some(pair)
    })?;
    let Entry { quantity, index, .. } = left_entry.or(right_entry)?;
    let values = |entry: Option<&Entry>| entry.map(|entry| entry.values.clone()).unwrap_or_default();
    let (l, r) = (values(left_entry), values(right_entry));
    let element = l.iter().zip(&r).take_while(|(a, b)| a == b).count();
    let say = |value: &i32| if *quantity == Quantity::Verdict { word(*value).to_string() } else { value.to_string() };
    let show = |values: &[i32]| values.get(element).map_or("nothing".to_string(), say);
    let when = if *quantity == Quantity::Logit { String::new() } else { format!("step {index}, ") };
    let computed = computed(left, *index);
    let (what, place) = (called(*quantity), place(*quantity, element, columns, computed.as_deref()));
    Some(format!("{when}{what} of {place}: {} against {}", show(&l), show(&r)))
}

/// Gives a sequence to a backend and the integer model beside it, asks for the answer, and gives the values of the two.
pub fn traced(device: &mut Paired, inputs: &[Input]) -> Result<(Answer, Traces), DeviceError> {
    device.record(true);
    device.clear()?;
    let mut traces = Traces::default();
    for input in inputs {
        input.give(device)?;
        traces.take(device);
    }
    let answer = device.answer()?;
    traces.take(device);
    Ok((answer, traces))
}

#[cfg(test)]
mod tests {
    use engram_spec::crossbar::Cell;

    use super::*;
    use crate::crossbar::gates::names;

    #[test]
    fn the_first_difference_is_named_by_its_place() {
        let columns = Columns { names: names(Cell::Lstm), tiles: 2 };
        let mut one = Trace::default();
        one.push(Quantity::TileSum, 2, vec![7; 24]);
        one.push(Quantity::Cell, 2, vec![1, 2, 3]);
        let mut other = one.clone();
        assert_eq!(parting(&one, &other, &columns), None);
        other.entries[1].values[1] = 5;
        assert_eq!(parting(&one, &other, &columns).unwrap(), "step 2, cell state of cell 1: 2 against 5");
        other.entries[0].values[11] = -7;
        assert_eq!(
            parting(&one, &other, &columns).unwrap(),
            "step 2, tile sum of cell 1, gate f, tile 1: 7 against -7"
        );
        // Of the second cell i and o are computed, which are the fifth and the sixth column that is.
        let verdicts = |last: i32| {
            let mut trace = Trace::default();
            trace.push(Quantity::Verdict, 2, [[2; 4], [0, 1, 1, last], [0; 4]].concat());
            trace
        };
        let with =
            |verdicts: Trace, trace: &Trace| Trace { entries: [verdicts.entries, trace.entries.clone()].concat() };
        let parted = parting(&with(verdicts(0), &one), &with(verdicts(0), &other), &columns);
        assert_eq!(parted.unwrap(), "step 2, tile sum of cell 1, gate o, tile 1: 7 against -7");
        let parted = parting(&with(verdicts(1), &one), &with(verdicts(2), &one), &columns);
        assert_eq!(parted.unwrap(), "step 2, verdict of cell 1, gate o: remembered against forced");
        assert_eq!(Columns { names: names(Cell::Gru), ..columns }.place(6), "cell 1, gate nx");
    }
}
