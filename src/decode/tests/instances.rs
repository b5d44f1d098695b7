//! Rows of instances: predictions and labels with the features beside them.

use proptest::prelude::*;

use super::*;

fn attribute(text: &str) -> Attribute {
    Attribute::parse(text).unwrap()
}

/// Instances with a label; an empty text is no attribute.
fn instances(prediction: &str, scores: &[&str], label: &str, features: &str, headers: &[&str]) -> Instances {
    let one = |text: &str| (!text.is_empty()).then(|| attribute(text));
    Instances {
        attributes: Attributes {
            prediction: one(prediction),
            scores: scores.iter().map(|text| attribute(text)).collect(),
            label: one(label),
            ..Attributes::default()
        },
        with_label: true,
        features: one(features),
        headers: headers.iter().map(|&name| name.to_owned()).collect(),
        others: Vec::new(),
        excluded: Vec::new(),
    }
}

fn of(format: Format, instances: Instances) -> Settings {
    Settings { rows: Rows::Instances(instances), ..settings(format) }
}

fn table(header: bool) -> Format {
    Format::Csv { header: Some(header) }
}

fn json() -> Format {
    Format::Json { lines: None }
}

fn captures() -> Format {
    Format::Capture(CaptureSides::default())
}

/// Columns and rows without what is the same in all of them.
fn shown(settings: Settings, text: &str) -> (String, Vec<String>) {
    let decoded = decode(settings, text.as_bytes(), 7);
    (decoded.columns.join(" ").replace("feature.", "f."), decoded.rows)
}

fn is(found: (String, Vec<String>), columns: &str, rows: &[&str]) {
    assert_eq!((found.0.as_str(), found.1), (columns, rows.iter().map(|&row| row.to_owned()).collect()));
}

/// A captured request with an id.
fn captured(output: &str, input: &str) -> String {
    request(output, input).replace("\"eventVersion\"", "\"eventMetadata\":{\"eventId\":\"e\"},\"eventVersion\"")
}

/// A merged record.
fn merged(output: &str, input: &str, truth: &str) -> String {
    let truth = format!("{{\"data\":{}}}", serde_json::to_string(truth).unwrap());
    captured(output, input).replacen('{', &format!("{{\"groundTruthData\":{truth},"), 1)
}

/// What a batch transform joined, merged with its labels.
fn transformed(joined: &str, truth: &str) -> String {
    let payload = |text: &str| format!("{{\"data\":{}}}", serde_json::to_string(text).unwrap());
    let (joined, truth) = (payload(joined), payload(truth));
    format!(
        "{{\"captureData\":{{\"batchTransformOutput\":{joined}}},\"groundTruthData\":{truth},\"eventMetadata\":{{\"eventId\":\"e\"}}}}\n"
    )
}

/// Gives the decoder all of a text.
fn pushed(decoder: &mut ObjectDecoder, text: &str) {
    let mut taken = 0;
    while taken < text.len() || decoder.has_more() {
        taken += decoder.push(&text.as_bytes()[taken..]);
    }
    decoder.finish(None);
}

#[test]
fn the_columns_of_a_table_that_are_nothing_else_are_features() {
    let by_name = || instances("pred", &["s"], "y", "", &[]);
    let text = "age,y,s,pred,sex\n30,1,0.9,1,F\n\"4,0\",,0.1,0\n";
    is(
        shown(of(table(true), by_name()), text),
        "id prediction score.0 label f.age f.sex",
        &["2: ∅ 1 0.9 1 30 F", "3: ∅ 0 0.1  4,0 ∅"],
    );
    let by_place = instances("3", &["2"], "1", "", &[]);
    is(
        shown(of(table(false), by_place), "30,1,0.9,1,F\n"),
        "id prediction score.0 label f.column_0 f.column_4",
        &["1: ∅ 1 0.9 1 30 F"],
    );
    let excluding = Instances { excluded: vec![attribute("0"), attribute("sex"), attribute("none")], ..by_name() };
    is(shown(of(table(true), excluding), text), "id prediction score.0 label", &["2: ∅ 1 0.9 1", "3: ∅ 0 0.1 "]);
}

