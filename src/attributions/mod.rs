//! Attributions of a model's answers: which rows are explained, against which reference rows, by how many questions
//! to the model, and what follows for each feature.

mod explain;
mod kernel_shap;
mod partial_dependence;
mod prediction_budget;
mod reference_rows;
mod sample_attributions;

pub use explain::{Explained, Observations, Work, calls_of, explain};
