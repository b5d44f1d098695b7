//! Calibration: maps of scores to probabilities, learnt from a baseline.

use crate::profile::{
    BinaryCounts, Calibration, CalibrationMap, MulticlassCounts, OutcomeCounts, OutcomeStatistics, ScoreHistogram,
    between, tenth_of,
};

/// Rows with nearly the same score, in two halves.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScoredRows {
    /// Their mean score.
    pub score: f64,
    pub n: [f64; 2],
    pub n_positive: [f64; 2],
}

/// The maps of a baseline's scores; `None` without scores.
pub fn calibrate(outcomes: &OutcomeStatistics) -> Option<Calibration> {
    let maps = match &outcomes.counts {
        OutcomeCounts::Binary(counts) if counts.has_scores && !counts.cells.is_empty() => {
            let class = counts.positive.map(|place| counts.matrix.classes[place].clone());
            vec![map(class.unwrap_or_default(), &binary_rows(counts))]
        }
        OutcomeCounts::Multiclass(counts) if has_told_scores(counts) => {
            counts.histograms.iter().map(|histogram| map(histogram.class.clone(), &rows(histogram))).collect()
        }
        _ => return None,
    };
    Some(Calibration { maps })
}

fn has_told_scores(counts: &MulticlassCounts) -> bool {
    !counts.histograms.is_empty() && counts.histograms.iter().all(|histogram| !histogram.class.is_empty())
}

fn binary_rows(counts: &BinaryCounts) -> Vec<ScoredRows> {
    let mut rows: Vec<ScoredRows> = Vec::new();
    let mut bin = None;
    for cell in &counts.cells {
        if bin != Some(cell.bin) {
            rows.push(ScoredRows::default());
            bin = Some(cell.bin);
        }
        let Some(row) = rows.last_mut() else { continue };
        // The sum of scores, until all cells of the bin are in.
        row.score += cell.score_sum;
        for half in 0..2 {
            row.n[half] += cell.halves[half] as f64;
            row.n_positive[half] += if cell.is_positive { cell.halves[half] as f64 } else { 0.0 };
        }
    }
    rows.iter_mut().for_each(|row| row.score = mean(row.score, row.n[0] + row.n[1]));
    rows
}

fn rows(histogram: &ScoreHistogram) -> Vec<ScoredRows> {
    let bins = histogram.bins.iter();
    let row = |bin: &crate::profile::HistogramBin| ScoredRows {
        score: mean(bin.score_sum, (bin.n[0] + bin.n[1]) as f64),
        n: bin.n.map(|n| n as f64),
        n_positive: bin.n_positive.map(|n| n as f64),
    };
    bins.map(row).collect()
}

/// The mean of scores, or the number nearest to it when their sum is beyond all numbers.
fn mean(sum: f64, n: f64) -> f64 {
    (sum / n).clamp(f64::MIN, f64::MAX)
}

/// The map is learnt from all rows; whether it is kept is decided by one learnt from the first half
/// and held against the second.
pub fn map(class: String, rows: &[ScoredRows]) -> CalibrationMap {
    let half = |half: usize| move |row: &ScoredRows| (row.score, row.n[half], row.n_positive[half]);
    let learnt = isotonic(rows.iter().map(half(0)));
    let raw_error = calibration_error(rows.iter().map(half(1)), |score| score);
    let mapped_error = calibration_error(rows.iter().map(half(1)), |score| between(&learnt, score));
    let all = |row: &ScoredRows| (row.score, row.n[0] + row.n[1], row.n_positive[0] + row.n_positive[1]);
    CalibrationMap {
        class,
        is_kept: !learnt.is_empty() && mapped_error < raw_error,
        points: isotonic(rows.iter().map(all)),
        raw_error,
        mapped_error,
    }
}

/// Neighbours whose shares are not in order, taken together.
struct Block {
    first: f64,
    last: f64,
    n: f64,
    n_positive: f64,
}

impl Block {
    fn share(&self) -> f64 {
        self.n_positive / self.n
    }
}

