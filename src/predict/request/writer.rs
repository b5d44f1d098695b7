//! Request writer: rows to bodies, as the model expects them.

use std::sync::Arc;

use bytes::Bytes;

use super::cells::{json_string, write_cell};
use super::csv;
use super::template::{Part, Slot, Template};
use crate::error::{self, Error, Result};
use crate::predict::{CellKind, ContentType, RequestFormat};

/// What JSON requests look like where no template says it (DG:cdf-inference).
const DEFAULT_CONTENT: &str = "{\"instances\":$records}";
/// As [`DEFAULT_CONTENT`], of one record; of JSON Lines, too.
const DEFAULT_RECORD: &str = "{\"features\":$features}";
const CONTENT_TEMPLATE: &str = "predictor.content_template";
const RECORD_TEMPLATE: &str = "predictor.record_template";

/// Writes records and puts them together to bodies.
#[derive(Debug)]
pub(in crate::predict) struct RequestWriter {
    record: Record,
    /// What stands before the first record of a body, between two, and after the last.
    before: String,
    between: &'static str,
    after: String,
    takes_many: bool,
    /// As JSON.
    names: Vec<String>,
    kinds: Vec<CellKind>,
}

#[derive(Debug)]
enum Record {
    Csv,
    Json(Template),
}

impl RequestWriter {
    pub fn new(format: &RequestFormat) -> Result<Self> {
        let (record, (before, after), takes_many) = match format.content_type {
            ContentType::Csv => (Record::Csv, Default::default(), true),
            ContentType::JsonLines => (Record::Json(lines_template(format)?), Default::default(), true),
            ContentType::Json => {
                let (around, takes_many) = content_template(format)?;
                (Record::Json(record_template(format)?), around, takes_many)
            }
        };
        let mut kinds = format.kinds.clone();
        kinds.resize(format.feature_names.len(), CellKind::Text);
        Ok(Self {
            record,
            before,
            between: if format.content_type == ContentType::Json { "," } else { "\n" },
            after,
            takes_many,
            names: format.feature_names.iter().map(|name| json_string(name)).collect(),
            kinds,
        })
    }

    pub fn n_features(&self) -> usize {
        self.kinds.len()
    }

    /// Whether a body may hold more than one record.
    pub fn takes_many(&self) -> bool {
        self.takes_many
    }

    /// Bytes that a body has beside its records, and those between two of them.
    pub fn n_bytes_beside(&self) -> (usize, usize) {
        (self.before.len() + self.after.len(), self.between.len())
    }

    /// The record of one row, which has a cell for each feature.
    pub fn record(&self, row: &[Option<Arc<str>>]) -> String {
        let mut out = String::new();
        match &self.record {
            Record::Csv => csv::write_row(row, &mut out),
            Record::Json(template) => {
                for part in &template.parts {
                    match part {
                        Part::Text(text) => out.push_str(text),
                        Part::Slot(slot) => self.fill(*slot, row, &mut out),
                    }
                }
            }
        }
        out
    }

    /// A body of records.
    pub fn body(&self, records: &[String]) -> Bytes {
        let mut body = self.before.clone();
        body.push_str(&records.join(self.between));
        body.push_str(&self.after);
        body.into()
    }

    fn fill(&self, slot: Slot, row: &[Option<Arc<str>>], out: &mut String) {
        let cells = || row.iter().map(|cell| cell.as_deref()).zip(&self.kinds);
        match slot {
            Slot::Features => {
                out.push('[');
                for (i, (cell, kind)) in cells().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    write_cell(cell, *kind, out);
                }
                out.push(']');
            }
            Slot::FeatureNames => {
                out.push('[');
                out.push_str(&self.names.join(","));
                out.push(']');
            }
            Slot::FeaturesByName => {
                out.push('{');
                for (i, ((cell, kind), name)) in cells().zip(&self.names).enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(name);
                    out.push(':');
                    write_cell(cell, *kind, out);
                }
                out.push('}');
            }
            Slot::Feature(feature) => {
                let kind = self.kinds.get(feature).copied().unwrap_or(CellKind::Text);
                write_cell(row.get(feature).and_then(Option::as_deref), kind, out);
            }
            // Not in templates of records.
            Slot::Record | Slot::Records => {}
        }
    }
}

fn invalid(place: &str, cause: impl std::fmt::Display) -> Error {
    Error::new(&error::ANALYSIS_CONFIG_INVALID, place, cause)
}

/// The template of a line: one list of features.
fn lines_template(format: &RequestFormat) -> Result<Template> {
    let text = format.content_template.as_deref().unwrap_or(DEFAULT_RECORD);
    let template = Template::parse(text, &[]).map_err(|cause| invalid(CONTENT_TEMPLATE, cause))?;
    if template.slots().collect::<Vec<_>>() == [Slot::Features] {
        return Ok(template);
    }
    Err(invalid(CONTENT_TEMPLATE, "a template of JSON Lines has one placeholder, `$features`"))
}

/// What stands around the records, and whether there may be several.
fn content_template(format: &RequestFormat) -> Result<((String, String), bool)> {
    let text = format.content_template.as_deref().unwrap_or(DEFAULT_CONTENT);
    let template = Template::parse(text, &[]).map_err(|cause| invalid(CONTENT_TEMPLATE, cause))?;
    let (before, after) = template.around();
    match template.slots().collect::<Vec<_>>()[..] {
        [Slot::Record] => Ok(((before, after), false)),
        [Slot::Records] => Ok(((before + "[", format!("]{after}")), true)),
        _ => Err(invalid(CONTENT_TEMPLATE, "a template of JSON has one placeholder, `$record` or `$records`")),
    }
}

/// The template of a record: all features at once, or each at its place.
fn record_template(format: &RequestFormat) -> Result<Template> {
    let text = format.record_template.as_deref().unwrap_or(DEFAULT_RECORD);
    let template = Template::parse(text, &format.feature_names).map_err(|cause| invalid(RECORD_TEMPLATE, cause))?;
    if template.count(Slot::Record) + template.count(Slot::Records) > 0 {
        return Err(invalid(RECORD_TEMPLATE, "`$record` and `$records` belong into content_template"));
    }
    let n_single = template.slots().filter(|slot| matches!(slot, Slot::Feature(_))).count();
    let n_whole = (template.count(Slot::Features), template.count(Slot::FeaturesByName));
    match (n_whole, template.count(Slot::FeatureNames), n_single) {
        ((1, 0), 0 | 1, 0) | ((0, 1), 0, 0) => Ok(template),
        ((0, 0), 0, 1..) => has_each(&template, format).map(|()| template),
        _ => Err(invalid(
            RECORD_TEMPLATE,
            "a record has `$features` and perhaps `$feature_names`, or `$features_kvp`, or `\"${name}\"` of each feature, once",
        )),
    }
}

fn has_each(template: &Template, format: &RequestFormat) -> Result<()> {
    let mut n_by_feature = vec![0_usize; format.feature_names.len()];
    for slot in template.slots() {
        if let Slot::Feature(feature) = slot {
            n_by_feature[feature] += 1;
        }
    }
    let wrong = format.feature_names.iter().zip(n_by_feature).find(|(_, n)| *n != 1);
    wrong.map_or(Ok(()), |(name, n)| {
        let name = name.chars().take(60).collect::<String>();
        Err(invalid(RECORD_TEMPLATE, format!("the placeholder of `{}` is there {n} times", name.escape_debug())))
    })
}