#[test]
fn outcomes_that_rows_do_not_hold_are_no_features_all_the_same() {
    let beside = |others: &[&str], headers: &[&str]| Instances {
        others: others.iter().map(|other| attribute(other)).collect(),
        ..instances("", &[], "", "", headers)
    };
    let text = "age,y,s,pred,sex\n30,1,0.9,1,F\n";
    is(
        shown(of(table(true), beside(&["y", "2", "pred", "none", "a[*]"], &[])), text),
        "id prediction label f.age f.sex",
        &["2: ∅ ∅ ∅ 30 F"],
    );
    let keyed = "{\"age\":30,\"y\":1,\"p\":[0.25,0.5,0.25],\"pred\":0}\n{\"age\":31,\"p\":[1]}\n";
    is(
        shown(of(json(), beside(&["y", "p", "pred"], &[])), keyed),
        "id prediction label f.age",
        &["1: ∅ ∅ ∅ 30", "2: ∅ ∅ ∅ 31"],
    );
    let request = beside(&["1", "p"], &["a", "b", "p"]);
    is(
        shown(of(captures(), request.clone()), &merged("7", "1,2,3", "1")),
        "id prediction label f.a f.b f.p",
        &["1: e ∅ 1 1 2 3"],
    );
    is(
        shown(of(captures(), request), &transformed("5,0.9,6\n7,0.1,8\n", "0,1")),
        "id prediction label f.a f.b f.p",
        &["1: e ∅ 0 5 6 ∅", "1: e ∅ 1 7 8 ∅"],
    );
}

#[test]
fn headers_name_all_columns_of_a_table_without_a_header() {
    let named = || instances("pred", &[], "y", "", &["age", "y", "pred", "sex"]);
    is(
        shown(of(table(false), named()), "30,1,0\n31,0,1,M\n"),
        "id prediction label f.age f.sex",
        &["1: ∅ 0 1 30 ∅", "2: ∅ 1 0 31 M"],
    );
    let decoded = decode(of(table(false), named()), b"30,1,0,F\n31,0,1,M,9,9\n", 4);
    assert_eq!(decoded.rows, ["1: ∅ 0 1 30 F", "2: ∅ 1 0 31 M"]);
    assert_eq!(decoded.events, ["opened", "cells_dropped 2", "uncounted"]);
}

#[test]
fn json_tables_give_what_stands_beside_label_and_prediction() {
    let by_name = || instances("pred", &["p"], "y", "", &[]);
    let text = concat!(
        "{\"age\":30,\"y\":1,\"pred\":0,\"p\":[0.25]}\n",
        "{\"y\":0,\"pred\":1,\"p\":[0.75],\"home\":{\"owned\":true},\"age\":null}\n",
    );
    is(
        shown(of(json(), by_name()), text),
        "id prediction score.0 label f.age f.home.owned",
        &["1: ∅ 0 0.25 1 30 ∅", "2: ∅ 1 0.75 0 ∅ true"],
    );
    let rows = instances("", &[], "2", "", &["a", "b", "y"]);
    is(shown(of(json(), rows), "[[1,2,0],[3,4,1]]"), "id prediction label f.a f.b", &["1: ∅ ∅ 0 1 2", "1: ∅ ∅ 1 3 4"]);
}

#[test]
fn expressions_find_features_and_labels_in_a_whole_document() {
    let document = "{\"instances\":[{\"features\":[41,\"F\"],\"label\":1},{\"features\":[33.50,\"M\"],\"label\":0},{\"label\":1}]}";
    let of_document = |headers: &[&str]| instances("", &[], "instances[*].label", "instances[*].features", headers);
    is(
        shown(of(json(), of_document(&["age", "sex"])), document),
        "id prediction label f.age f.sex",
        &["1: ∅ ∅ 1 41 F", "1: ∅ ∅ 0 33.50 M", "1: ∅ ∅ 1 ∅ ∅"],
    );
    is(
        shown(of(json(), of_document(&[])), document),
        "id prediction label f.column_0 f.column_1",
        &["1: ∅ ∅ 1 41 F", "1: ∅ ∅ 0 33.50 M", "1: ∅ ∅ 1 ∅ ∅"],
    );
    let of_array = || instances("", &[], "[*].y", "[*].x", &["a", "b"]);
    is(
        shown(of(json(), of_array()), "[{\"x\":[1,2],\"y\":0},\n{\"x\":[3,4],\"y\":1}]"),
        "id prediction label f.a f.b",
        &["1: ∅ ∅ 0 1 2", "2: ∅ ∅ 1 3 4"],
    );
    let of_lines = instances("pred", &[], "y", "x", &["a", "b"]);
    is(
        shown(of(json(), of_lines), "{\"x\":[1,2],\"y\":0,\"pred\":1}\n{\"y\":0}\n{\"x\":{\"b\":4,\"c\":5}}\n"),
        "id prediction label f.a f.b",
        &["1: ∅ 1 0 1 2", "2! features_not_found", "3: ∅ ∅ ∅ ∅ 4"],
    );
}

