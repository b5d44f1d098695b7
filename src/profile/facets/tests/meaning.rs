//! What rows are taken to mean.

use std::sync::Arc;

use super::rows::{Table, facets, settings, split};
use crate::profile::{BiasFault, ColumnKind, ConditionalLack, FacetSettings, FacetSummary, FlipLack};
use crate::summary::Summary;

/// 60 rows, so that two whole numbers are categories.
fn table() -> Table {
    Table::of(&[
        ("label", "1 0 1 0 1 0"),
        ("prediction", "1 0 0 0 1 1"),
        ("score", "0.9 0.1 0.4 0.2 0.8 0.7"),
        ("sex", "F F M M M -"),
        ("age", "20 30 41 50 60 70"),
        ("member", "true false true false true false"),
        ("x", "1 2 3 4 5 6"),
    ])
    .times(10)
}

fn without(table: &Table, column: &str) -> Table {
    let mut table = table.clone();
    table.columns.retain(|(name, _)| name != column);
    table
}

fn with(table: &Table, column: &str, words: &str) -> Table {
    let mut table = without(table, column);
    let times = table.n() / words.split(' ').count();
    table.columns.extend(Table::of(&[(column, words)]).times(times).columns);
    table
}

#[test]
fn rows_are_counted_by_group_label_and_prediction() {
    let found = facets(&table(), &settings(&[("sex", &["F"])])).expect("counts");
    let group = &found.groups[0];
    assert_eq!((group.facet_value.as_str(), group.value_or_threshold.as_str()), ("F", "F"));
    assert_eq!(group.counts.n, [[[10, 10], [10, 10]], [[10, 0], [0, 10]]]);
    assert_eq!(found.n_missing.into_iter().collect::<Vec<_>>(), [("facet", 10)]);
    assert_eq!(found.label_value_or_threshold, "1");
    assert_eq!(group.conditional, Err(ConditionalLack::NoVariable));
}

#[test]
fn a_facet_of_a_dataset_of_its_own_goes_before_a_feature_of_its_name_and_is_none() {
    let mut table = without(&without(&table(), "member"), "age");
    table.columns.retain(|(name, _)| name != "sex");
    let apart = Table::of(&[("facet.sex", "F F M M M -"), ("sex", "1 1 1 1 1 1")]).times(10);
    table.columns.extend(apart.columns);
    let found = facets(&table, &settings(&[("sex", &["F"])])).expect("counts");
    assert_eq!(found.groups[0].counts.n, [[[10, 10], [10, 10]], [[10, 0], [0, 10]]]);
    // The facet is text: were it among the features, there would be no flip test.
    assert!(matches!(found.groups[0].flips, Some(Ok(_))), "{:?}", found.groups[0].flips);
}

#[test]
fn scores_above_the_threshold_predict_one() {
    let scored = FacetSettings { probability_threshold: Some(0.4), ..settings(&[("sex", &["F"])]) };
    let found = facets(&without(&table(), "prediction"), &scored).expect("counts");
    assert_eq!(found.groups[0].counts.n, [[[10, 10], [10, 10]], [[10, 0], [0, 10]]]);
}

#[test]
fn scores_predict_words_where_one_is_named() {
    let named = FacetSettings {
        probability_threshold: Some(0.4),
        score_labels: ["not yes".to_owned(), "yes".to_owned()],
        label_values_or_threshold: vec!["yes".to_owned()],
        ..settings(&[("sex", &["F"])])
    };
    let table = without(&table(), "prediction");
    let found = facets(&with(&table, "label", "yes no yes no yes no"), &named).expect("counts");
    assert_eq!((found.groups[0].counts.n, found.prediction_fault), ([[[10, 10], [10, 10]], [[10, 0], [0, 10]]], None));
}

#[test]
fn configured_values_that_no_row_has_are_told_where_others_occur() {
    let absent = |values: &[&str], cells: &str| {
        let found = facets(&with(&table(), "sex", cells), &settings(&[("sex", values)])).expect("counts");
        found.absent_values.iter().map(|(column, values)| format!("{column} {}", values.join(" "))).collect::<Vec<_>>()
    };
    let texts = "F F M M M -";
    assert_eq!(absent(&["F", "f", "M", "X"], texts), ["sex f X"]);
    assert!(absent(&["F", "M"], texts).is_empty() && absent(&["F"], texts).is_empty());
    assert!(absent(&["X", "Y"], texts).is_empty(), "nobody belongs to the group, which is told");
    assert_eq!(absent(&["1", "2.0", "4"], "1 2 3 1 2 3"), ["sex 4"]);
    assert_eq!(absent(&["1", "2.0"], "1 2 x 1 2 x"), ["sex 2.0"], "texts are equal letter by letter");
    let table = with(&table(), "sex", "F F M M M -");
    let settings = Arc::new(settings(&[("sex", &["F", "M", "X"])]));
    let mut whole = split(&table, &settings, [0, 2], 7);
    whole.merge(split(&table, &settings, [2, 4], 7));
    let absent = whole.finish().expect("counts").absent_values;
    assert_eq!(absent, [("sex".to_owned(), vec!["X".to_owned()])]);
}

