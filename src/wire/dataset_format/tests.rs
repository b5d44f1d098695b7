//! Every spelling that is sent, and what is refused.

use super::*;

fn sides(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn csv(header: Option<bool>, outputs_at_end: bool) -> DatasetFormat {
    DatasetFormat::Csv { header, outputs_at_end }
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
        (r#"{"csv":{"header":["true","false"]}}"#, csv(None, false)),
        (r#"{"csv":{"header":["true"]}}"#, csv(Some(true), false)),
        (r#"{"csv":{"header":[false,"False"]}}"#, csv(Some(false), false)),
        (r#" {"csv": {"header": true, "output_columns_position": "START"}} "#, csv(Some(true), false)),
        (r#"{"csv":{"header":"True","output_columns_position":"end"}}"#, csv(Some(true), true)),
        (r#"{"Csv":{"Header":false,"other":[1]}}"#, csv(Some(false), false)),
        (r#"{"csv":{},"comment":"x"}"#, csv(None, false)),
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
        assert_eq!(parse(text).as_ref(), Ok(&expected), "{text}");
    }
}

#[test]
fn what_cannot_be_understood_is_refused_with_what_was_found() {
    let cases = [
        ("", "", "empty"),
        ("  ", "", "empty"),
        ("csv", "", r#"not JSON: expected value at line 1 column 1; one of {"sagemakerCaptureJson":{}}, "#),
        ("parquet", "", r#"{"csv":{"header":true}}, {"json":{"lines":true}}, {"parquet":{}} is expected"#),
        ("[]", "", "not a JSON object"),
        ("{}", "", "nothing"),
        (r#"{"avro":{},"orc":{}}"#, "", "avro, orc"),
        (r#"{"csv":{},"json":{}}"#, "", "csv and json"),
        (r#"{"csv":{},"Csv":{}}"#, "", "two formats"),
        (r#"{"csv":true}"#, "csv", "not an object"),
        ("{\"csv”: { ”header”: true}", "", "curly quotes (”)"),
        ("{“csv“: {}}", "", "curly quotes (“)"),
        ("{'csv': {'header': true}}", "", "single quotes"),
        (r#"{"csv":{"header":true}"#, "", "1 closing } missing"),
        (r#"{"csv":{"header":true}}}"#, "", "1 closing } too many"),
        (r#"{"csv":{"header":["true"}}"#, "", "1 closing ] missing"),
        (r#"{"csv":{"header":True}}"#, "", "not JSON"),
        (r#"{"csv":{"header":"yes"}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"header":[]}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"header":["true",1]}}"#, "csv.header", "none of true"),
        (r#"{"csv":{"output_columns_position":"MIDDLE"}}"#, "csv.output_columns_position", "START"),
        (r#"{"csv":{"header":true,"delimiter":";"}}"#, "csv.delimiter", "no comma"),
        (r#"{"csv":{"Sep":"\t"}}"#, "csv.Sep", "no comma"),
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
