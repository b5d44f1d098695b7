//! Shapley values: from values of coalitions to attributions of features.

use super::design::Design;
use crate::profile::Undefined;

/// How much each feature that varies moved the prediction of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explained {
    /// On the scale of the values; they sum to what the row differs from the reference rows.
    pub values: Vec<f64>,
    /// Of the drawing of coalitions only: 0 where all were looked at.
    pub standard_errors: Vec<f64>,
}

impl Design {
    /// Attributions from the values of the coalitions, in the design's order, of none of the features (`empty`), and
    /// of all of them (`full`), all on the scale of the link. Values that are not finite, too few or too many have
    /// no attributions.
    pub fn explain(&self, values: &[f64], empty: f64, full: f64) -> Result<Explained, Undefined> {
        if values.len() != self.n_coalitions() {
            return Err(Undefined::Empty);
        }
        let total = full - empty;
        let attributions = match self.n_features {
            0 => Vec::new(),
            1 => vec![total],
            _ => self.attributions(values, total),
        };
        let standard_errors = self.standard_errors(values, total, &attributions);
        let are_finite = |numbers: &[f64]| numbers.iter().all(|x| x.is_finite());
        if ![values, &[empty, full], &attributions, &standard_errors].into_iter().all(are_finite) {
            return Err(Undefined::NotFinite);
        }
        Ok(Explained { values: attributions, standard_errors })
    }

    /// By pair, the value of the coalition less that of its complement, less what the last feature takes of it.
    fn differences(&self, values: &[f64], total: f64) -> impl Iterator<Item = f64> {
        let last = self.n_features.saturating_sub(1);
        let pairs = self.pairs().zip(values.chunks_exact(2));
        pairs.map(move |(pair, values)| values[0] - values[1] - if pair.contains(last) { total } else { -total })
    }

    fn attributions(&self, values: &[f64], total: f64) -> Vec<f64> {
        let mut attributions = vec![0.0; self.n_features - 1];
        let pairs = self.differences(values, total).zip(&self.weights).zip(self.influences.column_iter());
        for ((difference, weight), influences) in pairs {
            let scaled = weight * difference;
            for (attribution, influence) in attributions.iter_mut().zip(influences.iter()) {
                *attribution += scaled * influence;
            }
        }
        attributions.push(total - attributions.iter().sum::<f64>());
        attributions
    }

    /// What the attributions would vary by if other coalitions had been drawn: the sandwich estimate over draws of
    /// pairs (Binder, "On the variances of asymptotically normal estimators from complex surveys", International
    /// Statistical Review 51, 1983). Each residual is enlarged to what it is of a fit without its draw (MacKinnon and
    /// White, "Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample
    /// properties", Journal of Econometrics 29, 1985: HC3).
    fn standard_errors(&self, values: &[f64], total: f64, attributions: &[f64]) -> Vec<f64> {
        let n_draws: f64 = self.n_draws.iter().map(|n| f64::from(*n)).sum();
        if n_draws < 2.0 {
            return vec![0.0; self.n_features];
        }
        let (mut sums, mut squares) = (vec![0.0; self.n_features], vec![0.0; self.n_features]);
        let mut score = vec![0.0; self.n_features];
        // Weight of one draw of a coalition.
        let weight = self.mass_drawn / n_draws / 2.0;
        let pairs = self.pairs().zip(self.differences(values, total));
        for (((pair, difference), n), influences) in pairs.zip(&self.n_draws).zip(self.influences.column_iter()) {
            if *n == 0 {
                continue;
            }
            let last = f64::from(u8::from(pair.contains(self.n_features - 1)));
            let (mut fitted, mut leverage, mut rest) = (0.0, 0.0, 0.0);
            for (feature, (attribution, influence)) in attributions.iter().zip(influences.iter()).enumerate() {
                let x = f64::from(u8::from(pair.contains(feature))) - last;
                fitted += x * attribution;
                leverage += x * influence;
                rest -= influence;
            }
            let residual = (difference - 2.0 * fitted) / (1.0 - 2.0 * weight * leverage);
            let others = influences.iter().copied();
            for (score, influence) in score.iter_mut().zip(others.chain([rest])) {
                *score = weight * residual * influence;
            }
            for ((sum, square), score) in sums.iter_mut().zip(&mut squares).zip(&score) {
                *sum += f64::from(*n) * score;
                *square += f64::from(*n) * score * score;
            }
        }
        let error = |(sum, square): (f64, f64)| (square - sum * sum / n_draws).max(0.0) * n_draws / (n_draws - 1.0);
        sums.into_iter().zip(squares).map(error).map(f64::sqrt).collect()
    }
}
