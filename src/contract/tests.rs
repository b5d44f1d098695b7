//! Jobs, from strings to contracts.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::decode::{CaptureSides, Format, Reason, SkipReason, Window};
use crate::error::{self, Error};
use crate::names::{path, variable};

mod analysis;
mod attribution;
mod merge;
mod places;
mod settings;
mod side_tables;

const NOW: i64 = 1_600_000_000_000;
const CSV: &str = r#"{"csv":{"header":true}}"#;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn map(pairs: Pairs<'_>) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings() -> Settings {
    Settings { opt_ml: "/mounts".into(), ..Settings::of_machine(1, 1 << 30) }
}

fn check(raw: RawEnv) -> Result<Contract, Error> {
    Contract::check(raw, settings(), NOW)
}

/// A job of these variables, its format set.
fn job(pairs: Pairs<'_>) -> Result<Contract, Error> {
    let mut environment = map(&[(variable::DATASET_FORMAT, CSV)]);
    environment.extend(map(pairs));
    check(RawEnv { environment, ..RawEnv::default() })
}

/// The code, place and cause of the error.
fn refusal(checked: Result<Contract, Error>) -> (&'static str, String, String) {
    let error = checked.expect_err("a refusal");
    (error.code().code, error.place().to_owned(), error.cause().to_owned())
}

#[test]
fn a_job_of_nothing_but_its_format_has_the_documented_places() {
    let contract = job(&[]).expect("a contract");
    assert_eq!(contract.source.to_string(), "/mounts/processing/input");
    assert_eq!(contract.output.to_string(), "/mounts/processing/output");
    assert_eq!((contract.window, contract.metric_time), (Window::default(), NOW));
    assert!(!contract.monitors() && !contract.publish_metrics);
    assert_eq!(contract.host, HostRole::Leader);
}

#[test]
fn without_a_format_the_job_is_refused_by_name() {
    let (code, place, _) = refusal(check(RawEnv::default()));
    assert_eq!((code, place.as_str()), (error::VARIABLE_MISSING.code, variable::DATASET_FORMAT));
}

#[test]
fn every_variable_is_honoured_or_refused_by_name() {
    for known in VARIABLES {
        if let Support::Refused(why) = known.support {
            let (code, place, cause) = refusal(job(&[(known.name, "anything")]));
            assert_eq!((code, place.as_str()), (error::VARIABLE_UNSUPPORTED.code, known.name));
            assert_eq!(cause, why);
            assert!(job(&[(known.name, " ")]).is_ok(), "{}: an empty value is none", known.name);
        }
    }
    for kind in ["MODEL_EXPLAINABILITY", "model-explainability"] {
        let (code, place, _) = refusal(job(&[(variable::ANALYSIS_TYPE, kind)]));
        assert_eq!((code, place.as_str()), (error::ANALYSIS_CONFIG_INVALID.code, path::ANALYSIS_CONFIG));
    }
    assert!(job(&[(variable::ANALYSIS_TYPE, "DATA_QUALITY")]).is_ok());

    let contract = job(&[
        (variable::DATASET_SOURCE, "s3://bucket/in"),
        (variable::OUTPUT_PATH, "file:///out"),
        (variable::BASELINE_CONSTRAINTS, "/b/constraints.json"),
        (variable::BASELINE_STATISTICS, "/b/statistics.json"),
        (variable::START_TIME, "2020-01-01T00:00:00Z"),
        (variable::END_TIME, "2020-01-01T01:00:00Z"),
        (variable::METRIC_TIME, "2020-01-01T00:30:00Z"),
        (variable::PUBLISH_CLOUDWATCH_METRICS, "enabled"),
        (variable::ENDPOINT_NAME, "endpoint"),
        (variable::MONITORING_SCHEDULE_NAME, "schedule"),
        (variable::ENDPOINT_DATACAPTURE_PREFIX, "s3://bucket/capture"),
        (variable::CATEGORICAL_DRIFT_METHOD, "ChiSquared"),
    ])
    .expect("a contract");
    assert_eq!(contract.source.to_string(), "s3://bucket/in");
    assert_eq!(contract.output.to_string(), "/out");
    assert!(contract.monitors() && contract.publish_metrics);
    assert_eq!(contract.window, Window { start: Some(1_577_836_800_000), end: Some(1_577_840_400_000) });
    assert_eq!(contract.metric_time, 1_577_838_600_000);
    assert_eq!(contract.endpoint.as_deref(), Some("endpoint"));
    assert_eq!(contract.schedule.as_deref(), Some("schedule"));
    assert_eq!(contract.capture_prefix.as_deref(), Some("s3://bucket/capture"));
    assert_eq!(contract.categorical_drift_method, Some("ChiSquared"));
}

