//! The report of memory networks, made of what is numbers.

use std::collections::{BTreeMap, BTreeSet};

use engram_session::measure::time;

use super::aggregate::{Comparison, SizeResults, VariantResults};
use super::finished::Energy;
use super::inside::{Attention, RANGE, Similarities};
use super::literature::{PUBLISHED, Published, memn2n};
use super::plots;
use super::proofs::{BackendProofs, RowSum, Sum};
use super::texts::Origin;
use super::variant::{LEADING, Size, place};
use crate::document::{Block, Column, NONE, Table, code, or_none, percent, with_spread};
use crate::statistic::{Statistic, over};
use engram_memnet::Choice;
use engram_memnet::tasks::{TASKS, name};

/// The mark of numbers that were trained on generated text.
const DAGGER: &str = "†";

/// The numbers that the document is made of.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The results by size, smallest first; without those of which nothing is known.
    pub sizes: Vec<SizeResults>,
    /// The similarities by task.
    pub similarity: Vec<Similarities>,
    /// A story of each task.
    pub attention: Vec<Attention>,
    /// The proofs of each backend.
    pub proofs: Vec<BackendProofs>,
}

/// The document.
pub fn document(numbers: &Numbers) -> anyhow::Result<Vec<Block>> {
    let mut blocks = vec![Block::text(HOW_TO_READ)];
    blocks.extend(variants_table(numbers));
    blocks.extend(published_blocks(numbers));
    for results in numbers.sizes.iter().rev() {
        blocks.extend(size_blocks(results)?);
    }
    if !numbers.similarity.is_empty() {
        blocks.extend(similarity_blocks(&numbers.similarity)?);
    }
    if !numbers.attention.is_empty() {
        blocks.push(Block::chapter("What the hops attend to"));
        blocks.push(Block::text(ATTENTION));
        let caption = "The share of the memory that each hop reads, one story for each task.";
        blocks.push(Block::figure("attention.svg", plots::attention::draw(&numbers.attention)?, caption));
    }
    blocks.extend(proof_blocks(&numbers.proofs));
    blocks.extend(time_blocks(numbers));
    Ok(blocks)
}

const HOW_TO_READ: &str = "Errors are test errors in percent. A number is the mean over the seeds ± their standard \
    deviation. No test error has a part in the choice of a recipe, of a number of epochs or of a seed. A row has \
    candidates, of which cross-validation on the training text chooses one for each task; the candidates themselves \
    were found in the same way. One of them begins with a model of all twenty tasks (the recipes' table `start`), and \
    has so seen the training text of every task. All training text is learnt, and the weights of the last epochs are \
    averaged; the rows of conventional arithmetic and `qmann-es` keep a tenth of the stories for validation, and the \
    epoch that answers them best; the model of all tasks that they may start from leaves these stories \
    out, too. `mean, chosen seed` has for each task the one seed of the least validation error, or \
    where all text is learnt training error. `MemN2N` is what the literature reports for a float network of three hops \
    with position encoding, linear start and time noise, trained on one task at a time, the best of ten trainings. \
    Quantised rows that a device can compute are tested on the integer model, whose answers are the device's, bit for \
    bit. Float rows, truncating rows and rows of fewer than 8 bits are tested in their own arithmetic. \
    `docs/findings.md` \
    explains what falls short of its target.";

const PROOF: &str = "The hardware and the integer model answered the test questions of every task; for each row and \
    task with the model that validation chooses. An answer differs if its word or its logit differs. `verilator` and \
    `cxxrtl` are the emitted Verilog, compiled by these tools; `simulation` is the source of that Verilog, \
    simulated; `board` is a board on its serial port. Cycles count from the question's last word to its answer, as \
    the device counts them, at its preset.";

const ATTENTION: &str = "One test question of each task, read by the integer model of the row `qmann`: the first \
    question about a few sentences that it answers rightly. For longer stories the picture shows the sentences that \
    are read most.";

