//! Records of each kind to rows.

pub mod capture;
pub mod captured_outcomes;
mod column_evidence;
mod delimiters;
pub mod description;
pub mod diagnosis;
pub mod explanations;
pub mod ground_truth;
mod headers;
pub mod json_cells;
pub mod lists;
mod majority;
pub mod outcome_table;
pub mod record;
mod row_evidence;
pub mod sides;
pub mod survey;
pub mod transform;