#[test]
fn help_names_every_method_of_categorical_drift() {
    let known = VARIABLES.iter().find(|known| known.name == variable::CATEGORICAL_DRIFT_METHOD).expect("the variable");
    for method in crate::measure::drift::categorical_drift_methods() {
        assert!(known.help.contains(method), "{method}");
    }
}

#[test]
fn values_that_mean_nothing_are_refused_by_name() {
    let cases = [
        (variable::DATASET_FORMAT, "{\u{201c}csv\u{201d}: {}}"),
        (variable::DATASET_FORMAT, "{\"avro\":{}}"),
        (variable::DATASET_SOURCE, "https://host/x"),
        (variable::OUTPUT_PATH, "s3://"),
        (variable::BASELINE_CONSTRAINTS, "gs://bucket/x"),
        (variable::START_TIME, "yesterday"),
        (variable::END_TIME, "-PT1H"),
        (variable::METRIC_TIME, "12:00"),
        (variable::PUBLISH_CLOUDWATCH_METRICS, "yes"),
        (variable::CATEGORICAL_DRIFT_METHOD, "KS"),
        (variable::ANALYSIS_TYPE, "DATA"),
    ];
    for (name, value) in cases {
        let (code, place, cause) = refusal(job(&[(name, value)]));
        assert_eq!((code, place.as_str()), (error::VARIABLE_INVALID.code, name), "{value}: {cause}");
    }
    for name in [variable::INFERENCE_ATTRIBUTE, variable::POSITIVE_LABEL] {
        let contract = job(&[(name, "0")]).expect("a job of data quality");
        assert_eq!(contract.analysis, Analysis::DataQuality, "the service hands {name} to every job of an endpoint");
    }
    let backwards = [(variable::START_TIME, "2020-01-01T01:00:00Z"), (variable::END_TIME, "2020-01-01T01:00:00Z")];
    assert_eq!(refusal(job(&backwards)).1, variable::END_TIME);
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_jobs_file() {
    let config = format!(r#"{{"Environment":{{"dataset_format":{},"dataset_source":"/of-the-file"}}}}"#, quoted(CSV));
    let source = |flag: Pairs<'_>, environment: Pairs<'_>| {
        let job_config = Some(config.clone().into_bytes());
        let raw = RawEnv {
            flags: map(flag),
            environment: map(environment),
            job_config,
            resource_config: None,
            ..RawEnv::default()
        };
        check(raw).expect("a contract").source.to_string()
    };
    let name = variable::DATASET_SOURCE;
    assert_eq!(source(&[(name, "/of-the-flag")], &[(name, "/of-the-environment")]), "/of-the-flag");
    assert_eq!(source(&[], &[(name, "/of-the-environment")]), "/of-the-environment");
    assert_eq!(source(&[], &[]), "/of-the-file");
    assert_eq!(source(&[(name, "")], &[(name, "  ")]), "/of-the-file", "empty values are none");
    assert_eq!(source(&[], &[(name, " /padded ")]), "/padded");
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[test]
fn times_are_read_as_leniently_as_they_are_documented() {
    for text in ["2019-12-01T15:20:00Z", "2019-12-01T15: 20: 00Z", " 2019-12-01 15:20:00 ", "2019-12-01T16:20:00+01:00"]
    {
        let contract = job(&[(variable::START_TIME, text)]).expect(text);
        assert_eq!(contract.window, Window { start: Some(1_575_213_600_000), end: None }, "{text}");
    }
}

#[test]
fn a_day_begins_at_midnight() {
    let contract = job(&[(variable::START_TIME, "1970-01-02"), (variable::END_TIME, "1970-01-03")]).expect("days");
    assert_eq!(contract.window, Window { start: Some(86_400_000), end: Some(2 * 86_400_000) });
}

#[test]
fn metrics_are_stamped_with_the_first_time_that_is_known() {
    let (start, end) = ((variable::START_TIME, "1970-01-01T00:00:01Z"), (variable::END_TIME, "1970-01-01T00:00:02Z"));
    let metric = (variable::METRIC_TIME, "1970-01-01T00:00:03Z");
    let cases: [(Pairs<'_>, i64); 4] =
        [(&[start, end, metric], 3_000), (&[start, end], 1_000), (&[end], 2_000), (&[], NOW)];
    for (pairs, expected) in cases {
        assert_eq!(job(pairs).expect("a contract").metric_time, expected);
    }
}

#[test]
fn jobs_of_a_schedule_publish_unless_told_otherwise() {
    let (schedule, publish) = (variable::MONITORING_SCHEDULE_NAME, variable::PUBLISH_CLOUDWATCH_METRICS);
    let cases: [(Pairs<'_>, bool); 5] = [
        (&[], false),
        (&[(schedule, "hourly")], true),
        (&[(schedule, "hourly"), (publish, "")], true),
        (&[(schedule, "hourly"), (publish, "Disabled")], false),
        (&[(publish, "Enabled")], true),
    ];
    for (pairs, expected) in cases {
        assert_eq!(job(pairs).expect("a contract").publish_metrics, expected, "{pairs:?}");
    }
}

#[test]
fn formats_are_understood_in_every_spelling() {
    let capture = |outputs: &[&'static str], inputs: &[&'static str]| {
        Format::Capture(CaptureSides { outputs: outputs.to_vec(), inputs: inputs.to_vec() })
    };
    let outputs_only = capture(&["endpointOutput", "batchTransformOutput"], &[]);
    let cases = [
        (r#"{"csv":{"header":true,"output_columns_position":"START"}}"#, Format::Csv { header: Some(true) }),
        (r#"{"Csv":{"Header":"false"}}"#, Format::Csv { header: Some(false) }),
        (r#"{"csv":{"header":["true","false"]}}"#, Format::Csv { header: None }),
        (r#"{"json":{"lines":true}}"#, Format::Json { lines: Some(true) }),
        (r#"{"Json":{"Line":false}}"#, Format::Json { lines: Some(false) }),
        (r#"{"json":{"line":["true","false"]}}"#, Format::Json { lines: None }),
        (r#"{"parquet":{},"unknown":1}"#, Format::Parquet),
        (r#"{"sageMakerCaptureJson":{}}"#, Format::Capture(CaptureSides::default())),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":[]}}"#, Format::Capture(CaptureSides::default())),
        (r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}"#, outputs_only.clone()),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointOutput"]}}"#, outputs_only),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput"]}}"#, capture(&[], &["endpointInput"])),
    ];
    for (text, expected) in cases {
        assert_eq!(job(&[(variable::DATASET_FORMAT, text)]).expect(text).format, expected, "{text}");
    }
}

#[test]
fn delimiters_and_the_place_of_outputs_are_kept() {
    let cases = [
        (r#"{"csv":{"header":true}}"#, b',', None),
        (r#"{"csv":{"delimiter":"\t","output_columns_position":"END"}}"#, b'\t', Some(true)),
        (r#"{"sagemakerCaptureJson":{"output_columns_position":"START"}}"#, b',', Some(false)),
        (r#"{"parquet":{}}"#, b',', None),
    ];
    for (text, delimiter, outputs_are_last) in cases {
        let contract = job(&[(variable::DATASET_FORMAT, text)]).expect(text);
        assert_eq!((contract.delimiter, contract.outputs_are_last), (delimiter, outputs_are_last), "{text}");
    }
}

/// A scheduled job as the service describes it, with `null` and absent keys; `mode` and
/// `distribution` of its dataset.
fn scheduled(mode: &str, distribution: &str) -> Vec<u8> {
    let format = quoted(r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#);
    let text = format!(
        r#"{{"ProcessingJobArn":"arn:aws:sagemaker:eu-west-1:123456789012:processing-job/watch-1","ProcessingJobName":"watch-1",
        "Environment":{{"baseline_constraints":"/opt/ml/processing/baseline/constraints/constraints.json","dataset_format":{format},
            "dataset_source":"/opt/ml/processing/input_data","end_time":"2022-03-04T06:00:00Z","metric_time":"2022-03-04T05:00:00Z",
            "output_path":"/opt/ml/processing/output","publish_cloudwatch_metrics":"Enabled","sagemaker_endpoint_name":"houses",
            "sagemaker_monitoring_schedule_name":"houses-hourly","start_time":"2022-03-04T05:00:00Z","unset":null}},
        "AppSpecification":{{"ImageUri":"image","ContainerEntrypoint":null,"ContainerArguments":null}},
        "ProcessingInputs":[
            {{"InputName":"constraints","AppManaged":false,"DatasetDefinition":null,"S3Input":{{"LocalPath":"/opt/ml/processing/baseline/constraints",
                "S3Uri":"s3://b/constraints.json","S3DataDistributionType":"FullyReplicated","S3DataType":"S3Prefix","S3InputMode":"File","S3CompressionType":null}}}},
            {{"InputName":"endpoint_input_1","S3Input":{{"LocalPath":"/opt/ml/processing/input_data/houses/AllTraffic/2022/03/04/05","S3Uri":"s3://b/c",
                "S3DataDistributionType":"{distribution}","S3InputMode":"{mode}","S3CompressionType":"None","DataUri":"x"}}}}],
        "ProcessingOutputConfig":{{"KmsKeyId":null,"Outputs":[{{"OutputName":"result","FeatureStoreOutput":null,
            "S3Output":{{"LocalPath":"/opt/ml/processing/output","S3UploadMode":"Continuous","S3Uri":"s3://b/o"}}}}]}},
        "ProcessingResources":{{"ClusterConfig":{{"InstanceCount":1,"InstanceType":"ml.m5.xlarge","VolumeKmsKeyId":null}}}},
        "NetworkConfig":null,"StoppingCondition":{{"MaxRuntimeInSeconds":1800}}}}"#
    );
    text.into_bytes()
}

#[test]
fn the_file_of_a_scheduled_job_is_enough() {
    let raw = RawEnv { job_config: Some(scheduled("File", "FullyReplicated")), ..RawEnv::default() };
    let contract = check(raw).expect("a contract");
    assert_eq!(contract.job_name.as_deref(), Some("watch-1"));
    assert_eq!(contract.source.to_string(), "/opt/ml/processing/input_data");
    assert_eq!((contract.endpoint.as_deref(), contract.publish_metrics), (Some("houses"), true));
    assert_eq!(contract.window, Window { start: Some(1_646_370_000_000), end: Some(1_646_373_600_000) });
    assert!(contract.baseline_constraints.is_some() && contract.baseline_statistics.is_none());
}

#[test]
fn hollow_files_change_nothing_and_broken_ones_are_refused() {
    for hollow in ["{}", r#"{"Environment":null,"ProcessingInputs":null,"ProcessingJobName":null}"#] {
        let environment = map(&[(variable::DATASET_FORMAT, CSV)]);
        let raw = RawEnv { environment, job_config: Some(hollow.into()), ..RawEnv::default() };
        assert_eq!(check(raw).expect(hollow).job_name, None);
    }
    let broken = |job_config: Option<&str>, resource_config: Option<&str>| {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let raw = RawEnv {
            job_config: job_config.map(bytes),
            resource_config: resource_config.map(bytes),
            ..RawEnv::default()
        };
        refusal(check(raw))
    };
    let code = error::JOB_CONFIG_UNREADABLE.code;
    let (found, place, _) = broken(Some("{\"Environment\""), None);
    assert_eq!((found, place.as_str()), (code, crate::names::path::PROCESSING_JOB_CONFIG));
    let (found, place, _) = broken(None, Some("[1"));
    assert_eq!((found, place.as_str()), (code, crate::names::path::RESOURCE_CONFIG));
}

/// The job on the host `current` of `hosts`.
fn on_host(current: &str, hosts: &str, distribution: &str) -> Result<Contract, Error> {
    check(RawEnv {
        job_config: Some(scheduled("File", distribution)),
        resource_config: Some(format!(r#"{{"current_host":{current},"hosts":{hosts}}}"#).into_bytes()),
        ..RawEnv::default()
    })
}

#[test]
fn inputs_that_no_host_sees_as_a_whole_are_refused() {
    let piped = RawEnv { job_config: Some(scheduled("Pipe", "FullyReplicated")), ..RawEnv::default() };
    let (code, place, _) = refusal(check(piped));
    assert_eq!((code, place.as_str()), (error::INPUT_MODE_UNSUPPORTED.code, "endpoint_input_1"));
    for host in ["\"algo-1\"", "\"algo-2\""] {
        let (code, place, cause) = refusal(on_host(host, r#"["algo-2","algo-1"]"#, "ShardedByS3Key"));
        assert_eq!((code, place.as_str()), (error::INPUT_MODE_UNSUPPORTED.code, "endpoint_input_1"));
        assert!(cause.contains("2 hosts"), "{cause}");
    }
    assert!(on_host("\"algo-1\"", r#"["algo-1"]"#, "ShardedByS3Key").is_ok(), "one host sees every shard");
}

#[test]
fn the_first_host_by_name_leads() {
    let role =
        |current: &str| on_host(current, r#"["algo-3","algo-1","algo-2"]"#, "FullyReplicated").expect("a role").host;
    assert_eq!(role("\"algo-1\""), HostRole::Leader);
    assert_eq!(role("\"algo-2\""), HostRole::Follower { leader: "algo-1".to_owned() });
    assert_eq!(role("null"), HostRole::Leader);
}

#[test]
fn the_table_of_errors_is_whole() {
    let codes: BTreeSet<&str> = error::ALL.iter().map(|row| row.code).collect();
    assert_eq!(codes.len(), error::ALL.len(), "codes are unique");
    for row in error::ALL {
        assert!(row.code.starts_with("MM-") && !row.title.ends_with('.') && !row.title.is_empty(), "{}", row.code);
        assert!(row.causes.ends_with('.') && row.remedy.ends_with('.'), "{}", row.code);
        assert!(error::find(&row.code.to_lowercase()).is_some_and(|found| found.code == row.code), "{}", row.code);
    }
}

#[test]
fn words_for_what_is_left_out_are_unique_and_explained() {
    let reasons = Reason::ALL
        .iter()
        .map(|reason| (reason.name(), reason.text(), Reason::from_code(*reason as u8) == Some(*reason)));
    let skips = SkipReason::ALL
        .iter()
        .map(|reason| (reason.name(), reason.text(), SkipReason::from_code(*reason as u8) == Some(*reason)));
    for words in [reasons.collect::<Vec<_>>(), skips.collect()] {
        let names: BTreeSet<&str> = words.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), words.len());
        for (name, text, found_by_code) in words {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
            assert!(text.len() > 10 && !text.ends_with('.') && found_by_code, "{name}");
        }
    }
}

#[test]
fn filters_of_captures_are_refused_for_tables() {
    let filtered = |flag: &str, text: &str, format: &str| {
        let mut settings = settings();
        SETTINGS
            .iter()
            .find(|setting| setting.flag == flag)
            .expect("a setting")
            .apply(&mut settings, text)
            .expect(text);
        let environment = map(&[(variable::DATASET_FORMAT, format)]);
        Contract::check(RawEnv { environment, ..RawEnv::default() }, settings, NOW)
    };
    for (flag, text) in [("where", "customAttributes[0].test != 'true'"), ("variant", "Shadow")] {
        for format in [CSV, r#"{"json":{"line":true}}"#, r#"{"parquet":{}}"#] {
            let (code, place, cause) = refusal(filtered(flag, text, format));
            assert_eq!((code, place.as_str()), (error::VARIABLE_INVALID.code, flag));
            assert!(cause.contains("table"), "{cause}");
        }
        assert!(filtered(flag, text, r#"{"sagemakerCaptureJson":{}}"#).is_ok());
    }
}
