//! Appearance of an object: what its first bytes look like, other than what they are read as.

use crate::decode::formats::lists::{begins_with_names, each_value};
use crate::decode::reason::Observation;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::shapes::is_list_of;
use crate::decode::text::csv::{COMMA, Cell, Dialect, Scan, record_of};
use crate::decode::text::json::{Node, Value};
use crate::decode::text::nothing::is_nothing;
use crate::names;

/// Records of a file's beginning that are looked at.
const FIRST_RECORDS: usize = 8;
/// Characters of a file's beginning that tell whether it is UTF-16.
const FIRST_UNITS: usize = 128;
/// Bytes that stand between cells in one table or another.
const DELIMITERS: [(u8, Observation); 4] = [
    (b';', Observation::Semicolons),
    (b'\t', Observation::Tabs),
    (b'|', Observation::Bars),
    (COMMA, Observation::Commas),
];

/// What an object looks like that begins with `head`, all of it where `is_whole`, and is read as these settings say, as a
/// CSV table or not.
pub fn observed(settings: &Settings, is_csv: bool, head: &[u8], is_whole: bool) -> Option<Observation> {
    match &settings.format {
        format if is_csv => {
            let header = if let Format::Csv { header } = format { *header } else { None };
            let in_doubt = || header_doubt(&records(head, is_whole, settings.delimiter), header?);
            appearance(head, is_whole, settings.delimiter).or_else(in_doubt)
        }
        Format::Json { .. } => are_captures(head).then_some(Observation::Captures).or_else(|| list_doubt(head)),
        _ => None,
    }
}

/// What a table looks like that begins with `head`, all of it where `is_whole`, and is read with this delimiter:
/// JSON Lines where it begins with an object; another delimiter's where it has one column, and with that delimiter
/// as many cells, more than one, in every record.
fn appearance(head: &[u8], is_whole: bool, delimiter: u8) -> Option<Observation> {
    if head.trim_ascii_start().starts_with(b"{") {
        return Some(if are_captures(head) { Observation::Captures } else { Observation::JsonLines });
    }
    if widths(head, is_whole, delimiter).first() != Some(&1) {
        return None;
    }
    let fits = |delimiter: u8| {
        let widths = widths(head, is_whole, delimiter);
        widths.first().is_some_and(|first| *first > 1 && widths.iter().all(|width| width == first))
    };
    DELIMITERS.into_iter().find(|(other, _)| *other != delimiter && fits(*other)).map(|(_, observation)| observation)
}

/// Whether the first line is a captured or a merged record.
fn are_captures(head: &[u8]) -> bool {
    let line = head.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let key = format!("\"{}\"", names::capture::CAPTURE_DATA);
    line.starts_with(b"{") && memchr::memmem::find(line, key.as_bytes()).is_some()
}

/// The cells of a record; `None` where one says nothing.
type Record = Vec<Option<String>>;

fn cell_of(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !is_nothing(text))
}

/// The first records of a table.
fn records(head: &[u8], is_whole: bool, delimiter: u8) -> Vec<Record> {
    let text = head.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let is_whole = is_whole && text.len() == head.len();
    let text = text.trim_start_matches('\u{feff}');
    let mut records = Vec::new();
    each_record(text.as_bytes(), is_whole, delimiter, |cells| {
        records.push(cells.iter().map(|cell| cell_of(&cell.meaning(text))).collect());
    });
    records
}

/// Whether the first of the lists of scalars that a file of JSON begins with, one after the other or in a list, names
/// the cells of the others: each is a row of its own.
fn list_doubt(head: &[u8]) -> Option<Observation> {
    let (mut records, mut has_names) = (Vec::new(), false);
    each_value(head, |value| {
        has_names |= begins_with_names(value);
        let is_record = is_list_of(value, Value::is_scalar);
        if is_record {
            records.push(value.elements().map(scalar).collect());
        }
        is_record && records.len() < FIRST_RECORDS
    });
    (has_names || header_doubt(&records, false).is_some()).then_some(Observation::ListLooksLikeHeader)
}

fn scalar(value: Value<'_, '_>) -> Option<String> {
    match value.node() {
        Node::Literal(word) => cell_of(word),
        Node::String(text) => cell_of(text.raw),
        _ => None,
    }
}

