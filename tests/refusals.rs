//! Jobs that are refused by what their variables say: each variable by its name.

#[path = "support/job.rs"]
mod job;

use job::Mounts;

const CSV: &str = r#"{"csv":{"header":true}}"#;

/// Runs a job with these variables; its code and message. Nothing may have been written.
fn refused(variables: &[(&str, &str)]) -> (Option<String>, String) {
    let mounts = Mounts::new();
    mounts.place("a.csv", "a,b\n1,2\n");
    let done = mounts.run(&[], variables);
    assert_eq!(done.exit, Some(2), "{variables:?}: {:?}", done.message);
    assert!(done.files.is_empty(), "{variables:?} wrote {:?}", done.files.keys());
    (done.code(), done.message().to_owned())
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let cases = [
        ("record_preprocessor_script", "/opt/ml/processing/code/preprocessing/a.py"),
        ("post_analytics_processor_script", "/opt/ml/processing/code/postprocessing/b.py"),
    ];
    for (name, value) in cases {
        let (code, message) = refused(&[("dataset_format", CSV), (name, value)]);
        assert_eq!(code.as_deref(), Some("MM-CONTRACT-003"), "{name}={value}");
        assert!(message.contains(&format!("({name})")), "{name}={value}: {message}");
    }
}

#[test]
fn what_model_quality_needs_and_lacks_is_refused_by_name() {
    let quality = [("dataset_format", CSV), ("problem_type", "BinaryClassification"), ("inference_attribute", "a")];
    let cases = [
        (vec![("dataset_format", CSV), ("analysis_type", "MODEL_QUALITY")], "MM-CONTRACT-001", "problem_type"),
        (quality[..2].to_vec(), "MM-CONTRACT-001", "inference_attribute"),
        (quality.to_vec(), "MM-CONTRACT-001", "ground_truth_attribute"),
        ([&quality[..], &[("ground_truth_attribute", "b[")]].concat(), "MM-CONTRACT-002", "ground_truth_attribute"),
        ([&quality[..], &[("ground_truth_source", "ftp://x")]].concat(), "MM-CONTRACT-002", "ground_truth_source"),
        (vec![("dataset_format", CSV), ("MODEL_MONITOR_VERDICT", "statistical")], "MM-CONTRACT-003", "verdict"),
        (
            vec![("dataset_format", CSV), ("analysis_type", "MODEL_BIAS")],
            "MM-CONTRACT-008",
            "processing/input/config/analysis_config.json",
        ),
        (
            vec![("dataset_format", CSV), ("analysis_type", "model-explainability")],
            "MM-CONTRACT-008",
            "processing/input/config/analysis_config.json",
        ),
        (
            vec![("dataset_format", CSV), ("analysis_type", "DATA_QUALITY"), ("ground_truth_source", "/labels")],
            "MM-CONTRACT-003",
            "ground_truth_source",
        ),
    ];
    for (variables, code, name) in cases {
        let (found, message) = refused(&variables);
        assert_eq!(found.as_deref(), Some(code), "{variables:?}: {message}");
        assert!(message.contains(&format!("({name})")), "{variables:?}: {message}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let cases = [
        ("analysis_type", "DATA_QUANTITY"),
        ("start_time", "yesterday"),
        ("end_time", "2020-02-30T00:00:00Z"),
        ("metric_time", "noon"),
        ("publish_cloudwatch_metrics", "Maybe"),
        ("categorical_drift_method", "KolmogorovSmirnov"),
        ("dataset_source", "https://host/data"),
        ("output_path", "s3://"),
        ("baseline_constraints", "ftp://host/constraints.json"),
        ("baseline_statistics", "s3:///statistics.json"),
    ];
    for (name, value) in cases {
        let (code, message) = refused(&[("dataset_format", CSV), (name, value)]);
        assert_eq!(code.as_deref(), Some("MM-CONTRACT-002"), "{name}={value}");
        assert!(message.contains(&format!("({name})")), "{name}={value}: {message}");
    }
}

#[test]
fn a_format_is_refused_with_what_is_wrong_about_it() {
    let cases = [
        ("{\"csv”: { ”header”: true}", "curly quotes"),
        ("{“csv”:{“header”:true}}", "curly quotes"),
        ("{'csv':{'header':true}}", "single quotes"),
        (r#"{"csv":{"header":true}"#, "1 closing } missing"),
        (r#"{"csv":{"header":true}}}"#, "1 closing } too many"),
        (r#"["csv"]"#, "is not a JSON object"),
        ("csv", "is not JSON"),
        (r#"{"avro":{}}"#, "names no known format but avro"),
        ("{}", "names no known format"),
        (r#"{"csv":{},"json":{}}"#, "names two formats"),
        (r#"{"csv":{"header":"perhaps"}}"#, "csv.header"),
        (r#"{"csv":{"header":[]}}"#, "csv.header"),
        (r#"{"json":{"line":true,"lines":false}}"#, "contradicts"),
        (r#"{"csv":{"output_columns_position":"MIDDLE"}}"#, "START nor END"),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointMiddle"]}}"#, "endpointMiddle"),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":"endpointInput"}}"#, "is not an array"),
    ];
    for (format, expected) in cases {
        let (code, message) = refused(&[("dataset_format", format)]);
        assert_eq!(code.as_deref(), Some("MM-CONTRACT-002"), "{format}");
        assert!(message.contains("(dataset_format)") && message.contains(expected), "{format}: {message}");
    }
}

#[test]
fn a_missing_format_is_asked_for_by_name() {
    let (code, message) = refused(&[]);
    assert_eq!(code.as_deref(), Some("MM-CONTRACT-001"));
    assert!(message.contains("(dataset_format)"), "{message}");
}

#[test]
fn every_code_has_a_page() {
    let mounts = Mounts::new();
    let list = mounts.run(&["explain"], &[]);
    let codes: Vec<&str> = list.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(codes.len() > 15, "{}", list.stdout);
    for code in codes {
        let page = mounts.run(&["explain", code], &[]);
        assert!(page.stdout.starts_with(&format!("{code}: ")), "{}", page.stdout);
        assert!(page.stdout.contains("What to do"), "{}", page.stdout);
    }
}
