//! What a job computes, told from its variables.

use super::*;
use crate::decode::Attribute;
use crate::predict::{AnswerFormat, Target};
use crate::profile::Problem;
use crate::wire::clarify::analysis_config::Metrics;

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{}}"#;
const MERGED: &str = r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}"#;
const GROUND_TRUTH: (&str, &str) = (variable::GROUND_TRUTH_SOURCE, "/labels");
const BINARY: (&str, &str) = (variable::PROBLEM_TYPE, "BinaryClassification");

/// The model-quality part of a job on merged records.
fn quality(pairs: Pairs<'_>) -> Result<ModelQuality, Error> {
    let mut all = vec![(variable::DATASET_FORMAT, MERGED), (variable::ANALYSIS_TYPE, "MODEL_QUALITY")];
    all.extend(pairs);
    job(&all).map(|contract| match contract.analysis {
        Analysis::ModelQuality(quality) => *quality,
        other => panic!("{other:?} is no model quality"),
    })
}

#[test]
fn the_variables_tell_the_analysis() {
    let kind = |pairs: Pairs<'_>| match job(pairs).expect("a contract").analysis {
        Analysis::DataQuality => "data quality",
        Analysis::ModelQuality(_) => "model quality",
        Analysis::Bias(_) => "bias",
        Analysis::Attribution(_) => "attribution",
        Analysis::Merge(_) => "merge",
    };
    let prediction = (variable::INFERENCE_ATTRIBUTE, "0");
    let label = (variable::GROUND_TRUTH_ATTRIBUTE, "1");
    assert_eq!(kind(&[]), "data quality");
    assert_eq!(kind(&[(variable::ANALYSIS_TYPE, "data-quality")]), "data quality");
    assert_eq!(kind(&[BINARY, prediction, label]), "model quality");
    assert_eq!(kind(&[BINARY, prediction, GROUND_TRUTH]), "model quality");
    assert_eq!(kind(&[GROUND_TRUTH]), "merge");
}

#[test]
fn predictions_are_made_from_scores_where_none_are_named() {
    let threshold = |pairs: Pairs<'_>| {
        let quality = quality(&[&[BINARY], pairs].concat()).expect("a job");
        (quality.outcomes.threshold, quality.attributes.prediction.is_some())
    };
    let (prediction, score) = ((variable::INFERENCE_ATTRIBUTE, "0"), (variable::PROBABILITY_ATTRIBUTE, "1"));
    let limit = (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.800000");
    assert_eq!(threshold(&[prediction]), (None, true));
    assert_eq!(threshold(&[prediction, score]), (None, true));
    assert_eq!(threshold(&[prediction, score, limit]), (None, true), "the named prediction counts");
    assert_eq!(threshold(&[score]), (Some(0.5), false));
    assert_eq!(threshold(&[score, limit]), (Some(0.8), false));
    let same = (variable::INFERENCE_ATTRIBUTE, "1");
    assert_eq!(threshold(&[same, score, limit]), (Some(0.8), false), "as the service's own jobs say it");
}

#[test]
fn several_scores_are_joined_by_commas() {
    let settings = |labels: &[&str]| Settings {
        class_labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        ..settings()
    };
    let of = |scores: &str, labels: &[&str]| {
        let environment = map(&[
            (variable::DATASET_FORMAT, MERGED),
            (variable::PROBLEM_TYPE, "multiclassclassification"),
            (variable::INFERENCE_ATTRIBUTE, "0"),
            (variable::PROBABILITY_ATTRIBUTE, scores),
        ]);
        let raw = RawEnv { environment, ..RawEnv::default() };
        Contract::check(raw, settings(labels), NOW).map(|contract| match contract.analysis {
            Analysis::ModelQuality(quality) => (quality.attributes.scores, quality.outcomes.n_scores),
            other => panic!("{other:?}"),
        })
    };
    let (scores, n_scores) = of("1, 2,3", &["a", "b", "c"]).expect("a job");
    assert_eq!((scores, n_scores), (vec![Attribute::Index(1), Attribute::Index(2), Attribute::Index(3)], 3));
    assert_eq!(of("probabilities", &["a", "b", "c"]).expect("a list in one attribute").1, 3);
    assert_eq!(of("predictions[*].[a, b]", &[]).expect("an expression with a comma").0.len(), 1);
    let (code, place, _) = refusal_of(of("1,2", &["a", "b", "c"]));
    assert_eq!((code, place.as_str()), (error::VARIABLE_INVALID.code, "class-labels"));
}