#[test]
fn a_request_gives_the_features_and_the_answer_the_prediction() {
    let named = || instances("0", &["1"], "", "", &["age", "sex"]);
    is(
        shown(of(captures(), named()), &merged("1,0.9\n0,0.1\n", "30,F\n40,M\n", "1\n0\n")),
        "id prediction score.0 label f.age f.sex",
        &["1: e 1 0.9 1 30 F", "1: e 0 0.1 0 40 M"],
    );
    let by_name = instances("pred", &[], "", "", &[]);
    let keyed = "{\"instances\":[{\"age\":30,\"pred\":7},{\"age\":40}]}";
    is(
        shown(of(captures(), by_name), &merged("{\"predictions\":[{\"pred\":1},{\"pred\":0}]}", keyed, "1,")),
        "id prediction label f.age f.pred",
        &["1: e 1 1 30 7", "1: e 0  40 ∅"],
    );
    let by_expression = instances("predictions[*].l", &[], "instances[*].y", "instances[*].features", &["a", "b"]);
    is(
        shown(
            of(captures(), by_expression),
            &merged(
                "{\"predictions\":[{\"l\":1},{\"l\":0}]}",
                "{\"instances\":[{\"features\":[1,2]},{\"features\":[3,4]}]}",
                "{\"instances\":[{\"y\":0},{\"y\":1}]}",
            ),
        ),
        "id prediction label f.a f.b",
        &["1: e 1 0 1 2", "1: e 0 1 3 4"],
    );
}

#[test]
fn a_batch_transform_holds_the_features_beside_its_answer() {
    let joined =
        "{\"SageMakerOutput\":{\"predictions\":[{\"l\":1},{\"l\":0}]},\"instances\":[{\"x\":[1,2e3]},{\"x\":[3,4]}]}";
    let by_expression = instances("predictions[*].l", &[], "", "instances[*].x", &["a", "b"]);
    is(
        shown(of(captures(), by_expression), &transformed(joined, "0,1")),
        "id prediction label f.a f.b",
        &["1: e 1 0 1 2e3", "1: e 0 1 3 4"],
    );
    let one = "{\"SageMakerOutput\":{\"l\":1,\"s\":0.9},\"age\":30,\"l\":\"x\"}";
    is(
        shown(of(captures(), instances("l", &[], "", "", &[])), &transformed(one, "0")),
        "id prediction label f.age f.l",
        &["1: e 1 0 30 x"],
    );
    is(
        shown(of(captures(), instances("0", &["1"], "", "", &[])), &transformed(one, "0")),
        "id prediction score.0 label f.age f.l",
        &["1: e 1 0.9 0 30 x"],
    );
    let first = instances("1", &["0"], "", "", &["a", "b"]);
    is(
        shown(of(captures(), first), &transformed("0.9,1,5,6", "0")),
        "id prediction score.0 label f.a f.b",
        &["1: e 1 0.9 0 5 6"],
    );
    let last = Instances { excluded: vec![attribute("1")], ..instances("2", &[], "", "", &["a", "b"]) };
    is(
        shown(of(captures(), last), &transformed("5,6,1\n7,8,0\n", "0,1")),
        "id prediction label f.a",
        &["1: e 1 0 5", "1: e 0 1 7"],
    );
}

