//! Attributions in captured answers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn of(format: Format) -> Settings {
    Settings { rows: Rows::Attributions, max_record_bytes: 8 << 20, ..settings(format) }
}

fn captures() -> Settings {
    of(Format::Capture(CaptureSides::default()))
}

/// A feature with a number for each output.
fn feature(header: &str, numbers: &Value) -> Value {
    json!({"feature_header": header, "feature_type": "numerical", "attributions": [{"attribution": numbers}]})
}

/// An answer as the documentation shows it.
fn answer(records: &Value) -> Value {
    json!({
        "version": "1.0",
        "predictions": {"content_type": "text/csv", "data": "0.2\n0.7\n"},
        "explanations": {"kernel_shap": records},
    })
}

/// A captured request; its answer is written as the endpoint's content type and encoding say.
fn captured(output: &str, encoding: &str, content_type: &str) -> String {
    let data = match encoding {
        "BASE64" => base64::Engine::encode(&base64::engine::general_purpose::STANDARD, output),
        _ => output.to_owned(),
    };
    let record = json!({
        "captureData": {
            "endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": "1,2\n3,4", "encoding": "CSV"},
            "endpointOutput": {"observedContentType": content_type, "mode": "OUTPUT", "data": data, "encoding": encoding},
        },
        "eventMetadata": {"eventId": "e", "inferenceTime": "2020-01-01T00:00:00Z"},
        "eventVersion": "0",
    });
    format!("{record}\n")
}

fn explained(records: &Value) -> String {
    captured(&answer(records).to_string(), "JSON", "application/json")
}

fn two_records() -> Value {
    json!([
        [feature("age", &json!([0.25, -0.25])), feature("in.come", &json!([1e-3, 0]))],
        [feature("age", &json!([-1, 1])), feature("in.come", &json!([0.5, -0.5]))],
    ])
}

const COLUMNS: [&str; 5] =
    ["id", "attribution.0.age", "attribution.0.in.come", "attribution.1.age", "attribution.1.in.come"];

#[test]
fn an_answer_gives_a_row_for_each_record_of_the_request() {
    let decoded = decode(captures(), explained(&two_records()).as_bytes(), 7);
    assert_eq!(decoded.columns, COLUMNS);
    assert_eq!(decoded.rows, ["1: e 0.25 0.001 -0.25 0", "1: e -1 0.5 1 -0.5"]);
    let as_written = explained(&two_records()).replace("0.001", "1.00e-3");
    assert_eq!(rows_of(captures(), &as_written), ["1: e 0.25 1.00e-3 -0.25 0", "1: e -1 0.5 1 -0.5"]);
}

#[test]
fn an_answer_means_the_same_in_every_encoding() {
    let text = answer(&two_records()).to_string();
    let expected = rows_of(captures(), &explained(&two_records()));
    for (encoding, content_type) in [
        ("BASE64", "application/json"),
        ("BASE64", "application/octet-stream"),
        ("CSV", "text/csv"),
        ("JSON", "text/csv"),
    ] {
        assert_eq!(
            rows_of(captures(), &captured(&text, encoding, content_type)),
            expected,
            "{encoding} {content_type}"
        );
    }
    let nested = explained(&json!([])).replace(&json!(answer(&json!([])).to_string()).to_string(), &text);
    assert!(nested.contains("\"data\":{"), "the answer is a JSON value, not a text");
    assert_eq!(rows_of(captures(), &nested), expected);
}

#[test]
fn an_answer_is_found_in_what_services_put_around_it() {
    let (answer, expected) = (answer(&two_records()), rows_of(captures(), &explained(&two_records())));
    let text = answer.to_string();
    let around = [
        json!({"body": text, "statusCode": 200}),
        json!({"body": answer}),
        json!({"result": answer, "status": "ok"}),
        json!({"result": {"body": {"output": answer}}}),
    ];
    for around in around {
        let record = captured(&around.to_string(), "JSON", "application/json");
        assert_eq!(rows_of(captures(), &record), expected, "{around}");
    }
    let elsewhere = captured(&json!({"note": answer}).to_string(), "JSON", "application/json");
    assert_eq!(rows_of(captures(), &elsewhere), ["1! attributions_not_found"]);
}

#[test]
fn columns_appear_as_answers_bring_them() {
    let first = explained(&json!([[feature("b", &json!([1]))]]));
    let broken = explained(&json!([[feature("phantom", &json!([1])), feature("b", &json!(["1"]))]]));
    let more = explained(&json!([[feature("b", &json!([4, 5])), feature("a", &json!([2, 3]))]]));
    let decoded = decode(captures(), [first.as_str(), &broken, &more, &first].concat().as_bytes(), 11);
    assert_eq!(
        decoded.columns,
        ["id", "attribution.0.b", "attribution.0.a", "attribution.1.b", "attribution.1.a"],
        "in the order of outputs and features"
    );
    assert_eq!(decoded.rows, ["1: e 1 ∅ ∅ ∅", "2! invalid_attributions", "3: e 4 2 5 3", "4: e 1 ∅ ∅ ∅"]);
}

