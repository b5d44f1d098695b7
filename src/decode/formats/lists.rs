//! Lists in payloads: whether they have an element for each row, as far as the first records tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decode::formats::column_evidence::ColumnEvidence;
use crate::decode::payload::{BYTE_ORDER_MARK, Content};
use crate::decode::rows::header_line::is_name;
use crate::decode::rows::reading::Reading;
use crate::decode::shapes::{Lists, Rows, is_list, is_list_of, is_object, length, table_of, table_of_envelope};
use crate::decode::text::csv::Dialect;
use crate::decode::text::json::{Node, Reader, Value};

/// What the lists on one side of the records tell.
#[derive(Debug, Default)]
pub struct ListEvidence {
    /// Payloads by the length of their lists.
    lengths: BTreeMap<usize, usize>,
    /// Payloads whose lists are as long as the other side has rows, and several; and those whose are not as long.
    n_supported: usize,
    n_contradicted: usize,
    /// Payloads whose lists are longer than the one row that the other side has.
    n_beside_one: usize,
    /// Payloads without another side, in which more than the lists stands.
    n_in_part: usize,
    /// Payloads whose lists hold rows of the baseline's columns.
    n_of_columns: usize,
    /// Payloads whose list holds several lists or objects; and those that are nothing but a list of one.
    n_of_rows: usize,
    n_of_one_row: usize,
    /// Payloads whose lists are cells of the baseline's columns.
    n_as_wide: usize,
    /// Payloads without another side, with several lists that may be columns.
    n_of_lists: usize,
}

impl ListEvidence {
    /// Looks at a payload, beside the numbers of rows that the other side has then, if there is one. `names` are the
    /// baseline's columns.
    pub fn see(&mut self, payload: &Reading<'_, '_>, other: Option<&[usize]>, names: &[String]) {
        let Some(lists) = payload.lists() else { return };
        let Lists { n_rows, of_rows, n_lists, are_all } = lists;
        *self.lengths.entry(n_rows).or_default() += 1;
        self.n_of_columns += usize::from(of_rows.is_some_and(|rows| are_of_columns(rows, names)));
        self.n_of_rows += usize::from(of_rows.is_some() && n_rows > 1);
        self.n_of_one_row += usize::from(of_rows.is_some() && n_rows == 1 && are_all);
        self.n_as_wide +=
            usize::from(of_rows.is_none() && n_rows > 1 && [n_rows, n_rows * n_lists].contains(&names.len()));
        match other {
            Some(other) if other.contains(&n_rows) => self.n_supported += usize::from(n_rows > 1),
            Some(other) => {
                self.n_contradicted += 1;
                self.n_beside_one += usize::from(other.contains(&1));
            }
            None => {
                self.n_in_part += usize::from(!are_all);
                self.n_of_lists += usize::from(lists.may_be_columns());
            }
        }
    }

    /// Whether the next records may tell more.
    pub fn are_open(&self) -> bool {
        !self.lengths.is_empty()
    }

    /// Whether lists are rows: the baseline has such columns, or their lengths differ, or payloads are nothing but a list of
    /// one row. The other side agrees in four records of five, or there is none and nothing else in the payloads.
    pub fn are_rows(&self) -> bool {
        let n_seen: usize = self.lengths.values().sum();
        let n_alike = self.lengths.values().max().copied().unwrap_or_default();
        let is_told = self.n_supported > 0 || self.n_in_part == 0 && self.n_as_wide == 0;
        let do_vary = 10 * n_alike < 9 * n_seen && is_told;
        let are_possible = 4 * self.n_contradicted <= self.n_supported;
        let are_all_such = |n: usize| n == n_seen && n_seen > 0;
        are_possible && (do_vary || are_all_such(self.n_of_columns) || are_all_such(self.n_of_one_row))
    }

    /// Whether lists are cells of one row.
    pub fn are_cells(&self) -> bool {
        !self.are_rows() && self.n_beside_one > 0
    }

    /// The length of most lists, where nothing but that they are equally long tells that they are no rows; 0 where there
    /// are none.
    pub fn length_of_cells(&self) -> Option<usize> {
        let is_told = self.n_supported + self.n_contradicted + self.n_in_part + self.n_as_wide > 0;
        let length = self.lengths.iter().max_by_key(|(_, n)| **n).map(|(length, _)| *length);
        if length.is_none() { Some(0) } else { length.filter(|_| !is_told && !self.are_rows()) }
    }

    /// Whether lists may be rows, and nothing tells.
    pub fn may_be_rows(&self) -> bool {
        let may_be_columns = self.n_of_lists > 0 && self.n_as_wide == 0;
        let may_be = self.n_of_rows > 0 && self.n_supported > 0
            || (self.n_of_rows > 0 || may_be_columns) && self.n_contradicted == 0;
        may_be && !self.are_rows()
    }
}

