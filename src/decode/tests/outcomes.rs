//! Rows of fixed columns: predictions, labels, both, and records as text.

use super::*;

fn attribute(text: &str) -> Attribute {
    Attribute::parse(text).unwrap()
}

fn attributes(prediction: &str, scores: &[&str], label: &str, id: &str) -> Attributes {
    let one = |text: &str| (!text.is_empty()).then(|| attribute(text));
    let scores = scores.iter().map(|text| attribute(text)).collect();
    Attributes {
        prediction: one(prediction),
        scores,
        label: one(label),
        id: one(id),
        n_scores: 0,
        keeps_features: false,
    }
}

fn outputs_only() -> Format {
    Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() })
}

fn chosen(format: Format, rows: Rows) -> Settings {
    Settings { rows, max_record_bytes: 1 << 20, ..settings(format) }
}

fn predictions(prediction: &str, scores: &[&str]) -> Settings {
    chosen(outputs_only(), Rows::Predictions(attributes(prediction, scores, "", "")))
}

fn labels(label: &str, id: &str) -> Settings {
    chosen(Format::GroundTruth, Rows::Labels(attributes("", &[], label, id)))
}

/// A captured request with an id and this answer.
fn answered(id: &str, output: &str) -> String {
    request(output, "").replace("\"eventVersion\"", &format!("\"eventMetadata\":{{{id}}},\"eventVersion\""))
}

/// A merged record.
fn merged(output: &str, truth: &str) -> String {
    answered("\"eventId\":\"e\"", output).replacen('{', &format!("{{\"groundTruthData\":{truth},"), 1)
}

/// A payload as a JSON string with its encoding.
fn payload(data: &str, encoding: &str) -> String {
    format!("{{\"data\":{},\"encoding\":\"{encoding}\"}}", serde_json::to_string(data).unwrap())
}

fn truth(id: &str, data: &str) -> String {
    format!("{{\"groundTruthData\":{data},\"eventMetadata\":{{\"eventId\":\"{id}\"}},\"eventVersion\":\"0\"}}")
}

#[test]
fn attributes_find_their_cells_in_every_form_of_answer() {
    let cases: [(&str, &str, &[&str], &str); 22] = [
        ("0.9", "0", &["0"], "e 0.9 0.9"),
        ("1,0.9,x", "0", &["1"], "e 1 0.9"),
        ("1,0.9\n0,0.2\n", "0", &["1"], "e 1 0.9|e 0 0.2"),
        ("a,0.1,0.9", "0", &["1", "2"], "e a 0.1 0.9"),
        ("a,0.1,0.9", "_c0", &["7"], "e a ∅"),
        ("{\"label\":1,\"score\":0.90}", "label", &["score"], "e 1 0.90"),
        ("{\"label\":1,\"score\":0.90}", "0", &["1"], "e 1 0.90"),
        ("{\"a\":{\"b\":1e5}}", "a.b", &[], "e 1e5"),
        ("{\"predictions\":[{\"l\":1,\"s\":0.9},{\"l\":0,\"s\":0.2}]}", "l", &["s"], "e 1 0.9|e 0 0.2"),
        (
            "{\"predictions\":[{\"l\":1,\"s\":1e-7},{\"l\":0,\"s\":2.50}]}",
            "predictions[*].l",
            &["predictions[*].s"],
            "e 1 1e-7|e 0 2.50",
        ),
        ("{\"predictions\":[{\"l\":1},{\"l\":0}]}", "predictions[?l > `0`].l", &[], "e 1"),
        ("{\"predictions\":[1,0]}", "predictions", &[], "e 1|e 0"),
        ("{\"predictions\":[1,0]}", "0", &[], "e 1 [[[\"1\"]]]|e 0 ∅"),
        ("{\"prediction\":[1,0,1]}", "prediction", &[], "e 1|e 0|e 1"),
        ("{\"prediction\":[1]}", "prediction", &[], "e 1"),
        ("{\"predictions\":[1,0],\"scores\":[0.9,0.2]}", "predictions", &["scores"], "e 1 0.9|e 0 0.2"),
        ("{\"x\":true}\n{\"y\":2}", "x", &[], "e true|e ∅"),
        ("{\"x\":{\"y\":\"\\u00e9\"}}\n{\"z\":2}", "x.[y][0]", &[], "e é|e ∅"),
        ("{\"x\":1}", "y", &["z"], "e ∅ ∅"),
        ("{\"predictions\":[{\"x\":1},{\"x\":2}]}", "y[*]", &["z"], "e ∅ ∅|e ∅ ∅"),
        ("{\"SageMakerOutput\":{\"l\":1,\"s\":0.9},\"l\":7,\"t\":8}", "l", &["t"], "e 1 8"),
        (
            "{\"SageMakerOutput\":{\"predictions\":[{\"l\":1},{\"l\":0}]},\"instances\":[[1],[2]]}",
            "predictions[*].l",
            &["l"],
            "e 1 1|e 0 0",
        ),
    ];
    for (output, prediction, scores, rows) in cases {
        let shown = rows_of(predictions(prediction, scores), &answered("\"eventId\":\"e\"", output));
        let expected: Vec<String> = rows.split('|').map(|row| format!("1: {row}")).collect();
        assert_eq!(shown, expected, "{output} {prediction} {scores:?}");
    }
}

