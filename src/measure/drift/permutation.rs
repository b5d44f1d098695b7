//! Permutation test of homogeneity: the chance of a table of two sides where some expected counts are small.
//!
//! All rows are pooled and dealt anew to sides of the same sizes. Bins whose expected counts are large need no dealing:
//! among themselves they follow the chi-squared law, so that only the small ones are dealt, together with the sum of
//! the large ones. Seeded: the same counts give the same p-value.

use std::collections::HashSet;

use statrs::function::factorial::ln_binomial;

use super::bins::{Bin, totals};
use super::chi_squared_statistic::{SMALL, statistic, term};
use crate::measure::chi_squared::upper_tail;
use crate::measure::random::Random;
use crate::profile::Undefined;

const SEED: u64 = 0x5eed;
/// Permutations at most: the least p-value of more than two bins is one in so many and one.
const MAX_PERMUTATIONS: usize = 9_999;
/// Permutations that settle that a p-value is not small, and the p-value above which they do.
const FEW_PERMUTATIONS: usize = 999;
const SETTLED: f64 = 0.05;
/// Permutations at least as extreme as the data that suffice (J. Besag, P. Clifford, "Sequential Monte Carlo
/// p-values", Biometrika 78, 1991, p. 301).
const ENOUGH_EXTREME: usize = 20;
/// Statistics that differ by less than this share are equal.
const TIE: f64 = 1e-9;
/// Probability at which a table of a binomial law ends.
const NEGLIGIBLE: f64 = 1e-15;

/// The chance of a larger or the same statistic, 0…1; without permutations where at most one bin is small.
///
/// One small bin: R. A. Fisher, "Statistical Methods for Research Workers", 5th edition, 1934, section 21.02, ordered by
/// χ². More: by importance sampling, the data among the samples (M. T. Harrison, "Conservative hypothesis tests and
/// confidence intervals using importance sampling", Biometrika 99, 2012, p. 57).
pub(super) fn p_value(bins: &[Bin]) -> Result<f64, Undefined> {
    let mut table = Table::of(bins);
    if let (&[one, other], 0) = (&table.small[..], table.n_large) {
        let larger = usize::from(other.pooled > one.pooled);
        (table.large, table.n_large) = (table.small.remove(larger), 1);
    }
    match &table.small[..] {
        [one] if table.n_large > 0 => Ok(table.exactly(*one)),
        _ if 2.0 * table.large.pooled >= table.n() => {
            let p = table.deal_small(FEW_PERMUTATIONS);
            Ok(if p > SETTLED { p } else { table.deal_small(MAX_PERMUTATIONS) })
        }
        _ => Ok(table.deal_rows()),
    }
}

/// A bin as the smaller side sees it.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Rows of both sides.
    pooled: f64,
    /// Rows of the smaller side.
    drawn: f64,
}

/// The bins whose expected counts are small, and the sum of the others.
#[derive(Clone, Debug)]
struct Table {
    small: Vec<Part>,
    large: Part,
    /// How many large bins there are.
    n_large: usize,
    /// Rows of the smaller side and of the larger one.
    n_drawn: f64,
    n_others: f64,
    /// The statistic, less the share that counts as a tie.
    observed: f64,
}

impl Table {
    fn of(bins: &[Bin]) -> Self {
        let (n_baseline, n_current) = totals(bins);
        let is_current_smaller = n_current <= n_baseline;
        let (n_drawn, n_others) = if is_current_smaller { (n_current, n_baseline) } else { (n_baseline, n_current) };
        let mut table = Self {
            small: Vec::new(),
            large: Part::default(),
            n_large: 0,
            n_drawn,
            n_others,
            observed: statistic(bins) * (1.0 - TIE),
        };
        for bin in bins {
            let drawn = if is_current_smaller { bin.current } else { bin.baseline };
            let pooled = bin.baseline + bin.current;
            if pooled * table.share() < SMALL {
                table.small.push(Part { pooled, drawn });
            } else {
                table.large.pooled += pooled;
                table.large.drawn += drawn;
                table.n_large += 1;
            }
        }
        table
    }

    fn n(&self) -> f64 {
        self.n_drawn + self.n_others
    }

    /// The smaller side's share of all rows.
    fn share(&self) -> f64 {
        self.n_drawn / self.n()
    }

    fn term(&self, drawn: f64, pooled: f64) -> f64 {
        term(drawn, pooled, self.n_others, self.n_drawn)
    }

    /// The chance that the statistic is as large, if `outer` is what the small bins and the sum of the others add.
    fn tail(&self, outer: f64) -> f64 {
        match self.n_large.saturating_sub(1) {
            0 => f64::from(u8::from(outer >= self.observed)),
            degrees => upper_tail(self.observed - outer, degrees).unwrap_or(1.0),
        }
    }

