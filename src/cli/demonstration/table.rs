//! Table of the demonstrations.

use super::definition::Demonstration;
use super::{attribution, bias, data_quality, model_quality};

/// A demonstration of every monitor; the first is the default.
pub static ALL: [&Demonstration; 4] =
    [&data_quality::DEMONSTRATION, &model_quality::DEMONSTRATION, &bias::DEMONSTRATION, &attribution::DEMONSTRATION];

/// The demonstration of this name.
pub fn find(name: &str) -> Option<&'static Demonstration> {
    ALL.into_iter().find(|demonstration| demonstration.name() == name)
}
