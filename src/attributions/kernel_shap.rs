//! KernelSHAP of a sample: asks the model what coalitions are worth, and solves for attributions.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};

use super::prediction_budget::{PlannedRow, design};
use crate::error::{Error, Result};
use crate::measure::attribution::{Design, Link, MeanPredictions, mixed};
use crate::predict::{Limits, Model};
use crate::profile::{ExplainedOutput, FeatureCells};

/// Rows in one call of the model, at most.
const MAX_CALL_ROWS: usize = 1 << 16;
/// Cells in one call, at most: some 64 MB.
const MAX_CALL_CELLS: usize = 4 << 20;
/// Calls under way at once: the next one's rows are made while the model works.
const N_CALLS: usize = 2;

/// By output: how much each feature moved it; or why that is not known.
pub(super) type RowAttributions = std::result::Result<Vec<ExplainedOutput>, String>;

/// A model, and what rows are held against.
#[derive(Clone, Copy)]
pub(super) struct Questions<'a> {
    pub model: &'a Model,
    pub limits: &'a Limits,
    pub references: &'a [FeatureCells],
    /// By output, on the scale of the link.
    pub expected: &'a [f64],
    pub link: Link,
    /// Coalitions of a row that are wanted.
    pub n_samples: Option<usize>,
    pub seed: u64,
}

/// What rows became.
pub(super) struct Answered {
    /// In the order of the rows.
    pub rows: Vec<RowAttributions>,
    /// Coalitions of a row, at most.
    pub n_coalitions: usize,
}

/// Coalitions of one row, `start..end` in the design's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    row: usize,
    start: usize,
    end: usize,
}

/// Mean predictions by output, on the scale of the link.
type Worth = std::result::Result<Vec<f64>, String>;

impl Questions<'_> {
    /// The attributions of rows. Rows of which as many features vary are explained together, by a design that is
    /// dropped before the next one is made: it may be large.
    pub async fn explain(&self, rows: &[&PlannedRow<'_>]) -> Result<Answered> {
        let full = self.worth_of_rows(rows).await?;
        let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            alike.entry(row.varying.len()).or_default().push(place);
        }
        let mut n_coalitions = 0;
        let mut found: Vec<(usize, RowAttributions)> = Vec::with_capacity(rows.len());
        for (n_varying, places) in alike {
            let design = design(n_varying, self.n_samples, self.seed)?;
            n_coalitions = n_coalitions.max(design.n_coalitions());
            let group = Group {
                questions: self,
                design: &design,
                rows: places.iter().map(|place| rows[*place]).collect(),
                full: places.iter().map(|place| &full[*place]).collect(),
            };
            found.extend(places.iter().copied().zip(group.explain().await?));
        }
        found.sort_by_key(|(place, _)| *place);
        Ok(Answered { rows: found.into_iter().map(|(_, row)| row).collect(), n_coalitions })
    }

    /// What the rows themselves are worth.
    async fn worth_of_rows(&self, rows: &[&PlannedRow<'_>]) -> Result<Vec<Worth>> {
        let mut worth = Vec::with_capacity(rows.len());
        for rows in rows.chunks(MAX_CALL_ROWS) {
            let cells: Vec<FeatureCells> = rows.iter().map(|row| row.cells.clone()).collect();
            for prediction in self.model.predict(&cells).await? {
                worth.push(match prediction {
                    Ok(scores) => self.linked(scores.iter().copied()),
                    Err(refusal) => Err(refusal.to_string()),
                });
            }
        }
        Ok(worth)
    }

    fn linked(&self, means: impl Iterator<Item = f64>) -> Worth {
        let link = |mean| self.link.apply(mean).map_err(|_| "a score is no probability".to_owned());
        means.map(link).collect()
    }

    /// Coalitions that fill a call whose rows have so many cells.
    fn coalitions_of_call(&self, n_cells: usize) -> usize {
        let wanted = self.limits.max_batch_rows.saturating_mul(self.limits.concurrency);
        let most = wanted.min(MAX_CALL_ROWS).min(MAX_CALL_CELLS / n_cells.max(1));
        (most / self.references.len().max(1)).max(1)
    }
}

/// Rows that are explained by the same design.
struct Group<'a> {
    questions: &'a Questions<'a>,
    design: &'a Design,
    rows: Vec<&'a PlannedRow<'a>>,
    /// What each of them is worth.
    full: Vec<&'a Worth>,
}

