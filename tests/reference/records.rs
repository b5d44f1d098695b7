//! Captured, merged and ground-truth records that the real service wrote.

use model_monitor::decode::outcome::{ID, LABEL, PREDICTION, score_column};
use model_monitor::decode::{Attribute, Attributes, CaptureSides, Format, Rows};
use serde_json::Value;

use crate::decoding::{cells, decode};
use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [
    captured_requests_are_named_by_their_inference_id,
    ground_truth_names_its_request,
    a_merged_record_of_a_batch_transform_pairs_each_prediction_with_its_label,
]];

/// The cells of these columns, joined by spaces.
fn rows(format: Format, rows: Rows, text: &str, columns: &[&str]) -> Vec<String> {
    cells(&decode(format, rows, text), columns).iter().map(|row| row.join(" ")).collect()
}

fn by(prediction: &str, score: &str) -> Attributes {
    let attribute = |text: &str| Attribute::parse(text).unwrap();
    Attributes { prediction: Some(attribute(prediction)), scores: vec![attribute(score)], ..Attributes::default() }
}

fn outputs_only() -> Format {
    Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() })
}

fn captured_requests_are_named_by_their_inference_id(reference: &Reference) {
    let text = reference.text("cases/aws/capture-and-groundtruth/csv-endpoint-capture.jsonl");
    let expected = ["57 0.5217539072036743 0.5217539072036743", "58 0.01216088142246008 0.01216088142246008"];
    assert_eq!(
        rows(outputs_only(), Rows::Predictions(by("0", "0")), &text, &[ID, PREDICTION, &score_column(0)]),
        expected
    );
}

fn ground_truth_names_its_request(reference: &Reference) {
    let text = reference.text("cases/aws/capture-and-groundtruth/batch-ground-truth.jsonl");
    let expected = ["01d3c1a8-aa99-4149-9d5e-78bea047a788 0"];
    assert_eq!(rows(Format::GroundTruth, Rows::Labels(Attributes::default()), &text, &[ID, LABEL]), expected);
}

fn a_merged_record_of_a_batch_transform_pairs_each_prediction_with_its_label(reference: &Reference) {
    let text = reference.text("cases/aws/adult-2024-bias-batch/merged.record.last.json");
    let record: Value = serde_json::from_str(&text).unwrap();
    let inner = |at: &Value| -> Value { serde_json::from_str(at["data"].as_str().unwrap()).unwrap() };
    let truths = inner(&record["groundTruthData"]);
    let answers = inner(&record["captureData"]["batchTransformOutput"]);
    let answers = answers["SageMakerOutput"]["predictions"].as_array().unwrap();
    let pairs = answers.iter().zip(truths["instances"].as_array().unwrap());
    let expected: Vec<String> = pairs
        .map(|(answer, truth)| {
            format!(
                "94bcc22a-0462-4bd1-92c9-b46a5aaec1aa {} {} {}",
                answer["predicted_label"], answer["score"], truth["label"]
            )
        })
        .collect();
    let line = serde_json::to_string(&record).unwrap();
    let attributes = by("predictions[*].predicted_label", "predictions[*].score");
    assert!(expected.len() > 100);
    assert_eq!(
        rows(outputs_only(), Rows::Outcomes(attributes), &line, &[ID, PREDICTION, &score_column(0), LABEL]),
        expected
    );
}
