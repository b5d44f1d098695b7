//! Rejected records: what is told of them, and that what is proposed finds what was lost. Every shape is a test of its
//! own.

#[path = "support/job.rs"]
mod job;
#[path = "support/trials.rs"]
mod trials;

use job::{Done, Mounts};
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use trials::{functions, test};

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#;
const MERGED: &str = r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#;
const ANSWERS: &str = r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}"#;
const CONFIG: &str = r#"{"dataset_type":"application/sagemakercapturejson","headers":["age","sex"],
    "label_values_or_threshold":[1],"facet":[{"name_or_index":"sex","value_or_threshold":["F"]}],
    "methods":{"pre_training_bias":{"methods":"all"},"post_training_bias":{"methods":"all"}}}"#;

fn main() {
    let mut trials: Vec<Trial> = told().into_iter().map(|told| test(told.name, move || told.check())).collect();
    trials.extend(proposals().into_iter().map(|proposal| test(proposal.name, move || proposal.check())));
    trials.extend(functions![
        a_run_that_goes_on_warns_of_what_it_rejected,
        what_is_no_capture_is_told_by_its_cells_and_keys,
        labels_between_semicolons_are_read_where_the_job_says_so,
        columns_that_there_are_stand_in_errors_about_columns,
        bias_of_a_table_tells_what_is_missing_and_what_there_is,
        answers_without_attributions_are_told_where_no_model_can_be_asked,
        cells_that_do_not_fit_are_counted,
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The monitors that read rows, and the merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Monitor {
    DataQuality,
    ModelQuality,
    Bias,
    Attribution,
    Merge,
}

use Monitor::{Attribution, Bias, DataQuality, Merge, ModelQuality};

impl Monitor {
    /// Runs a job over these lines; `variables` come after its own.
    fn run(self, lines: &str, format: &str, variables: &[(&str, &str)]) -> Done {
        self.run_beside(lines, format, "", variables)
    }

    fn run_beside(self, lines: &str, format: &str, labels: &str, variables: &[(&str, &str)]) -> Done {
        let mounts = Mounts::new();
        mounts.place("a.jsonl", lines);
        let truth = mounts.place_beside("processing/groundtruth/labels", labels);
        let mut config: Value = serde_json::from_str(CONFIG).unwrap();
        for (key, value) in variables.iter().filter(|(key, _)| *key == "features") {
            config[*key] = json!(value);
        }
        if self == Attribution {
            config["methods"] = json!({"shap": {}});
        }
        let config = mounts.place_beside("analysis_config.json", config.to_string());
        let (config, input) = (config.to_str().unwrap(), mounts.input());
        let mut all = vec![("dataset_format", format), ("dataset_source", input.to_str().unwrap())];
        all.extend(match self {
            DataQuality => vec![],
            ModelQuality => vec![("problem_type", "BinaryClassification"), ("inference_attribute", "0")],
            Bias | Attribution => vec![("MODEL_MONITOR_ANALYSIS_CONFIG", config), ("inference_attribute", "0")],
            Merge => vec![],
        });
        if !labels.is_empty() {
            all.push(("ground_truth_source", truth.to_str().unwrap()));
        }
        for (key, value) in variables.iter().filter(|(key, _)| *key != "features") {
            all.retain(|(known, _)| known != key);
            all.push((*key, *value));
        }
        mounts.run(if self == Merge { &["merge"] } else { &[] }, &all)
    }
}

/// A side of a captured request.
fn side(content_type: &str, encoding: &str, data: &str) -> Value {
    json!({"observedContentType": content_type, "encoding": encoding, "data": data})
}

fn csv(data: &str) -> Value {
    side("text/csv", "CSV", data)
}

fn as_json(data: &str) -> Value {
    side("application/json", "JSON", data)
}

/// A captured request of these sides; `null` is a side that is not there.
fn record(input: &Value, output: &Value, truth: &Value) -> String {
    let mut record = json!({"captureData": {}, "eventMetadata": {"eventId": "e"}, "eventVersion": "0"});
    for (side, held) in [("endpointInput", input), ("endpointOutput", output)] {
        if !held.is_null() {
            record["captureData"][side] = held.clone();
        }
    }
    if !truth.is_null() {
        record["groundTruthData"] = truth.clone();
    }
    format!("{record}\n")
}

const ABSENT: Value = Value::Null;

/// A rejected record, and what the message tells of it and of what to do.
struct Told {
    name: &'static str,
    monitor: Monitor,
    line: String,
    reason: &'static str,
    detail: &'static str,
    remedy: &'static str,
}

impl Told {
    fn check(&self) {
        let done = self.monitor.run(&self.line, if self.monitor == ModelQuality { ANSWERS } else { CAPTURES }, &[]);
        done.failed(4, "MM-INPUT-002");
        let sample = format!("({} 1, as in a.jsonl, line 1: {}", self.reason, self.detail);
        let message = done.message();
        assert!(message.contains(&sample), "{message}\n{sample}");
        assert!(message.contains(self.remedy), "{message}\n{}", self.remedy);
        let is_any_left = !message.contains("1 of 1 records");
        assert_eq!(message.ends_with("Or raise --max-rejected."), is_any_left, "{message}");
    }
}

fn told() -> Vec<Told> {
    let told = |name, monitor, line, reason, detail, remedy| Told { name, monitor, line, reason, detail, remedy };
    let two_rows = csv("1,2\n3,4\n");
    let tensors = |shape: [usize; 2], rows: usize| {
        let data: Vec<usize> = (0..rows).collect();
        let inputs = [json!({"name": "age", "shape": shape, "datatype": "INT64", "data": data})];
        as_json(&json!({ "inputs": inputs }).to_string())
    };
    vec![
        told(
            "sides of different numbers of rows",
            DataQuality,
            record(&two_rows, &as_json(r#"{"result":{"items":[1,0,1]},"n":2}"#), &ABSENT),
            "row_count_mismatch",
            "endpointInput (text/csv): 2 rows of 2 cells; endpointOutput (application/json): 1 row of 4 cells, where \
             the list `result.items` has 3 elements)",
            "Send lists of one length where each element is a row's, or ask for one side with captureIndexNames.",
        ),
        told(
            "a payload that breaks off",
            DataQuality,
            record(&two_rows, &as_json(r#"{"predictions":[1,"#), &ABSENT),
            "invalid_payload",
            "endpointInput (text/csv): 2 rows of 2 cells; endpointOutput (application/json): JSON that breaks off)",
            "name their content type among CsvContentTypes or JsonContentTypes",
        ),
        told(
            "a payload without what was asked for",
            ModelQuality,
            record(&two_rows, &ABSENT, &csv("1")),
            "no_payload",
            "the job looks at endpointOutput, batchTransformOutput; endpointInput (text/csv): 2 rows of 2 cells; \
             groundTruthData (text/csv): 1 label)",
            "Name sides that have data in captureIndexNames",
        ),
        told(
            "answers without requests",
            Bias,
            record(&ABSENT, &csv("1\n"), &csv("1")),
            "no_payload",
            "the job looks at endpointInput, batchTransformInput; endpointOutput (text/csv): 1 row of 1 cell; \
             groundTruthData (text/csv): 1 label)",
            "features are read in requests",
        ),
        told(
            "tensors whose values and shape do not agree",
            DataQuality,
            record(&tensors([3, 1], 2), &csv("1\n0\n1\n"), &ABSENT),
            "inconsistent_tensors",
            "endpointInput (application/json): the tensor `age` has 2 values, and 3 by its shape; endpointOutput \
             (text/csv): 3 rows of 1 cell)",
            "Send tensors of the same first dimension",
        ),
        told(
            "something that is no capture",
            DataQuality,
            "{\"a\":1,\"b\":[2]}\n".to_owned(),
            "not_a_capture",
            "it is an object with the keys `a`, `b`)",
            "set dataset_format to what the files are",
        ),
        told(
            "a binary payload",
            DataQuality,
            record(&side("image/png", "BASE64", "iVBORw0KGgr/"), &csv("1"), &ABSENT),
            "binary_payload",
            "endpointInput (image/png): the payload is neither text nor JSON; endpointOutput (text/csv): 1 row of 1 cell)",
            "Ask for the other side with captureIndexNames",
        ),
        told(
            "ground truth without a label that can be told",
            ModelQuality,
            record(&ABSENT, &csv("1"), &as_json(r#"{"a":1,"b":2}"#)),
            "label_not_found",
            "endpointOutput (text/csv): 1 row of 1 cell; groundTruthData (application/json): an object with the keys \
             `a`, `b`)",
            "Say by ground_truth_attribute where the label is",
        ),
    ]
}

/// A record that is rejected, and the variable whose proposed value reads it.
struct Proposal {
    name: &'static str,
    monitor: Monitor,
    line: String,
    variable: &'static str,
    /// What the variable says first.
    first: &'static str,
    expression: &'static str,
}

impl Proposal {
    fn check(&self) {
        let format = if self.line.contains("groundTruthData") { MERGED } else { CAPTURES };
        let labels = if self.line.contains("groundTruthData") || self.monitor == DataQuality {
            ""
        } else {
            r#"{"groundTruthData":{"data":"1\n0\n1","encoding":"CSV"},"eventMetadata":{"eventId":"e"}}"#
        };
        let run = |value: &str| self.monitor.run_beside(&self.line, format, labels, &[(self.variable, value)]);
        let rejected = run(self.first);
        rejected.failed(4, "MM-INPUT-002");
        let proposed = format!("{} {} finds 3", self.variable, self.expression);
        let message = rejected.message();
        assert!(message.contains("row_count_mismatch 1") && message.contains(&proposed), "{message}\n{proposed}");
        let done = run(self.expression);
        let records = done.succeeded().report()["ledger"]["records"].clone();
        assert_eq!((&records["used"], &records["rejected"]), (&json!(1), &json!({})), "{}", done.stderr);
        assert_eq!(done.report()["ledger"]["rows"], 3);
    }
}

fn proposals() -> Vec<Proposal> {
    let proposal = |name, monitor, line, variable, first, expression| Proposal {
        name,
        monitor,
        line,
        variable,
        first,
        expression,
    };
    let rows = csv("41,F\n27,M\n35,F\n");
    let items = r#"[{"label":1,"score":0.9},{"label":0,"score":0.2},{"label":1,"score":0.7}]"#;
    let answers = format!(r#"{{"answer":{{"of":{{"the":{{"model":{{"here":{{"items":{items}}}}}}}}}}}}}"#);
    let requests = r#"{"payload":{"rows":[{"age":41,"sex":"F"},{"age":27,"sex":"M"},{"age":35,"sex":"F"}]}}"#;
    vec![
        proposal(
            "answers at any depth, beside requests",
            ModelQuality,
            record(&rows, &as_json(&answers), &ABSENT),
            "inference_attribute",
            "label",
            "answer.of.the.model.here.items[*].label",
        ),
        proposal(
            "answers of a bias job",
            Bias,
            record(&rows, &as_json(r#"{"result":[{"said":[1,0,1]}]}"#), &csv("1\n0\n1")),
            "inference_attribute",
            "0",
            "result[0].said[*]",
        ),
        proposal(
            "requests of a bias job",
            Bias,
            record(&as_json(requests), &csv("1\n0\n1\n"), &csv("1\n0\n1")),
            "features",
            "payload",
            "payload.rows[*]",
        ),
    ]
}

fn a_run_that_goes_on_warns_of_what_it_rejected() {
    let good = record(&csv("1,2"), &csv("1"), &ABSENT);
    let bad = record(&csv("1,2\n3,4"), &csv("1\n2\n3"), &ABSENT);
    let done =
        DataQuality.run(&format!("{}{bad}[]\n", good.repeat(3)), CAPTURES, &[("MODEL_MONITOR_MAX_REJECTED", "50%")]);
    assert!(done.succeeded().message().ends_with(" Warnings: MM-INPUT-109."), "{}", done.message());
    let warning = &done.report()["warnings"][0];
    let told = "2 of 5 records were rejected (not_a_capture 1, as in a.jsonl, line 5: it is an empty list; \
                row_count_mismatch 1, as in a.jsonl, line 4: endpointInput (text/csv): 2 rows of 2 cells; endpointOutput \
                (text/csv): 3 rows of 1 cell) in ";
    let detail = warning["detail"].as_str().unwrap();
    assert!(detail.starts_with(told), "{detail}\n{told}");
    assert!(detail.ends_with("or ask for one side with captureIndexNames."), "{detail}");
    let untroubled = DataQuality.run(&good, CAPTURES, &[]);
    assert!(!untroubled.succeeded().message().contains("Warnings"), "{}", untroubled.message());
}

/// Tables, batch transforms and ground truth: what is missing in them, and what there is.
fn what_is_no_capture_is_told_by_its_cells_and_keys() {
    let (csv_of_answers, lines) = (r#"{"csv":{"header":false}}"#, r#"{"json":{"lines":true}}"#);
    let labels = "id,label\ne,1\n";
    let capture = record(&ABSENT, &csv("1"), &ABSENT);
    let cases = [
        ("1,0.5\n", csv_of_answers, labels, "no_inference_id 1, as in a.jsonl, line 1: the row has 2 cells)"),
        (
            "{\"0\":1}\n",
            lines,
            labels,
            "no_inference_id 1, as in a.jsonl, line 1: it is an object with 1 key that may be values)",
        ),
        ("{\"0\":1", lines, labels, "invalid_json 1, as in a.jsonl, line 1: it breaks off)"),
        (
            &capture,
            CAPTURES,
            "{\"request\":\"e\",\"outcome\":1}\n",
            "id_not_found 1, as in labels, line 1: it is an object with the keys `request`, `outcome`)",
        ),
        (
            &capture,
            CAPTURES,
            r#"{"groundTruthData":{"data":"{\"a\":1,\"b\":2}","encoding":"JSON"},"eventMetadata":{"eventId":"e"}}"#,
            "label_not_found 1, as in labels, line 1: groundTruthData (JSON): an object with the keys `a`, `b`)",
        ),
        (
            &capture,
            CAPTURES,
            "{\"id\":\"e\",\"label\":1}\n{\"id\":\"f\",\n",
            "invalid_json 1, as in labels, line 2: it breaks off)",
        ),
        (
            &capture,
            CAPTURES,
            "anna,yes,x\nbob,no,x\n",
            "id_not_found 1, as in labels, line 2: the table has 3 columns, and none is called eventId, event_id, \
             inferenceId, inference_id, SageMakerInferenceId, id)",
        ),
        (
            &capture,
            CAPTURES,
            "id,a,b\ne,1,2\n",
            "label_not_found 1, as in labels, line 2: the table has 3 columns: `id`, `a`, `b`)",
        ),
    ];
    for (text, format, labels, told) in cases {
        let done = ModelQuality.run_beside(text, format, labels, &[]);
        done.failed(4, "MM-INPUT-002");
        assert!(done.message().contains(told), "{}\n{told}", done.message());
    }
    let scores = [("problem_type", "MulticlassClassification"), ("probability_attribute", "p")];
    let scores = [&scores[..], &[("MODEL_MONITOR_CLASS_LABELS", "a,b,c")]].concat();
    let answer = record(&ABSENT, &as_json(r#"{"p":[0.1,0.9]}"#), &csv("a"));
    let done = ModelQuality.run(&answer, ANSWERS, &scores);
    let told = "score_count_mismatch 1, as in a.jsonl, line 1: the job looks for 3 scores; endpointOutput \
                (application/json): 1 row of 2 cells";
    assert!(done.message().contains(told) && done.message().contains("--class-labels"), "{}", done.message());
    let attributes = [("inference_attribute", "a[*]"), ("probability_attribute", "b[*]")];
    let answer = record(&ABSENT, &as_json(r#"{"a":[1,0,1],"b":[0.1,0.9]}"#), &csv("1,0,1"));
    let done = ModelQuality.run(&answer, ANSWERS, &attributes);
    assert!(done.message().contains(": the attributes find 3 and 2 rows; "), "{}", done.message());
}

fn labels_between_semicolons_are_read_where_the_job_says_so() {
    let captures = record(&csv("41,F"), &csv("1"), &ABSENT);
    for monitor in [ModelQuality, Bias, Merge] {
        let run = |more: &[(&str, &str)]| monitor.run_beside(&captures, CAPTURES, "id;label\ne;1\n", more);
        let refused = run(&[]);
        refused.failed(4, "MM-INPUT-002");
        let told =
            "id_not_found 1, as in labels, line 2: the table has 1 column, and none is called eventId, event_id, ";
        assert!(refused.message().contains(told), "{}", refused.message());
        assert!(refused.stderr.contains("--ground-truth-delimiter ';' would fit"), "{}", refused.stderr);
        let done = run(&[("MODEL_MONITOR_GROUND_TRUTH_DELIMITER", ";")]);
        assert!(done.succeeded().stderr.contains("\"matched\":1"), "{}", done.stderr);
    }
}

fn columns_that_there_are_stand_in_errors_about_columns() {
    let lines = record(&csv("41,F"), &csv("1,x"), &csv("1"));
    let text = ModelQuality.run(&lines, MERGED, &[("problem_type", "Regression"), ("inference_attribute", "1")]);
    text.failed(4, "MM-QUALITY-005");
    let absent = ModelQuality.run(&lines, MERGED, &[("inference_attribute", "7")]);
    absent.failed(4, "MM-QUALITY-001");
    for done in [text, absent] {
        assert!(done.message().contains("the first records have 4 cells: _c0, _c1, _c2, _c3"), "{}", done.message());
    }
}

/// What a bias job over a table is told where columns are not found, by its configuration and its variables.
fn bias_of_a_table_tells_what_is_missing_and_what_there_is() {
    let rows: String = (0..40).map(|i| format!("{},{},{},{}\n", i % 2, ["F", "M"][i % 2], 20 + i, i / 2 % 2)).collect();
    let named = format!("y,sex,age,pred\n{rows}");
    let cases = [
        (
            &named,
            json!({"label": "target"}),
            "pred",
            "None of the 40 rows has a label, which is looked for at target; the first records have 4 cells: y, sex, age, \
             pred. Correct label in analysis_config.json, or ground_truth_attribute.",
        ),
        (
            &named,
            json!({"label": "y"}),
            "9",
            "None of the 40 rows to be measured has a prediction that could be a label, which is looked for at 9; the \
             first records have 4 cells: y, sex, age, pred. Correct inference_attribute, probability_attribute, or predicted_label in analysis_config.json.",
        ),
        (
            &rows,
            json!({"label": "y", "headers": ["y", "sex", "age"]}),
            "pred",
            "the first records have 4 cells: _c0, _c1, _c2, _c3; columns that headers names: 3; cells of the first rows: \
             4. Correct",
        ),
        (
            &rows,
            json!({"label": "y", "headers": ["y", "sex", "age", "pred", "more"]}),
            "pred",
            "0 cells have no column, 40 rows lack cells, in INPUT; columns that headers names: 5; cells of the first \
             rows: 4",
        ),
    ];
    for (table, changes, prediction, told) in cases {
        let mounts = Mounts::new();
        mounts.place("a.csv", table);
        let mut config: Value = serde_json::from_str(CONFIG).unwrap();
        config["dataset_type"] = json!("text/csv");
        config.as_object_mut().unwrap().remove("headers");
        config.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let (config, input) = (mounts.place_beside("analysis_config.json", config.to_string()), mounts.input());
        let (config, input) = (config.to_str().unwrap(), input.to_str().unwrap());
        let variables =
            [("MODEL_MONITOR_ANALYSIS_CONFIG", config), ("dataset_source", input), ("inference_attribute", prediction)];
        let done = mounts.run(&[], &variables);
        let warned = done.report()["warnings"].to_string();
        let found = format!("{}{warned}", done.message()).replace(input, "INPUT");
        assert!(found.contains(told), "{found}\n{told}");
    }
}

fn answers_without_attributions_are_told_where_no_model_can_be_asked() {
    let lines = record(&csv("41,F"), &as_json(r#"{"predictions":[1]}"#), &ABSENT);
    let done = Attribution.run(&lines, CAPTURES, &[]);
    done.failed(2, "MM-MODEL-009");
    let told = "were captured (a.jsonl, line 1: endpointInput (text/csv): 1 row of 2 cells; endpointOutput \
                (application/json): an object with the keys `predictions`), and nothing says where the model is.";
    assert!(done.message().contains(told), "{}", done.message());
}

fn cells_that_do_not_fit_are_counted() {
    let lines = record(&csv("41,F"), &csv("1,0.9"), &ABSENT);
    let mounts = Mounts::new();
    let baseline = json!({"features": [{"name": "a", "inferred_type": "Integral"}]}).to_string();
    let baseline = mounts.place_beside("constraints.json", baseline);
    let done = DataQuality.run(&lines, CAPTURES, &[("baseline_constraints", baseline.to_str().unwrap())]);
    let warnings = done.succeeded().report()["warnings"].clone();
    let detail = warnings[0]["detail"].as_str().unwrap();
    assert_eq!(warnings[0]["code"], "MM-INPUT-104");
    let told = "cells: 2 in most answers, 2 in most requests; columns of the baseline: 1";
    assert!(detail.ends_with(told), "{detail}");
}
