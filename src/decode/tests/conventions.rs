//! Conventions: what the first records of an object tell about how all are read.

use super::*;

/// One record's payloads: the answer and the request, either of which may be missing.
pub type Record<'a> = (&'a str, &'a str);

/// Columns, rows and observations of captures.
pub fn decoded(names: &[&str], records: &[Record<'_>]) -> (String, String, String) {
    let text: String = records.iter().map(|(output, input)| request(output, input)).collect();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let decoded = decode(Settings { names: names.into(), ..capture() }, text.as_bytes(), 4_096);
    let observed = decoded.events.iter().filter_map(|event| event.strip_prefix(OBSERVED)).map(str::trim);
    (decoded.columns.join(" "), decoded.rows.join("|"), observed.collect::<Vec<_>>().join(" "))
}

#[track_caller]
pub fn is(names: &[&str], records: &[Record<'_>], columns: &str, rows: &str, observed: &str) {
    assert_eq!(decoded(names, records), (columns.to_owned(), rows.to_owned(), observed.to_owned()), "{records:?}");
}

const TWO: &str = r#"{"payload":[{"a":1,"b":2},{"a":3,"b":4}]}"#;
const ONE: &str = r#"{"payload":[{"a":5,"b":6}]}"#;

#[test]
fn lists_under_other_keys_are_rows_where_their_lengths_differ() {
    let in_requests = "lists_are_rows_in_requests";
    is(&[], &[("", TWO), ("", ONE)], "a b", "1: 1 2|1: 3 4|2: 5 6", in_requests);
    let both = "lists_are_rows_in_answers lists_are_rows_in_requests";
    is(&[], &[("[7,8]", TWO), ("[9]", ONE)], "_c0 a b", "1: 7 1 2|1: 8 3 4|2: 9 5 6", both);
    let nested = [(r#"{"x":{"rows":[[7],[8]]}}"#, TWO), (r#"{"x":{"rows":[[9]]}}"#, ONE)];
    is(&[], &nested, "_c0 a b", "1: 7 1 2|1: 8 3 4|2: 9 5 6", both);
    // As many labels, told by the key that they stand under.
    let scalars = [(r#"{"x":{"p":[7,8]},"m":1}"#, TWO), (r#"{"x":{"p":[9]},"m":2}"#, ONE)];
    is(&[], &scalars, "m x.p a b", "1: 1 7 1 2|1: 1 8 3 4|2: 2 9 5 6", both);
    // The other side has as many rows for sure, in whatever record.
    is(&[], &[("", ONE)], "a b", "1: 5 6", in_requests);
    is(&[], &[("7\n8", TWO)], "_c0 a b", "1: 7 1 2|1: 8 3 4", in_requests);
    is(&[], &[("7\n8", r#"{"rows":[[1,2],[3,4]],"n":9}"#)], "_c0 _c1 _c2 n", "1: 7 1 2 9|1: 8 3 4 9", in_requests);
    is(&[], &[(r#"{"predictions":[7,8]}"#, TWO)], "_c0 a b", "1: 7 1 2|1: 8 3 4", in_requests);
    // Where they are rows, other numbers of rows do not agree.
    let mut other = vec![("[7,8]", TWO), ("[9]", ONE), ("[7,8,9]", TWO)];
    is(
        &[],
        &other,
        "_c0 _c1 _c2 payload.0.a payload.0.b payload.1.a payload.1.b",
        "1: 7 8 ∅ 1 2 3 4|2: 9 ∅ ∅ 5 6 ∅ ∅|3: 7 8 9 1 2 3 4",
        "lists_may_be_rows_in_requests",
    );
    other.extend([("[7,8]", TWO); 3]);
    let (columns, rows, observed) = decoded(&[], &other);
    assert_eq!((columns.as_str(), observed.as_str()), ("_c0 a b", both));
    assert!(rows.contains("|3! row_count_mismatch|"), "{rows}");
    // Two classes beside one or two lists of a row.
    let classes = [("[7,8]", TWO), ("[7,8]", ONE), ("[7,8]", TWO)];
    let wide = "_c0 _c1 payload.0.a payload.0.b payload.1.a payload.1.b";
    is(&[], &classes, wide, "1: 7 8 1 2 3 4|2: 7 8 5 6 ∅ ∅|3: 7 8 1 2 3 4", "lists_may_be_rows_in_requests");
}

#[test]
fn lists_under_other_keys_are_rows_where_they_hold_the_baselines_columns() {
    let in_requests = "lists_are_rows_in_requests";
    is(&["a", "b"], &[("", TWO)], "a b", "1: 1 2|1: 3 4", in_requests);
    is(&["a", "b"], &[("", r#"{"rows":[[1,2],[3,4]]}"#)], "a b", "1: 1 2|1: 3 4", in_requests);
    is(&["a", "b"], &[("", r#"{"rows":[[1],[3]]}"#)], "rows.0.0 rows.1.0", "1: 1 3", "lists_may_be_rows_in_requests");
}

#[test]
fn lists_that_nothing_tells_about_are_one_row_and_said() {
    let wide = "payload.0.a payload.0.b payload.1.a payload.1.b";
    is(&[], &[("", TWO), ("", TWO)], wide, "1: 1 2 3 4|2: 1 2 3 4", "lists_may_be_rows_in_requests");
    let answers = format!("_c0 _c1 {wide}");
    is(&[], &[("[7,8]", TWO)], &answers, "1: 7 8 1 2 3 4", "lists_may_be_rows_in_requests");
    is(&[], &[(TWO, "")], wide, "1: 1 2 3 4", "lists_may_be_rows_in_answers");
    // One answer says that it is one row.
    is(&[], &[("7", TWO), ("8", ONE)], &format!("_c0 {wide}"), "1: 7 1 2 3 4|2: 8 5 6 ∅ ∅", "");
    let told = r#"{"messages":[{"role":"user","content":"x"},{"role":"system","content":"y"}]}"#;
    let columns = "messages.0.content messages.0.role messages.1.content messages.1.role";
    is(&[], &[("", told)], columns, "1: x user y system", "");
    let choices = r#"{"choices":[{"text":"u"},{"text":"v"}]}"#;
    is(&[], &[(choices, told)], &format!("choices.0.text choices.1.text {columns}"), "1: u v x user y system", "");
    let with_more = [("", r#"{"of":[{"x":1},{"x":2}],"age":3}"#), ("", r#"{"of":[{"x":4}],"age":5}"#)];
    is(&[], &with_more, "age of.0.x of.1.x", "1: 3 1 2|2: 5 4 ∅", "lists_may_be_rows_in_requests");
    is(
        &[],
        &[("", r#"{"tags":[1,2],"age":3}"#), ("", r#"{"tags":[4],"age":5}"#)],
        "age tags.0 tags.1",
        "1: 3 1 2|2: 5 4 ∅",
        "",
    );
    is(&[], &[("", r#"{"a":[[1],[2]],"b":[[3,4]],"c":5}"#)], "a.0.0 a.1.0 b.0.0 b.0.1 c", "1: 1 2 3 4 5", "");
}

#[test]
fn lists_that_stand_alone_are_rows_where_their_lengths_differ() {
    let (in_answers, in_requests) = ("lists_are_rows_in_answers", "lists_are_rows_in_requests");
    is(&[], &[("[1,2,3]", ""), ("[4]", "")], "_c0", "1: 1|1: 2|1: 3|2: 4", in_answers);
    is(&[], &[("1,2,3", ""), ("4", "")], "_c0", "1: 1|1: 2|1: 3|2: 4", in_answers);
    is(&[], &[("", "[1,2,3]"), ("", "[4]")], "_c0", "1: 1|1: 2|1: 3|2: 4", in_requests);
    is(&[], &[(r#"{"p":[1,2]}"#, ""), (r#"{"p":[4]}"#, "")], "p", "1: 1|1: 2|2: 4", in_answers);
    is(&[], &[("[1,2]", ""), ("[3,4]", "")], "_c0 _c1", "1: 1 2|2: 3 4", "");
    is(&[], &[("", "1,2,3"), ("", "4")], "_c0 _c1 _c2", "1: 1 2 3|2: 4 ∅ ∅", "");
    is(&[], &[("[\"x\",2,3]", ""), ("[\"y\",4]", "")], "_c0 _c1 _c2", "1: x 2 3|2: y 4 ∅", "");
    is(&["x", "y", "z"], &[("1,2,3", ""), ("4", "")], "x y z", "1: 1 2 3|2: 4 ∅ ∅", "cells_do_not_fit");
    // One that is shorter than all others is a row with a gap.
    let mut records = [("[1,2]", ""); 20];
    records[7] = ("[3]", "");
    assert_eq!(decoded(&[], &records).0, "_c0 _c1");
}

#[test]
fn lists_of_one_element_are_called_as_longer_ones_are() {
    let tokens = [("7", r#"{"ids":[1,2],"mask":[1,0]}"#), ("8", r#"{"ids":[3],"mask":[1]}"#)];
    is(&[], &tokens, "_c0 ids.0 ids.1 mask.0 mask.1", "1: 7 1 2 1 0|2: 8 3 ∅ 1 ∅", "");
    let answers = [(r#"{"p":[1,2]}"#, "7"), (r#"{"p":[3]}"#, "8")];
    is(&[], &answers, "p.0 p.1 _c0", "1: 1 2 7|2: 3 ∅ 8", "");
    is(&[], &[(r#"{"p":[1]}"#, "7"), (r#"{"p":[3]}"#, "8")], "p _c0", "1: 1 7|2: 3 8", "");
}

#[test]
fn other_delimiters_stand_between_cells_where_no_comma_does() {
    let (in_answers, in_requests) = ("delimiter_in_answers", "delimiter_in_requests");
    is(&[], &[("0", "1;x;2"), ("1", "3;y;4")], "_c0 _c1 _c2 _c3", "1: 0 1 x 2|2: 1 3 y 4", in_requests);
    is(&[], &[("0\t0.5", "1"), ("1\t0.7", "2")], "_c0 _c1 _c2", "1: 0 0.5 1|2: 1 0.7 2", in_answers);
    is(&[], &[("0\t1\t0", "1\n2\n3")], "_c0 _c1", "1: 0 1|1: 1 2|1: 0 3", in_answers);
    let header = "header_in_requests delimiter_in_requests";
    is(&[], &[("0", "a;b\n1;2"), ("1", "a;b\n3;4")], "_c0 a b", "1: 0 1 2|2: 1 3 4", header);
    is(
        &[],
        &[("0", "1,5;2"), ("1", "3;4,5")],
        "_c0 _c1 _c2",
        "1: 0 1,5 2|2: 1 3 4,5",
        "delimiter_in_requests decimal_commas",
    );
    is(&[], &[("0", "1;2,x")], "_c0 _c1 _c2", "1: 0 1;2 x", "");
    is(&[], &[("0", "so; what")], "_c0 _c1", "1: 0 so; what", "");
}

#[test]
fn a_payload_between_other_delimiters_than_most_is_read_by_its_own() {
    let (in_requests, rows) = ("delimiter_in_requests", "1: 0 1 2|2: 1 3 4|3: 0 5 6|4: 1 7 8");
    let semicolons = [("0", "1,2"), ("1", "3;4"), ("0", "5;6"), ("1", "7;8")];
    is(&[], &semicolons, "_c0 _c1 _c2", rows, in_requests);
    let commas = [("0", "1,2"), ("1", "3;4"), ("0", "5\t6"), ("1", "7|8")];
    is(&[], &commas, "_c0 _c1 _c2", rows, "");
    are_at_last(&[], ("0", "1,2"), &[("1", "3;4\n")], "_c0 _c1 _c2", "100: 1 3 4", "");
    are_at_last(&[], ("0;5", "1"), &[("1,6", "1")], "_c0 _c1 _c2", "100: 1 6 1", "delimiter_in_answers");
    // What none of them gives as many cells is read with that of the others, and said.
    let said = "text_fits_no_delimiter";
    are_at_last(&[], ("0", "1,2"), &[("1", "3 4")], "_c0 _c1 _c2", "100: 1 3 4 ∅", said);
    are_at_last(&[], ("0", "1,2"), &[("1", "3;4;5,6,7")], "_c0 _c1 _c2 _c3", "100: 1 3;4;5 6 7", said);
    let told = format!("{in_requests} {said}");
    are_at_last(&[], ("0", "1;2"), &[("1", "3 4")], "_c0 _c1 _c2", "100: 1 3 4 ∅", &told);
    // A text with another character in it.
    are_at_last(&[], ("0", "x,2"), &[("1", "y;z,4")], "_c0 _c1 _c2", "100: 1 y;z 4", "");
}

#[test]
fn lists_of_answers_whose_length_changes_later_are_said() {
    let said = "lists_may_be_rows_in_answers";
    are_at_last(&[], ("[1,2]", ""), &[("[3]", "")], "_c0 _c1", "100: 3 ∅", said);
    are_at_last(&[], ("[1,2]", ""), &[("[3,4]", "")], "_c0 _c1", "100: 3 4", "");
    are_at_last(&["x", "y"], ("[1,2]", ""), &[("[3]", "")], "x y", "100: 3 ∅", "");
}

#[test]
fn lists_that_come_late_are_rows_of_known_columns_or_said() {
    let instances = r#"{"instances":[{"a":1,"b":2},{"a":3,"b":4}]}"#;
    let (in_answers, in_requests) = ("lists_may_be_rows_in_answers", "lists_may_be_rows_in_requests");
    let kinds = "cells_of_two_kinds";
    let wide = "payload.0.a payload.0.b payload.1.a payload.1.b";
    let columns = format!("a b {wide}");
    are_at_last(&[], ("", instances), &[("", TWO)], &columns, "100: ∅ ∅ 1 2 3 4", in_requests);
    are_at_last(&[], (instances, ""), &[(TWO, "")], &columns, "100: ∅ ∅ 1 2 3 4", in_answers);
    are_at_last(&["a", "b"], ("", instances), &[("", TWO)], "a b", "100: 1 2|100: 3 4", "");
    are_at_last(&["a", "b"], ("", instances), &[("", ONE)], "a b", "100: 5 6", "");
    // As many rows on the other side tell; where they may be one row, too, nothing does.
    are_at_last(&[], ("[7,8]", instances), &[("7\n8", TWO)], "_c0 a b", "100: 7 1 2|100: 8 3 4", "");
    let answer = r#"{"found":[{"p":7},{"p":8}]}"#;
    let columns = format!("_c0 found.0.p found.1.p a b {wide}");
    let both = format!("{in_answers} {in_requests} {kinds}");
    are_at_last(&[], ("7\n8", instances), &[(answer, TWO)], &columns, "100: ∅ 7 8 ∅ ∅ 1 2 3 4", &both);
    // Parts of one row, beside one answer or without anything that may be rows.
    are_at_last(&[], ("7", "1,2"), &[("8", r#"{"tags":[1,2]}"#)], "_c0 _c1 _c2 tags.0 tags.1", "100: 8 ∅ ∅ 1 2", kinds);
    are_at_last(
        &[],
        ("", "1,2"),
        &[("", r#"{"tags":[1,2],"n":3}"#)],
        "_c0 _c1 n tags.0 tags.1",
        "100: ∅ ∅ 3 1 2",
        kinds,
    );
}

#[test]
fn headers_in_several_orders_name_their_own_columns() {
    let observed = "header_in_requests";
    is(&[], &[("0", "a,b\n1,2"), ("1", "b,a\n3,4")], "_c0 a b", "1: 0 1 2|2: 1 4 3", observed);
    let three = [("0", "a,b\n1,2"), ("1", "b,a\n3,4"), ("1", "a,b\n5,6"), ("0", "7,8")];
    let rows = "1: 0 1 2|2: 1 4 3|3: 1 5 6|4: 0 7 8";
    is(&[], &three, "_c0 a b", rows, "header_in_requests lines_look_like_headers");
    // Numbers that name columns have one order.
    let numbers = [("0", "0,1\n7,5"), ("1", "0,1\n1,0"), ("1", "0,1\n9,6")];
    is(&[], &numbers, "_c0 0 1", "1: 0 7 5|2: 1 1 0|3: 1 9 6", observed);
}

#[test]
fn a_header_of_few_payloads_names_the_columns_and_is_said() {
    let observed = "header_in_requests lines_look_like_headers";
    is(&[], &[("", "a,b\n1,2"), ("", "3,4")], "a b", "1: 1 2|2: 3 4", observed);
    is(&[], &[("", "x,1\ny,2"), ("", "z,4")], "_c0 _c1", "1: x 1|1: y 2|2: z 4", "");
    // A word may stand in place of a number.
    is(&[], &[("", "x\n1"), ("", "3")], "_c0", "1: x|1: 1|2: 3", "lines_look_like_headers");
    is(&[], &[("", "x,1\n1,2"), ("", "3,4")], "_c0 _c1", "1: x 1|1: 1 2|2: 3 4", "lines_look_like_headers");
}

/// The columns, the last rows and the observations of records that follow on many others.
#[track_caller]
fn are_at_last(names: &[&str], others: Record<'_>, last: &[Record<'_>], columns: &str, rows: &str, observed: &str) {
    let (found_columns, found_rows, found) = decoded(names, &[&vec![others; 99][..], last].concat());
    assert_eq!((found_columns.as_str(), found.as_str()), (columns, observed), "{last:?}");
    assert!(found_rows.ends_with(&format!("|{rows}")), "{last:?}: {found_rows}");
}

#[test]
fn headers_that_come_late_name_the_columns_of_their_payload() {
    let said = "lines_look_like_headers cells_of_two_kinds";
    are_at_last(
        &[],
        ("0", "5,6"),
        &[("0", "a,b\n1,2"), ("1", "3,4")],
        "_c0 _c1 a _c2 b",
        "100: 0 ∅ 1 ∅ 2|101: 1 3 ∅ 4 ∅",
        said,
    );
    // The baseline's names are names, whatever stands below them.
    let known = ["s", "a", "b"];
    are_at_last(&known, ("0", "5,6"), &[("0", "b,a\n1,2")], "s a b", "100: 0 2 1", "");
    are_at_last(&["a", "b"], ("", "x,y"), &[("", "a,b\nx,y")], "a b", "100: x y", "");
    // Rows of the other side tell what a line is that may be either.
    are_at_last(&[], ("0", "5,6"), &[("0\n1", "x,6\n3,4")], "_c0 _c1 _c2", "100: 0 x 6|100: 1 3 4", "");
    are_at_last(&[], ("0", "5,6"), &[("0\n1", "x,y\n3,4")], "_c0 _c1 _c2", "100: 0 x y|100: 1 3 4", "");
    are_at_last(&["s", "a", "90"], ("0", "5,6"), &[("0", "a,90\n3,4")], "s a 90", "100: 0 3 4", "");
    are_at_last(&[], ("0", "5"), &[("1", "a\n3")], "_c0 _c1 a", "100: 1 ∅ 3", said);
    // Rows of words, of other widths, and one line.
    for odd in ["x,y\nz,w", "x,y\n1,z\n2,3\nw,w", "a,b,c\n1,2,3", "x,y", "x,y\n", "1,x\n2,3", "1,x\ny,2"] {
        let columns = decoded(&[], &[&vec![("", "5,6"); 99][..], &[("", odd)]].concat()).0;
        assert!(columns.starts_with("_c0 _c1") && !columns.contains(['x', 'a']), "{odd:?}: {columns}");
    }
}

#[test]
fn names_may_be_numbers_where_several_payloads_begin_so() {
    let records = [("0", "age,90\n1,2"), ("1", "age,90\n3,4"), ("1", "age,90\n5,6")];
    is(&[], &records, "_c0 age 90", "1: 0 1 2|2: 1 3 4|3: 1 5 6", "header_in_requests");
    let alone = records.map(|(_, request)| ("", request));
    is(&[], &alone, "age 90", "1: 1 2|2: 3 4|3: 5 6", "header_in_requests");
    // The same request again and again.
    is(&[], &[("", "x,1"); 3], "_c0 _c1", "1: x 1|2: x 1|3: x 1", "");
}

#[test]
fn headers_that_begin_after_the_first_few_records_are_seen() {
    let mut records = vec![("0", "5,6"); 4];
    records.extend([("1", "a,b\n1,2"); 4]);
    let rows = "1: 0 5 6|2: 0 5 6|3: 0 5 6|4: 0 5 6|5: 1 1 2|6: 1 1 2|7: 1 1 2|8: 1 1 2";
    is(&[], &records, "_c0 a b", rows, "header_in_requests");
}

#[test]
fn one_answer_that_is_a_fault_does_not_undo_what_the_others_say() {
    for fault in ["<html>503</html>", "Service\nUnavailable", r#"{"error":"busy"}"#] {
        let mut records = vec![("score\n0.1\n0.2", "a,b\n1,2\n3,4"); 12];
        records[3].0 = fault;
        let (columns, rows, observed) = decoded(&[], &records);
        assert!(columns.starts_with("score") && columns.ends_with("a b"), "{fault}: {columns}");
        assert!(rows.starts_with("1: 0.1"), "{fault}: {rows}");
        assert!(observed.starts_with("header_in_answers header_in_requests"), "{fault}: {observed}");
    }
}

#[test]
fn every_monitor_sees_the_same_rows() {
    let records: [&[Record<'_>]; 8] = [
        &[("[7,8]", TWO), ("[9]", ONE)],
        &[("7\n8", TWO), ("9", ONE)],
        &[("0;1", "1;2"), ("1;1", "3;4")],
        &[(r#"{"result":{"predictions":[1,0]}}"#, r#"{"body":{"instances":[{"a":1},{"a":2}]}}"#)],
        &[("[1,0]", r#"{"data":{"ndarray":[[1,2],[3,4]]}}"#)],
        &[("[1,0]", r#"{"instances":[{"features":[1,2]},{"features":[3,4]}]}"#)],
        &[("[1,0]", r#"{"instances":["{\"a\": 1}","{\"a\": 2}"]}"#)],
        &[("0", "a,b\n1,2"), ("1", "b,a\n3,4")],
    ];
    let attributes = Attributes { prediction: Some(Attribute::parse("0").unwrap()), ..Attributes::default() };
    let monitors = [
        Rows::Cells,
        Rows::Predictions(attributes.clone()),
        Rows::Outcomes(attributes.clone()),
        Rows::Instances(Instances { attributes, ..Instances::default() }),
    ];
    for records in records {
        let text: String = records.iter().map(|(output, input)| request(output, input)).collect();
        let lines = |rows: &Rows| {
            let settings = Settings { rows: rows.clone(), ..capture() };
            let rows = decode(settings, text.as_bytes(), 4_096).rows;
            rows.iter().map(|row| row.split(':').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let seen = monitors.each_ref().map(lines);
        assert!(seen.iter().all(|lines| *lines == seen[0] && lines.len() > 1), "{records:?}: {seen:?}");
    }
}

#[test]
fn lists_beside_an_envelope_that_are_not_as_long_somewhere_are_no_columns_anywhere() {
    let classes = [
        (r#"{"classes":[0,1],"predictions":[1,0,1]}"#, "1\n2\n3"),
        (r#"{"classes":[0,1],"predictions":[1,0]}"#, "4\n5"),
        (r#"{"classes":[0,1],"predictions":[1]}"#, "6"),
    ];
    let rows = "1: 1 0 1 1|1: 0 0 1 2|1: 1 0 1 3|2: 1 0 1 4|2: 0 0 1 5|3: 1 0 1 6";
    is(&[], &classes, "_c0 classes.0 classes.1 _c1", rows, "");
    let thresholds = [
        (r#"{"result":{"predictions":[1,0],"thresholds":[3,7]},"m":5}"#, "4\n5"),
        (r#"{"result":{"predictions":[1,0,1],"thresholds":[3,7]},"m":5}"#, "1\n2\n3"),
    ];
    let rows = "1: 1 5 3 7 4|1: 0 5 3 7 5|2: 1 5 3 7 1|2: 0 5 3 7 2|2: 1 5 3 7 3";
    is(&[], &thresholds, "_c0 m result.thresholds.0 result.thresholds.1 _c1", rows, "");
    // As long in every record of several lengths: columns.
    let columns = [
        (r#"{"predictions":[1,0],"probabilities":[7,2]}"#, "4\n5"),
        (r#"{"predictions":[1,0,1],"probabilities":[8,3,9]}"#, "1\n2\n3"),
    ];
    let rows = "1: 1 7 4|1: 0 2 5|2: 1 8 1|2: 0 3 2|2: 1 9 3";
    is(&[], &columns, "predictions probabilities _c0", rows, "");
}

#[test]
fn names_beside_rows_name_the_columns_whatever_the_number_of_rows() {
    for (before, between, after) in [
        (r#"{"fields":"#, r#","values":"#, "}"),
        (r#"{"columns":"#, r#","rows":"#, "}"),
        (r#"{"header":"#, r#","rows":"#, "}"),
        (r#"{"Inputs":{"data":{"columns":"#, r#","values":"#, "}}}"),
    ] {
        let of = |rows: &str| format!(r#"{before}["a","b"]{between}{rows}{after}"#);
        let (three, two, one) = (of("[[1,2],[3,4],[5,6]]"), of("[[7,8],[9,1]]"), of("[[2,3]]"));
        let records = [("0\n1\n0", three.as_str()), ("1\n1", two.as_str()), ("0", one.as_str())];
        is(&[], &records, "_c0 a b", "1: 0 1 2|1: 1 3 4|1: 0 5 6|2: 1 7 8|2: 1 9 1|3: 0 2 3", "");
    }
    is(&[], &[("0", r#"{"fields":["a","b"],"values":[[1,2]],"id":7}"#)], "_c0 a b id", "1: 0 1 2 7", "");
}

#[test]
fn a_first_list_of_words_above_numbers_is_a_row_and_is_said() {
    let observed = "list_looks_like_header";
    let rows = "1: age amount|1: 41 1.5|1: 27 2.5";
    is(&[], &[("", r#"[["age","amount"],[41,1.5],[27,2.5]]"#)], "_c0 _c1", rows, observed);
    is(&[], &[("", r#"{"instances":[["age","amount"],[41,1.5],[27,2.5]]}"#)], "_c0 _c1", rows, observed);
    is(&[], &[("", r#"[["no",41],["yes",27]]"#)], "_c0 _c1", "1: no 41|1: yes 27", "");
}
