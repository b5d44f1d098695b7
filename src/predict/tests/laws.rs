//! What holds for every row, template and answer.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use serde_json::Value;

use super::answers;
use super::fake_transport::{FakeTransport, doubled, model_of, predict, settings, small_limits};
use super::requests::{Row, body};
use super::templates::json_format;
use crate::decode::csv::{self, Scan};
use crate::predict::answer::AnswerReader;
use crate::predict::form::form;
use crate::predict::request::RequestWriter;
use crate::predict::transport::Failure;
use crate::predict::{ContentType, Limits, RequestFormat, cell_kinds};

/// Cells of signs that mean something somewhere.
fn any_cell() -> impl Strategy<Value = Option<Arc<str>>> {
    let signs = prop::sample::select(vec![
        "a",
        "1",
        ".",
        "-",
        "e",
        ",",
        "\"",
        "\n",
        "\r",
        " ",
        "\\",
        "{",
        "}",
        "[",
        "]",
        "$features",
        "${a}",
        "é",
        "😀",
        "\0",
        "true",
        "null",
        "NaN",
    ]);
    let text = prop::collection::vec(signs, 0..6).prop_map(|signs| Arc::from(signs.concat()));
    prop::option::weighted(0.9, prop_oneof![text, any::<f64>().prop_map(|value| Arc::from(value.to_string()))])
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    (1_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(any_cell(), width), 1..5))
}

fn names(rows: &[Row]) -> Vec<String> {
    ["a", "b \"}", "$x", "é"].iter().take(rows[0].len()).map(|name| (*name).to_owned()).collect()
}

/// A record template with a placeholder for each feature.
fn each_feature(names: &[String]) -> String {
    let member = |name: &String| format!("{}:{}", Value::from(name.as_str()), Value::from(format!("${{{name}}}")));
    format!("{{{}}}", names.iter().map(member).collect::<Vec<_>>().join(","))
}

/// Whether a value of JSON is what a cell means.
fn is_same(value: &Value, cell: Option<&str>) -> bool {
    match (value, cell) {
        (Value::Null, cell) => cell.is_none_or(|cell| cell.trim().is_empty()),
        (Value::String(text), Some(cell)) => text == cell,
        (Value::Bool(value), Some(cell)) => cell.trim().eq_ignore_ascii_case(&value.to_string()),
        (Value::Number(number), Some(cell)) => cell.trim().parse().ok() == number.as_f64(),
        _ => false,
    }
}