#[test]
fn captures_that_wait_for_labels_have_no_label() {
    let waiting = Instances { with_label: false, ..instances("0", &[], "0", "", &["age", "sex"]) };
    is(shown(of(captures(), waiting.clone()), &captured("1", "30,F")), "id prediction f.age f.sex", &["1: e 1 30 F"]);
    is(shown(of(captures(), waiting.clone()), "{}\n"), "id prediction f.age f.sex", &["1! not_a_capture"]);
    let rows = "1,30,F,i-1,2020-01-01T00:00:00Z\n";
    is(shown(of(table(false), waiting), rows), "id prediction f.age f.sex", &["1: i-1 1 30 F"]);
    let keyed = Instances { with_label: false, ..instances("l", &[], "", "x", &["age"]) };
    let line = "{\"SageMakerInferenceId\":\"i\",\"SageMakerInferenceTime\":\"2020-01-01T00:00:00Z\",\"SageMakerOutput\":{\"l\":1},\"x\":[30]}\n";
    is(shown(of(json(), keyed), line), "id prediction f.age", &["1: i 1 30"]);
}

#[test]
fn parts_of_a_record_that_disagree_reject_it() {
    let two = instances("0", &[], "", "", &["a", "b"]);
    let cases = [
        (merged("1\n0\n", "1,2\n", "1"), "row_count_mismatch"),
        (merged("1\n", " ", "1"), "no_payload"),
        (merged("1\n", "{\"a\":1,\"a\":2}", "1"), "duplicate_key"),
        (merged("1\n", "{\"a\":", "1"), "invalid_payload"),
    ];
    for (text, reason) in &cases {
        assert_eq!(rows_of(of(captures(), two.clone()), text), [format!("1! {reason}")], "{text}");
    }
    let many = rows_of(of(captures(), two.clone()), &merged("1\n", "1,2\n", "1,0"));
    assert_eq!(many, ["1: e 1 ∅ 1 2"], "nobody can say which label is the row's");
    let unasked = instances("", &[], "", "", &["a", "b"]);
    assert_eq!(
        rows_of(of(captures(), unasked), &merged("{\"p\":[1,2,3]}", "1,2\n3,4", "1,0")),
        ["1: e ∅ 1 1 2", "1: e ∅ 0 3 4"]
    );
}

#[test]
fn features_without_names_appear_as_the_data_brings_them() {
    let open = || instances("0", &[], "", "", &[]);
    let text = [
        merged("1", "{\"b\":1}", "1"),
        merged("1", "{\"phantom\":1,\"b.c\":2,\"b\":{\"c\":3}}", "1"),
        merged("1", "{\"a\":2,\"b\":3}", "0"),
    ]
    .concat();
    is(
        shown(of(captures(), open()), &text),
        "id prediction label f.a f.b",
        &["1: e 1 1 ∅ 1", "2! duplicate_key", "3: e 1 0 2 3"],
    );
}

#[test]
fn features_that_nobody_named_are_dropped_and_counted_where_names_are_given() {
    let named = || instances("0", &[], "", "", &["b", "a"]);
    let text =
        [merged("1", "{\"a\":1,\"c\":2,\"d\":3}", "1"), merged("1", "7,8,9", "0"), merged("1", "1\n2", "0")].concat();
    let decoded = decode(of(captures(), named()), text.as_bytes(), 11);
    assert_eq!(decoded.columns, ["id", "prediction", "label", "feature.b", "feature.a"]);
    assert_eq!(decoded.rows, ["1: e 1 1 ∅ 1", "2: e 1 0 7 8", "3! row_count_mismatch"]);
    let mut events = decoded.events;
    events.sort_unstable();
    assert_eq!(events, ["cells_dropped 3", "merged 2", "opened", "too_few_labels 0", "too_many_labels 0"]);
    let listed = merged("1", "{\"instances\":[{\"features\":[8,9]}]}", "0");
    is(shown(of(captures(), named()), &listed), "id prediction label f.b f.a", &["1: e 1 0 8 9"]);
    let doubled = instances("0", &[], "", "", &["a", "a"]);
    is(shown(of(captures(), doubled), &merged("1", "5,6", "0")), "id prediction label f.a f.a_", &["1: e 1 0 5 6"]);
}

#[test]
fn a_table_of_too_many_columns_is_rejected_row_by_row() {
    let wide = vec!["1"; MAX_COLUMNS].join(",");
    let settings = Settings { max_record_bytes: 1 << 20, ..of(table(false), instances("0", &[], "1", "", &[])) };
    let decoded = decode(settings, format!("{wide}\n").as_bytes(), 1 << 16);
    assert_eq!(decoded.rows, ["1! too_many_columns"]);
    let deep = format!("{{\"x\":{}1{}}}", "[".repeat(70), "]".repeat(70));
    let rows = rows_of(of(captures(), instances("0", &[], "", "x[*]", &[])), &merged("1", &deep, "1"));
    assert_eq!(rows, ["1! too_deep"]);
}

