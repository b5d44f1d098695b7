//! How often the true attribution is within the standard errors that are claimed.

use super::brute_force::{explained, shapley};
use crate::measure::attribution::Design;
use crate::measure::random::Random;

/// A game that is no sum: a logistic curve over single players and pairs.
fn game(n_features: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let single: Vec<f64> = (0..n_features).map(|_| random.share() * 2.0 - 1.0).collect();
    let double: Vec<f64> = (0..n_features).map(|_| random.share() * 3.0 - 1.5).collect();
    let value = |set: usize| {
        let is_in = |i: usize| (set >> (i % n_features) & 1) as f64;
        let sum: f64 = (0..n_features).map(|i| is_in(i) * (single[i] + double[i] * is_in(i + 1))).sum();
        1.0 / (1.0 + (-sum).exp())
    };
    (0..1 << n_features).map(value).collect()
}

/// Share of |error| within three standard errors, and mean square of error by standard error.
fn coverage(n_features: usize, n_samples: Option<usize>, n_seeds: u64) -> (f64, f64) {
    let (mut n, mut n_within, mut squares) = (0.0, 0.0, 0.0);
    for game_seed in 0..3 {
        let game = game(n_features, game_seed);
        let truth = shapley(n_features, &|set| game[set]);
        for seed in 0..n_seeds {
            let design = Design::new(n_features, n_samples, seed).expect("a design");
            let found = explained(&design, &|set| game[set]);
            for ((value, error), truth) in found.values.iter().zip(&found.standard_errors).zip(&truth) {
                assert!(*error > 0.0);
                let z = (value - truth) / error;
                n += 1.0;
                n_within += f64::from(u8::from(z.abs() <= 3.0));
                squares += z * z;
            }
        }
    }
    (n_within / n, squares / n)
}

#[test]
fn errors_are_as_large_as_claimed() {
    for (n_features, n_samples, n_seeds) in [(13, None, 40), (14, None, 30), (12, Some(600), 60), (14, Some(300), 60)] {
        let (within, mean_square) = coverage(n_features, n_samples, n_seeds);
        assert!(within > 0.99, "{n_features} features, {n_samples:?} samples: {within}");
        assert!((0.85..1.15).contains(&mean_square), "{n_features} features, {n_samples:?} samples: {mean_square}");
    }
}

#[test]
fn errors_of_the_fewest_coalitions_are_of_the_right_order() {
    let (within, mean_square) = coverage(14, Some(0), 80);
    assert!(within > 0.97 && (0.7..1.5).contains(&mean_square), "{within} {mean_square}");
}