#[test]
fn an_expression_finds_answers_among_tensors_that_are_no_table() {
    let tensors = r#"{"outputs":[{"name":"a","shape":[2],"datatype":"INT64","data":[1,0]},{"name":"v","shape":[1],"datatype":"INT64","data":[7]}]}"#;
    let output = payload(tensors, "JSON");
    let sides = format!("{{\"endpointInput\":{{\"data\":\"3\\n4\"}},\"endpointOutput\":{output}}}");
    let record = format!("{{\"groundTruthData\":{{\"data\":\"1,0\"}},\"captureData\":{sides}}}");
    let both = Format::Capture(CaptureSides::default());
    for rows in [Rows::Predictions, Rows::Outcomes] {
        let found = rows_of(chosen(both.clone(), rows(attributes("outputs[0].data", &[], "", ""))), &record);
        assert!(found.len() == 2 && found[0].starts_with("1: ∅ 1") && found[1].starts_with("1: ∅ 0"), "{found:?}");
        let by_position = rows_of(chosen(both.clone(), rows(attributes("0", &[], "", ""))), &record);
        assert_eq!(by_position, ["1! inconsistent_tensors"]);
    }
}

#[test]
fn one_attribute_holds_all_scores_of_a_row() {
    let cases = [
        ("x,\"[0.1, 0.90]\"", "1", "e x 0.1 0.90"),
        ("{\"l\":\"x\",\"p\":[0.1,0.90]}", "p", "e x 0.1 0.90"),
        ("{\"l\":\"x\",\"p\":[0.1,0.90]}", "p[*]", "e x 0.1 0.90"),
        ("{\"predictions\":[{\"l\":\"x\",\"p\":[0.1,0.9]},{\"l\":\"y\",\"p\":[1,0]}]}", "p", "e x 0.1 0.9|e y 1 0"),
        (
            "{\"predictions\":[{\"l\":\"x\",\"p\":[0.1,0.9]},{\"l\":\"y\",\"p\":[1,0]}]}",
            "predictions[*].p",
            "e x 0.1 0.9|e y 1 0",
        ),
        ("{\"l\":\"x\"}", "p", "e x ∅ ∅"),
    ];
    for (output, score, rows) in cases {
        let prediction = if output.starts_with('x') { "0" } else { "l" };
        let of_two = Attributes { n_scores: 2, ..attributes(prediction, &[score], "", "") };
        let shown = decode(
            chosen(outputs_only(), Rows::Predictions(of_two)),
            answered("\"eventId\":\"e\"", output).as_bytes(),
            9,
        );
        assert_eq!(shown.columns, ["id", "prediction", "score.0", "score.1"]);
        let prefix = |row: &str| format!("1: {row}");
        assert_eq!(shown.rows, rows.split('|').map(prefix).collect::<Vec<_>>(), "{output} {score}");
    }
    let three = Attributes { n_scores: 3, ..attributes("l", &["p"], "", "") };
    let text = answered("\"eventId\":\"e\"", "{\"l\":1,\"p\":[0.1,0.9]}");
    assert_eq!(rows_of(chosen(outputs_only(), Rows::Predictions(three)), &text), ["1! score_count_mismatch"]);
}

