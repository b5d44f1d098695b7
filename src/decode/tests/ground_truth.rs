//! Files of ground truth, the output of batch transforms, and records as text.

use super::*;

fn attributes(prediction: &str, scores: &[&str], label: &str, id: &str) -> Attributes {
    let one = |text: &str| (!text.is_empty()).then(|| Attribute::parse(text).unwrap());
    let scores = scores.iter().map(|text| Attribute::parse(text).unwrap()).collect();
    Attributes {
        prediction: one(prediction),
        scores,
        label: one(label),
        id: one(id),
        n_scores: 0,
        keeps_features: false,
    }
}

fn chosen(format: Format, rows: Rows) -> Settings {
    Settings { rows, max_record_bytes: 1 << 20, ..settings(format) }
}

fn labels(label: &str, id: &str) -> Settings {
    chosen(Format::GroundTruth, Rows::Labels(attributes("", &[], label, id)))
}

fn truth(id: &str, label: &str) -> String {
    format!(
        "{{\"groundTruthData\":{{\"data\":\"{label}\",\"encoding\":\"CSV\"}},\"eventMetadata\":{{\"eventId\":\"{id}\"}}}}"
    )
}

#[test]
fn ground_truth_is_read_however_its_records_are_put_together() {
    let (a, b) = (truth("a", "1"), truth("b", "0"));
    let pretty =
        |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap();
    let cases = [
        ("a line each", format!("{a}\n{b}\n"), [1, 2]),
        ("lines with space between", format!("\n\n{a}\r\n\n{b}\n\n\n"), [3, 5]),
        ("behind a byte order mark", format!("\u{feff}{a}\n{b}"), [1, 2]),
        ("an array in one line", format!("[{a},{b}]"), [1, 1]),
        ("an array in one line, ended", format!("[{a}, {b}]\n"), [1, 1]),
        ("an array, a line each", format!("[\n{a},\n{b}\n]\n"), [2, 3]),
        ("an array, printed prettily", pretty(&format!("[{a},{b}]")), [2, 11]),
        ("objects, printed prettily", format!("{}\n{}\n", pretty(&a), pretty(&b)), [1, 10]),
        ("commas between", format!("{a},{b}"), [1, 1]),
        ("commas between, a line", format!("{a}, {b},\n"), [1, 1]),
        ("a comma at each line's end", format!("{a},\n{b},\n"), [1, 2]),
        ("an array a line", format!("[{a}]\n[{b}]\n"), [1, 2]),
    ];
    for (name, text, [first, second]) in &cases {
        let expected = [format!("{first}: a 1"), format!("{second}: b 0")];
        for block in [1, 50, 1 << 20] {
            assert_eq!(decode(labels("", ""), text.as_bytes(), block).rows, expected, "{name} {block}");
        }
        assert_eq!(decode(labels("", ""), &gzip(text.as_bytes()), 30).rows, expected, "{name}");
    }
}

#[test]
fn a_record_that_is_cut_spoils_its_own_line_only() {
    let (a, b) = (truth("a", "1"), truth("b", "0"));
    let text = format!("{a}\n{}\n{b}\n{}", &a[..40], &b[..70]);
    assert_eq!(rows_of(labels("", ""), &text), ["1: a 1", "2! invalid_json", "3: b 0", "4! invalid_json"]);
    let headless = format!("{}\n{b}\n", &a[30..]);
    assert_eq!(rows_of(labels("", ""), &headless), ["1! invalid_json", "2: b 0"]);
    let joined = format!("{a},{},{b}\n{b}\n", &a[..40]);
    assert_eq!(rows_of(labels("", ""), &joined), ["1: a 1", "1! invalid_json", "2: b 0"]);
}