#[test]
fn columns_that_gaps_make_numbers_are_told() {
    let told = |sex: &str, label: &str| {
        let pairs = FacetSettings { are_pairs_categories: true, ..settings(&[("sex", &["1"])]) };
        let labels = FacetSettings { has_predictions: false, ..pairs };
        let found = facets(&with(&with(&table(), "sex", sex), "label", label), &labels).expect("counts");
        (found.numbers_by_gaps.join(" "), found.groups[0].value_or_threshold.clone())
    };
    assert_eq!(told("0 1 0 1 0 -", "1 0 1 0 1 0"), ("sex".to_owned(), String::new()));
    assert_eq!(told("0 1 0 1 0 1", "1 0 1 0 1 -"), ("target".to_owned(), "1".to_owned()));
    assert_eq!(told("0 1 0 1 0 1", "1 0 1 0 1 0"), (String::new(), "1".to_owned()));
    assert_eq!(told("0.5 1 2 1 0 -", "1 0 1 0 1 0"), (String::new(), "(1.0, 2.0]".to_owned()));
}

#[test]
fn a_facet_without_values_has_a_group_for_each_in_order_and_one_for_none() {
    let found = facets(&table(), &settings(&[("sex", &[])])).expect("counts");
    let shown: Vec<_> = found.groups.iter().map(|group| group.value_or_threshold.as_str()).collect();
    assert_eq!(shown, ["F", "M", "nan"]);
    let n: Vec<_> = found.groups.iter().map(|group| group.counts.n_of_side(true)).collect();
    assert_eq!(n, [20, 30, 0]);
    let found = facets(&table(), &settings(&[("member", &[])])).expect("counts");
    let shown: Vec<_> = found.groups.iter().map(|group| group.value_or_threshold.as_str()).collect();
    assert_eq!(shown, ["True", "False"]);
}

#[test]
fn a_threshold_selects_above_and_is_shown_up_to_the_largest() {
    let found = facets(&table(), &settings(&[("age", &["41"]), ("sex", &["M"])])).expect("counts");
    // Six of sixty ages differ: 10 %.
    assert_eq!(found.groups[0].value_or_threshold, "(41, 70]");
    assert_eq!(found.groups[0].facet_value, "41");
    assert_eq!(found.groups[0].counts.n_of_side(true), 30);
    // Of these three in six are men, two of whom are older than 41.
    assert_eq!(found.pairs[0].counts.n_of_side(true), 20);
    let found = facets(&table().times(4), &settings(&[("age", &["41"])])).expect("counts");
    assert_eq!(found.groups[0].value_or_threshold, "41", "six of 240 are categories");
    assert_eq!(found.groups[0].counts.n_of_side(true), 40);
}

#[test]
fn what_cannot_be_measured_at_all_has_aws_s_text() {
    let fault = |table: &Table, settings: &FacetSettings| facets(table, settings).expect_err("a fault").to_string();
    let sex = settings(&[("sex", &["F"])]);
    assert_eq!(fault(&table(), &settings(&[("gender", &["F"])])), "Facet column gender is not present in the dataset");
    assert_eq!(
        fault(&table(), &settings(&[("age", &[])])),
        "Threshold values must be provided for continuous features"
    );
    assert_eq!(
        fault(&table(), &settings(&[("age", &["old"])])),
        "Facet/label value provided must be a single numeric threshold for continuous data"
    );
    assert_eq!(
        fault(&table(), &FacetSettings { label_values_or_threshold: Vec::new(), ..sex.clone() }),
        "Positive label values or thresholds are empty for Label column"
    );
    assert_eq!(facets(&Table::default(), &sex), Err(BiasFault::NoRows));
}