/// Whether a table's first record, which is read as its header or not, looks like the other: by the columns that hold
/// numbers below it. Numbers that count on, such as 0, 1, 2, may be names.
fn header_doubt(records: &[Record], has_header: bool) -> Option<Observation> {
    let (first, others) = records.split_first()?;
    let below = |column: usize| others.iter().filter_map(move |record| record.get(column)?.as_deref());
    let holds_numbers = |column: &usize| below(*column).next().is_some() && below(*column).all(is_number);
    let above: Vec<&Option<String>> = (0..first.len()).filter(holds_numbers).map(|column| &first[column]).collect();
    let is_row = |cell: &&Option<String>| cell.as_deref().is_none_or(is_number);
    let is_word = |cell: &Option<String>| cell.as_deref().is_some_and(|text| !is_number(text));
    if above.is_empty() {
        None
    } else if has_header {
        let looks_like_row = above.iter().all(is_row) && above.iter().any(|cell| cell.is_some()) && !count_on(&above);
        looks_like_row.then_some(Observation::HeaderLooksLikeRow)
    } else {
        first.iter().all(is_word).then_some(Observation::RowLooksLikeHeader)
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

/// Whether numbers count on from 0 or 1, or from anywhere if they are several.
fn count_on(cells: &[&Option<String>]) -> bool {
    let numbers: Vec<i64> = cells.iter().filter_map(|cell| cell.as_deref()?.parse().ok()).collect();
    let are_all = numbers.len() == cells.iter().filter(|cell| cell.is_some()).count();
    let begin = numbers.first().is_some_and(|first| [0, 1].contains(first) || numbers.len() > 2);
    are_all && begin && numbers.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(1))
}

/// Numbers of cells of the first records that are not blank.
fn widths(head: &[u8], is_whole: bool, delimiter: u8) -> Vec<usize> {
    let mut widths = Vec::new();
    each_record(head, is_whole, delimiter, |cells| widths.push(cells.len()));
    widths
}

/// Shows the cells of the first records that are not blank.
fn each_record(head: &[u8], is_whole: bool, delimiter: u8, mut see: impl FnMut(&[Cell])) {
    let dialect = Dialect::of(delimiter);
    let (mut at, mut cells, mut n_seen) = (0, Vec::new(), 0);
    while at < head.len() && n_seen < FIRST_RECORDS {
        let Scan::Record(next) = record_of(&dialect, head, at, is_whole, &mut cells) else { break };
        if !head[at..next].trim_ascii().is_empty() {
            n_seen += 1;
            see(&cells);
        }
        at = next;
    }
}

/// Whether an object is UTF-16: it begins with its byte order mark, and line ends are written so, if there are any; or
/// it has none, and most of its first characters are written with a zero byte on the same side.
pub fn is_utf_16(head: &[u8]) -> bool {
    let (units, _) = head.as_chunks::<2>();
    let unit: fn([u8; 2]) -> u16 = match head {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            let first = &units[..units.len().min(FIRST_UNITS)];
            let n_zeros = |side: usize| first.iter().filter(|unit| unit[side] == 0).count();
            let (fewer, more) = (n_zeros(0).min(n_zeros(1)), n_zeros(0).max(n_zeros(1)));
            return first.len() > 1 && fewer == 0 && 2 * more > first.len();
        }
    };
    let is_line_end = |unit: u16| unit == u16::from(b'\n') || unit == u16::from(b'\r');
    units.iter().any(|bytes| is_line_end(unit(*bytes))) || memchr::memchr(b'\n', head).is_none()
}

