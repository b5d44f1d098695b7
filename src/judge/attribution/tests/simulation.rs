//! The rates of both verdicts, by simulation.

use crate::judge::attribution::{DEFAULT_MARGIN, evaluate, test};
use crate::judge::findings_of;
use crate::measure::attribution::tests::examples::{remembered, statistics};
use crate::measure::attribution::{BaselineAttributions, compare};
use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
use crate::sketch::SplitMix;

const N_RUNS: u64 = 200;

/// Random numbers that a seed decides.
struct Random(SplitMix);

impl Random {
    fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    fn unit(&mut self) -> f64 {
        self.0.share()
    }

    /// A standard normal number (G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates",
    /// Annals of Mathematical Statistics 29, 1958).
    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// How the attributions of one row are drawn.
#[derive(Clone, Copy)]
enum Law {
    Normal,
    /// The exponential of a normal number, either sign.
    Heavy,
    /// All features of a row share a factor of that law.
    Together,
    /// Zero in 19 of 20 rows.
    Rare,
}

/// Features of these scales.
#[derive(Clone, Copy)]
struct Model {
    law: Law,
    n_features: usize,
    scale: fn(usize, usize) -> f64,
}

impl Model {
    fn rows(&self, random: &mut Random, n: usize) -> Vec<Vec<f64>> {
        let row = |random: &mut Random| {
            let shared = (0.7 * random.normal()).exp();
            let draw = |random: &mut Random| match self.law {
                Law::Normal => random.normal(),
                Law::Heavy => random.normal().exp() * if random.unit() < 0.5 { -1.0 } else { 1.0 },
                Law::Together => shared * random.normal(),
                Law::Rare if random.unit() < 0.95 => 0.0,
                Law::Rare => random.normal(),
            };
            (0..self.n_features).map(|i| (self.scale)(i, self.n_features) * draw(random)).collect()
        };
        (0..n).map(|_| row(random)).collect()
    }
}

/// A hyperbola: few features have most of it.
fn falling(feature: usize, _: usize) -> f64 {
    1.0 / (feature + 1) as f64
}

fn flat(_: usize, _: usize) -> f64 {
    1.0
}

/// From 1.1 down to 0.9.
fn ramp(feature: usize, n: usize) -> f64 {
    1.1 - 0.2 * feature as f64 / (n - 1) as f64
}

fn reversed_ramp(feature: usize, n: usize) -> f64 {
    ramp(n - 1 - feature, n)
}

fn threefold(feature: usize, n: usize) -> f64 {
    3.0 * falling(feature, n)
}

/// What is remembered of rows: means and variances, by their definitions.
fn baseline(rows: &[Vec<f64>]) -> Vec<BaselineAttributions> {
    let n = rows.len() as f64;
    let feature = |i: usize| {
        let mean_abs = rows.iter().map(|row| row[i].abs()).sum::<f64>() / n;
        let squares: f64 = rows.iter().map(|row| (row[i].abs() - mean_abs).powi(2)).sum();
        FeatureAttribution { mean_abs, variance_abs: Some(squares / (n - 1.0)), ..FeatureAttribution::default() }
    };
    let n_features = rows[0].len();
    let output = OutputAttributions {
        output: "label0".to_owned(),
        n: rows.len() as u64,
        features: (0..n_features).map(feature).collect(),
        ..OutputAttributions::default()
    };
    let features = (0..n_features).map(|i| format!("f{i}")).collect();
    let statistics = AttributionStatistics { features, outputs: vec![output], ..AttributionStatistics::default() };
    remembered(&statistics, Aggregation::MeanAbs)
}

/// Shares of runs in which something is found.
#[derive(Debug)]
struct Rates {
    by_aws: f64,
    /// By the statistical verdict.
    beyond_chance: f64,
    /// The same without a margin for features.
    without_margin: f64,
}

fn alarm_rates(before: &Model, n_before: usize, now: &Model, n_now: usize, n_runs: u64) -> Rates {
    let mut found = [0u64; 3];
    for seed in 0..n_runs {
        let mut random = Random::new(seed * 1_000_003);
        let baseline = baseline(&before.rows(&mut random, n_before));
        let current = statistics(&now.rows(&mut random, n_now));
        let drifts = compare(&baseline, &current, Aggregation::MeanAbs).drifts;
        let is_found = |margin: f64| !findings_of(&test(&baseline, &current, Aggregation::MeanAbs, margin)).is_empty();
        for (found, is_found) in
            found.iter_mut().zip([!evaluate(&drifts).is_empty(), is_found(DEFAULT_MARGIN), is_found(0.0)])
        {
            *found += u64::from(is_found);
        }
    }
    let [by_aws, beyond_chance, without_margin] = found.map(|found| found as f64 / n_runs as f64);
    Rates { by_aws, beyond_chance, without_margin }
}

#[test]
fn without_drift_at_most_one_run_in_twenty_alarms() {
    println!("attributions      features  baseline  current    AWS  statistical  without margin");
    let model = |law: Law, n_features: usize, scale: fn(usize, usize) -> f64| Model { law, n_features, scale };
    for (name, model, n_before, n_now) in [
        ("normal", model(Law::Normal, 3, falling), 50, 50),
        ("normal", model(Law::Normal, 50, falling), 2_000, 50),
        ("normal", model(Law::Normal, 20, flat), 1_000, 1_000),
        ("heavy", model(Law::Heavy, 3, falling), 5_000, 50),
        ("heavy", model(Law::Heavy, 20, flat), 500, 50),
        ("heavy", model(Law::Heavy, 50, falling), 50, 500),
        ("together", model(Law::Together, 10, falling), 300, 100),
        ("together", model(Law::Together, 50, flat), 2_000, 50),
        ("rare", model(Law::Rare, 3, flat), 5_000, 50),
        ("rare", model(Law::Rare, 20, flat), 50, 50),
        ("heavy, many rows", model(Law::Heavy, 5, ramp), 5_000, 5_000),
    ] {
        let n_runs = if n_now > 1_000 { N_RUNS / 4 } else { N_RUNS };
        let rates = alarm_rates(&model, n_before, &model, n_now, n_runs);
        let Rates { by_aws, beyond_chance, without_margin } = rates;
        let sizes = format!("{:9} {n_before:9} {n_now:8}", model.n_features);
        println!("{name:16} {sizes} {by_aws:6.3} {beyond_chance:12.3} {without_margin:15.3}");
        assert!(beyond_chance <= 0.05, "{name}, {sizes}: {beyond_chance}");
        // Three standard deviations of the simulation.
        let allowed = 0.05 + 3.0 * (0.05 * 0.95 / n_runs as f64).sqrt();
        assert!(without_margin <= allowed, "{name}, {sizes}: {without_margin} without margin");
    }
}

#[test]
fn awss_rule_alarms_by_chance_where_rows_are_few_and_attributions_flat() {
    let rare = Model { law: Law::Rare, n_features: 8, scale: flat };
    let rates = alarm_rates(&rare, 30, &rare, 30, N_RUNS);
    println!("flat, rarely not zero, 30 rows: {rates:?}");
    assert!(rates.by_aws > 0.5 && rates.beyond_chance <= 0.05, "{rates:?}");
}

#[test]
fn a_reversed_order_of_flat_attributions_is_found_with_enough_rows_which_awss_rule_never_does() {
    for (n_features, n) in [(5, 2_000), (10, 4_000)] {
        let model = |scale| Model { law: Law::Normal, n_features, scale };
        let rates = alarm_rates(&model(ramp), n, &model(reversed_ramp), n, N_RUNS / 4);
        println!("{n_features} features of ±10 % reversed, {n} rows: {rates:?}");
        assert!(rates.by_aws == 0.0 && rates.beyond_chance > 0.9, "{n_features} features: {rates:?}");
    }
}

#[test]
fn three_times_all_attributions_are_found_which_awss_rule_never_does() {
    let model = |scale| Model { law: Law::Together, n_features: 10, scale };
    let rates = alarm_rates(&model(falling), 300, &model(threefold), 100, N_RUNS / 4);
    println!("three times as large, 300 and 100 rows: {rates:?}");
    assert!(rates.by_aws == 0.0 && rates.beyond_chance > 0.9, "{rates:?}");
}
