//! Code: what an error is, whatever the job.

use super::kind::Kind;

/// One row of the table of errors.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    pub kind: Kind,
    /// What went wrong, as a noun phrase.
    pub title: &'static str,
    /// What leads to it.
    pub causes: &'static str,
    /// What to do.
    pub remedy: &'static str,
}
