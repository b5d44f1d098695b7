//! What the statistics say, by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::statistics::Unusable;
use super::rows::{Captured, explained, row, settings, statistics_of};
use crate::decode::outcome::{attribution_column, attribution_of, cells_of};
use crate::profile::{
    AttributionSettings, AttributionStatistics, AttributionSummary, CapturedAttributionSummary, ExplainedOutput,
    ExplainedRow, N_REPLICATES, output_name,
};
use crate::summary::Summary;

fn account(entries: &[(Unusable, u64)]) -> BTreeMap<&'static str, u64> {
    entries.iter().map(|(reason, n)| (reason.reason(), *n)).collect()
}

#[test]
fn one_feature_by_hand() {
    let rows: Vec<_> = [1.0, -2.0, 4.0, -5.0].iter().enumerate().map(|(i, x)| row(i as u64, &[*x])).collect();
    let statistics = statistics_of(&settings(&["age"], 1), &rows);
    let output = &statistics.outputs[0];
    assert_eq!(
        (statistics.features.as_slice(), output.output.as_str(), output.n),
        (&["age".to_owned()][..], "label0", 4)
    );
    let age = output.features[0];
    assert_eq!((age.mean, age.mean_abs, age.mean_sq, age.median), (-0.5, 3.0, 11.5, -0.5));
    // |φ| is 1, 2, 4, 5: squares of 4, 1, 1, 4 around 3, over 3.
    assert!((age.variance_abs.expect("a variance") - 10.0 / 3.0).abs() < 1e-12);
    assert_eq!((age.sampling_error, output.expected_value, output.medians_are_estimated), (None, None, false));
}

#[test]
fn one_row_has_no_variance_and_no_row_has_no_output() {
    let one = statistics_of(&settings(&["a", "b"], 1), &[row(1, &[0.5, -1.0])]);
    assert_eq!(one.outputs[0].features.iter().map(|x| x.variance_abs).collect::<Vec<_>>(), [None, None]);
    let none = statistics_of(&settings(&["a", "b"], 1), &[]);
    assert!(none.outputs.is_empty() && none.features.len() == 2);
    assert_eq!(AttributionSummary::default().finish(), AttributionStatistics::default());
}

#[test]
fn errors_of_drawing_are_known_where_all_rows_tell_them() {
    let with = |hash, error| {
        let output = ExplainedOutput { attributions: vec![1.0], standard_errors: Some(vec![error]) };
        ExplainedRow { hash, outputs: vec![output] }
    };
    let error = |rows: &[ExplainedRow]| statistics_of(&settings(&["a"], 1), rows).outputs[0].features[0].sampling_error;
    assert_eq!(error(&[with(1, 0.0), with(2, 0.0)]), Some(0.0));
    assert_eq!(error(&[with(1, 1.0), with(2, 7.0)]), Some(5.0));
    assert_eq!(error(&[with(1, 1.0), row(2, &[1.0])]), None);
}

#[test]
fn replicates_are_the_means_of_rows_drawn_by_their_hashes() {
    let rows: Vec<_> = (0..400u32).map(|i| row(u64::from(i), &[f64::from(i % 7) - 3.0, 2.0])).collect();
    let output = statistics_of(&settings(&["a", "b"], 1), &rows).outputs.remove(0);
    assert_eq!(output.replicates.len(), N_REPLICATES);
    assert!(output.replicates.iter().all(|means| means[1] == 2.0));
    // Their spread is the standard error of the mean, within four of its own deviations: 1 / √512.
    let a = output.features[0];
    let spread: f64 = output.replicates.iter().map(|means| (means[0] - a.mean_abs).powi(2)).sum();
    let ratio = (spread / N_REPLICATES as f64 / (a.variance_abs.expect("a variance") / 400.0)).sqrt();
    assert!((ratio - 1.0).abs() < 4.0 / 512f64.sqrt(), "{ratio}");
}

#[test]
fn replicates_that_draw_nothing_are_left_out() {
    let output = statistics_of(&settings(&["a"], 1), &[row(7, &[3.0])]).outputs.remove(0);
    // 94 of 256 draw no row.
    assert!((100..220).contains(&output.replicates.len()), "{}", output.replicates.len());
    assert!(output.replicates.iter().all(|means| means == &[3.0]));
}

#[test]
fn rows_that_are_not_whole_are_counted_by_reason() {
    let two = |first: &[f64], second: &[f64]| {
        let output =
            |attributions: &[f64]| ExplainedOutput { attributions: attributions.to_vec(), standard_errors: None };
        ExplainedRow { hash: 1, outputs: vec![output(first), output(second)] }
    };
    let rows = [
        two(&[1.0, 2.0], &[3.0, 4.0]),
        two(&[1.0, f64::NAN], &[3.0, 4.0]),
        two(&[1.0, 2.0], &[f64::INFINITY, 4.0]),
        two(&[1.0, 2.0], &[3.0, -1e101]),
        two(&[1.0], &[3.0]),
        row(1, &[1.0, 2.0]),
        ExplainedRow::default(),
    ];
    let statistics = statistics_of(&settings(&["a", "b"], 2), &rows);
    assert_eq!(statistics.outputs.iter().map(|output| output.n).collect::<Vec<_>>(), [1, 1]);
    let expected = account(&[(Unusable::None, 1), (Unusable::NotNumbers, 3), (Unusable::OtherFeatures, 2)]);
    assert_eq!(statistics.n_unusable, expected);
}

