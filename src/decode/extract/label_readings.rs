//! Label readings: the labels of a record's ground truth in the ways in which they can be read but the first
//! ([`crate::decode::extract::labels`]), for rows to choose from that are not as many as these.
//!
//! | ground truth | labels |
//! |---|---|
//! | one line or list of cells, and a position that the job names | the cell there |
//! | one line of cells with one of `;`, tab and `\|` between them | one per cell |
//! | lines below a header | one per line |
//! | one cell that holds a list, as JSON or Python writes it, or lines or cells itself, as the cell of a table may | one per element, line or cell |
//! | a list of one list of scalars | one per element |

use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::extract::column::Column;
use crate::decode::extract::labels::{LABEL_NAMES, labels, of_csv};
use crate::decode::extract::written_list::{elements_in, is_in_brackets};
use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Reason;
use crate::decode::rows::lines::each_line;
use crate::decode::settings::attribute::Attribute;
use crate::decode::shapes::{is_list, length};
use crate::decode::text::csv::{self, Dialect};
use crate::decode::text::json::Value;
use crate::names::capture;

/// What stands between cells, or lines, as JSON writes them.
const BETWEEN_CELLS: [char; 6] = ['\\', ',', ';', '|', '\t', '['];
/// The same in the cell of a table.
const BETWEEN_LABELS: [char; 8] = ['\n', '\r', ',', ';', '|', '\t', '[', '('];

/// Appends the labels of `truth` in the first way in which they can be read, as [`labels`].
pub fn first_labels(
    truth: Value<'_, '_>,
    attribute: Option<&Attribute>,
    max_unfolded: usize,
    out: &mut Column,
) -> Result<UnreadableCells, Reason> {
    let read = labels(truth, attribute, max_unfolded, out);
    if read.as_ref().err() == Some(&Reason::LabelNotFound)
        && let Some(other) = other_labels(truth, attribute, max_unfolded).into_iter().next()
    {
        *out = other;
        return Ok(UnreadableCells::default());
    }
    read
}

/// The labels of `truth` in the other ways.
pub fn other_labels(truth: Value<'_, '_>, attribute: Option<&Attribute>, max_unfolded: usize) -> Vec<Column> {
    // Almost all labels are one plain word.
    if truth.get(capture::DATA).and_then(Value::text).is_some_and(|text| !text.raw.contains(BETWEEN_CELLS)) {
        return Vec::new();
    }
    let (mut buffer, mut tape) = (String::new(), Vec::new());
    let found = match Payload::of(truth, max_unfolded) {
        None => of_list(truth, attribute),
        Some(payload) => match payload.content(&mut buffer, &mut tape) {
            Ok(Content::Csv(text) | Content::Rows { text, .. }) => of_text(text, attribute),
            Ok(Content::Json(values)) => match values[..] {
                [value] => of_list(value, attribute),
                _ => Vec::new(),
            },
            Err(_) => Vec::new(),
        },
    };
    found.into_iter().filter(|column| column.n_rows() > 0).collect()
}

fn of_list(list: Value<'_, '_>, attribute: Option<&Attribute>) -> Vec<Column> {
    if !is_list(list) {
        return Vec::new();
    }
    let at_position = match attribute {
        Some(Attribute::Index(index)) => list.elements().nth(*index).filter(|cell| cell.is_scalar()),
        _ => None,
    };
    let inner = list.elements().next().filter(|_| length(list) == 1);
    let inner = inner.filter(|inner| is_list(*inner) && inner.elements().all(Value::is_scalar));
    let at_position = at_position.and_then(|cell| of_scalars([cell]));
    at_position.into_iter().chain(inner.and_then(|inner| of_scalars(inner.elements()))).collect()
}

fn of_scalars<'t, 'a: 't>(scalars: impl IntoIterator<Item = Value<'t, 'a>>) -> Option<Column> {
    let mut column = Column::default();
    for scalar in scalars {
        column.push_scalar(scalar).ok()?;
        column.end_row();
    }
    Some(column)
}

/// The labels in a cell of a table, which is one label, in the other ways: those of the rows of its record.
pub fn labels_in_cell(cell: &str) -> Vec<Column> {
    if !cell.contains(BETWEEN_LABELS) {
        return Vec::new();
    }
    let mut found: Vec<Column> = elements_in(cell).into_iter().collect();
    if !is_in_brackets(cell) {
        let mut of_lines = Column::default();
        found.extend(of_csv(cell, None, &mut of_lines).is_ok().then_some(of_lines));
        found.extend(of_text(cell, None));
    }
    found.retain(|column| column.n_rows() > 1);
    found
}

fn of_text(text: &str, attribute: Option<&Attribute>) -> Vec<Column> {
    if is_in_brackets(text) {
        return Vec::new();
    }
    let mut inside = Dialect::all()[1..].iter().filter(|dialect| text.contains(char::from(dialect.delimiter())));
    let other = inside.next().filter(|_| inside.next().is_none());
    let mut found = Vec::new();
    for dialect in [Dialect::commas()].into_iter().chain(other) {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let see = |cells: &[csv::Cell]| {
            if !csv::is_blank(text, cells) {
                lines.push(cells.iter().map(|cell| cell.meaning(text).into_owned()).collect());
            }
        };
        if each_line(text, dialect, see).is_err() {
            continue;
        }
        if let ([line], Some(Attribute::Index(index))) = (&lines[..], attribute) {
            found.extend(line.get(*index).map(|cell| column([cell])));
        }
        if let [line] = &lines[..]
            && let [cell] = &line[..]
            && cell.len() < text.trim_end().len()
        {
            found.extend(labels_in_cell(cell));
        }
        if let [line] = &lines[..]
            && line.len() > 1
            && dialect.delimiter() != csv::COMMA
        {
            found.push(column(line));
        }
        found.extend(below_header(&lines, attribute));
    }
    found
}

/// The labels of the lines below the first one, where that names them.
fn below_header(lines: &[Vec<String>], attribute: Option<&Attribute>) -> Option<Column> {
    let (header, lines) = lines.split_first().filter(|(_, lines)| !lines.is_empty())?;
    let place = match attribute {
        Some(Attribute::Index(index)) => *index,
        Some(Attribute::Name(name)) if header.len() > 1 => header.iter().position(|cell| cell.trim() == name)?,
        _ if header.len() == 1 => 0,
        _ => return None,
    };
    let name = header.get(place)?.trim();
    let cells: Vec<&String> = lines.iter().map(|line| line.get(place)).collect::<Option<_>>()?;
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    let is_known = LABEL_NAMES.contains(&name) || attribute.is_some_and(|attribute| attribute.text() == name);
    let is_name = !is_number(name) && (is_known || cells.iter().all(|cell| is_number(cell)));
    (is_name && cells.iter().all(|cell| cell.trim() != name)).then(|| column(cells))
}

fn column<'c>(cells: impl IntoIterator<Item = &'c String>) -> Column {
    let mut column = Column::default();
    cells.into_iter().for_each(|cell| column.push_row(Some(cell)));
    column
}
