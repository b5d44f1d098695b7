//! Asks a model: rows of features in, scores out.

mod sagemaker;
mod settings;
#[cfg_attr(not(test), expect(dead_code, reason = "used once a model is opened from its settings"))]
mod transport;

pub use sagemaker::{Leftover, LeftoverKind, SageMaker, Shadows};
pub use settings::{
    AnswerFormat, CellKind, ContentType, Limits, ModelSettings, RequestFormat, ShadowOf, ShadowSettings, Target,
};