#[test]
fn outputs_are_named_by_headers_then_by_place() {
    let headers = ["no".to_owned(), "yes".to_owned()];
    assert_eq!([0, 1, 2].map(|place| output_name(&headers, place)), ["no", "yes", "label2"]);
    let named = AttributionSettings { expected_values: vec![0.25], ..settings(&["a"], 1) };
    assert_eq!(statistics_of(&named, &[row(1, &[1.0])]).outputs[0].expected_value, Some(0.25));
    let mut captured = CapturedAttributionSummary::new(Arc::new(headers.to_vec()));
    captured.observe(&Captured::of(&[(1, "a", "1"), (5, "a", "2")]).batch(0, 1));
    let names: Vec<_> = captured.finish().outputs.into_iter().map(|output| output.output).collect();
    assert_eq!(names, ["yes", "label5"]);
}

#[test]
fn columns_tell_output_and_feature() {
    for (output, feature) in [(0, "age"), (12, "a.b"), (3, ""), (0, "0.x")] {
        assert_eq!(attribution_of(&attribution_column(output, feature)), Some((output, feature)));
    }
    for other in [
        "feature.age",
        "attribution.age",
        "attribution.+1.age",
        "attribution.01.age",
        "attribution..age",
        "attribution.1",
        "id",
    ] {
        assert_eq!(attribution_of(other), None, "{other}");
    }
}

#[test]
fn captured_cells_are_the_same_numbers() {
    let captured = Captured::of(&[
        (0, "age", "1 -2.0 4e0 -5"),
        (0, "sex", "0 0 0.5 0"),
        (1, "sex", "1 1 1 1"),
        (1, "age", "-1 2 -4 5"),
    ]);
    let statistics = captured.statistics();
    assert_eq!(statistics.features, ["age", "sex"]);
    let means: Vec<[f64; 2]> =
        statistics.outputs.iter().map(|output| [0, 1].map(|i| output.features[i].mean)).collect();
    assert_eq!(means, [[-0.5, 0.125], [0.5, 1.0]]);
    assert!(statistics.n_unusable.is_empty());
}

#[test]
fn captured_rows_are_used_that_have_what_most_rows_have() {
    let captured = Captured::of(&[
        (0, "a", "1 2 3 - x 6 7"),
        (0, "b", "1 - 3 - 1 6 7"),
        // A feature that appears late.
        (0, "c", "- - - - - 5 -"),
    ]);
    let statistics = captured.statistics();
    assert_eq!((statistics.features.join(" ").as_str(), statistics.outputs[0].n), ("a b", 3));
    let expected = account(&[(Unusable::None, 1), (Unusable::NotNumbers, 1), (Unusable::OtherFeatures, 2)]);
    assert_eq!(statistics.n_unusable, expected);
}

#[test]
fn every_output_needs_the_same_features() {
    let captured = Captured::of(&[(0, "a", "1 1"), (0, "b", "1 1"), (1, "b", "1 1"), (1, "a", "1 -")]);
    let statistics = captured.statistics();
    assert_eq!((statistics.outputs.len(), statistics.outputs[1].n), (2, 1));
    assert_eq!(statistics.n_unusable, account(&[(Unusable::OtherFeatures, 1)]));
}

#[test]
fn a_ninth_set_of_features_is_one_too_many() {
    let cells = |only: usize| (0..9).map(|row| if row == only { "1" } else { "-" }).collect::<Vec<_>>().join(" ");
    let (names, cells): (Vec<String>, Vec<String>) = (0..9).map(|only| (format!("f{only}"), cells(only))).unzip();
    let columns: Vec<_> = names.iter().zip(&cells).map(|(name, cells)| (0, name.as_str(), cells.as_str())).collect();
    let statistics = Captured::of(&columns).statistics();
    assert_eq!((statistics.features, statistics.outputs[0].n), (vec!["f0".to_owned()], 1));
    assert_eq!(statistics.n_unusable, account(&[(Unusable::OtherFeatures, 7), (Unusable::TooMany, 1)]));
}

#[test]
fn a_row_of_too_many_attributions_is_left_out() {
    let names: Vec<String> = (0..8_193).map(|i| format!("f{i}")).collect();
    let columns: Vec<_> = names.iter().map(|name| (0, name.as_str(), "1")).collect();
    let statistics = Captured::of(&columns).statistics();
    assert!(statistics.outputs.is_empty());
    assert_eq!(statistics.n_unusable, account(&[(Unusable::TooMany, 1)]));
}

#[test]
fn batches_without_attributions_count_their_rows() {
    let captured = Captured::of(&[(0, "a", "1 2")]);
    let batch = captured.batch(0, 2);
    assert!(cells_of(&batch, "attribution.0.a").is_some());
    let mut summary = CapturedAttributionSummary::new(Arc::default());
    summary.observe(&batch.project(&[0, 1, 2, 3, 4]).expect("leading columns"));
    summary.observe(&batch);
    let statistics = summary.finish();
    assert_eq!((statistics.outputs[0].n, statistics.n_unusable), (2, account(&[(Unusable::None, 2)])));
}

#[test]
fn memory_is_that_of_replicates_and_kept_values() {
    let rows: Vec<_> = (0..2_000).map(|i| row(i, &[1.0; 10])).collect();
    let names: Vec<String> = (0..10).map(|i| format!("f{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let memory = explained(&settings(&names, 1), &rows).memory();
    let least = 10 * (N_REPLICATES * 8 + 2_000 * 8);
    assert!((least..2 * least).contains(&memory), "{memory} bytes, at least {least}");
}