#[test]
fn features_without_headers_are_called_by_their_place() {
    let unnamed = |header: Value| json!({"feature_header": header, "attributions": [{"attribution": [1]}]});
    let bare = json!({"attributions": [{"attribution": [2], "description": null}]});
    let decoded =
        decode(captures(), explained(&json!([[bare, unnamed(json!(null)), unnamed(json!(""))]])).as_bytes(), 5);
    assert_eq!(decoded.columns, ["id", "attribution.0.column_0", "attribution.0.column_1", "attribution.0.column_2"]);
    assert_eq!(decoded.rows, ["1: e 2 1 1"]);
}

#[test]
fn names_from_answers_are_no_other_columns() {
    let names = ["id", "attribution.0.id", "0.id", "1.a", "$reason", "feature.a", "a\"\n,é", "prediction"];
    let features: Vec<Value> = names.iter().map(|name| feature(name, &json!([1]))).collect();
    let decoded = decode(captures(), explained(&json!([features])).as_bytes(), 64);
    let columns: Vec<_> = decoded.columns[1..].iter().map(|column| outcome::attribution_of(column)).collect();
    assert_eq!(columns, names.map(|name| Some((0, name))));
    assert_eq!((decoded.columns[0].as_str(), decoded.rows), ("id", vec!["1: e 1 1 1 1 1 1 1 1".to_owned()]));
}

#[test]
fn a_record_of_a_request_may_be_unexplained_and_an_answer_not() {
    let some = json!([null, [feature("a", &json!([1]))]]);
    assert_eq!(rows_of(captures(), &explained(&some)), ["1: e ∅", "1: e 1"]);
    let none = ["attributions_not_found"; 7];
    let plain = |output: &str| captured(output, "CSV", "text/csv");
    let found = [
        explained(&json!(null)),
        explained(&json!([])),
        explained(&json!([null, null])),
        captured("{\"version\":\"1.0\",\"explanations\":{}}", "JSON", "application/json"),
        captured("[1,2]", "JSON", "application/json"),
        plain("0.1,0.9"),
        plain("kernel_shap"),
    ];
    for (text, reason) in found.iter().zip(none) {
        assert_eq!(rows_of(captures(), text), [format!("1! {reason}")], "{text}");
    }
}

#[test]
fn attributions_of_another_form_reject_their_record() {
    let age = feature("age", &json!([1]));
    let unit = |attribution: Value| json!({"feature_header": "a", "attributions": [attribution]});
    let described = unit(json!({"attribution": [1], "description": {"partial_text": "good", "start_idx": 0}}));
    let texts = json!({"feature_header": "a", "attributions": [{"attribution": [1]}, {"attribution": [2]}]});
    let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
    let deep = explained(&json!([[feature("a", &json!([1234]))]])).replace("1234", &deep);
    let cases = [
        (json!({}), "invalid_attributions"),
        (json!([1]), "invalid_attributions"),
        (json!([[]]), "invalid_attributions"),
        (json!([[1]]), "invalid_attributions"),
        (json!([[age, {"feature_header": "b"}]]), "invalid_attributions"),
        (json!([[{"feature_header": 1, "attributions": [{"attribution": [1]}]}]]), "invalid_attributions"),
        (json!([[{"feature_header": "a", "attributions": []}]]), "invalid_attributions"),
        (json!([[{"feature_header": "a", "attributions": 1}]]), "invalid_attributions"),
        (json!([[unit(json!({}))]]), "invalid_attributions"),
        (json!([[unit(json!({"attribution": 1}))]]), "invalid_attributions"),
        (json!([[unit(json!({"attribution": []}))]]), "invalid_attributions"),
        (json!([[feature("a", &json!(["1"]))]]), "invalid_attributions"),
        (json!([[feature("a", &json!([true]))]]), "invalid_attributions"),
        (json!([[feature("a", &json!([null]))]]), "invalid_attributions"),
        (json!([[feature("a", &json!([[1]]))]]), "invalid_attributions"),
        (json!([[age, feature("b", &json!([1, 2]))]]), "invalid_attributions"),
        (json!([[age, age]]), "invalid_attributions"),
        (json!([[age, feature("", &json!([1])), feature("column_1", &json!([1]))]]), "invalid_attributions"),
        (json!([[age], [age, described]]), "text_attributions"),
        (json!([[texts]]), "text_attributions"),
        (json!([[feature(&"n".repeat(MAX_NAME_BYTES + 1), &json!([1]))]]), "name_too_long"),
    ];
    for (records, reason) in &cases {
        assert_eq!(rows_of(captures(), &explained(records)), [format!("1! {reason}")], "{records}");
    }
    let in_text = |number: &str| explained(&json!([[feature("a", &json!([1234]))]])).replace("1234", number);
    for number in ["NaN", "Infinity", "-Infinity", "1e999"] {
        assert_eq!(rows_of(captures(), &in_text(number)), ["1! invalid_attributions"], "{number}");
    }
    assert_eq!(rows_of(captures(), &deep), ["1! too_deep"]);
    let cut = captured(&answer(&two_records()).to_string()[..200], "JSON", "application/json");
    assert_eq!(rows_of(captures(), &cut), ["1! invalid_payload"]);
}

