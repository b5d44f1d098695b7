//! Instances of real files: AWS's batch transform with its labels, and captured endpoints.

use model_monitor::decode::{Attribute, Attributes, CaptureSides, Format, Instances, Rows, outcome};

use crate::decoding::{cells, decode};
use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases" => [
    a_merged_record_of_a_batch_transform_is_the_table_its_instances_make,
    a_document_of_instances_is_the_table_they_make,
    captured_endpoints_give_the_features_of_their_requests,
]];

const ADULT: &str = "cases/aws/adult-2024-bias-batch";
const CAPTURES: &str = "cases/aws/capture-and-groundtruth";

fn attribute(text: &str) -> Option<Attribute> {
    Some(Attribute::parse(text).expect("an attribute"))
}

/// Column names, and rows of cells; a null is empty.
type Table = (Vec<String>, Vec<Vec<String>>);

/// The features, then those of the other columns that are asked for.
fn decoded(format: Format, instances: Instances, text: &str, others: &[&str]) -> Table {
    let batches = decode(format, Rows::Instances(instances), text);
    let Some(first) = batches.first() else { return Table::default() };
    let schema = first.schema();
    let columns = schema.fields().iter().map(|field| field.name().as_str());
    let columns: Vec<&str> = columns.filter(|name| outcome::feature_of(name).is_some()).collect();
    let rows = cells(&batches, &[&columns, others].concat());
    let features = columns.into_iter().filter_map(outcome::feature_of);
    (features.chain(others.iter().copied()).map(str::to_owned).collect(), rows)
}

/// A file whose cells hold no commas.
fn csv(text: &str) -> Table {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().expect("a header"), lines.collect())
}

fn adult(prediction: Option<Attribute>, headers: &[String]) -> Instances {
    Instances {
        attributes: Attributes { prediction, label: attribute("instances[*].label"), ..Attributes::default() },
        with_label: true,
        features: attribute("instances[*].features"),
        headers: headers.to_vec(),
        others: Vec::new(),
        excluded: Vec::new(),
    }
}

fn a_merged_record_of_a_batch_transform_is_the_table_its_instances_make(reference: &Reference) {
    let expected = csv(&reference.text("cases/bias/case5b_adult_aws_monitor_merged.csv"));
    let line = reference.json(&format!("{ADULT}/merged.record.last.json")).to_string();
    let headers = &expected.0[..expected.0.len() - 2];
    let capture = || Format::Capture(CaptureSides::default());
    let found = decoded(
        capture(),
        adult(attribute("predictions[*].predicted_label"), headers),
        &line,
        &[outcome::LABEL, outcome::PREDICTION],
    );
    assert_eq!(found.0[..headers.len()], *headers);
    assert_eq!(found.1.len(), 334);
    assert_eq!(found.1, expected.1);
    let unnamed = decoded(capture(), adult(None, &[]), &line, &[]);
    assert_eq!(unnamed.0, (0..14).map(|place| format!("column_{place}")).collect::<Vec<_>>());
}

fn a_document_of_instances_is_the_table_they_make(reference: &Reference) {
    let expected = csv(&reference.text("cases/bias/case5a_adult_aws_baseline_pretraining.csv"));
    let text = reference.text(&format!("{ADULT}/baseline.input.json"));
    let headers = &expected.0[..expected.0.len() - 1];
    let found = decoded(Format::Json { lines: None }, adult(None, headers), &text, &[outcome::LABEL]);
    assert_eq!(found.0[..headers.len()], *headers);
    assert_eq!(found.1, expected.1);
}

fn captured_endpoints_give_the_features_of_their_requests(reference: &Reference) {
    let of_answer = |prediction: &str| Instances {
        attributes: Attributes { prediction: attribute(prediction), ..Attributes::default() },
        ..Instances::default()
    };
    let read = |name: &str| reference.text(&format!("{CAPTURES}/{name}"));
    let capture = || Format::Capture(CaptureSides::default());
    let (names, rows) =
        decoded(capture(), of_answer("0"), &read("csv-endpoint-capture.jsonl"), &[outcome::ID, outcome::PREDICTION]);
    assert_eq!(names.len(), 69 + 2);
    assert_eq!(rows[0][..4], ["61", "0", "260.0", "123"]);
    assert_eq!(rows[0][69..], ["57", "0.5217539072036743"]);
    let (names, rows) = decoded(capture(), of_answer("x"), &read("json-endpoint-capture.jsonl"), &[]);
    assert_eq!(names.len(), 18);
    let sex = names.iter().position(|name| name == "Gender").expect("a feature");
    assert!(!rows.is_empty() && rows.iter().all(|row| ["Female", "Male"].contains(&row[sex].as_str())));
}
