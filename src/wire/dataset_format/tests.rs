//! Every spelling that is sent, and what is refused.

use super::*;

fn sides(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn csv(header: Option<bool>) -> DatasetFormat {
    DatasetFormat::Csv { header, delimiter: None }
}

fn json(lines: Option<bool>) -> DatasetFormat {
    DatasetFormat::Json { lines }
}

#[test]
fn every_spelling_is_understood() {
    use DatasetFormat::{Capture, Merge, Parquet};
    let both = sides(&["endpointInput", "endpointOutput"]);
    let cases = [
        (
            r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#,
            Capture { sides: both.clone() },
        ),
        (
            r#"{"sageMakerCaptureJson":{"captureIndexNames":["endpointinput","endpointOutput","endpointInput"]}}"#,
            Capture { sides: both },
        ),
        (
            r#"{"SAGEMAKERCAPTUREJSON":{"CaptureIndexNames":["batchTransformOutput"]}}"#,
            Capture { sides: sides(&["batchTransformOutput"]) },
        ),
        (r#"{"sagemakerCaptureJson":{}}"#, Capture { sides: None }),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":null}}"#, Capture { sides: None }),
        (r#"{"sagemakerCaptureJson":{"captureIndexNames":[]}}"#, Capture { sides: None }),
        (r#"{"sagemakerCaptureJson":null}"#, Capture { sides: None }),
        (
            r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"],"originalDatasetFormat":null}}"#,
            Merge { sides: sides(&["endpointOutput"]) },
        ),
        (
            r#"{"sagemakerMergeJson":{"captureIndexNames":["batchTransformInput","groundTruthData"]}}"#,
            Merge { sides: sides(&["batchTransformInput", "groundTruthData"]) },
        ),
        (r#"{"csv":{"header":["true","false"]}}"#, csv(None)),
        (r#"{"csv":{"header":["true"]}}"#, csv(Some(true))),
        (r#"{"csv":{"header":[false,"False"]}}"#, csv(Some(false))),
        (r#" {"csv": {"header": true, "output_columns_position": "START"}} "#, csv(Some(true))),
        (r#"{"csv":{"header":"True","output_columns_position":"end"}}"#, csv(Some(true))),
        (r#"{"Csv":{"Header":false,"other":[1]}}"#, csv(Some(false))),
        (r#"{"csv":{},"comment":"x"}"#, csv(None)),
        (r#"{"json":{"lines":true}}"#, json(Some(true))),
        (r#"{"json":{"line":"false"}}"#, json(Some(false))),
        (r#"{"json":{"line":["true","false"]}}"#, json(None)),
        (r#"{"Json":{"Line":true}}"#, json(Some(true))),
        (r#"{"json":{"line":true,"lines":true}}"#, json(Some(true))),
        (r#"{"json":{"lines":null}}"#, json(None)),
        (r#"{"parquet":{}}"#, Parquet),
        (r#"{"Parquet":{}}"#, Parquet),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text).map(|described| described.format), Ok(expected), "{text}");
    }
}

#[test]
fn any_ascii_character_may_stand_between_cells() {
    let cases = [
        (r#"{"csv":{"delimiter":","}}"#, Some(b',')),
        (r#"{"csv":{"delimiter":";"}}"#, Some(b';')),
        (r#"{"csv":{"delimiter":"\t"}}"#, Some(b'\t')),
        (r#"{"csv":{"Sep":"\\t"}}"#, Some(b'\t')),
        (r#"{"csv":{"separator":"|","delimiter":"|"}}"#, Some(b'|')),
        (r#"{"csv":{"delimiter":" "}}"#, Some(b' ')),
        (r#"{"csv":{"delimiter":"\u0001"}}"#, Some(1)),
        (r#"{"csv":{"delimiter":null}}"#, None),
    ];
    for (text, expected) in cases {
        let expected = DatasetFormat::Csv { header: None, delimiter: expected };
        assert_eq!(parse(text).map(|described| described.format), Ok(expected), "{text}");
    }
}

#[test]
fn the_place_of_outputs_and_unknown_keys_are_told() {
    let cases = [
        (r#"{"csv":{"output_columns_position":"END"}}"#, Some(true), ""),
        (r#"{"csv":{"Output_Columns_Position":"start","header":true}}"#, Some(false), ""),
        (r#"{"sagemakerCaptureJson":{"output_columns_position":"END"}}"#, Some(true), ""),
        (r#"{"sagemakerMergeJson":{"originalDatasetFormat":{"x":1},"output_columns_position":"end"}}"#, Some(true), ""),
        (r#"{"json":{"lines":true,"output_columns_position":"END"}}"#, None, "json.output_columns_position"),
        (r#"{"csv":{"headers":true,"quote":"'"},"note":1}"#, None, "note csv.headers csv.quote"),
        (r#"{"parquet":{"header":false}}"#, None, "parquet.header"),
    ];
    for (text, outputs_are_last, unknown) in cases {
        let described = parse(text).expect(text);
        assert_eq!(
            (described.outputs_are_last, described.unknown_keys.join(" ").as_str()),
            (outputs_are_last, unknown)
        );
    }
}

#[test]
fn what_cannot_be_understood_is_refused_with_what_was_found() {
    let cases = [
        ("", "", "empty"),
        ("  ", "", "empty"),
        ("table", "", r#"not JSON: expected ident at line 1 column 2; one of {"sagemakerCaptureJson":{}}, "#),
        ("table", "", r#"{"csv":{"header":true}}, {"json":{"lines":true}}, {"parquet":{}} is expected"#),
        ("csv", "", r#"is not JSON but a word; write {"csv":{"header":true}}"#),
        ("text/csv", "", r#"is not JSON but a word; write {"csv":{"header":true}}"#),
        ("\"CSV\"", "", r#"is not a JSON object; {"csv":{"header":true}} is expected"#),
        ("application/jsonlines", "", r#"write {"json":{"lines":true}}"#),
        ("application/x-parquet", "", r#"write {"parquet":{}}"#),
        ("sagemakerCaptureJson", "", r#"write {"sagemakerCaptureJson":{}}"#),
        ("[]", "", "not a JSON object"),
        ("{}", "", "nothing"),
        (r#"{"avro":{},"orc":{}}"#, "", "avro, orc"),
        (r#"{"csv":{},"json":{}}"#, "", "csv and json"),
        (r#"{"csv":{},"Csv":{}}"#, "", "two formats"),
        (r#"{"csv":true}"#, "csv", r#"not an object, as in {"csv":{"header":true}}"#),
        (r#"{"Parquet": true}"#, "Parquet", r#"as in {"parquet":{}}"#),
        ("{\"csv”: { ”header”: true}", "", "curly quotes (”)"),
        ("{“csv“: {}}", "", "curly quotes (“)"),
        ("{'csv': {'header': true}}", "", "single quotes"),
        (r#"{"csv":{"header":true}"#, "", "1 closing } missing"),
        (r#"{"csv":{"header":true}}}"#, "", "1 closing } too many"),
        (r#"{"csv":{"header":["true"}}"#, "", "1 closing ] missing"),
        (r#"{"csv":{"header":True}}"#, "", "Python's True, which is true in JSON"),
        (r#"{"csv":{"header":None}"#, "", "Python's None, which is null in JSON"),
        ("{'csv': {'header': False}}", "", "Python's False, which is false in JSON"),
        (r#"{"csv":{"True":}}"#, "", "not JSON"),
        (r#"{"csv":{"header":"yes"}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"header":[]}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"header":["true",1]}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"output_columns_position":"MIDDLE"}}"#, "csv.output_columns_position", "START"),
        (r#"{"csv":{"header":true,"delimiter":";;"}}"#, "csv.delimiter", "not one character"),
        (r#"{"csv":{"delimiter":""}}"#, "csv.delimiter", "not one character"),
        (r#"{"csv":{"delimiter":1}}"#, "csv.delimiter", "not one character"),
        (r#"{"csv":{"Sep":"§"}}"#, "csv.Sep", "§ is not understood"),
        (r#"{"csv":{"sep":"\""}}"#, "csv.sep", "quotes a cell"),
        (r#"{"csv":{"sep":";","delimiter":","}}"#, "csv.sep", "contradicts delimiter"),
        (r#"{"json":{"line":true,"Lines":false}}"#, "json.line", "contradicts Lines"),
        (
            r#"{"sagemakerCaptureJson":{"captureIndexNames":"endpointInput"}}"#,
            "sagemakerCaptureJson.captureIndexNames",
            "array",
        ),
        (
            r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","input"]}}"#,
            "sagemakerCaptureJson.captureIndexNames[1]",
            "endpointInput, endpointOutput, batchTransformOutput",
        ),
        (
            r#"{"sagemakerMergeJson":{"captureIndexNames":[1]}}"#,
            "sagemakerMergeJson.captureIndexNames[0]",
            "1 is none of",
        ),
    ];
    for (text, place, cause) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(error.place, place, "{text}: {error}");
        assert!(error.cause.contains(cause), "{text}: {error}");
    }
}

#[test]
fn hostile_texts_are_refused() {
    assert!(parse(&"[".repeat(10_000)).is_err(), "deep nesting");
    assert!(parse(&"{".repeat(1_000_000)).unwrap_err().cause.contains("bytes long"));
    let many = format!("{{{}}}", (0..900).map(|i| format!("\"key{i}\":1")).collect::<Vec<_>>().join(","));
    assert!(parse(&many).unwrap_err().cause.len() < 400, "the cause stays short");
}
