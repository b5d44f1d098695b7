//! Uncertainty of a quality metric: its bootstrap replicates, or its rows where replicates do not vary.

use crate::measure::uncertainty::{MIN_DEFINED, TAIL, Uncertainty, deviation, percentile_interval};

impl Uncertainty {
    /// From the replicates of a metric whose value is `value`. Each replicate is moved by `shift`,
    /// the distance from what the replicates' formula gives for all rows to the exact value.
    ///
    /// The interval is the percentile interval; of 400 rows it holds the truth in 94.5 to 95.5 of 100
    /// samples, see `tests/coverage.rs` (Efron and Tibshirani, "An Introduction to the
    /// Bootstrap", 1993, ch. 13). A share that is exactly 0 or 1 has replicates that do not vary,
    /// which says nothing: its interval is that of Clopper and Pearson (Biometrika 26, 1934) for
    /// `n_evidence` rows, its error that of a share with half a hit and half a miss more.
    /// `n_evidence` is `None` where the metric is no share.
    pub(super) fn of_replicates(value: f64, replicates: &[Option<f64>], shift: f64, n_evidence: Option<u64>) -> Self {
        let mut defined: Vec<f64> = replicates.iter().flatten().map(|x| x + shift).collect();
        let n_needed = MIN_DEFINED * replicates.len() as f64;
        if defined.is_empty() || (defined.len() as f64) < n_needed {
            return Self::default();
        }
        defined.sort_by(f64::total_cmp);
        if defined.first() == defined.last() {
            return n_evidence.map_or_else(Self::default, |n| Self::of_extreme(value, n));
        }
        Self { standard_error: deviation(&defined), interval: percentile_interval(&defined) }
    }

    fn of_extreme(value: f64, n_evidence: u64) -> Self {
        if n_evidence < 2 {
            return Self::default();
        }
        let rows = n_evidence as f64;
        let hits = value * rows;
        let share = (hits + 0.5) / (rows + 1.0);
        let far = TAIL.powf(1.0 / rows);
        let interval = match value {
            1.0 => (far, 1.0),
            0.0 => (0.0, 1.0 - far),
            _ => return Self::default(),
        };
        Self { standard_error: Some((share * (1.0 - share) / (rows + 1.0)).sqrt()), interval: Some(interval) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn the_interval_holds_all_but_five_in_a_hundred() {
        let replicates: Vec<_> = (1..1_000).map(|i| Some(f64::from(i))).collect();
        let uncertainty = Uncertainty::of_replicates(500.0, &replicates, 10.0, Some(1_000));
        assert_eq!(uncertainty.interval, Some((35.0, 985.0)));
        assert!((uncertainty.standard_error.expect("an error") - 288.5).abs() < 0.1);
    }

    #[test]
    fn infinite_replicates_have_no_interval_and_no_error() {
        let mut replicates = some(&[f64::INFINITY; 255]);
        replicates.push(Some(1.0));
        assert_eq!(Uncertainty::of_replicates(1.0, &replicates, 0.0, None), Uncertainty::default());
    }

    #[test]
    fn too_few_defined_replicates_are_no_evidence() {
        let mut replicates = some(&[1.0, 2.0, 3.0, 4.0]);
        replicates.push(None);
        assert_eq!(Uncertainty::of_replicates(2.0, &replicates, 0.0, Some(100)), Uncertainty::default());
        assert_eq!(Uncertainty::of_replicates(2.0, &some(&[1.0, 1.0]), 0.0, Some(1)), Uncertainty::default());
    }

    #[test]
    fn a_share_of_all_or_none_is_not_certain() {
        let all = Uncertainty::of_replicates(1.0, &some(&[1.0; 256]), 0.0, Some(50));
        let (lower, upper) = all.interval.expect("an interval");
        // 0.025^(1/50).
        assert!((lower - 0.928_878_3).abs() < 1e-6 && upper == 1.0, "{lower}");
        let none = Uncertainty::of_replicates(0.0, &some(&[0.0; 256]), 0.0, Some(50));
        let error = |uncertainty: Uncertainty| uncertainty.standard_error.expect("an error");
        assert!((error(none) - error(all)).abs() < 1e-12);
        assert!((none.interval.expect("an interval").1 - (1.0 - lower)).abs() < 1e-12);
        assert_eq!(Uncertainty::of_replicates(1.0, &some(&[1.0; 256]), 0.0, None), Uncertainty::default());
        assert_eq!(Uncertainty::of_replicates(3.5, &some(&[3.5; 256]), 0.0, Some(50)), Uncertainty::default());
    }
}