    /// Of one small bin, by the hypergeometric law of its rows.
    fn exactly(&self, bin: Part) -> f64 {
        let (pooled, others, drawn) = (bin.pooled as u64, self.large.pooled as u64, self.n_drawn as u64);
        let all = ln_binomial(pooled + others, drawn);
        let (least, most) = (drawn.saturating_sub(others), pooled.min(drawn));
        let chance = |n: u64| {
            let outer = self.term(n as f64, bin.pooled) + self.term((drawn - n) as f64, self.large.pooled);
            (ln_binomial(pooled, n) + ln_binomial(others, drawn - n) - all).exp() * self.tail(outer)
        };
        (least..=most).map(chance).sum::<f64>().clamp(0.0, 1.0)
    }

    /// Deals the rows of the small bins by binomial laws, each deal weighed by how likely the others then fill up the
    /// side.
    fn deal_small(&self, n_permutations: usize) -> f64 {
        let laws: Vec<Vec<f64>> = self.small.iter().map(|part| distribution(part.pooled, self.share())).collect();
        let terms: Vec<Vec<f64>> = self
            .small
            .iter()
            .zip(&laws)
            .map(|(part, law)| (0..=law.len()).map(|n| self.term(n as f64, part.pooled)).collect())
            .collect();
        let at_mean = log_chance(self.large.pooled, (self.large.pooled * self.share()).round(), self.share());
        let weight = |n: f64| (log_chance(self.large.pooled, n, self.share()) - at_mean).exp();
        let mut random = Random::new(SEED);
        let of_data = weight(self.large.drawn);
        let (mut extreme, mut all) = (of_data, of_data);
        for _ in 0..n_permutations {
            let (mut left, mut outer) = (self.n_drawn, 0.0);
            for (law, terms) in laws.iter().zip(&terms) {
                let share = random.share();
                let n = law.iter().position(|reached| share < *reached).unwrap_or(law.len());
                left -= n as f64;
                outer += terms[n];
            }
            if left < 0.0 || left > self.large.pooled {
                continue;
            }
            let weight = weight(left);
            all += weight;
            extreme += weight * self.tail(outer + self.term(left, self.large.pooled));
        }
        // Data that no deal comes near have no weight.
        if all > 0.0 { (extreme / all).min(1.0) } else { 1.0 / (n_permutations + 1) as f64 }
    }

    /// Deals the smaller side row by row, which is short where most bins are small.
    fn deal_rows(&self) -> f64 {
        let parts: Vec<Part> = self.small.iter().copied().chain((self.n_large > 0).then_some(self.large)).collect();
        let ends: Vec<u64> = parts
            .iter()
            .scan(0, |end, part| {
                *end += part.pooled as u64;
                Some(*end)
            })
            .collect();
        let n = ends.last().copied().unwrap_or(0);
        let mut random = Random::new(SEED);
        let mut extreme = 0.0;
        for permutation in 1..=MAX_PERMUTATIONS {
            let mut drawn = vec![0.0; parts.len()];
            let mut taken = HashSet::new();
            // R. W. Floyd's algorithm: J. Bentley, B. Floyd, "A sample of brilliance", CACM 30, 1987, p. 754.
            for last in n - self.n_drawn as u64..n {
                let row = random.below(last as usize + 1) as u64;
                let row = if taken.insert(row) { row } else { last };
                taken.insert(row);
                drawn[ends.partition_point(|end| *end <= row)] += 1.0;
            }
            let outer = parts.iter().zip(drawn).map(|(part, drawn)| self.term(drawn, part.pooled)).sum();
            extreme += self.tail(outer);
            if extreme >= ENOUGH_EXTREME as f64 {
                return extreme / permutation as f64;
            }
        }
        (extreme + 1.0) / (MAX_PERMUTATIONS + 1) as f64
    }
}

/// The chances of at most 0, 1, … hits of `n` tries that each hit with probability `p`, up to where they are certain.
fn distribution(n: f64, p: f64) -> Vec<f64> {
    let mut chance = (n * (-p).ln_1p()).exp();
    let mut reached = chance;
    let mut law = vec![reached];
    let mut hits = 0.0;
    while hits < n && (1.0 - reached > NEGLIGIBLE && (chance > NEGLIGIBLE || hits < n * p)) {
        chance *= (n - hits) / (hits + 1.0) * p / (1.0 - p);
        hits += 1.0;
        reached += chance;
        law.push(reached);
    }
    law.pop();
    law
}

/// The logarithm of the chance of so many hits.
fn log_chance(n: f64, hits: f64, p: f64) -> f64 {
    ln_binomial(n as u64, hits as u64) + hits * p.ln() + (n - hits) * (-p).ln_1p()
}
