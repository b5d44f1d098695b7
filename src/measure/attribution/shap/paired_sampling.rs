//! Paired sampling: draws of coalitions, each with its complement.

use std::collections::BTreeMap;

use super::coalition::set_of;
use super::coalition_sizes::SizePlan;
use crate::measure::random::Random;

/// Most draws for each pair that is wanted: where few are left to find, drawing ends all the same.
const MAX_DRAWS_PER_PAIR: usize = 8;

/// A pair that was drawn at least once.
#[derive(Debug)]
pub(super) struct DrawnPair {
    /// The smaller coalition; of two equal ones that with the first feature.
    pub members: Box<[u64]>,
    pub n_draws: u32,
}

/// Draws until as many different pairs were found as the plan says, in the order they were found. A pair's size is
/// drawn in proportion to what coalitions of that size weigh, then the coalition evenly.
pub(super) fn draw(plan: &SizePlan, n_features: usize, n_words: usize, random: &mut Random) -> Vec<DrawnPair> {
    let mut features: Vec<usize> = (0..n_features).collect();
    let mut found = Vec::with_capacity(plan.n_pairs_to_draw);
    let mut places: BTreeMap<Box<[u64]>, usize> = BTreeMap::new();
    for _ in 0..plan.n_pairs_to_draw.saturating_mul(MAX_DRAWS_PER_PAIR) {
        if found.len() == plan.n_pairs_to_draw {
            break;
        }
        let Some(place) = random.place(plan.drawn.iter().map(|size| size.mass)) else { break };
        let size = plan.drawn[place].size;
        // The first steps of a Fisher-Yates shuffle leave a uniform sample in front.
        for at in 0..size {
            features.swap(at, at + random.below(n_features - at));
        }
        let (front, back) = features.split_at(size);
        let is_second = 2 * size == n_features && !front.contains(&0);
        let members = set_of(if is_second { back } else { front }, n_words);
        let place = *places.entry(members.clone()).or_insert(found.len());
        match found.get_mut(place) {
            None => found.push(DrawnPair { members, n_draws: 1 }),
            Some(pair) => pair.n_draws += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::attribution::shap::coalition::n_words;

    fn drawn(n_features: usize, n_pairs: usize, seed: u64) -> (SizePlan, Vec<DrawnPair>) {
        let plan = SizePlan::new(n_features, n_pairs);
        let pairs = draw(&plan, n_features, n_words(n_features), &mut Random::new(seed));
        (plan, pairs)
    }

    #[test]
    fn pairs_are_different_and_of_the_sizes_that_are_left() {
        let (plan, pairs) = drawn(20, 1_044, 1);
        let different: std::collections::BTreeSet<_> = pairs.iter().map(|pair| &pair.members).collect();
        assert_eq!((pairs.len(), different.len()), (plan.n_pairs_to_draw, plan.n_pairs_to_draw));
        for pair in &pairs {
            let size = pair.members[0].count_ones();
            assert!((3..=10).contains(&size));
            assert!(size < 10 || pair.members[0] & 1 == 1);
        }
    }

    #[test]
    fn sizes_and_features_are_drawn_as_often_as_they_weigh() {
        let (mut by_size, mut by_feature, mut n) = ([0.0; 6], [0.0; 11], 0.0);
        let mut plan = SizePlan::new(11, 100);
        for seed in 0..200 {
            let (this_plan, pairs) = drawn(11, 100, seed);
            plan = this_plan;
            for pair in &pairs {
                let draws = f64::from(pair.n_draws);
                by_size[pair.members[0].count_ones() as usize] += draws;
                n += draws;
                for (feature, n) in by_feature.iter_mut().enumerate() {
                    *n += draws * ((pair.members[0] >> feature) & 1) as f64;
                }
            }
        }
        let left = plan.mass_to_draw();
        for size in &plan.drawn {
            let (share, found) = (size.mass / left, by_size[size.size] / n);
            assert!((found - share).abs() < 5.0 * (share * (1.0 - share) / n).sqrt(), "{size:?}: {found}");
        }
        let mean = by_feature.iter().sum::<f64>() / 11.0;
        assert!(by_feature.iter().all(|found| (found - mean).abs() < 5.0 * mean.sqrt()), "{by_feature:?}");
    }

    #[test]
    fn drawing_ends_where_hardly_anything_is_left_to_find() {
        // All but one of the 2,047 pairs of 12 features are wanted.
        let (plan, pairs) = drawn(12, 2_046, 5);
        assert!(!pairs.is_empty() && pairs.len() <= plan.n_pairs_to_draw);
        let n_draws: u32 = pairs.iter().map(|pair| pair.n_draws).sum();
        assert!(n_draws as usize <= MAX_DRAWS_PER_PAIR * plan.n_pairs_to_draw);
    }
}
