//! Label extraction: the labels in the payload of a record's ground truth.
//!
//! | value | labels |
//! |---|---|
//! | a scalar | one |
//! | an array of scalars | one per element |
//! | an object | what stands under the attribute; without one under the name of a label, its only value, or else its only scalar, unless lists stand beside it |
//! | any other array, or the one in an envelope ([`crate::decode::rows::stager`]) | one per element |
//! | one line of comma-separated text | one per cell |
//! | a list as Python writes it ([`crate::decode::extract::written_list`]) | one per element |
//! | several lines | one per line; a blank one among them is empty, at the end it is none |
//! | null, or nothing but white space | one, which is empty |

use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::extract::column::{Column, Lists};
use crate::decode::extract::written_list::{elements_in, is_in_brackets};
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Reason;
use crate::decode::settings::attribute::Attribute;
use crate::decode::shapes::envelope;
use crate::decode::text::csv;
use crate::decode::text::json::{Node, Value};
use crate::decode::text::searched::Searched;
use crate::names::capture;

/// What a label is called where nothing says its name.
pub const LABEL_NAMES: [&str; 7] = ["label", "labels", "groundTruth", "ground_truth", "target", "y", "actual"];

/// Appends the labels of `truth`, the value under a record's ground truth, of which binary data may unfold to
/// `max_unfolded` bytes. What of these has no text is counted.
pub fn labels(
    truth: Value<'_, '_>,
    attribute: Option<&Attribute>,
    max_unfolded: usize,
    out: &mut Column,
) -> Result<UnreadableCells, Reason> {
    let mut unreadable = UnreadableCells::default();
    let mut buffer = String::new();
    let mut tape = Vec::new();
    match Payload::of(truth, max_unfolded) {
        None if is_empty(truth) => {
            out.push_row(None);
            Ok(())
        }
        Some(payload) => {
            let content = payload.content(&mut buffer, &mut tape)?;
            content.count_unreadable(&mut unreadable);
            match content {
                Content::Csv(text) => match elements_in(text) {
                    Some(elements) => {
                        *out = elements;
                        Ok(())
                    }
                    None if is_in_brackets(text) => {
                        out.push_row(Some(text.trim()));
                        Ok(())
                    }
                    None => of_csv(text, attribute, out),
                },
                Content::Rows { text, .. } => of_csv(text, attribute, out),
                Content::Json(values) => values.iter().try_for_each(|&value| of_value(value, attribute, out)),
            }
        }
        // The value stands there itself.
        None => of_value(truth, attribute, out),
    }?;
    if out.n_rows() == 0 { Err(Reason::LabelNotFound) } else { Ok(unreadable) }
}

/// Whether ground truth without a payload is there and says nothing: a sound record whose label is empty.
fn is_empty(truth: Value<'_, '_>) -> bool {
    match truth.node() {
        Node::Null => true,
        Node::String(text) => text.raw.trim().is_empty(),
        _ => truth.get(capture::DATA).is_some(),
    }
}

/// Appends the labels of comma-separated text.
pub fn of_csv(text: &str, attribute: Option<&Attribute>, out: &mut Column) -> Result<(), Reason> {
    let (mut at, mut lines, mut n_blank) = (0, 0, 0);
    let mut cells = Vec::new();
    let mut first = Vec::new();
    while at < text.len() {
        match csv::record(text.as_bytes(), at, true, &mut cells) {
            csv::Scan::Partial { .. } => return Err(Reason::InvalidPayload),
            csv::Scan::Record(next) => at = next,
        }
        // Blank lines at the end may be the writer's.
        if csv::is_blank(text, &cells) {
            n_blank += 1;
            continue;
        }
        if cells.len() > MAX_COLUMNS {
            return Err(Reason::RecordTooLarge);
        }
        if lines == 1 {
            push_line(text, &first, attribute, out)?;
        }
        for _ in 0..std::mem::take(&mut n_blank) {
            out.push_row(None);
            lines += 1;
        }
        lines += 1;
        if lines == 1 {
            first.clone_from(&cells);
            continue;
        }
        push_line(text, &cells, attribute, out)?;
    }
    match lines {
        0 => out.push_row(None),
        1 => first.iter().for_each(|cell| out.push_row(Some(&cell.meaning(text)))),
        _ => {}
    }
    Ok(())
}

