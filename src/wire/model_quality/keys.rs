//! JSON keys of the model-quality files: one for each kind of problem.

use crate::names::quality;
use crate::profile::Problem;

pub(super) fn metrics(problem: Problem) -> &'static str {
    match problem {
        Problem::BinaryClassification => quality::BINARY_METRICS,
        Problem::MulticlassClassification => quality::MULTICLASS_METRICS,
        Problem::Regression => quality::REGRESSION_METRICS,
    }
}

pub(super) fn constraints(problem: Problem) -> &'static str {
    match problem {
        Problem::BinaryClassification => quality::BINARY_CONSTRAINTS,
        Problem::MulticlassClassification => quality::MULTICLASS_CONSTRAINTS,
        Problem::Regression => quality::REGRESSION_CONSTRAINTS,
    }
}
