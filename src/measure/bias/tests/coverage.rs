//! How often intervals hold the truth.

use crate::measure::bias::bootstrap::Replicates;
use crate::measure::bias::conditional::{
    Accepted, conditional_disparity, flip_test, uncertainty_of_disparity, uncertainty_of_flips,
};
use crate::measure::bias::confusion_matrix::GroupAndRest;
use crate::measure::bias::tests::by_hand::group;
use crate::measure::bias::{ALL, EightCounts};
use crate::measure::random::Random;
use crate::profile::{FlipCounts, facet_rows};

/// Samples of each population.
const N_SAMPLES: usize = 600;

/// Shares of the eight cells, in the order of the counts, and rows of a sample.
const POPULATIONS: [([f64; 8], u64); 3] = [
    ([0.36, 0.06, 0.06, 0.19, 0.17, 0.02, 0.05, 0.09], 400),
    ([0.50, 0.05, 0.05, 0.20, 0.12, 0.01, 0.03, 0.04], 1_000),
    ([0.15, 0.10, 0.10, 0.15, 0.15, 0.10, 0.10, 0.15], 300),
];

fn draw(random: &mut Random, shares: &[f64; 8], n: u64) -> EightCounts {
    let cells = random.multinomial(n, shares).map(|n| n as u64);
    let mut counts = EightCounts { has_predictions: true, ..EightCounts::default() };
    for (place, n) in cells.into_iter().enumerate() {
        counts.n[place / 4][place / 2 % 2][place % 2] = n;
    }
    counts
}

/// By metric, of samples of `n` rows: the share that have an interval, and the share of these whose interval
/// holds the truth.
fn shares_held<const N: usize>(names: [&str; N], shares: &[f64; 8], n: u64) -> [(f64, f64); N] {
    let kinds =
        names.map(|name| ALL.iter().find(|kind| kind.name == name).unwrap_or_else(|| panic!("no metric {name}")));
    let truth = group(EightCounts { n: draw_exactly(shares), has_predictions: true });
    let mut counts = [(0usize, 0usize); N];
    let mut random = Random::new(n);
    for _ in 0..N_SAMPLES {
        let sample = group(draw(&mut random, shares, n));
        let replicates = Replicates::of(&sample.counts);
        for (kind, (n_told, n_held)) in kinds.iter().zip(&mut counts) {
            let truth = kind.value(&truth).expect("a value");
            let value = kind.value(&sample).expect("a value");
            let Some((lower, upper)) = kind.uncertainty(value, &sample, &replicates).interval else { continue };
            *n_told += 1;
            *n_held += usize::from((lower..=upper).contains(&truth));
        }
    }
    counts.map(|(n_told, n_held)| (n_told as f64 / N_SAMPLES as f64, n_held as f64 / n_told as f64))
}

#[test]
fn intervals_hold_the_truth_in_95_of_100_samples() {
    let names = ["CI", "DPL", "AD", "DI", "DPPL", "RD", "SD"];
    for (shares, n) in POPULATIONS {
        for (name, (told, share)) in names.iter().zip(shares_held(names, &shares, n)) {
            println!("{n} rows, {name}: {share:.3}");
            assert!(told == 1.0 && (0.93..=0.97).contains(&share), "{name} of {n} rows: {share}");
        }
    }
}

/// Quotients of small counts are further from the normal law; so many samples tell a coverage to within
/// a hundredth. TE has no interval where more than one replicate in forty is infinite.
#[test]
fn intervals_of_quotients_hold_the_truth_in_about_95_of_100_samples() {
    let names = ["DAR", "DRR", "DCA", "DCR", "GE", "TE"];
    for (shares, n) in POPULATIONS {
        for (name, (told, share)) in names.iter().zip(shares_held(names, &shares, n)) {
            println!("{n} rows, {name}: {share:.3} of {told:.3}");
            assert!(told > 0.9 && (0.92..=0.98).contains(&share), "{name} of {n} rows: {share}");
        }
    }
}

/// Shares of positive labels among all others and in the group, the group's share of the rows, and rows:
/// from no difference at all to a large one.
const LABELS: [(f64, f64, f64, u64); 7] = [
    (0.5, 0.5, 0.5, 300),
    (0.2, 0.2, 0.2, 250),
    (0.08, 0.08, 0.3, 400),
    (0.3, 0.35, 0.4, 200),
    (0.3, 0.33, 0.4, 5_000),
    (0.3, 0.5, 0.3, 200),
    (0.1, 0.3, 0.5, 200),
];

#[test]
fn intervals_of_distances_hold_the_truth_also_where_there_is_none() {
    let names = ["KL", "JS", "KS", "LP", "TVD"];
    for (rest, sensitive, share, n) in LABELS {
        let cells = [
            (1.0 - share) * (1.0 - rest),
            0.0,
            (1.0 - share) * rest,
            0.0,
            share * (1.0 - sensitive),
            0.0,
            share * sensitive,
            0.0,
        ];
        // A distance of either sign is one distance: the interval may hold the truth more often.
        for (name, (told, share)) in names.iter().zip(shares_held(names, &cells, n)) {
            println!("{n} rows, {rest} and {sensitive}, {name}: {share:.3}");
            assert!(
                told > 0.99 && (0.93..=0.99).contains(&share),
                "{name} of {n} rows with {rest} and {sensitive}: {share}"
            );
        }
    }
}