#[test]
fn a_list_that_a_model_printed_as_comma_separated_text_is_read_as_a_list() {
    let of_two = Attributes { n_scores: 2, ..attributes("", &["[*]"], "", "") };
    let printed = |output: &str| answered("\"eventId\":\"e\"", output).replace("\"JSON\"", "\"CSV\"");
    let settings = || chosen(outputs_only(), Rows::Predictions(of_two.clone()));
    assert_eq!(rows_of(settings(), &printed("[0.1, 0.90]\n[1, 0]\n")), ["1: e ∅ 0.1 0.90", "1: e ∅ 1 0"]);
    let broken = printed("[0.1, x]");
    assert_eq!(rows_of(predictions("0", &["1"]), &broken), ["1: e [0.1  x]"]);
}

#[test]
fn columns_are_fixed_from_the_first_batch_on() {
    let shown = decode(predictions("0", &["1"]), b"{}\n", 5);
    assert_eq!(
        (shown.columns, shown.rows),
        (["id", "prediction", "score.0"].map(str::to_owned).to_vec(), vec!["1! not_a_capture".to_owned()])
    );
    let columns = |rows: Rows| rows.columns().unwrap().join(" ");
    assert_eq!(columns(Rows::Outcomes(attributes("0", &["1", "2"], "", ""))), "id prediction score.0 score.1 label");
    assert_eq!(columns(Rows::Labels(Attributes::default())), "id label other_readings");
    assert_eq!(columns(Rows::CaptureRecords), "id record");
    let predictions = Rows::Predictions(attributes("0", &["1"], "", ""));
    assert_eq!(columns(predictions), "id prediction score.0 other_readings");
    assert_eq!(Rows::Cells.columns(), None);
}

#[test]
fn requests_are_named_by_the_caller_or_else_by_the_service() {
    let cases = [
        ("\"eventId\":\"e\",\"inferenceId\":\"i\"", "i"),
        ("\"eventId\":\"e\",\"inferenceId\":\"\"", "e"),
        ("\"eventId\":\"e\",\"inferenceId\":null", "e"),
        ("\"eventId\":\"e\",\"inferenceId\":17", "17"),
        ("\"eventId\":\"a\\u00e9\\\"\"", "aé\""),
        ("\"x\":1", "∅"),
    ];
    for (metadata, id) in cases {
        assert_eq!(rows_of(predictions("0", &[]), &answered(metadata, "5")), [format!("1: {id} 5")], "{metadata}");
    }
    let long = format!("\"eventId\":\"{}\"", "x".repeat(MAX_ID_BYTES + 1));
    assert_eq!(rows_of(predictions("0", &[]), &answered(&long, "5")), ["1! id_too_long"]);
}

#[test]
fn inputs_count_after_outputs_where_they_are_asked_for() {
    let both = chosen(Format::Capture(CaptureSides::default()), Rows::Predictions(attributes("0", &["2"], "", "")));
    let record = |output: &str| answered("\"eventId\":\"e\"", output).replace("\"data\":\"\"", "\"data\":\"1,2\"");
    assert_eq!(rows_of(both.clone(), &record("9")), ["1: e 9 2"]);
    let without = record("9").replace("\"data\":\"9\"", "\"data\":\"\"");
    assert_eq!(rows_of(both, &(record("9") + &without)), ["1: e 9 2", "2: e ∅ 2"], "the request stays where it is");
}

