//! Failures of plans and temporary files as errors of a job.

use std::io;

use datafusion_common::DataFusionError;

use crate::error::{self, Error};

/// The place of what is written to disk because it does not fit into memory.
const TEMPORARY: &str = "temporary files";

/// The error of a job whose plan failed.
pub(super) fn failure(error: DataFusionError) -> Error {
    match error {
        DataFusionError::External(inner) => match inner.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => of_cause(&*other, &other),
        },
        DataFusionError::Context(_, inner) => failure(*inner),
        DataFusionError::ResourcesExhausted(_) => Error::new(
            &error::MEMORY_LIMIT,
            "sorting",
            "sorting on disk needs more memory than it was given to read back what it wrote",
        ),
        other => of_cause(&other, &other),
    }
}

/// All files that a plan itself opens are temporary ones: objects that cannot be read are rows.
fn of_cause(error: &(dyn std::error::Error + 'static), shown: &dyn std::fmt::Display) -> Error {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(failed) = cause.downcast_ref::<io::Error>() {
            return spill_failure(failed);
        }
        next = cause.source();
    }
    Error::new(&error::INTERNAL, "engine", shown)
}

/// The error of a job that could not write, or read back, a temporary file.
pub(super) fn spill_failure(error: &io::Error) -> Error {
    Error::new(&error::SPILL, TEMPORARY, error)
}

/// A defect of the program itself.
pub(super) fn defect(cause: impl std::fmt::Display) -> Error {
    Error::new(&error::INTERNAL, "engine", cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(error: DataFusionError) -> &'static str {
        failure(error).code().code
    }

    #[test]
    fn a_full_disk_is_told_from_a_defect_however_deep_it_lies() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(code(DataFusionError::IoError(full())), error::SPILL.code);
        let wrapped = io::Error::other(DataFusionError::IoError(full()));
        assert_eq!(code(DataFusionError::External(Box::new(wrapped))), error::SPILL.code);
        let of_arrow = arrow::error::ArrowError::IoError("no space".to_owned(), full());
        assert_eq!(code(DataFusionError::ArrowError(Box::new(of_arrow), None)), error::SPILL.code);
        assert_eq!(code(DataFusionError::Internal("x".to_owned())), error::INTERNAL.code);
    }

    #[test]
    fn memory_that_does_not_suffice_has_its_code() {
        let exhausted = DataFusionError::ResourcesExhausted("x".to_owned()).context("while sorting");
        assert_eq!(code(exhausted), error::MEMORY_LIMIT.code);
    }

    #[test]
    fn errors_of_the_house_pass_through() {
        let own = Error::new(&error::DUPLICATE_IDS, "a", "b");
        assert_eq!(code(DataFusionError::External(Box::new(own))), error::DUPLICATE_IDS.code);
    }
}