fn variants_table(numbers: &Numbers) -> Option<Block> {
    let mut described: BTreeMap<(usize, String), String> = BTreeMap::new();
    for row in numbers.sizes.iter().flat_map(|results| &results.rows) {
        described.entry(place(&row.variant)).or_insert_with(|| row.description.clone());
    }
    described.retain(|_, description| !description.is_empty());
    let rows = described.into_iter().map(|((_, row), description)| vec![code(row), description]);
    let table = Table::new(["row", "what it is"], rows).of_words();
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// The means of the rows that lead beside those of the literature.
fn published_blocks(numbers: &Numbers) -> Vec<Block> {
    let official = |results: &&SizeResults| {
        let mut tasks = results.rows.iter().flat_map(|row| &row.tasks);
        results.tasks.len() == usize::from(TASKS) && tasks.all(|task| task.origin != Origin::Generated)
    };
    let sizes: Vec<&SizeResults> = numbers.sizes.iter().filter(official).collect();
    let of = |size: Size, name: &str| {
        let results = sizes.iter().find(|results| results.size == size)?;
        results.rows.iter().find(|row| row.variant == name).and_then(|row| Some((row.mean?, row.chosen_mean?)))
    };
    let cell = |size, name: &str| {
        or_none(of(size, name).map(|(mean, chosen)| format!("{} ({})", with_spread(&mean), percent(chosen))))
    };
    let own: Vec<Vec<String>> = BESIDE_LITERATURE
        .into_iter()
        .map(|name| [code(name)].into_iter().chain(Size::ALL.map(|size| cell(size, name))).collect())
        .filter(|row: &Vec<String>| row[1..].iter().any(|cell| cell != NONE))
        .collect();
    if own.is_empty() {
        return Vec::new();
    }
    let published = PUBLISHED.map(|Published { network, means }| {
        [network.to_string()].into_iter().chain(means.map(|mean| or_none(mean.map(percent)))).collect()
    });
    let head = ["network".to_string()].into_iter().chain(Size::ALL.map(|size| format!("{size}, mean error %")));
    let table = Table::new(head, published.into_iter().chain(own));
    vec![Block::chapter("Beside the literature"), Block::text(BESIDE), Block::Table(table)]
}

/// The rows that stand beside the literature's networks.
const BESIDE_LITERATURE: [&str; 5] = ["float", "fixed", "qmann", "qmann-min", "all"];

const BESIDE: &str = "The mean error of the twenty tasks. In brackets that of the chosen seeds. The networks of the \
    literature are float; MemN2N's figures are the best of ten trainings, DMN+ and QRN are larger networks of other \
    kinds. The paper of Q-MANN gives its errors relative to its own baselines; they stand under `Rows beside each other`.";

fn size_blocks(results: &SizeResults) -> anyhow::Result<Vec<Block>> {
    let size = results.size;
    let origins: Vec<Origin> = results.rows.iter().flat_map(|row| row.tasks.iter().map(|task| task.origin)).collect();
    let generated = origins.contains(&Origin::Generated);
    let about = if generated { " (generated text)" } else { "" };
    let heading = |text: &str| Block::Heading(3, format!("{text}, {size}{about}"));
    let mut blocks = vec![Block::chapter(format!("{size} training questions a task{about}"))];
    if generated {
        let text = "All or some of these figures are on generated text. They are no bAbI scores, and cannot be \
            compared with MemN2N's.";
        blocks.push(Block::text(text));
    }
    let (leading, others): (Vec<&VariantResults>, Vec<&VariantResults>) =
        main_rows(results).into_iter().partition(|row| LEADING.contains(&row.variant.as_str()));
    for rows in [leading, others].into_iter().filter(|rows| !rows.is_empty()) {
        blocks.push(Block::Table(errors_table(results, &rows)));
    }
    if origins.contains(&Origin::GeneratedTraining) {
        let text =
            "trained on generated text, because the official training file is missing; tested on the official text.";
        blocks.push(Block::Text(format!("{DAGGER} {text}")));
    }
    let caption =
        format!("Test error by task and row, {size}{about}; lines are the standard deviation over the seeds.");
    blocks.push(Block::figure(format!("errors-{size}.svg"), plots::errors::draw(results)?, caption));
    let choices = choices_table(results);
    if !choices.rows.is_empty() {
        blocks.push(heading("Recipes that cross-validation chose"));
        blocks.push(Block::text(choices_text(results)));
        blocks.push(Block::Table(choices));
    }
    if !results.comparisons.is_empty() {
        blocks.push(heading("Rows beside each other"));
        blocks.push(Block::Table(comparison_table(&results.comparisons)));
        blocks.extend(verdict(&results.comparisons).map(Block::Text));
    }
    let series = series(results);
    if !series.is_empty() {
        blocks.push(heading("Word length"));
        blocks.push(Block::Table(word_length_table(&series)));
        let caption = format!("Mean test error by the bits of a weight or activation, {size}{about}.");
        let svg = plots::lengths::draw(&series, reference(results))?;
        blocks.push(Block::figure(format!("word-length-{size}.svg"), svg, caption));
    }
    blocks.push(heading("Energy of a question"));
    blocks.push(Block::text(ENERGY));
    blocks.push(Block::Table(energy_table(results)));
    Ok(blocks)
}

/// The text above the table of choices: how often the rows asked.
fn choices_text(results: &SizeResults) -> String {
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for row in &results.rows {
        if let Some(choice) = row.tasks.iter().find_map(|task| task.choice.as_ref()) {
            rows.entry(choice.folds).or_default().push(format!("`{}`", row.variant));
        }
    }
    let times = |folds: usize| match folds {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        folds => format!("{folds} times over"),
    };
    let often = match rows.len() {
        1 => rows.keys().map(|&folds| times(folds)).collect(),
        _ => {
            let of = |(&folds, rows): (&usize, &Vec<String>)| format!("{} in {}", times(folds), in_words(rows));
            rows.iter().rev().map(of).collect::<Vec<String>>().join(", ")
        }
    };
    format!(
        "A row with candidates trains each of them on four fifths of a task's training text and asks it the questions of \
        the fifth that is left, {often} (the recipes' key `folds`). The task has the candidate that answers most of them. \
        Models of all tasks that these trainings start from have not seen the fifth either. `held out` is the error of \
        a candidate on all tasks, `where chosen` on those that have it; both are of networks that learnt less text than \
        the row's."
    )
}

/// Names in a sentence.
fn in_words(names: &[String]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        names => names.concat(),
    }
}

