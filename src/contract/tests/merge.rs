//! The merge: what asks for it, and what speaks against it.

use super::*;
use crate::names::Monitor;
use crate::pairing::DuplicatePolicy;

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{}}"#;
const GROUND_TRUTH: (&str, &str) = (variable::GROUND_TRUTH_SOURCE, "/labels");

#[test]
fn the_services_merge_job_names_no_format() {
    let environment = map(&[GROUND_TRUTH, (variable::DATASET_SOURCE, "/captures"), (variable::OUTPUT_PATH, "/merged")]);
    let contract = check(RawEnv { environment, ..RawEnv::default() }).expect("a contract");
    assert_eq!(contract.format, Format::Capture(CaptureSides::default()));
    assert!(!contract.publish_metrics);
    let Analysis::Merge(truth) = contract.analysis else { panic!("a merge") };
    assert_eq!((truth.source.to_string().as_str(), truth.duplicates), ("/labels", DuplicatePolicy::Nearest));
}

#[test]
fn a_command_to_merge_outranks_the_variables() {
    let problem = (variable::PROBLEM_TYPE, "BinaryClassification");
    let environment = map(&[(variable::DATASET_FORMAT, CAPTURES), problem, GROUND_TRUTH]);
    let merging = |environment| check(RawEnv { environment, merges: true, ..RawEnv::default() });
    assert!(matches!(merging(environment).expect("a contract").analysis, Analysis::Merge(_)));
    let (code, place, _) = refusal(merging(map(&[(variable::DATASET_FORMAT, CAPTURES)])));
    assert_eq!((code, place.as_str()), (error::VARIABLE_MISSING.code, variable::GROUND_TRUTH_SOURCE));
}

#[test]
fn a_merge_that_nothing_asks_for_is_refused_where_the_job_has_what_no_merge_takes() {
    let merging = |environment: Pairs<'_>, flags: Pairs<'_>, settings_by_flag: &[&'static str], is_baseline| {
        let environment = map(&[environment, &[GROUND_TRUTH, (variable::DATASET_FORMAT, CAPTURES)]].concat());
        let (flags, settings_by_flag) = (map(flags), settings_by_flag.to_vec());
        let raw = RawEnv { environment, flags, settings_by_flag, suggests_baseline: is_baseline, ..RawEnv::default() };
        check(raw)
    };
    let is_merge = |checked: Result<Contract, Error>| checked.expect("a contract").analysis.monitor() == Monitor::Merge;
    let shared = [
        (variable::INFERENCE_ATTRIBUTE, "0"),
        (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.5"),
        (variable::ENDPOINT_NAME, "shop"),
        (variable::PUBLISH_CLOUDWATCH_METRICS, "Enabled"),
    ];
    assert!(is_merge(merging(&shared, &[], &[], false)));
    let of_merges = [(variable::START_TIME, "2026-05-04T07:00:00Z")];
    assert!(is_merge(merging(&shared, &of_merges, &["duplicates", "json"], false)));
    let constraints = [(variable::BASELINE_CONSTRAINTS, "/constraints.json")];
    let statistics = [(variable::BASELINE_STATISTICS, "/statistics.json")];
    let refused = [
        (merging(&constraints, &[], &[], false), variable::BASELINE_CONSTRAINTS),
        (merging(&statistics, &[], &[], false), variable::BASELINE_STATISTICS),
        (merging(&[], &[(variable::PROBABILITY_ATTRIBUTE, "1")], &[], false), variable::PROBABILITY_ATTRIBUTE),
        (merging(&[], &[], &["fail-on-violation"], false), "fail-on-violation"),
        (merging(&[], &[], &[], true), "the command baseline"),
    ];
    for (merged, found) in refused {
        let (code, place, cause) = refusal(merged);
        assert_eq!((code, place.as_str()), (error::ROLE_AMBIGUOUS.code, variable::GROUND_TRUTH_SOURCE));
        assert!(cause.ends_with(&format!("no use for {found}")), "{cause}");
    }
}
