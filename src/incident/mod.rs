//! Incidents: what happened to the data, named in words. One cause, one file; the table `ALL` lists them.
//!
//! An incident is only looked for where a test of the statistical verdict found a change beyond chance. It measures
//! nothing anew: it asks of the measures whether its explanation makes the column the baseline's again.

mod chance;
mod changes;
mod constant_feature;
mod cut;
mod description;
mod evidence;
mod feature;
mod find;
mod fit;
mod group;
mod kind;
mod letter_case_change;
mod missing_sentinel;
mod missing_values;
mod mixed_scale;
mod new_category;
mod number_maps;
mod numbers;
mod payload_errors;
mod respelling;
mod scale_change;
mod shifted_columns;
mod sign_flip;
mod stray;
mod swapped_features;
mod table;
mod texts;
mod time_unit_change;
mod truncated_text;
mod type_change;
mod unit_change;
mod vanished_category;
mod whitespace_change;
mod words;

#[cfg(test)]
mod tests;

pub use changes::{Changes, Tested};
pub use description::Incident;
pub use evidence::{EVIDENCE, Evidence, EvidenceName, Fact};
pub use find::{Found, MAX_INCIDENTS, find};
pub use kind::IncidentKind;
pub use table::ALL;