#[test]
fn predictions_stand_in_answers_alone() {
    let both = Format::Capture(CaptureSides::default());
    let requests_only = Format::Capture(CaptureSides { outputs: Vec::new(), ..CaptureSides::default() });
    let asked = |answer: &str, data: &str, encoding: &str| {
        let metadata = "\"eventMetadata\":{\"eventId\":\"e\"}";
        format!("{{\"captureData\":{{{answer}\"endpointInput\":{}}},{metadata}}}\n", payload(data, encoding))
    };
    let rows = |attribute: &str| Rows::Predictions(attributes(attribute, &[], "", ""));
    let (cells, names) = (asked("", "7,8", "CSV"), asked("", "{\"score\":7}", "JSON"));
    for format in [both.clone(), requests_only] {
        for (record, attribute) in [(&cells, "0"), (&cells, "1"), (&names, "score"), (&names, "[score][0]")] {
            let found = rows_of(chosen(format.clone(), rows(attribute)), record);
            assert_eq!(found, ["1: e ∅"], "{attribute} of {record}");
        }
    }
    let answer = format!("\"endpointOutput\":{},", payload("{\"error\":1}", "JSON"));
    let failed = asked(&answer, "{\"score\":7}", "JSON");
    assert_eq!(rows_of(chosen(both, rows("score")), &failed), ["1: e ∅"]);
}

#[test]
fn labels_are_found_in_every_form_of_ground_truth() {
    let cases = [
        (payload("1", "CSV"), "", "1"),
        (payload("1,0,1\n", "CSV"), "", "1 0 1"),
        (payload("1\n0\n\n1\n\n", "CSV"), "", "1 0  1"),
        (payload("\n1", "CSV"), "", " 1"),
        (payload("1\n\"\"\n", "CSV"), "", "1 "),
        (payload("\u{feff}1\n0", "CSV"), "", "1 0"),
        (payload("{\"labels\":[1,0],\"source\":\"human\"}", "JSON"), "", "1 0"),
        (payload("\"a,b\",c", "CSV"), "", "a,b c"),
        (payload("x,1\ny,0", "CSV"), "1", "1 0"),
        (payload("1,,0", "CSV"), "", "1  0"),
        (payload("{\"label\": 1}", "JSON"), "", "1"),
        (payload("{\"label\": 1.50, \"weight\": 2}", "JSON"), "", "1.50"),
        (payload("{\"cost\": 1, \"weight\": 2}", "JSON"), "weight", "2"),
        (payload("{\"churned\": true}", "JSON"), "", "true"),
        (payload("{\"labels\": [1, 0]}", "JSON"), "", "1 0"),
        (payload("{\"instances\": [{\"label\": 0}, {\"label\": 1}]}", "JSON"), "", "0 1"),
        (payload("{\"instances\": [{\"label\": 0}, {\"label\": 1}]}", "JSON"), "label", "0 1"),
        (payload("{\"instances\": [{\"label\": 0}, {\"label\": 1}]}", "JSON"), "instances[*].label", "0 1"),
        (payload("[{\"y\":\"a\"},{\"y\":\"b\"}]", "JSON"), "", "a b"),
        (payload("[1,null,0]", "JSON"), "", "1  0"),
        (payload("[[1],[0]]", "JSON"), "", "1 0"),
        (payload("{\"y\":1}\n{\"y\":0}", "JSON"), "", "1 0"),
        (payload("MSww", "BASE64"), "", "1 0"),
        ("{\"data\":\"[1,0]\"}".to_owned(), "", "1 0"),
        ("{\"data\":1,\"encoding\":\"JSON\"}".to_owned(), "", "1"),
        ("{\"data\":[true,false]}".to_owned(), "", "true false"),
        ("{\"data\":{\"label\":3}}".to_owned(), "", "3"),
        ("\"yes\"".to_owned(), "", "yes"),
        ("7".to_owned(), "", "7"),
    ];
    for (data, label, expected) in &cases {
        let shown = rows_of(labels(label, ""), &truth("e", data));
        let rows: Vec<String> = expected.split(' ').map(|label| format!("1: e {label}")).collect();
        assert_eq!(shown, rows, "{data} {label}");
    }
}

