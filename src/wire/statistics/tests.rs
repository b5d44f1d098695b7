//! Writing and reading, against examples.

use super::*;
use crate::profile::{Category, ColumnStatistics, Detail, Kind, NumericStatistics, Undefined};
use crate::sketch::Quantiles;

fn column(name: &str, kind: Kind, detail: Detail) -> ColumnStatistics {
    let counts = (3, 1);
    ColumnStatistics {
        name: name.to_owned(),
        kind,
        n_present: counts.0,
        n_missing: counts.1,
        n_distinct: Some(2),
        kind_counts: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail,
    }
}

fn table() -> TableStatistics {
    let numbers = NumericStatistics {
        mean: 2.0,
        sum: 6.0,
        std_dev: 0.816496580927726,
        min: 1.0,
        max: 3.0,
        quantiles: Quantiles { levels: vec![vec![3.0, 1.0, 2.0]], k: 2048.0, c: 0.64 },
        is_sum_wrapped: false,
    };
    let categories = vec![Category { value: "a".to_owned(), count: 2 }, Category { value: "b".to_owned(), count: 1 }];
    TableStatistics {
        n_rows: 4,
        columns: vec![
            column("age", Kind::Integral, Detail::Numeric(Ok(numbers))),
            column("wide", Kind::Fractional, Detail::Numeric(Err(Undefined::Empty))),
            column("city", Kind::String, Detail::Text(Some(categories))),
            column("id", Kind::String, Detail::Text(None)),
        ],
        outputs_are_last: false,
    }
}

#[test]
fn what_is_written_is_read_back() {
    assert_eq!(read(&write(&table(), Layout::Aws2024)).unwrap(), table());
    let old = read(&write(&table(), Layout::Aws2021)).unwrap();
    assert_eq!(old.columns[0].n_distinct, None);
    assert_eq!(old.columns[2], table().columns[2], "the distinct count of texts stands in old files too");
}

#[test]
fn layouts_differ_in_the_documented_keys() {
    let text = |layout| String::from_utf8(write(&table(), layout)).unwrap();
    for key in ["approximate_num_distinct_values", "completeness"] {
        assert!(text(Layout::Aws2024).contains(key), "{key}");
        assert!(!text(Layout::Aws2021).contains(key), "{key}");
    }
    let expected = "{\n  \"version\" : 0.0,\n  \"dataset\" : {\n    \"item_count\" : 4\n  },\n  \"features\" : [ {\n    \
                    \"name\" : \"age\",\n    \"inferred_type\" : \"Integral\",\n    \"numerical_statistics\" : {\n      \
                    \"common\" : {\n        \"num_present\" : 3,\n        \"num_missing\" : 1\n      },\n      \
                    \"mean\" : 2.0,\n";
    assert!(text(Layout::Aws2024).starts_with(expected), "{}", text(Layout::Aws2024));
}

#[test]
fn the_place_of_outputs_is_written_where_it_is_the_end() {
    let table = TableStatistics { outputs_are_last: true, ..table() };
    let bytes = write(&table, Layout::Aws2021);
    assert!(read(&bytes).unwrap().outputs_are_last);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\"item_count\" : 4,\n    \"output_columns_position\" : \"END\"\n  },"), "{text}");
}

#[test]
fn a_table_without_rows_or_columns_is_a_file() {
    let empty = TableStatistics::default();
    assert_eq!(read(&write(&empty, Layout::Aws2024)).unwrap(), empty);
    let mut unseen = table().columns.remove(3);
    (unseen.n_present, unseen.n_missing, unseen.kind) = (0, 0, Kind::Unknown);
    let unseen = TableStatistics { columns: vec![unseen], ..TableStatistics::default() };
    let bytes = write(&unseen, Layout::Aws2024);
    assert_eq!(read(&bytes).unwrap(), unseen);
    assert!(!String::from_utf8(bytes).unwrap().contains("completeness"), "undefined, so not written");
}

#[test]
fn numbers_that_are_not_finite_travel_as_strings() {
    let mut table = table();
    let Detail::Numeric(Ok(numbers)) = &mut table.columns[0].detail else { panic!("numeric") };
    (numbers.max, numbers.sum) = (f64::INFINITY, f64::INFINITY);
    numbers.quantiles.levels[0][0] = f64::INFINITY;
    assert_eq!(read(&write(&table, Layout::Aws2024)).unwrap(), table);
}