/// The label of one line among others.
fn push_line(text: &str, cells: &[csv::Cell], attribute: Option<&Attribute>, out: &mut Column) -> Result<(), Reason> {
    let cell = match (cells, attribute) {
        ([cell], _) => Some(cell),
        (cells, Some(Attribute::Index(index))) => cells.get(*index),
        _ => None,
    };
    out.push_csv(text, cell.ok_or(Reason::LabelNotFound)?);
    out.end_row();
    Ok(())
}

fn of_value(value: Value<'_, '_>, attribute: Option<&Attribute>, out: &mut Column) -> Result<(), Reason> {
    if let Some(Attribute::Path(path)) = attribute
        && !value.is_scalar()
    {
        let searched = Searched::of(value)?;
        let found = out.push_found(&searched, &path.search(&searched), Lists::None);
        return if found { Ok(()) } else { Err(Reason::LabelNotFound) };
    }
    match value.node() {
        Node::Array { .. } => value.elements().try_for_each(|element| of_element(element, attribute, out)),
        Node::Object { .. } => match envelope(value) {
            Some((_, wrapped)) if matches!(wrapped.node(), Node::Array { .. }) => {
                wrapped.elements().try_for_each(|element| of_element(element, attribute, out))
            }
            Some((_, wrapped)) => of_object(wrapped, attribute, out),
            None => of_object(value, attribute, out),
        },
        _ => of_element(value, attribute, out),
    }
}

/// Exactly one label.
fn of_element(element: Value<'_, '_>, attribute: Option<&Attribute>, out: &mut Column) -> Result<(), Reason> {
    let scalar = match element.node() {
        Node::Object { .. } => member(element, attribute),
        Node::Array { len: 1, .. } => element.elements().next(),
        Node::Array { .. } => match attribute {
            Some(Attribute::Index(index)) => element.elements().nth(*index),
            _ => None,
        },
        _ => Some(element),
    };
    let scalar = scalar.filter(|value| value.is_scalar()).ok_or(Reason::LabelNotFound)?;
    out.push_scalar(scalar)?;
    out.end_row();
    Ok(())
}

/// One label, or as many as an array holds.
fn of_object(object: Value<'_, '_>, attribute: Option<&Attribute>, out: &mut Column) -> Result<(), Reason> {
    let found = member(object, attribute).ok_or(Reason::LabelNotFound)?;
    match found.node() {
        Node::Array { .. } => found.elements().try_for_each(|element| of_element(element, attribute, out)),
        Node::Object { .. } => Err(Reason::LabelNotFound),
        _ => of_element(found, attribute, out),
    }
}

/// The value of an object that is the label.
fn member<'t, 'a>(object: Value<'t, 'a>, attribute: Option<&Attribute>) -> Option<Value<'t, 'a>> {
    match attribute {
        Some(Attribute::Name(name)) => return object.at_keys(name),
        Some(Attribute::Index(index)) => return object.entries().nth(*index).map(|(_, value)| value),
        Some(Attribute::Path(_)) => return None,
        None => {}
    }
    if let Some(named) = LABEL_NAMES.iter().find_map(|name| object.get(name)) {
        return Some(named);
    }
    let mut all = object.entries().map(|(_, value)| value);
    if let (Some(only), None) = (all.next(), all.next()) {
        return Some(only);
    }
    let values = || object.entries().map(|(_, value)| value);
    if values().any(|value| matches!(value.node(), Node::Array { .. })) {
        return None;
    }
    let mut scalars = values().filter(|value| value.is_scalar());
    scalars.next().filter(|_| scalars.next().is_none())
}