#[test]
fn what_holds_no_label_is_rejected() {
    let cases = [
        (payload("a,b\nc,d", "CSV"), "", Reason::LabelNotFound),
        (payload("{\"a\":1,\"b\":2}", "JSON"), "", Reason::LabelNotFound),
        (payload("{\"label\":1}", "JSON"), "truth", Reason::LabelNotFound),
        (payload("{\"label\":1}", "JSON"), "truth[0]", Reason::LabelNotFound),
        (payload("{\"label\":{\"a\":1}}", "JSON"), "", Reason::LabelNotFound),
        (payload("[[1,0],[0,1]]", "JSON"), "", Reason::LabelNotFound),
        (payload("[]", "JSON"), "", Reason::LabelNotFound),
        ("[]".to_owned(), "", Reason::LabelNotFound),
        ("{}".to_owned(), "", Reason::LabelNotFound),
        (payload("{\"label\":", "JSON"), "", Reason::InvalidPayload),
        (payload("\"a", "CSV"), "", Reason::InvalidPayload),
        (payload("1", "XML"), "", Reason::UnknownEncoding),
        (format!("{{\"data\":{}1{}}}", "[".repeat(70), "]".repeat(70)), "", Reason::TooDeep),
        ("{\"data\":1,\"data\":0}".to_owned(), "", Reason::DuplicateKey),
    ];
    for (data, label, reason) in &cases {
        assert_eq!(rows_of(labels(label, ""), &truth("e", data)), [format!("1! {}", reason.name())], "{data}");
    }
}

#[test]
fn merged_records_hold_predictions_beside_their_labels() {
    let outcomes = |attributes| chosen(outputs_only(), Rows::Outcomes(attributes));
    let text = merged(
        "{\"predictions\":[{\"s\":0.9},{\"s\":0.1}]}",
        &payload("{\"instances\":[{\"label\":1},{\"label\":0}]}", "JSON"),
    );
    let shown = decode(outcomes(attributes("", &["s"], "", "")), text.as_bytes(), 11);
    assert_eq!(shown.columns, ["id", "prediction", "score.0", "label"]);
    assert_eq!(shown.rows, ["1: e ∅ 0.9 1", "1: e ∅ 0.1 0"]);
    let late = rows_of(outcomes(attributes("0", &[], "", "")), &merged("1\n0", &payload("1", "CSV")));
    assert_eq!(late, ["1: e 1 ∅", "1: e 0 ∅"], "nobody can say which row the only label is for");
    let empty = rows_of(outcomes(attributes("0", &[], "", "")), &merged("1", &payload("", "CSV")));
    assert_eq!(empty, ["1: e 1 "], "a label that says nothing has come");
    let unlabelled = answered("\"eventId\":\"e\"", "1");
    assert_eq!(rows_of(outcomes(attributes("0", &[], "", "")), &unlabelled), ["1: e 1 ∅"]);
    let many = rows_of(outcomes(attributes("0", &[], "", "")), &merged("1", &payload("1,0", "CSV")));
    assert_eq!(many, ["1: e 1 ∅"], "nobody can say which label is the row's");
    let doubled = merged("{\"a.b\":3,\"a\":{\"b\":2}}", &payload("1", "CSV"));
    assert_eq!(rows_of(outcomes(attributes("a.b", &[], "", "")), &doubled), ["1! duplicate_key"]);
}