#[test]
fn lenient_files_are_read() {
    let common = r#""common":{"num_present":3.0,"num_missing":0}"#;
    let cases = [
        ("version 0, unknown keys", format!(r#"{{"version":0,"x":[{{}}],"features":[{{"name":"a","y":1,"inferred_type":"String","string_statistics":{{{common},"z":{{}}}}}}]}}"#)),
        ("a byte order mark", format!("\u{feff}{{\"features\":[{{\"name\":\"a\",\"inferred_type\":\"String\",\"string_statistics\":{{{common}}}}}]}}")),
        ("numbers without a distribution", format!(r#"{{"features":[{{"name":"a","inferred_type":"Integral","numerical_statistics":{{{common},"mean":"NaN","sum":1,"std_dev":0,"min":1,"max":-1}}}}]}}"#)),
        ("numbers without numbers", format!(r#"{{"features":[{{"name":"a","inferred_type":"Integral","numerical_statistics":{{{common},"mean":null}}}}]}}"#)),
        ("a missing count that follows", r#"{"dataset":{"item_count":3},"features":[{"name":"a","inferred_type":"String","string_statistics":{"common":{"num_present":3}}}]}"#.to_owned()),
    ];
    for (what, text) in cases {
        let statistics = read(text.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((statistics.n_rows, statistics.columns[0].n_present), (3, 3), "{what}");
    }
    let unknown = read(br#"{"dataset":{"item_count":3},"features":[{"name":"a","inferred_type":"Unknown"}]}"#).unwrap();
    assert_eq!((unknown.columns[0].n_present, unknown.columns[0].n_missing), (0, 3));
}

#[test]
fn what_is_no_statistics_file_is_refused_with_a_place() {
    let numbers = r#""common":{"num_present":1,"num_missing":0},"sum":1,"std_dev":0,"min":1,"max":1"#;
    let feature = |body: &str| {
        format!(
            r#"{{"features":[{{"name":"ok","inferred_type":"Unknown"}}, {{"name":"a",{body}}}],"dataset":{{"item_count":1}}}}"#
        )
    };
    let levels = vec!["[1.0]"; MAX_LEVELS + 1].join(",");
    let cases = [
        ("", "", "empty"),
        ("{", "", "cut short"),
        ("[]", "", "an array"),
        ("{}", "features", "no features"),
        (r#"{"features":{}}"#, "features", "features are an object"),
        (r#"{"binary_classification_metrics":{}}"#, "binary_classification_metrics", "model quality"),
        (r#"{"features":[{"inferred_type":"String"}]}"#, "features[0].name", "no name"),
        (&feature(r#""inferred_type":"Boolean""#), "features[1].inferred_type", "unknown kind"),
        (&feature(r#""inferred_type":"String""#), "features[1].string_statistics", "no section"),
        (
            &feature(r#""inferred_type":"String","string_statistics":{}"#),
            "features[1].string_statistics.common",
            "no counts",
        ),
        (
            &feature(&format!(r#""inferred_type":"Integral","numerical_statistics":{{{numbers}}}"#)),
            "features[1].numerical_statistics.mean",
            "no mean",
        ),
        (
            &feature(&format!(r#""inferred_type":"Integral","numerical_statistics":{{"mean":"high",{numbers}}}"#)),
            "features[1].numerical_statistics.mean",
            "a mean that is no number",
        ),
        (
            &feature(&format!(r#""inferred_type":"Integral","numerical_statistics":{{"mean":[1],{numbers}}}"#)),
            "features[1].numerical_statistics.mean",
            "a mean that is an array",
        ),
        (
            &feature(r#""inferred_type":"Integral","numerical_statistics":{"common":{"num_present":-1}}"#),
            "features[1].numerical_statistics.common.num_present",
            "a negative count",
        ),
        (
            &feature(r#""inferred_type":"Integral","numerical_statistics":{"common":{"num_present":1.5}}"#),
            "features[1].numerical_statistics.common.num_present",
            "half a row",
        ),
        (
            &feature(
                r#""inferred_type":"Integral","numerical_statistics":{"common":{"num_present":18446744073709551615}}"#,
            ),
            "features[1].numerical_statistics.common.num_present",
            "more rows than there can be",
        ),
        (
            &feature(&format!(
                r#""inferred_type":"Integral","numerical_statistics":{{"mean":1,{numbers},"distribution":{{"kll":{{"sketch":{{"data":[[1.0],[2.0,"x"]]}}}}}}}}"#
            )),
            "features[1].numerical_statistics.distribution.kll.sketch.data[1][1]",
            "a sketch item that is no number",
        ),
        (
            &feature(&format!(
                r#""inferred_type":"Integral","numerical_statistics":{{"mean":1,{numbers},"distribution":{{"kll":{{"sketch":{{"data":[{levels}]}}}}}}}}"#
            )),
            "features[1].numerical_statistics.distribution.kll.sketch.data",
            "more levels than bits",
        ),
    ];
    for (text, place, what) in cases {
        let error = read(text.as_bytes()).expect_err(what);
        assert_eq!(error.place, place, "{what}: {error}");
        assert!(!error.cause.is_empty(), "{what}");
    }
    assert!(read(&[b'[', 0xff, b']']).is_err(), "not UTF-8");
    assert!(read("[".repeat(1_000_000).as_bytes()).is_err(), "deep nesting");
    let deep_unknown = format!("{{\"features\":[],\"x\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(read(deep_unknown.as_bytes()).is_ok(), "unknown keys are skipped without recursion");
}

#[test]
fn constraints_are_no_statistics() {
    let text = r#"{"version":0.0,"features":[{"name":"a","inferred_type":"Integral","completeness":1.0}],
        "monitoring_config":{"evaluate_constraints":"Enabled"}}"#;
    let error = read(text.as_bytes()).expect_err("constraints");
    assert_eq!(error.to_string(), "monitoring_config: these are constraints, not statistics");
}

const MAX_LEVELS: usize = 32;