fn refusal_of<T: std::fmt::Debug>(checked: Result<T, Error>) -> (&'static str, String, String) {
    let error = checked.expect_err("a refusal");
    (error.code().code, error.place().to_owned(), error.cause().to_owned())
}

#[test]
fn the_largest_of_several_scores_predicts_where_their_classes_are_told() {
    let of = |problem: &str, scores: &str, labels: &[&str]| {
        let environment = map(&[
            (variable::DATASET_FORMAT, MERGED),
            (variable::PROBLEM_TYPE, problem),
            (variable::PROBABILITY_ATTRIBUTE, scores),
        ]);
        let class_labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let raw = RawEnv { environment, ..RawEnv::default() };
        Contract::check(raw, Settings { class_labels, ..settings() }, NOW).map(|contract| match contract.analysis {
            Analysis::ModelQuality(quality) => quality.outcomes.largest_score_predicts,
            other => panic!("{other:?}"),
        })
    };
    assert!(of("MulticlassClassification", "p", &["a", "b", "c"]).expect("a job"));
    assert!(of("MulticlassClassification", "0,1,2", &["a", "b", "c"]).expect("a job"));
    assert!(!of("BinaryClassification", "0,1", &["a", "b"]).expect("a job"), "a threshold predicts");
    let (code, place, cause) = refusal_of(of("MulticlassClassification", "p", &[]));
    assert_eq!((code, place.as_str()), (error::VARIABLE_MISSING.code, variable::INFERENCE_ATTRIBUTE));
    assert!(cause.contains("--class-labels"), "{cause}");
}

