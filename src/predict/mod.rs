//! Asks a model: rows of features in, scores out.

mod settings;
#[expect(dead_code, reason = "used once ways to models exist")]
mod transport;

pub use settings::{
    AnswerFormat, CellKind, ContentType, Limits, ModelSettings, RequestFormat, ShadowOf, ShadowSettings, Target,
};