#[test]
fn columnar_batches_become_instances() {
    let mut decoder = ObjectDecoder::new("object", settings(table(true)));
    pushed(&mut decoder, "age,y,sex,pred\n30,1,F,0\n,0,M,1\n");
    let batch = decoder.take().into_iter().find(|batch| batch.num_rows() > 0).unwrap();
    let rows = Rows::Instances(instances("pred", &[], "y", "", &[]));
    let decoded = show(&outcome_cells(batch, &rows));
    assert_eq!(decoded.columns, ["id", "prediction", "label", "feature.age", "feature.sex"]);
    assert_eq!(decoded.rows, ["2: ∅ 0 1 30 F", "3: ∅ 1 0 ∅ M"]);
}

proptest! {
    #[test]
    fn a_request_means_the_same_in_every_form(
        rows in prop::collection::vec(prop::collection::vec("[a-z0-9 é.]{0,14}", 3), 1..6),
        block in 1_usize..60,
    ) {
        let json = serde_json::json!({ "instances": rows.iter().map(|row| serde_json::json!({ "x": row })).collect::<Vec<_>>() });
        let csv: String = rows.iter().map(|row| row.join(",") + "\n").collect();
        let answer: String = (0..rows.len()).map(|row| format!("{row}\n")).collect();
        let names = ["a", "b", "c"];
        let decoded = |features: &str, text: &str| {
            decode(of(captures(), instances("0", &[], "", features, &names)), text.as_bytes(), block).rows
        };
        let shown = |row: usize, cells: &[String]| {
            let cells = cells.iter().map(|cell| if cell.is_empty() { "∅" } else { cell });
            format!("1: e {row} {row} {}", cells.collect::<Vec<_>>().join(" "))
        };
        let expected: Vec<String> = rows.iter().enumerate().map(|(row, cells)| shown(row, cells)).collect();
        prop_assert_eq!(&decoded("", &merged(&answer, &csv, &answer)), &expected);
        prop_assert_eq!(&decoded("instances[*].x", &merged(&answer, &json.to_string(), &answer)), &expected);
        let mut joined = json;
        joined["SageMakerOutput"] = serde_json::json!((0..rows.len()).map(|row| serde_json::json!([row])).collect::<Vec<_>>());
        prop_assert_eq!(&decoded("instances[*].x", &transformed(&joined.to_string(), &answer)), &expected);
    }
}

#[test]
fn features_have_the_names_that_are_given_in_every_shape() {
    let two = Instances { with_label: false, ..instances("0", &[], "", "", &["age", "sex"]) };
    let requests = [
        "30;F\n40;M\n",
        r#"{"instances":[{"features":[30,"F"]},{"features":[40,"M"]}]}"#,
        r#"{"instances":[{"data":{"features":{"values":[30,"F"]}}},{"data":{"features":{"values":[40,"M"]}}}]}"#,
        r#"{"instances":["{\"sex\": \"F\", \"age\": 30}","{\"sex\": \"M\", \"age\": 40}"]}"#,
        r#"{"body":"{\"instances\": [[30, \"F\"], [40, \"M\"]]}","path":"/"}"#,
        r#"{"data":{"names":["age","sex"],"ndarray":[[30,"F"],[40,"M"]]}}"#,
        r#"{"data":{"tensor":{"shape":[2,2],"values":[30,"F",40,"M"]}}}"#,
        r#"{"Inputs":{"data":[{"age":30,"sex":"F"},{"age":40,"sex":"M"}]}}"#,
        r#"{"payload":[{"age":30,"sex":"F"},{"age":40,"sex":"M"}],"client":"web"}"#,
        r#"{"rows":[[30,"F"],[40,"M"]]}"#,
    ];
    for input in requests {
        let found = shown(of(captures(), two.clone()), &captured("1\n0\n", input));
        let expected =
            ("id prediction f.age f.sex".to_owned(), ["1: e 1 30 F", "1: e 0 40 M"].map(str::to_owned).to_vec());
        assert_eq!(found, expected, "{input}");
    }
}