/// For each row with candidates, the tasks that have each of them.
fn choices_table(results: &SizeResults) -> Table {
    let mut table =
        Table::new(["row", "candidate", "held out, %", "where chosen, %", "tasks that have it"], []).of_words();
    for row in &results.rows {
        let choices: Vec<(u8, &Choice)> =
            row.tasks.iter().filter_map(|task| Some((task.task, task.choice.as_ref()?))).collect();
        let Some((_, first)) = choices.first() else { continue };
        for name in first.candidates.iter().map(|candidate| &candidate.name) {
            let tried = |choice: &Choice| choice.candidates.iter().find(|one| one.name == *name).map(|one| one.error);
            let mean = |errors: Vec<f64>| or_none(over(errors, |error| 100.0 * error).map(|one| percent(one.mean)));
            let having: Vec<&(u8, &Choice)> = choices.iter().filter(|(_, choice)| choice.chosen == *name).collect();
            let tasks: Vec<String> = having.iter().map(|(task, _)| task.to_string()).collect();
            table.rows.push(vec![
                code(&row.variant),
                name.clone(),
                mean(choices.iter().filter_map(|(_, choice)| tried(choice)).collect()),
                mean(having.iter().filter_map(|(_, choice)| tried(choice)).collect()),
                if tasks.is_empty() { NONE.to_string() } else { tasks.join(", ") },
            ]);
        }
    }
    table
}

const ENERGY: &str = "The operations of one question times the energy of each at 45 nm (Horowitz, ISSCC 2014), the \
    mean over the test questions and tasks. This compares arithmetics; it does not measure a device. The paper \
    counts the arithmetic only, and every addition as one of 8-bit integers. The fuller count has every addition at \
    its own width (sums of products are wider than their operands) and the reads of the memories, which are the \
    larger part. Rows of shorter words are counted at 8 bits. An exponential has 15 bits; both counts take it as an \
    8-bit operand and a read of one byte, and take `float` with the same reads of 4 bytes each.";

/// Rows that differ from another only in the bits of a word are named after it, as in `qmann-6bit`.
fn word_length(row: &str) -> Option<(&str, u32)> {
    let (family, bits) = row.strip_suffix("bit")?.rsplit_once('-')?;
    Some((family, bits.parse().ok()?))
}

/// The mean errors of a family of rows by word length, the shortest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub family: String,
    pub points: Vec<(u32, Statistic)>,
}

/// The bits of rows that say nothing else.
const BITS: u32 = 8;

