//! Lists of unequal lengths, on both sides of a record and on one.

use super::conventions::{decoded, is};
use super::*;

const COLUMNS: &str = r#"{"a":[1,2,3],"b":[4,5,6]}"#;
const ANSWERS: &str = r#"{"p":[7,8,9],"s":[0.7,0.8,0.9]}"#;
const SHORT: &str = r#"{"p":[7,8],"s":[0.7,0.8]}"#;

#[test]
fn sides_of_unequal_lists_are_no_row_unless_all_lists_are_cells() {
    let rows = "1: 7 0.7 1 4|1: 8 0.8 2 5|1: 9 0.9 3 6";
    is(&[], &[(ANSWERS, COLUMNS)], "p s a b", rows, "");
    for short in [SHORT, "[7,8]", r#"{"predictions":[7,8]}"#, "7"] {
        let mut records = vec![(ANSWERS, COLUMNS); 8];
        records.extend([(short, COLUMNS), (ANSWERS, COLUMNS)]);
        let (columns, rows, observed) = decoded(&[], &records);
        assert_eq!((columns.as_str(), observed.as_str()), ("p s a b", ""), "{short}");
        assert!(rows.contains("|9! row_count_mismatch|10: 7"), "{short}: {rows}");
    }
    // Nothing but the two of them: several rows by the shapes of both, or of one.
    for short in [SHORT, r#"{"predictions":[7,8]}"#] {
        is(&[], &[(short, COLUMNS)], "", "1! row_count_mismatch", "");
    }
    let one = "1: 7 8 1 2 3 4 5 6";
    let columns = "_c0 _c1 a.0 a.1 a.2 b.0 b.1 b.2";
    is(&[], &[("[7,8]", COLUMNS)], columns, one, "lists_may_be_rows_in_requests");
    is(
        &[],
        &[("[7,8]", COLUMNS); 4],
        columns,
        &[1, 2, 3, 4].map(|n| one.replace("1:", &format!("{n}:"))).join("|"),
        "",
    );
    let both = "lists_may_be_rows_in_answers lists_may_be_rows_in_requests";
    assert_eq!(decoded(&[], &[(SHORT, COLUMNS); 4]).2, both);
}

#[test]
fn lists_beside_a_scalar_that_follow_the_answer_are_not_doubted() {
    let with_more = |lists: &str| format!(r#"{{{lists},"m":5}}"#);
    let (two, three) = (with_more(r#""a":[1,2],"b":[3,4]"#), with_more(r#""a":[1,2,3],"b":[4,5,6]"#));
    let records = [(r#"{"predictions":[7,8]}"#, two.as_str()), (r#"{"predictions":[7,8,9]}"#, three.as_str())];
    let rows = "1: 7 1 3 5|1: 8 2 4 5|2: 7 1 4 5|2: 8 2 5 5|2: 9 3 6 5";
    is(&[], &records, "_c0 a b m", rows, "lists_are_rows_in_requests");
}

#[test]
fn lists_of_one_payload_that_are_not_equally_long_are_no_row_where_lists_are_columns() {
    for (before, after) in [("", ""), (r#"{"data":"#, "}"), (r#"{"body":{"data":"#, "}}"), (r#"{"inputs":"#, "}")] {
        let of = |lists: &str| format!("{before}{lists}{after}");
        let (good, bad) = (of(COLUMNS), of(r#"{"a":[1,2,3],"b":[4,5]}"#));
        let mut records = vec![("[7,8,9]", good.as_str()); 9];
        records[5].1 = &bad;
        let (columns, rows, observed) = decoded(&[], &records);
        assert_eq!((columns.as_str(), observed.as_str()), ("_c0 a b", ""), "{bad}");
        assert!(rows.contains("|6! row_count_mismatch|7: 7 1 4|"), "{bad}: {rows}");
        let alone: Vec<_> = records.iter().map(|(_, input)| ("", *input)).collect();
        if !before.is_empty() {
            assert!(decoded(&[], &alone).1.contains("|6! row_count_mismatch|7: 1 4|"), "{bad}");
            let lines: String = alone.iter().map(|(_, input)| format!("{input}\n")).collect();
            let rows = rows_of(settings(Format::Json { lines: Some(true) }), &lines).join("|");
            assert!(rows.contains("|6! row_count_mismatch|7: 1 4|"), "{bad}: {rows}");
        }
        // As often as not nobody can tell.
        let mixed = [("[7,8,9]", good.as_str()), ("[7,8,9]", bad.as_str())];
        assert!(decoded(&[], &mixed).2.contains("lists_may_be_rows_in_requests"), "{bad}");
        // Never equally long: parts of one row.
        let records = [("7", bad.as_str()); 5];
        assert_eq!(decoded(&[], &records).2, "", "{bad}");
    }
}

#[test]
fn equal_lists_beside_a_scalar_that_nothing_tells_about_are_said() {
    let with_more = r#"{"a":[1,2],"b":[3,4],"m":5}"#;
    is(&[], &[("", with_more)], "a.0 a.1 b.0 b.1 m", "1: 1 2 3 4 5", "lists_may_be_rows_in_requests");
    let found = decode(settings(Format::Json { lines: Some(true) }), with_more.as_bytes(), 4_096);
    assert!(found.events.iter().any(|event| event.contains("lists_may_be_rows_in_records")), "{:?}", found.events);
}

#[test]
fn lists_in_a_list_of_one_that_are_as_long_as_the_answer_are_said() {
    let said = "lists_may_be_rows_in_requests";
    let lists = [
        r#"{"data":[{"a":[1,2],"b":[3,4]}]}"#,
        r#"{"instances":[{"a":[1,2],"b":[3,4]}]}"#,
        r#"[{"a":[1,2],"b":[3,4]}]"#,
    ];
    for input in lists {
        is(
            &[],
            &[("[7,8]", input); 5],
            "_c0 _c1 a.0 a.1 b.0 b.1",
            &[1, 2, 3, 4, 5].map(|n| format!("{n}: 7 8 1 2 3 4")).join("|"),
            said,
        );
        // Answers of one row, and of two classes beside a row of more.
        for answer in ["7", r#"{"predictions":[[0.2,0.3,0.5]]}"#] {
            assert_eq!(decoded(&[], &[(answer, input); 5]).2, "", "{answer}");
        }
    }
    // A list of one beside longer ones.
    assert_eq!(decoded(&[], &[("[7,8]", r#"{"a":[1,2],"b":[3,4],"m":[5]}"#); 5]).2, said);
}
