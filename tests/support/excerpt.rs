//! What is compared of a run's outputs in the golden cases; the files themselves have tests of their own.

use serde_json::{Value, json};

use super::job::Done;

/// The part of all outputs that a case compares, by the monitor; the results of each variant where there are several.
pub fn excerpt(done: &Done) -> Value {
    let mut excerpt = excerpt_of_all(done);
    if done.files.contains_key("model_monitor_report.json")
        && let Some(segments) = done.report().get("segments")
    {
        excerpt["segments"] = segments.as_array().into_iter().flatten().map(segment_excerpt).collect();
    }
    excerpt
}

fn segment_excerpt(segment: &Value) -> Value {
    let mut excerpt = segment.clone();
    if let Some(quality) = segment.get("quality") {
        let metrics = quality["metrics"].as_array().into_iter().flatten();
        let known = metrics.filter(|metric| metric["value"].is_number());
        excerpt["quality"] = known.map(|metric| json!([metric["metric"], metric["value"]])).collect();
    }
    let features = segment["features"].as_array().into_iter().flatten();
    let measured = features.flat_map(|feature| {
        let judged = feature["measurements"].as_array().into_iter().flatten().filter(|one| !one["violated"].is_null());
        judged.map(|one| json!([feature["name"], one["measure"], one["value"], one["violated"]])).collect::<Vec<_>>()
    });
    excerpt["features"] = measured.collect();
    excerpt
}

fn excerpt_of_all(done: &Done) -> Value {
    let names: Vec<&String> = done.files.keys().collect();
    if !done.files.contains_key("model_monitor_report.json") {
        let is_merged = |file: &&String| file.ends_with(".jsonl");
        let merged = names.iter().filter(|file| is_merged(file)).map(|file| lines(&done.files[*file]));
        let merged: Vec<Vec<Value>> = merged.collect();
        return if merged.is_empty() { json!({ "files": names }) } else { json!({ "files": names, "merged": merged }) };
    }
    let report = done.report();
    if report["monitor"] == "model_quality" {
        return quality_excerpt(done, &report);
    }
    if report["monitor"] == "bias" {
        let mut excerpt = json!({
            "files": names,
            "outcome": report["outcome"],
            "error": report["error"],
            "ledger": report["ledger"],
            "warnings": report["warnings"],
            "intersections": report["bias"]["intersections"],
            "performance": report["bias"]["performance"],
            "analysis": done.files.contains_key("analysis.json").then(|| done.json("analysis.json")),
            "violations": done.files.contains_key("constraint_violations.json").then(|| done.json("constraint_violations.json")),
        });
        if let Some(joined) = report["bias"].get("joined") {
            excerpt["joined"] = joined.clone();
        }
        return excerpt;
    }
    if report["monitor"] == "attribution" {
        return attribution_excerpt(done, &report);
    }
    let features = report["features"].as_array().unwrap();
    let columns: Vec<String> = features
        .iter()
        .map(|f| {
            let text = |key: &str| f[key].as_str().unwrap_or("absent").to_owned();
            format!("{}: {}, n {}, missing {}", text("name"), text("kind"), f["n"], f["missing"])
        })
        .collect();
    let violations = done.files.contains_key("constraint_violations.json").then(|| {
        let file = done.json("constraint_violations.json");
        file["violations"].clone()
    });
    let mut excerpt = json!({
        "files": names,
        "outcome": report["outcome"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "columns": columns,
        "violations": violations,
    });
    if let Some(warnings) = report.get("warnings") {
        excerpt["warnings"] = warnings.clone();
    }
    if let Some(incidents) = report.get("incidents").filter(|incidents| **incidents != json!([])) {
        excerpt["incidents"] = incidents.clone();
    }
    let carried =
        features.iter().filter_map(|f| Some((f["name"].as_str()?.to_owned(), f.get("contributions")?.clone())));
    let carried: serde_json::Map<String, Value> = carried.collect();
    if !carried.is_empty() {
        excerpt["contributions"] = json!({"run": report["contributions"], "features": carried});
    }
    let carrying =
        features.iter().filter_map(|f| Some((f["name"].as_str()?.to_owned(), f.get("segments_carrying")?.clone())));
    let carrying: serde_json::Map<String, Value> = carrying.collect();
    if !carrying.is_empty() {
        excerpt["segments_carrying"] = carrying.into();
    }
    let unknown =
        features.iter().filter_map(|f| Some((f["name"].as_str()?.to_owned(), f.get("unknown_values")?.clone())));
    let unknown: serde_json::Map<String, Value> = unknown.collect();
    if !unknown.is_empty() {
        excerpt["unknown_values"] = unknown.into();
    }
    excerpt
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What is compared of a model-quality run: every account, AWS's metrics, both verdicts, the warnings.
fn quality_excerpt(done: &Done, report: &Value) -> Value {
    let quality = &report["quality"];
    let values = |list: &Value| -> serde_json::Map<String, Value> {
        let named = |metric: &Value| {
            let shown = ["value", "not_computed"].map(|key| metric[key].clone()).into_iter().find(|v| !v.is_null());
            (metric["metric"].as_str().unwrap().to_owned(), shown.unwrap_or_default())
        };
        list.as_array().into_iter().flatten().map(named).collect()
    };
    let without_zeros = |account: &Value| {
        let mut account = account.clone();
        if let Some(account) = account.as_object_mut() {
            account.retain(|_, value| *value != 0);
        }
        account
    };
    let violations = done.files.contains_key("constraint_violations.json");
    json!({
        "files": done.files.keys().collect::<Vec<_>>(),
        "outcome": report["outcome"],
        "verdict": report["verdict"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "label_ledger": report["label_ledger"],
        "join": without_zeros(&report["join"]),
        "account": quality["account"],
        "metrics": values(&quality["metrics"]),
        "confusion": quality["confusion"],
        "estimated": values(&quality["predictions"]["estimated"]),
        "not_estimated": quality["predictions"]["not_estimated"],
        "warnings": report["warnings"],
        "violations": violations.then(|| done.json("constraint_violations.json")["violations"].clone()),
    })
}

/// What is compared of an attribution run: every account, the next run's baseline, what was measured against
/// this one's, both verdicts, the warnings.
fn attribution_excerpt(done: &Done, report: &Value) -> Value {
    let outcomes = |output: &Value| -> serde_json::Map<String, Value> {
        let of = |feature: &Value| Some((feature["name"].as_str()?.to_owned(), feature["test"]["outcome"].clone()));
        output["features"].as_array().into_iter().flatten().filter_map(of).collect()
    };
    let measured = |output: &Value| {
        json!({
            "output": output["output"],
            "n": output["n"],
            "drift": output["drift"],
            "features": outcomes(output),
            "magnitude": output["magnitude_test"]["outcome"],
        })
    };
    let outputs: Vec<Value> = report["attribution"]["outputs"].as_array().into_iter().flatten().map(measured).collect();
    json!({
        "files": done.files.keys().collect::<Vec<_>>(),
        "outcome": report["outcome"],
        "verdict": report["verdict"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "coverage": report["attribution"]["coverage"],
        "calls": report["attribution"]["calls"],
        "outputs": outputs,
        "findings": report["findings"],
        "warnings": report["warnings"],
        "analysis": done.files.contains_key("analysis.json").then(|| done.json("analysis.json")),
        "violations": done.files.contains_key("constraint_violations.json").then(|| done.json("constraint_violations.json")),
    })
}
