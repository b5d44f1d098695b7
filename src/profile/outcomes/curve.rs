//! Exact curves (ROC, precision-recall) of a binary classifier, from rows sorted by score.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Float64Array, RecordBatch, UInt8Array};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef, UInt8Type};

use super::label::Meaning;
use super::outcome_rows::{Labelled, OutcomeRows};
use super::settings::OutcomeSettings;
use super::statistics::CurveStatistics;
use crate::summary::Summary;

/// Most points of a curve.
pub const MAX_POINTS: usize = 100_000;

/// In the column `is_positive`: the label stands for a missing value, unless there is a class of its name, which
/// is not the positive one.
const UNDECIDED: u8 = 2;

/// The rows of an outcome batch that have a prediction, a label and a score: columns `score`
/// (Float64) and `is_positive` (UInt8: 0, 1 or 2, undecided). `None` when there are none, or no curves to draw.
pub fn score_rows(batch: &RecordBatch, settings: &OutcomeSettings) -> Option<RecordBatch> {
    settings.positive_column()?;
    let rows = OutcomeRows::of(batch, settings)?;
    let positive = Meaning::of(&settings.positive_label);
    let mut read = Vec::with_capacity(settings.n_scores);
    let (mut scores, mut labels) = (Vec::new(), Vec::new());
    // The last label that is not the positive one.
    let mut negative = None;
    for row in rows.identities.used() {
        if rows.prediction(row, &mut read).is_err() {
            continue;
        }
        let (Ok(label), Some(score)) = (rows.label(row), rows.positive_score(&read)) else { continue };
        scores.push(score);
        let Labelled::As(label) = label else {
            labels.push(UNDECIDED);
            continue;
        };
        let is_positive =
            label == settings.positive_label || (negative != Some(label) && Meaning::of(label) == positive);
        if !is_positive {
            negative = Some(label);
        }
        labels.push(u8::from(is_positive));
    }
    if scores.is_empty() {
        return None;
    }
    let columns: Vec<arrow::array::ArrayRef> =
        vec![Arc::new(Float64Array::from(scores)), Arc::new(UInt8Array::from(labels))];
    RecordBatch::try_new(score_rows_schema(settings)?, columns).ok()
}

/// The columns of the batches that [`score_rows`] makes; `None` where there are no curves to draw.
pub fn score_rows_schema(settings: &OutcomeSettings) -> Option<SchemaRef> {
    settings.positive_column()?;
    let fields = vec![Field::new("score", DataType::Float64, false), Field::new("is_positive", DataType::UInt8, false)];
    Some(Arc::new(Schema::new(fields)))
}

/// The points of a curve, in the making.
#[derive(Clone, Debug, Default)]
struct Curve {
    /// Score, positives and negatives of the rows seen last.
    open: Option<Group>,
    n_positive: u64,
    n_negative: u64,
    n_scores: u64,
    /// After every `2^n_halvings`-th distinct score, from the first one on.
    points: Vec<Group>,
    n_halvings: u32,
    /// Twice the area under true over false positives, both counted.
    twice_area: u128,
    /// The area under precision over counted true positives, by trapezoids and by steps.
    precision_area: f64,
    precision_steps: f64,
    last_precision: Option<f64>,
}

/// Rows of one score, or of all scores down to it.
#[derive(Clone, Copy, Debug)]
struct Group {
    score: f64,
    n_positive: u64,
    n_negative: u64,
}

impl Group {
    fn precision(&self) -> f64 {
        self.n_positive as f64 / (self.n_positive + self.n_negative) as f64
    }
}

impl Curve {
    fn push(&mut self, row: Group) {
        match &mut self.open {
            Some(open) if open.score == row.score => {
                open.n_positive += row.n_positive;
                open.n_negative += row.n_negative;
            }
            _ => {
                self.close_group();
                self.open = Some(row);
            }
        }
    }

    fn close_group(&mut self) {
        let Some(group) = self.open.take() else { return };
        let before = self.n_positive;
        self.n_positive += group.n_positive;
        self.n_negative += group.n_negative;
        self.twice_area += u128::from(group.n_negative) * (u128::from(before) + u128::from(self.n_positive));
        let point = Group { score: group.score, n_positive: self.n_positive, n_negative: self.n_negative };
        let precision = point.precision();
        let rise = group.n_positive as f64;
        self.precision_steps += rise * precision;
        self.precision_area += rise * (precision + self.last_precision.unwrap_or(precision)) / 2.0;
        self.last_precision = Some(precision);
        if self.n_scores.trailing_zeros() >= self.n_halvings {
            self.points.push(point);
        }
        self.n_scores += 1;
        if self.points.len() > MAX_POINTS {
            let mut place = 0;
            self.points.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.n_halvings += 1;
        }
    }

