//! Features that are kept beside predictions and labels, in one cell.

use super::*;

fn keeping(prediction: &str, label: &str) -> Attributes {
    let one = |text: &str| (!text.is_empty()).then(|| Attribute::parse(text).unwrap());
    Attributes { prediction: one(prediction), label: one(label), keeps_features: true, ..Attributes::default() }
}

fn chosen(format: Format, rows: Rows) -> Settings {
    Settings { rows, ..settings(format) }
}

#[test]
fn a_request_s_features_stand_beside_its_answers_though_answers_alone_are_asked_for() {
    let outputs_only = || Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() });
    for (output, input, rows) in [
        ("1", "web,12", &["1: ∅ 1 8:column_03:web8:column_12:12"][..]),
        ("1\n0", "a,\nb,2", &["1: ∅ 1 8:column_01:a8:column_1-", "1: ∅ 0 8:column_01:b8:column_11:2"]),
        ("1", "{\"x\":5,\"y\":null,\"z\":{\"w\":\"1:x\"}}", &["1: ∅ 1 1:x1:51:y-3:z.w3:1:x"]),
        ("1\n0", "a,1\nb,2\nc,3", &["1: ∅ 1 ∅", "1: ∅ 0 ∅"]),
        ("1", "", &["1: ∅ 1 ∅"]),
        ("1", "\"a", &["1: ∅ 1 ∅"]),
    ] {
        let text = request(output, input);
        let shown = decode(chosen(outputs_only(), Rows::Predictions(keeping("0", ""))), text.as_bytes(), 11);
        assert_eq!(shown.columns, ["id", "prediction", "features"]);
        assert_eq!(shown.rows, rows, "{output} {input}");
    }
}

#[test]
fn rows_are_the_same_whether_features_are_kept_or_not() {
    let outputs_only = || Format::Capture(CaptureSides { inputs: Vec::new(), ..CaptureSides::default() });
    let long = format!("{},1", "x".repeat(70_000));
    for input in ["web,12", "a,1\nb,2", "{\"x\":", "\"a", &long] {
        for output in ["1", "1,0,1", "{\"p\":[1,0]}", "{\"p\":"] {
            let text = request(output, input);
            let rows = |keeps_features: bool| {
                let attributes = Attributes { keeps_features, ..keeping("0", "") };
                rows_of(chosen(outputs_only(), Rows::Outcomes(attributes)), &text)
            };
            let (without, with) = (rows(false), rows(true));
            let outcome = |row: &String| row.split(' ').take(3).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(with.iter().map(outcome).collect::<Vec<_>>(), without.iter().map(outcome).collect::<Vec<_>>());
            assert_eq!(with.len(), without.len(), "{input} {output}");
        }
    }
}

#[test]
fn what_is_nothing_else_in_a_table_is_a_feature() {
    let outcomes = |prediction: &str, label: &str| Rows::Outcomes(keeping(prediction, label));
    let table = decode(chosen(Format::Csv { header: Some(true) }, outcomes("p", "y")), b"p,a,y,b\n1,x,0,\n", 3);
    assert_eq!(table.columns, ["id", "prediction", "features", "label"]);
    assert_eq!(table.rows, ["2: ∅ 1 1:a1:x1:b- 0"]);
    let alone = rows_of(chosen(Format::Csv { header: Some(true) }, outcomes("p", "y")), "p,y\n1,0\n");
    assert_eq!(alone, ["2: ∅ 1 ∅ 0"]);
    let lines = || Format::Json { lines: Some(true) };
    let text = "{\"p\":1,\"a\":\"x\",\"y\":0,\"n\":{\"b\":2}}\n";
    assert_eq!(rows_of(chosen(lines(), outcomes("p", "y")), text), ["1: ∅ 1 1:a1:x3:n.b1:2 0"]);
    assert_eq!(rows_of(chosen(lines(), outcomes("[p][0]", "y")), text), ["1: ∅ 1 ∅ 0"], "`p` may be a feature");
}
