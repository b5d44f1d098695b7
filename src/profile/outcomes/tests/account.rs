//! Which rows are used, and how classes are named.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, UInt64Array};

use super::rows::{Table, curves, outcomes, predictions, settings, split, try_outcomes};
use crate::profile::{
    BinaryCounts, CurveSummary, Distribution, OutcomeAccount, OutcomeCounts, OutcomeSettings, OutcomeSummary,
    PredictionSettings, Problem, TooManyClasses, UndecidedLabels, score_rows,
};
use crate::summary::Summary;

fn binary(table: &Table, settings: &OutcomeSettings) -> (OutcomeAccount, BinaryCounts) {
    let found = outcomes(table, settings);
    match found.counts {
        OutcomeCounts::Binary(counts) => (found.account, counts),
        _ => panic!("the problem is binary"),
    }
}

#[test]
fn every_row_is_used_or_has_its_reason() {
    let table = Table::of("1 - 0 1 0", "1 1 - 0 0", &["0.9 0.9 0.1 high 7"]);
    let (account, _) = binary(&table, &settings(Problem::BinaryClassification, 1));
    let expected = OutcomeAccount {
        n_rows: 5,
        n_used: 2,
        n_without_prediction: 1,
        n_without_label: 1,
        labels_missing: BTreeMap::new(),
        n_not_numbers: 1,
        n_decimal_commas: 0,
        n_scores_outside: 1,
        n_labels_normalised: 0,
    };
    assert_eq!(account, expected);
}

#[test]
fn records_of_one_line_are_drawn_each_for_itself() {
    let line = |n: usize| Table::of(&vec!["1"; n].join(" "), &vec!["1"; n].join(" "), &[]);
    let counted = |batches: &[usize]| {
        let mut summary = OutcomeSummary::new(Arc::new(settings(Problem::BinaryClassification, 0)));
        for n in batches {
            let batch = line(*n).batch(0, *n);
            let mut columns = batch.columns().to_vec();
            columns[1] = Arc::new(UInt64Array::from(vec![1; *n]));
            summary.observe(&RecordBatch::try_new(batch.schema(), columns).expect("a batch"));
        }
        summary.finish().expect("few classes")
    };
    let found = counted(&[1_000]);
    assert_eq!(found, counted(&[1, 299, 700]), "places go on in the next batch");
    let OutcomeCounts::Binary(counts) = found.counts else { panic!("the problem is binary") };
    // Five standard deviations of 1,000 draws, or of subsamples of 800; rows drawn alike would be drawn 0, 1,000 or 2,000 times.
    assert!(counts.cells[0].n.iter().all(|n| (740..1_160).contains(n)), "{counts:?}");
}

#[test]
fn a_missing_score_is_a_missing_prediction_only_where_a_threshold_predicts() {
    let table = Table::of("1 1", "1 1", &["0.9 -"]);
    let mut settings = settings(Problem::BinaryClassification, 1);
    assert_eq!(binary(&table, &settings).0.n_not_numbers, 1);
    settings.threshold = Some(0.5);
    assert_eq!(binary(&table, &settings).0.n_without_prediction, 1);
}

fn missing(account: &OutcomeAccount) -> Vec<(&str, u64)> {
    account.labels_missing.iter().map(|(text, n)| (text.as_str(), *n)).collect()
}

#[test]
fn a_label_that_says_nothing_is_no_class() {
    let table = Table {
        label: ["1", "nan", "0", " ", "NaN ", "1"].map(str::to_owned).into(),
        ..Table::of("1 1 0 0 1 0", "", &["0.9 0.8 0.3 0.2 0.7 0.4"])
    };
    for (problem, n_scores) in [(Problem::BinaryClassification, 1), (Problem::MulticlassClassification, 0)] {
        let found = outcomes(&table, &settings(problem, n_scores));
        let account = &found.account;
        assert_eq!((account.n_rows, account.n_used, account.n_without_label), (6, 3, 3));
        assert_eq!(missing(account), [("NaN", 1), ("empty", 1), ("nan", 1)]);
    }
    let mut settings = settings(Problem::BinaryClassification, 1);
    settings.threshold = Some(0.5);
    assert_eq!(binary(&table, &settings).1.matrix.classes, ["0", "1"]);
    let found = curves(&table, &settings).expect("curves");
    assert_eq!((found.n, found.n_positive, found.auc), (3, 2, 1.0));
}

