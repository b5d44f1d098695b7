//! What holds of the attributions of every game.

use proptest::prelude::*;

use super::brute_force::{explained, shapley};
use crate::measure::attribution::Design;

/// Values of all sets of players.
fn games(n_features: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = (usize, Vec<f64>)> {
    n_features.prop_flat_map(|m| (Just(m), prop::collection::vec(-10.0..10.0, 1 << m)))
}

/// Some coalitions of up to 10 features, or all.
fn samples() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![Just(None), (0usize..400).prop_map(Some)]
}

fn are_near(found: &[f64], expected: &[f64]) -> bool {
    found.len() == expected.len() && found.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-9)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn all_coalitions_give_shapley_values((m, game) in games(0..=9)) {
        let design = Design::new(m, None, 0).expect("a design");
        let found = explained(&design, &|set| game[set]);
        let expected = shapley(m, &|set| game[set]);
        prop_assert!(are_near(&found.values, &expected), "{:?} is not {:?}", found.values, expected);
        prop_assert_eq!(found.standard_errors, vec![0.0; m]);
    }

    #[test]
    fn attributions_sum_to_the_difference((m, game) in games(1..=10), n in samples(), seed: u64) {
        let found = explained(&Design::new(m, n, seed).expect("a design"), &|set| game[set]);
        let difference = game[(1 << m) - 1] - game[0];
        prop_assert!((found.values.iter().sum::<f64>() - difference).abs() < 1e-9);
    }

    #[test]
    fn features_that_do_the_same_get_the_same((m, game) in games(2..=10), first: usize, second: usize) {
        let (first, second) = (first % m, second % m);
        // The two are counted, not told apart.
        let game = |set: usize| {
            let n = (set >> first & 1) + (set >> second & 1);
            let rest = set & !(1 << first) & !(1 << second);
            game[rest] + n as f64 * game[rest | 1 << first]
        };
        let found = explained(&Design::new(m, None, 0).expect("a design"), &game).values;
        prop_assert!((found[first] - found[second]).abs() < 1e-9);
    }

    #[test]
    fn a_feature_that_does_nothing_gets_nothing((m, game) in games(2..=10), dummy: usize) {
        let dummy = dummy % m;
        let game = |set: usize| game[set & !(1 << dummy)];
        let found = explained(&Design::new(m, None, 0).expect("a design"), &game).values;
        prop_assert!(found[dummy].abs() < 1e-9);
    }

    #[test]
    fn attributions_of_a_sum_are_sums((m, game) in games(2..=10), factor in -3.0..3.0, n in samples(), seed: u64) {
        let other = |set: usize| game[game.len() - 1 - set];
        let design = Design::new(m, n, seed).expect("a design");
        let (one, two) = (explained(&design, &|set| game[set]).values, explained(&design, &other).values);
        let both = explained(&design, &|set| game[set] + factor * other(set)).values;
        let expected: Vec<f64> = one.iter().zip(&two).map(|(one, two)| one + factor * two).collect();
        prop_assert!(are_near(&both, &expected));
    }

    #[test]
    fn sums_of_features_are_found_whatever_is_drawn(
        factors in prop::collection::vec(-5.0..5.0, 2..24),
        n in samples(),
        seed: u64,
    ) {
        let game = |set: usize| factors.iter().enumerate().map(|(i, factor)| factor * (set >> i & 1) as f64).sum();
        let found = explained(&Design::new(factors.len(), n, seed).expect("a design"), &game);
        prop_assert!(are_near(&found.values, &factors));
        prop_assert!(found.standard_errors.iter().all(|error| *error < 1e-9));
    }

    #[test]
    fn the_same_seed_gives_the_same_bits((m, game) in games(6..=10), n in samples(), seed: u64) {
        let found = || explained(&Design::new(m, n, seed).expect("a design"), &|set| game[set]);
        prop_assert_eq!(found(), found());
    }

    #[test]
    fn the_order_of_features_does_not_matter(
        (m, game, order) in games(2..=10).prop_flat_map(|(m, game)| {
            (Just(m), Just(game), Just((0..m).collect::<Vec<usize>>()).prop_shuffle())
        }),
    ) {
        let design = Design::new(m, None, 0).expect("a design");
        let back = |set: usize| order.iter().enumerate().map(|(to, from)| (set >> to & 1) << from).sum::<usize>();
        let (straight, moved) = (explained(&design, &|set| game[set]), explained(&design, &|set| game[back(set)]));
        let expected: Vec<f64> = order.iter().map(|from| straight.values[*from]).collect();
        prop_assert!(are_near(&moved.values, &expected));
    }
}
