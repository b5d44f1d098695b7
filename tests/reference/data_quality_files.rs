//! AWS's files of data quality, read and written again byte for byte.

use model_monitor::wire::constraints::ConstraintsFile;
use model_monitor::wire::{Layout, constraints, jackson, statistics};
use serde_json::Value;

use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [
    real_statistics_are_written_again_byte_for_byte,
    retyped_statistics_hold_the_same_values,
    real_constraints_are_written_again_byte_for_byte,
    files_of_other_monitors_are_refused_by_name,
    a_cut_file_is_refused_wherever_it_is_cut,
    any_json_survives_jacksons_text,
]];

/// Some files were copied with one more line feed.
pub fn aws(reference: &Reference, path: &str) -> Vec<u8> {
    reference.bytes(&format!("cases/aws/{path}")).trim_ascii_end().to_vec()
}

fn assert_same_text(path: &str, ours: &[u8], theirs: &[u8]) {
    let (ours, theirs) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
    for (i, (our_line, their_line)) in ours.lines().zip(theirs.lines()).enumerate() {
        let first = our_line.bytes().zip(their_line.bytes()).position(|(a, b)| a != b).unwrap_or(0).saturating_sub(40);
        let shown = |line: &str| line.chars().skip(first).take(120).collect::<String>();
        assert!(our_line == their_line, "{path}, line {}: {} != {}", i + 1, shown(our_line), shown(their_line));
    }
    assert_eq!(ours.len(), theirs.len(), "{path}");
}

fn real_statistics_are_written_again_byte_for_byte(reference: &Reference) {
    for (path, layout) in [
        ("housing-2024-statistics-only/statistics.json", Layout::Aws2024),
        ("churn-2021-baseline/statistics.truncated.json", Layout::Aws2021),
        ("cookbook-2021-baseline-and-monitor/baseline.statistics.json", Layout::Aws2021),
    ] {
        let bytes = aws(reference, path);
        let table = statistics::read(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_same_text(path, &statistics::write(&table, layout), &bytes);
    }
}

fn retyped_statistics_hold_the_same_values(reference: &Reference) {
    for path in
        ["cookbook-2021-baseline-and-monitor/monitor.statistics.json", "sdk-test-2019-old-wording/statistics.json"]
    {
        let bytes = aws(reference, path);
        let table = statistics::read(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        let theirs: Value = serde_json::from_slice(&bytes).unwrap();
        let ours: Value = serde_json::from_slice(&statistics::write(&table, Layout::Aws2021)).unwrap();
        assert_eq!(ours, theirs, "{path}");
    }
}

fn real_constraints_are_written_again_byte_for_byte(reference: &Reference) {
    for (path, layout) in [
        ("housing-2024-statistics-only/constraints.json", Layout::Aws2024),
        ("churn-2021-baseline/constraints.json", Layout::Aws2021),
        ("cookbook-2021-baseline-and-monitor/baseline.constraints.json", Layout::Aws2021),
    ] {
        let bytes = aws(reference, path);
        let file = ConstraintsFile::read(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_same_text(path, &file.to_bytes(), &bytes);
        let limits = file.constraints().unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_same_text(path, &constraints::write(&limits, layout), &bytes);
    }
}

fn files_of_other_monitors_are_refused_by_name(reference: &Reference) {
    for (path, monitor) in [
        ("adult-2024-bias-batch/baseline.analysis.json", "bias"),
        ("clarify-analysis-outputs/explainability.analysis.json", "explainability"),
    ] {
        let bytes = aws(reference, path);
        let error = constraints::read(&bytes).expect_err(path);
        assert!(error.cause.contains(monitor), "{path}: {error}");
    }
}

fn a_cut_file_is_refused_wherever_it_is_cut(reference: &Reference) {
    let bytes = aws(reference, "cookbook-2021-baseline-and-monitor/monitor.statistics.json");
    for length in (0..bytes.len()).step_by(97) {
        assert!(statistics::read(&bytes[..length]).is_err(), "cut at {length}");
    }
}

fn any_json_survives_jacksons_text(reference: &Reference) {
    for path in
        ["clarify-analysis-outputs/bias_1.analysis.json", "clarify-analysis-outputs/explainability.analysis.json"]
    {
        let bytes = aws(reference, path);
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&jackson::to_bytes(&value)).unwrap(), value, "{path}");
    }
}