#[test]
fn huge_lists_are_refused_before_they_become_columns() {
    let wide: Vec<Value> = (0..=MAX_COLUMNS).map(|i| feature(&format!("f{i}"), &json!([1]))).collect();
    let many_outputs = feature("a", &json!(vec![1; MAX_COLUMNS + 1]));
    let square: Vec<Value> = (0..200).map(|i| feature(&format!("f{i}"), &json!(vec![0.5; 200]))).collect();
    let next = explained(&json!([[feature("a", &json!([1]))]]));
    for record in [json!(wide), json!([many_outputs]), json!(square)] {
        let decoded = decode(captures(), format!("{}{next}", explained(&json!([record]))).as_bytes(), 1 << 16);
        assert_eq!(decoded.rows, ["1! too_many_columns", "2: e 1"]);
        assert_eq!(decoded.columns, ["id", "attribution.0.a"]);
    }
    let rows: Vec<Value> = (0..300).map(|i| json!([feature(&format!("f{i}"), &json!(vec![1; 50]))])).collect();
    let decoded = decode(captures(), format!("{}{next}", explained(&json!(rows))).as_bytes(), 1 << 16);
    assert_eq!(decoded.rows, ["1! record_too_large", "2: e 1"]);
}

#[test]
fn nothing_but_captured_answers_holds_attributions() {
    let window = Window { start: Some(1_600_000_000_000), end: None };
    let text = explained(&two_records());
    assert_eq!(rows_of(Settings { window, ..captures() }, &text), ["1! outside_window e"]);
    let inputs_only = CaptureSides { outputs: Vec::new(), ..CaptureSides::default() };
    assert_eq!(rows_of(of(Format::Capture(inputs_only)), &text).len(), 2, "answers count whatever the job lists");
    assert_eq!(rows_of(captures(), &text.replace("endpointOutput", "other")), ["1! no_payload"]);
    assert_eq!(rows_of(captures(), "{\"a\":1}\nx\n"), ["1! not_a_capture", "2! invalid_json"]);
    let plain = answer(&two_records()).to_string();
    assert_eq!(rows_of(of(Format::Json { lines: None }), &plain), ["1! not_a_capture"]);
    assert_eq!(rows_of(of(Format::Csv { header: Some(false) }), "1,2\n"), ["1! attributions_not_found"]);
    let mut decoder = ObjectDecoder::new("object", csv(true));
    let mut taken = 0;
    while taken < 4 || decoder.has_more() {
        taken += decoder.push(&b"a\n1\n"[taken..]);
    }
    decoder.finish();
    let batch = decoder.take().into_iter().find(|batch| batch.num_rows() > 0).unwrap();
    assert_eq!(show(&outcome_cells(batch, &Rows::Attributions)).rows, ["2! attributions_not_found"]);
}

proptest! {
    #[test]
    fn attributions_come_back_as_they_are_written(
        numbers in prop::collection::vec(prop::collection::vec(-1e9_f64..1e9, 6), 1..5),
        names in prop::collection::hash_set("[a-z.é \"]{1,8}", 3),
        block in 1_usize..80,
        is_base64: bool,
    ) {
        let names: Vec<String> = names.into_iter().collect();
        let record = |row: &Vec<f64>| -> Value {
            names.iter().enumerate().map(|(i, name)| feature(name, &json!([row[2 * i], row[2 * i + 1]]))).collect()
        };
        let records: Value = numbers.iter().map(record).collect();
        let encoding = if is_base64 { "BASE64" } else { "JSON" };
        let text = captured(&answer(&records).to_string(), encoding, "application/json");
        let decoded = decode(captures(), text.as_bytes(), block);
        let outputs = [0, 1].map(|output| names.iter().map(move |name| outcome::attribution_column(output, name)));
        let columns: Vec<String> = ["id".to_owned()].into_iter().chain(outputs.into_iter().flatten()).collect();
        prop_assert_eq!(decoded.columns, columns);
        let shown = |row: &Vec<f64>| {
            let cells = [0, 2, 4, 1, 3, 5].map(|i| json!(row[i]).to_string());
            format!("1: e {}", cells.join(" "))
        };
        prop_assert_eq!(decoded.rows, numbers.iter().map(shown).collect::<Vec<_>>());
    }
}
