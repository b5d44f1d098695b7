//! The rates of both verdicts, by simulation.

use super::{measured, remembered};
use crate::judge::bias::{DEFAULT_MARGIN, evaluate, test};
use crate::judge::findings_of;
use crate::measure::bias::EightCounts;
use crate::sketch::SplitMix;

const N_RUNS: u64 = 1000;

/// Random numbers that a seed decides.
struct Random(SplitMix);

impl Random {
    fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    fn unit(&mut self) -> f64 {
        self.0.share()
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    fn counts(&mut self, people: &People, n: u64) -> EightCounts {
        let mut counts = EightCounts { has_predictions: true, ..EightCounts::default() };
        for _ in 0..n {
            let is_sensitive = usize::from(self.happens(people.sensitive));
            let is_positive = usize::from(self.happens(people.positive[is_sensitive]));
            let is_predicted = usize::from(self.happens(people.predicted[is_sensitive][is_positive]));
            counts.n[is_sensitive][is_positive][is_predicted] += 1;
        }
        counts
    }
}

/// Chances: of the sensitive group; of a positive label, `[rest, group]`; of a positive prediction by
/// the label.
#[derive(Clone, Copy)]
struct People {
    sensitive: f64,
    positive: [f64; 2],
    predicted: [[f64; 2]; 2],
}

/// As in the census data that AWS's example uses.
const CENSUS: People = People { sensitive: 0.33, positive: [0.31, 0.11], predicted: [[0.09, 0.62], [0.02, 0.5]] };
/// Nothing differs between the groups.
const EQUAL: People = People { sensitive: 0.4, positive: [0.3, 0.3], predicted: [[0.1, 0.7], [0.1, 0.7]] };
/// A small group, and a rare label.
const RARE: People = People { sensitive: 0.1, positive: [0.1, 0.15], predicted: [[0.05, 0.6], [0.08, 0.6]] };

/// Shares of runs in which AWS's rule, and the statistical verdict, find anything.
fn alarm_rates(before: &People, n_before: u64, now: &People, n_now: u64) -> (f64, f64) {
    let (mut by_aws, mut beyond_chance) = (0, 0);
    for seed in 0..N_RUNS {
        let mut random = Random::new(seed * 1_000_003);
        let baseline = remembered(&measured(&random.counts(before, n_before)), true);
        let current = measured(&random.counts(now, n_now));
        by_aws += u64::from(!evaluate(&baseline, &current).is_empty());
        beyond_chance += u64::from(!findings_of(&test(&baseline, &current, DEFAULT_MARGIN)).is_empty());
    }
    (by_aws as f64 / N_RUNS as f64, beyond_chance as f64 / N_RUNS as f64)
}

#[test]
fn without_drift_at_most_one_run_in_twenty_alarms_where_awss_rule_nearly_always_does() {
    // Three standard deviations of the simulation.
    let allowed = 0.05 + 3.0 * (0.05 * 0.95 / N_RUNS as f64).sqrt();
    println!("people  baseline  current     AWS   statistical");
    for (name, people, n_before, n_now) in [
        ("census", CENSUS, 666, 334),
        ("census", CENSUS, 5000, 2000),
        ("census", CENSUS, 5000, 300),
        ("equal", EQUAL, 200, 150),
        ("equal", EQUAL, 2000, 1000),
        ("equal", EQUAL, 20_000, 500),
        ("rare", RARE, 2000, 600),
        ("rare", RARE, 5000, 5000),
    ] {
        let (by_aws, beyond_chance) = alarm_rates(&people, n_before, &people, n_now);
        println!("{name:7} {n_before:8} {n_now:8} {by_aws:7.3} {beyond_chance:13.3}");
        assert!(by_aws > 0.95, "{name}, {n_before} rows before and {n_now} now: {by_aws}");
        assert!(beyond_chance <= allowed, "{name}, {n_before} rows before and {n_now} now: {beyond_chance}");
    }
}

#[test]
fn a_disparate_impact_that_halves_is_found_where_enough_are_chosen() {
    let impact = |sensitive: f64, chosen: f64, impact: f64| People {
        sensitive,
        positive: [0.31, 0.11],
        predicted: [[chosen, chosen], [impact * chosen, impact * chosen]],
    };
    let rate = |sensitive, chosen, from, to| {
        let rate = alarm_rates(&impact(sensitive, chosen, from), 2000, &impact(sensitive, chosen, to), 1000).1;
        println!("DI {from} to {to}, {sensitive} sensitive, {chosen} of the others chosen: {rate}");
        rate
    };
    // 24 of 500 are chosen where it was 216 of 1,000; with 7 of 330, little can be known.
    assert!(rate(0.5, 0.6, 0.18, 0.08) > 0.8);
    assert!(rate(0.33, 0.27, 0.18, 0.08) > 0.1);
    assert!(rate(0.5, 0.6, 0.08, 0.18) < 0.05, "the other way it is fairer");
}