fn any_template() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "$records",
        "$record",
        "$features",
        "$features_kvp",
        "$feature_names",
        "\"${a}\"",
        "{",
        "}",
        "[",
        "]",
        "\"x\":",
        ",",
        "\"",
        "\\",
        "$",
        "1",
        " ",
        "\n",
    ]);
    prop::collection::vec(parts, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rows_as_csv_are_the_same_rows(rows in any_rows()) {
        // What quotes directly behind a backslash mean depends on what follows them.
        let apart = |cell: Option<Arc<str>>| cell.map(|cell| Arc::from(cell.replace("\\\"", "\\ \"")));
        let rows: Vec<Row> = rows.into_iter().map(|row| row.into_iter().map(apart).collect()).collect();
        let format = RequestFormat { feature_names: names(&rows), ..json_format(None, None, &[]) };
        let text = body(&RequestFormat { content_type: ContentType::Csv, ..format }, &rows);
        let (mut at, mut cells, mut read) = (0, Vec::new(), Vec::new());
        while at < text.len() || read.len() < rows.len() {
            let Scan::Record(next) = csv::record(text.as_bytes(), at, true, &mut cells) else { break };
            at = next;
            read.push(cells.iter().map(|cell| cell.meaning(&text).into_owned()).collect::<Vec<_>>());
        }
        let expected = rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or_default().to_owned()));
        prop_assert_eq!(read, expected.map(Iterator::collect).collect::<Vec<Vec<_>>>());
    }

    #[test]
    fn rows_as_json_are_the_same_rows(rows in any_rows(), form in 0..4) {
        let feature_names = names(&rows);
        let record = ["$features", "$features_kvp", "{\"n\":$feature_names,\"f\":$features}", &each_feature(&feature_names)]
            [form as usize].to_owned();
        let kinds = cell_kinds(&rows, feature_names.len());
        let format = RequestFormat { feature_names: feature_names.clone(), kinds, ..json_format(None, Some(&record), &[]) };
        let text = body(&format, &rows);
        let value: Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let records = value["instances"].as_array().cloned().unwrap_or_default();
        prop_assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(&rows) {
            for (column, (name, cell)) in feature_names.iter().zip(row).enumerate() {
                let found = match form {
                    0 => &record[column],
                    2 => &record["f"][column],
                    _ => &record[name],
                };
                prop_assert!(is_same(found, cell.as_deref()), "{} for {:?} in {}", found, cell, text);
            }
        }
    }

    #[test]
    fn lines_of_json_are_lines(rows in any_rows()) {
        let mut format = RequestFormat { feature_names: names(&rows), ..json_format(None, None, &[]) };
        format.content_type = ContentType::JsonLines;
        let text = body(&format, &rows);
        prop_assert_eq!(text.lines().count(), rows.len());
        for line in text.lines() {
            prop_assert!(serde_json::from_str::<Value>(line).is_ok(), "{}", line);
        }
    }

    #[test]
    fn a_template_is_refused_or_gives_json(content in any_template(), record in any_template(), rows in any_rows()) {
        let mut format = json_format(Some(&content), Some(&record), &[]);
        format.feature_names = names(&rows);
        if let Ok(writer) = RequestWriter::new(&format) {
            let n_rows = if writer.takes_many() { rows.len() } else { 1 };
            let records: Vec<String> = rows[..n_rows].iter().map(|row| writer.record(row)).collect();
            let text = writer.body(&records);
            prop_assert!(serde_json::from_slice::<Value>(&text).is_ok(), "{:?}", text);
        }
        format.content_type = ContentType::JsonLines;
        if let Ok(writer) = RequestWriter::new(&format) {
            prop_assert!(serde_json::from_str::<Value>(&writer.record(&rows[0])).is_ok());
        }
    }

    #[test]
    fn scores_are_read_as_they_were_written(
        scores in (1_usize..4).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(-1e300..1e300, width), 1..5)),
    ) {
        let lists: Vec<String> = scores.iter().map(|row| format!("{row:?}")).collect();
        let forms = [
            (ContentType::Csv, lists.iter().map(|list| list.trim_matches(['[', ']'])).collect::<Vec<_>>().join("\n")),
            (ContentType::Csv, lists.join("\n")),
            (ContentType::Csv, lists.iter().map(|list| format!("\"{list}\"\r\n")).collect()),
            (ContentType::Json, format!("[{}]", lists.join(","))),
            (ContentType::Json, format!("{{\"predictions\":[{}]}}", lists.join(","))),
            (ContentType::JsonLines, lists.iter().map(|list| format!("{{\"scores\":{list}}}\n")).collect()),
        ];
        for (accept, text) in forms {
            let reader = AnswerReader::new(&answers::format(accept, None, None)).expect("a form");
            prop_assert_eq!(reader.read(text.as_bytes(), scores.len()), Ok(scores.clone()), "{:?}: {}", accept, text);
        }
    }

    #[test]
    fn no_answer_does_harm(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "[", "]", "{", "}", "\"", ",", ":", "\n", "0.5", "-", "1e999", "\"score\"", "\"predictions\"", "null", "é",
                "\\u", " ",
            ]),
            0..12,
        ),
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        n_rows in 1_usize..4,
    ) {
        for accept in ContentType::ALL {
            for wanted in ["-", "1", "predictions[*].score", "score"] {
                let format = answers::format(accept, None, Some(wanted).filter(|wanted| *wanted != "-"));
                let Ok(reader) = AnswerReader::new(&format) else { continue };
                for body in [parts.concat().as_bytes(), &bytes] {
                    if let Ok(scores) = reader.read(body, n_rows) {
                        prop_assert_eq!(scores.len(), n_rows);
                        prop_assert!(scores.iter().flatten().all(|score| score.is_finite()));
                        prop_assert!(scores.iter().all(|row| !row.is_empty() && row.len() == scores[0].len()));
                    }
                }
            }
        }
    }

    /// A model that takes few rows at once, refuses some and fails now and then.
    #[test]
    fn every_row_keeps_its_own_scores(
        cells in prop::collection::vec(0_u32..60, 0..80),
        (max_batch_rows, concurrency, max_bytes, n_together) in (1_usize..12, 1_usize..5, 2_usize..40, 1_usize..12),
        (refused, fails_each) in (0_u32..60, 3_usize..9),
    ) {
        let transport = FakeTransport::within(max_bytes, move |number, body| {
            if number % fails_each == 0 {
                return Err(Failure::Unreachable("HTTP status 503".to_owned()));
            }
            let is_refused = body.lines().count() > n_together || body.lines().any(|line| line == refused.to_string());
            if is_refused { Err(Failure::Refused("no".to_owned())) } else { Ok(doubled(body)) }
        });
        // Failures come and go by the request's number: with so many attempts no request meets one each time.
        let limits = Limits { max_batch_rows, concurrency, max_attempts: 40, ..small_limits() };
        let model = model_of(&transport, settings(limits));
        let rows: Vec<Row> = cells.iter().map(|cell| vec![Some(Arc::from(cell.to_string()))]).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let predictions = runtime.block_on(predict(&model, &rows)).expect("answers");
        let expected = |cell: &u32| if *cell == refused { Err("no".to_owned()) } else { Ok(f64::from(2 * cell)) };
        prop_assert_eq!(predictions, cells.iter().map(expected).collect::<Vec<_>>());
        let different: HashSet<u32> = cells.iter().copied().collect();
        prop_assert_eq!(model.calls().n_predictions, different.len() as u64);
        prop_assert_eq!(model.calls().n_requests, transport.n_requests() as u64);
        prop_assert!(transport.n_most.load(Ordering::SeqCst) <= concurrency);
        prop_assert!(transport.bodies().iter().all(|body| body.len() <= max_bytes));
        prop_assert!(transport.bodies().iter().all(|body| body.lines().count() <= max_batch_rows));
    }

    #[test]
    fn forms_are_short_and_plain(bytes in prop::collection::vec(any::<u8>(), 0..1_000)) {
        let shown = form(&bytes);
        prop_assert!(shown.chars().count() <= 250 && !shown.contains(char::is_control), "{}", shown);
    }
}
