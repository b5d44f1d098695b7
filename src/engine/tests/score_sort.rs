//! Tests of the score sort.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Float64Type, Schema};

use super::support::*;
use crate::decode::outcome;
use crate::engine::{ScoreSort, fold_sorted_by_score, join};
use crate::pairing::DuplicatePolicy;
use crate::summary::Summary;

/// The numbers as they come, and how many of them are positive.
#[derive(Debug, Default, PartialEq)]
struct Scores {
    scores: Vec<f64>,
    n_positive: usize,
}

impl Summary for Scores {
    type Input = RecordBatch;
    type Output = Self;

    fn observe(&mut self, batch: &RecordBatch) {
        self.scores.extend(batch.column(0).as_primitive::<Float64Type>().values());
        self.n_positive += batch.column(1).as_boolean().true_count();
    }

    fn merge(&mut self, other: Self) {
        self.scores.extend(other.scores);
        self.n_positive += other.n_positive;
    }

    fn finish(self) -> Self {
        self
    }
}

fn by_score() -> ScoreSort<Scores> {
    let fields =
        vec![Field::new("score", DataType::Float64, false), Field::new("is_positive", DataType::Boolean, false)];
    let schema = Arc::new(Schema::new(fields));
    let of = schema.clone();
    let project = move |batch: &RecordBatch| {
        let scores = outcome::cells_of(batch, "score.0")?;
        let labels = outcome::cells_of(batch, outcome::LABEL)?;
        let rows = (0..batch.num_rows()).filter(|row| scores.is_valid(*row));
        let (scores, positive): (Vec<f64>, Vec<bool>) =
            rows.filter_map(|row| Some((scores.value(row).parse::<f64>().ok()?, labels.value(row) == "1"))).unzip();
        let columns: Vec<Arc<dyn Array>> =
            vec![Arc::new(Float64Array::from(scores)), Arc::new(BooleanArray::from(positive))];
        Some(RecordBatch::try_new(of.clone(), columns).expect("columns"))
    };
    ScoreSort { schema, project: Arc::new(project), start: Scores::default() }
}

fn outcomes(folder: &Path, n: u64) {
    let mut text = "id,score.0,label\n".to_owned();
    for i in 0..n {
        let score = (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as f64 / 64.0 - 9e5;
        let _ = writeln!(text, "{i},{score},{}", i % 2);
    }
    place(folder, "a.csv", &text);
    place(folder, "b.csv", "id,score.0,label\nx,-0.5,1\ny,,0\n");
}

#[test]
fn all_rows_come_with_the_highest_score_first() {
    let folder = tempfile::tempdir().expect("a folder");
    outcomes(folder.path(), 9_000);
    let (count, sorted) = run(async {
        let dataset = tables(folder.path()).await;
        fold_sorted_by_score(&session(2, PLENTY), dataset, Count::default, Some(by_score())).await.expect("sorted rows")
    });
    let sorted = sorted.expect("a score sort");
    assert_eq!((count.0, sorted.scores.len(), sorted.n_positive), (9_002, 9_001, 4_501));
    assert!(sorted.scores.is_sorted_by(|a, b| a >= b));
    assert_eq!(sorted.scores.iter().filter(|score| **score == -0.5).count(), 1);
}

#[test]
fn a_score_sort_that_spills_gives_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    outcomes(folder.path(), 700_000);
    let sorted_with = |n_threads, memory| {
        let session = session(n_threads, memory);
        let sorted = run(async {
            let dataset = tables(folder.path()).await;
            fold_sorted_by_score(&session, dataset, Count::default, Some(by_score())).await.expect("sorted rows")
        });
        (sorted.1.expect("a score sort"), session.spill_folders().len())
    };
    let (in_memory, none) = sorted_with(1, PLENTY);
    let (spilled, some) = sorted_with(3, LITTLE);
    assert_eq!((none, some, in_memory.scores.len()), (0, 1, 700_001));
    assert!(in_memory == spilled);
}

#[test]
fn without_a_score_sort_the_dataset_is_folded() {
    let folder = tempfile::tempdir().expect("a folder");
    outcomes(folder.path(), 10);
    let (count, sorted) = run(async {
        let dataset = tables(folder.path()).await;
        fold_sorted_by_score(&session(1, PLENTY), dataset, Count::default, None::<ScoreSort<Scores>>)
            .await
            .expect("a count")
    });
    assert_eq!((count.0, sorted), (12, None));
}

#[test]
fn joined_rows_are_sorted_by_score_too() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,prediction,score.0\na,1,0.25\nb,1,0.75\nc,0,0.5\nd,0,0.9\n");
    place(folder.path(), "labels/a.csv", "id,label,other_readings\na,1,\nb,0,\nc,1,\n");
    let joined = run(async {
        let inputs = join_inputs(folder.path(), DuplicatePolicy::Nearest).await;
        let starts = (Count::default, Count::default);
        join(&session(2, PLENTY), &inputs, starts, (Rows::default, Rows::default), Some(by_score()))
            .await
            .expect("joined rows")
    });
    assert_eq!(joined.by_score, Some(Scores { scores: vec![0.75, 0.5, 0.25], n_positive: 2 }));
}