#[test]
fn predictions_of_another_type_leave_the_labels() {
    let table = with(&table(), "prediction", "0.5 1.5 0.1 0.2 0.3 0.4");
    let found = facets(&table, &settings(&[("sex", &["F"])])).expect("counts");
    assert_eq!(found.prediction_fault, Some(BiasFault::TypesDiffer));
    assert_eq!((found.groups[0].counts.has_predictions, found.groups[0].flips), (false, None));
    assert_eq!(found.groups[0].counts.n, [[[20, 0], [20, 0]], [[10, 0], [10, 0]]]);
}

#[test]
fn predicted_numbers_are_cut_to_whole_ones_beside_whole_labels() {
    let labels = "1 2 3 4 5 6";
    let table = with(&with(&table(), "label", labels), "prediction", "1.9 2.1 3.9 4.0 5.0 6.0");
    let above = |threshold: &str| FacetSettings {
        label_values_or_threshold: vec![threshold.into()],
        ..settings(&[("sex", &["F"])])
    };
    let found = facets(&table, &above("3")).expect("counts");
    assert_eq!(found.label_value_or_threshold, "(3, 6]");
    // 3.9 is 3, and not above.
    assert_eq!(found.groups[0].counts.n, [[[10, 0], [0, 30]], [[20, 0], [0, 0]]]);
    let missing = with(&table, "prediction", "1.9 2.1 3.9 4.0 5.0 -");
    let found = facets(&missing, &above("3")).expect("counts");
    assert_eq!(found.prediction_fault, Some(BiasFault::PredictionsNotFinite));
}

#[test]
fn rows_without_a_group_are_in_no_group() {
    let grouped = FacetSettings { group_variable: Some("zone".into()), ..settings(&[("member", &["1"])]) };
    let found = facets(&with(&table(), "zone", "10 9 - 9.0 10 9"), &grouped).expect("counts");
    let conditional = found.groups[0].conditional.as_ref().expect("groups");
    assert_eq!(conditional.iter().map(|counts| counts.total()).collect::<Vec<_>>(), [30, 20]);
}

#[test]
fn too_many_values_are_told_not_kept() {
    let mut wide = table().times(200);
    let zone = (0..wide.n()).map(|row| Some(format!("z{}", row % 5_000))).collect();
    wide.columns.push(("zone".into(), zone));
    let grouped = FacetSettings { group_variable: Some("zone".into()), ..settings(&[("sex", &["F"])]) };
    let found = facets(&wide, &grouped).expect("counts");
    assert_eq!(found.groups[0].conditional, Err(ConditionalLack::TooManyValues));
    assert_eq!(found.groups[0].counts.total(), 12_000);
    let fault = facets(&wide, &settings(&[("zone", &[])])).expect_err("a fault");
    assert_eq!(fault, BiasFault::TooManyValues { facet: "zone".into(), most: 256 });
}

#[test]
fn rows_flip_by_their_numeric_features_only() {
    let flips = |table: &Table| facets(table, &settings(&[("member", &["1"])])).expect("counts").groups[0].flips;
    assert_eq!(flips(&table()), Some(Err(FlipLack::NotNumeric)), "sex is text");
    let numeric = without(&table(), "sex");
    let found = flips(&numeric).expect("predictions").expect("rows");
    assert_eq!((found.n_sensitive, found.n_rest, found.is_sample), (30, 30, false));
    assert_eq!(flips(&with(&numeric, "x", "1 2 - 4 5 6")), Some(Err(FlipLack::Missing)));
    assert_eq!(flips(&with(&numeric, "x", "1 2 inf 4 5 6")), Some(Err(FlipLack::NotFinite)));
    let found = flips(&numeric.times(100)).expect("predictions").expect("rows");
    assert_eq!((found.n_sensitive, found.n_rest, found.is_sample), (2_000, 2_000, true));
    let found = facets(&table(), &settings(&[("sex", &["F"])])).expect("counts").groups[0].flips;
    assert!(matches!(found, Some(Ok(_))), "the facet itself may be text: {found:?}");
}

#[test]
fn captured_rows_whose_label_says_nothing_are_left_out_however_it_is_written() {
    let labelled = Table::of(&[("sex", "F M F M"), ("label", "1 0 0 1"), ("prediction", "1 1 0 0")]);
    let mut more =
        Table::of(&[("sex", "F M F M F M F"), ("label", "1 nan 0 None 0 1 -"), ("prediction", "1 1 1 0 0 0 1")]);
    more.columns[0].1 = ["F", "M", "M", "M", "F", "M", "F"].map(|text| Some(text.to_owned())).into();
    let settings = Arc::new(settings(&[("sex", &["F"])]));
    let seen = |table: &Table| {
        let mut summary = FacetSummary::new(settings.clone()).leaving_out_incomplete(true);
        summary.observe(&table.batch(0, table.n()));
        summary.finish().expect("rows")
    };
    let (alone, among) = (seen(&labelled), seen(&more));
    assert_eq!((among.n, among.n_missing["unlabelled"]), (4, 3));
    assert_eq!(among.groups[0].counts, alone.groups[0].counts);
    assert_eq!(facets(&more, &settings).expect("rows").n, 7, "as Clarify has it of tables");
}