/// Whether an object begins like the manifest of a batch transform: `[{"prefix":"s3://`.
pub fn is_manifest(head: &[u8]) -> bool {
    let mut rest = head;
    let key = format!("\"{}\"", names::capture::MANIFEST_PREFIX);
    let value = format!("\"{}", names::S3_SCHEME);
    ["[", "{", key.as_str(), ":", value.as_str()].iter().all(|part| {
        rest = rest.trim_ascii_start();
        let found = rest.strip_prefix(part.as_bytes());
        rest = found.unwrap_or(rest);
        found.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_may_be_read_as_what_it_is_not() {
        use Observation::{HeaderLooksLikeRow, RowLooksLikeHeader};
        let cases = [
            ("272971,88.6,Graz\n1,2.5,Wien\n", true, Some(HeaderLooksLikeRow)),
            ("5,,x\n1,2,y\n", true, Some(HeaderLooksLikeRow)),
            ("price,2019\n1,2\n", true, None),
            (",0,1\n7,2.5,3\n", true, None),
            ("land,2019,2020,2021\nAT,1,2,3\n", true, None),
            ("7,8\n", true, None),
            ("a,b\nc,d\n", true, None),
            ("price,sqm,city\n1,2.5,Wien\n3,,Graz\n", false, Some(RowLooksLikeHeader)),
            ("price,sqm\n1,x\n", false, Some(RowLooksLikeHeader)),
            ("NA,Graz\n1,Wien\n", false, None),
            (",sqm\n1,2\n", false, None),
            ("a,b\nc,d\n", false, None),
            ("1,2\n3,4\n", false, None),
        ];
        for (text, has_header, expected) in cases {
            let records = records(text.as_bytes(), true, COMMA);
            assert_eq!(header_doubt(&records, has_header), expected, "{text:?} {has_header}");
        }
        let half = "\u{feff}\"price\",b\n1,2\n\u{e9}";
        let cut = &half.as_bytes()[..half.len() - 1];
        assert_eq!(header_doubt(&records(cut, false, COMMA), false), Some(RowLooksLikeHeader));
    }

    #[test]
    fn a_first_list_may_name_the_cells_of_others() {
        let cases = [
            (r#"[["age","city"],[41,"Graz"],[27,"Wien"]]"#, true),
            ("[\"age\",\"amount\"]\n[41,1.5]\n", true),
            (r#"[ ["age"],[41],[27"#, true),
            ("[[\"age\"],[41]]\n[[\"age\"],[27]]\n", true),
            (r#"[["no",41],["yes",27]]"#, false),
            (r#"[["no","x"],["yes","y"]]"#, false),
            (r#"[["age","city"],["41","Graz"]]"#, true),
            ("[41,1.5]\n[27,2.5]\n", false),
            (r#"[{"age":41},{"age":27}]"#, false),
            (r#"{"age":41}"#, false),
            (r#"[[["age"],[1]]]"#, true),
            (r#"{"instances":[["age","city"],[41,"Graz"],[27,"Wien"]],"m":1}"#, true),
            (r#"{"instances":[["no",41],["yes",27]]}"#, false),
            (r#"{"instances":[["no","x"],["yes","y"]]}"#, false),
            (r#"{"instances":[["age"],[null]]}"#, false),
            (r#"{"instances":[["age"]]}"#, false),
            ("", false),
        ];
        for (text, expected) in cases {
            let found = list_doubt(text.as_bytes());
            assert_eq!(found, expected.then_some(Observation::ListLooksLikeHeader), "{text}");
        }
    }

    #[test]
    fn a_table_of_one_column_may_look_like_another_delimiters() {
        use Observation::{Bars, Commas, JsonLines, Semicolons, Tabs};
        let cases = [
            ("a;b\n1;2\n", b',', Some(Semicolons)),
            ("a\tb\tc\n1\t2\t3\n", b',', Some(Tabs)),
            ("a|b\n1|2", b',', Some(Bars)),
            ("a,b\n1,2\n", b';', Some(Commas)),
            ("a;b\n\n1,5;2\n\"x;y\";3\n", b',', Some(Semicolons)),
            ("{\"a\":1}\n", b',', Some(JsonLines)),
            (" {\"a\":1,\"b\":2}\n", b';', Some(JsonLines)),
            ("note\na; b\nc\n", b',', None),
            ("a;b\n1;2;3\n", b',', None),
            ("a,b;c\n1,2;3\n", b',', None),
            ("a;b\n1;2\n", b';', None),
            ("\"a;b\"\n\"1;2\"\n", b',', None),
            ("a\n1\n", b',', None),
            ("\"{\"\"a\"\":1}\"\n", b',', None),
            ("", b',', None),
        ];
        for (text, delimiter, expected) in cases {
            assert_eq!(appearance(text.as_bytes(), true, delimiter), expected, "{text:?}");
        }
        assert_eq!(appearance(b"a;b\n1;2\n3", false, b','), Some(Semicolons), "what goes on does not count");
    }
}
