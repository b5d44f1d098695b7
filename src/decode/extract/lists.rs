//! Lists inside a JSON value, and the JMESPath expressions that find them: which one would make so many rows.

use crate::decode::extract::column::{Column, Lists};
use crate::decode::settings::attribute::Attribute;
use crate::decode::shapes::length;
use crate::decode::text::json::{Node, Text, Value, json_string, unescape};
use crate::decode::text::key_name::is_name;
use crate::decode::text::searched::Searched;

/// Lists of a value that are looked at, and the deepest of them.
const MAX_LISTS: usize = 64;
const MAX_DEPTH: usize = 8;
/// Keys of its elements that are proposed.
const MAX_KEYS: usize = 3;

/// A list, and the expression that finds it; an empty one where it is the value itself.
pub struct FoundList<'t, 'a> {
    pub path: String,
    pub list: Value<'t, 'a>,
}

/// What the elements of a list are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought<'n> {
    /// One cell each; in objects that under this key, where there is one.
    Cells(Option<&'n str>),
    /// Rows of several cells.
    Rows,
}

/// The lists of a value, in the order in which they begin. In lists only an element that is alone is looked into, and
/// what stands under keys that may be values is none: expressions are shown.
pub fn lists<'t, 'a>(value: Value<'t, 'a>) -> Vec<FoundList<'t, 'a>> {
    let mut found = Vec::new();
    gather(value, String::new(), 0, &mut found);
    found
}

fn gather<'t, 'a>(value: Value<'t, 'a>, path: String, depth: usize, found: &mut Vec<FoundList<'t, 'a>>) {
    if depth > MAX_DEPTH || found.len() == MAX_LISTS {
        return;
    }
    match value.node() {
        Node::Array { len, .. } => {
            let only = value.elements().next().filter(|_| len == 1);
            let inside = format!("{path}[0]");
            found.push(FoundList { path, list: value });
            if let Some(only) = only {
                gather(only, inside, depth + 1, found);
            }
        }
        Node::Object { .. } => {
            for (key, child) in value.entries() {
                let Some(key) = name_of(key).filter(|name| is_name(name)).map(identifier) else { continue };
                let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                gather(child, path, depth + 1, found);
            }
        }
        _ => {}
    }
}

fn name_of(key: Text<'_>) -> Option<String> {
    let mut name = String::new();
    unescape(key, &mut name).ok().map(|()| name)
}

/// The name as an expression writes it.
fn identifier(name: String) -> String {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_plain = name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit());
    if is_plain { name } else { json_string(&name) }
}

/// The expressions that find a list of `n` elements, more than one, in a value, and all that is sought in them: several
/// where the elements have several keys, and nobody can tell which is meant.
pub fn expressions_for(value: Value<'_, '_>, n: usize, sought: Sought<'_>) -> Vec<String> {
    let of_list = |FoundList { path, list }: FoundList<'_, '_>| {
        let inside = match sought {
            Sought::Cells(name) => cells_of(list, name),
            Sought::Rows => vec![String::new()],
        };
        let all = inside.into_iter().map(|inside| format!("{path}[*]{inside}"));
        let all: Vec<String> = all.filter(|text| n_found(value, text, sought) == Some(n)).take(MAX_KEYS).collect();
        (!all.is_empty()).then_some(all)
    };
    let as_long = lists(value).into_iter().filter(|found| n > 1 && length(found.list) == n);
    as_long.into_iter().find_map(of_list).unwrap_or_default()
}

/// What may follow the projection of a list, so that each element is one cell.
fn cells_of(list: Value<'_, '_>, name: Option<&str>) -> Vec<String> {
    let Some(first) = list.elements().next() else { return Vec::new() };
    match first.node() {
        Node::Array { len: 1, .. } => vec!["[0]".to_owned()],
        Node::Array { .. } => Vec::new(),
        Node::Object { .. } => {
            let cells = first.entries().filter(|(_, value)| value.is_scalar()).filter_map(|(key, _)| name_of(key));
            let mut cells: Vec<String> = cells.collect();
            match cells.iter().any(|key| Some(key.as_str()) == name) {
                true => cells.retain(|key| Some(key.as_str()) == name),
                false => cells.retain(|key| is_name(key)),
            }
            cells.into_iter().map(|key| format!(".{}", identifier(key))).collect()
        }
        _ => vec![String::new()],
    }
}