#[test]
fn what_a_job_of_model_quality_needs_is_asked_for_by_name() {
    let prediction = (variable::INFERENCE_ATTRIBUTE, "0");
    let cases: [(Pairs<'_>, &str); 5] = [
        (&[prediction], variable::PROBLEM_TYPE),
        (&[BINARY], variable::INFERENCE_ATTRIBUTE),
        (
            &[(variable::PROBLEM_TYPE, "Regression"), (variable::PROBABILITY_ATTRIBUTE, "0")],
            variable::INFERENCE_ATTRIBUTE,
        ),
        (&[BINARY, (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.5")], variable::PROBABILITY_ATTRIBUTE),
        (&[BINARY, prediction, (variable::DATASET_FORMAT, CSV)], variable::GROUND_TRUTH_ATTRIBUTE),
    ];
    for (pairs, missing) in cases {
        let (code, place, cause) = refusal_of(quality(pairs));
        assert_eq!((code, place.as_str()), (error::VARIABLE_MISSING.code, missing), "{cause}");
    }
    let cases = [
        (variable::PROBLEM_TYPE, "Ranking"),
        (variable::INFERENCE_ATTRIBUTE, "predictions["),
        (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "half"),
    ];
    for (name, value) in cases {
        let pairs = [BINARY, prediction, (variable::PROBABILITY_ATTRIBUTE, "1"), (name, value)];
        let (code, place, _) = refusal_of(quality(&pairs));
        assert_eq!((code, place.as_str()), (error::VARIABLE_INVALID.code, name));
    }
}

#[test]
fn inputs_are_left_out_unless_the_job_lists_the_sides() {
    let sides = |format: &str| {
        let pairs = [(variable::DATASET_FORMAT, format), BINARY, (variable::INFERENCE_ATTRIBUTE, "0")];
        match job(&pairs).expect("a contract").format {
            Format::Capture(sides) => sides.inputs.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sides(CAPTURES), 0);
    assert_eq!(sides(MERGED), 0);
    assert_eq!(sides(r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#), 1);
}

#[test]
fn offsets_move_the_window() {
    let window = |start: Option<&str>, end: Option<&str>, offsets: (Option<i64>, Option<i64>)| {
        let mut environment = map(&[(variable::DATASET_FORMAT, CSV)]);
        environment.extend(start.map(|text| (variable::START_TIME.to_owned(), text.to_owned())));
        environment.extend(end.map(|text| (variable::END_TIME.to_owned(), text.to_owned())));
        let settings = Settings { start_time_offset: offsets.0, end_time_offset: offsets.1, ..settings() };
        let raw = RawEnv { environment, ..RawEnv::default() };
        Contract::check(raw, settings, NOW).map(|contract| contract.window)
    };
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    let at = |text: &str| crate::decode::time::parse(text).expect("a time");
    let scheduled = "2020-01-09T13:00:00Z";
    let documented = window(None, Some(scheduled), (Some(-8 * DAY), Some(-DAY))).expect("a window");
    let expected = Window { start: Some(at("2020-01-01T13:00:00Z")), end: Some(at("2020-01-08T13:00:00Z")) };
    assert_eq!(documented, expected);
    let both = window(Some("2020-01-09T12:00:00Z"), Some(scheduled), (Some(-HOUR), Some(-HOUR))).expect("a window");
    assert_eq!(both, Window { start: Some(at("2020-01-09T11:00:00Z")), end: Some(at("2020-01-09T12:00:00Z")) });
    let hour = NOW - NOW.rem_euclid(HOUR);
    let open = window(None, None, (Some(-HOUR), Some(0))).expect("a window");
    assert_eq!(open, Window { start: Some(hour - HOUR), end: Some(hour) });
    assert_eq!(window(None, None, (None, None)).expect("no window"), Window::default());
    assert!(window(Some(scheduled), None, (Some(0), Some(-HOUR))).is_err(), "it would end before it starts");
}

#[test]
fn the_profile_of_a_baseline_lies_beside_its_constraints_unless_it_is_named() {
    let profile = |pairs: Pairs<'_>, named: Option<&str>| {
        let mut environment = map(&[(variable::DATASET_FORMAT, CSV)]);
        environment.extend(map(pairs));
        let settings = Settings { baseline_profile: named.map(str::to_owned), ..settings() };
        let raw = RawEnv { environment, ..RawEnv::default() };
        let contract = Contract::check(raw, settings, NOW).expect("a contract");
        contract.baseline_profile.map(|(location, is_named)| (location.to_string(), is_named))
    };
    let constraints = (variable::BASELINE_CONSTRAINTS, "s3://b/p/constraints.json");
    assert_eq!(profile(&[], None), None);
    assert_eq!(profile(&[constraints], None), Some(("s3://b/p/model_quality_baseline.json".to_owned(), false)));
    assert_eq!(profile(&[constraints], Some("/x.json")), Some(("/x.json".to_owned(), true)));
}

#[test]
fn what_another_step_of_the_pipeline_needs_is_no_error() {
    let labels = [(variable::ANALYSIS_TYPE, "DATA_QUALITY"), GROUND_TRUTH];
    assert_eq!(job(&labels).expect("a contract").analysis, Analysis::DataQuality, "what another step needs");
    let quality =
        quality(&[(variable::PROBLEM_TYPE, "regression"), (variable::INFERENCE_ATTRIBUTE, "y")]).expect("a job");
    assert_eq!(quality.outcomes.problem, Problem::Regression);
}

/// A job with this analysis configuration.
pub(super) fn configured(config: &str, pairs: Pairs<'_>) -> Result<Contract, Error> {
    let place = "config.json".to_owned();
    let analysis_config = Some(ConfigFile { place, bytes: config.as_bytes().to_vec() });
    check(RawEnv { environment: map(pairs), analysis_config, ..RawEnv::default() })
}

const BIAS: &str = r#"{"dataset_type":"text/csv","label":"y","predicted_label":"p","label_values_or_threshold":[1],
    "facet":[{"name_or_index":"sex","value_or_threshold":["F"]}],"methods":{"pre_training_bias":{"methods":"all"},"post_training_bias":{"methods":"all"}}}"#;

/// The bias job of this configuration, which may ask a model at this address.
fn bias(config: &str, pairs: Pairs<'_>, url: Option<&str>) -> BiasJob {
    let model = ModelAccess { url: url.map(str::to_owned), ..ModelAccess::default() };
    let analysis_config = Some(ConfigFile { place: "c".to_owned(), bytes: config.as_bytes().to_vec() });
    let raw = RawEnv { environment: map(pairs), analysis_config, ..RawEnv::default() };
    match Contract::check(raw, Settings { model, ..settings() }, NOW).expect("a contract").analysis {
        Analysis::Bias(job) => *job,
        other => panic!("{other:?} is no bias"),
    }
}

/// A configuration of bias without predictions in the data.
fn without_predictions(methods: &str, more: &str) -> String {
    format!(
        r#"{{"dataset_type":"text/csv","label":"y","label_values_or_threshold":[1],"headers":["y","sex","a"],
        "facet":[{{"name_or_index":"sex","value_or_threshold":[0]}}],"methods":{{{methods}}}{more}}}"#
    )
}

#[test]
fn only_the_metrics_that_are_asked_for_are_measured() {
    let asked = |methods: &str| {
        let job = bias(&without_predictions(methods, ""), &[], None);
        (job.pre_training, job.post_training, job.expects_predictions)
    };
    let (all, none) = (Metrics::All, Metrics::Named(Vec::new()));
    let (pre, post) = (r#""pre_training_bias":{"methods":"all"}"#, r#""post_training_bias":{"methods":["DPPL","DI"]}"#);
    assert_eq!(asked(""), (all.clone(), all.clone(), false));
    assert_eq!(asked(r#""report":{"name":"r"}"#), (all.clone(), all.clone(), false));
    assert_eq!(asked(pre), (all.clone(), none.clone(), false));
    assert_eq!(asked(post), (none, Metrics::Named(vec!["DPPL", "DI"]), true));
    assert_eq!(asked(&format!("{pre},{post}")), (all, Metrics::Named(vec!["DPPL", "DI"]), true));
}

#[test]
fn a_model_that_the_configuration_or_the_job_names_is_asked() {
    let model = |more: &str, url| {
        let methods = r#""post_training_bias":{"methods":"all"}"#;
        bias(&without_predictions(methods, more), &[], url).model
    };
    let lack = |more: &str| model(more, None).expect_err("no model");
    assert!(lack("").contains("nothing names a model"));
    assert!(lack(r#","predictor":{"content_type":"text/csv"}"#).contains("neither a model nor an endpoint"));
    assert!(lack(r#","predictor":{"endpoint_name":"e"}"#).contains("MM-MODEL-007"));
    assert!(lack(r#","predictor":{"model_name":"m"}"#).contains("instance_type"));
    let of = |more: &str| {
        let found = model(more, Some("http://h")).expect("a model");
        let AnswerFormat { label, probability, .. } = found.model.answer;
        assert_eq!(found.model.target, Some(Target::Http { url: "http://h".to_owned() }));
        (found.threshold, label.is_some(), probability.is_some())
    };
    assert_eq!(of(""), (None, false, false));
    assert_eq!(of(r#","probability_threshold":0.8,"predictor":{"model_name":"m"}"#), (Some(0.8), false, false));
    assert_eq!(of(r#","predictor":{"probability":"p"}"#), (Some(0.5), false, true));
    assert_eq!(of(r#","predictor":{"label":"l","probability":"p"}"#), (None, true, false));
    assert_eq!(
        of(r#","probability_threshold":0.8,"predictor":{"label":"l","probability":"p"}"#),
        (Some(0.8), true, true)
    );
}

#[test]
fn a_threshold_without_an_attribute_is_for_answers_that_are_nothing_but_a_score() {
    let config = without_predictions("", "");
    let limit = (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.8");
    let captures = (variable::DATASET_FORMAT, CAPTURES);
    let threshold = |pairs: Pairs<'_>| bias(&config, pairs, None).threshold_of_answers;
    assert_eq!(threshold(&[captures, limit]), Some(0.8));
    assert_eq!(threshold(&[captures]), None);
    assert_eq!(threshold(&[limit]), None, "a table has columns");
    assert_eq!(threshold(&[captures, limit, (variable::INFERENCE_ATTRIBUTE, "1")]), None);
}

#[test]
fn an_analysis_configuration_alone_makes_a_bias_job() {
    let contract = configured(BIAS, &[]).expect("a contract");
    assert_eq!(contract.format, Format::Csv { header: None });
    assert_eq!(contract.source.to_string(), "/mounts/processing/input/data");
    let Analysis::Bias(job) = contract.analysis else { panic!("{:?}", contract.analysis) };
    assert_eq!(job.facets.facets[0].value_or_threshold, ["F"]);
    assert_eq!(job.instances.attributes.prediction, Some(Attribute::Name("p".to_owned())));
    assert_eq!(job.instances.attributes.label, Some(Attribute::Name("y".to_owned())));
    assert!(job.facets.has_predictions && job.instances.with_label);
}

#[test]
fn a_threshold_makes_labels_of_what_is_called_the_prediction() {
    let config = BIAS.replace("\"label\":", "\"probability_threshold\":0.7,\"label\":");
    let Analysis::Bias(job) = configured(&config, &[]).expect("a contract").analysis else { panic!("no bias") };
    assert_eq!(job.facets.probability_threshold, Some(0.7));
    assert_eq!((job.instances.attributes.prediction, job.instances.attributes.scores.len()), (None, 1));
}

#[test]
fn thresholds_that_are_no_finite_number_are_refused() {
    for text in ["NaN", "inf", "-infinity", "high", "0,5"] {
        let limit = (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, text);
        let of_bias = configured(BIAS, &[limit]);
        let of_quality = job(&[BINARY, (variable::PROBABILITY_ATTRIBUTE, "0"), limit]);
        for checked in [of_bias, of_quality] {
            let (code, place, _) = refusal(checked);
            assert_eq!((code, place.as_str()), (error::VARIABLE_INVALID.code, limit.0), "{text}");
        }
    }
}

#[test]
fn what_speaks_of_two_monitors_is_refused_unless_the_job_chooses() {
    let both = BIAS.replace("\"methods\":{", "\"methods\":{\"shap\":{},");
    let (code, _, cause) = refusal(configured(&both, &[]));
    assert_eq!(code, error::ROLE_AMBIGUOUS.code);
    assert!(cause.contains("pre_training_bias, post_training_bias, shap"), "{cause}");
    assert_eq!(refusal(configured(BIAS, &[BINARY])).0, error::ROLE_AMBIGUOUS.code);
    let kind = (variable::ANALYSIS_TYPE, "MODEL_BIAS");
    assert!(matches!(configured(&both, &[kind]).expect("a contract").analysis, Analysis::Bias(_)));
    let kind = (variable::ANALYSIS_TYPE, "model-explainability");
    assert!(matches!(configured(&both, &[kind]).expect("a contract").analysis, Analysis::Attribution(_)));
}

#[test]
fn a_configuration_that_cannot_be_used_is_refused_with_its_place() {
    let without = |key: &str| {
        let mut config: serde_json::Value = serde_json::from_str(BIAS).expect("JSON");
        config.as_object_mut().expect("an object").remove(key);
        config.to_string()
    };
    let captures = (variable::DATASET_FORMAT, CAPTURES);
    let cases: [(String, Pairs<'_>, &str); 5] = [
        ("{".to_owned(), &[], error::ANALYSIS_CONFIG_INVALID.code),
        (without("facet"), &[], error::ANALYSIS_CONFIG_INVALID.code),
        (without("label_values_or_threshold"), &[], error::ANALYSIS_CONFIG_INVALID.code),
        (without("label"), &[], error::VARIABLE_MISSING.code),
        (BIAS.to_owned(), &[captures, GROUND_TRUTH], error::ANALYSIS_CONFIG_INVALID.code),
    ];
    for (config, pairs, code) in cases {
        assert_eq!(refusal(configured(&config, pairs)).0, code, "{config}");
    }
}
