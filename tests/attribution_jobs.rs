//! Feature attribution through the program itself: baselines, hours, budgets, and what is found.

#[path = "support/attribution_job.rs"]
mod attribution_job;
#[path = "support/job.rs"]
mod job;
#[path = "support/model.rs"]
mod model;

use std::fmt::Write;

use attribution_job::*;
use job::{Done, Mounts};
use model::Model;
use serde_json::{Value, json};

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

#[test]
fn partial_dependence_alone_is_a_result_of_its_own() {
    let model = Model::of_rows(linear);
    let mounts = of_table(97, json!({}));
    let mut config = config(json!({
        "dataset_type": "text/csv", "headers": ["a", "b", "c", "word", "score"], "predicted_label": "score",
    }));
    config["methods"] = json!({"pdp": {"features": ["a"], "grid_resolution": 5}});
    mounts.place_beside(CONFIG, config.to_string());
    let done = run(&mounts, Some(&model), false, &[]);
    done.succeeded();
    assert_eq!(done.message(), "Completed: Job completed successfully with no violations.");
    let explanations = &done.json("analysis.json")["explanations"];
    assert_eq!(explanations["pdp"].as_array().map(Vec::len), Some(1));
    assert_eq!(explanations.as_object().map(|of| of.len()), Some(1), "{explanations}");
    let report = done.report();
    assert_eq!((&report["attribution"]["coverage"], report.get("warnings")), (&Value::Null, None));
    run(&mounts, Some(&model), false, &["--max-predictions", "5"]).failed(2, "MM-MODEL-006");
}

#[test]
fn baseline_rows_are_read_as_what_their_file_is() {
    let model = Model::of_rows(linear);
    let rows = [
        ("rows.csv", "1,2,0,no\n1,2,0,no\n"),
        ("named.csv", "word,c,b,a\nno,0,2,1\n"),
        ("rows.jsonl", "{\"word\":\"no\",\"a\":1,\"b\":2,\"c\":0}\n"),
    ];
    for (name, text) in rows {
        let beside = Mounts::new();
        let place = beside.place_beside(name, text).display().to_string();
        let done = run(&of_table(60, json!({"methods": {"shap": {"baseline": place}}})), Some(&model), false, &[]);
        done.succeeded();
        assert_near(&global(&done), &expected(60, 1.0));
    }
}