fn series(results: &SizeResults) -> Vec<Series> {
    let mut families: BTreeMap<(usize, String), Vec<(u32, Statistic)>> = BTreeMap::new();
    for row in &results.rows {
        if let (Some((family, bits)), Some(mean)) = (word_length(&row.variant), row.mean) {
            families.entry(place(family)).or_default().push((bits, mean));
        }
    }
    for ((_, family), points) in &mut families {
        let whole = results.rows.iter().find(|row| &row.variant == family).and_then(|row| row.mean);
        points.extend(whole.map(|mean| (BITS, mean)));
        points.sort_by_key(|point| point.0);
    }
    families.into_iter().map(|((_, family), points)| Series { family, points }).collect()
}

/// The error of `float`, which has no word length.
fn reference(results: &SizeResults) -> Option<f64> {
    results.rows.iter().find(|row| row.variant == "float").and_then(|row| row.mean).map(|mean| mean.mean)
}

fn main_rows(results: &SizeResults) -> Vec<&VariantResults> {
    results.rows.iter().filter(|row| word_length(&row.variant).is_none()).collect()
}

/// The errors of some rows by task. Those that lead have a table of their own, which is as wide as a page.
fn errors_table(results: &SizeResults, rows: &[&VariantResults]) -> Table {
    let head = ["task".to_string(), "MemN2N".to_string()].into_iter().chain(rows.iter().map(|row| row.variant.clone()));
    let mut table = Table { sums: 3, ..Table::new(head, []) };
    let dagger = |origin: Origin| match origin {
        Origin::GeneratedTraining => format!(" {DAGGER}"),
        Origin::Official | Origin::Generated => String::new(),
    };
    for &number in &results.tasks {
        let of = |row: &&VariantResults| {
            let task = row.tasks.iter().find(|task| task.task == number);
            or_none(task.map(|task| with_spread(&task.test) + &dagger(task.origin)))
        };
        let first = [format!("{number} {}", name(number)), or_none(memn2n(results.size, number).map(percent))];
        table.rows.push(first.into_iter().chain(rows.iter().map(of)).collect());
    }
    let mut sum = |title: String, mark: String, of: &dyn Fn(&VariantResults) -> String| {
        table.rows.push([title, mark].into_iter().chain(rows.iter().map(|row| of(row))).collect());
    };
    let daggers = |row: &VariantResults| row.tasks.iter().map(|task| dagger(task.origin)).max().unwrap_or_default();
    let mean = |row: &VariantResults| or_none(row.mean.map(|mean| with_spread(&mean) + &daggers(row)));
    let chosen = |row: &VariantResults| or_none(row.chosen_mean.map(|mean| percent(mean) + &daggers(row)));
    sum(format!("mean of {}", results.tasks.len()), percent(results.memn2n_mean), &mean);
    sum("mean, chosen seed".to_string(), percent(results.memn2n_mean), &chosen);
    sum("seeds".to_string(), "10".to_string(), &seeds);
    table
}

fn seeds(row: &VariantResults) -> String {
    let counts: Vec<usize> = row.tasks.iter().map(|task| task.seeds.len()).collect();
    match (counts.iter().min(), counts.iter().max()) {
        (Some(least), Some(most)) if least == most => most.to_string(),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        _ => NONE.to_string(),
    }
}

fn comparison_table(comparisons: &[Comparison]) -> Table {
    let columns: [Column<&Comparison>; 8] = [
        ("row", &|one| code(&one.variant)),
        ("error %", &|one| percent(one.mean)),
        ("beside", &|one| code(&one.against)),
        ("error %", &|one| percent(one.against_mean)),
        ("difference", &|one| or_none(one.less_percent.map(less_or_more))),
        ("points", &|one| format!("{:+.1}", one.mean - one.against_mean)),
        ("better / worse on", &|one| format!("{} / {} of {}", one.better, one.worse, one.tasks)),
        ("the paper says", &|one| or_none(one.paper.map(|paper| format!("{paper:.0} % less")))),
    ];
    Table::of(comparisons, &columns)
}

fn less_or_more(less: f64) -> String {
    if less >= 0.0 { format!("{less:.0} % less") } else { format!("{:.0} % more", -less) }
}

