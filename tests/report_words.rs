//! Vocabulary of our own reports, messages and settings: every stable word. Add words, change none: others read them.

use model_monitor::decode::{Observation, Reason, SkipReason};
use model_monitor::error;
use model_monitor::incident;
use model_monitor::judge::{self, Scale, TestOutcome, Verdict};
use model_monitor::measure::attribution::Aggregation;
use model_monitor::measure::{Difference, bias, column, concept, drift, quality};
use model_monitor::names::{Monitor, check};
use model_monitor::pairing::DuplicatePolicy;
use model_monitor::profile::{Problem, Undefined};
use model_monitor::report::Outcome;

fn assert_words<'a>(found: impl IntoIterator<Item = &'a str>, expected: &[&str]) {
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn measures_of_columns_and_of_their_drift() {
    assert_words(
        column::ALL.iter().map(|measure| measure.name),
        &["completeness", "share_integral", "share_fractional", "share_string", "share_in_domain"],
    );
    assert_words(
        drift::ALL.iter().map(|measure| measure.name),
        &[
            "numeric_l_infinity_robust",
            "numeric_l_infinity_simple",
            "categorical_l_infinity_robust",
            "categorical_l_infinity_simple",
            "categorical_chi_squared_p_value",
            "categorical_chi_squared_statistic",
            "ks_statistic",
            "ks_p_value",
            "few_numbers_p_value",
            "wasserstein_distance",
            "energy_distance",
            "mean_change",
            "out_of_range_share",
            "out_of_range_p_value",
            "new_category_share",
            "new_category_p_value",
            "jensen_shannon_distance",
            "kullback_leibler_divergence",
            "population_stability_index",
            "hellinger_distance",
            "total_variation_distance",
            "cramers_v",
            "chi_squared_homogeneity_p_value",
            "missing_rate_change",
            "missing_rate_p_value",
            "kind_mix_distance",
            "unexpected_kind_share",
            "unexpected_kind_p_value",
        ],
    );
}

#[test]
fn concept_drift() {
    assert_words([concept::CONCEPT_CHANGE], &["concept_change"]);
}

#[test]
fn kinds_of_incidents_and_their_evidence() {
    assert_words(
        incident::ALL.iter().map(|kind| kind.name),
        &[
            "shifted_columns",
            "swapped_features",
            "time_unit_change",
            "scale_change",
            "unit_change",
            "sign_flip",
            "constant_feature",
            "missing_sentinel",
            "type_change",
            "letter_case_change",
            "whitespace_change",
            "truncated_text",
            "missing_values",
            "new_category",
            "vanished_category",
            "payload_errors",
        ],
    );
    assert_words(
        incident::EVIDENCE.iter().map(|evidence| evidence.name),
        &[
            "distance",
            "distance_explained",
            "factor",
            "offset",
            "share",
            "baseline_share",
            "chance",
            "missing_share",
            "baseline_missing_share",
            "value",
            "characters",
            "n_categories",
            "categories",
        ],
    );
}

#[test]
fn metrics_of_model_quality_by_the_problem() {
    let of = |problem: Problem| quality::ALL.iter().filter(move |kind| kind.problem() == problem).map(|kind| kind.name);
    assert_words(
        of(Problem::BinaryClassification),
        &[
            "recall",
            "precision",
            "accuracy",
            "recall_best_constant_classifier",
            "precision_best_constant_classifier",
            "accuracy_best_constant_classifier",
            "true_positive_rate",
            "true_negative_rate",
            "false_positive_rate",
            "false_negative_rate",
            "auc",
            "au_prc",
            "f0_5",
            "f1",
            "f2",
            "f0_5_best_constant_classifier",
            "f1_best_constant_classifier",
            "f2_best_constant_classifier",
            "log_loss",
            "brier_score",
            "expected_calibration_error",
            "matthews_correlation",
            "balanced_accuracy",
            "average_precision",
            "majority_class_accuracy",
        ],
    );
    assert_words(
        of(Problem::MulticlassClassification),
        &[
            "accuracy",
            "weighted_recall",
            "weighted_precision",
            "weighted_f0_5",
            "weighted_f1",
            "weighted_f2",
            "accuracy_best_constant_classifier",
            "weighted_recall_best_constant_classifier",
            "weighted_precision_best_constant_classifier",
            "weighted_f0_5_best_constant_classifier",
            "weighted_f1_best_constant_classifier",
            "weighted_f2_best_constant_classifier",
            "log_loss",
            "matthews_correlation",
            "balanced_accuracy",
            "macro_f1",
            "majority_class_accuracy",
        ],
    );
    assert_words(of(Problem::Regression), &["mae", "mse", "rmse", "r2", "bias"]);
}

#[test]
fn metrics_of_bias() {
    assert_words(
        bias::ALL.iter().map(|kind| kind.name),
        &[
            "CDDL", "CI", "DPL", "JS", "KL", "KS", "LP", "TVD", "AD", "CDDPL", "DAR", "DCA", "DCR", "DI", "DPPL",
            "DRR", "FT", "GE", "RD", "SD", "TE",
        ],
    );
    assert_words([Scale::Value, Scale::LogQuotient].map(Scale::name), &["value", "log_quotient"]);
}

#[test]
fn checks() {
    assert_words(
        judge::ALL.iter().map(|check| check.name()),
        &[
            "extra_column_check",
            "missing_column_check",
            "data_type_check",
            "completeness_check",
            "categorical_values_check",
            "baseline_drift_check",
        ],
    );
    assert_words(
        [check::BIAS_DRIFT, check::FEATURE_ATTRIBUTION_DRIFT],
        &["bias_drift_check", "feature_attribution_drift_check"],
    );
}

#[test]
fn monitors_outcomes_and_verdicts() {
    assert_words(Monitor::ALL.map(Monitor::name), &["data_quality", "model_quality", "bias", "attribution", "merge"]);
    assert_words(
        [Outcome::Completed, Outcome::CompletedWithViolations, Outcome::NoData, Outcome::Failed].map(Outcome::name),
        &["Completed", "CompletedWithViolations", "NoData", "Failed"],
    );
    assert_words(Verdict::ALL.map(Verdict::name), &["aws", "statistical"]);
    assert_words(TestOutcome::ALL.map(TestOutcome::name), &["violated", "held", "unconfirmed", "insufficient_data"]);
}

#[test]
fn settings() {
    assert_words(Problem::ALL.map(Problem::name), &["Regression", "BinaryClassification", "MulticlassClassification"]);
    assert_words(Aggregation::ALL.map(Aggregation::name), &["mean_abs", "mean_sq", "median"]);
    assert_words(DuplicatePolicy::ALL.map(DuplicatePolicy::name), &["nearest", "last", "first", "error"]);
}

#[test]
fn reasons_why_a_number_is_not_computed() {
    // The compiler asks for a word where a reason is added.
    let word = |reason| match reason {
        Undefined::Empty => "empty",
        Undefined::NotCounted => "not_counted",
        Undefined::KindMismatch => "kind_mismatch",
        Undefined::Absent => "absent",
        Undefined::HighCardinality => "high_cardinality",
        Undefined::TooFewCategories => "too_few_categories",
        Undefined::TooFewFeatures => "too_few_features",
        Undefined::NoSpread => "no_spread",
        Undefined::Negative => "negative",
        Undefined::NotFinite => "not_finite",
    };
    for reason in [
        Undefined::Empty,
        Undefined::NotCounted,
        Undefined::KindMismatch,
        Undefined::Absent,
        Undefined::HighCardinality,
        Undefined::TooFewCategories,
        Undefined::TooFewFeatures,
        Undefined::NoSpread,
        Undefined::Negative,
        Undefined::NotFinite,
    ] {
        assert_eq!(reason.reason(), word(reason));
    }
}

#[test]
fn reasons_why_a_record_is_rejected_or_an_object_skipped() {
    assert_words(
        Reason::ALL.iter().map(|reason| reason.name()),
        &[
            "outside_window",
            "invalid_utf8",
            "invalid_json",
            "too_deep",
            "duplicate_key",
            "lone_surrogate",
            "not_a_capture",
            "no_payload",
            "unknown_encoding",
            "invalid_base64",
            "binary_payload",
            "invalid_payload",
            "row_count_mismatch",
            "invalid_time",
            "record_too_large",
            "too_many_columns",
            "unterminated_quote",
            "truncated",
            "corrupt",
            "vanished",
            "name_too_long",
            "no_header",
            "score_count_mismatch",
            "label_not_found",
            "id_not_found",
            "no_inference_id",
            "id_too_long",
            "features_not_found",
            "attributions_not_found",
            "invalid_attributions",
            "text_attributions",
            "filtered_out",
            "utf16",
            "inconsistent_tensors",
            "zero_bytes",
            "foreign_format",
        ],
    );
    assert_words(
        SkipReason::ALL.iter().map(|reason| reason.name()),
        &["empty", "dot_file", "marker", "batch_manifest", "not_a_file", "gone", "other_variant", "own_result"],
    );
}

#[test]
fn what_objects_look_like_and_what_unknown_values_differ_in() {
    assert_words(
        Observation::ALL.iter().map(|observation| observation.name()),
        &[
            "json_lines",
            "semicolons",
            "tabs",
            "bars",
            "commas",
            "captures",
            "cells_do_not_fit",
            "filter_finds_nothing",
            "lists_may_be_rows_in_answers",
            "lists_may_be_rows_in_requests",
            "lines_look_like_headers",
            "decimal_commas",
            "text_fits_no_delimiter",
            "lists_may_be_rows_in_records",
            "header_looks_like_row",
            "row_looks_like_header",
            "list_looks_like_header",
            "cells_of_two_kinds",
            "labels_in_another_order",
            "header_in_answers",
            "header_in_requests",
            "lists_are_rows_in_answers",
            "lists_are_rows_in_requests",
            "delimiter_in_answers",
            "delimiter_in_requests",
        ],
    );
    assert_words(Difference::ALL.map(Difference::name), &["letter_case", "spaces", "letter_case_and_spaces"]);
}

#[test]
fn codes_of_errors_and_their_exit_codes() {
    let found: Vec<_> = error::ALL.iter().map(|code| (code.code, code.kind.exit_code())).collect();
    let expected = [
        ("MM-CONTRACT-001", 2),
        ("MM-CONTRACT-002", 2),
        ("MM-CONTRACT-003", 2),
        ("MM-CONTRACT-004", 2),
        ("MM-CONTRACT-005", 2),
        ("MM-CONTRACT-006", 2),
        ("MM-CONTRACT-007", 2),
        ("MM-CONTRACT-008", 2),
        ("MM-CONTRACT-009", 2),
        ("MM-BASELINE-001", 2),
        ("MM-BASELINE-002", 2),
        ("MM-BASELINE-101", 0),
        ("MM-BASELINE-102", 0),
        ("MM-DRIFT-001", 2),
        ("MM-DRIFT-101", 0),
        ("MM-DRIFT-102", 0),
        ("MM-DRIFT-103", 0),
        ("MM-DRIFT-104", 0),
        ("MM-DRIFT-105", 0),
        ("MM-DRIFT-106", 0),
        ("MM-DRIFT-107", 0),
        ("MM-DRIFT-108", 0),
        ("MM-INPUT-001", 4),
        ("MM-INPUT-002", 4),
        ("MM-INPUT-003", 5),
        ("MM-INPUT-101", 0),
        ("MM-INPUT-102", 0),
        ("MM-INPUT-103", 0),
        ("MM-INPUT-104", 0),
        ("MM-INPUT-105", 0),
        ("MM-INPUT-106", 0),
        ("MM-INPUT-107", 0),
        ("MM-INPUT-109", 0),
        ("MM-INPUT-112", 0),
        ("MM-INPUT-108", 0),
        ("MM-INPUT-110", 0),
        ("MM-INPUT-111", 0),
        ("MM-INPUT-113", 0),
        ("MM-INPUT-114", 0),
        ("MM-INPUT-115", 0),
        ("MM-INPUT-116", 0),
        ("MM-INPUT-117", 0),
        ("MM-INPUT-118", 0),
        ("MM-QUALITY-001", 4),
        ("MM-QUALITY-002", 5),
        ("MM-QUALITY-003", 4),
        ("MM-QUALITY-004", 4),
        ("MM-QUALITY-005", 4),
        ("MM-QUALITY-006", 4),
        ("MM-QUALITY-101", 0),
        ("MM-QUALITY-102", 0),
        ("MM-QUALITY-103", 0),
        ("MM-QUALITY-104", 0),
        ("MM-QUALITY-105", 0),
        ("MM-QUALITY-106", 0),
        ("MM-QUALITY-107", 0),
        ("MM-QUALITY-108", 0),
        ("MM-QUALITY-109", 0),
        ("MM-QUALITY-110", 0),
        ("MM-QUALITY-111", 0),
        ("MM-QUALITY-112", 0),
        ("MM-QUALITY-113", 0),
        ("MM-BIAS-001", 4),
        ("MM-BIAS-002", 4),
        ("MM-BIAS-003", 4),
        ("MM-BIAS-004", 4),
        ("MM-BIAS-005", 4),
        ("MM-BIAS-006", 4),
        ("MM-BIAS-007", 4),
        ("MM-BIAS-008", 2),
        ("MM-BIAS-101", 0),
        ("MM-BIAS-102", 0),
        ("MM-BIAS-103", 0),
        ("MM-BIAS-104", 0),
        ("MM-BIAS-105", 0),
        ("MM-BIAS-106", 0),
        ("MM-BIAS-107", 0),
        ("MM-BIAS-108", 0),
        ("MM-BIAS-109", 0),
        ("MM-BIAS-110", 0),
        ("MM-MODEL-001", 4),
        ("MM-MODEL-002", 4),
        ("MM-MODEL-003", 4),
        ("MM-MODEL-004", 4),
        ("MM-MODEL-005", 4),
        ("MM-MODEL-006", 2),
        ("MM-MODEL-007", 2),
        ("MM-MODEL-008", 4),
        ("MM-MODEL-009", 2),
        ("MM-MODEL-101", 0),
        ("MM-ATTRIBUTION-001", 4),
        ("MM-ATTRIBUTION-002", 4),
        ("MM-ATTRIBUTION-003", 4),
        ("MM-ATTRIBUTION-004", 4),
        ("MM-ATTRIBUTION-101", 0),
        ("MM-ATTRIBUTION-102", 0),
        ("MM-ATTRIBUTION-103", 0),
        ("MM-ATTRIBUTION-104", 0),
        ("MM-ATTRIBUTION-105", 0),
        ("MM-ATTRIBUTION-106", 0),
        ("MM-ATTRIBUTION-107", 0),
        ("MM-OUTPUT-001", 2),
        ("MM-OUTPUT-002", 6),
        ("MM-OUTPUT-003", 2),
        ("MM-OUTPUT-101", 0),
        ("MM-OUTPUT-102", 0),
        ("MM-RESOURCE-001", 6),
        ("MM-RESOURCE-002", 6),
        ("MM-RESOURCE-003", 6),
        ("MM-RESOURCE-004", 6),
        ("MM-RESOURCE-101", 0),
        ("MM-STOPPED-001", 130),
        ("MM-STOPPED-002", 143),
        ("MM-INTERNAL-001", 1),
        ("MM-INTERNAL-002", 1),
    ];
    assert_eq!(found, expected);
}

#[test]
fn warnings_of_reports_and_their_titles() {
    let is_warning = |code: &&&error::Code| code.kind == error::Kind::Warning;
    let found: Vec<_> = error::ALL.iter().filter(is_warning).map(|code| (code.code, code.title)).collect();
    let expected = [
        ("MM-BASELINE-101", "metrics of the baseline were not measured"),
        ("MM-BASELINE-102", "the statistical verdict had nothing to test"),
        ("MM-DRIFT-101", "columns were too short or too varied to test"),
        ("MM-DRIFT-102", "AWS's distance does not show a change that is there"),
        ("MM-DRIFT-103", "columns of texts and of numbers cannot be compared"),
        ("MM-DRIFT-104", "no earlier window was found"),
        ("MM-DRIFT-105", "earlier windows were held against another baseline"),
        ("MM-DRIFT-106", "the window is no later than the last one"),
        ("MM-DRIFT-107", "no row has the column whose values make the segments"),
        ("MM-DRIFT-108", "some rows are in no segment"),
        ("MM-INPUT-101", "a table looks like another delimiter's"),
        ("MM-INPUT-102", "a table looks like JSON Lines or captures"),
        ("MM-INPUT-103", "captures of several variants are taken together"),
        ("MM-INPUT-104", "cells of captures do not fit the baseline's columns"),
        ("MM-INPUT-105", "rows have more or fewer cells than their table has columns"),
        ("MM-INPUT-106", "the filter looks at nothing"),
        ("MM-INPUT-107", "values of Parquet columns have no text and count as null"),
        ("MM-INPUT-109", "records were rejected or lost"),
        ("MM-INPUT-112", "the sum of a column is beyond 64 bits"),
        ("MM-INPUT-108", "lists in captures may be rows"),
        ("MM-INPUT-110", "lines of captures look like headers"),
        ("MM-INPUT-111", "numbers of captures have decimal commas"),
        ("MM-INPUT-113", "the first line of a table may be read as what it is not"),
        ("MM-INPUT-114", "a place of the job's input does not exist"),
        ("MM-INPUT-115", "lists in records of JSON may be rows"),
        ("MM-INPUT-116", "captured text has other cells than most"),
        ("MM-INPUT-117", "records have cells with names and cells without"),
        ("MM-INPUT-118", "labels stand in another order than a column says"),
        ("MM-QUALITY-101", "most labels never occur as a prediction"),
        ("MM-QUALITY-102", "the model always answers the same"),
        ("MM-QUALITY-103", "scores lie outside 0…1"),
        ("MM-QUALITY-104", "rows without a label"),
        ("MM-QUALITY-105", "less than half of the window is labelled"),
        ("MM-QUALITY-106", "some label records could not be read"),
        ("MM-QUALITY-107", "scores contradict the predictions"),
        ("MM-QUALITY-108", "most labels could not be given to their rows"),
        ("MM-QUALITY-109", "there are labels, and nothing could be measured"),
        ("MM-QUALITY-110", "many captures share their label with another"),
        ("MM-QUALITY-111", "predictions that are no label"),
        ("MM-QUALITY-112", "rows without a usable prediction"),
        ("MM-QUALITY-113", "rows with text where numbers are needed"),
        ("MM-BIAS-101", "a group is small"),
        ("MM-BIAS-102", "metrics that were asked for were not measured"),
        ("MM-BIAS-103", "the model refused some rows"),
        ("MM-BIAS-104", "no prediction of the window is positive"),
        ("MM-BIAS-105", "rows without a label count as not positive"),
        ("MM-BIAS-106", "rows without a prediction"),
        ("MM-BIAS-107", "no row belongs to a group"),
        ("MM-BIAS-108", "the positive labels are not the baseline's"),
        ("MM-BIAS-109", "empty cells make numbers of categories"),
        ("MM-BIAS-110", "some configured values do not occur"),
        ("MM-MODEL-101", "an endpoint that was made for this job may still exist"),
        ("MM-ATTRIBUTION-101", "features differ from the baseline's"),
        ("MM-ATTRIBUTION-102", "few rows were explained"),
        ("MM-ATTRIBUTION-103", "a sample of the rows was explained"),
        ("MM-ATTRIBUTION-104", "the model refused some rows"),
        ("MM-ATTRIBUTION-105", "the model's outputs differ from the baseline's"),
        ("MM-ATTRIBUTION-106", "some captured attributions cannot be used"),
        ("MM-ATTRIBUTION-107", "partial dependence is not known of some features"),
        ("MM-OUTPUT-101", "what was to be printed could not be"),
        ("MM-OUTPUT-102", "the exit message could not be written"),
        ("MM-RESOURCE-101", "fewer threads are used than were asked for"),
    ];
    assert_eq!(found, expected);
}
