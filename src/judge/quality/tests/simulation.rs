//! The statistical verdict's rates, by simulation of binary classifiers.

use super::{baseline, metric, quality};
use crate::judge::TestOutcome;
use crate::judge::quality::{suggest, test};
use crate::measure::concept;
use crate::measure::quality::{Metric, Quality};
use crate::profile::{LabelledRows, Problem};
use crate::sketch::SplitMix;

const N_RUNS: u64 = 1000;
const N_REPLICATES: usize = 100;

/// Random numbers that a seed decides.
struct Random(SplitMix);

impl Random {
    fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    fn unit(&mut self) -> f64 {
        self.0.share()
    }

    /// Hits, misses, false alarms and correct rejections of `n` rows.
    fn counts(&mut self, shares: [f64; 4], n: u64) -> [f64; 4] {
        let mut counts = [0.0; 4];
        for _ in 0..n {
            let mut at = self.unit();
            let cell = shares.iter().position(|share| {
                at -= share;
                at < 0.0
            });
            counts[cell.unwrap_or(3)] += 1.0;
        }
        counts
    }
}

/// Names, values and the rows behind them.
fn metrics_of([hit, missed, false_alarm, rejected]: [f64; 4]) -> [(&'static str, f64, f64); 10] {
    let n = hit + missed + false_alarm + rejected;
    let (positives, negatives, said) = (hit + missed, false_alarm + rejected, hit + false_alarm);
    let share = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let (recall, precision) = (share(hit, positives), share(hit, said));
    let f = |beta: f64| share((1.0 + beta * beta) * precision * recall, beta * beta * precision + recall);
    let false_positive_rate = share(false_alarm, negatives);
    [
        ("recall", recall, positives),
        ("precision", precision, said),
        ("accuracy", share(hit + rejected, n), n),
        ("true_positive_rate", recall, positives),
        ("true_negative_rate", 1.0 - false_positive_rate, negatives),
        ("false_positive_rate", false_positive_rate, negatives),
        ("false_negative_rate", 1.0 - recall, positives),
        ("f0_5", f(0.5), n),
        ("f1", f(1.0), n),
        ("f2", f(2.0), n),
    ]
}

/// What is measured on `n` rows of a classifier, with standard errors of a bootstrap.
fn measured(random: &mut Random, shares: [f64; 4], n: u64) -> Quality {
    let counts = random.counts(shares, n);
    let values = metrics_of(counts);
    let (mut sums, mut squares) = ([0.0; 10], [0.0; 10]);
    for _ in 0..N_REPLICATES {
        let replicate = metrics_of(random.counts(counts.map(|count| count / n as f64), n));
        for (i, (_, value, _)) in replicate.into_iter().enumerate() {
            sums[i] += value;
            squares[i] += value * value;
        }
    }
    let replicates = N_REPLICATES as f64;
    let error = |i: usize| ((squares[i] - sums[i] * sums[i] / replicates) / (replicates - 1.0)).max(0.0).sqrt();
    let metrics: Vec<Metric> =
        values.into_iter().enumerate().map(|(i, (name, value, n))| metric(name, value, error(i), n as u64)).collect();
    quality(Problem::BinaryClassification, metrics)
}

/// The share of runs in which any metric alarms.
fn alarm_rate(before: [f64; 4], n_before: u64, now: [f64; 4], n_now: u64) -> f64 {
    let is_alarm = |seed: u64| {
        let mut random = Random::new(seed);
        let before = measured(&mut random, before, n_before);
        let now = measured(&mut random, now, n_now);
        let tests = test(&suggest(&before), &now, &[], Some(&baseline(&before)));
        tests.iter().any(|test| test.outcome == TestOutcome::Violated)
    };
    (0..N_RUNS).filter(|seed| is_alarm(seed * 1_000_003)).count() as f64 / N_RUNS as f64
}

#[test]
fn under_no_change_at_most_one_run_in_twenty_alarms() {
    // Three standard deviations of the simulation.
    let allowed = 0.05 + 3.0 * (0.05 * 0.95 / N_RUNS as f64).sqrt();
    for (shares, n_before, n_now) in [
        ([0.25, 0.05, 0.05, 0.65], 1000, 300),
        ([0.25, 0.05, 0.05, 0.65], 200, 200),
        ([0.45, 0.05, 0.05, 0.45], 100, 100),
        ([0.30, 0.004, 0.002, 0.694], 400, 400),
        ([0.02, 0.01, 0.01, 0.96], 1000, 1000),
        ([0.10, 0.20, 0.20, 0.50], 200, 60),
    ] {
        let rate = alarm_rate(shares, n_before, shares, n_now);
        println!("{shares:?} {n_before} {n_now}: {rate}");
        assert!(rate <= allowed, "{shares:?}, {n_before} rows before and {n_now} now: {rate}");
    }
}

const N_CONCEPT_RUNS: u64 = 200;

/// How current rows differ from the baseline's.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// Numbers, on which no label depends, are larger.
    Numbers,
    /// Categories, on which labels depend, are others; there are no other features, since beside those labels change.
    Categories,
    /// The category `c` means the opposite.
    Meaning,
}

