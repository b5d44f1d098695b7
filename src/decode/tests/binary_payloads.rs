//! Binary payloads of captures: cells without a text are counted, for every monitor.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow::array::{ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// A captured request in the form of a Parquet file: two rows, of which one has a time that lies beyond the calendar.
fn request_of_times() -> String {
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![Some(0), Some(i64::MAX)]));
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    parquet(vec![("time", times), ("number", numbers)])
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> String {
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    STANDARD.encode(writer.into_inner().unwrap())
}

fn record(n_answers: usize) -> String {
    let answers = vec!["0.5"; n_answers].join("\\n");
    format!(
        "{{\"captureData\":{{\"endpointInput\":{{\"data\":\"{}\",\"encoding\":\"BASE64\"}},\
         \"endpointOutput\":{{\"data\":\"{answers}\",\"encoding\":\"CSV\"}}}},\
         \"eventMetadata\":{{\"eventId\":\"a\"}},\"eventVersion\":\"0\"}}\n",
        request_of_times()
    )
}

/// What is told of cells without a text, in any order of the words.
fn told(decoded: &Decoded) -> Vec<&str> {
    let mut told: Vec<&str> =
        decoded.events.iter().map(String::as_str).filter(|event| event.contains("unreadable")).collect();
    told.sort_unstable();
    told
}

#[test]
fn cells_without_a_text_in_parquet_payloads_are_counted() {
    let rows =
        Rows::Predictions(Attributes { prediction: Some(Attribute::parse("0").unwrap()), ..Attributes::default() });
    for settings in [capture(), Settings { rows, ..capture() }] {
        let decoded = decode(settings.clone(), record(2).repeat(3).as_bytes(), 999);
        assert_eq!(decoded.rows.len(), 6, "{:?}", decoded.rows);
        assert_eq!(told(&decoded), ["cells_unreadable out_of_range", "unreadable 3", "unreadable_column time"]);
    }
}

#[test]
fn cells_without_a_text_in_parquet_labels_are_counted() {
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![Some(0), Some(i64::MAX)]));
    let truth =
        format!("\"groundTruthData\":{{\"data\":\"{}\",\"encoding\":\"BASE64\"}}", parquet(vec![("label", times)]));
    let labels = format!("{{{truth},\"eventMetadata\":{{\"eventId\":\"a\"}}}}\n");
    let merged = record(2).replacen("\"eventMetadata\"", &format!("{truth},\"eventMetadata\""), 1);
    let attributes = Attributes { prediction: Some(Attribute::parse("0").unwrap()), ..Attributes::default() };
    let of_labels = Settings { rows: Rows::Labels(Attributes::default()), ..settings(Format::GroundTruth) };
    let of_merged = Settings { rows: Rows::Outcomes(attributes), ..capture() };
    let expected = "unreadable_column label";
    for (settings, text) in [(of_labels, labels), (of_merged, merged)] {
        let decoded = decode(Settings { max_record_bytes: 1 << 20, ..settings }, text.as_bytes(), 999);
        assert_eq!(decoded.rows.len(), 2, "{:?}", decoded.rows);
        assert!(decoded.rows.iter().all(|row| !row.contains('!')), "{:?}", decoded.rows);
        assert!(told(&decoded).contains(&expected), "{:?}", decoded.events);
    }
}

#[test]
fn those_of_rejected_records_are_not() {
    let decoded = decode(capture(), record(3).as_bytes(), 999);
    assert_eq!(decoded.rows, ["1! row_count_mismatch"]);
    assert_eq!(told(&decoded), Vec::<&str>::new());
}
