//! Records of each kind to rows.

pub mod capture;
pub mod captured_outcomes;
pub mod description;
pub mod diagnosis;
pub mod explanations;
pub mod ground_truth;
pub mod json_cells;
pub mod outcome_table;
pub mod record;
pub mod sides;
pub mod survey;
pub mod transform;