#[test]
fn ground_truth_is_named_in_its_metadata_or_beside_it() {
    let data = "\"groundTruthData\":{\"data\":\"1\"}";
    let cases = [
        (format!("{{{data},\"eventMetadata\":{{\"eventId\":\"a\",\"inferenceId\":\"b\"}}}}"), "1: a 1"),
        (format!("{{{data},\"eventMetadata\":{{\"inferenceId\":17}}}}"), "1: 17 1"),
        (format!("{{{data},\"eventId\":\"c\"}}"), "1: c 1"),
        (format!("{{{data},\"id\":\"d\"}}"), "1: d 1"),
        (format!("{{{data}}}"), "1: ∅ 1"),
    ];
    for (text, row) in &cases {
        assert_eq!(rows_of(labels("", ""), text), [*row], "{text}");
    }
}

#[test]
fn tables_of_ground_truth_are_read_by_their_columns() {
    let cases: [(&str, &str, &str, &[&str]); 13] = [
        ("event_id,Label\n1,x\n2,\"y,z\"\n", "", "", &["2: 1 x ∅", r#"3: 2 y,z [[["y"],["z"]]]"#]),
        ("when,ID,y\nt,1,0\n", "", "", &["2: 1 0"]),
        ("id,churned\na,1\n", "", "", &["2: a 1"]),
        ("order,churned,day\na,1,5\n", "churned", "order", &["2: a 1"]),
        ("a1,1\na2,0\n", "1", "0", &["1: a1 1", "2: a2 0"]),
        ("id,label\na,\n,1\n", "", "", &["2: a ", "3: ∅ 1"]),
        ("{\"id\":7,\"label\":null}\n{\"id\":8,\"label\":\"\"}\n", "", "", &["1: 7 ", "2: 8 "]),
        ("x,label\na,1\n", "", "", &["2! id_not_found"]),
        ("id,x,z\na,1,2\n", "", "", &["2! label_not_found"]),
        (
            "{\"id\":7,\"label\":true}\n{\"id\":8}\n{\"label\":1}\n",
            "",
            "",
            &["1: 7 true", "2! label_not_found", "3! id_not_found"],
        ),
        ("[{\"SageMakerInferenceId\":\"a\",\"churned\":1.0}]", "", "", &["1: a 1.0"]),
        ("{\"k\":{\"id\":\"a\"},\"v\":[5]}", "v[0]", "k.id", &["1: a 5"]),
        ("{\"k\":\"a\",\"v\":\"b\"}", "v", "k", &["1: a b"]),
    ];
    for (text, label, id, rows) in cases {
        assert_eq!(rows_of(labels(label, id), text), rows, "{text}");
    }
}

#[test]
fn labels_of_several_rows_may_stand_in_one_cell_of_a_table() {
    let many = r#"[[["1"],["0"],["1"]]]"#;
    let cases: [(&str, &str); 18] = [
        ("id,label\na,1;0;1\n", &format!("2: a 1;0;1 {many}")),
        ("id,label\na,1|0|1\n", &format!("2: a 1|0|1 {many}")),
        ("id,label\na,\"1,0,1\"\n", &format!("2: a 1,0,1 {many}")),
        ("id,label\na,\"1\n0\n1\"\n", &format!("2: a 1\n0\n1 {many}")),
        ("id,label\na,\"[1, 0, 1]\"\n", &format!("2: a [1, 0, 1] {many}")),
        ("{\"id\":\"a\",\"label\":\"1,0,1\"}", &format!("1: a 1,0,1 {many}")),
        ("{\"id\":\"a\",\"label\":[1,0,null]}", "1: a 1|1: a 0|1: a "),
        ("{\"id\":\"a\",\"label\":{\"x\":[1,0]}}", "1! label_not_found"),
        ("{\"id\":[\"a\",\"b\"],\"label\":1}", "1! id_not_found"),
        ("id,label\na,yes\n", "2: a yes"),
        ("id,label\na,[0]\nb,\"['x']\"\nc,[unk]\n", "2: a 0|3: b x|4: c [unk]"),
        ("id,label\na,(1)\nb,\"(1,)\"\nc,(high)\n", "2! label_not_found|3: b 1|4: c (high)"),
        ("{\"id\":\"a\",\"label\":\"[\\\"x\\\"]\"}", "1: a x"),
        ("id,label\na,\"('x', 'y')\"\n", r#"2: a ('x', 'y') [[["x"],["y"]]]"#),
        ("id,label\na,\"[[1, 0], [0, 1]]\"\n", "2: a [[1, 0], [0, 1]]"),
        (&truth("a", "['x', 'y']"), "1: a x|1: a y"),
        (&truth("a", "[x, y]"), "1: a [x, y]"),
        ("id,label\na,\"x, y\"\n", r#"2: a x, y [[["x"],[" y"]]]"#),
    ];
    for (text, expected) in cases {
        assert_eq!(rows_of(labels("", ""), text).join("|"), expected, "{text}");
    }
    let merged = |text: &str| records(chosen(Format::GroundTruth, Rows::LabelRecords(Attributes::default())), text);
    assert_eq!(merged("{\"id\":\"a\",\"label\":[1,null,\"x,y\"]}"), [r#"{"data":"1,,\"x,y\"","encoding":"CSV"}"#]);
    let of_table = |text: &str| rows_of(chosen(Format::GroundTruth, Rows::LabelRecords(Attributes::default())), text);
    assert_eq!(of_table("id,label\na,[1]\n"), [r#"2: a {"data":"1","encoding":"CSV"}"#], "a list of one");
    let quoted = truth("a", r#"\"1,0\""#);
    assert_eq!(rows_of(labels("", ""), &quoted), [r#"1: a 1,0 [[["1"],["0"]]]"#], "as a merge writes such a cell");
}

#[test]
fn labels_that_can_be_read_otherwise_keep_their_other_readings() {
    let cases: [(&str, &str, &[&str]); 18] = [
        ("7,1", "", &["7", "1"]),
        ("7,1", "1", &[r#"7 [[["1"]]]"#, "1 ∅"]),
        ("7;1", "1", &[r#"7;1 [[["7"],["1"]]]"#]),
        ("[7,1]", "1", &[r#"7 [[["1"]]]"#, "1 ∅"]),
        ("[7,1]", "2", &["7", "1"]),
        ("[[7,1],[8,0]]", "1", &["1", "0"]),
        ("[[7,1]]", "1", &[r#"1 [[["7"],["1"]]]"#]),
        ("[[7,1]]", "", &["7", "1"]),
        (r"0\t1\t1", "", &[r#"0	1	1 [[["0"],["1"],["1"]]]"#]),
        ("0|1|", "", &[r#"0|1| [[["0"],["1"],[""]]]"#]),
        ("0;1|1", "", &["0;1|1"]),
        (r"label\n0\n1", "", &[r#"label [[["0"],["1"]]]"#, "0 ∅", "1 ∅"]),
        (r"churned\nno\nyes", "churned", &[r#"churned [[["no"],["yes"]]]"#, "no ∅", "yes ∅"]),
        (r"outcome\n0\n1", "", &[r#"outcome [[["0"],["1"]]]"#, "0 ∅", "1 ∅"]),
        (r"cat\ndog\nbird", "", &["cat", "dog", "bird"]),
        (r"label\n0\nlabel", "", &["label", "0", "label"]),
        (r"2\n0\n1", "", &["2", "0", "1"]),
        ("1", "0", &["1"]),
    ];
    for (data, label, rows) in cases {
        let expected: Vec<String> = rows.iter().map(|row| format!("1: a {row}")).collect();
        assert_eq!(rows_of(labels(label, ""), &truth("a", data)), expected, "{data}");
    }
}

#[test]
fn a_record_whose_label_says_nothing_is_a_sound_record() {
    let of = |truth: &str| format!("{{\"groundTruthData\":{truth},\"eventId\":\"a\"}}");
    let empty = [
        "null",
        "\"\"",
        "{\"data\":\"\",\"encoding\":\"CSV\"}",
        "{\"data\":\" \\n\",\"encoding\":\"CSV\"}",
        "{\"data\":null,\"encoding\":\"JSON\"}",
        "{\"data\":\"null\",\"encoding\":\"JSON\"}",
        "{\"data\":\"\",\"encoding\":\"BASE64\"}",
        "{\"data\":\"{\\\"label\\\":null}\",\"encoding\":\"JSON\"}",
        "[null]",
        "{\"label\":\"\"}",
    ];
    for truth in empty {
        assert_eq!(rows_of(labels("", ""), &of(truth)), ["1: a "], "{truth}");
    }
    for truth in ["[]", "{}", "[[1,2],[3]]", "{\"a\":1,\"b\":2}"] {
        assert_eq!(rows_of(labels("", ""), &of(truth)), ["1! label_not_found"], "{truth}");
    }
    assert_eq!(rows_of(labels("", ""), &of("[1,null,\"nan\"]")), ["1: a 1", "1: a ", "1: a nan"]);
}

#[test]
fn label_arrays_are_no_manifests() {
    let text = "[{\"prefix\":\"s3://x\",\"id\":1,\"label\":2}]";
    assert_eq!(decode(labels("", ""), text.as_bytes(), 5).rows, ["1: 1 2"]);
}

#[test]
fn tables_hold_predictions_and_labels_by_name_and_by_place() {
    let rows = |prediction, scores, id| Rows::Outcomes(attributes(prediction, scores, "label", id));
    let csv = |header| Format::Csv { header };
    let json = Format::Json { lines: None };
    let lines = "{\"p\":1,\"s\":[0.1,0.9],\"label\":0}\n{\"label\":1,\"k\":\"a\",\"p\":2}\n{\"p\":\n";
    let of_two = Attributes { n_scores: 2, ..attributes("p", &["s"], "label", "k") };
    let cases: [(Format, Rows, &str, &[&str]); 6] = [
        (csv(Some(true)), rows("p", &["s"], ""), "p,s,label\n1,0.9,0\n0,,1\n", &["2: ∅ 1 0.9 0", "3: ∅ 0 ∅ 1"]),
        (csv(None), rows("0", &["1"], "k"), "p,s,label,k\n1,0.9,0,a\n", &["2: a 1 0.9 0"]),
        (csv(Some(true)), rows("q", &["9"], ""), "p,s,label\n1,0.9,0\n", &["2: ∅ ∅ ∅ 0"]),
        (csv(Some(true)), rows("p", &["s"], ""), "p,s,label\n1,\"[0.1,0.9]\",0\n", &["2! score_count_mismatch"]),
        (json.clone(), Rows::Outcomes(of_two), lines, &["1: ∅ 1 0.1 0.9 0", "2: a 2 ∅ ∅ 1", "3! invalid_json"]),
        (json, rows("r[*].p", &["r[*].s"], ""), "{\"r\":[{\"p\":1,\"s\":2}],\"label\":3}", &["1: ∅ 1 2 3"]),
    ];
    for (format, rows, text, expected) in cases {
        assert_eq!(rows_of(chosen(format, rows), text), expected, "{text}");
    }
}

#[test]
fn lists_beside_the_rows_of_tables_that_are_not_always_as_long_belong_to_every_row() {
    let record = |rows: &str, more: &str| format!("{{\"predictions\":[{rows}],\"thresholds\":[3,7]{more}}}");
    let of_two = |label| Attributes { n_scores: 2, ..attributes("p", &["thresholds"], label, "") };
    let outcomes = [(r#"{"p":1,"label":0},{"p":2,"label":1}"#, ""), (r#"{"p":4,"label":1}"#, "")];
    let outcomes = outcomes.map(|(rows, more)| record(rows, more));
    for (lines, text) in [(true, outcomes.join("\n")), (false, format!("[{}]", outcomes.join(",\n")))] {
        let settings = chosen(Format::Json { lines: Some(lines) }, Rows::Outcomes(of_two("label")));
        assert_eq!(rows_of(settings, &text), ["1: ∅ 1 3 7 0", "1: ∅ 2 3 7 1", "2: ∅ 4 3 7 1"], "{text}");
    }
    let id = r#","SageMakerInferenceId":"a""#;
    let transformed = [record(r#"{"p":1},{"p":2}"#, id), record(r#"{"p":4}"#, id)].join("\n");
    let settings = chosen(Format::Json { lines: Some(true) }, Rows::Predictions(of_two("")));
    assert_eq!(rows_of(settings, &transformed), ["1: a 1 3 7", "1: a 2 3 7", "2: a 4 3 7"]);
}

#[test]
fn a_table_of_ground_truth_has_a_header_where_it_names_columns() {
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        ("", "", ",eventId,label\n0,a,1\n", &["2: a 1"]),
        ("k", "v", "1,k,v\n0,a,1\n", &["2: a 1"]),
        ("0", "1", "order-1,yes\norder-2,no\n", &["1: order-1 yes", "2: order-2 no"]),
        ("0", "", "order-1,yes\n", &["1: order-1 yes"]),
        ("0", "1", "id,label\na,1\n", &["2: a 1"]),
        ("", "", "order,label\na,1\n", &["2! id_not_found"]),
    ];
    for (id, label, text, expected) in cases {
        assert_eq!(rows_of(labels(label, id), text), expected, "{text}");
    }
}

#[test]
fn rows_of_a_transform_are_named_by_the_service() {
    let csv = "0, 1f1d57b1-2e6f,2022-08-30T00:49:15Z\n5,x,0.5,id2,2022-08-30T01:49:15Z\n1,2\nid,2022-08-30T00:49:15Z\n";
    let rows = Rows::Predictions(attributes("0", &["2"], "", ""));
    let window = Window { start: time::parse("2022-08-30T00:00:00Z"), end: time::parse("2022-08-30T01:00:00Z") };
    let all = chosen(Format::Csv { header: None }, rows.clone());
    assert_eq!(
        rows_of(all.clone(), csv),
        ["1: 1f1d57b1-2e6f 0 ∅", "2: id2 5 0.5", "3! no_inference_id", "4! no_payload"]
    );
    assert_eq!(rows_of(Settings { window, ..all }, csv)[1], "2! outside_window id2");

    let json = "{\"p\":1,\"SageMakerInferenceId\":\"a\",\"SageMakerInferenceTime\":\"2022-08-30T00:49:15Z\"}\n{\"p\":2}\n\
        {\"SageMakerOutput\":{\"p\":3},\"f\":[1,2],\"SageMakerInferenceId\":\"b\"}\n[1]\n";
    let rows = Rows::Predictions(attributes("p", &[], "", ""));
    let all = chosen(Format::Json { lines: None }, rows);
    assert_eq!(rows_of(all.clone(), json), ["1: a 1", "2! no_inference_id", "3: b 3", "4! no_inference_id"]);
    let window = Window { start: window.end, end: None };
    assert_eq!(rows_of(Settings { window, ..all }, json)[0], "1! outside_window a");
}

/// The record of each row, without its id.
fn records(settings: Settings, text: &str) -> Vec<String> {
    rows_of(settings, text).iter().map(|row| row.splitn(3, ' ').nth(2).unwrap_or(row).to_owned()).collect()
}

#[test]
fn records_as_text_make_merged_lines_without_a_byte_changed() {
    let capture = "{ \"captureData\" : {\"endpointOutput\": {\"data\":\"0.50\\n\",\"encoding\":\"CSV\"}} ,\"eventMetadata\": {\"eventId\":\"e\", \"inferenceId\":\"i\"},\"eventVersion\":\"0\"}";
    let label = "{\"groundTruthData\": {\"data\":\"1\",  \"encoding\":\"CSV\"},\"eventMetadata\":{\"eventId\":\"i\"}}";
    let captures = chosen(Format::Capture(CaptureSides::default()), Rows::CaptureRecords);
    let truths = || chosen(Format::GroundTruth, Rows::LabelRecords(Attributes::default()));
    let captured = records(captures.clone(), capture);
    assert_eq!(
        captured,
        [
            "\"captureData\":{\"endpointOutput\": {\"data\":\"0.50\\n\",\"encoding\":\"CSV\"}},\"eventMetadata\":{\"eventId\":\"e\", \"inferenceId\":\"i\"}}"
        ]
    );
    let labelled = records(truths(), label);
    assert_eq!(labelled, ["{\"data\":\"1\",  \"encoding\":\"CSV\"}"]);
    let line = format!("{{\"eventVersion\":\"0\",\"groundTruthData\":{},{}", labelled[0], captured[0]);
    let outcomes = chosen(
        Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() }),
        Rows::Outcomes(attributes("0", &[], "", "")),
    );
    assert_eq!(rows_of(outcomes, &line), ["1: i 0.50 1"]);

    let table = records(truths(), "id,label\na,\"x,\"\"y\"\"\"\nb,1\n");
    assert_eq!(
        table,
        ["{\"data\":\"\\\"x,\\\"\\\"y\\\"\\\"\\\"\",\"encoding\":\"CSV\"}", "{\"data\":\"1\",\"encoding\":\"CSV\"}"]
    );
    let untold =
        "{\"groundTruthData\":{\"data\":\"{\\\"a\\\":1,\\\"b\\\":2}\",\"encoding\":\"JSON\"},\"eventId\":\"i\"}";
    assert_eq!(records(truths(), untold).len(), 1, "which value is the label is for the job after the merge to say");
    assert!(records(truths(), untold)[0].starts_with("{\"data\""), "{:?}", records(truths(), untold));
    assert_eq!(records(truths(), &truth("a", "")), ["{\"data\":\"\",\"encoding\":\"CSV\"}"]);
    assert_eq!(records(truths(), "{\"groundTruthData\":null,\"eventId\":\"i\"}"), ["null"]);
    assert_eq!(records(truths(), "id,label\na,\n"), ["{\"data\":\"\",\"encoding\":\"CSV\"}"]);
    let pretty = "[\n {\"groundTruthData\": {\n  \"data\": \"1\"\n },\n \"eventId\": \"a\"}\n]";
    assert_eq!(records(truths(), pretty), ["{   \"data\": \"1\"  }"]);
    assert_eq!(records(captures, "{\"a\":1}\n"), ["1! not_a_capture"]);
}

#[test]
fn records_of_a_transform_lose_what_it_added() {
    let csv = "5,\"a\"\"b\", id1 ,2022-08-30T00:49:15Z\n1,2\n";
    let merged = records(chosen(Format::Csv { header: Some(false) }, Rows::CaptureRecords), csv);
    let expected = "\"captureData\":{\"batchTransformOutput\":{\"data\":\"5,\\\"a\\\"\\\"b\\\"\",\"encoding\":\"CSV\"}},\"eventMetadata\":{\"eventId\":\"id1\"}}";
    assert_eq!(merged, [expected, "2! no_inference_id"]);
    let json = "[{\"SageMakerOutput\": {\"p\": 1.0},\"SageMakerInferenceId\":\"i\",\n\"f\":[1, 2],\"SageMakerInferenceTime\":\"2022-08-30T00:49:15Z\"}]";
    let merged = records(chosen(Format::Json { lines: None }, Rows::CaptureRecords), json);
    let data = "{\\\"SageMakerOutput\\\":{\\\"p\\\": 1.0},\\\"f\\\":[1, 2]}";
    let expected = format!(
        "\"captureData\":{{\"batchTransformOutput\":{{\"data\":\"{data}\",\"encoding\":\"JSON\"}}}},\"eventMetadata\":{{\"eventId\":\"i\"}}}}"
    );
    assert_eq!(merged, [expected]);
}

#[test]
fn columnar_rows_are_chosen_as_a_tables_are() {
    use arrow::array::{ArrayRef, Float64Array, Int64Array, ListArray, StringArray};
    use arrow::datatypes::Int32Type;
    use std::sync::Arc;

    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(3), Some(4)]), Some([Some(5), None])]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("eventId", Arc::new(Int64Array::from(vec![17, 18]))),
        ("p", Arc::new(StringArray::from(vec![Some("x"), None]))),
        ("s", Arc::new(lists)),
        ("label", Arc::new(Float64Array::from(vec![1.5, 2.0]))),
    ];
    let batch =
        cells("object", 1, &RecordBatch::try_from_iter(columns).unwrap(), &mut UnreadableCells::default()).unwrap();
    let of_two = Attributes { n_scores: 2, ..attributes("p", &["s"], "label", "") };
    let rows = |rows: Rows| show(&outcome_cells(batch.clone(), &rows)).rows;
    assert_eq!(rows(Rows::Outcomes(of_two.clone())), ["1: ∅ x 3 4 1.5", "2: ∅ ∅ 5 ∅ 2.0"]);
    assert_eq!(rows(Rows::Predictions(of_two)), ["1: 17 x 3 4", "2: 18 ∅ 5 ∅"]);
    assert_eq!(rows(Rows::Labels(Attributes::default())), ["1: 17 1.5", "2: 18 2.0"]);
    let many = ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), Some(0), Some(1)]),
        Some(vec![Some(0)]),
        Some(vec![]),
    ]);
    let of_lists: Vec<(&str, ArrayRef)> =
        vec![("id", Arc::new(Int64Array::from(vec![17, 18, 19]))), ("label", Arc::new(many))];
    let of_lists =
        cells("object", 1, &RecordBatch::try_from_iter(of_lists).unwrap(), &mut UnreadableCells::default()).unwrap();
    for label in ["", "label"] {
        let labels = Rows::Labels(attributes("", &[], label, ""));
        let expected = ["1: 17 1", "1: 17 0", "1: 17 1", "2: 18 0", "3: 19 "];
        assert_eq!(show(&outcome_cells(of_lists.clone(), &labels)).rows, expected, "{label}");
    }
    let of_three = Attributes { n_scores: 3, ..attributes("p", &["s"], "label", "") };
    assert_eq!(rows(Rows::Outcomes(of_three)), ["1: ∅ x 3 4 ∅ 1.5", "2: ∅ ∅ 5 ∅ ∅ 2.0"]);
    let of_one = Rows::Outcomes(attributes("p", &["s"], "label", ""));
    assert_eq!(rows(of_one.clone()), ["1! score_count_mismatch", "2: ∅ ∅ 5 2.0"]);
    let detail = |rows: &RecordBatch| rows.schema_ref().metadata().get(DETAIL).cloned();
    let details: Vec<String> = outcome_cells(batch.clone(), &of_one).iter().filter_map(detail).collect();
    assert_eq!(details, ["the row has 2 scores, and the job looks for 1"]);
    assert_eq!(rows(Rows::CaptureRecords), ["1! no_inference_id", "2! no_inference_id"]);
    assert_eq!(outcome_cells(batch.clone(), &Rows::Cells), std::slice::from_ref(&batch));
}

#[test]
fn a_long_line_of_records_and_a_long_list_of_labels_are_read_to_their_end() {
    let one = truth("a", "1");
    let n = 50_000;
    let text = vec![one.as_str(); n].join(",");
    let shown = decode(labels("", ""), text.as_bytes(), 1 << 16).rows;
    assert_eq!((shown.len(), shown.last().map(String::as_str)), (n, Some("1: a 1")));

    let many = truth("a", &vec!["1"; 100_000].join("\\n"));
    assert_eq!(decode(labels("", ""), many.as_bytes(), 1 << 16).rows.len(), 100_000);
    for (n, row) in [(MAX_COLUMNS, "1: a 1"), (MAX_COLUMNS + 1, "1! record_too_large")] {
        let in_a_line = truth("a", &vec!["1"; n].join(","));
        let shown = decode(labels("", ""), in_a_line.as_bytes(), 1 << 16).rows;
        assert_eq!(shown.last().map(String::as_str), Some(row), "no label is lost without a word");
    }
}
