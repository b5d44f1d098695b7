//! Design of an explanation: which coalitions a row is explained by, and what each of them weighs.
//!
//! Coalitions stand in pairs, each followed by its complement. A design depends on the number of features that vary
//! alone, so it serves all rows of which as many vary.

use nalgebra::DMatrix;

use super::coalition::{Coalition, n_words, set_of};
use super::coalition_sizes::SizePlan;
use super::combinations::Combinations;
use super::normal_equations::influences;
use super::paired_sampling::draw;
use crate::measure::random::Random;

/// Most features that may vary: the matrix of the equations then fills 32 MiB.
const MAX_FEATURES: usize = 2_048;
/// Most coalitions times features: what a design keeps of them fills 64 MiB. All coalitions of up to 19 features
/// are within.
const MAX_CELLS: usize = 1 << 24;
/// Coalitions for each feature, at least: one feature and all but one, and as many again of those that are drawn,
/// without which their error could not be told.
const MIN_COALITIONS_PER_FEATURE: usize = 4;
/// Coalitions of a row where nothing else is said: `2m + 2048` (DG:clarify-online-explainability-create-endpoint).
const MORE_COALITIONS: usize = 2_048;
/// All coalitions are looked at where they are at most so many times as many as the rule says: up to 12 features,
/// 4,094 instead of 2,072. The rule alone ends at 11; twice its predictions spare one feature more any error.
const TIMES_THE_RULE: usize = 2;

/// Why there is no design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignFault {
    /// More than 2,048 features vary.
    TooManyFeatures,
    /// The equations have no single solution.
    Singular,
}

/// What a design looks at, known before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DesignSize {
    /// Coalitions, at most: where few are left to find, drawing may end early.
    pub n_coalitions: usize,
    /// Whether these are all there are.
    pub is_exact: bool,
}

/// The coalitions by which rows are explained, in a fixed order.
#[derive(Clone, Debug)]
pub struct Design {
    pub(super) n_features: usize,
    n_words: usize,
    /// First coalition of each pair, words of one after the other.
    members: Vec<u64>,
    /// Of each coalition of a pair; of all coalitions 1 in all.
    pub(super) weights: Vec<f64>,
    /// How often a pair was drawn; 0 of pairs that are there because their size is whole.
    pub(super) n_draws: Vec<u32>,
    /// Share of the weight that the drawn pairs stand for.
    pub(super) mass_drawn: f64,
    /// By feature but the last, a column for each pair.
    pub(super) influences: DMatrix<f64>,
}

impl Design {
    /// A design for rows of which `n_features` vary.
    ///
    /// Without `n_samples` these are all coalitions of up to 12 features, of more `2m + 2048`. With it they are so
    /// many, but at least four for each feature, at most all, at most what memory allows, and an even number. The
    /// empty coalition and the whole one are never among them.
    ///
    /// Making a design takes time in proportion to the coalitions and to the square of the features, explaining a row
    /// by it much less: a design is for keeping.
    pub fn new(n_features: usize, n_samples: Option<usize>, seed: u64) -> Result<Self, DesignFault> {
        if n_features > MAX_FEATURES {
            return Err(DesignFault::TooManyFeatures);
        }
        if n_features < 2 {
            return Ok(Self::without_coalitions(n_features));
        }
        let plan = SizePlan::new(n_features, n_pairs(n_features, n_samples));
        let mut design = Self { n_words: n_words(n_features), ..Self::without_coalitions(n_features) };
        design.add_whole_sizes(&plan);
        design.add_drawn(&plan, seed);
        let influences = influences(design.pairs(), &design.weights, n_features).ok_or(DesignFault::Singular)?;
        Ok(Self { influences, ..design })
    }

    /// The size of the design for as many features and samples.
    pub fn size(n_features: usize, n_samples: Option<usize>) -> Result<DesignSize, DesignFault> {
        if n_features > MAX_FEATURES {
            return Err(DesignFault::TooManyFeatures);
        }
        if n_features < 2 {
            return Ok(DesignSize { n_coalitions: 0, is_exact: true });
        }
        let n_coalitions = 2 * n_pairs(n_features, n_samples);
        Ok(DesignSize { n_coalitions, is_exact: n_coalitions == n_all(n_features) })
    }

    /// What explains rows of which one feature varies or none.
    fn without_coalitions(n_features: usize) -> Self {
        Self {
            n_features,
            n_words: 0,
            members: Vec::new(),
            weights: Vec::new(),
            n_draws: Vec::new(),
            mass_drawn: 0.0,
            influences: DMatrix::zeros(0, 0),
        }
    }

