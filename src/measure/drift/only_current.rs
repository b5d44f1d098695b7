//! Rows that one side alone has: the chance that all rows of a kind are current ones.

use statrs::function::factorial::ln_binomial;

/// The chance that, of `n_baseline` + `n_current` rows of one distribution, a given set of `n_rows` are all current
/// ones: C(N − k, m − k) / C(N, m), the hypergeometric law.
pub(super) fn chance(n_rows: u64, n_baseline: u64, n_current: u64) -> f64 {
    if n_rows > n_current {
        return 0.0;
    }
    let n = n_baseline.saturating_add(n_current);
    (ln_binomial(n - n_rows, n_current - n_rows) - ln_binomial(n, n_current)).exp().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_drawing_without_putting_back() {
        assert_eq!(chance(0, 5, 3), 1.0);
        for (n_rows, n_baseline, n_current, expected) in
            [(1, 3, 1, 0.25), (2, 2, 2, 1.0 / 6.0), (3, 1, 4, 0.4), (4, 10, 3, 0.0)]
        {
            assert!((chance(n_rows, n_baseline, n_current) - expected).abs() < 1e-12);
        }
    }
}
