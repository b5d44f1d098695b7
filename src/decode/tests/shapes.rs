//! Shapes of payloads: what rows they are, alone and beside the other side of their record.

use super::*;
use crate::decode::shapes::{SHAPES, table_of};
use crate::decode::text::json::{Reader, Value};

/// Rows of both sides of one record.
fn read(output: &str, input: &str) -> (String, String) {
    let decoded = decode(capture(), request(output, input).as_bytes(), 4_096);
    (decoded.columns.join(" "), decoded.rows.iter().map(|row| row.replace("1: ", "")).collect::<Vec<_>>().join("|"))
}

#[test]
fn the_example_of_every_shape_is_of_that_shape() {
    for shape in &SHAPES {
        let mut tape = Vec::new();
        assert_eq!(Reader::over(shape.example).read(&mut tape), Ok(true), "{}", shape.name);
        let value = Value::at(&tape, 0);
        let first = SHAPES.iter().find(|other| (other.read)(value).is_some());
        assert!(first.is_some_and(|first| first.name == shape.name || shape.name == "scalar"), "{}", shape.name);
        let n_rows = table_of(value).rows.len();
        assert!(n_rows == 2 || shape.rows.starts_with("one"), "{}: {n_rows}", shape.name);
    }
}

#[test]
fn tensors_that_contradict_themselves_are_no_rows_of_any_other_shape() {
    let tensor = |name: &str, shape: &str, data: &str| {
        format!(r#"{{"name":"{name}","shape":{shape},"datatype":"INT64","data":{data}}}"#)
    };
    let of_others = [
        format!(r#"{{"inputs":[{}]}}"#, tensor("a", "[2,2]", "[1,2,3]")),
        format!(r#"{{"inputs":[{}]}}"#, tensor("a", "[1]", "[]")),
        format!(r#"{{"outputs":[{},{}]}}"#, tensor("a", "[2]", "[1,2]"), tensor("b", "[3]", "[1,2,3]")),
        tensor("a", "[3]", "[1,2]"),
    ];
    for text in of_others {
        assert_eq!(read("", &text).1, "1! inconsistent_tensors", "{text}");
        assert_eq!(read(&text, "1\n2\n").1, "1! inconsistent_tensors", "{text}");
        assert_eq!(rows_of(settings(Format::Json { lines: Some(true) }), &text), ["1! inconsistent_tensors"], "{text}");
    }
    let empty = format!(r#"{{"inputs":[{}]}}"#, tensor("a", "[0]", "[]"));
    assert!(!read("", &empty).1.contains("inconsistent"), "{empty}");
}

#[test]
fn documents_of_well_known_services_hold_their_rows() {
    let two = "a b";
    let cases = [
        (r#"{"dataframe_split":{"index":[0,1],"columns":["a","b"],"data":[[1,2],[3,4]]}}"#, two, "1 2|3 4"),
        (r#"{"columns":["a","b"],"index":[0,1],"data":[[1,2],[3,4]]}"#, two, "1 2|3 4"),
        (r#"{"data":{"names":["a","b"],"ndarray":[[1,2],[3,4]]}}"#, two, "1 2|3 4"),
        (r#"{"columns":["a","b"],"data":[["x",null]]}"#, two, "x ∅"),
        (r#"{"dataframe_split":{"data":[[1,2],[3,4]]}}"#, "_c0 _c1", "1 2|3 4"),
        (r#"[[{"l":"x","s":0.9},{"l":"y","s":0.1}]]"#, "0.l 0.s 1.l 1.s", "x 0.9 y 0.1"),
        (r#"{"dataframe_records":[{"a":1,"b":2},{"a":3,"b":4}]}"#, two, "1 2|3 4"),
        (r#"{"a":{"0":1,"1":3},"b":{"0":2,"1":4}}"#, two, "1 2|3 4"),
        (r#"{"a":{"7":1},"b":{"7":2}}"#, two, "1 2"),
        (r#"{"0":{"a":1,"b":2},"1":{"a":3,"b":4}}"#, two, "1 2|3 4"),
        (r#"{"inputs":{"a":[[1],[3]],"b":[[2],[4]]}}"#, two, "1 2|3 4"),
        (r#"{"inputs":{"a":[1,3],"b":[2,4]}}"#, two, "1 2|3 4"),
        (r#"{"scores":[{"a":1,"b":2},{"a":3,"b":4}]}"#, two, "1 2|3 4"),
        ("{\"scores\":[{\"a\":1,\"b\":2}]},\n{\"scores\":[{\"a\":3,\"b\":4}]},\n", two, "1 2|3 4"),
        (
            r#"{"inputs":[{"name":"a","shape":[2,1],"datatype":"INT64","data":[1,3]},{"name":"b","shape":[2],"datatype":"INT64","data":[2,4]}],"id":"7"}"#,
            two,
            "1 2|3 4",
        ),
        (r#"{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}"#, "x.0 x.1", "1 2|3 4"),
        (r#"{"inputs":[{"name":"x","shape":[2,2],"data":[[1,2],[3,4]]}]}"#, "x.0 x.1", "1 2|3 4"),
        (r#"{"data":[[1,2],[3,4]]}"#, "_c0 _c1", "1 2|3 4"),
        (r#"{"data":{"a":[1,3],"b":[2,4]}}"#, two, "1 2|3 4"),
        (r#"{"data":{"a":[1,3],"b":[2,4]},"m":["x","y"]}"#, "a b m", "1 2 x|3 4 y"),
        (r#"{"body":{"data":{"a":[1,3],"b":[2,4]}},"m":"x"}"#, "a b m", "1 2 x|3 4 x"),
        (r#"{"data":{"a":[1,3],"b":[2,4],"m":"x","n":null,"o":[],"p":{"q":5}}}"#, "a b m n p.q", "1 2 x ∅ 5|3 4 x ∅ 5"),
        (r#"{"data":{"a":[1],"b":[2],"m":"x"},"k":8}"#, "a b k m", "1 2 8 x"),
        (r#"{"body":{"data":{"a":[1,3],"b":[2,4],"m":"x"}}}"#, "a b body.m", "1 2 x|3 4 x"),
        (r#"{"data":{"a":[1,3],"m":"x"}}"#, "data.a.0 data.a.1 data.m", "1 3 x"),
        (r#"{"data":{"a":[1,3],"b":[2]}}"#, "data.a.0 data.a.1 data.b.0", "1 3 2"),
        (r#"{"data":{"fields":["a","b"],"rows":[[1,2],[3,4]]}}"#, two, "1 2|3 4"),
        (r#"{"inputs":{"fields":["a","b"],"rows":[[1,2],[3,4]]}}"#, two, "1 2|3 4"),
        (r#"{"inputs":{"columns":["a","b"],"index":[0,1],"data":[[1,2],[3,4]]}}"#, two, "1 2|3 4"),
        (r#"{"probabilities":[[0.9,0.1],[0.2,0.8]]}"#, "probabilities.0 probabilities.1", "0.9 0.1|0.2 0.8"),
        (r#"{"label":"x","probabilities":[0.9,0.1]}"#, "label probabilities.0 probabilities.1", "x 0.9 0.1"),
        (
            r#"{"labels":["x","y"],"probabilities":[[0.9,0.1],[0.2,0.8]]}"#,
            "labels probabilities.0 probabilities.1",
            "x 0.9 0.1|y 0.2 0.8",
        ),
        (
            r#"{"inputs":[{"role":"user","content":"q"},{"role":"system","content":"s"}]}"#,
            "inputs.0.content inputs.0.role inputs.1.content inputs.1.role",
            "q user s system",
        ),
        (r#""{\"instances\": [{\"a\": 1, \"b\": 2}]}""#, two, "1 2"),
        (r#"{"data":{"names":[],"ndarray":[[1,2],[3,4]]},"meta":{"x":1}}"#, "_c0 _c1", "1 2|3 4"),
        (r#"{"data":{"ndarray":[[1,2],[3,4]]}}"#, "_c0 _c1", "1 2|3 4"),
        (r#"{"data":{"ndarray":[1,3]}}"#, "_c0", "1|3"),
        (r#"{"data":{"names":["a","b"],"tensor":{"shape":[2,2],"values":[1,2,3,4]}}}"#, two, "1 2|3 4"),
        (r#"{"data":{"tensor":{"shape":[2,3],"values":[1,2,3,4,5,6]}}}"#, "_c0 _c1 _c2", "1 2 3|4 5 6"),
        (r#"{"Instances":[{"a":1,"b":2},{"a":3,"b":4}]}"#, two, "1 2|3 4"),
        (r#"{"result":{"predictions":[[1,2],[3,4]]}}"#, "_c0 _c1", "1 2|3 4"),
        (
            r#"{"response":{"outputs":[{"a":1},{"a":3}],"model":"m","ids":[7,8]},"status":"ok"}"#,
            "a response.ids response.model status",
            "1 7 m ok|3 8 m ok",
        ),
        (r#"{"body":{"result":{"dataframe_split":{"columns":["a","b"],"data":[[1,2],[3,4]]}}}}"#, two, "1 2|3 4"),
        (r#"{"Inputs":{"data":[{"a":1},{"a":3}]},"GlobalParameters":{"m":"x"}}"#, "GlobalParameters.m a", "x 1|x 3"),
        (r#"{"jsonData":{"probabilities":[[1,2],[3,4]]}}"#, "probabilities.0 probabilities.1", "1 2|3 4"),
        (
            r#"{"request":{"instances":[[1]]},"response":{"predictions":[[2]]}}"#,
            "request.instances.0.0 response.predictions.0.0",
            "1 2",
        ),
        (r#"{"body":"{\"instances\": [{\"a\": 1, \"b\": 2}, {\"a\": 3, \"b\": 4}]}"}"#, two, "1 2|3 4"),
        (r#"{"instances":["{\"a\": 1, \"b\": 2}","{\"a\": 3, \"b\": 4}"]}"#, two, "1 2|3 4"),
        (r#"{"instances":["{\"a\": 1}","text"]}"#, "_c0", "{\"a\": 1}|text"),
        (r#"["[1, 2]","[3, 4]"]"#, "_c0 _c1", "1 2|3 4"),
        (r#"{"note":"{\"a\": 1}","b":2}"#, "b note", "2 {\"a\": 1}"),
        (r#"{"features":[1,2]}"#, "_c0 _c1", "1 2"),
        (r#"{"instances":[{"features":[1,2]},{"features":[3,4]}]}"#, "_c0 _c1", "1 2|3 4"),
        (r#"{"instances":[{"data":{"features":{"values":[1,2]}}}]}"#, "_c0 _c1", "1 2"),
        (r#"{"features":[1,2],"label":0}"#, "features.0 features.1 label", "1 2 0"),
    ];
    for (input, columns, rows) in cases {
        let json = |input: &str| request("", input).replace("\"CSV\"", "\"JSON\"");
        let decoded = decode(capture(), json(input).as_bytes(), 4_096);
        assert_eq!(decoded.columns.join(" "), columns, "{input}");
        let shown: Vec<String> = decoded.rows.iter().map(|row| row.replace("1: ", "")).collect();
        assert_eq!(shown.join("|"), rows, "{input}");
    }
}

#[test]
fn a_cell_beside_rows_that_a_row_has_itself_is_left_out_and_counted() {
    let input = r#"{"result":{"predictions":[{"s":1,"id":2},{"s":3}]},"id":"x"}"#;
    let decoded = decode(capture(), request("", input).as_bytes(), 4_096);
    assert_eq!((decoded.columns.join(" "), decoded.rows.join("|")), ("id s".to_owned(), "1: 2 1|1: x 3".to_owned()));
    assert_eq!(decoded.events, ["opened", "cells_dropped 1"]);
}

#[test]
fn arrays_that_are_not_as_their_shape_says_are_no_rows() {
    let wrong = r#"{"data":{"tensor":{"shape":[2,2],"values":[1,2,3]}}}"#;
    assert_eq!(read("0\n1", wrong).1, "1! row_count_mismatch");
    let short = r#"{"data":{"names":["a","b"],"ndarray":[[1,2],[3]]}}"#;
    assert_eq!(read("0\n1", short), ("_c0 a b".to_owned(), "0 1 2|1 3 ∅".to_owned()));
}

#[test]
fn sides_follow_one_another_by_the_number_of_rows() {
    let cases = [
        ("[0,1,0]", "1,2\n3,4\n5,6", "_c0 _c1 _c2", "0 1 2|1 3 4|0 5 6"),
        ("0,1,0", "1,2\n3,4\n5,6\n", "_c0 _c1 _c2", "0 1 2|1 3 4|0 5 6"),
        ("[0,1,0]", "1,2", "_c0 _c1 _c2 _c3 _c4", "0 1 0 1 2"),
        ("{\"p\":[0.1,0.9],\"m\":\"v\"}", "1\n2", "m p _c0", "v 0.1 1|v 0.9 2"),
        (
            "{\"p\":[0.1,0.9]}",
            "{\"ids\":[5,6,7],\"mask\":[1,1,0]}",
            "p.0 p.1 ids.0 ids.1 ids.2 mask.0 mask.1 mask.2",
            "0.1 0.9 5 6 7 1 1 0",
        ),
        ("[0,1]", "{\"a\":[5,6],\"b\":[7,8]}", "_c0 a b", "0 5 7|1 6 8"),
        ("[0,1]", "{\"a\":{\"0\":5,\"1\":6}}", "_c0 a", "0 5|1 6"),
        ("{\"predictions\":[0.1,0.9]}", "1,2", "_c0 _c1 _c2 _c3", "0.1 0.9 1 2"),
    ];
    for (output, input, columns, rows) in cases {
        assert_eq!(read(output, input), (columns.to_owned(), rows.to_owned()), "{output} / {input}");
    }
    for (output, input) in [("[0,1]", "1\n2\n3"), ("0\n1", "1,2"), ("0,1\n2,3", "1\n2\n3"), ("0\n1\n2", "{\"a\":1}")] {
        assert_eq!(read(output, input).1, "1! row_count_mismatch", "{output} / {input}");
    }
}

#[test]
fn a_first_line_that_cannot_be_a_row_names_the_columns() {
    let decoded = |records: &[(&str, &str)]| {
        let text: String = records.iter().map(|(output, input)| request(output, input)).collect();
        let decoded = decode(capture(), text.as_bytes(), 4_096);
        (decoded.columns.join(" "), decoded.rows.join("|"))
    };
    let is = |records: &[(&str, &str)], columns: &str, rows: &str| {
        assert_eq!(decoded(records), (columns.to_owned(), rows.to_owned()), "{records:?}");
    };
    is(&[("0", "a, b\n1,2")], "_c0 a b", "1: 0 1 2");
    is(&[("label,p\nyes,0.5", "a\n1"), ("label,p\nno,0.1", "a\n2")], "label p a", "1: yes 0.5 1|2: no 0.1 2");
    is(&[("0", "x,y"), ("1", "z,w")], "_c0 _c1 _c2", "1: 0 x y|2: 1 z w");
    is(&[("0\n1", "x\n1")], "_c0 _c1", "1: 0 x|1: 1 1");
    // Others of the same width have the same columns.
    let some = [("0", "a,b\n1,2"), ("1", "a,b\n3,4"), ("1", "5,6")];
    is(&some, "_c0 a b", "1: 0 1 2|2: 1 3 4|3: 1 5 6");
    // The index of a table has no name; and numbers are names where the other side has one row less.
    is(&[("0", ",a\n0,5"), ("1", ",a\n1,6")], "_c0 _c1 a", "1: 0 0 5|2: 1 1 6");
    is(&[("0", "0,1\n7,5"), ("1", "0,1\n8,6"), ("1", "0,1\n9,6")], "_c0 0 1", "1: 0 7 5|2: 1 8 6|3: 1 9 6");
    // Words alone, but one row less on the other side, in several records.
    let texts = [("yes", "name\nbob"), ("no", "name\nann"), ("no", "name\neve")];
    is(&texts, "_c0 name", "1: yes bob|2: no ann|3: no eve");
}

#[test]
fn cells_without_names_have_the_places_that_the_job_gives_them() {
    let decoded = |names: &[&str], is_end: bool, records: &[(&str, &str)]| {
        let text: String = records.iter().map(|(output, input)| request(output, input)).collect();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let settings = Settings { names: names.into(), outputs_are_last: is_end, ..capture() };
        let decoded = decode(settings, text.as_bytes(), 4_096);
        (decoded.columns.join(" "), decoded.rows.join("|"))
    };
    let is = |names: &[&str], is_end: bool, records: &[(&str, &str)], columns: &str, rows: &str| {
        assert_eq!(decoded(names, is_end, records), (columns.to_owned(), rows.to_owned()), "{names:?} {records:?}");
    };
    let some_without = [("0.5", "1,2"), ("", "3,4"), ("0.7", "5,6")];
    is(&["p", "a", "b"], false, &some_without, "p a b", "1: 0.5 1 2|2: ∅ 3 4|3: 0.7 5 6");
    is(&[], false, &some_without, "_c0 _c1 _c2", "1: 0.5 1 2|2: ∅ 3 4|3: 0.7 5 6");
    is(&["a", "b", "p"], true, &some_without, "a b p", "1: 1 2 0.5|2: 3 4 ∅|3: 5 6 0.7");
    is(&["a", "b"], false, &[("0.5", "1,2")], "_c2 a b", "1: 0.5 1 2");
    is(
        &["p", "a", "b"],
        false,
        &[("{\"s\":1}", "1,2"), ("{\"s\":1,\"t\":2}", "3,4")],
        "s t a b",
        "1: 1 ∅ 1 2|2: 1 2 3 4",
    );
    is(&["p", "a", "b"], false, &[("", "1,2")], "a b", "1: 1 2");
    is(&[], false, &[("", "1,2"), ("", "3,4")], "_c0 _c1", "1: 1 2|2: 3 4");
}

#[test]
fn arrays_and_tables_in_binary_are_rows() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n";
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.as_bytes());
    npy.extend([0.5_f64, 2.0].iter().flat_map(|x| x.to_le_bytes()));
    use base64::Engine;
    let packed = base64::engine::general_purpose::STANDARD.encode(&npy);
    let side = |data: &str| {
        format!("{{\"data\":\"{data}\",\"encoding\":\"BASE64\",\"observedContentType\":\"application/x-npy\"}}")
    };
    let record =
        |data: &str| format!("{{\"captureData\":{{\"endpointInput\":{}}},\"eventVersion\":\"0\"}}\n", side(data));
    assert_eq!(decode(capture(), record(&packed).as_bytes(), 99).rows, ["1: 0.5", "1: 2.0"]);
    let other = base64::engine::general_purpose::STANDARD.encode([0xff, 0xd8, 0xff, 0xe0]);
    assert_eq!(decode(capture(), record(&other).as_bytes(), 99).rows, ["1! binary_payload"]);
}
