//! Models of bias through the program itself: data without predictions, which a model makes.

#[path = "support/job.rs"]
mod job;
#[path = "support/model.rs"]
mod model;

use std::fmt::Write;

use job::{Done, Mounts};
use model::{Model, Request, scored};
use serde_json::{Value, json};

const CONFIG: &str = "processing/input/config/analysis_config.json";
const DATA: &str = "processing/input/data";

/// A row: the label, the age, the sex.
fn rows(n: usize) -> Vec<(u8, usize, usize)> {
    (0..n).map(|i| (u8::from((i * 7) % 5 < 2), 20 + (i * 13) % 50, i % 2)).collect()
}

/// What the model answers: the older, the likelier, and more so for sex 1.
fn score(age: usize, sex: usize) -> f64 {
    (age as f64 + 10.0 * sex as f64) / 100.0
}

fn answer(cells: &[&str]) -> String {
    let number = |place: usize| cells[place].parse().expect("a number");
    score(number(0), number(1)).to_string()
}

/// AWS's own configuration of a baseline, as its client writes it: the model is named, the data hold no predictions.
fn config() -> Value {
    json!({
        "dataset_type": "text/csv", "headers": ["Target", "Age", "Sex"], "label": "Target",
        "label_values_or_threshold": [1], "facet": [{"name_or_index": "Sex", "value_or_threshold": [0]}],
        "group_variable": "Age", "probability_threshold": 0.5,
        "methods": {
            "pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"},
            "report": {"name": "report", "title": "Analysis Report"},
        },
        "predictor": {
            "model_name": "DEMO", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1,
            "accept_type": "text/csv", "content_type": "text/csv",
        },
    })
}

fn with(mut config: Value, key: &str, value: Value) -> Value {
    config[key] = value;
    config
}

fn table(n: usize) -> String {
    let mut text = String::new();
    rows(n).iter().for_each(|(label, age, sex)| writeln!(text, "{label},{age},{sex}").expect("text"));
    text
}

fn mounts(config: &Value, data: String) -> Mounts {
    let mounts = Mounts::new();
    mounts.place_beside(&format!("{DATA}/table.csv"), data);
    mounts.place_beside(CONFIG, config.to_string());
    mounts
}

fn run(mounts: &Mounts, model: Option<&Model>, more: &[(&str, &str)], arguments: &[&str]) -> Done {
    let (source, output) = (mounts.root().join(DATA), mounts.root().join("processing/output"));
    let (source, output) = (source.display().to_string(), output.display().to_string());
    let mut variables = vec![("dataset_source", source.as_str()), ("output_path", output.as_str())];
    variables.extend(model.map(|model| ("MODEL_MONITOR_MODEL_URL", model.url.as_str())));
    variables.extend(more);
    mounts.run(arguments, &variables)
}

fn metric(done: &Done, name: &str) -> f64 {
    let file = done.json("analysis.json");
    let metrics = file["post_training_bias_metrics"]["facets"]["Sex"][0]["metrics"].clone();
    let found = metrics.as_array().into_iter().flatten().find(|metric| metric["name"] == name).cloned();
    found.and_then(|metric| metric["value"].as_f64()).unwrap_or_else(|| panic!("no {name} in {file}"))
}

/// DPPL and DI of the model's answers with this threshold, Sex 0 against the rest.
fn expected(rows: &[(u8, usize, usize)], threshold: f64) -> [f64; 2] {
    let share = |sex: usize| {
        let of: Vec<bool> =
            rows.iter().filter(|row| row.2 == sex).map(|(_, age, sex)| score(*age, *sex) > threshold).collect();
        of.iter().filter(|is_positive| **is_positive).count() as f64 / of.len() as f64
    };
    [share(1) - share(0), share(0) / share(1)]
}

