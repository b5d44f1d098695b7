//! Conditional G-test: whether labels are distributed within each bin of a feature as they are in the baseline.
//!
//! The likelihood-ratio statistics of homogeneity of all bins are added up, and so are their degrees of freedom
//! (R. R. Sokal, F. J. Rohlf, "Biometry", 4th edition, 2012, section 17.4). Since each bin is compared with itself alone,
//! a feature whose own distribution changed is no change here. In a bin, labels of small expected counts are one; which
//! ones does not depend on the side of a row. Where that leaves expected counts large enough, the statistic is divided by
//! Williams' factor and follows the chi-squared law (D. A. Williams, "Improved likelihood ratio tests for complete
//! contingency tables", Biometrika 63, 1976, p. 33). Else the most frequent label is held against all others, and the
//! statistic's law is that of all tables of these margins (R. A. Fisher, "Statistical Methods for Research Workers", 5th
//! edition, 1934, section 21.02). The laws of such bins are added up exactly, on a grid of the statistic.

use statrs::function::factorial::ln_binomial;

use crate::measure::chi_squared::upper_tail;
use crate::profile::Undefined;

/// Expected counts below this are small (W. G. Cochran, "Some methods for strengthening the common χ² tests",
/// Biometrics 10, 1954, p. 420).
const SMALL: f64 = 5.0;
/// Steps of the grid up to the observed statistic.
const N_STEPS: f64 = 2_000.0;
/// Tables less likely than this share of the likeliest one are left out.
const NEGLIGIBLE: f64 = 1e-16;

/// Rows of one bin by label, on both sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bin<'a> {
    pub baseline: &'a [u64],
    pub current: &'a [u64],
}

impl Bin<'_> {
    pub fn n_baseline(&self) -> u64 {
        self.baseline.iter().sum()
    }

    pub fn n_current(&self) -> u64 {
        self.current.iter().sum()
    }
}

/// Rows with one label, or several, of the baseline and of the current data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Label {
    baseline: f64,
    current: f64,
}

impl Label {
    fn pooled(self) -> f64 {
        self.baseline + self.current
    }

    fn with(self, other: Self) -> Self {
        Self { baseline: self.baseline + other.baseline, current: self.current + other.current }
    }
}

