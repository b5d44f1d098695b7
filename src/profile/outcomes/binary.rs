//! Binary tally: the open counts of a problem of two classes.

use super::bootstrap::{BootstrapWeights, Slots, SmallSlots};
use super::score_bins::{N_BINS, bin_of, is_probability, tenth_of};
use super::statistics::{Losses, ScoreCell};

/// What label and prediction can be, together.
const KINDS: usize = 4;

/// Rows by bin of their score, label and prediction.
#[derive(Clone, Debug, Default)]
pub(super) struct BinaryTally {
    /// By `bin * KINDS + 2 * is_positive + says_positive`; made for the first row.
    cells: Vec<Option<Box<Cell>>>,
    n_cells: usize,
}

#[derive(Clone, Debug, Default)]
struct Cell {
    n: SmallSlots,
    halves: [u64; 2],
    score_sum: f64,
    losses: Option<Losses>,
}

/// -ln of the probability of what was true. Probabilities are kept 2⁻⁵² away from 0 and 1, as in
/// scikit-learn's `log_loss`, so that one sure and wrong answer does not outweigh all others.
pub(super) fn log_loss(probability: f64) -> f64 {
    -probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

impl BinaryTally {
    pub fn push(&mut self, is_positive: bool, says_positive: bool, score: Option<f64>, weights: &BootstrapWeights) {
        let cell =
            self.cell(score.map_or(0, bin_of) * KINDS + 2 * usize::from(is_positive) + usize::from(says_positive));
        cell.n.add(weights);
        cell.halves[weights.half] += 1;
        let Some(score) = score else { return };
        cell.score_sum += score;
        if is_probability(score) {
            let losses = cell.losses.get_or_insert_with(|| Losses { tenth: tenth_of(score), ..Losses::default() });
            losses.log_loss_sum += log_loss(if is_positive { score } else { 1.0 - score });
            let distance = score - f64::from(u8::from(is_positive));
            losses.brier_sum += distance * distance;
        }
    }

    fn cell(&mut self, key: usize) -> &mut Cell {
        if self.cells.is_empty() {
            self.cells.resize_with(N_BINS * KINDS, || None);
        }
        let cell = &mut self.cells[key];
        self.n_cells += usize::from(cell.is_none());
        cell.get_or_insert_default()
    }

    pub fn merge(&mut self, other: Self) {
        for (key, theirs) in other.cells.into_iter().enumerate().filter_map(|(key, cell)| Some((key, cell?))) {
            let mine = self.cell(key);
            mine.n.merge(theirs.n);
            mine.halves = [0, 1].map(|half| mine.halves[half] + theirs.halves[half]);
            mine.score_sum += theirs.score_sum;
            if let Some(theirs) = theirs.losses {
                let losses = mine.losses.get_or_insert(Losses { tenth: theirs.tenth, ..Losses::default() });
                losses.log_loss_sum += theirs.log_loss_sum;
                losses.brier_sum += theirs.brier_sum;
            }
        }
    }

    pub fn close(self) -> Vec<ScoreCell> {
        let cells = self.cells.into_iter().enumerate().filter_map(|(key, cell)| Some((key, cell?)));
        let close = |(key, cell): (usize, Box<Cell>)| ScoreCell {
            bin: key / KINDS,
            is_positive: key % KINDS >= 2,
            says_positive: key % 2 == 1,
            n: cell.n.close(),
            halves: cell.halves,
            score_sum: cell.score_sum,
            losses: cell.losses,
        };
        cells.map(close).collect()
    }

    pub fn memory(&self) -> usize {
        self.cells.capacity() * size_of::<Option<Box<Cell>>>() + self.n_cells * (size_of::<Cell>() + size_of::<Slots>())
    }
}