/// How many rows an expression finds in a value, each with all that is sought.
fn n_found(value: Value<'_, '_>, text: &str, sought: Sought<'_>) -> Option<usize> {
    let Ok(Attribute::Path(path)) = Attribute::parse(text) else { return None };
    let searched = Searched::of(value).ok()?;
    let found = path.search(&searched);
    if sought == Sought::Rows {
        let rows = found.as_array()?;
        return rows.iter().all(|row| row.is_array() || row.is_object()).then_some(rows.len());
    }
    let mut column = Column::default();
    let n_rows = column.push_found(&searched, &found, Lists::None).then(|| column.n_rows())?;
    (0..n_rows).all(|row| column.cell(row).is_some()).then_some(n_rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::text::json::Reader;

    fn expressions(text: &str, n: usize, sought: Sought<'_>) -> String {
        let mut tape = Vec::new();
        Reader::over(text).read(&mut tape).unwrap();
        expressions_for(Value::at(&tape, 0), n, sought).join(" or ")
    }

    #[test]
    fn a_list_of_as_many_elements_is_found_wherever_it_stands() {
        let cells = [
            (r#"{"payload":{"items":[1,0,1]}}"#, "payload.items[*]"),
            (r#"[1,0,1]"#, "[*]"),
            (r#"[{"items":[[1],[0],[1]]}]"#, "[0].items[*][0]"),
            (r#"{"a":[1,2],"b":{"c":[{"s":0.1},{"s":0.2},{"s":0.3}]}}"#, "b.c[*].s"),
            (r#"{"a":[{"x":1,"s":2},{"x":1,"s":2},{"x":1,"s":2}]}"#, "a[*].s"),
            (r#"{"a":[{"x":1,"y":[2],"z":3},{"x":1,"z":3},{"x":1,"z":3}]}"#, "a[*].x or a[*].z"),
            (r#"{"a-b":{"c":[1,0,1]}}"#, r#""a-b".c[*]"#),
            (r#"{"a":{"doe@example.org":[1,0,1]}}"#, ""),
            (r#"{"a":[{"doe@example.org":1},{"b":1},{"c":1}]}"#, ""),
        ];
        for (text, expected) in cells {
            assert_eq!(expressions(text, 3, Sought::Cells(Some("s"))), expected, "{text}");
        }
        let rows = [
            (r#"{"instances":{"rows":[{"a":1},{"a":2},{"a":3}]}}"#, "instances.rows[*]"),
            (r#"{"x":[1,2,3],"rows":[[1],[2],[3]]}"#, "rows[*]"),
        ];
        for (text, expected) in rows {
            assert_eq!(expressions(text, 3, Sought::Rows), expected, "{text}");
        }
    }

    #[test]
    fn what_would_not_find_every_row_is_not_proposed() {
        let cases = [
            (r#"{"a":[1,2]}"#, Sought::Cells(None)),
            (r#"{"a":[{"s":1},{"s":null},{"s":1}]}"#, Sought::Cells(None)),
            (r#"{"a":[{"s":1},{},{"s":1}]}"#, Sought::Cells(None)),
            (r#"{"a":[[1,2],[3,4],[5,6]]}"#, Sought::Cells(None)),
            (r#"{"a":[1,2,3]}"#, Sought::Rows),
            (r#"{"a":{"b":7}}"#, Sought::Rows),
        ];
        for (text, sought) in cases {
            assert_eq!(expressions(text, 3, sought), "", "{text}");
        }
        assert_eq!(expressions(r#"{"a":[7]}"#, 1, Sought::Cells(None)), "", "one element says nothing");
        let deep = format!("{}[1,0,1]{}", "{\"a\":".repeat(9), "}".repeat(9));
        assert_eq!(expressions(&deep, 3, Sought::Cells(None)), "");
    }
}
