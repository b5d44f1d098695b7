//! Segments of a table: their statistics are those of their rows, whatever the order in which rows come.

use proptest::collection::vec;
use proptest::prelude::*;

use super::batches::{Cells, table};
use crate::profile::{MAX_SEGMENTS, Segments, TableSegments, TableStatistics, TableSummary};
use crate::summary::Summary;

/// Rows as columns `c0`, by whose values segments are made, and `c1`, read in batches of `n_rows`.
fn read<S: Summary<Input = arrow::array::RecordBatch>>(mut summary: S, rows: &[(Key, Key)], n_rows: usize) -> S {
    for rows in rows.chunks(n_rows) {
        let (keys, cells): (Cells, Cells) = rows.iter().cloned().unzip();
        summary.observe(&table(&[keys, cells]));
    }
    summary
}

type Key = Option<String>;

fn start() -> TableSegments {
    TableSegments::watching(Default::default(), "c0")
}

fn whole(rows: &[(Key, Key)]) -> TableStatistics {
    read(TableSummary::default(), rows, 7).finish()
}

fn segments(rows: &[(Key, Key)], n_rows: usize, cut: usize) -> Segments {
    let mut total = start();
    let (first, second) = rows.split_at(cut.min(rows.len()));
    total.merge(read(start(), first, n_rows));
    total.merge(read(start(), second, n_rows));
    total.finish().with_columns_of(&whole(rows))
}

/// A column's name, its cells that are there and missing, and its different ones.
type ColumnCounts = (String, u64, u64, Option<u64>);

/// What is known of a segment but for the rounding of sums, which depends on the order.
fn counts(segments: &Segments) -> Vec<(Key, u64, Vec<ColumnCounts>)> {
    let of = |statistics: &TableStatistics| {
        statistics.columns.iter().map(|c| (c.name.clone(), c.n_present, c.n_missing, c.n_distinct)).collect()
    };
    segments.segments.iter().map(|one| (one.value.clone(), one.statistics.n_rows, of(&one.statistics))).collect()
}

fn any_rows(n_keys: u32) -> impl Strategy<Value = Vec<(Key, Key)>> {
    let key = prop::option::weighted(0.9, (0..n_keys).prop_map(|key| format!("key {key}")));
    vec((key, prop::option::weighted(0.8, (-9i32..9).prop_map(|x| x.to_string()))), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn segments_of_all_values_add_up_to_the_whole(rows in any_rows(MAX_SEGMENTS as u32), n_rows in 1usize..40) {
        let (found, whole) = (segments(&rows, n_rows, 50), whole(&rows));
        prop_assert_eq!((found.n_rows, found.n_other()), (whole.n_rows, 0));
        let sum = |count: fn(&TableStatistics) -> u64| found.segments.iter().map(|one| count(&one.statistics)).sum::<u64>();
        prop_assert_eq!(sum(|statistics| statistics.n_rows), whole.n_rows);
        prop_assert_eq!(sum(|statistics| statistics.columns[0].n_present), whole.columns[1].n_present);
        prop_assert_eq!(sum(|statistics| statistics.columns[0].n_missing), whole.columns[1].n_missing);
        prop_assert!(found.segments.iter().all(|one| one.statistics.columns.len() == 1));
    }

    #[test]
    fn a_segment_is_the_table_of_its_rows_alone(rows in any_rows(3 * MAX_SEGMENTS as u32), n_rows in 1usize..40) {
        let found = segments(&rows, n_rows, rows.len());
        for one in &found.segments {
            let alone: Vec<(Key, Key)> = rows.iter().filter(|(key, _)| *key == one.value).cloned().collect();
            let mut total = TableSummary::default();
            total.merge(read(TableSummary::default(), &alone, 200));
            let alone = total.finish();
            prop_assert_eq!(one.statistics.n_rows, alone.n_rows);
            prop_assert_eq!(format!("{:?}", one.statistics.columns[0]), format!("{:?}", alone.columns[1]));
        }
    }

    #[test]
    fn which_values_are_kept_depends_on_the_values_alone(
        (rows, shuffled) in any_rows(3 * MAX_SEGMENTS as u32).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        (n_rows, cut) in (1usize..40, 0usize..200),
    ) {
        let (found, again) = (segments(&rows, 200, 0), segments(&shuffled, n_rows, cut));
        prop_assert_eq!(counts(&found), counts(&again));
        prop_assert_eq!(found.n_other(), again.n_other());
        prop_assert!(found.segments.iter().filter(|one| one.value.is_some()).count() <= MAX_SEGMENTS);
    }
}

#[test]
fn many_values_take_the_memory_of_few() {
    let rows =
        |n: u32| -> Vec<(Key, Key)> { (0..n).map(|i| (Some(format!("key {i}")), Some(i.to_string()))).collect() };
    let memory = |n| read(start(), &rows(n), 50).memory();
    let (few, many) = (memory(MAX_SEGMENTS as u32), memory(5_000));
    assert!(few > 0 && many <= 2 * few, "{few} {many}");
    let found = segments(&rows(5_000), 50, 2_500);
    assert_eq!((found.segments.len(), found.n_other()), (MAX_SEGMENTS, 5_000 - MAX_SEGMENTS as u64));
}

#[test]
fn long_values_are_in_no_segment() {
    let found = segments(&[(Some("x".repeat(300)), None), (Some("y".to_owned()), None), (None, None)], 9, 1);
    let values: Vec<&Key> = found.segments.iter().map(|one| &one.value).collect();
    assert_eq!((values, found.n_other()), (vec![&None, &Some("y".to_owned())], 1));
}