impl Group<'_> {
    async fn explain(&self) -> Result<Vec<RowAttributions>> {
        let n_cells = self.rows.first().map_or(1, |row| row.cells.len());
        let calls = calls(self.rows.len(), self.design.n_coalitions(), self.questions.coalitions_of_call(n_cells));
        let calls = stream::iter(calls).map(|pieces| async move {
            let answers = self.worth_of_coalitions(&pieces).await?;
            Ok::<_, Error>((pieces, answers))
        });
        let mut calls = calls.buffered(N_CALLS);
        let mut values: Vec<Worth> = Vec::new();
        let mut explained = Vec::with_capacity(self.rows.len());
        while let Some((pieces, answers)) = calls.try_next().await? {
            for (piece, answered) in pieces.into_iter().zip(answers) {
                values.extend(answered);
                if piece.end == self.design.n_coalitions() {
                    explained.push(self.solve(piece.row, std::mem::take(&mut values)));
                }
            }
        }
        Ok(explained)
    }

    async fn worth_of_coalitions(&self, pieces: &[Piece]) -> Result<Vec<Vec<Worth>>> {
        let references = self.questions.references;
        let mut synthetic: Vec<FeatureCells> = Vec::new();
        for piece in pieces {
            let row = self.rows[piece.row];
            for coalition in self.design.coalitions().skip(piece.start).take(piece.end - piece.start) {
                let of_reference = |reference: &FeatureCells| -> FeatureCells {
                    mixed(row.cells, reference, coalition, &row.varying).cloned().collect()
                };
                synthetic.extend(references.iter().map(of_reference));
            }
        }
        let mut predictions = self.questions.model.predict(&synthetic).await?.into_iter();
        let mut of_coalition = || {
            let mut means = MeanPredictions::default();
            let mut refused = None;
            for prediction in predictions.by_ref().take(references.len()) {
                match prediction {
                    Ok(scores) => means.observe(&scores),
                    Err(refusal) => refused = Some(refusal.to_string()),
                }
            }
            match (refused, means.finish()) {
                (Some(refused), _) => Err(refused),
                (None, Ok(means)) => self.questions.linked(means.into_iter()),
                (None, Err(lack)) => Err(lack.reason().to_owned()),
            }
        };
        Ok(pieces.iter().map(|piece| (piece.start..piece.end).map(|_| of_coalition()).collect()).collect())
    }

    fn solve(&self, row: usize, values: Vec<Worth>) -> RowAttributions {
        let full = self.full[row].as_ref().map_err(Clone::clone)?;
        let values: Vec<Vec<f64>> = values.into_iter().collect::<std::result::Result<_, _>>()?;
        let of_output = |(output, expected): (usize, &f64)| {
            let of_coalitions: Vec<f64> = values.iter().filter_map(|means| means.get(output).copied()).collect();
            let Some(full) = full.get(output) else { return Err("a score is missing".to_owned()) };
            let explained = self.design.explain(&of_coalitions, *expected, *full);
            let explained = explained.map_err(|lack| lack.reason().to_owned())?;
            Ok(ExplainedOutput {
                attributions: spread(self.rows[row], &explained.values),
                standard_errors: Some(spread(self.rows[row], &explained.standard_errors)),
            })
        };
        self.questions.expected.iter().enumerate().map(of_output).collect()
    }
}

/// Pieces of the coalitions of all rows, so many coalitions in a call. Every row has a piece at least, be it without
/// coalitions.
fn calls(n_rows: usize, n_coalitions: usize, most: usize) -> Vec<Vec<Piece>> {
    let mut calls = vec![Vec::new()];
    let mut left = most;
    for row in 0..n_rows {
        let mut start = 0;
        loop {
            let end = n_coalitions.min(start + left);
            left -= end - start;
            if let Some(call) = calls.last_mut() {
                call.push(Piece { row, start, end });
            }
            if end == n_coalitions {
                break;
            }
            start = end;
            calls.push(Vec::new());
            left = most;
        }
    }
    calls
}

/// Numbers of the varying features in the places of all features; the others' are 0.
fn spread(row: &PlannedRow<'_>, numbers: &[f64]) -> Vec<f64> {
    let mut spread = vec![0.0; row.cells.len()];
    for (place, number) in row.varying.iter().zip(numbers) {
        spread[*place] = *number;
    }
    spread
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_cover_every_coalition_of_every_row_once_and_in_order(
            n_rows in 0usize..9, n_coalitions in 0usize..40, most in 1usize..50,
        ) {
            let calls = calls(n_rows, n_coalitions, most);
            let mut expected = (0..n_rows).map(|row| (row, 0)).collect::<Vec<_>>().into_iter();
            let mut open: Option<(usize, usize)> = None;
            for call in &calls {
                prop_assert!(call.iter().map(|piece| piece.end - piece.start).sum::<usize>() <= most);
                for piece in call {
                    let at = open.take().or_else(|| expected.next());
                    prop_assert_eq!(at, Some((piece.row, piece.start)));
                    if piece.end < n_coalitions {
                        open = Some((piece.row, piece.end));
                    }
                }
            }
            prop_assert_eq!((open, expected.next()), (None, None));
        }
    }

    #[test]
    fn features_that_do_not_vary_have_moved_nothing() {
        let cells: FeatureCells = vec![Some("1".into()), None, Some("3".into())];
        let row = PlannedRow { cells: &cells, varying: vec![0, 2], is_exact: true };
        assert_eq!(spread(&row, &[0.5, -2.0]), [0.5, 0.0, -2.0]);
        assert_eq!(spread(&PlannedRow { varying: Vec::new(), ..row }, &[]), [0.0; 3]);
    }
}
