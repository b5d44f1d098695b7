//! How often the 95 % intervals hold the truth, on data of which the truth is known.

use std::collections::BTreeMap;

use crate::measure::quality::sample::{Areas, BinarySample};
use crate::measure::quality::{Quality, measure};
use crate::profile::outcome_rows::{Table, curves, outcomes, settings};
use crate::profile::{OutcomeSettings, Problem};

/// Data sets drawn, and rows of each.
const N_RUNS: usize = 2_000;
const N_ROWS: usize = 400;
/// Different scores of [`binary_table`].
const N_SCORES: usize = 200;

/// Numbers that look random (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In 0…1.
    pub fn share(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }

    fn id(&mut self) -> String {
        self.word().to_string()
    }
}

fn score(place: usize) -> f64 {
    (place as f64 + 0.5) / N_SCORES as f64
}

/// Labels that are positive as often as their scores say; more low scores than high ones.
pub fn binary_table(draw: &mut Draw, n: usize) -> (Table, OutcomeSettings) {
    let mut table = Table { scores: vec![Vec::new()], ..Table::default() };
    for _ in 0..n {
        let score = score((draw.share().powi(2) * N_SCORES as f64) as usize);
        table.id.push(draw.id());
        table.label.push(u8::from(draw.share() < score).to_string());
        table.prediction.push(u8::from(score > 0.5).to_string());
        table.scores[0].push(score.to_string());
    }
    (table, settings(Problem::BinaryClassification, 1))
}

/// Three classes, each as likely as its score says.
pub fn multiclass_table(draw: &mut Draw, n: usize) -> (Table, OutcomeSettings) {
    const CLASSES: [&str; 3] = ["a", "b", "c"];
    let mut table = Table { scores: vec![Vec::new(); 3], ..Table::default() };
    for _ in 0..n {
        let weights = [1.0, 0.7, 0.4].map(|weight: f64| weight * (1.5 * draw.normal()).exp());
        let scores = weights.map(|weight| weight / weights.iter().sum::<f64>());
        let at = draw.share();
        let label = if at < scores[0] { 0 } else { 1 + usize::from(at >= scores[0] + scores[1]) };
        let best = (0..3).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
        table.id.push(draw.id());
        table.label.push(CLASSES[label].to_owned());
        table.prediction.push(CLASSES[best].to_owned());
        table.scores.iter_mut().zip(scores).for_each(|(column, score)| column.push(score.to_string()));
    }
    let score_classes = CLASSES.map(str::to_owned).to_vec();
    (table, OutcomeSettings { score_classes, ..settings(Problem::MulticlassClassification, 3) })
}

/// Labels of mean 5 and deviation 3, predicted with errors of mean 0 and deviation 1.
fn regression_table(draw: &mut Draw, n: usize) -> (Table, OutcomeSettings) {
    let mut table = Table::default();
    for _ in 0..n {
        let label = 5.0 + 3.0 * draw.normal();
        table.id.push(draw.id());
        table.label.push(label.to_string());
        table.prediction.push((label + draw.normal()).to_string());
    }
    (table, settings(Problem::Regression, 0))
}

/// How often the interval of each metric holds its truth.
fn coverage(
    make: fn(&mut Draw, usize) -> (Table, OutcomeSettings),
    truth: &[(&'static str, f64)],
) -> BTreeMap<&'static str, f64> {
    let mut draw = Draw(2_024);
    let mut n_held: BTreeMap<&'static str, f64> = BTreeMap::new();
    for _ in 0..N_RUNS {
        let (table, settings) = make(&mut draw, N_ROWS);
        let quality: Quality = measure(&outcomes(&table, &settings), curves(&table, &settings).as_ref());
        for (name, truth) in truth {
            let (lower, upper) = quality.metric(name).and_then(|metric| metric.interval).expect("an interval");
            *n_held.entry(name).or_default() += f64::from(u8::from((lower..=upper).contains(truth)));
        }
    }
    n_held.into_iter().map(|(name, n)| (name, n / N_RUNS as f64)).collect()
}

fn assert_nominal(coverage: &BTreeMap<&str, f64>) {
    // 2,000 draws of a share of 0.95 have a standard deviation of 0.005.
    let is_off = |share: &f64| !(0.935..=0.965).contains(share);
    assert!(!coverage.values().any(is_off), "{coverage:?}");
}

#[test]
fn intervals_of_a_binary_problem_hold_the_truth_in_95_of_100() {
    let mass = |place: usize| {
        let edge = |place: usize| (place as f64 / N_SCORES as f64).sqrt();
        edge(place + 1) - edge(place)
    };
    let falling: Vec<(f64, f64)> =
        (0..N_SCORES).rev().map(|i| (mass(i) * score(i), mass(i) * (1.0 - score(i)))).collect();
    let sum = |of: &dyn Fn(usize) -> f64| (0..N_SCORES).map(of).sum::<f64>();
    let expected = BinarySample {
        true_positives: sum(&|i| if score(i) > 0.5 { mass(i) * score(i) } else { 0.0 }),
        false_positives: sum(&|i| if score(i) > 0.5 { mass(i) * (1.0 - score(i)) } else { 0.0 }),
        false_negatives: sum(&|i| if score(i) > 0.5 { 0.0 } else { mass(i) * score(i) }),
        true_negatives: sum(&|i| if score(i) > 0.5 { 0.0 } else { mass(i) * (1.0 - score(i)) }),
        areas: Areas::of(&falling),
        ..BinarySample::default()
    };
    let entropy = |p: f64| -p * p.ln() - (1.0 - p) * (1.0 - p).ln();
    let truth = [
        ("accuracy", expected.accuracy().expect("rows")),
        ("precision", expected.precision().expect("rows")),
        ("recall", expected.recall().expect("rows")),
        ("f1", expected.f1().expect("rows")),
        ("auc", expected.auc().expect("rows")),
        ("matthews_correlation", expected.matthews_correlation().expect("rows")),
        ("au_prc", expected.au_prc().expect("rows")),
        ("average_precision", expected.average_precision().expect("rows")),
        ("balanced_accuracy", expected.balanced_accuracy().expect("rows")),
        ("log_loss", sum(&|i| mass(i) * entropy(score(i)))),
        ("brier_score", sum(&|i| mass(i) * score(i) * (1.0 - score(i)))),
    ];
    let found = coverage(binary_table, &truth);
    assert_nominal(&found);
}

#[test]
fn intervals_of_a_regression_hold_the_truth_in_95_of_100() {
    let mae = std::f64::consts::FRAC_2_PI.sqrt();
    let truth = [("mae", mae), ("mse", 1.0), ("rmse", 1.0), ("r2", 1.0 - 1.0 / 9.0), ("bias", 0.0)];
    let found = coverage(regression_table, &truth);
    assert_nominal(&found);
}

#[test]
fn intervals_of_several_classes_hold_the_truth_in_95_of_100() {
    // Many rows stand for the truth: their error is a twentieth of that of a sample.
    let (table, settings) = multiclass_table(&mut Draw(1), 400 * N_ROWS);
    let all = measure(&outcomes(&table, &settings), None);
    let names = ["accuracy", "weighted_precision", "weighted_f1", "macro_f1", "matthews_correlation", "log_loss"];
    let truth = names.map(|name| (name, all.metric(name).expect("the metric").value.expect("a value")));
    let found = coverage(multiclass_table, &truth);
    assert_nominal(&found);
}
