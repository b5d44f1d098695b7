//! CSV headers: whether a table's first record names its columns, and what it calls them.

use std::collections::HashSet;

use crate::decode::rows::naming::unnamed;
use crate::decode::text::csv::Cell;

/// Names of the columns from a header. An empty name becomes `_c0`, …; names that occur more than
/// once get their position appended, as Spark's CSV reader does (`CSVHeaderChecker`, `makeSafeHeader`).
pub fn header_names(text: &str, cells: &[Cell]) -> Vec<String> {
    let written: Vec<String> = cells.iter().map(|cell| cell.meaning(text).into_owned()).collect();
    let mut seen = HashSet::new();
    let doubled: HashSet<&String> = written.iter().filter(|name| !seen.insert(*name)).collect();
    let mut taken = HashSet::new();
    written
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let mut name = match name.as_str() {
                "" => unnamed(i),
                _ if doubled.contains(name) => format!("{name}{i}"),
                _ => name.clone(),
            };
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            name
        })
        .collect()
}

/// Whether a first record names columns: it is the baseline's names, or no cell of it is empty or
/// begins like a number.
pub fn looks_like_header(text: &str, cells: &[Cell], names: &[String]) -> bool {
    let found = header_names(text, cells);
    if found == names {
        return true;
    }
    cells.iter().zip(&found).all(|(cell, name)| {
        let is_empty = cell.start == cell.end;
        !is_empty && !name.trim_start_matches(['+', '-', ' ']).starts_with(|c: char| c.is_ascii_digit() || c == '.')
    })
}

/// Whether a first record is made of `names`, which the job gives to columns, in whatever order: it holds every one of
/// them, or nothing else.
pub fn holds_names(text: &str, cells: &[Cell], names: &[String]) -> bool {
    let found: HashSet<String> = cells.iter().map(|cell| cell.meaning(text).trim().to_owned()).collect();
    let given: HashSet<&str> = names.iter().map(|name| name.trim()).collect();
    given.iter().all(|name| found.contains(*name)) || found.iter().all(|name| given.contains(name.as_str()))
}
