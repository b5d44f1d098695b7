//! Columns of ids and labels in a table of ground truth, told by their names; a row's labels as a merged record.

use crate::decode::extract::labels::LABEL_NAMES;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::text::json::json_string;
use crate::names::{capture as key, encoding, transform};

/// What a column of ids is called where nothing says its name.
const ID_NAMES: [&str; 6] =
    [key::EVENT_ID, "event_id", key::INFERENCE_ID, "inference_id", transform::INFERENCE_ID, "id"];

/// The columns of ids and of labels among those called `names`.
pub fn table_places(names: &[&str], attributes: &Attributes) -> (Option<usize>, Option<usize>) {
    let given = |attribute: &Attribute| match attribute {
        Attribute::Index(index) => Some(*index).filter(|&index| index < names.len()),
        Attribute::Name(name) => names.iter().position(|other| other == name),
        Attribute::Path(_) => None,
    };
    let called = |words: &[&str]| {
        words.iter().find_map(|word| names.iter().position(|name| name.trim().eq_ignore_ascii_case(word)))
    };
    let id = attributes.id.as_ref().map_or_else(|| called(&ID_NAMES), given);
    let other = || id.filter(|_| names.len() == 2).map(|id| 1 - id);
    let label = attributes.label.as_ref().map_or_else(|| called(&LABEL_NAMES).or_else(other), given);
    (id, label)
}

/// What a column of ids would be called.
pub fn id_names(attributes: &Attributes) -> Vec<&str> {
    match &attributes.id {
        Some(Attribute::Name(name)) => vec![name],
        _ => ID_NAMES.to_vec(),
    }
}

/// Whether a table's first record, of the cells `names`, is its header; `None` where that has to be told
/// by its looks. Where ids and labels have positions, a record that names no column is the first of the
/// data, since its label would be lost otherwise.
pub fn table_has_named(names: &[String], attributes: &Attributes) -> Option<bool> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let has_id = match &attributes.id {
        Some(Attribute::Name(name)) => has(name),
        _ => names.iter().any(|name| ID_NAMES.iter().any(|word| name.trim().eq_ignore_ascii_case(word))),
    };
    let has_label = matches!(&attributes.label, Some(Attribute::Name(name)) if has(name));
    if has_id || has_label {
        return Some(true);
    }
    let are_positions = matches!(attributes.id, Some(Attribute::Index(_)))
        && matches!(attributes.label, None | Some(Attribute::Index(_)));
    are_positions.then_some(false)
}

/// The labels of a table's row as the ground truth of a merged record: one line of cells.
pub fn label_record<'l>(labels: impl IntoIterator<Item = &'l str>) -> String {
    let cell = |label: &str| match label.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", label.replace('"', "\"\"")),
        false => label.to_owned(),
    };
    let line: Vec<String> = labels.into_iter().map(cell).collect();
    let (data, encoding) = (json_string(&line.join(",")), encoding::CSV);
    format!("{{\"{}\":{data},\"{}\":\"{encoding}\"}}", key::DATA, key::ENCODING)
}