#[track_caller]
fn assert_is(done: &Done, expected: [f64; 2]) {
    done.succeeded();
    for (name, expected) in ["DPPL", "DI"].into_iter().zip(expected) {
        assert!((metric(done, name) - expected).abs() < 1e-12, "{name}: {} {expected}", metric(done, name));
    }
}

#[test]
fn the_configuration_of_awss_notebook_runs_unchanged_against_a_model() {
    let model = Model::of_rows(answer);
    let done = run(&mounts(&config(), table(400)), Some(&model), &[], &[]);
    assert_is(&done, expected(&rows(400), 0.5));
    let file = done.json("analysis.json");
    let n = |key: &str| file[key]["facets"]["Sex"][0]["metrics"].as_array().map_or(0, Vec::len);
    assert_eq!((n("pre_training_bias_metrics"), n("post_training_bias_metrics")), (8, 13));
    let calls = &done.report()["bias"]["calls"];
    assert_eq!((calls["wanted"].as_u64(), calls["predictions"].as_u64()), (Some(50), Some(50)), "different rows");
    assert!(done.report().get("warnings").is_none(), "{}", done.report());
}

#[test]
fn thresholds_labels_and_lists_of_scores_are_told_apart() {
    let whole = |threshold: f64| expected(&rows(400), threshold);
    let of = |config: Value, answer: fn(&[&str]) -> String| {
        run(&mounts(&config, table(400)), Some(&Model::of_rows(answer)), &[], &[])
    };
    assert_is(&of(with(config(), "probability_threshold", json!(0.4)), answer), whole(0.4));
    assert_is(&of(with(config(), "probability_threshold", Value::Null), answer), whole(0.5));
    let label: fn(&[&str]) -> String =
        |cells| u8::from(answer(cells).parse::<f64>().expect("a score") > 0.3).to_string();
    assert_is(&of(with(config(), "probability_threshold", Value::Null), label), whole(0.3));
    let both: fn(&[&str]) -> String = |cells| {
        let score = answer(cells).parse::<f64>().expect("a score");
        format!("{},{score}", 1.0 - score)
    };
    assert_is(&of(with(config(), "probability_threshold", Value::Null), both), whole(0.5));
}

