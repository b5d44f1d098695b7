//! Model predictions: rows of features in, scores out, over HTTP or SageMaker.

mod answer;
mod form;
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
pub use sagemaker::{Leftover, LeftoverKind, SageMaker, ShadowEndpoints};
pub use settings::{
    AnswerFormat, CellKind, ContentType, Limits, ModelSettings, RequestFormat, ShadowOf, ShadowSettings, Target,
};
