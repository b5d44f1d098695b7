//! Chance: how likely it is that rows of the baseline have no like among the current ones.

/// What counts as impossible; a run looks at many features.
const IMPOSSIBLE: f64 = 1e-6;

/// At most the chance that, of `n_baseline` + `n_current` rows of one distribution, a given set of `n_rows` are all the
/// baseline's: (n / (n + m))^k bounds the hypergeometric law. `None` where it is not impossible.
pub(super) fn only_baseline(n_rows: u64, n_baseline: u64, n_current: u64) -> Option<f64> {
    let share = n_baseline as f64 / (n_baseline as f64 + n_current as f64);
    let chance = (n_rows as f64 * share.ln()).exp();
    (chance < IMPOSSIBLE).then_some(chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_side_alone_are_unlikely_where_both_are_large() {
        assert_eq!(only_baseline(0, 100, 100), None);
        assert_eq!(only_baseline(19, 100, 100), None);
        let chance = only_baseline(20, 100, 100).expect("impossible");
        assert!((chance - 0.5_f64.powi(20)).abs() < 1e-18);
        assert_eq!(only_baseline(1_000, 100_000, 100), None);
    }
}
