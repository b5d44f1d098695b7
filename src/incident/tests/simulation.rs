//! False names: incidents of windows whose columns drift as data does without any of the causes.

use std::collections::BTreeMap;

use super::super::ALL;
use super::drawn::{Cell, Draw, found, table};
use crate::profile::Ledger;

/// Windows of each size, each with a drift of its own in every column.
const N_WINDOWS: usize = 200;
const SIZES: [usize; 2] = [500, 3_000];
const N_BASELINE: usize = 5_000;
/// Windows for which a baseline serves.
const PER_BASELINE: usize = 20;

const NAMES: [&str; 17] = [
    "normal",
    "standardised",
    "lognormal",
    "amount",
    "exponential",
    "uniform",
    "rounded",
    "count",
    "often_zero",
    "flag",
    "category",
    "many_categories",
    "two_groups",
    "often_set",
    "seldom_set",
    "set",
    "text_flag",
];

/// How the columns of a window have drifted; the first of a baseline has not.
struct Drift {
    /// In standard deviations, of each column.
    shift: [f64; NAMES.len()],
    /// Of the spread, or of what is multiplied.
    factor: [f64; NAMES.len()],
    /// Standard deviation of the new noise.
    noise: f64,
    /// Logarithms of what the weights of categories are multiplied by.
    weights: [f64; 30],
}

impl Drift {
    const NONE: Self = Self { shift: [0.0; NAMES.len()], factor: [1.0; NAMES.len()], noise: 0.0, weights: [0.0; 30] };

    fn of(draw: &mut Draw) -> Self {
        Self {
            shift: std::array::from_fn(|_| draw.between(-1.5, 1.5)),
            factor: std::array::from_fn(|_| draw.between(-0.7, 0.7).exp()),
            noise: draw.between(0.0, 0.5),
            weights: std::array::from_fn(|_| 0.5 * draw.normal()),
        }
    }

    fn row(&self, draw: &mut Draw) -> Vec<Cell> {
        let standard =
            |draw: &mut Draw, i: usize| self.shift[i] + self.factor[i] * draw.normal() + self.noise * draw.normal();
        let weighted = |draw: &mut Draw, names: &[&'static str]| {
            let weights = names.iter().zip(self.weights);
            let weights: Vec<(&str, f64)> =
                weights.enumerate().map(|(i, (name, x))| (*name, x.exp() / (i + 1) as f64)).collect();
            draw.word(&weights).to_owned()
        };
        let shown = |x: f64, n_digits: usize| format!("{x:.n_digits$}");
        let flag = |draw: &mut Draw, share: f64, i: usize| {
            let odds = share / (1.0 - share) * self.shift[i].exp();
            u8::from(draw.share() < odds / (1.0 + odds)).to_string()
        };
        let noise = 1.0 + 0.1 * self.noise * draw.normal();
        // A group of other customers, up to three standard deviations away.
        let is_of_group = draw.share() < 0.2 * self.noise;
        let grouped =
            if is_of_group { 2.0 * self.shift[12].abs() + self.factor[12] * draw.normal() } else { draw.normal() };
        let cells = vec![
            shown(50.0 + 10.0 * standard(draw, 0), 2),
            shown(standard(draw, 1), 4),
            shown((0.7 * standard(draw, 2)).exp(), 4),
            shown(1_000.0 * self.factor[3] * (0.5 * draw.normal()).exp() * noise, 2),
            shown(self.factor[4] * draw.exponential() + 0.3 * self.shift[4].abs(), 3),
            shown(draw.between(0.0, 10.0) * self.factor[5] + self.shift[5], 2),
            shown(20.0 + 5.0 * standard(draw, 6), 0),
            shown((4.0 * self.factor[7] * draw.exponential()).floor(), 0),
            if draw.share() < 0.3 + 0.15 * self.shift[8] { "0".to_owned() } else { shown(draw.exponential(), 2) },
            flag(draw, 0.4, 9),
            weighted(draw, &WORDS[..5]),
            weighted(draw, &WORDS),
            shown(grouped.exp(), 3),
            flag(draw, 0.8, 13),
            flag(draw, 0.2, 14),
            flag(draw, 0.6, 15),
            flag(draw, 0.4, 16).replace('1', "yes").replace('0', "no"),
        ];
        cells.into_iter().map(Some).collect()
    }
}

const WORDS: [&str; 30] = [
    "north",
    "south",
    "east",
    "west",
    "centre",
    "north-east",
    "north-west",
    "south-east",
    "south-west",
    "abroad",
    "online",
    "phone",
    "branch",
    "partner",
    "agency",
    "mail",
    "fair",
    "kiosk",
    "shop",
    "market",
    "depot",
    "garage",
    "station",
    "airport",
    "harbour",
    "campus",
    "office",
    "plant",
    "farm",
    "home",
];

#[test]
fn simulation_of_ordinary_drift_names_no_cause_in_99_of_100_windows() {
    let mut draw = Draw::new(17);
    let mut n_named: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut n_windows, mut examples) = (0, Vec::new());
    for n in SIZES {
        for _ in 0..N_WINDOWS / PER_BASELINE {
            let baseline = table(&NAMES, N_BASELINE, || Drift::NONE.row(&mut draw));
            for _ in 0..PER_BASELINE {
                let drift = Drift::of(&mut draw);
                let current = table(&NAMES, n, || drift.row(&mut draw));
                let found = found(&baseline, &current, &Ledger::default(), false);
                n_windows += 1;
                for incident in found.incidents {
                    *n_named.entry(incident.kind).or_default() += 1;
                    examples.push(incident.sentence);
                }
            }
        }
    }
    assert_eq!(n_windows, 2 * N_WINDOWS);
    for kind in ALL {
        let n = n_named.get(kind.name).copied().unwrap_or_default();
        assert!(n * 100 < n_windows, "{}: {n} of {n_windows} windows: {examples:?}", kind.name);
    }
}
