//! Jobs of feature attribution whose model is linear, and what they must find.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::fmt::Write;

use serde_json::{Value, json};

use crate::job::{Done, Mounts};
use crate::model::Model;

pub const CONFIG: &str = "processing/input/config/analysis_config.json";
pub const DATA: &str = "processing/input/data";
pub const FEATURES: [&str; 4] = ["a", "b", "c", "word"];
/// What a unit of `a`, `b` and `c` is worth to the model; the word `yes` is worth [`OF_WORD`].
pub const WEIGHTS: [f64; 3] = [2.0, -1.0, 0.25];
pub const OF_WORD: f64 = 1.5;
/// The row that stands for absent features.
pub const REFERENCE: [f64; 3] = [1.0, 2.0, 0.0];

/// A linear model: the attribution of a feature is its weight times its distance from the reference row.
pub fn linear(cells: &[&str]) -> String {
    let number = |place: usize| cells[place].parse::<f64>().expect("a number");
    let sum: f64 = (0..3).map(|place| WEIGHTS[place] * number(place)).sum();
    (sum + if cells[3] == "yes" { OF_WORD } else { 0.0 }).to_string()
}

/// Rows of numbers in quarters and a word, drawn by a fixed rule; `scale` is what `a` is multiplied by.
pub fn rows(n: usize, scale: f64) -> Vec<([f64; 3], &'static str)> {
    let part = |i: usize, step: usize| ((i * step) % 97) as f64 / 4.0 - 12.0;
    let row = |i| ([part(i, 31) * scale, part(i, 17), part(i, 59)], if i % 3 == 0 { "yes" } else { "no" });
    (0..n).map(row).collect()
}

pub fn table(n: usize) -> String {
    let mut text = FEATURES.join(",") + ",score\n";
    for ([a, b, c], word) in rows(n, 1.0) {
        writeln!(text, "{a},{b},{c},{word},0.5").expect("text");
    }
    text
}

pub fn captures(n: usize, scale: f64) -> String {
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
pub fn expected(n: usize, scale: f64) -> Vec<f64> {
    let rows = rows(n, scale);
    let moved = |place: usize| {
        let of = |row: &([f64; 3], &str)| (WEIGHTS[place] * (row.0[place] - REFERENCE[place])).abs();
        rows.iter().map(of).sum::<f64>() / n as f64
    };
    let n_words = rows.iter().filter(|(_, word)| *word == "yes").count();
    [moved(0), moved(1), moved(2), OF_WORD * n_words as f64 / n as f64].to_vec()
}

pub fn config(more: Value) -> Value {
    let mut config = json!({
        "version": "1.0",
        "methods": {"shap": {"baseline": [[1, 2, 0, "no"]], "agg_method": "mean_abs"}},
        "predictor": {"content_type": "text/csv", "accept_type": "text/csv"},
    });
    merge(&mut config, more);
    config
}

pub fn merge(into: &mut Value, more: Value) {
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
pub fn of_table(n: usize, more: Value) -> Mounts {
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
pub fn of_captures(n: usize, scale: f64, baseline: Option<&Done>, more: Value) -> Mounts {
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

pub fn variables(mounts: &Mounts, model: Option<&Model>, is_monitored: bool) -> Vec<(&'static str, String)> {
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

pub fn run(mounts: &Mounts, model: Option<&Model>, is_monitored: bool, arguments: &[&str]) -> Done {
    let variables = variables(mounts, model, is_monitored);
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    mounts.run(arguments, &variables)
}

pub fn baseline(model: &Model, n: usize) -> Done {
    let done = run(&of_table(n, json!({})), Some(model), false, &[]);
    done.succeeded();
    done
}

pub fn global(done: &Done) -> Vec<f64> {
    let file = done.json("analysis.json");
    let values = &file["explanations"]["kernel_shap"]["label0"]["global_shap_values"];
    FEATURES.map(|name| values[name].as_f64().unwrap_or_else(|| panic!("no {name} in {file}"))).to_vec()
}

#[track_caller]
pub fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
    }
}
