//! Jensen-Shannon distance of two distributions.

/// The distance of the shares (p, q), with logarithms of base 2; in 0…1 (D. M. Endres, J. E. Schindelin, "A new metric
/// for probability distributions", IEEE Transactions on Information Theory 49, 2003, p. 1858).
pub fn jensen_shannon_distance(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    let term = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() } else { 0.0 };
    let terms = shares.map(|(p, q)| {
        let mean = (p + q) / 2.0;
        term(p, mean) + term(q, mean)
    });
    (terms.sum::<f64>() / 2.0).clamp(0.0, 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_0_and_nothing_in_common_is_1() {
        let distance = |shares: &[(f64, f64)]| jensen_shannon_distance(shares.iter().copied());
        assert_eq!(distance(&[(0.25, 0.25), (0.75, 0.75)]), 0.0);
        assert_eq!(distance(&[(1.0, 0.0), (0.0, 1.0)]), 1.0);
        // √((log₂(4/3) + log₂(2/3)/2 + 1/2) / 2).
        let half = (((4.0f64 / 3.0).log2() + (2.0f64 / 3.0).log2() / 2.0 + 0.5) / 2.0).sqrt();
        assert!((distance(&[(1.0, 0.5), (0.0, 0.5)]) - half).abs() < 1e-15);
    }
}
