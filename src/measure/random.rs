//! Pseudorandom numbers from a seed: uniform, weighted, normal, binomial and multinomial draws.

use std::f64::consts::TAU;

use statrs::function::factorial::ln_binomial;

use crate::sketch::SplitMix;

/// Standard deviation from which on counts are drawn from the normal law with the binomial law's
/// skewness, whose distribution function then differs by about 10⁻⁴ (Cornish and Fisher, "Moments and
/// cumulants in the specification of distributions", Revue de l'Institut International de Statistique
/// 5, 1938).
const LARGE_DEVIATION: f64 = 100.0;
/// Probability of single counts below which the search for a count ends.
const NEGLIGIBLE: f64 = 1e-18;

/// A stream of random numbers; the same seed gives the same stream on every machine.
#[derive(Debug)]
pub struct Random {
    stream: SplitMix,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Self { stream: SplitMix::new(seed) }
    }

    /// Uniform in 0…1, without 1.
    pub fn share(&mut self) -> f64 {
        self.stream.share()
    }

    /// Uniform in 0…`end`, without `end`; 0 of an empty range. Biased by less than 2⁻³² up to 2³².
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.stream.bits()) * end as u128) >> 64) as usize
    }

    /// A place of these weights, drawn in proportion to them; `None` where they sum to nothing.
    pub fn place(&mut self, weights: impl Iterator<Item = f64> + Clone) -> Option<usize> {
        let total: f64 = weights.clone().sum();
        let mut left = self.share() * total;
        let mut last = None;
        for (place, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
            last = Some(place);
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        last
    }

    /// Between 0 and 1, neither included.
    fn between_0_and_1(&mut self) -> f64 {
        ((self.stream.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Of the standard normal law (Box and Muller, Annals of Mathematical Statistics 29, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.between_0_and_1().ln()).sqrt();
        radius * (TAU * self.between_0_and_1()).cos()
    }

    /// Hits of `n` tries that each hit with probability `p`.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p <= 0.0 {
            return 0;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        let mean = n as f64 * p;
        let deviation = (mean * (1.0 - p)).sqrt();
        if deviation < LARGE_DEVIATION {
            return self.search_from_the_mode(n, p);
        }
        let z = self.normal();
        let count = mean + deviation * z + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0;
        count.round().clamp(0.0, n as f64) as u64
    }

    /// Inverts the distribution from its likeliest count outwards, which takes about as many steps as
    /// the standard deviation is large (Devroye, "Non-uniform random variate generation", 1986, ch. X.4).
    fn search_from_the_mode(&mut self, n: u64, p: f64) -> u64 {
        let mode = (((n + 1) as f64 * p) as u64).min(n);
        let log_probability = ln_binomial(n, mode) + mode as f64 * p.ln() + (n - mode) as f64 * (-p).ln_1p();
        let at_mode = log_probability.exp();
        let odds = p / (1.0 - p);
        let mut left = self.between_0_and_1() - at_mode;
        let (mut below, mut at_below) = (mode, at_mode);
        let (mut above, mut at_above) = (mode, at_mode);
        while left >= 0.0 && at_below.max(at_above) > NEGLIGIBLE {
            at_above *= (n - above) as f64 / (above + 1) as f64 * odds;
            above += 1;
            left -= at_above;
            if left < 0.0 {
                return above;
            }
            at_below *= below as f64 / (n - below + 1) as f64 / odds;
            below = below.saturating_sub(1);
            left -= at_below;
            if left < 0.0 {
                return below;
            }
        }
        mode
    }

    /// `n` rows, drawn into cells by their `weights`.
    pub fn multinomial<const N: usize>(&mut self, n: u64, weights: &[f64; N]) -> [f64; N] {
        let (mut n_left, mut weight_left) = (n, weights.iter().sum::<f64>());
        weights.map(|weight| {
            let share = if weight_left > 0.0 { (weight / weight_left).min(1.0) } else { 0.0 };
            let drawn = self.binomial(n_left, share);
            n_left -= drawn;
            weight_left -= weight;
            drawn as f64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_binomial_mean_and_variance() {
        for (n, p) in [(1, 0.3), (10, 0.05), (400, 0.5), (400, 0.97), (5_000, 0.001), (100_000, 0.2), (3, 1.0)] {
            let mut random = Random::new(1);
            let draws: Vec<f64> = (0..20_000).map(|_| random.binomial(n, p) as f64).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
            let expected = n as f64 * p * (1.0 - p);
            let error = 5.0 * (expected / 20_000.0).sqrt();
            assert!((mean - n as f64 * p).abs() <= error, "{n} {p}: {mean}");
            assert!((variance - expected).abs() <= 0.08 * expected, "{n} {p}: {variance} is not {expected}");
            assert!(draws.iter().all(|x| *x <= n as f64));
        }
    }

    #[test]
    fn rows_drawn_into_cells_are_all_there() {
        let mut random = Random::new(2);
        let cells = random.multinomial(1_000, &[0.0, 3.0, 1.0, 0.0]);
        assert_eq!((cells[0], cells[3], cells.iter().sum::<f64>()), (0.0, 0.0, 1_000.0));
    }

    #[test]
    fn places_are_drawn_by_weight() {
        let (mut random, mut n) = (Random::new(3), [0u32; 4]);
        for _ in 0..10_000 {
            n[random.place([1.0, 0.0, 3.0, 0.0].into_iter()).expect("a place")] += 1;
        }
        // Five standard deviations of 10,000 draws are 217.
        assert!(n[0].abs_diff(2_500) < 217 && n[2].abs_diff(7_500) < 217, "{n:?}");
        assert_eq!((n[1], n[3]), (0, 0));
        assert_eq!(random.place([0.0, 0.0].into_iter()), None);
    }

    #[test]
    fn numbers_below_an_end_are_spread_evenly() {
        let (mut random, mut n) = (Random::new(9), [0u32; 7]);
        for _ in 0..70_000 {
            n[random.below(7)] += 1;
        }
        // Five standard deviations are 463.
        assert!(n.iter().all(|n| n.abs_diff(10_000) < 463), "{n:?}");
        assert_eq!(random.below(0), 0);
    }
}
