//! How many coalitions there are, and which.

use std::collections::BTreeSet;

use super::brute_force::bits;
use crate::measure::attribution::{Design, DesignFault};
use crate::profile::Undefined;

fn design(n_features: usize, n_samples: Option<usize>) -> Design {
    Design::new(n_features, n_samples, 0).expect("a design")
}

#[test]
fn numbers_of_coalitions_follow_the_rule() {
    for (n_features, n_samples, n_coalitions, is_exact) in [
        (0, None, 0, true),
        (1, None, 0, true),
        (1, Some(50), 0, true),
        (2, None, 2, true),
        (3, Some(1), 6, true),
        (4, Some(1), 14, true),
        (10, None, 1_022, true),
        (11, None, 2_046, true),
        (12, None, 4_094, true),
        (13, None, 2_074, false),
        (20, None, 2_088, false),
        (300, None, 2_648, false),
        // Asked for in so many words.
        (13, Some(8_190), 8_190, true),
        (13, Some(usize::MAX), 8_190, true),
        (12, Some(2_000), 2_000, false),
        (12, Some(1_001), 1_000, false),
        // Fewer than solving needs.
        (12, Some(15), 48, false),
        (100, Some(0), 400, false),
    ] {
        let design = design(n_features, n_samples);
        let found = (design.n_features(), design.n_coalitions(), design.is_exact());
        assert_eq!(found, (n_features, n_coalitions, is_exact), "{n_features} features, {n_samples:?} samples");
        assert_eq!(design.coalitions().count(), n_coalitions);
    }
}

#[test]
fn all_coalitions_are_there_once() {
    for n_features in 2..=12 {
        let all: BTreeSet<usize> = design(n_features, None).coalitions().map(|one| bits(one, n_features)).collect();
        assert_eq!(all, (1..(1 << n_features) - 1).collect(), "{n_features}");
    }
}

#[test]
fn each_coalition_is_followed_by_its_complement_and_none_comes_twice() {
    let design = design(16, Some(1_500));
    let all: Vec<usize> = design.coalitions().map(|one| bits(one, 16)).collect();
    assert!(all.chunks(2).all(|pair| pair[0] ^ pair[1] == (1 << 16) - 1));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 1_500);
    assert!(!all.contains(&0) && !all.contains(&((1 << 16) - 1)));
}

#[test]
fn weights_sum_to_one() {
    for (n_features, n_samples) in [(2, None), (7, None), (12, None), (16, None), (30, Some(200)), (300, None)] {
        let total: f64 = 2.0 * design(n_features, n_samples).weights.iter().sum::<f64>();
        assert!((total - 1.0).abs() < 1e-12, "{n_features}: {total}");
    }
}

#[test]
fn seeds_decide_what_is_drawn() {
    let sets = |seed| -> Vec<usize> {
        let design = Design::new(18, None, seed).expect("a design");
        design.coalitions().map(|one| bits(one, 18)).collect()
    };
    assert_eq!(sets(1), sets(1));
    assert_ne!(sets(1), sets(2));
}

#[test]
fn hundreds_of_features_are_explained_and_thousands_refused() {
    let factors: Vec<f64> = (0..400).map(|feature| f64::from(feature) * 0.01 - 1.5).collect();
    let design = design(400, None);
    let worth = |contains: &dyn Fn(usize) -> bool| -> f64 {
        factors.iter().enumerate().filter(|(feature, _)| contains(*feature)).map(|(_, factor)| factor).sum()
    };
    let values: Vec<f64> = design.coalitions().map(|one| worth(&|feature| one.contains(feature))).collect();
    let explained = design.explain(&values, 0.0, worth(&|_| true)).expect("attributions");
    for (found, expected) in explained.values.iter().zip(&factors) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }
    assert!(explained.standard_errors.iter().all(|error| *error < 1e-9));
    assert_eq!(Design::new(2_049, None, 0).map(|_| ()), Err(DesignFault::TooManyFeatures));
}

#[test]
fn none_and_one_feature_need_no_coalitions() {
    let explained = design(1, None).explain(&[], 0.25, 1.0).expect("attributions");
    assert_eq!((explained.values, explained.standard_errors), (vec![0.75], vec![0.0]));
    assert_eq!(design(0, None).explain(&[], 0.25, 0.25).expect("attributions").values, Vec::<f64>::new());
}

#[test]
fn values_that_cannot_be_explained_have_a_reason() {
    let design = design(2, None);
    assert_eq!(design.explain(&[0.0], 0.0, 1.0), Err(Undefined::Empty));
    for (values, empty, full) in [
        ([f64::NAN, 0.0], 0.0, 1.0),
        ([0.0, f64::INFINITY], 0.0, 1.0),
        ([0.0, 0.0], f64::NAN, 1.0),
        ([0.0, 0.0], -1e308, 1e308),
    ] {
        assert_eq!(design.explain(&values, empty, full), Err(Undefined::NotFinite), "{values:?} {empty} {full}");
    }
}