/// The paper's claim, in figures of the comparisons.
fn verdict(comparisons: &[Comparison]) -> Option<String> {
    let find = |row: &str, against: &str| comparisons.iter().find(|one| one.variant == row && one.against == against);
    let (bounded, wide) = (find("qmann", "fixed-truncating")?, find("fixed", "fixed-truncating")?);
    let (less, wide_less) = (bounded.less_percent?, wide.less_percent?);
    Some(format!(
        "Compared with arithmetic that truncates every product to 8 bits, as the paper's baseline does, the error of \
        `qmann` is {} here (the paper: 46 % less). With a wide accumulator alone, which rounds once (`fixed`), it is \
        {}: the accumulator brings {:.1} points, and the bound {}. `qmann` adds a memory that is addressed \
        without a multiplier, and a similarity with a bound.",
        less_or_more(less),
        less_or_more(wide_less),
        wide.against_mean - wide.mean,
        match bounded.mean - wide.mean {
            cost if cost > 0.0 => format!("takes {cost:.1} of them back"),
            cost => format!("adds {:.1} to them", -cost),
        },
    ))
}

fn word_length_table(series: &[Series]) -> Table {
    let lengths: BTreeSet<u32> = series.iter().flat_map(|one| one.points.iter().map(|point| point.0)).collect();
    let head = [String::from("row")].into_iter().chain(lengths.iter().map(|bits| format!("{bits} bits")));
    let rows = series.iter().map(|Series { family, points }| {
        let at = |bits: &u32| points.iter().find(|point| point.0 == *bits).map(|point| with_spread(&point.1));
        [code(family)].into_iter().chain(lengths.iter().map(|bits| or_none(at(bits)))).collect()
    });
    Table::new(head, rows)
}

fn energy_table(results: &SizeResults) -> Table {
    let float = results.rows.iter().find(|row| row.variant == "float").map(|row| row.energy);
    let sum = |energy: &Energy| energy.arithmetic + energy.memory;
    let nano = |picojoules: f64| format!("{:.2}", picojoules / 1e3);
    let times = |row: &VariantResults, of: &dyn Fn(&Energy) -> f64| {
        or_none(float.map(|float| format!("{:.1}", of(&float) / of(&row.energy))))
    };
    let columns: [Column<&VariantResults>; 8] = [
        ("row", &|row| code(&row.variant)),
        ("paper's count, nJ", &|row| nano(row.energy.paper)),
        ("float / row", &|row| times(row, &|energy| energy.paper)),
        ("arithmetic, nJ", &|row| nano(row.energy.arithmetic)),
        ("float / row", &|row| times(row, &|energy| energy.arithmetic)),
        ("memory reads, nJ", &|row| nano(row.energy.memory)),
        ("sum, nJ", &|row| nano(sum(&row.energy))),
        ("float / row", &|row| times(row, &sum)),
    ];
    Table::of(&results.rows, &columns)
}

/// The task whose similarities are drawn, where it is there; the table beside has all.
const DRAWN: u8 = 1;

fn similarity_blocks(all: &[Similarities]) -> anyhow::Result<Vec<Block>> {
    let task = all.iter().map(|one| one.task).find(|&task| task == DRAWN).unwrap_or(all[0].task);
    let drawn: Vec<&Similarities> = all.iter().filter(|one| one.task == task).collect();
    let text = format!(
        "The similarities that a hop computes, for every slot, hop and test question, before they are stored as \
        scores. The unit is that of the score, whose exponential weighs the slot; zero is the centre of the score's \
        range, which is ±{RANGE:.0}. A sum of bounded similarities has a bound that is known beforehand, whatever \
        the weights, so the range is moved to where it decides. A sum of products can be larger than any short word, \
        so it saturates, and slots that saturate together above the range get the same weight. Training adapts to \
        that, as `fixed` shows; quantising a trained network does not. The weights of slots below the range are \
        almost 0.",
    );
    let caption = format!("Similarities of task {task} ({}), a trained model of each way of addressing.", name(task));
    let figure = Block::figure("similarity.svg", plots::similarity::draw(&drawn)?, caption);
    let heading = Block::chapter("Why addressing is bounded");
    Ok(vec![heading, Block::text(text), figure, Block::Table(similarity_table(all))])
}

