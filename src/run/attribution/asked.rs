//! Asks the model what coalitions are worth, and solves for attributions.

use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt, stream};

use super::budget::PlannedRow;
use crate::error::Result;
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
pub(super) struct Questions<'a> {
    pub model: &'a Model,
    pub limits: &'a Limits,
    pub references: &'a [FeatureCells],
    /// By output, on the scale of the link.
    pub expected: &'a [f64],
    pub link: Link,
    /// By number of varying features.
    pub designs: &'a HashMap<usize, Design>,
}

/// Coalitions of one row, `start..end` in its design's order.
#[derive(Clone, Copy)]
struct Piece {
    row: usize,
    start: usize,
    end: usize,
}

/// Mean predictions by output, on the scale of the link.
type Worth = std::result::Result<Vec<f64>, String>;

impl Questions<'_> {
    /// The attributions of rows, in their order.
    pub async fn explain(&self, rows: &[PlannedRow<'_>]) -> Result<Vec<RowAttributions>> {
        let full = self.worth_of_rows(rows).await?;
        let mut worth: Vec<Vec<Worth>> = Vec::new();
        let mut explained = Vec::with_capacity(rows.len());
        let calls = stream::iter(self.calls(rows)).map(|pieces| async move {
            let answers = self.worth_of_coalitions(rows, &pieces).await?;
            Ok::<_, crate::error::Error>((pieces, answers))
        });
        let mut answers = calls.buffered(N_CALLS);
        while let Some((pieces, answered)) = answers.try_next().await? {
            for (piece, answered) in pieces.into_iter().zip(answered) {
                worth.push(answered);
                if piece.end == self.design(&rows[piece.row]).map_or(0, Design::n_coalitions) {
                    let values: Vec<Worth> = std::mem::take(&mut worth).into_iter().flatten().collect();
                    explained.push(self.solve(&rows[piece.row], &full[piece.row], values));
                }
            }
        }
        Ok(explained)
    }

    fn design(&self, row: &PlannedRow<'_>) -> Option<&Design> {
        self.designs.get(&row.varying.len())
    }

    /// Pieces that together fill calls. Every row has one at least, be it without coalitions.
    fn calls(&self, rows: &[PlannedRow<'_>]) -> Vec<Vec<Piece>> {
        let width = rows.first().map_or(1, |row| row.cells.len().max(1));
        let wanted = self.limits.max_batch_rows.saturating_mul(self.limits.concurrency);
        let most = wanted.min(MAX_CALL_ROWS).min(MAX_CALL_CELLS / width) / self.references.len().max(1);
        let most = most.max(1);
        let mut calls = vec![Vec::new()];
        let mut left = most;
        for (row, planned) in rows.iter().enumerate() {
            let n = self.design(planned).map_or(0, Design::n_coalitions);
            let mut start = 0;
            loop {
                let end = n.min(start + left);
                left -= end - start;
                if let Some(call) = calls.last_mut() {
                    call.push(Piece { row, start, end });
                }
                if end == n {
                    break;
                }
                start = end;
                calls.push(Vec::new());
                left = most;
            }
        }
        calls
    }

    /// What the rows themselves are worth.
    async fn worth_of_rows(&self, rows: &[PlannedRow<'_>]) -> Result<Vec<Worth>> {
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

    async fn worth_of_coalitions(&self, rows: &[PlannedRow<'_>], pieces: &[Piece]) -> Result<Vec<Vec<Worth>>> {
        let mut synthetic: Vec<FeatureCells> = Vec::new();
        for piece in pieces {
            let row = &rows[piece.row];
            let Some(design) = self.design(row) else { continue };
            for coalition in design.coalitions().skip(piece.start).take(piece.end - piece.start) {
                let of_reference = |reference: &FeatureCells| -> FeatureCells {
                    mixed(row.cells, reference, coalition, &row.varying).cloned().collect()
                };
                synthetic.extend(self.references.iter().map(of_reference));
            }
        }
        let mut predictions = self.model.predict(&synthetic).await?.into_iter();
        let mut of_coalition = || {
            let mut means = MeanPredictions::default();
            let mut refused = None;
            for prediction in predictions.by_ref().take(self.references.len()) {
                match prediction {
                    Ok(scores) => means.observe(&scores),
                    Err(refusal) => refused = Some(refusal.to_string()),
                }
            }
            match (refused, means.finish()) {
                (Some(refused), _) => Err(refused),
                (None, Ok(means)) => self.linked(means.into_iter()),
                (None, Err(lack)) => Err(lack.reason().to_owned()),
            }
        };
        Ok(pieces.iter().map(|piece| (piece.start..piece.end).map(|_| of_coalition()).collect()).collect())
    }

    fn linked(&self, means: impl Iterator<Item = f64>) -> Worth {
        let link = |mean| self.link.apply(mean).map_err(|_| "a score is no probability".to_owned());
        means.map(link).collect()
    }

    fn solve(&self, row: &PlannedRow<'_>, full: &Worth, values: Vec<Worth>) -> RowAttributions {
        let full = full.as_ref().map_err(Clone::clone)?;
        let values: Vec<Vec<f64>> = values.into_iter().collect::<std::result::Result<_, _>>()?;
        let Some(design) = self.design(row) else { return Err("there is no design".to_owned()) };
        let of_output = |(output, expected): (usize, &f64)| {
            let of_coalitions: Vec<f64> = values.iter().filter_map(|means| means.get(output).copied()).collect();
            let Some(full) = full.get(output) else { return Err("a score is missing".to_owned()) };
            let explained = design.explain(&of_coalitions, *expected, *full);
            let explained = explained.map_err(|lack| lack.reason().to_owned())?;
            Ok(ExplainedOutput {
                attributions: self.spread(row, &explained.values),
                standard_errors: Some(self.spread(row, &explained.standard_errors)),
            })
        };
        self.expected.iter().enumerate().map(of_output).collect()
    }

    /// Numbers of the varying features in the places of all features; the others' are 0.
    fn spread(&self, row: &PlannedRow<'_>, numbers: &[f64]) -> Vec<f64> {
        let mut spread = vec![0.0; row.cells.len()];
        for (place, number) in row.varying.iter().zip(numbers) {
            spread[*place] = *number;
        }
        spread
    }
}
