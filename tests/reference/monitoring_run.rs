//! A monitoring run whose rows are known, from rows to violations, beside AWS's own files.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::Schema;
use model_monitor::decode::{cell_field, meta_fields};
use model_monitor::judge::{Case, evaluate, suggest};
use model_monitor::measure::measure;
use model_monitor::profile::{Detail, Kind, NumericStatistics, Profile, TableStatistics};
use model_monitor::sketch::Quantiles;
use model_monitor::summary::Summary;

use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [a_published_run_comes_out_to_the_last_bit]];

/// The rows as one split.
fn split(names: &[&str], rows: &[Vec<&str>]) -> Profile {
    let n = rows.len();
    let mut fields = meta_fields();
    fields.extend(names.iter().enumerate().map(|(place, name)| cell_field(name, format!("{place:05}"))));
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::new_null(n)),
        Arc::new(UInt64Array::from_iter_values(1..=n as u64)),
        Arc::new(BooleanArray::from(vec![true; n])),
        Arc::new(Int64Array::from(vec![0; n])),
    ];
    for place in 0..names.len() {
        arrays.push(Arc::new(StringViewArray::from_iter_values(rows.iter().map(|row| row[place]))));
    }
    let mut profile = Profile::default();
    profile.observe(&RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("columns of one length"));
    profile
}

/// The doubles that stand behind `"key": `, one for every feature.
fn doubles(text: &str, key: &str) -> Vec<f64> {
    let key = format!("\"{key}\": ");
    let number = |rest: &str| {
        let end = rest.find([',', '\n', ' ', '}']).unwrap_or(rest.len());
        rest[..end].parse().expect("a double")
    };
    text.split(key.as_str()).skip(1).map(number).collect()
}

/// The levels of every feature's sketch.
fn sketches(text: &str) -> Vec<Vec<Vec<f64>>> {
    let levels = |rest: &str| {
        let dense: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
        let end = dense.find("]]").expect("the end of the levels");
        let level =
            |text: &str| text.split(',').filter(|x| !x.is_empty()).map(|x| x.parse().expect("a double")).collect();
        dense[2..end].split("],[").map(level).collect()
    };
    text.split("\"data\":").skip(1).map(levels).collect()
}

fn numbers(table: &TableStatistics) -> Vec<&NumericStatistics> {
    let numbers = |detail| match detail {
        &Detail::Numeric(Ok(ref numbers)) => numbers,
        other => panic!("no numbers: {other:?}"),
    };
    table.columns.iter().map(|column| numbers(&column.detail)).collect()
}

fn a_published_run_comes_out_to_the_last_bit(reference: &Reference) {
    // Keys are followed by a space in some files.
    let read = |file: &str| {
        reference.text(&format!("cases/aws/cookbook-2021-baseline-and-monitor/{file}")).replace("\" :", "\":")
    };
    let (csv, statistics, baseline) =
        (read("monitored.rows.csv"), read("monitor.statistics.json"), read("baseline.statistics.json"));
    let mut rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let names = rows.remove(0);
    let mut total = Profile::default();
    total.merge(split(&names, &rows[..13]));
    total.merge(split(&names, &rows[13..]));
    let current = total.finish().0;

    let found = numbers(&current);
    let all = |read: fn(&NumericStatistics) -> f64| found.iter().map(|numbers| read(numbers)).collect::<Vec<_>>();
    assert_eq!(all(|numbers| numbers.mean), doubles(&statistics, "mean"));
    assert_eq!(all(|numbers| numbers.sum), doubles(&statistics, "sum"));
    assert_eq!(all(|numbers| numbers.std_dev), doubles(&statistics, "std_dev"));
    assert_eq!(all(|numbers| numbers.min), doubles(&statistics, "min"));
    assert_eq!(all(|numbers| numbers.max), doubles(&statistics, "max"));
    let levels: Vec<_> = found.iter().map(|numbers| numbers.quantiles.levels.clone()).collect();
    assert_eq!(levels, sketches(&statistics));

    violations_are_the_published_ones(&current, &baseline);
}

fn violations_are_the_published_ones(current: &TableStatistics, baseline_text: &str) {
    let mut baseline = current.clone();
    let published = sketches(baseline_text);
    assert_eq!(published.len(), baseline.columns.len());
    for (column, levels) in baseline.columns.iter_mut().zip(published) {
        let quantiles = Quantiles { levels, k: 2048.0, c: 0.64 };
        let Detail::Numeric(Ok(numbers)) = &mut column.detail else { panic!("{} is not numeric", column.name) };
        let (min, max) = (f64::NEG_INFINITY, f64::INFINITY);
        *numbers = NumericStatistics { min, max, quantiles, ..numbers.clone() };
        if ["c", "d"].contains(&column.name.as_str()) {
            column.kind = Kind::Integral;
        }
    }
    let constraints = suggest(&baseline);
    let measurements = measure(current, Some(&baseline));
    let findings = evaluate(&Case { constraints: &constraints, measurements: &measurements, n_rows: current.n_rows });
    let found: Vec<_> =
        findings.iter().map(|finding| (finding.subject.feature().unwrap_or_default(), &*finding.description)).collect();
    let text = "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. \
                Observed: Only 66.66666666666666% of data is Integral.";
    assert_eq!(found, [("c", text), ("d", text)]);
}
