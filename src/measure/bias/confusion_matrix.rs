//! Confusion matrices of a group and of all other rows.

use crate::profile::EightCounts;

/// A value, or why there is none.
pub type Value = Result<f64, &'static str>;

/// Rows by label and prediction: `n[is_positive][is_predicted_positive]`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConfusionMatrix {
    n: [[f64; 2]; 2],
}

/// The matrix of a group, and that of all other rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GroupAndRest {
    pub rest: ConfusionMatrix,
    pub sensitive: ConfusionMatrix,
}

impl ConfusionMatrix {
    pub fn n(&self) -> f64 {
        self.positives() + self.negatives()
    }

    pub fn positives(&self) -> f64 {
        self.true_positives() + self.false_negatives()
    }

    pub fn negatives(&self) -> f64 {
        self.false_positives() + self.true_negatives()
    }

    pub fn predicted_positives(&self) -> f64 {
        self.true_positives() + self.false_positives()
    }

    pub fn predicted_negatives(&self) -> f64 {
        self.false_negatives() + self.true_negatives()
    }

    pub fn true_positives(&self) -> f64 {
        self.n[1][1]
    }

    pub fn false_negatives(&self) -> f64 {
        self.n[1][0]
    }

    pub fn false_positives(&self) -> f64 {
        self.n[0][1]
    }

    pub fn true_negatives(&self) -> f64 {
        self.n[0][0]
    }

    /// Shares of true positives, false positives, false negatives and true negatives.
    pub fn shares(&self) -> [f64; 4] {
        let cells = [self.true_positives(), self.false_positives(), self.false_negatives(), self.true_negatives()];
        cells.map(|n| div(n, self.n()))
    }

    /// The rows of both.
    pub fn with(&self, other: &Self) -> Self {
        Self { n: [0, 1].map(|label| [0, 1].map(|predicted| self.n[label][predicted] + other.n[label][predicted])) }
    }
}

impl GroupAndRest {
    pub fn of(counts: &EightCounts) -> Self {
        let cells: Vec<f64> = counts.n.as_flattened().as_flattened().iter().map(|n| *n as f64).collect();
        Self::of_cells(&cells)
    }

    /// From eight cells in the order of [`EightCounts::n`].
    pub fn of_cells(cells: &[f64]) -> Self {
        let at = |place: usize| cells.get(place).copied().unwrap_or_default();
        let side = |first: usize| ConfusionMatrix { n: [[at(first), at(first + 1)], [at(first + 2), at(first + 3)]] };
        Self { rest: side(0), sensitive: side(4) }
    }

    pub fn all(&self) -> ConfusionMatrix {
        self.rest.with(&self.sensitive)
    }

    /// Nothing, or the text for the side that has no rows.
    pub fn need_both(&self, no_sensitive: &'static str, no_rest: &'static str) -> Result<(), &'static str> {
        if self.sensitive.n() == 0.0 {
            return Err(no_sensitive);
        }
        if self.rest.n() == 0.0 { Err(no_rest) } else { Ok(()) }
    }
}

/// x / y, where nothing of nothing is 0 and something of nothing is infinite.
pub fn div(x: f64, y: f64) -> f64 {
    match (x, y) {
        (0.0, 0.0) => 0.0,
        (x, 0.0) => f64::INFINITY.copysign(x),
        (x, y) => x / y,
    }
}

/// a - b, where two infinities do not differ.
pub fn difference(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { a - b }
}