/// The rising function nearest to the shares of positives by least squares, from scores in rising
/// order: pool adjacent violators (Ayer et al., Annals of Mathematical Statistics 26, 1955). Points
/// at both ends of each level part.
fn isotonic(rows: impl Iterator<Item = (f64, f64, f64)>) -> Vec<(f64, f64)> {
    let mut blocks: Vec<Block> = Vec::new();
    for (score, n, n_positive) in rows.filter(|(_, n, _)| *n > 0.0) {
        let mut block = Block { first: score, last: score, n, n_positive };
        while let Some(before) = blocks.pop_if(|before| before.share() >= block.share()) {
            block.first = before.first;
            block.n += before.n;
            block.n_positive += before.n_positive;
        }
        blocks.push(block);
    }
    let mut points = Vec::with_capacity(2 * blocks.len());
    for block in &blocks {
        points.push((block.first, block.share()));
        if block.last > block.first {
            points.push((block.last, block.share()));
        }
    }
    points
}

/// Mean distance of probability and share of positives over tenths (Naeini, Cooper and Hauskrecht,
/// AAAI 2015); 0 without rows. What `probability` gives outside 0…1 is taken as 0 or 1.
fn calibration_error(rows: impl Iterator<Item = (f64, f64, f64)>, probability: impl Fn(f64) -> f64) -> f64 {
    let (mut gaps, mut total) = ([0.0f64; 10], 0.0);
    for (score, n, n_positive) in rows {
        let probability = probability(score).clamp(0.0, 1.0);
        gaps[tenth_of(probability)] += n * probability - n_positive;
        total += n;
    }
    if total > 0.0 { gaps.iter().map(|gap| gap.abs()).sum::<f64>() / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn violators_are_pooled() {
        // As scikit-learn's IsotonicRegression fits 1, 0, 2, 1, 3 over 0…4, all of 4 rows.
        let rows = [(0.0, 4.0, 1.0), (1.0, 4.0, 0.0), (2.0, 4.0, 2.0), (3.0, 4.0, 1.0), (4.0, 4.0, 3.0)];
        let expected = [(0.0, 0.125), (1.0, 0.125), (2.0, 0.375), (3.0, 0.375), (4.0, 0.75)];
        assert_eq!(isotonic(rows.into_iter()), expected);
    }

    #[test]
    fn an_overconfident_score_is_mended_and_a_calibrated_one_left_alone() {
        let rows = |share: fn(f64) -> f64| -> Vec<ScoredRows> {
            let row = |i: i32| {
                let score = f64::from(i) / 100.0;
                ScoredRows { score, n: [1e4; 2], n_positive: [1e4 * share(score); 2] }
            };
            (1..100).map(row).collect()
        };
        let mended = map("1".into(), &rows(|score| 0.5 + (score - 0.5) / 4.0));
        assert!(mended.is_kept && mended.raw_error > 0.15 && mended.mapped_error < 1e-9, "{mended:?}");
        assert!((mended.probability(0.9) - 0.6).abs() < 1e-9);
        let alone = map("1".into(), &rows(|score| score));
        assert_eq!(alone.probability(0.9), 0.9);
    }

    #[test]
    fn nothing_gives_no_map() {
        let map = map(String::new(), &[]);
        assert!(!map.is_kept && map.points.is_empty());
    }

    proptest! {
        #[test]
        fn maps_never_fall_and_keep_the_mean(shares in prop::collection::vec((1u32..20, 0.0..=1.0f64), 1..60)) {
            let rows: Vec<_> = shares
                .iter()
                .enumerate()
                .map(|(i, (n, share))| (i as f64, f64::from(*n), (f64::from(*n) * share).round()))
                .collect();
            let points = isotonic(rows.iter().copied());
            prop_assert!(points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
            let mapped: f64 = rows.iter().map(|(score, n, _)| n * between(&points, *score)).sum();
            let positives: f64 = rows.iter().map(|(_, _, n)| n).sum();
            prop_assert!((mapped - positives).abs() < 1e-9);
        }
    }
}
