//! Every number of generated columns beside that of the slow reference.

use serde_json::Value;
use twox_hash::XxHash64;

use super::batches::{split, total};
use super::recipes::cells;
use crate::profile::{ColumnStatistics, Detail, NumericStatistics};

const EXPECTED: &str = include_str!("../../../tests/expected_values/columns.json");

#[test]
fn columns_agree_with_the_reference_bit_for_bit() {
    let cases: Vec<Value> = serde_json::from_str(EXPECTED).expect("the expected columns");
    assert!(cases.len() > 200);
    for (i, case) in cases.iter().enumerate() {
        let column = profile(case, [700, 1, 8192][i % 3]);
        let place = format!("{} in splits of {}", case["recipe"], case["splits"]);
        assert_eq!(Value::from(column.kind.name()), case["kind"], "kind of {place}");
        match &column.detail {
            Detail::Numeric(Ok(numbers)) => compare_numbers(numbers, &case["numbers"], &place),
            Detail::Numeric(Err(_)) => {
                assert!(case["numbers"].is_null(), "numbers of {place}");
                continue;
            }
            Detail::Text(categories) => {
                let listed = categories.as_ref().map(|categories| {
                    categories
                        .iter()
                        .map(|category| Value::from(vec![Value::from(&*category.value), category.count.into()]))
                });
                let listed = listed.map_or(Value::Null, |categories| categories.collect());
                assert_eq!(&listed, case.get("categories").unwrap_or(&Value::Null), "categories of {place}");
            }
        }
        assert_eq!(column.n_distinct, case["distinct"].as_u64(), "distinct texts of {place}");
        assert_eq!(Some(column.n_present), case["num_present"].as_u64(), "present cells of {place}");
        assert_eq!(Some(column.n_missing), case["num_missing"].as_u64(), "missing cells of {place}");
    }
}

fn profile(case: &Value, batch_rows: usize) -> ColumnStatistics {
    let sizes: Vec<usize> = serde_json::from_value(case["splits"].clone()).expect("sizes");
    let recipe = case["recipe"].as_str().expect("a recipe");
    let mut rest = cells(recipe, case["seed"].as_u64().expect("a seed"), sizes.iter().sum());
    let take = |size: usize| {
        let mut first = std::mem::take(&mut rest);
        rest = first.split_off(size);
        split(&[first], batch_rows)
    };
    let (mut table, ledger) = total(sizes.into_iter().map(take));
    assert_eq!(ledger.n_rows, table.n_rows);
    let mut column = table.columns.remove(0);
    assert!(column.completeness().is_ok());
    column.n_in_domain = None;
    column
}

fn compare_numbers(found: &NumericStatistics, expected: &Value, place: &str) {
    for (name, x) in
        [("mean", found.mean), ("sum", found.sum), ("std_dev", found.std_dev), ("min", found.min), ("max", found.max)]
    {
        let bits = expected[name].as_str().and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let expected = f64::from_bits(bits.expect("sixteen digits"));
        let is_same = x.to_bits() == expected.to_bits() || x.is_nan() && expected.is_nan();
        assert!(is_same, "{name} of {place}: {x} instead of {expected}");
    }
    let levels = found.quantiles.levels.iter();
    let levels: Value =
        levels.map(|level| Value::from(vec![level.len().into(), digest(level.iter().copied())])).collect();
    assert_eq!(levels, expected["levels"], "levels of {place}");
    let buckets = found.quantiles.buckets(found.min, found.max);
    let buckets = digest(buckets.iter().flat_map(|bucket| [bucket.lower, bucket.upper, bucket.count]));
    assert_eq!(buckets, expected["buckets"], "buckets of {place}");
}

/// What is not a number becomes the usual one.
fn digest(doubles: impl Iterator<Item = f64>) -> Value {
    let bytes: Vec<u8> = doubles.flat_map(|x| if x.is_nan() { f64::NAN } else { x }.to_le_bytes()).collect();
    Value::from(format!("{:016x}", XxHash64::oneshot(0, &bytes)))
}
