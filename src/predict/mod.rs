//! Asks a model: rows of features in, scores out.

mod answer;
mod excerpt;
mod http;
mod model;
mod request;
mod sagemaker;
mod settings;
#[cfg(test)]
mod tests;
mod transport;

pub use model::{Calls, Model, Prediction, Refusal};
pub use request::cell_kinds;
pub use sagemaker::{Leftover, LeftoverKind, SageMaker, Shadows};
pub use settings::{
    AnswerFormat, CellKind, ContentType, Limits, ModelSettings, RequestFormat, ShadowOf, ShadowSettings, Target,
};