/// Rows, the group's share, the logarithm of the odds that its prediction is better for, and how far
/// its feature lies from the others'.
const FLIPPED: [(u64, f64, f64, f64); 4] =
    [(200, 0.3, 0.0, 0.0), (200, 0.5, -1.0, 0.5), (300, 0.7, 1.0, 0.0), (150, 0.2, -0.5, 1.0)];

#[test]
fn intervals_of_the_flip_test_hold_what_data_sets_have_on_average() {
    for (n, share, effect, shift) in FLIPPED {
        let mut random = Random::new(n);
        let samples: Vec<FlipCounts> = (0..N_SAMPLES).map(|_| flips(&mut random, n, share, effect, shift)).collect();
        let truth = samples.iter().map(flip_test).sum::<f64>() / N_SAMPLES as f64;
        let is_held = |flips: &&FlipCounts| {
            let (lower, upper) = uncertainty_of_flips(flip_test(flips), flips).interval.expect("an interval");
            (lower..=upper).contains(&truth)
        };
        let held = samples.iter().filter(is_held).count() as f64 / N_SAMPLES as f64;
        let squares: f64 = samples.iter().map(|flips| (flip_test(flips) - truth).powi(2)).sum();
        let errors = samples.iter().filter_map(|flips| uncertainty_of_flips(flip_test(flips), flips).standard_error);
        // How many times as large as it must be the standard error is.
        let width = errors.sum::<f64>() / N_SAMPLES as f64 / (squares / N_SAMPLES as f64).sqrt();
        println!("{n} rows, {share}, {effect}, {shift}: {held:.3}, {width:.2}");
        assert!(held >= 0.93 && width < 1.75, "{n} rows, {share}, {effect}, {shift}: {held}, {width}");
    }
}

/// What the flip test finds in random rows of two features, of which the first decides with chance.
fn flips(random: &mut Random, n: u64, share: f64, effect: f64, shift: f64) -> FlipCounts {
    let mut columns: [Vec<Option<String>>; 5] = Default::default();
    for row in 0..n {
        // The first rows see to it that both sides have rows, and that something is predicted.
        let is_sensitive = if row < 2 { row == 1 } else { random.binomial(1, share) == 1 };
        let offset = if is_sensitive { shift } else { 0.0 };
        let [x, y] = [random.normal() + offset, random.normal()];
        let odds = 2.0 * x + if is_sensitive { effect } else { 0.0 };
        let predicted = u8::from(random.binomial(1, 1.0 / (1.0 + (-odds).exp())) == 1);
        let cells = [
            "01".chars().nth((row % 2) as usize).map(String::from),
            Some(predicted.to_string()),
            Some(if is_sensitive { "F" } else { "M" }.to_owned()),
            Some(format!("{x:.6}")),
            Some(format!("{y:.6}")),
        ];
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
    }
    let names = ["label", "prediction", "sex", "x", "y"].map(str::to_owned);
    let table = facet_rows::Table { columns: names.into_iter().zip(columns).collect() };
    let found = facet_rows::facets(&table, &facet_rows::settings(&[("sex", &["F"])])).expect("counts");
    found.groups[0].flips.expect("predictions").expect("flips")
}

/// The population as counts of many rows.
fn draw_exactly(shares: &[f64; 8]) -> [[[u64; 2]; 2]; 2] {
    let at = |place: usize| (shares[place] * 1e6).round() as u64;
    [0, 4].map(|first| [[at(first), at(first + 1)], [at(first + 2), at(first + 3)]])
}

#[test]
fn intervals_of_disparities_within_groups_hold_the_truth() {
    let (first, second) = (POPULATIONS[0].0, POPULATIONS[2].0);
    let accepted = Accepted::Predictions;
    let whole = |values: Vec<EightCounts>| {
        let mut all = group(EightCounts { has_predictions: true, ..EightCounts::default() });
        for counts in &values {
            let cells = counts.n.as_flattened().as_flattened().iter().enumerate();
            cells.for_each(|(place, n)| all.counts.n[place / 4][place / 2 % 2][place % 2] += n);
        }
        all.conditional = Ok(values);
        all
    };
    let population = |shares: &[f64; 8]| EightCounts { n: draw_exactly(shares), has_predictions: true };
    let truth =
        conditional_disparity(&whole(vec![population(&first), population(&second)]), accepted).expect("a value");
    let mut random = Random::new(3);
    let mut n_held = 0;
    for _ in 0..2_000 {
        let values = vec![draw(&mut random, &first, 150), draw(&mut random, &second, 150)];
        let value = conditional_disparity(&whole(values.clone()), accepted).expect("a value");
        let (lower, upper) = uncertainty_of_disparity(value, &values, accepted).interval.expect("an interval");
        n_held += usize::from((lower..=upper).contains(&truth));
    }
    let share = f64::from(n_held as u32) / 2_000.0;
    assert!((0.93..=0.97).contains(&share), "{share}");
}

#[test]
fn the_same_counts_have_the_same_replicates() {
    let counts = draw(&mut Random::new(9), &POPULATIONS[0].0, 400);
    let uncertainty = || Replicates::of(&counts).uncertainty(crate::measure::bias::predictions::disparate_impact);
    assert_eq!(uncertainty(), uncertainty());
    assert_ne!(GroupAndRest::of(&counts), GroupAndRest::default());
}
