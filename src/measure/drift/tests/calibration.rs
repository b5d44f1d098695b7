//! P-values where nothing changed: of so many columns as many lie below each level as the level says.

use super::super::{ALL, Comparison};
use super::examples::texts;
use crate::measure::random::Random;

/// Columns of each kind.
const N: usize = 600;

/// Two samples of the same categories, the last of which is rare.
fn p_values(name: &str, shares: &[f64], n_baseline: u64, n_current: u64, missing: f64) -> Vec<f64> {
    let measure = ALL.iter().find(|measure| measure.name == name).expect("the measure");
    let mut random = Random::new(7);
    let mut column = |n: u64| {
        let n_missing = random.binomial(n, missing);
        let (mut left, mut share_left) = (n - n_missing, 1.0);
        let words = shares.iter().zip("abcdefghijklmnopqrstuvwxyz".chars()).filter_map(|(share, letter)| {
            let drawn = random.binomial(left, (share / share_left).min(1.0));
            left -= drawn;
            share_left -= share;
            (drawn > 0).then(|| format!("{letter}{drawn}"))
        });
        let words: Vec<String> = words.collect();
        texts(&words.join(" "), n_missing)
    };
    let sides = (0..N).map(|_| (column(n_baseline), column(n_current)));
    sides.map(|(base, now)| measure.of(&Comparison::new(&base, &now)).expect("a p-value")).collect()
}

#[test]
fn p_values_are_uniform_where_nothing_changed() {
    let rare: Vec<f64> = [0.5, 0.4].into_iter().chain([0.01; 10]).collect();
    let name = "chi_squared_homogeneity_p_value";
    for (what, name, shares, n_baseline, n_current, missing) in [
        ("large counts", name, &[0.5, 0.3, 0.2][..], 2_000, 500, 0.1),
        ("some small counts", name, &rare[..], 2_000, 200, 0.0),
        ("small counts only", name, &[0.05; 20][..], 1_000, 60, 0.0),
        ("a small window", "missing_rate_p_value", &[1.0][..], 20_000, 300, 0.01),
        ("missing cells", "missing_rate_p_value", &[1.0][..], 5_000, 2_000, 0.2),
    ] {
        let p_values = p_values(name, shares, n_baseline, n_current, missing);
        for level in [0.01, 0.05, 0.2, 0.5] {
            let below = p_values.iter().filter(|p| **p <= level).count() as f64 / N as f64;
            let margin = 3.5 * (level * (1.0 - level) / N as f64).sqrt();
            assert!(below <= level + margin, "{what}: {below} of the p-values are at most {level}");
            // Few possible tables have few p-values, none of which need lie close below a level.
            let is_coarse = name == "missing_rate_p_value";
            assert!(is_coarse || below >= level - margin, "{what}: {below} of the p-values are at most {level}");
        }
    }
}
