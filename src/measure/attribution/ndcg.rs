//! Normalised discounted cumulative gain: whether the features that mattered most in the baseline still do.
//!
//! The features are put into the order of their current attributions, the largest first; the gain is the sum of
//! their *baseline* attributions, each divided by log₂(1 + place). It is divided by the gain of the baseline's own
//! order (K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM Transactions on
//! Information Systems 20, 2002, p. 422; DG:clarify-model-monitor-feature-attribution-drift). It does not see how
//! large attributions are, and hardly sees the order of those that are nearly equal.

use crate::profile::Undefined;

/// In 0…1; 1 where the order is the baseline's. Features without a partner on the other side are left out.
///
/// Features whose current attributions are equal share the mean of their gains, whatever their order, and a
/// baseline of zeros has 0: so does scikit-learn's `ndcg_score`, which AWS's page names. Its rounding leaves 1 by a
/// few units of the last digit either way; here equal orders give 1 exactly.
pub fn ndcg(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let n = baseline.len().min(current.len());
    let (baseline, current) = (&baseline[..n], &current[..n]);
    if n < 2 {
        return Err(Undefined::TooFewFeatures);
    }
    if !baseline.iter().chain(current).all(|x| x.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if baseline.iter().any(|x| *x < 0.0) {
        return Err(Undefined::Negative);
    }
    let largest = baseline.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 {
        return Ok(0.0);
    }
    // The quotient does not change, but no sum can overflow.
    let scaled: Vec<f64> = baseline.iter().map(|x| x / largest).collect();
    Ok((gain(&scaled, current) / gain(&scaled, &scaled)).min(1.0))
}

/// The gain of `values` in the order of `scores`, the largest first.
fn gain(values: &[f64], scores: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Adding zero turns -0 into 0.
    order.sort_by(|a, b| (scores[*b] + 0.0).total_cmp(&(scores[*a] + 0.0)));
    let mut place = 0;
    let tied = order.chunk_by(|a, b| scores[*a] == scores[*b]);
    tied.map(|tied| {
        let n = tied.len();
        let mean = tied.iter().map(|feature| values[*feature]).sum::<f64>() / n as f64;
        let discounts: f64 = (place..place + n).map(|place| 1.0 / (place as f64 + 2.0).log2()).sum();
        place += n;
        mean * discounts
    })
    .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_documentations_example() {
        // SAT 0.7, GPA 0.5, rank 0.05; then rank, GPA, SAT: (0.05 + 0.5/log₂3 + 0.7/2) / (0.7 + 0.5/log₂3 + 0.05/2).
        let found = ndcg(&[0.7, 0.5, 0.05], &[0.1, 0.2, 0.7]).expect("a value");
        assert!((found - 0.687_639_624_122_622_4).abs() < 1e-12, "{found}");
    }

    #[test]
    fn what_is_not_defined_has_a_reason() {
        for (baseline, current, expected) in [
            (&[][..], &[][..], Undefined::TooFewFeatures),
            (&[0.5], &[0.5], Undefined::TooFewFeatures),
            (&[0.5, 0.1], &[0.5], Undefined::TooFewFeatures),
            (&[0.5, -0.1], &[0.5, 0.1], Undefined::Negative),
            (&[0.5, f64::NAN], &[0.5, 0.1], Undefined::NotFinite),
            (&[0.5, 0.1], &[f64::INFINITY, 0.1], Undefined::NotFinite),
        ] {
            assert_eq!(ndcg(baseline, current), Err(expected), "{baseline:?} {current:?}");
        }
        assert_eq!(ndcg(&[0.0, -0.0], &[1.0, -1.0]), Ok(0.0));
    }

    #[test]
    fn the_ends_of_the_range_of_doubles_are_no_trouble() {
        assert_eq!(ndcg(&[f64::MAX, f64::MAX, 0.0], &[f64::MAX, 1.0, -f64::MAX]), Ok(1.0));
        assert_eq!(ndcg(&[5e-324, 0.0], &[1.0, 0.0]), Ok(1.0));
        assert!((ndcg(&[5e-324, 0.0], &[0.0, 1.0]).expect("a value") - 1.0 / 3f64.log2()).abs() < 1e-15);
        assert_eq!(ndcg(&[2.0, 1.0], &[-0.0, 0.0]), ndcg(&[2.0, 1.0], &[0.0, 0.0]));
    }

    /// Mean over all orders in which the scores do not rise.
    fn by_all_orders(values: &[f64], scores: &[f64]) -> f64 {
        fn visit(left: &[usize], taken: &mut Vec<usize>, values: &[f64], scores: &[f64], gains: &mut Vec<f64>) {
            if left.is_empty() {
                let gain = taken.iter().enumerate().map(|(i, feature)| values[*feature] / (i as f64 + 2.0).log2());
                gains.push(gain.sum());
            }
            let highest = left.iter().map(|feature| scores[*feature]).fold(f64::NEG_INFINITY, f64::max);
            for feature in left.iter().filter(|feature| scores[**feature] == highest) {
                let rest: Vec<usize> = left.iter().copied().filter(|other| other != feature).collect();
                taken.push(*feature);
                visit(&rest, taken, values, scores, gains);
                taken.pop();
            }
        }
        let all: Vec<usize> = (0..values.len()).collect();
        let mean = |scores: &[f64]| {
            let mut gains = Vec::new();
            visit(&all, &mut Vec::new(), values, scores, &mut gains);
            gains.iter().sum::<f64>() / gains.len() as f64
        };
        mean(scores) / mean(values)
    }

    /// Attributions of as many features on both sides, with many ties.
    fn sides() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let step = || (0u32..5).prop_map(|i| f64::from(i) / 4.0);
        prop::collection::vec((prop_oneof![step(), 0.0..1.0f64], prop_oneof![step(), -1.0..1.0f64]), 2..7)
    }

    proptest! {
        #[test]
        fn it_is_the_mean_over_all_orders_of_ties(sides in sides()) {
            let (baseline, current): (Vec<f64>, Vec<f64>) = sides.into_iter().unzip();
            let found = ndcg(&baseline, &current).expect("a value");
            prop_assert!((0.0..=1.0).contains(&found));
            let expected = if baseline.iter().all(|x| *x == 0.0) { 0.0 } else { by_all_orders(&baseline, &current) };
            prop_assert!((found - expected).abs() < 1e-12, "{} instead of {}", found, expected);
        }

        #[test]
        fn scale_and_order_of_features_do_not_matter(
            sides in sides(),
            factor in 1e-3..1e3f64,
            places in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let (baseline, current): (Vec<f64>, Vec<f64>) = sides.iter().copied().unzip();
            let found = ndcg(&baseline, &current).expect("a value");
            // Powers of two keep what is tied tied.
            let factor = factor.log2().round().exp2();
            let scaled: Vec<f64> = current.iter().map(|x| x * factor).collect();
            prop_assert_eq!(ndcg(&baseline, &scaled), Ok(found));
            let moved: Vec<(f64, f64)> = places.iter().filter_map(|place| sides.get(*place).copied()).collect();
            let (baseline, current): (Vec<f64>, Vec<f64>) = moved.into_iter().unzip();
            prop_assert!((ndcg(&baseline, &current).expect("a value") - found).abs() < 1e-12);
        }

        #[test]
        fn the_same_attributions_are_one(sides in sides()) {
            let baseline: Vec<f64> = sides.iter().map(|side| side.0).collect();
            let expected = if baseline.iter().all(|x| *x == 0.0) { 0.0 } else { 1.0 };
            prop_assert_eq!(ndcg(&baseline, &baseline), Ok(expected));
        }
    }
}