#[test]
fn captured_rows_without_a_prediction_are_left_out_where_predictions_are_looked_for() {
    let table = Table::of(&[("sex", "F M F M F"), ("label", "1 0 0 1 nan"), ("score", "0.9 - wrong 0.1 0.9")]);
    let scored = FacetSettings {
        probability_threshold: Some(0.5),
        label_kind: Some(ColumnKind::Categories),
        ..settings(&[("sex", &["F"])])
    };
    let seen = |has_predictions: bool| {
        let settings = FacetSettings { has_predictions, ..scored.clone() };
        let mut summary = FacetSummary::new(Arc::new(settings)).leaving_out_incomplete(true);
        summary.observe(&table.batch(0, table.n()));
        summary.finish().expect("rows")
    };
    let found = seen(true);
    assert_eq!(found.n_missing.into_iter().collect::<Vec<_>>(), [("unlabelled", 1), ("unpredicted", 2)]);
    assert_eq!((found.n, found.groups[0].counts.n), (2, [[[0, 0], [1, 0]], [[0, 0], [0, 1]]]));
    let texts = Table::of(&[("sex", "F M F"), ("label", "1 0 other"), ("prediction", "busy 1 busy")]);
    let mut captured = FacetSummary::new(Arc::new(settings(&[("sex", &["F"])]))).leaving_out_incomplete(true);
    captured.observe(&texts.batch(0, texts.n()));
    let found = captured.finish().expect("rows");
    assert_eq!((found.n, found.n_missing["unpredicted"]), (2, 1), "text is no prediction where the label is a number");
    assert_eq!(seen(false).n, 4, "metrics of labels need none");
    assert_eq!(facets(&table, &scored).expect("rows").n_missing["prediction"], 2, "as Clarify has it of tables");
}

#[test]
fn labels_in_other_words_than_the_configured_are_told_from_an_hour_without_positives() {
    let n_other = |configured: &str, labels: &str| {
        let configured = vec![configured.to_owned()];
        let settings = FacetSettings {
            label_values_or_threshold: configured,
            has_predictions: false,
            ..settings(&[("sex", &["F"])])
        };
        facets(&with(&table(), "label", labels), &settings).expect("counts").n_other_labels
    };
    for (configured, labels, expected) in [
        ("1", "yes no yes no no no", Some(2)),
        ("yes", "Yes No no Yes no No", Some(3)),
        ("1", "0 0 0 0 0 0", None),
        ("yes", "no no no no no no", None),
        ("c", "a b a b a b", None),
        ("yes", "Yes no yes no no no", None),
        ("1", "0 unknown 0 0 0 0", None),
    ] {
        assert_eq!(n_other(configured, labels), expected, "{configured}: {labels}");
    }
}

#[test]
fn where_no_row_has_a_label_nothing_is_measured() {
    let seen = |table: &Table, are_captured: bool| {
        let settings = Arc::new(settings(&[("sex", &["F"])]));
        let mut summary = FacetSummary::new(settings).leaving_out_incomplete(are_captured);
        summary.observe(&table.batch(0, table.n()));
        summary.finish().expect_err("no labels")
    };
    let none = BiasFault::NoLabels { n: 60 };
    let without = without(&table(), "label");
    assert_eq!((seen(&without, true), seen(&without, false)), (none.clone(), none.clone()));
    let empty = with(&table(), "label", "nan nan nan nan nan nan");
    assert_eq!((seen(&empty, true), seen(&empty, false)), (BiasFault::NoRows, none), "labels that are still to come");
}

#[test]
fn where_no_row_has_a_prediction_that_is_said_and_nothing_measured() {
    let table = with(&table(), "prediction", "- - - - - -");
    let settings = settings(&[("sex", &["F"])]);
    let none = BiasFault::NoPredictions { n: 60 };
    assert_eq!(facets(&table, &settings).expect("labels").prediction_fault, Some(none.clone()));
    let mut captured = FacetSummary::new(Arc::new(settings)).leaving_out_incomplete(true);
    captured.observe(&table.batch(0, table.n()));
    assert_eq!(captured.finish(), Err(none));
}
