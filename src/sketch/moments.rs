//! Moments: count, mean and sum of squared deviations, updated value by value (Welford).
//!
//! The formulas and the order of their operations are those of Apache Spark's
//! `CentralMomentAgg` (Apache-2.0), so that results agree to the last bit. The underlying method:
//! Welford, "Note on a method for calculating corrected sums of squares and products",
//! Technometrics 4 (1962); merging: Chan, Golub and LeVeque, STAN-CS-79-773 (1979).

/// Open moments. Merging into empty moments gives the other's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    n: f64,
    mean: f64,
    m2: f64,
}

impl Moments {
    /// Takes one value in.
    #[inline]
    pub fn push(&mut self, x: f64) {
        let n = self.n + 1.0;
        let delta = x - self.mean;
        let delta_n = delta / n;
        self.mean += delta_n;
        self.m2 += delta * (delta - delta_n);
        self.n = n;
    }

    /// Takes in what `other` saw.
    pub fn merge(&mut self, other: &Self) {
        let n = self.n + other.n;
        let delta = other.mean - self.mean;
        let delta_n = if n == 0.0 { 0.0 } else { delta / n };
        self.m2 = self.m2 + other.m2 + delta * delta_n * self.n * other.n;
        self.mean += delta_n * other.n;
        self.n = n;
    }

    /// Adds the same to every value seen.
    pub fn shift(&mut self, by: f64) {
        self.mean += by;
    }

    /// Number of values, exact up to 2^53.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// Population variance; NaN when empty or when a value was infinite.
    pub fn population_variance(&self) -> f64 {
        self.m2 / self.n
    }

    /// Population standard deviation; NaN when empty or when a value was infinite.
    pub fn population_deviation(&self) -> f64 {
        self.population_variance().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Moments {
        let mut moments = Moments::default();
        values.into_iter().for_each(|x| moments.push(x));
        moments
    }

    #[test]
    fn a_constant_column_in_one_split_does_not_vary() {
        assert_eq!(of([0.1; 18]).population_deviation(), 0.0);
    }

    #[test]
    fn the_deviation_is_that_of_the_population() {
        assert_eq!(of([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).population_deviation(), 2.0);
    }

    #[test]
    fn merging_agrees_with_pushing() {
        let mut merged = of([1.0, 2.5, -3.0]);
        merged.merge(&of([8.0, 0.25]));
        let pushed = of([1.0, 2.5, -3.0, 8.0, 0.25]);
        assert_eq!(merged.n(), 5.0);
        assert!((merged.population_deviation() - pushed.population_deviation()).abs() < 1e-12);
    }

    #[test]
    fn a_shift_moves_the_mean_alone() {
        let mut shifted = of([1.0, 2.0, 6.0]);
        shifted.shift(10.0);
        assert_eq!(shifted.population_variance(), of([11.0, 12.0, 16.0]).population_variance());
        shifted.merge(&of([13.0]));
        assert!((shifted.population_variance() - 3.5).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_deviation() {
        assert!(Moments::default().population_deviation().is_nan());
        let mut empty = Moments::default();
        empty.merge(&Moments::default());
        assert_eq!(empty, Moments::default());
    }
}
