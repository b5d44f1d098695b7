//! Feature attribution through the program itself: baselines, hours, budgets, and every way to a model that there is.

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
const FEATURES: [&str; 4] = ["a", "b", "c", "word"];
/// What a unit of `a`, `b` and `c` is worth to the model; the word `yes` is worth [`OF_WORD`].
const WEIGHTS: [f64; 3] = [2.0, -1.0, 0.25];
const OF_WORD: f64 = 1.5;
/// The row that stands for absent features.
const REFERENCE: [f64; 3] = [1.0, 2.0, 0.0];

/// A linear model: the attribution of a feature is its weight times its distance from the reference row.
fn linear(cells: &[&str]) -> String {
    let number = |place: usize| cells[place].parse::<f64>().expect("a number");
    let sum: f64 = (0..3).map(|place| WEIGHTS[place] * number(place)).sum();
    (sum + if cells[3] == "yes" { OF_WORD } else { 0.0 }).to_string()
}

/// Rows of numbers in quarters and a word, drawn by a fixed rule; `scale` is what `a` is multiplied by.
fn rows(n: usize, scale: f64) -> Vec<([f64; 3], &'static str)> {
    let part = |i: usize, step: usize| ((i * step) % 97) as f64 / 4.0 - 12.0;
    let row = |i| ([part(i, 31) * scale, part(i, 17), part(i, 59)], if i % 3 == 0 { "yes" } else { "no" });
    (0..n).map(row).collect()
}

fn table(n: usize) -> String {
    let mut text = FEATURES.join(",") + ",score\n";
    for ([a, b, c], word) in rows(n, 1.0) {
        writeln!(text, "{a},{b},{c},{word},0.5").expect("text");
    }
    text
}

fn captures(n: usize, scale: f64) -> String {
    let mut text = String::new();
    for (i, ([a, b, c], word)) in rows(n, scale).into_iter().enumerate() {
        let side = |data: String| json!({"observedContentType": "text/csv", "data": data, "encoding": "CSV"});
        let record = json!({
            "captureData": {"endpointInput": side(format!("{a},{b},{c},{word}")), "endpointOutput": side("0.5".into())},
            "eventMetadata": {"eventId": format!("e{i}"), "inferenceTime": "2026-05-04T09:10:00Z"},
            "eventVersion": "0",
        });
        writeln!(text, "{record}").expect("text");
    }
    text
}

/// Mean |φ| of the linear model over the rows.
fn expected(n: usize, scale: f64) -> Vec<f64> {
    let rows = rows(n, scale);
    let moved = |place: usize| {
        let of = |row: &([f64; 3], &str)| (WEIGHTS[place] * (row.0[place] - REFERENCE[place])).abs();
        rows.iter().map(of).sum::<f64>() / n as f64
    };
    let n_words = rows.iter().filter(|(_, word)| *word == "yes").count();
    [moved(0), moved(1), moved(2), OF_WORD * n_words as f64 / n as f64].to_vec()
}

