//! Shapley kernel: how much coalitions of each size weigh, and which sizes are looked at as a whole.
//!
//! A coalition of `s` of `m` features has the weight (m-1) / (C(m,s) s (m-s)) (Lundberg and Lee, "A unified approach
//! to interpreting model predictions", NeurIPS 2017, theorem 2), so all of a size together have (m-1) / (s (m-s)):
//! the smallest and the largest coalitions are few and weigh most. A coalition and its complement weigh the same,
//! and are only looked at together (Covert and Lee, "Improving KernelSHAP: practical Shapley value estimation via
//! linear regression", AISTATS 2021: paired sampling).

/// Share of its expected draws by which a size may fall short and still be taken as a whole: rounding.
const ROUNDING: f64 = 1e-8;

/// The coalitions of a size and their complements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PairSize {
    /// Features in the smaller coalition of a pair, in 1…m/2.
    pub size: usize,
    /// Share of the weight of all coalitions, in 0…1.
    pub mass: f64,
    /// Infinite where it is beyond a double.
    pub n_pairs: f64,
}

/// Which sizes are looked at as a whole, and how the rest is drawn.
#[derive(Debug, PartialEq)]
pub(super) struct SizePlan {
    pub whole: Vec<PairSize>,
    pub drawn: Vec<PairSize>,
    /// Different pairs to draw.
    pub n_pairs_to_draw: usize,
}

impl SizePlan {
    /// A plan for `n_pairs` pairs of coalitions of `n_features` features, two at least; more pairs than there are
    /// make all sizes whole.
    ///
    /// Sizes are whole, from both ends, as long as drawing would find each of their coalitions once on average. The
    /// coalitions of one feature are always whole: they alone determine the attributions, so there is a solution
    /// whatever is drawn.
    pub fn new(n_features: usize, n_pairs: usize) -> Self {
        let mut sizes = pair_sizes(n_features);
        let n_all: f64 = sizes.iter().map(|size| size.n_pairs).sum();
        if n_pairs as f64 >= n_all {
            return Self { whole: sizes, drawn: Vec::new(), n_pairs_to_draw: 0 };
        }
        let (mut left, mut mass_left, mut n_whole) = (n_pairs as f64, 1.0, 0);
        for size in &sizes {
            let expected = left * size.mass / mass_left / size.n_pairs;
            if n_whole > 0 && expected < 1.0 - ROUNDING {
                break;
            }
            left -= size.n_pairs;
            mass_left -= size.mass;
            n_whole += 1;
        }
        let drawn = sizes.split_off(n_whole);
        // A negative number becomes 0.
        Self { whole: sizes, drawn, n_pairs_to_draw: left as usize }
    }

    /// Share of the weight that was not looked at as a whole, in 0…1.
    pub fn mass_to_draw(&self) -> f64 {
        self.drawn.iter().map(|size| size.mass).sum()
    }
}

/// All sizes, the smallest and heaviest first.
fn pair_sizes(n_features: usize) -> Vec<PairSize> {
    let (m, mut n_coalitions) = (n_features as f64, 1.0);
    let mut sizes = Vec::with_capacity(n_features / 2);
    for size in 1..=n_features / 2 {
        let s = size as f64;
        n_coalitions *= (m - s + 1.0) / s;
        // Coalitions of half of the features have complements of the same size.
        let is_half = 2 * size == n_features;
        let mass = (m - 1.0) / (s * (m - s)) * if is_half { 1.0 } else { 2.0 };
        let n_pairs = if is_half { n_coalitions / 2.0 } else { n_coalitions };
        sizes.push(PairSize { size, mass, n_pairs: n_pairs.round() });
    }
    let total: f64 = sizes.iter().map(|size| size.mass).sum();
    for size in &mut sizes {
        size.mass /= total;
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(sizes: &[PairSize]) -> Vec<(usize, f64)> {
        sizes.iter().map(|size| (size.size, size.n_pairs)).collect()
    }

    #[test]
    fn masses_are_those_of_the_kernel() {
        // By hand for four features: 3/(1·3) twice, 3/(2·2) once.
        let four = pair_sizes(4);
        assert_eq!(sizes(&four), [(1, 4.0), (2, 3.0)]);
        assert!((four[0].mass - 2.0 / 2.75).abs() < 1e-15 && (four[1].mass - 0.75 / 2.75).abs() < 1e-15);
        for n_features in 2..60 {
            let n_pairs: f64 = pair_sizes(n_features).iter().map(|size| size.n_pairs).sum();
            let expected = (n_features as f64 - 1.0).exp2() - 1.0;
            assert!((n_pairs - expected).abs() <= 1e-12 * expected, "{n_features}: {n_pairs}");
        }
    }

    #[test]
    fn whole_sizes_are_those_that_fit() {
        // The default of 20 features: 2,088 coalitions. 20 and 190 pairs are expected more than once, 1,140 are not.
        let plan = SizePlan::new(20, 1_044);
        assert_eq!(sizes(&plan.whole), [(1, 20.0), (2, 190.0)]);
        assert_eq!((plan.drawn.len(), plan.n_pairs_to_draw), (8, 834));
        assert!((plan.mass_to_draw() + plan.whole.iter().map(|size| size.mass).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn single_features_are_whole_even_if_there_are_too_many() {
        let plan = SizePlan::new(1_000, 2_000);
        assert_eq!(sizes(&plan.whole), [(1, 1_000.0)]);
        assert_eq!(plan.n_pairs_to_draw, 1_000);
    }

    #[test]
    fn enough_pairs_are_all_pairs() {
        for n_features in 2..=12 {
            let n_pairs = (1 << (n_features - 1)) - 1;
            assert!(SizePlan::new(n_features, n_pairs).drawn.is_empty(), "{n_features}");
            if n_features > 4 {
                assert!(!SizePlan::new(n_features, n_pairs - 1).drawn.is_empty(), "{n_features}");
            }
        }
    }
}