/// By task, the share above the range of a score and the greatest, for each way of addressing.
fn similarity_table(all: &[Similarities]) -> Table {
    let mut ways: Vec<&str> = Vec::new();
    let tasks: BTreeSet<u8> = all.iter().map(|one| one.task).collect();
    for one in all {
        if !ways.contains(&one.addressing.as_str()) {
            ways.push(&one.addressing);
        }
    }
    let heads = ways.iter().flat_map(|way| [format!("{way}: above {RANGE:.0}, %"), "largest (bound)".to_string()]);
    let rows = tasks.iter().map(|&task| {
        let cells =
            ways.iter().flat_map(|way| match all.iter().find(|one| one.task == task && one.addressing == *way) {
                Some(one) => [percent(one.above_percent), format!("{:.1} ({:.0})", one.greatest, one.bound)],
                None => [NONE.to_string(), NONE.to_string()],
            });
        [format!("{task} {}", name(task))].into_iter().chain(cells).collect()
    });
    Table::new(["task".to_string()].into_iter().chain(heads), rows)
}

fn proof_blocks(backends: &[BackendProofs]) -> Vec<Block> {
    let Some(first) = backends.first() else { return Vec::new() };
    let generated = backends.iter().flat_map(|backend| &backend.proofs).any(|proof| proof.origin == Origin::Generated);
    let about = if generated { " (generated text)" } else { "" };
    let heading = Block::chapter(format!("The hardware's answers{about}"));
    let total = &first.total;
    let sum = format!(
        "On `{}`, {} of {} answers differ (`{}`).",
        first.backend, total.disagreements, total.questions, first.command
    );
    vec![heading, Block::Text(format!("{PROOF} {sum}")), Block::Table(proof_table(backends))]
}

fn proof_table(backends: &[BackendProofs]) -> Table {
    let head =
        ["row", "size", "backend", "preset", "tasks", "questions", "answers that differ", "cycles, mean", "most"];
    let line = |row: String, size: String, backend: &str, presets: String, sum: &Sum| {
        let Sum { tasks, questions, disagreements, cycles_mean, cycles_most } = sum;
        let counts = [tasks, questions, disagreements].map(ToString::to_string);
        let names = [row, size, format!("`{backend}`"), presets];
        names.into_iter().chain(counts).chain([percent(*cycles_mean), cycles_most.to_string()]).collect()
    };
    let mut table = Table { sums: backends.len(), ..Table::new(head, []) };
    for BackendProofs { backend, rows, .. } in backends {
        table.rows.extend(rows.iter().map(|RowSum { size, variant, presets, sum }| {
            line(code(variant), size.to_string(), backend, presets.join(", "), sum)
        }));
    }
    for BackendProofs { backend, total, .. } in backends {
        table.rows.push(line("all".to_string(), NONE.to_string(), backend, NONE.to_string(), total));
    }
    table
}

fn time_blocks(numbers: &Numbers) -> Vec<Block> {
    if numbers.sizes.is_empty() {
        return Vec::new();
    }
    let minutes = |seconds: f64| format!("{:.1}", seconds / 60.0);
    let mut table = Table { sums: 1, ..Table::new(["row", "1k, min", "10k, min"], []) };
    let rows = numbers.sizes.iter().flat_map(|results| &results.rows);
    let names: BTreeSet<(usize, String)> = rows.map(|row| place(&row.variant)).collect();
    let of = |size: Size| numbers.sizes.iter().find(|results| results.size == size);
    for (_, name) in names {
        let at = |size| of(size)?.rows.iter().find(|row| row.variant == name).map(|row| minutes(row.cpu_seconds));
        table.rows.push([code(&name)].into_iter().chain(Size::ALL.map(|size| or_none(at(size)))).collect());
    }
    let sums = Size::ALL.map(|size| or_none(of(size).map(|results| minutes(results.cpu_seconds))));
    table.rows.push(["all".to_string()].into_iter().chain(sums).collect());
    let all: f64 = numbers.sizes.iter().map(|results| results.cpu_seconds).sum();
    let text = format!(
        "Processor time of all runs, training and testing: {}. The model of all tasks that a row starts from is counted with \
         the first row that asked for it.",
        time(all)
    );
    vec![Block::chapter("Time"), Block::text(text), Block::Table(table)]
}

#[cfg(test)]
mod tests {
    use super::super::aggregate::size_results;
    use super::super::finished::Finished;
    use super::super::finished::tests::{run, variant};
    use super::super::proofs::tests::proof;
    use super::super::variant::Variant;
    use super::*;
    use crate::document::tests::table;