/// What lists beside an envelope's rows tell: payloads by the length of the list at a path, and those where it is not as
/// long as there are rows.
#[derive(Debug, Default)]
pub struct BesideEvidence(BTreeMap<String, (BTreeMap<usize, usize>, usize)>);

impl BesideEvidence {
    /// Looks at a payload. An empty list tells nothing.
    pub fn see(&mut self, payload: &Content<'_, '_>) {
        let Content::Json(values) = payload else { return };
        for table in values.iter().filter_map(|value| table_of_envelope(*value)) {
            let n_rows = table.rows.len();
            for beside in table.beside.iter().filter(|beside| is_list(beside.every_row)) {
                let n = length(beside.every_row);
                if n > 0 {
                    let (lengths, n_otherwise) = self.0.entry(beside.path()).or_default();
                    *lengths.entry(n).or_default() += 1;
                    *n_otherwise += usize::from(n != n_rows);
                }
            }
        }
    }

    /// Whether the next records may tell more.
    pub fn are_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// Paths of the lists that have no element for each row: they are always equally long, and somewhere not as long as
    /// there are rows, or they are not as long in one record of ten.
    pub fn fixed(self) -> impl Iterator<Item = String> {
        let is_fixed = |(path, (lengths, n_otherwise)): (String, (BTreeMap<usize, usize>, usize))| {
            let n_seen: usize = lengths.values().sum();
            (n_otherwise > 0 && (lengths.len() == 1 || 10 * n_otherwise >= n_seen)).then_some(path)
        };
        self.0.into_iter().filter_map(is_fixed)
    }
}

/// Records of a JSON file that are looked at.
const MAX_RECORDS: usize = 64;

/// Paths of the lists beside the rows of the records that a JSON file begins with, which have no element for each row.
pub fn fixed_lists(head: &[u8]) -> Arc<[String]> {
    let mut evidence = BesideEvidence::default();
    let mut n_seen = 0;
    each_value(head, |value| {
        evidence.see(&Content::Json(vec![value]));
        n_seen += 1;
        n_seen < MAX_RECORDS
    });
    evidence.fixed().collect()
}

/// Whether the objects of lists that a JSON file begins with are columns, for sure, and whether they may be.
pub fn columns_in(head: &[u8]) -> ColumnEvidence {
    let mut evidence = ColumnEvidence::default();
    let mut n_seen = 0;
    each_value(head, |value| {
        let reading = Reading::by_shape(&Content::Json(vec![value]), Dialect::commas(), &[]);
        evidence.see(reading.has_unequal_lists(), &reading);
        n_seen += 1;
        n_seen < MAX_RECORDS
    });
    evidence
}

/// Shows the JSON values that a file begins with, one after the other or in a list, until told to stop.
pub fn each_value(head: &[u8], mut see: impl FnMut(Value<'_, '_>) -> bool) {
    let text = head.utf8_chunks().next().map_or("", |chunk| chunk.valid()).trim_start_matches(BYTE_ORDER_MARK);
    let text = text.trim_start();
    let inside = text.strip_prefix('[').filter(|inside| inside.trim_start().starts_with(['[', '{'])).unwrap_or(text);
    let (mut reader, mut tape) = (Reader::over(inside), Vec::new());
    while reader.read(&mut tape) == Ok(true) && see(Value::at(&tape, 0)) {
        tape.clear();
        reader.skip_comma();
    }
}

/// Whether a value holds lists of scalars as its rows, and words in the first stand above numbers in all others.
pub fn begins_with_names(value: Value<'_, '_>) -> bool {
    let Rows::Elements(rows) = table_of(value).rows else { return false };
    let Some(names) = rows.elements().next().filter(|_| length(rows) > 1) else { return false };
    let is_word = |name: Value<'_, '_>| name.text().is_some_and(|text| is_name(text.raw));
    if !is_list_of(names, is_word) || !rows.elements().all(|row| is_list_of(row, Value::is_scalar)) {
        return false;
    }
    let is_number = |cell: Value<'_, '_>| matches!(cell.node(), Node::Literal(word) if word.parse::<f64>().is_ok());
    let below = |place: usize| rows.elements().skip(1).filter_map(move |row| row.elements().nth(place));
    let holds_numbers = |place: usize| {
        let mut cells = below(place).filter(|cell| cell.node() != Node::Null).peekable();
        cells.peek().is_some() && cells.all(is_number)
    };
    (0..length(names)).any(holds_numbers)
}

/// Whether rows have the columns called `names`: objects by the keys of the first; lists, if one of them has no more cells than there
/// are columns, and all together have more.
pub fn are_of_columns(rows: Value<'_, '_>, names: &[String]) -> bool {
    let is_name = |key: &str| names.iter().any(|name| name == key);
    let Some(first) = rows.elements().next() else { return false };
    let width = length(first);
    is_object(first) && first.entries().all(|(key, _)| is_name(key.raw))
        || width > 0 && width <= names.len() && width * length(rows) > names.len()
}