/// The chance of a larger or the same statistic where no label changed its meaning; an error where no bin has two labels.
/// The bins have rows on both sides.
pub(super) fn p_value(bins: &[Bin<'_>]) -> Result<f64, Undefined> {
    let (mut large, mut degrees) = (0.0, 0);
    let mut small: Vec<ExactLaw> = Vec::new();
    for bin in bins {
        match Tested::of(bin) {
            None => {}
            Some(Tested::Large(labels)) => {
                large += statistic(&labels) / williams_factor(&labels);
                degrees += labels.len() - 1;
            }
            Some(Tested::Small(labels)) => small.push(ExactLaw::of(labels)),
        }
    }
    if small.is_empty() {
        return if degrees == 0 { Err(Undefined::TooFewCategories) } else { upper_tail(large, degrees) };
    }
    together(large, degrees, &small)
}

/// How a bin is tested.
enum Tested {
    Large(Vec<Label>),
    Small([Label; 2]),
}

impl Tested {
    /// `None` where all rows have one label.
    fn of(bin: &Bin<'_>) -> Option<Self> {
        let labels = bin.baseline.iter().zip(bin.current);
        let labels = labels.map(|(baseline, current)| Label { baseline: *baseline as f64, current: *current as f64 });
        let mut labels: Vec<Label> = labels.filter(|label| label.pooled() > 0.0).collect();
        if labels.len() < 2 {
            return None;
        }
        labels.sort_by(|a, b| b.pooled().total_cmp(&a.pooled()));
        let all = total(&labels);
        let share = all.baseline.min(all.current) / all.pooled();
        let is_large = |label: &Label| label.pooled() * share >= SMALL;
        let (mut large, small): (Vec<Label>, Vec<Label>) = labels.iter().copied().partition(is_large);
        let rest = total(&small);
        if is_large(&rest) {
            large.push(rest);
        } else if large.len() > 1
            && let Some(last) = large.last_mut()
        {
            *last = last.with(rest);
        }
        if large.len() > 1 { Some(Self::Large(large)) } else { Some(Self::Small([labels[0], total(&labels[1..])])) }
    }
}

fn total(labels: &[Label]) -> Label {
    labels.iter().fold(Label::default(), |total, label| total.with(*label))
}

/// 2 Σ observed · ln(observed / expected).
fn statistic(labels: &[Label]) -> f64 {
    let all = total(labels);
    let term = |observed: f64, side: f64, label: f64| {
        if observed > 0.0 { observed * (observed * all.pooled() / (side * label)).ln() } else { 0.0 }
    };
    let of_label = |label: &Label| {
        term(label.baseline, all.baseline, label.pooled()) + term(label.current, all.current, label.pooled())
    };
    (2.0 * labels.iter().map(of_label).sum::<f64>()).max(0.0)
}

/// What the statistic is larger by than a chi-squared number, on average.
fn williams_factor(labels: &[Label]) -> f64 {
    let all = total(labels);
    let n = all.pooled();
    let of_sides = n * (1.0 / all.baseline + 1.0 / all.current) - 1.0;
    let of_labels = n * labels.iter().map(|label| 1.0 / label.pooled()).sum::<f64>() - 1.0;
    1.0 + of_sides * of_labels / (6.0 * n * (labels.len() - 1) as f64)
}

/// The law of the statistic of a bin with two labels, given how many rows each side and each label has.
struct ExactLaw {
    observed: f64,
    /// Statistics and their chances.
    chances: Vec<(f64, f64)>,
}

impl ExactLaw {
    fn of([label, others]: [Label; 2]) -> Self {
        let all = label.with(others);
        let (pooled, n_others) = (label.pooled() as u64, others.pooled() as u64);
        let n_current = all.current as u64;
        let tables = n_current.saturating_sub(n_others)..=pooled.min(n_current);
        let log_chance = |n: u64| ln_binomial(pooled, n) + ln_binomial(n_others, n_current - n);
        let likeliest = tables.clone().map(log_chance).fold(f64::NEG_INFINITY, f64::max);
        let table = |n: u64| {
            let current = n as f64;
            let label = Label { baseline: label.pooled() - current, current };
            let others = Label { baseline: all.baseline - label.baseline, current: all.current - current };
            (statistic(&[label, others]), (log_chance(n) - likeliest).exp())
        };
        let mut chances: Vec<(f64, f64)> = tables.map(table).filter(|(_, chance)| *chance > NEGLIGIBLE).collect();
        let sum: f64 = chances.iter().map(|(_, chance)| chance).sum();
        chances.iter_mut().for_each(|(_, chance)| *chance /= sum);
        Self { observed: statistic(&[label, others]), chances }
    }
}

/// The chance of bins with large expected counts, which add `large` to the statistic, and small ones together.
fn together(large: f64, degrees: usize, small: &[ExactLaw]) -> Result<f64, Undefined> {
    let observed = large + small.iter().map(|law| law.observed).sum::<f64>();
    if observed <= 0.0 {
        return Ok(1.0);
    }
    let step = observed / N_STEPS;
    let steps = |statistic: f64| (statistic / step).round() as usize;
    // The statistic of small bins is what it is on the grid, for the data as for all other tables.
    let n_observed: usize = small.iter().map(|law| steps(law.observed)).sum();
    let end = n_observed + (large / step).ceil() as usize;
    let mut chances = vec![0.0; end + 1];
    chances[0] = 1.0;
    for law in small {
        let mut next = vec![0.0; end + 1];
        for (statistic, chance) in &law.chances {
            let shift = steps(*statistic);
            for (at, before) in chances.iter().enumerate().filter(|(_, before)| **before > 0.0) {
                next[(at + shift).min(end)] += before * chance;
            }
        }
        chances = next;
    }
    let mut p = 0.0;
    for (at, chance) in chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
        let left = large + (n_observed as f64 - at as f64) * step;
        p += chance
            * match degrees {
                0 => f64::from(u8::from(at >= n_observed)),
                _ if at == end => 1.0,
                _ => upper_tail(left, degrees)?,
            };
    }
    Ok(p.min(1.0))
}