    fn numbers(origin: Origin) -> Numbers {
        let named = |name: &str| Variant { name: name.into(), ..variant("# A row.\n") };
        let cells = |error: f64| -> Vec<Finished> {
            let tasks = [(1, 1), (1, 2), (3, 1), (3, 2)];
            tasks.map(|(task, seed)| Finished { origin, ..run(task, seed, error + seed as f64) }).into()
        };
        let (float, fixed, truncating, qmann, xnor, short) = (
            named("float"),
            named("fixed"),
            named("fixed-truncating"),
            named("qmann"),
            named("xnor"),
            named("qmann-4bit"),
        );
        let rows = [
            (&float, cells(1.0)),
            (&truncating, cells(10.0)),
            (&fixed, cells(4.0)),
            (&qmann, cells(2.0)),
            (&short, cells(30.0)),
            (&xnor, cells(5.0)),
        ];
        Numbers { sizes: vec![size_results(Size::K10, &rows)], ..Numbers::default() }
    }

    #[test]
    fn tables_have_means_marks_and_daggers() {
        let blocks = document(&numbers(Origin::GeneratedTraining)).unwrap();
        let errors = table(&blocks, "MemN2N");
        assert_eq!(errors.head, ["task", "MemN2N", "float", "fixed-truncating", "fixed", "qmann"]);
        assert_eq!(errors.rows[1][..3], ["3 three supporting facts", "9.3", "2.5 ± 0.7 †"]);
        assert_eq!(errors.rows[2][..3], ["mean of 2", "4.7", "2.5 ± 0.7 †"]);
        assert_eq!(errors.rows[3][2], "2.0 †");
        assert_eq!(errors.rows[4][2], "2");
        let others = table(&blocks, "xnor");
        assert_eq!(
            (&others.head[..], &others.rows[2][2]),
            (&["task", "MemN2N", "xnor"].map(String::from)[..], &"6.5 ± 0.7 †".into())
        );
        let comparisons = table(&blocks, "difference");
        assert_eq!(
            comparisons.rows[0],
            ["`qmann`", "3.5", "`fixed-truncating`", "11.5", "70 % less", "-8.0", "2 / 0 of 2", "46 % less"]
        );
        assert_eq!(table(&blocks, "4 bits").rows, [["`qmann`", "31.5 ± 0.7", "3.5 ± 0.7"]]);
        let energy = table(&blocks, "sum, nJ");
        assert_eq!(energy.rows[0], ["`float`", "0.50", "1.0", "1.00", "1.0", "4.00", "5.00", "1.0"]);
        assert_eq!(table(&blocks, "10k, min").rows.last().unwrap()[..], ["all", "–", "1.2"]);
        let told = blocks.iter().any(|block| matches!(block, Block::Text(text) if text.starts_with('†')));
        assert!(told, "{blocks:?}");
    }

    #[test]
    fn generated_text_is_named_in_every_heading() {
        for (origin, expected) in [(Origin::Generated, true), (Origin::Official, false)] {
            let blocks = document(&numbers(origin)).unwrap();
            let sized = blocks.iter().filter_map(|block| match block {
                Block::Heading(_, text) if text.contains("10k") => Some(text),
                _ => None,
            });
            assert!(sized.into_iter().all(|text| text.contains("generated") == expected));
        }
    }

    #[test]
    fn the_hardwares_answers_have_a_chapter() {
        let proofs = vec![proof("qmann", 1, 1000), proof("qmann", 2, 1000), proof("fixed", 1, 500)];
        let proofs = vec![BackendProofs::new("verilator".into(), " --prove verilator", proofs)];
        let blocks = document(&Numbers { proofs, ..Numbers::default() }).unwrap();
        let table = table(&blocks, "answers that differ");
        assert_eq!(table.rows[0], ["`fixed`", "1k", "`verilator`", "ecp5-25f", "1", "500", "0", "100.0", "1000"]);
        assert_eq!(table.rows[1][4..], ["2", "2000", "0", "150.0", "2000"]);
        assert_eq!((&table.rows[2][5..7], table.sums), (&["2500", "0"].map(String::from)[..], 1));
        let told = |text: &String| {
            text.contains("0 of 2500 answers differ (`engram results --sizes 1k --rows fixed,qmann --prove")
        };
        assert!(blocks.iter().any(|block| matches!(block, Block::Text(text) if told(text))), "{blocks:?}");
    }
}