#[test]
fn captures_without_predictions_are_predicted_with_their_labels_beside_them() {
    let model = Model::of_rows(answer);
    let baseline = run(&mounts(&config(), table(400)), Some(&model), &[], &[]);
    let mounts = Mounts::new();
    let (mut captures, mut labels) = (String::new(), String::new());
    for (i, (label, age, sex)) in rows(60).into_iter().enumerate() {
        let side = |data: String| json!({"observedContentType": "text/csv", "data": data, "encoding": "CSV"});
        let input = side(format!("{age},{sex}"));
        let capture = json!({
            "captureData": {"endpointInput": input}, "eventMetadata": {"eventId": format!("e{i}")}, "eventVersion": "0",
        });
        let truth = json!({
            "groundTruthData": {"data": label.to_string(), "encoding": "CSV"},
            "eventMetadata": {"eventId": format!("e{i}")}, "eventVersion": "0",
        });
        writeln!(captures, "{capture}").expect("text");
        writeln!(labels, "{truth}").expect("text");
    }
    mounts.place_beside(&format!("{DATA}/endpoint/AllTraffic/2026/05/04/09/a.jsonl"), captures);
    mounts.place_beside("processing/groundtruth/2026/05/04/09/a.jsonl", labels);
    let mut config = config();
    config.as_object_mut().expect("an object").remove("dataset_type");
    mounts.place_beside(CONFIG, config.to_string());
    mounts.place_beside("processing/baseline/analysis.json", &baseline.files["analysis.json"]);
    let place = |path: &str| mounts.root().join(path).display().to_string();
    let (truth, constraints) = (place("processing/groundtruth"), place("processing/baseline/analysis.json"));
    let variables = [
        ("dataset_format", r#"{"sagemakerCaptureJson":{}}"#),
        ("ground_truth_source", truth.as_str()),
        ("baseline_constraints", constraints.as_str()),
    ];
    let done = run(&mounts, Some(&model), &variables, &[]);
    assert_is(&done, expected(&rows(60), 0.5));
    let again = run(&mounts, Some(&model), &variables, &["--threads", "1"]);
    assert_eq!(done.files["analysis.json"], again.files["analysis.json"]);
}

#[test]
fn rows_that_the_model_refuses_are_in_no_metric_and_told() {
    let is_refused = |line: &str| line.starts_with("20,");
    let model = Model::start(move |_, request: &Request| match request.body.lines().any(is_refused) {
        true => Some((400, "too young".into())),
        false => Some((200, scored(&request.body, answer))),
    });
    let done = run(&mounts(&config(), table(400)), Some(&model), &[], &[]);
    let others: Vec<_> = rows(400).into_iter().filter(|row| row.1 != 20).collect();
    assert_is(&done, expected(&others, 0.5));
    let message = done.message.clone().expect("a message");
    assert!(message.ends_with("Warnings: MM-BIAS-103."), "{message}");
    let told = [done.report().to_string(), done.stderr, message].concat();
    assert!(told.contains("HTTP status 400 with one line of text") && !told.contains("too young"), "{told}");
}

#[test]
fn a_model_that_fails_fails_the_job_and_its_budget_is_never_exceeded() {
    let data = || mounts(&config(), table(400));
    let down = run(&data(), None, &[("MODEL_MONITOR_MODEL_URL", "http://127.0.0.1:9")], &["--model-timeout", "1"]);
    down.failed(4, "MM-MODEL-001");
    assert_eq!(down.report()["error"]["code"], "MM-MODEL-001");
    let model = Model::of_rows(answer);
    run(&data(), Some(&model), &[], &["--max-predictions", "49"]).failed(2, "MM-MODEL-006");
    assert_eq!(model.n_requests(), 0);
    let words = Model::of_rows(|_| "maybe".to_owned());
    run(&data(), Some(&words), &[], &[]).failed(4, "MM-MODEL-005");
    let refuses = Model::start(|_, _| Some((400, "no".into())));
    run(&data(), Some(&refuses), &[], &[]).failed(4, "MM-MODEL-003");
}

#[test]
fn what_no_model_can_be_asked_for_is_a_warning_or_where_nothing_else_is_asked_for_a_failure() {
    let endpoint = with(config(), "predictor", json!({"endpoint_name": "in-use"}));
    let done = run(&mounts(&endpoint, table(400)), None, &[], &[]);
    done.succeeded();
    assert!(done.message.clone().expect("a message").contains("Warnings: MM-BIAS-102."), "{:?}", done.message);
    assert!(done.stdout.starts_with("Completed with warnings: "), "{}", done.stdout);
    assert!(done.report().to_string().contains("MM-MODEL-007"), "{}", done.report());
    // As AWS's step for pipelines writes it, which names the model elsewhere.
    let mut step = with(config(), "predictor", json!({"content_type": "text/csv"}));
    step["methods"] = json!({"post_training_bias": {"methods": "all"}, "report": {"name": "r"}});
    run(&mounts(&step, table(400)), None, &[], &[]).failed(2, "MM-BIAS-008");
    let done = run(&mounts(&step, table(400)), Some(&Model::of_rows(answer)), &[], &[]);
    assert_is(&done, expected(&rows(400), 0.5));
    assert!(done.json("analysis.json").get("pre_training_bias_metrics").is_none(), "it was not asked for");
}

#[test]
fn predictions_that_do_not_fit_into_memory_are_refused() {
    let text: String = (0..400_000).map(|i| format!("{},{},{}\n", i % 2, i, (i / 2) % 2)).collect();
    let done = run(&mounts(&config(), text), Some(&Model::of_rows(answer)), &[], &["--memory-limit", "64MB"]);
    done.failed(6, "MM-RESOURCE-001");
}
