//! Score bins: a histogram of scores, fine enough to stand for the scores themselves in replicates.
//!
//! Between 0 and 1 bins have equal widths in log-odds, so that tiny probabilities are told apart,
//! and end at every tenth, too. Below and above are bins of equal width in proportion. A larger
//! score is never in a lower bin.

/// Bins for scores below 0: 32 for each power of two from 2⁻⁸ to 2⁸ of its size.
const N_BELOW: usize = 512;
/// Bins of log-odds: 32 for each unit from -16 to 16.
const N_LOG_ODDS: usize = 1_024;
/// The log-odds bins, cut at nine inner tenths.
const N_INSIDE: usize = N_LOG_ODDS + 9;
/// Bins for scores above 1: 32 for each power of two from 1 to 2¹⁶.
const N_ABOVE: usize = 512;
/// All bins.
pub const N_BINS: usize = N_BELOW + N_INSIDE + N_ABOVE;

/// Half the range of log-odds, and bins for each unit.
const MAX_LOG_ODDS: f64 = 16.0;
const BINS_A_UNIT: f64 = 32.0;

/// Where inner tenths begin. A product with ten may be rounded to the next tenth.
const TENTHS: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// The bin of a finite score.
pub(super) fn bin_of(score: f64) -> usize {
    if score < 0.0 {
        return N_BELOW - 1 - size_above(-score, 0.003_906_25);
    }
    if score > 1.0 {
        return N_BELOW + N_INSIDE + size_above(score, 1.0);
    }
    // Infinite at both ends, which the clamp takes in.
    let log_odds = (score / (1.0 - score)).ln();
    let place = ((log_odds + MAX_LOG_ODDS) * BINS_A_UNIT).clamp(0.0, (N_LOG_ODDS - 1) as f64);
    N_BELOW + place as usize + tenth_of(score)
}

/// How far `magnitude` lies above `least`, in 32nds of powers of two, but below 512.
fn size_above(magnitude: f64, least: f64) -> usize {
    // Exponent and five digits of the mantissa.
    let size = |x: f64| (x.to_bits() >> 47) as usize;
    size(magnitude).saturating_sub(size(least)).min(N_BELOW - 1)
}

/// Whether a score can be a probability.
pub(super) fn is_probability(score: f64) -> bool {
    (0.0..=1.0).contains(&score)
}

/// The tenth of 0…1 in which a probability lies; the last one is closed.
pub fn tenth_of(probability: f64) -> usize {
    TENTHS.iter().filter(|edge| probability >= **edge).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tenths_begin_where_bins_begin() {
        for i in 1..10 {
            let edge = f64::from(i) / 10.0;
            assert_eq!(tenth_of(edge), i as usize);
            assert_eq!(tenth_of(edge.next_down()), i as usize - 1);
            assert!(bin_of(edge.next_down()) < bin_of(edge));
        }
        assert_eq!(tenth_of(1.0), 9);
    }

    #[test]
    fn the_extremes_have_bins() {
        let extremes = [f64::MIN, -1.0, -1e-300, 0.0, 1e-300, 0.5, 1.0, 1.0f64.next_up(), 50.0, f64::MAX];
        let bins = extremes.map(bin_of);
        assert!(bins.is_sorted(), "{bins:?}");
        assert_eq!((bins[0], bins[9]), (0, N_BINS - 1));
    }

    proptest! {
        #[test]
        fn bins_rise_with_scores(a in any::<f64>(), b in -0.5..1.5f64, c in -0.5..1.5f64) {
            prop_assume!(a.is_finite());
            for (x, y) in [(a, b), (b, c)] {
                prop_assert!(bin_of(x.min(y)) <= bin_of(x.max(y)));
                prop_assert!(bin_of(x) < N_BINS);
            }
        }
    }
}