fn config(more: Value) -> Value {
    let mut config = json!({
        "version": "1.0",
        "methods": {"shap": {"baseline": [[1, 2, 0, "no"]], "agg_method": "mean_abs"}},
        "predictor": {"content_type": "text/csv", "accept_type": "text/csv"},
    });
    merge(&mut config, more);
    config
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

/// Mounts of a baseline's job.
fn of_table(n: usize, more: Value) -> Mounts {
    let mounts = Mounts::new();
    mounts.place_beside(&format!("{DATA}/table.csv"), table(n));
    let table =
        json!({"dataset_type": "text/csv", "headers": ["a", "b", "c", "word", "score"], "predicted_label": "score"});
    let mut config = config(table);
    merge(&mut config, more);
    mounts.place_beside(CONFIG, config.to_string());
    mounts
}

/// Mounts of an hour's job, with the baseline's file.
fn of_captures(n: usize, scale: f64, baseline: Option<&Done>, more: Value) -> Mounts {
    let mounts = Mounts::new();
    mounts.place_beside(&format!("{DATA}/endpoint/AllTraffic/2026/05/04/09/00-00-1.jsonl"), captures(n, scale));
    let mut config = config(json!({"headers": FEATURES}));
    merge(&mut config, more);
    mounts.place_beside(CONFIG, config.to_string());
    if let Some(baseline) = baseline {
        mounts.place_beside("processing/baseline/constraints/analysis.json", &baseline.files["analysis.json"]);
    }
    mounts
}

fn variables(mounts: &Mounts, model: Option<&Model>, is_monitored: bool) -> Vec<(&'static str, String)> {
    let shown = |path: &str| mounts.root().join(path).display().to_string();
    let mut variables = vec![("dataset_source", shown(DATA)), ("output_path", shown("processing/output"))];
    if let Some(model) = model {
        variables.push(("MODEL_MONITOR_MODEL_URL", model.url.clone()));
    }
    if is_monitored {
        variables.push(("baseline_constraints", shown("processing/baseline/constraints/analysis.json")));
        variables.push(("dataset_format", r#"{"sagemakerCaptureJson":{}}"#.to_owned()));
        variables.push(("publish_cloudwatch_metrics", "Enabled".to_owned()));
        variables.push(("sagemaker_endpoint_name", "endpoint".to_owned()));
        variables.push(("sagemaker_monitoring_schedule_name", "hourly".to_owned()));
    }
    variables
}

fn run(mounts: &Mounts, model: Option<&Model>, is_monitored: bool, arguments: &[&str]) -> Done {
    let variables = variables(mounts, model, is_monitored);
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    mounts.run(arguments, &variables)
}

fn baseline(model: &Model, n: usize) -> Done {
    let done = run(&of_table(n, json!({})), Some(model), false, &[]);
    done.succeeded();
    done
}

fn global(done: &Done) -> Vec<f64> {
    let file = done.json("analysis.json");
    let values = &file["explanations"]["kernel_shap"]["label0"]["global_shap_values"];
    FEATURES.map(|name| values[name].as_f64().unwrap_or_else(|| panic!("no {name} in {file}"))).to_vec()
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
    }
}

#[test]
fn a_linear_model_is_explained_by_its_weights() {
    let model = Model::of_rows(linear);
    let done = baseline(&model, 120);
    assert_near(&global(&done), &expected(120, 1.0));
    let file = done.json("analysis.json");
    assert_near(&[file["explanations"]["kernel_shap"]["label0"]["expected_value"].as_f64().expect("a number")], &[0.0]);
    assert!(done.files.keys().all(|name| !name.contains("violations")), "a baseline has no violations");
    assert_eq!(done.report()["monitor"], "attribution");
}

#[test]
fn an_hour_like_the_baseline_is_quiet_and_another_one_is_not() {
    let model = Model::of_rows(linear);
    let baseline = baseline(&model, 200);
    let quiet =
        run(&of_captures(150, 1.0, Some(&baseline), json!({})), Some(&model), true, &["--verdict", "statistical"]);
    quiet.succeeded();
    assert_near(&global(&quiet), &expected(150, 1.0));
    assert_eq!(quiet.json("constraint_violations.json")["violations"], json!([]));
    // `a` hardly differs any more: what mattered most matters least.
    let mounts =
        of_captures(150, 0.001, Some(&baseline), json!({"methods": {"shap": {"baseline": [[0, 2, 0, "no"]]}}}));
    let loud = run(&mounts, Some(&model), true, &[]);
    loud.succeeded();
    let violations = loud.json("constraint_violations.json");
    let violation = &violations["violations"][0];
    assert_eq!(violation["label"], "label0");
    assert_eq!(violation["metric_name"], "shap");
    assert_eq!(violation["constraint_check_type"], "feature_attribution_drift_check");
    let text = violation["description"].as_str().expect("text");
    assert!(text.starts_with("Feature attribution drift 0.") && text.ends_with(" exceeds threshold 0.9"), "{text}");
    assert!(loud.message().starts_with("CompletedWithViolations: "), "{}", loud.message());
    let loud = run(&mounts, Some(&model), true, &["--verdict", "statistical"]);
    let text = loud.succeeded().json("constraint_violations.json").to_string();
    assert!(text.contains("\\\"a\\\"") || text.contains(" a ") || text.contains("feature a"), "{text}");
    let metrics = loud.metrics.expect("metrics");
    for name in ["feature_a", "feature_word", "ExpectedValue"] {
        assert!(metrics.contains(&format!("\"MetricName\":\"{name}\"")), "{name}: {metrics}");
    }
}

#[test]
fn threads_batches_and_concurrency_change_nothing() {
    let model = Model::of_rows(linear);
    let first = baseline(&model, 90);
    for arguments in [
        ["--threads", "1", "--model-batch-rows", "1", "--model-concurrency", "9"],
        ["--threads", "4", "--model-batch-rows", "7", "--model-concurrency", "1"],
    ] {
        let again = run(&of_table(90, json!({})), Some(&model), false, &arguments);
        again.succeeded();
        assert_eq!(again.files["analysis.json"], first.files["analysis.json"], "{arguments:?}");
    }
}

#[test]
fn rows_are_a_sample_where_the_budget_is_small_and_equal_rows_are_asked_once() {
    let model = Model::of_rows(linear);
    let done = run(&of_table(97, json!({})), Some(&model), false, &["--max-predictions", "601"]);
    done.succeeded();
    let report = done.report();
    assert!(report["warnings"].to_string().contains("MM-ATTRIBUTION-103"), "{report}");
    let number = |place: &str| report["attribution"].pointer(place).and_then(Value::as_u64).expect("a number");
    // A row takes itself and 14 coalitions, or 6 where its word is that of the reference row.
    assert!((40..86).contains(&number("/coverage/explained")), "{report}");
    assert_eq!(number("/coverage/rows"), 97);
    assert!((587..=601).contains(&number("/calls/wanted")), "{report}");
    run(&of_table(97, json!({})), Some(&model), false, &["--max-predictions", "7"]).failed(2, "MM-MODEL-006");
    let n_before = model.n_requests();
    // Rows repeat after 97 × 3: many more cost nothing more.
    let all = run(&of_table(2_910, json!({})), Some(&model), false, &["--max-predictions", "4500"]);
    all.succeeded();
    assert!(model.n_requests() - n_before <= 6);
    assert_near(&global(&all), &expected(2_910, 1.0));
}

/// Runs a baseline against a model and gives what it did.
fn against(answer: impl Fn(u64, &Request) -> Option<model::Answer> + Send + Sync + 'static, more: &[&str]) -> Done {
    let model = Model::start(answer);
    let arguments = [&["--model-timeout", "1", "--model-batch-rows", "50"], more].concat();
    let done = run(&of_table(60, json!({})), Some(&model), false, &arguments);
    let results: Vec<&String> = done.files.keys().filter(|name| *name != "model_monitor_report.json").collect();
    assert!(done.exit == Some(0) || results.is_empty(), "a failed run left {results:?}");
    done
}

#[test]
fn what_is_wrong_with_a_model_has_its_code() {
    let down = run(&of_table(60, json!({})), None, false, &["--model-url", "http://127.0.0.1:9"]);
    down.failed(4, "MM-MODEL-001");
    against(|_, _| Some((500, "out of memory".into())), &[]).failed(4, "MM-MODEL-001");
    against(|_, request| Some((200, scored(&request.body, |_| "maybe".into()))), &[]).failed(4, "MM-MODEL-005");
    against(|_, _| Some((200, "0.5\n".into())), &[]).failed(4, "MM-MODEL-004");
    against(|_, request| Some((200, scored(&request.body, |_| "nan".into()))), &[]).failed(4, "MM-MODEL-005");
    // The first answers are fine; then one never comes.
    let in_the_middle =
        |n: u64, request: &Request| if n < 4 { Some((200, scored(&request.body, linear))) } else { model::sleep() };
    against(in_the_middle, &[]).failed(4, "MM-MODEL-002");
    let cut = |n: u64, request: &Request| (n < 4).then(|| (200, scored(&request.body, linear)));
    against(cut, &[]).failed(4, "MM-MODEL-001");
    let of_two = |n: u64, request: &Request| {
        Some((200, scored(&request.body, |cells| if n < 4 { linear(cells) } else { "0.1,0.9".into() })))
    };
    against(of_two, &[]).failed(4, "MM-MODEL-004");
}

#[test]
fn rows_that_a_model_refuses_are_counted_and_the_others_explained() {
    // It knows no `b` above 11, not even in a batch.
    let is_refused = |line: &str| line.split(',').nth(1).is_some_and(|b| b.parse::<f64>().is_ok_and(|b| b > 11.0));
    let done = against(
        move |_, request| match request.body.lines().any(is_refused) {
            true => Some((400, "b is out of range".into())),
            false => Some((200, scored(&request.body, linear))),
        },
        &[],
    );
    done.succeeded();
    let report = done.report().to_string();
    assert!(report.contains("MM-ATTRIBUTION-104"), "{report}");
    against(|_, _| Some((400, "no".into())), &[]).failed(4, "MM-ATTRIBUTION-002");
}

#[test]
fn what_is_wrong_with_a_job_has_its_code() {
    let model = Model::of_rows(linear);
    run(&of_table(60, json!({})), None, false, &[]).failed(2, "MM-MODEL-009");
    let named = json!({"predictor": {"endpoint_name": "in-use"}});
    run(&of_table(60, named), None, false, &[]).failed(2, "MM-MODEL-007");
    let narrow = json!({"methods": {"shap": {"baseline": [[1, 2, 0]]}}});
    run(&of_table(60, narrow), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-002");
    let unknown = json!({"methods": {"shap": {"features_to_explain": ["z"]}}});
    run(&of_table(60, unknown), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-003");
    let logit = json!({"methods": {"shap": {"use_logit": true}}});
    run(&of_table(60, logit), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-001");
    let mounts = of_captures(60, 1.0, None, json!({}));
    mounts.place_beside(
        "processing/baseline/constraints/analysis.json",
        r#"{"version":"1.0","pre_training_bias_metrics":{"facets":{}}}"#,
    );
    run(&mounts, Some(&model), true, &[]).failed(2, "MM-BASELINE-002");
}

#[test]
fn without_baseline_rows_the_data_gives_them_and_the_next_run_takes_them_from_the_baseline() {
    let model = Model::of_rows(linear);
    let clusters = json!({"methods": {"shap": {"baseline": null, "num_clusters": 3}}});
    let first = run(&of_table(200, clusters.clone()), Some(&model), false, &[]);
    first.succeeded();
    assert!(first.files.contains_key("explanations_shap/baseline.csv"), "{:?}", first.files.keys());
    let again = run(&of_table(200, clusters), Some(&model), false, &["--threads", "1"]);
    assert_eq!(again.files["analysis.json"], first.files["analysis.json"]);
    let shap = json!({"methods": {"shap": {"baseline": null}}});
    let hour = run(&of_captures(100, 1.0, Some(&first), shap), Some(&model), true, &[]);
    hour.succeeded();
    let expected_value =
        |done: &Done| done.json("analysis.json")["explanations"]["kernel_shap"]["label0"]["expected_value"].clone();
    assert_eq!(expected_value(&hour), expected_value(&first), "the same rows stand for absent features");
}

#[test]
fn attributions_in_captured_answers_need_no_model() {
    let mounts = Mounts::new();
    let mut text = String::new();
    for i in 0..50_u32 {
        let feature = |name: &str, value: f64| json!({"feature_header": name, "feature_type": "numerical", "attributions": [{"attribution": [value]}]});
        let answer = json!({
            "version": "1.0",
            "predictions": {"content_type": "text/csv", "data": "0.5"},
            "explanations": {"kernel_shap": [[feature("a", f64::from(i)), feature("b", -1.0)]]},
        });
        let record = json!({
            "captureData": {
                "endpointInput": {"observedContentType": "text/csv", "data": "1,2", "encoding": "CSV"},
                "endpointOutput": {"observedContentType": "application/json", "data": answer.to_string(), "encoding": "JSON"},
            },
            "eventMetadata": {"eventId": format!("e{i}"), "inferenceTime": "2026-05-04T09:10:00Z"},
            "eventVersion": "0",
        });
        writeln!(text, "{record}").expect("text");
    }
    mounts.place_beside(&format!("{DATA}/e/AllTraffic/2026/05/04/09/1.jsonl"), text);
    mounts.place_beside(CONFIG, r#"{"version":"1.0","methods":{"shap":{}}}"#);
    let source = mounts.root().join(DATA).display().to_string();
    let done = mounts.run(&[], &[("dataset_format", r#"{"sagemakerCaptureJson":{}}"#), ("dataset_source", &source)]);
    done.succeeded();
    let values = &done.json("analysis.json")["explanations"]["kernel_shap"]["label0"]["global_shap_values"];
    assert_eq!((values["a"].as_f64(), values["b"].as_f64()), (Some(24.5), Some(1.0)));
}

#[test]
fn json_models_are_asked_by_their_templates() {
    let more = json!({"predictor": {
        "content_type": "application/json", "accept_type": "application/json", "probability": "answers[*].p",
        "content_template": "{\"rows\":$records}",
        "record_template": "{\"a\":\"${a}\",\"others\":{\"b\":\"${b}\",\"c\":\"${c}\",\"word\":\"${word}\"}}",
    }});
    let model = Model::start(|_, request| {
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let score = |row: &Value| {
            let of = |value: &Value| value.as_f64().expect("a number").to_string();
            let cells = [of(&row["a"]), of(&row["others"]["b"]), of(&row["others"]["c"])];
            let word = row["others"]["word"].as_str().expect("a word");
            json!({"p": linear(&[&cells[0], &cells[1], &cells[2], word]).parse::<f64>().expect("a number")})
        };
        assert_eq!(request.content_type.as_deref(), Some("application/json"));
        Some((
            200,
            json!({"answers": body["rows"].as_array().expect("rows").iter().map(score).collect::<Vec<_>>()})
                .to_string(),
        ))
    });
    let done = run(&of_table(60, more), Some(&model), false, &[]);
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
}

#[test]
fn partial_dependence_of_a_linear_model_is_a_line() {
    let model = Model::of_rows(linear);
    let more = json!({"methods": {"pdp": {"features": ["a", "word"], "grid_resolution": 5}}});
    let done = run(&of_table(97, more), Some(&model), false, &[]);
    done.succeeded();
    let file = done.json("analysis.json");
    let pdp = file["explanations"]["pdp"].as_array().expect("pdp");
    let of =
        |name: &str| pdp.iter().find(|one| one["feature_name"] == name).unwrap_or_else(|| panic!("no {name}: {file}"));
    let (a, word) = (of("a"), of("word"));
    assert_eq!((&a["data_type"], &word["data_type"]), (&json!("numerical"), &json!("categorical")));
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().expect("numbers").iter().map(|x| x.as_f64().expect("a number")).collect()
    };
    let (values, predictions) = (numbers(&a["feature_values"]), numbers(&a["model_predictions"][0]));
    assert_eq!(values.len(), 5);
    for (i, value) in values.iter().enumerate().skip(1) {
        assert_near(&[predictions[i] - predictions[0]], &[WEIGHTS[0] * (value - values[0])]);
    }
    let predictions = numbers(&word["model_predictions"][0]);
    assert_near(&[(predictions[0] - predictions[1]).abs()], &[OF_WORD]);
}

/// A stub of SageMaker: endpoints are made at once and answer like the linear model.
fn sagemaker(answers: impl Fn(u64) -> bool + Send + Sync + 'static) -> Model {
    Model::start(move |n, request| {
        if request.path.ends_with("/invocations") {
            return if answers(n) { Some((200, scored(&request.body, linear))) } else { model::sleep() };
        }
        let operation = request.target.as_deref().and_then(|target| target.split('.').next_back()).unwrap_or_default();
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/x";
        let body = match operation {
            "CreateEndpointConfig" => json!({"EndpointConfigArn": arn}),
            "CreateEndpoint" => json!({"EndpointArn": arn}),
            "DescribeEndpoint" => json!({
                "EndpointName": "x", "EndpointArn": arn, "EndpointConfigName": "of-the-endpoint",
                "EndpointStatus": "InService", "CreationTime": 1.7e9, "LastModifiedTime": 1.7e9,
            }),
            "DescribeEndpointConfig" => json!({
                "EndpointConfigName": "of-the-endpoint", "EndpointConfigArn": arn, "CreationTime": 1.7e9,
                "ProductionVariants": [{"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}],
            }),
            _ => json!({}),
        };
        Some((200, body.to_string()))
    })
}

fn aws(service: &Model) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", service.url.clone()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
    ]
}

fn environment<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn operations(service: &Model) -> Vec<String> {
    let requests = service.requests();
    let made = ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"];
    let named = requests.iter().filter_map(|request| request.split('.').next_back().map(str::to_owned));
    named.filter(|name| made.contains(&name.as_str())).collect()
}

#[test]
fn an_endpoint_is_made_of_a_model_asked_and_deleted() {
    let service = sagemaker(|_| true);
    let more = json!({"predictor": {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}});
    let mounts = of_table(60, more);
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    let done = mounts.run(&[], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    assert_eq!(
        operations(&service),
        ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"]
    );
}

#[test]
fn a_schedule_without_a_predictor_makes_an_endpoint_of_the_watched_ones_model() {
    let service = sagemaker(|_| true);
    let baseline = baseline(&Model::of_rows(linear), 120);
    let mounts = of_captures(60, 1.0, Some(&baseline), json!({}));
    let pairs = [variables(&mounts, None, true), aws(&service)].concat();
    let done = mounts.run(&[], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    let asked: Vec<String> =
        service.requests().into_iter().filter(|request| request.contains("/invocations")).collect();
    assert!(!asked.is_empty() && asked.iter().all(|request| !request.contains("/endpoints/endpoint/")), "{asked:?}");
    assert_eq!(operations(&service).len(), 4);
}

#[test]
fn a_stopped_job_deletes_its_endpoint() {
    // The first rows are answered, then the model hangs.
    let service = sagemaker(|n| n < 4);
    let more = json!({"predictor": {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}});
    let mounts = of_table(60, more);
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    let child = mounts.start(&["--model-batch-rows", "20"], &environment(&pairs));
    while !service.requests().iter().any(|request| request.contains("/invocations")) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
    let done = mounts.done(&child.wait_with_output().expect("output"));
    done.failed(143, "MM-STOPPED-002");
    assert_eq!(
        operations(&service),
        ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"]
    );
}

#[test]
fn an_endpoint_in_use_is_asked_only_when_that_is_allowed() {
    let service = sagemaker(|_| true);
    let mounts = of_table(60, json!({"predictor": {"endpoint_name": "in-use"}}));
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    mounts.run(&[], &environment(&pairs)).failed(2, "MM-MODEL-007");
    assert_eq!(service.n_requests(), 0);
    let done = mounts.run(&["--call-endpoint"], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    assert!(service.requests().iter().all(|request| request == "POST /endpoints/in-use/invocations"));
}
