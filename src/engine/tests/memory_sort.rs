//! Tests of the memory sort.

use std::sync::Arc;

use arrow::array::{AsArray, BinaryArray, Float64Array, RecordBatch, UInt32Array};
use arrow::compute::{SortOptions, concat_batches};
use arrow::datatypes::{Float64Type, UInt32Type};
use proptest::prelude::*;

use crate::engine::memory_sort::MemorySort;
use crate::engine::session::Session;

const RISING: SortOptions = SortOptions { descending: false, nulls_first: false };
const FALLING: SortOptions = SortOptions { descending: true, nulls_first: false };

/// What comes out, as one batch.
fn in_order(batches: Vec<RecordBatch>, options: SortOptions) -> RecordBatch {
    let session = Session::new(2, 64 << 20).expect("a session");
    let schema = batches[0].schema();
    let mut memory_sort = MemorySort::of(batches, options, session.pool()).expect("rows that can be sorted");
    let mut all = Vec::new();
    while let Some(batch) = memory_sort.next().expect("a batch") {
        all.push(batch);
    }
    concat_batches(&schema, &all).expect("one schema")
}

/// Batches of values, numbered through.
fn batches<T>(parts: &[Vec<T>], column: impl Fn(&[T]) -> arrow::array::ArrayRef) -> Vec<RecordBatch> {
    let mut n_before = 0;
    let numbered = parts.iter().map(|part| {
        let numbers = UInt32Array::from_iter_values(n_before..n_before + part.len() as u32);
        n_before += part.len() as u32;
        RecordBatch::try_from_iter([("value", column(part)), ("number", Arc::new(numbers) as _)]).expect("a batch")
    });
    numbered.collect()
}

/// The numbers of the rows.
fn numbers(rows: &RecordBatch) -> Vec<u32> {
    rows.column(1).as_primitive::<UInt32Type>().values().to_vec()
}

/// Values of which some begin alike, and parts that lie apart from one another.
fn parts_of_bytes() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let value = (0..4u8, prop::collection::vec(0..2u8, 0..12)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    });
    prop::collection::vec(prop::collection::vec(value, 0..2_000), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bytes_come_in_order_each_with_its_row(mut parts in parts_of_bytes(), apart in any::<bool>(), falls in any::<bool>()) {
        if apart {
            for (place, part) in parts.iter_mut().enumerate() {
                part.iter_mut().for_each(|value| value[0] = 7 - place as u8);
            }
        }
        let given: Vec<Vec<u8>> = parts.concat();
        let column = |part: &[Vec<u8>]| Arc::new(BinaryArray::from_iter_values(part)) as _;
        let rows = in_order(batches(&parts, column), if falls { FALLING } else { RISING });
        let values: Vec<Vec<u8>> = rows.column(0).as_binary::<i32>().iter().flatten().map(<[u8]>::to_vec).collect();
        let mut expected = given.clone();
        expected.sort();
        if falls {
            expected.reverse();
        }
        prop_assert_eq!(&values, &expected);
        let found: Vec<Vec<u8>> = numbers(&rows).iter().map(|number| given[*number as usize].clone()).collect();
        prop_assert_eq!(found, values);
    }

    #[test]
    fn numbers_come_in_order_each_with_its_row(parts in prop::collection::vec(prop::collection::vec(-1e9..1e9f64, 0..3_000), 1..4)) {
        let given = parts.concat();
        let column = |part: &[f64]| Arc::new(Float64Array::from(part.to_vec())) as _;
        let rows = in_order(batches(&parts, column), FALLING);
        let values = rows.column(0).as_primitive::<Float64Type>().values().to_vec();
        let mut expected = given.clone();
        expected.sort_by(|a, b| b.total_cmp(a));
        prop_assert_eq!(&values, &expected);
        let found: Vec<f64> = numbers(&rows).iter().map(|number| given[*number as usize]).collect();
        prop_assert_eq!(found, values);
    }
}

#[test]
fn many_rows_are_sorted_on_all_threads() {
    let given: Vec<f64> = (0..300_000_u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64).collect();
    let parts: Vec<Vec<f64>> = given.chunks(8_192).map(<[f64]>::to_vec).collect();
    let rows = in_order(batches(&parts, |part| Arc::new(Float64Array::from(part.to_vec())) as _), RISING);
    let mut expected = given;
    expected.sort_by(f64::total_cmp);
    assert_eq!(rows.column(0).as_primitive::<Float64Type>().values().to_vec(), expected);
}
