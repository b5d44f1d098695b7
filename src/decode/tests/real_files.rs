//! Records that the real service wrote.
//!
//! The files are not part of the project; without them there is nothing to read.

use std::path::Path;

use super::*;

fn read(file: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/aws");
    std::fs::read_to_string(folder.join(file)).ok()
}

fn rows(format: Format, rows: Rows, text: &str) -> Vec<String> {
    rows_of(Settings { rows, max_record_bytes: 16 << 20, ..settings(format) }, text)
}

fn by(prediction: &str, score: &str) -> Attributes {
    let attribute = |text: &str| Attribute::parse(text).unwrap();
    Attributes { prediction: Some(attribute(prediction)), scores: vec![attribute(score)], ..Attributes::default() }
}

fn outputs_only() -> Format {
    Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() })
}

#[test]
fn captured_requests_are_named_by_their_inference_id() {
    let Some(text) = read("capture-and-groundtruth/csv-endpoint-capture.jsonl") else { return };
    let expected = ["1: 57 0.5217539072036743 0.5217539072036743", "2: 58 0.01216088142246008 0.01216088142246008"];
    assert_eq!(rows(outputs_only(), Rows::Predictions(by("0", "0")), &text), expected);
}

#[test]
fn ground_truth_names_its_request() {
    let Some(text) = read("capture-and-groundtruth/batch-ground-truth.jsonl") else { return };
    let expected = ["1: 01d3c1a8-aa99-4149-9d5e-78bea047a788 0"];
    assert_eq!(rows(Format::GroundTruth, Rows::Labels(Attributes::default()), &text), expected);
}

#[test]
fn a_merged_record_of_a_batch_transform_pairs_each_prediction_with_its_label() {
    let Some(text) = read("adult-2024-bias-batch/merged.record.last.json") else { return };
    let record: serde_json::Value = serde_json::from_str(&text).unwrap();
    let inner =
        |at: &serde_json::Value| -> serde_json::Value { serde_json::from_str(at["data"].as_str().unwrap()).unwrap() };
    let truths = inner(&record["groundTruthData"]);
    let answers = inner(&record["captureData"]["batchTransformOutput"]);
    let answers = answers["SageMakerOutput"]["predictions"].as_array().unwrap();
    let pairs = answers.iter().zip(truths["instances"].as_array().unwrap());
    let expected: Vec<String> = pairs
        .map(|(answer, truth)| {
            format!(
                "1: 94bcc22a-0462-4bd1-92c9-b46a5aaec1aa {} {} {}",
                answer["predicted_label"], answer["score"], truth["label"]
            )
        })
        .collect();
    let line = serde_json::to_string(&record).unwrap();
    let attributes = by("predictions[*].predicted_label", "predictions[*].score");
    assert!(expected.len() > 100);
    assert_eq!(rows(outputs_only(), Rows::Outcomes(attributes), &line), expected);
}