    fn close_curves(&mut self) -> CurveStatistics {
        let is_thinned = self.n_halvings > 0;
        let last = Group { score: f64::NAN, n_positive: self.n_positive, n_negative: self.n_negative };
        let is_last = |point: &Group| point.n_positive == last.n_positive && point.n_negative == last.n_negative;
        if is_thinned && !self.points.last().is_some_and(is_last) {
            self.points.push(last);
        }
        let rate = |n: u64, total: u64| if total == 0 { 0.0 } else { n as f64 / total as f64 };
        let mut curves = CurveStatistics {
            n: self.n_positive + self.n_negative,
            n_positive: self.n_positive,
            auc: 0.0,
            au_prc: 0.0,
            average_precision: (self.n_positive > 0).then(|| self.precision_steps / self.n_positive as f64),
            false_positive_rates: vec![0.0],
            true_positive_rates: vec![0.0],
            precisions: self.points.first().map(Group::precision).into_iter().collect(),
            recalls: self.points.first().map(|_| 0.0).into_iter().collect(),
            n_scores: self.n_scores,
            is_thinned,
        };
        for point in &self.points {
            let recall = rate(point.n_positive, self.n_positive);
            curves.false_positive_rates.push(rate(point.n_negative, self.n_negative));
            curves.true_positive_rates.push(recall);
            curves.precisions.push(point.precision());
            curves.recalls.push(recall);
        }
        curves.false_positive_rates.push(1.0);
        curves.true_positive_rates.push(1.0);
        curves
    }
}

/// The area under straight lines between points.
fn trapezoids(x: &[f64], y: &[f64]) -> f64 {
    let widths = x.windows(2).map(|pair| pair[1] - pair[0]);
    let heights = y.windows(2).map(|pair| pair[1] + pair[0]);
    widths.zip(heights).map(|(width, height)| width * height / 2.0).sum()
}

impl Curve {
    fn merge(&mut self, mut other: Self) {
        if self.n_scores == 0 && self.open.is_none() {
            *self = other;
            return;
        }
        other.close_group();
        let (mut n_positive, mut n_negative) = (0, 0);
        for point in &other.points {
            self.push(Group {
                score: point.score,
                n_positive: point.n_positive - n_positive,
                n_negative: point.n_negative - n_negative,
            });
            (n_positive, n_negative) = (point.n_positive, point.n_negative);
        }
    }

    fn finish(mut self) -> Option<CurveStatistics> {
        self.close_group();
        if self.n_scores == 0 {
            return None;
        }
        let mut curves = self.close_curves();
        curves.auc = trapezoids(&curves.false_positive_rates, &curves.true_positive_rates);
        curves.au_prc = trapezoids(&curves.recalls, &curves.precisions);
        if curves.is_thinned && self.n_positive > 0 {
            curves.au_prc = self.precision_area / self.n_positive as f64;
            if self.n_negative > 0 {
                curves.auc = self.twice_area as f64 / (2.0 * self.n_positive as f64 * self.n_negative as f64);
            }
        }
        Some(curves)
    }

    fn memory(&self) -> usize {
        self.points.capacity() * size_of::<Group>()
    }
}

/// A fold over the batches that [`score_rows`] makes, with all rows of the data set by falling score.
///
/// One point for each distinct score. Of more than 100,000 every second, fourth, … is kept, and the
/// last; areas are exact nevertheless. Merging is for rows that follow: what `other` saw has lower
/// scores than everything seen so far, and if both saw rows, `other` has at most 100,000 points.
///
/// Conventions are those of Apache Spark's `BinaryClassificationMetrics` (Apache-2.0): the receiver
/// operating characteristic gets (0, 0) and (1, 1), the precision-recall curve begins at recall 0
/// with the first precision, a rate of nothing is 0.
///
/// Rows whose label is undecided are left out, unless [`Self::with_undecided`] takes them in.
#[derive(Clone, Debug, Default)]
pub struct CurveSummary {
    decided: Curve,
    /// The same with the rows whose label is undecided, as negatives; `None` as long as there are none.
    all: Option<Box<Curve>>,
}

impl CurveSummary {
    /// Takes in the rows whose label is undecided: it is the name of a class.
    pub fn with_undecided(self) -> Self {
        Self { decided: self.all.map_or(self.decided, |all| *all), all: None }
    }
}

impl Summary for CurveSummary {
    type Input = RecordBatch;
    /// `None` when no row was seen.
    type Output = Option<CurveStatistics>;

    fn observe(&mut self, batch: &RecordBatch) {
        if batch.num_columns() != 2 {
            return;
        }
        let scores = batch.column(0).as_primitive_opt::<Float64Type>();
        let (Some(scores), Some(labels)) = (scores, batch.column(1).as_primitive_opt::<UInt8Type>()) else { return };
        for row in (0..batch.num_rows()).filter(|row| scores.is_valid(*row) && labels.is_valid(*row)) {
            let label = labels.value(row);
            let n_positive = u64::from(label == 1);
            let group = Group { score: scores.value(row), n_positive, n_negative: 1 - n_positive };
            if label == UNDECIDED {
                let decided = &self.decided;
                self.all.get_or_insert_with(|| Box::new(decided.clone())).push(group);
                continue;
            }
            self.decided.push(group);
            self.all.iter_mut().for_each(|all| all.push(group));
        }
    }

    fn merge(&mut self, other: Self) {
        if self.all.is_some() || other.all.is_some() {
            let decided = &self.decided;
            let all = self.all.get_or_insert_with(|| Box::new(decided.clone()));
            all.merge(other.all.map_or_else(|| other.decided.clone(), |all| *all));
        }
        self.decided.merge(other.decided);
    }

    fn finish(self) -> Option<CurveStatistics> {
        self.decided.finish()
    }

    fn memory(&self) -> usize {
        self.decided.memory() + self.all.as_ref().map_or(0, |all| all.memory())
    }
}
