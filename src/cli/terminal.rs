//! Whether a person looks on, and how errors are shown to one.

use std::io::IsTerminal;
use std::path::Path;

use super::layout::hanging;
use crate::error::Error;
use crate::names::path;

/// Whether standard error is a person's terminal. SageMaker's local mode gives its containers a terminal, too, and
/// keeps what is written there as the job's log.
pub fn is_watched(opt_ml: &Path) -> bool {
    std::io::stderr().is_terminal() && !opt_ml.join(path::PROCESSING_JOB_CONFIG).exists()
}

/// An error as a few short lines: what, where, why, what to do.
pub fn error_lines(error: &Error) -> String {
    let code = error.code();
    let line = |word: &str, text: &str| hanging(&format!("  {word:<12}"), text);
    [
        format!("error {}: {}\n", code.code, code.title),
        line("where", error.place()),
        line("why", error.cause()),
        line("what to do", error.remedy()),
    ]
    .concat()
}
