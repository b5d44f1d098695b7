//! How often intervals hold the truth.

use crate::measure::bias::binomial::Random;
use crate::measure::bias::certainty::Replicates;
use crate::measure::bias::conditional::{Accepted, certainty_of_disparity, conditional_disparity};
use crate::measure::bias::sides::Sides;
use crate::measure::bias::tests::by_hand::group;
use crate::measure::bias::{ALL, EightCounts};

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

#[test]
fn intervals_hold_the_truth_in_95_of_100_samples() {
    let kinds = ["CI", "DPL", "AD", "DI", "DPPL", "RD", "SD"]
        .map(|name| ALL.iter().find(|kind| kind.name == name).unwrap_or_else(|| panic!("no metric {name}")));
    for (shares, n) in POPULATIONS {
        let truth = group(EightCounts { n: draw_exactly(&shares), has_predictions: true });
        let mut n_held = [0usize; 7];
        let mut random = Random::new(n);
        for _ in 0..N_SAMPLES {
            let sample = group(draw(&mut random, &shares, n));
            let replicates = Replicates::of(&sample.counts);
            for (kind, held) in kinds.iter().zip(&mut n_held) {
                let truth = kind.value(&truth).expect("a value");
                let value = kind.value(&sample).expect("a value");
                let (lower, upper) = kind.certainty(value, &sample, &replicates).interval.expect("an interval");
                *held += usize::from((lower..=upper).contains(&truth));
            }
        }
        for (kind, held) in kinds.iter().zip(n_held) {
            let share = held as f64 / N_SAMPLES as f64;
            println!("{n} rows, {}: {share:.3}", kind.name);
            assert!((0.93..=0.97).contains(&share), "{} of {n} rows: {share}", kind.name);
        }
    }
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
        let (lower, upper) = certainty_of_disparity(value, &values, accepted).interval.expect("an interval");
        n_held += usize::from((lower..=upper).contains(&truth));
    }
    let share = f64::from(n_held as u32) / 2_000.0;
    assert!((0.93..=0.97).contains(&share), "{share}");
}

#[test]
fn the_same_counts_have_the_same_replicates() {
    let counts = draw(&mut Random::new(9), &POPULATIONS[0].0, 400);
    let certainty = || Replicates::of(&counts).certainty(crate::measure::bias::predictions::disparate_impact);
    assert_eq!(certainty(), certainty());
    assert_ne!(Sides::of(&counts), Sides::default());
}
