//! Agreement of scores with predictions: whether a score can be the probability of the positive class.

use crate::profile::{BinaryCounts, EXACT, ScoreCell};

/// Half-way: at a higher probability of the positive class most models predict it.
const HALF: f64 = 0.5;
/// Chance that a row predicted positive has the larger score, below which scores do not order predictions. It is 1
/// where a threshold on the score makes them, whichever threshold that is.
const MIN_ORDER: f64 = 0.9;

/// Rows of one prediction whose scores are on the other side of 0.5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contradiction {
    /// Whether the rows are predicted positive.
    pub says_positive: bool,
    /// Rows with this prediction, and those of them that contradict it.
    pub n: u64,
    pub n_contradicting: u64,
}

/// What speaks against the scores: most rows of one prediction have a score that says the other, and no threshold
/// parts the predictions. So it is where scores are probabilities of whatever was predicted.
pub fn contradiction(counts: &BinaryCounts) -> Option<Contradiction> {
    if !counts.has_scores {
        return None;
    }
    let side = |says_positive: bool| {
        let cells = || counts.cells.iter().filter(|cell| cell.says_positive == says_positive);
        let contradicts = |cell: &&ScoreCell| {
            let mean = cell.score_sum / cell.n[EXACT] as f64;
            if says_positive { mean < HALF } else { mean > HALF }
        };
        let n_contradicting = cells().filter(contradicts).map(|cell| cell.n[EXACT]).sum();
        Contradiction { says_positive, n: cells().map(|cell| cell.n[EXACT]).sum(), n_contradicting }
    };
    let found = [side(false), side(true)].into_iter().find(|side| 2 * side.n_contradicting > side.n)?;
    order(counts).is_none_or(|order| order < MIN_ORDER).then_some(found)
}

/// The chance that a row predicted positive has a larger score than one predicted negative, equal ones counted half
/// (Mann and Whitney, Annals of Mathematical Statistics 18, 1947); `None` where one of the predictions is missing.
fn order(counts: &BinaryCounts) -> Option<f64> {
    let (mut n_positive, mut n_negative, mut area) = (0.0, 0.0, 0.0);
    for cells in counts.cells.chunk_by(|a, b| a.bin == b.bin) {
        let n = |says_positive: bool| -> f64 {
            let cells = cells.iter().filter(|cell| cell.says_positive == says_positive);
            cells.map(|cell| cell.n[EXACT] as f64).sum()
        };
        area += n(true) * (n_negative + n(false) / 2.0);
        n_positive += n(true);
        n_negative += n(false);
    }
    let n_pairs: f64 = n_positive * n_negative;
    (n_pairs > 0.0).then(|| area / n_pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::outcome_rows::{Table, outcomes, settings};
    use crate::profile::{OutcomeCounts, Problem};

    /// What contradicts predictions with these scores.
    fn of(rows: &[(&str, f64)]) -> Option<(bool, u64, u64)> {
        let texts = |of: fn(&(&str, f64)) -> String| rows.iter().map(of).collect::<Vec<String>>();
        let prediction = texts(|row| row.0.to_owned());
        let scores = vec![texts(|row| row.1.to_string())];
        let table = Table { label: prediction.clone(), prediction, scores, ..Table::default() };
        let found = outcomes(&table, &settings(Problem::BinaryClassification, 1));
        let OutcomeCounts::Binary(counts) = &found.counts else { panic!("{found:?}") };
        contradiction(counts).map(|found| (found.says_positive, found.n, found.n_contradicting))
    }

    #[test]
    fn probabilities_of_what_was_predicted_contradict_negative_predictions() {
        assert_eq!(of(&[("1", 0.9), ("0", 0.8), ("0", 0.7), ("1", 0.6), ("0", 0.4)]), Some((false, 3, 2)));
        assert_eq!(of(&[("0", 0.8), ("0", 0.9)]), Some((false, 2, 2)), "an hour without positives");
    }

    #[test]
    fn probabilities_of_the_negative_class_contradict_positive_predictions() {
        assert_eq!(of(&[("1", 0.1), ("1", 0.2), ("0", 0.4)]), Some((true, 2, 2)));
    }

    #[test]
    fn any_threshold_on_the_score_agrees() {
        for threshold in [0.05, 0.3, 0.5, 0.8, 0.95] {
            let said = |score: f64| if score > threshold { "1" } else { "0" };
            let rows: Vec<(&str, f64)> = (0..100).map(|i| f64::from(i) / 100.0).map(|x| (said(x), x)).collect();
            assert_eq!(of(&rows), None, "{threshold}");
        }
        assert_eq!(of(&[("1", 0.9), ("0", 0.1), ("0", 0.6), ("1", 0.4)]), None, "half of the rows are no majority");
    }
}
