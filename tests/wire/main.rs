//! Files that are read and written: round trips, broken ones, and files of a size that hurts.

use model_monitor::profile::{ColumnStatistics, Detail, Kind, NumericStatistics, TableStatistics};
use model_monitor::sketch::Quantiles;
use model_monitor::wire::{Layout, constraints, dataset_format, job_config, resource_config, statistics};
use proptest::prelude::*;
use serde_json::Value;

mod attribution;
mod model_quality;

#[test]
fn five_thousand_columns_come_back_as_they_were() {
    let column = |i: usize| {
        let value = i as f64 / 7.0;
        let numbers = NumericStatistics {
            mean: value,
            sum: value,
            std_dev: 0.0,
            min: value,
            max: value + 1.0,
            quantiles: Quantiles { levels: vec![vec![value; 20], vec![value + 1.0; 3]], k: 2048.0, c: 0.64 },
            is_sum_wrapped: false,
        };
        ColumnStatistics {
            name: format!("column {i}"),
            kind: Kind::Fractional,
            n_present: 26,
            n_missing: 0,
            n_distinct: Some(2),
            kind_counts: None,
            n_in_domain: None,
            unknown: Vec::new(),
            detail: Detail::Numeric(Ok(numbers)),
        }
    };
    let table = TableStatistics { n_rows: 26, columns: (0..5000).map(column).collect(), ..TableStatistics::default() };
    let bytes = statistics::write(&table, Layout::Aws2024);
    assert_eq!(statistics::read(&bytes).unwrap(), table);
}

/// Small files of every kind, to be damaged.
fn small_files() -> Vec<Vec<u8>> {
    let numbers = NumericStatistics {
        mean: 1.5,
        sum: 3.0,
        std_dev: 0.5,
        min: 1.0,
        max: 2.0,
        quantiles: Quantiles { levels: vec![vec![1.0, 2.0]], k: 2048.0, c: 0.64 },
        is_sum_wrapped: false,
    };
    let column = ColumnStatistics {
        name: "a".to_owned(),
        kind: Kind::Fractional,
        n_present: 2,
        n_missing: 0,
        n_distinct: Some(2),
        kind_counts: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail: Detail::Numeric(Ok(numbers)),
    };
    let table = TableStatistics { n_rows: 2, columns: vec![column], ..TableStatistics::default() };
    let texts = [
        r#"{"features":[{"name":"a","inferred_type":"String","string_constraints":{"domains":["x"]},"monitoring_config_overrides":{"emit_metrics":"Disabled"}}],"monitoring_config":{"distribution_constraints":{"comparison_threshold":"0.1"}}}"#,
        r#"{"Environment":{"a":"b"},"ProcessingInputs":[{"S3Input":{"S3Uri":"s3://b"}}]}"#,
        r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#,
    ];
    let texts = texts.into_iter().map(|text| text.as_bytes().to_vec());
    texts.chain([statistics::write(&table, Layout::Aws2024)]).collect()
}

/// What every reader says about `bytes`; an error has a cause of bounded length.
fn read_with_all(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let errors = [
        statistics::read(bytes).err(),
        constraints::read(bytes).err(),
        job_config::read(bytes).err(),
        resource_config::read(bytes).err(),
        dataset_format::parse(&text).err(),
    ];
    for error in errors.into_iter().flatten() {
        assert!(!error.cause.is_empty() && error.cause.len() < 400, "{error}");
    }
}

proptest! {
    #[test]
    fn damaged_files_never_panic(which in 0..4usize, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6)) {
        let mut bytes = small_files().swap_remove(which);
        for (index, byte, kind) in edits {
            let at = index.index(bytes.len().max(1));
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at.min(bytes.len()), byte),
            }
        }
        read_with_all(&bytes);
    }

    #[test]
    fn any_number_survives_a_statistics_file(values in prop::collection::vec(any::<f64>().prop_filter("comparable", |x| !x.is_nan()), 1..40)) {
        let numbers = NumericStatistics {
            mean: values[0],
            sum: values[values.len() - 1],
            std_dev: values[values.len() / 2],
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            quantiles: Quantiles { levels: vec![values.clone(), Vec::new(), values.clone()], k: 2048.0, c: 0.64 },
            is_sum_wrapped: false,
        };
        let mut table = statistics::read(&small_files()[3]).unwrap();
        table.columns[0].detail = Detail::Numeric(Ok(numbers));
        let bytes = statistics::write(&table, Layout::Aws2024);
        let back = statistics::read(&bytes).unwrap();
        prop_assert_eq!(&back, &table);
        prop_assert_eq!(statistics::write(&back, Layout::Aws2024), bytes);
    }
}