/// Rows of a label that depends on a category, and of seven features more.
fn labelled(random: &mut Random, n: usize, change: Option<Change>, is_alone: bool) -> LabelledRows {
    let mut rows = Vec::with_capacity(n);
    for _ in 0..n {
        let shares = if change == Some(Change::Categories) { [0.2, 0.3] } else { [0.6, 0.3] };
        let at = random.unit();
        let category = ["a", "b", "c"][usize::from(at > shares[0]) + usize::from(at > shares[0] + shares[1])];
        let share = match category {
            "a" => 0.02,
            "b" => 0.3,
            _ if change == Some(Change::Meaning) => 0.1,
            _ => 0.9,
        };
        let label = if random.unit() < share { "1" } else { "0" };
        let mut cells = vec![("category".to_owned(), category.to_owned())];
        if !is_alone {
            let number = random.unit();
            let number = if change == Some(Change::Numbers) { number.sqrt() } else { number };
            cells.push(("number".to_owned(), number.to_string()));
            cells.extend((0..6).map(|i| (format!("f{i}"), (random.unit() * f64::from(10 << i)).floor().to_string())));
        }
        let packed = cells.iter().map(|(name, value)| format!("{}:{name}{}:{value}", name.len(), value.len()));
        rows.push((label, packed.collect::<String>()));
    }
    LabelledRows::of(rows.into_iter())
}

/// The shares of windows in which any feature alarms, and in which the category does.
fn concept_alarm_rates(n_before: usize, n_now: usize, change: Change) -> (f64, f64) {
    let before = quality(Problem::BinaryClassification, Vec::new());
    let alarms: Vec<(bool, bool)> = (0..N_CONCEPT_RUNS)
        .map(|seed| {
            let mut random = Random::new(seed * 1_000_003);
            let is_alone = change == Change::Categories;
            let rows = labelled(&mut random, n_before, None, is_alone);
            let concept = concept::remember(&rows, Problem::BinaryClassification).expect("a baseline");
            let changes = concept::changes(&labelled(&mut random, n_now, Some(change), is_alone), &concept);
            let tests = test(&suggest(&before), &before, &changes, None);
            let violated = || tests.iter().filter(|test| test.outcome == TestOutcome::Violated);
            (violated().count() > 0, violated().any(|test| test.subject.feature() == Some("category")))
        })
        .collect();
    let rate = |of: fn(&&(bool, bool)) -> bool| alarms.iter().filter(of).count() as f64 / N_CONCEPT_RUNS as f64;
    (rate(|(any, _)| *any), rate(|(_, category)| *category))
}

#[test]
fn simulation_of_concepts_that_do_not_change_alarms_in_at_most_one_run_of_twenty() {
    let allowed = 0.05 + 3.0 * (0.05 * 0.95 / N_CONCEPT_RUNS as f64).sqrt();
    for (n_before, n_now) in [(2_000, 500), (1_000, 200), (500, 60), (300, 1_000)] {
        for change in [Change::Numbers, Change::Categories] {
            let (rate, _) = concept_alarm_rates(n_before, n_now, change);
            println!("{n_before} {n_now} {}: {rate}", change == Change::Numbers);
            assert!(rate <= allowed, "{n_before} rows before and {n_now} now: {rate}");
        }
    }
}

#[test]
fn simulation_of_a_category_that_means_the_opposite_is_found() {
    let (_, rate) = concept_alarm_rates(1_000, 200, Change::Meaning);
    assert!(rate > 0.99, "{rate}");
}

#[test]
fn a_tenth_of_accuracy_lost_is_found() {
    let rate = alarm_rate([0.27, 0.03, 0.02, 0.68], 1000, [0.22, 0.08, 0.07, 0.63], 1000);
    assert!(rate > 0.99, "{rate}");
}
