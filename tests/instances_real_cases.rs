//! Instances of real files: AWS's batch transform with its labels, and captured endpoints.
//!
//! The files live in a folder beside the project, which not every checkout has: without it a test
//! says so and passes.

use std::fs;
use std::path::{Path, PathBuf};

use model_monitor::decode::{
    Attribute, Attributes, CaptureSides, Format, Instances, Meta, ObjectDecoder, Rows, Settings, Window, outcome,
};

fn beside_the_project(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(part);
    if !path.exists() {
        println!("skipped: ../shared/{part} is not here");
    }
    path.exists().then_some(path)
}

fn attribute(text: &str) -> Option<Attribute> {
    Some(Attribute::parse(text).expect("an attribute"))
}

/// Column names, and rows of cells; a null is empty.
type Table = (Vec<String>, Vec<Vec<String>>);

/// The features, then those of the other columns that are asked for.
fn decoded(format: Format, instances: Instances, text: &str, others: &[&str]) -> Table {
    let rows = Rows::Instances(instances);
    let settings = Settings { format, rows, window: Window::default(), names: [].into(), max_record_bytes: 1 << 22 };
    let mut decoder = ObjectDecoder::new("object", settings);
    let (mut bytes, mut batches) = (text.as_bytes(), Vec::new());
    while !bytes.is_empty() || decoder.has_more() {
        let taken = decoder.push(bytes).expect("whole bytes");
        bytes = &bytes[taken..];
        batches.append(&mut decoder.take());
    }
    decoder.finish(None);
    batches.append(&mut decoder.take());
    let mut table = Table::default();
    for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
        assert!(Meta::of(batch).expect("the layout").all_used());
        let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        let features = names.iter().filter_map(|name| outcome::feature_of(name)).map(str::to_owned);
        table.0 = features.chain(others.iter().map(|&other| other.to_owned())).collect();
        let columns = names.iter().filter(|name| outcome::feature_of(name).is_some());
        let columns: Vec<_> = columns
            .map(String::as_str)
            .chain(others.iter().copied())
            .map(|name| outcome::cells_of(batch, name).expect("a column"))
            .collect();
        let row = |row| columns.iter().map(|cells| cells.iter().nth(row).flatten().unwrap_or("").to_owned()).collect();
        table.1.extend((0..batch.num_rows()).map(row));
    }
    table
}

/// A file whose cells hold no commas.
fn csv(path: &Path) -> Table {
    let text = fs::read_to_string(path).expect("a table");
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

#[test]
fn a_merged_record_of_a_batch_transform_is_the_table_its_instances_make() {
    let (Some(folder), Some(cases)) =
        (beside_the_project("cases/aws/adult-2024-bias-batch"), beside_the_project("cases/bias"))
    else {
        return;
    };
    let expected = csv(&cases.join("case5b_adult_aws_monitor_merged.csv"));
    let text = fs::read_to_string(folder.join("merged.record.last.json")).expect("a record");
    let line = serde_json::from_str::<serde_json::Value>(&text).expect("JSON").to_string();
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

#[test]
fn a_document_of_instances_is_the_table_they_make() {
    let (Some(folder), Some(cases)) =
        (beside_the_project("cases/aws/adult-2024-bias-batch"), beside_the_project("cases/bias"))
    else {
        return;
    };
    let expected = csv(&cases.join("case5a_adult_aws_baseline_pretraining.csv"));
    let text = fs::read_to_string(folder.join("baseline.input.json")).expect("a document");
    let headers = &expected.0[..expected.0.len() - 1];
    let found = decoded(Format::Json { lines: None }, adult(None, headers), &text, &[outcome::LABEL]);
    assert_eq!(found.0[..headers.len()], *headers);
    assert_eq!(found.1, expected.1);
}

#[test]
fn captured_endpoints_give_the_features_of_their_requests() {
    let Some(folder) = beside_the_project("cases/aws/capture-and-groundtruth") else { return };
    let of_answer = |prediction: &str| Instances {
        attributes: Attributes { prediction: attribute(prediction), ..Attributes::default() },
        ..Instances::default()
    };
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("captures");
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
