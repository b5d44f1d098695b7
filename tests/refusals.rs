//! Jobs that are refused by what their variables say, each variable by its name; every refusal is a test of its own.

#[path = "support/job.rs"]
mod job;
#[path = "support/trials.rs"]
mod trials;

use job::Mounts;
use libtest_mimic::{Arguments, Trial};
use trials::{functions, test};

const CSV: &str = r#"{"csv":{"header":true}}"#;
const FORMAT: &str = "dataset_format";
const CONFIG: &str = "processing/input/config/analysis_config.json";

/// A refusal: what is asked of it, the variables, the code, and what the message holds beside the variable's name.
struct Refusal {
    name: String,
    variables: Vec<(&'static str, &'static str)>,
    code: &'static str,
    /// The variable or file that the message names.
    place: &'static str,
    told: &'static str,
}

fn main() {
    let refusals = [unsupported(), incomplete(), unreadable(), formats()].into_iter().flatten();
    let mut trials: Vec<Trial> = refusals.map(|refusal| test(refusal.name.clone(), move || refusal.check())).collect();
    trials.extend(functions![every_code_has_a_page]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

impl Refusal {
    /// Runs a job with these variables. Nothing may have been written.
    fn check(&self) {
        let mounts = Mounts::new();
        mounts.place("a.csv", "a,b\n1,2\n");
        let done = mounts.run(&[], &self.variables);
        done.failed(2, self.code);
        assert!(done.files.is_empty(), "{:?}", done.files.keys());
        let message = done.message();
        assert!(message.contains(&format!("({})", self.place)) && message.contains(self.told), "{message}");
    }
}

fn unsupported() -> Vec<Refusal> {
    let cases = [
        ("record_preprocessor_script", "/opt/ml/processing/code/preprocessing/a.py"),
        ("post_analytics_processor_script", "/opt/ml/processing/code/postprocessing/b.py"),
    ];
    let refusal = |(place, value)| Refusal {
        name: format!("{place} is not supported"),
        variables: vec![(FORMAT, CSV), (place, value)],
        code: "MM-CONTRACT-003",
        place,
        told: "",
    };
    cases.into_iter().map(refusal).collect()
}

/// What monitors need and lack.
fn incomplete() -> Vec<Refusal> {
    let quality = [("problem_type", "BinaryClassification"), ("inference_attribute", "a")];
    let with = |more| [&quality[..], &[more]].concat();
    let cases = [
        (
            "model quality without a problem",
            vec![("analysis_type", "MODEL_QUALITY")],
            "MM-CONTRACT-001",
            "problem_type",
        ),
        ("model quality without a prediction", quality[..1].to_vec(), "MM-CONTRACT-001", "inference_attribute"),
        ("model quality without a label", quality.to_vec(), "MM-CONTRACT-001", "ground_truth_attribute"),
        (
            "a label that is no attribute",
            with(("ground_truth_attribute", "b[")),
            "MM-CONTRACT-002",
            "ground_truth_attribute",
        ),
        (
            "labels from no known place",
            with(("ground_truth_source", "ftp://x")),
            "MM-CONTRACT-002",
            "ground_truth_source",
        ),
        ("bias without a configuration", vec![("analysis_type", "MODEL_BIAS")], "MM-CONTRACT-008", CONFIG),
        (
            "attribution without a configuration",
            vec![("analysis_type", "model-explainability")],
            "MM-CONTRACT-008",
            CONFIG,
        ),
    ];
    let refusal = |(name, variables, code, place): (&str, Vec<_>, _, _)| Refusal {
        name: name.to_owned(),
        variables: [&[(FORMAT, CSV)], &variables[..]].concat(),
        code,
        place,
        told: "",
    };
    cases.into_iter().map(refusal).collect()
}

fn unreadable() -> Vec<Refusal> {
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
    let refusal = |(place, value)| Refusal {
        name: format!("{place} cannot be {value}"),
        variables: vec![(FORMAT, CSV), (place, value)],
        code: "MM-CONTRACT-002",
        place,
        told: "",
    };
    cases.into_iter().map(refusal).collect()
}

fn formats() -> Vec<Refusal> {
    let missing = Refusal {
        name: "no format".to_owned(),
        variables: Vec::new(),
        code: "MM-CONTRACT-001",
        place: FORMAT,
        told: "",
    };
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
    let refusal = |(format, told)| Refusal {
        name: format!("format {format}: {told}"),
        variables: vec![(FORMAT, format)],
        code: "MM-CONTRACT-002",
        place: FORMAT,
        told,
    };
    [missing].into_iter().chain(cases.map(refusal)).collect()
}

fn every_code_has_a_page() {
    let mounts = Mounts::new();
    let list = mounts.run(&["explain"], &[]);
    let first_words = list.stdout.lines().filter_map(|line| line.split_whitespace().next());
    let codes: Vec<&str> = first_words.filter(|word| word.starts_with("MM-")).collect();
    assert!(codes.len() > 15, "{}", list.stdout);
    for code in codes {
        let page = mounts.run(&["explain", code], &[]);
        assert!(page.stdout.starts_with(&format!("{code}: ")), "{}", page.stdout);
        assert!(page.stdout.contains("What to do"), "{}", page.stdout);
    }
}