#[test]
fn rows_that_are_used_and_have_features_are_in_the_sample() {
    let mut table = Table::of("a None b None None -", "a None b NA a a", &[]);
    table.features = ["1:f1:1", "1:f1:2", "", "1:f1:4", "1:f-", "1:f1:6"].map(str::to_owned).into();
    let found = outcomes(&table, &settings(Problem::MulticlassClassification, 0)).rows;
    let row = |(label, features): (&str, Vec<(&str, Option<&str>)>)| format!("{label} {:?}", features[0]);
    let mut rows: Vec<String> = found.iter().map(|(label, features)| row((label, features.collect()))).collect();
    rows.sort();
    let expected = [r#"None ("f", Some("2"))"#, r#"a ("f", None)"#, r#"a ("f", Some("1"))"#];
    assert_eq!((rows, found.n_seen), (expected.map(str::to_owned).into(), 3));
}

#[test]
fn a_class_may_be_called_none() {
    let table = Table::of("a None b None None", "a None b NA a", &[]);
    let found = outcomes(&table, &settings(Problem::MulticlassClassification, 0));
    assert_eq!((found.account.n_used, missing(&found.account)), (4, vec![("NA", 1)]));
    let mut of_positive = settings(Problem::BinaryClassification, 0);
    of_positive.positive_label = "None".into();
    let (account, counts) = binary(&Table::of("a a", "None a", &[]), &of_positive);
    assert_eq!((account.n_used, counts.matrix.classes), (2, vec!["None".to_owned(), "a".to_owned()]));
}

#[test]
fn the_predictions_of_other_rows_and_the_baseline_tell_classes_too() {
    let table = Table::of("a b a", "a None b", &[]);
    let seen = || split(OutcomeSummary::new(settings(Problem::MulticlassClassification, 0).into()), &table, [0, 3], 2);
    assert_eq!(seen().finish().expect("few classes").account.n_used, 2);
    for (text, decided, n_used) in [("None", UndecidedLabels::AreClasses, 3), ("none", UndecidedLabels::AreMissing, 2)]
    {
        let mut rows = seen();
        assert_eq!(rows.decide(|class| class == text), decided);
        assert_eq!(rows.finish().expect("few classes").account.n_used, n_used);
    }
}

#[test]
fn a_negative_class_called_none_is_in_the_curves() {
    let table = Table::of("1 None 1 None", "1 None None nan", &["0.9 0.2 0.6 0.1"]);
    let settings = settings(Problem::BinaryClassification, 1);
    assert_eq!(outcomes(&table, &settings).account.n_used, 3);
    let rows = score_rows(&table.batch(0, 2), &settings).expect("rows");
    let mut summary = CurveSummary::default();
    summary.observe(&rows);
    let [without, with] = [summary.clone(), summary.with_undecided()].map(|curves| curves.finish().expect("curves").n);
    assert_eq!((without, with), (1, 2));
}

#[test]
fn a_regression_needs_numbers() {
    let table = Table::of("1.5 true 2 1e400", "1 2 many 4", &[]);
    let account = outcomes(&table, &settings(Problem::Regression, 0)).account;
    assert_eq!((account.n_used, account.n_not_numbers, account.n_decimal_commas), (1, 3, 0));
    let table = Table::of("1 2 3,5", "1,5 -2,5 x", &[]);
    let account = outcomes(&table, &settings(Problem::Regression, 0)).account;
    assert_eq!((account.n_not_numbers, account.n_decimal_commas), (3, 3));
    let account = outcomes(&Table::of("1 2 3", "1 nan NA", &[]), &settings(Problem::Regression, 0)).account;
    assert_eq!((account.n_used, account.n_not_numbers, missing(&account)), (1, 0, vec![("NA", 1), ("nan", 1)]));
}

#[test]
fn texts_of_one_meaning_match_and_are_counted() {
    let table = Table::of("1.0 true 0 no", "1 1 0 No", &[]);
    let (account, counts) = binary(&table, &settings(Problem::BinaryClassification, 0));
    assert_eq!(account.n_labels_normalised, 2);
    assert_eq!(counts.matrix.classes, ["0", "1", "No", "no"]);
    assert_eq!(counts.positive, Some(1));
    assert_eq!(counts.matrix.counts[1][1], 2);
}

#[test]
fn a_threshold_is_not_positive_itself() {
    let mut settings = settings(Problem::BinaryClassification, 1);
    settings.threshold = Some(0.5);
    let (_, counts) = binary(&Table::of("", "1 0 1", &["0.5 0.5 0.51"]), &settings);
    assert_eq!(counts.matrix.counts, [[1, 0], [1, 1]]);
}

#[test]
fn what_a_threshold_does_not_call_positive_is_the_other_label() {
    let mut settings = settings(Problem::BinaryClassification, 1);
    settings.threshold = Some(0.5);
    settings.positive_label = "good".into();
    for (labels, classes) in [("bad good bad", &["bad", "good"][..]), ("bad good odd", &["bad", "good", "odd", "0"])] {
        let (_, counts) = binary(&Table::of("", labels, &["0.1 0.9 0.2"]), &settings);
        assert_eq!(counts.matrix.classes, classes);
    }
}

#[test]
fn of_two_columns_of_scores_the_positive_class_s_is_taken() {
    let mut settings = settings(Problem::BinaryClassification, 2);
    settings.threshold = Some(0.5);
    assert_eq!(settings.positive_column(), Some(1));
    settings.score_classes = vec!["1.0".into(), "0".into()];
    assert_eq!(settings.positive_column(), Some(0));
    let (_, counts) = binary(&Table::of("", "1 0", &["0.9 0.2", "0.1 0.8"]), &settings);
    assert_eq!(counts.matrix.counts, [[1, 0], [0, 1]]);
}

#[test]
fn a_column_of_ids_is_no_class() {
    let ids: Vec<String> = (0..1_001).map(|i| format!("id {i}")).collect();
    let table = Table { prediction: ids.clone(), label: ids, ..Table::default() };
    let found = try_outcomes(&table, &settings(Problem::MulticlassClassification, 0));
    assert_eq!(found, Err(TooManyClasses));
}

#[test]
fn nothing_is_counted_as_nothing() {
    for problem in Problem::ALL {
        let found = outcomes(&Table::default(), &settings(problem, 0));
        assert_eq!((found.problem(), found.account.n_rows), (problem, 0));
    }
}

#[test]
fn predictions_are_counted_without_labels() {
    let table = Table::of("1 1.0 0 - no", "", &["0.9 0.8 0.1 0.5 0.2"]);
    let settings = PredictionSettings::new(settings(Problem::BinaryClassification, 1).into());
    let found = predictions(&table, settings);
    assert_eq!(found.n, 4);
    let expected = [("0", 1), ("1", 2), ("no", 1)].map(|(class, n)| (class.to_owned(), n));
    assert_eq!(found.predictions, Distribution::Classes(expected.into()));
    let edges = vec![0.1, 0.2, 0.8, 0.9, 0.9f64.next_up()];
    assert_eq!(found.scores, [Distribution::Numbers { edges, counts: vec![1; 4] }]);
}

#[test]
fn an_hour_of_one_class_may_have_no_positives() {
    let has = |prediction: &str, label: &str, is_known| {
        let found = outcomes(&Table::of(prediction, label, &[]), &settings(Problem::BinaryClassification, 0));
        found.has_positive_label(is_known)
    };
    assert!(has("0 0", "0 0", false), "the class is 0");
    assert!(has("no no", "no no", true) && !has("no no", "no no", false));
    assert!(!has("no yes", "no no", true), "two classes of which neither is the positive one");
    assert!(has("1 0", "0 0", false), "it is predicted");
    assert!(!has("1 0", "no yes", true), "labels of two other classes");
}

#[test]
fn the_largest_score_predicts_the_first_of_equal_classes() {
    let settings = OutcomeSettings {
        largest_score_predicts: true,
        score_classes: ["a", "b", "c"].map(str::to_owned).to_vec(),
        ..settings(Problem::MulticlassClassification, 3)
    };
    let found = outcomes(&Table::of("", "b c a a", &["0.1 0.2 0.5 -", "0.7 0.2 0.5 -", "0.2 0.6 0.0 -"]), &settings);
    let OutcomeCounts::Multiclass(counts) = &found.counts else { panic!("{found:?}") };
    assert_eq!(counts.matrix.classes, ["a", "b", "c"]);
    assert_eq!(counts.matrix.counts, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    assert_eq!((found.account.n_used, found.account.n_without_prediction), (3, 1));
}