    fn add_whole_sizes(&mut self, plan: &SizePlan) {
        for whole in &plan.whole {
            // Of the halves, those with the first feature are the first of their pairs.
            let is_half = 2 * whole.size == self.n_features;
            let weight = whole.mass / whole.n_pairs / 2.0;
            for set in Combinations::new(self.n_features, whole.size).filter(|set| !is_half || set[0] == 0) {
                self.members.extend(set_of(&set, self.n_words));
                self.weights.push(weight);
                self.n_draws.push(0);
            }
        }
    }

    fn add_drawn(&mut self, plan: &SizePlan, seed: u64) {
        let pairs = draw(plan, self.n_features, self.n_words, &mut Random::new(seed));
        let n_draws: f64 = pairs.iter().map(|pair| f64::from(pair.n_draws)).sum();
        self.mass_drawn = plan.mass_to_draw();
        for pair in pairs {
            self.members.extend(pair.members);
            self.weights.push(self.mass_drawn * f64::from(pair.n_draws) / n_draws / 2.0);
            self.n_draws.push(pair.n_draws);
        }
    }

    /// Features that vary.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// Coalitions of which values are needed.
    pub fn n_coalitions(&self) -> usize {
        2 * self.weights.len()
    }

    /// Whether these are all coalitions there are, which makes attributions Shapley values.
    pub fn is_exact(&self) -> bool {
        self.n_draws.iter().all(|n| *n == 0)
    }

    /// All coalitions, in the order in which [`Design::explain`] takes their values.
    pub fn coalitions(&self) -> impl Iterator<Item = Coalition<'_>> {
        let pairs = self.members.chunks_exact(self.n_words.max(1));
        pairs.flat_map(|members| [false, true].map(|is_complement| Coalition::new(members, is_complement)))
    }

    /// The first coalition of each pair.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Coalition<'_>> + Clone {
        self.members.chunks_exact(self.n_words.max(1)).map(|members| Coalition::new(members, false))
    }
}

/// Pairs of coalitions to look at; of all that there are, or more.
fn n_pairs(n_features: usize, n_samples: Option<usize>) -> usize {
    let n_all = n_all(n_features);
    let rule = 2 * n_features + MORE_COALITIONS;
    let wanted = match n_samples {
        Some(n_samples) => n_samples,
        None if n_all <= TIMES_THE_RULE * rule => n_all,
        None => rule,
    };
    let most = MAX_CELLS / n_features;
    wanted.max(MIN_COALITIONS_PER_FEATURE * n_features).min(n_all).min(most) / 2
}

/// Coalitions there are, but the empty one and the whole one; of very many features the largest number there is.
fn n_all(n_features: usize) -> usize {
    1_usize.checked_shl(n_features.min(64) as u32).map_or(usize::MAX, |n| n.saturating_sub(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_design_is_known_before_it_is_made() {
        for n_features in [0, 1, 2, 3, 5, 12, 13, 40] {
            for n_samples in [None, Some(0), Some(100), Some(8_190), Some(usize::MAX)] {
                if n_features == 40 && n_samples == Some(usize::MAX) {
                    continue;
                }
                let size = Design::size(n_features, n_samples).expect("a size");
                let design = Design::new(n_features, n_samples, 7).expect("a design");
                assert!(design.n_coalitions() <= size.n_coalitions, "{n_features} features, {n_samples:?} samples");
                assert_eq!(design.is_exact(), size.is_exact, "{n_features} features, {n_samples:?} samples");
                assert!(!size.is_exact || design.n_coalitions() == size.n_coalitions);
            }
        }
        assert_eq!(Design::size(2_049, None), Err(DesignFault::TooManyFeatures));
    }

    #[test]
    fn numbers_of_pairs_are_within_what_solving_needs_and_memory_allows() {
        for (n_features, n_samples, expected) in [
            (2, None, 1),
            (12, None, 2_047),
            (13, None, 1_037),
            (64, None, 1_088),
            // More than 1,024 features need more than the rule says.
            (2_048, None, 4_096),
            (2_048, Some(usize::MAX), 4_096),
            (2_048, Some(0), 4_096),
            (19, Some(usize::MAX), (1 << 18) - 1),
            (20, Some(usize::MAX), (1 << 24) / 20 / 2),
            (64, Some(usize::MAX), (1 << 24) / 64 / 2),
        ] {
            assert_eq!(n_pairs(n_features, n_samples), expected, "{n_features} features, {n_samples:?} samples");
        }
    }
}