#[test]
fn an_expression_leaves_no_row_out_because_it_has_nothing_to_give() {
    let output = "{\"predictions\":[{\"s\":0.9},{\"x\":1},{\"s\":null},{\"s\":0.4}]}";
    let text = answered("\"eventId\":\"e\"", output);
    let rows = ["1: e 0.9 0.9", "1: e ∅ ∅", "1: e ∅ ∅", "1: e 0.4 0.4"];
    assert_eq!(rows_of(predictions("predictions[*].s", &["s"]), &text), rows);
    assert_eq!(rows_of(predictions("predictions[:].s", &["predictions[].s"]), &text), rows);
    assert_eq!(rows_of(predictions("predictions[?s].s", &[]), &text), ["1: e 0.9", "1: e 0.4"]);
}

#[test]
fn many_columns_that_nobody_asked_for_are_forgotten() {
    let wide = |from: usize| {
        let members: Vec<String> = (from..from + 5_000).map(|i| format!("\"k{i}\":{i}")).collect();
        answered("\"eventId\":\"e\"", &format!("{{\"p\":1,{}}}", members.join(",")))
    };
    let text: String = (0..6).map(|i| wide(i * 5_000)).collect();
    let shown = decode(predictions("p", &["5000"]), text.as_bytes(), 1 << 16);
    assert_eq!(shown.rows, (1..=6).map(|i| format!("{i}: e 1 {}", i * 5_000 - 1)).collect::<Vec<_>>());
    assert_eq!(shown.columns, ["id", "prediction", "score.0"]);
}

#[test]
fn of_a_record_outside_the_window_the_id_is_told() {
    let metadata =
        |id: &str| format!("\"inferenceId\":{id},\"eventId\":\"e\",\"inferenceTime\":\"2024-05-06T07:30:00Z\"");
    let text: String = ["\"mine\"", "\" \"", "\"\\ud800\""].map(|id| answered(&metadata(id), "[1]")).concat();
    let window = Window { start: time::parse("2024-05-06T08:00:00Z"), end: None };
    let settings = Settings { window, ..predictions("0", &[]) };
    let expected = ["1! outside_window mine", "2! outside_window e", "3! outside_window"];
    assert_eq!(rows_of(settings, &text), expected);
}

#[test]
fn rows_of_a_record_that_do_not_agree_are_rejected() {
    let text = answered("\"eventId\":\"e\"", "{\"a\":[1,2],\"b\":{\"c\":1}}");
    assert_eq!(rows_of(predictions("a[*]", &["b.c"]), &text), ["1! row_count_mismatch"]);
}

#[test]
fn an_answer_that_stands_alone_keeps_its_other_readings_for_the_labels() {
    let alone = |data: &str, encoding: &str| {
        format!(
            "{{\"captureData\":{{\"endpointOutput\":{{\"data\":\"{data}\",\"encoding\":\"{encoding}\"}}}},\
             \"eventMetadata\":{{\"eventId\":\"e\"}}}}\n"
        )
    };
    let rows = |data: &str, encoding: &str| rows_of(predictions("0", &[]), &alone(data, encoding));
    assert_eq!(rows("1,0,1", "CSV"), [r#"1: e 1 [[["1"],["0"],["1"]]]"#]);
    assert_eq!(rows("[1,0]", "JSON"), [r#"1: e 1 [[["1"],["0"]]]"#]);
    assert_eq!(rows("{\\\"predictions\\\":[1,0]}", "JSON"), [r#"1: e 1 [[["1"]]]"#, "1: e 0 ∅"]);
    assert_eq!(rows("0.5", "CSV"), ["1: e 0.5"]);
    // So does one beside a request, where lists that come late on both sides may be rows.
    let early = request("7\n8", r#"{"instances":[[1],[2]]}"#).repeat(99);
    let late = request(r#"{"found":[{"y":1},{"y":0}]}"#, r#"{"rows":[[1],[2]]}"#);
    let all = rows_of(predictions("0", &[]), &(early + &late));
    assert_eq!(all[198..], [r#"100: ∅ 1 [[["1"],["0"]]]"#]);
}
