//! Filter: which captured records a job is about, by their metadata.

use crate::decode::reason::Reason;
use crate::decode::text::json::{self, Node, Reader, Value};
use crate::decode::text::path::Path;
use crate::decode::text::searched::Searched;
use crate::names::capture as key;

/// Keys under which metadata name the variant that answered.
const VARIANT_KEYS: [&str; 3] = ["variantName", "invokedProductionVariant", "productionVariant"];

/// What the metadata of a record must say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// A JMESPath expression over `eventMetadata`, in which custom attributes that are the text of JSON are the JSON.
    pub condition: Option<Path>,
    /// The variant that the metadata must name. Where folders name it ([`crate::decode::variant_of`]), metadata need not.
    pub variant: Option<String>,
}

impl Filter {
    /// Refuses a record that is not meant.
    pub fn check(&self, record: Value<'_, '_>) -> Result<(), Reason> {
        if self.condition.is_none() && self.variant.is_none() {
            return Ok(());
        }
        let metadata = record.get(key::EVENT_METADATA);
        if let Some(wanted) = &self.variant
            && metadata.and_then(variant_of).as_ref() != Some(wanted)
        {
            return Err(Reason::FilteredOut);
        }
        let Some(condition) = &self.condition else { return Ok(()) };
        let Some(metadata) = metadata else { return Err(Reason::FilteredOut) };
        let is_meant = with_opened(metadata, |searched| condition.search(searched).is_truthy())?;
        if is_meant { Ok(()) } else { Err(Reason::FilteredOut) }
    }

    /// Whether the metadata of a record have something that the condition looks at; true without a condition.
    pub fn looks_at(&self, record: Value<'_, '_>) -> bool {
        let Some(condition) = &self.condition else { return true };
        let metadata = record.get(key::EVENT_METADATA);
        metadata.is_some_and(|metadata| with_opened(metadata, |searched| condition.looks_at(searched)) == Ok(true))
    }
}

/// The variant that the metadata of a record name.
pub fn variant_of(metadata: Value<'_, '_>) -> Option<String> {
    let named = VARIANT_KEYS.iter().find_map(|key| metadata.get(key)?.text())?;
    let mut name = String::new();
    json::unescape(named, &mut name).ok()?;
    Some(name)
}

/// Shows the metadata, opened.
fn with_opened<T>(metadata: Value<'_, '_>, see: impl FnOnce(&Searched<'_>) -> T) -> Result<T, Reason> {
    let text = opened(metadata)?;
    let mut tape = Vec::new();
    Reader::over(&text).read(&mut tape)?;
    Ok(see(&Searched::of(Value::at(&tape, 0))?))
}

/// The metadata as JSON, with the JSON of custom attributes in place of its text.
fn opened(metadata: Value<'_, '_>) -> Result<String, Reason> {
    let mut out = String::from("{");
    for (i, (name, value)) in metadata.entries().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        out.push_str(&format!("\"{}\":", name.raw));
        match value.node() {
            Node::Array { .. } if name.raw == key::CUSTOM_ATTRIBUTES => {
                out.push('[');
                for (i, attribute) in value.elements().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    write_opened(attribute, &mut out)?;
                }
                out.push(']');
            }
            _ if name.raw == key::CUSTOM_ATTRIBUTES => write_opened(value, &mut out)?,
            _ => write(value, &mut out)?,
        }
    }
    out.push('}');
    Ok(out)
}

/// A text that is JSON as that JSON, anything else as it is.
fn write_opened(value: Value<'_, '_>, out: &mut String) -> Result<(), Reason> {
    let Some(text) = value.text() else { return write(value, out) };
    let mut inner = String::new();
    json::unescape(text, &mut inner)?;
    let mut tape = Vec::new();
    let mut reader = Reader::over(&inner);
    let is_json = reader.read(&mut tape) == Ok(true) && inner[reader.position()..].trim().is_empty();
    if is_json {
        out.push_str(&inner);
        return Ok(());
    }
    write(value, out)
}

fn write(value: Value<'_, '_>, out: &mut String) -> Result<(), Reason> {
    let searched = Searched::of(value)?;
    out.push_str(&searched.json(searched.root()));
    Ok(())
}
