//! Results and errors for people.

use std::fmt::Write;

use crate::error::{self, Code, Error, Result};
use crate::report::Outcome;
use crate::run::Finished;

/// Longest list of violations that is printed.
const MAX_PRINTED: usize = 20;

/// A run in a few lines. Names from data are escaped.
pub fn summary(finished: &Finished) -> String {
    let ledger = &finished.ledger;
    let mut text = format!(
        "{}: {} records used of {} seen, {} outside the window, {} rejected; {} rows\n",
        finished.outcome.name(),
        ledger.n_records_used,
        ledger.n_records_seen,
        ledger.n_records_outside_window,
        ledger.n_records_rejected(),
        ledger.n_rows,
    );
    for line in &finished.lines {
        let _ = writeln!(text, "  {}", line.escape_debug());
    }
    if finished.outcome == Outcome::NoData {
        let _ = writeln!(text, "{}", finished.message);
    }
    for violation in finished.violations.iter().take(MAX_PRINTED) {
        let description = violation.description.trim_end().escape_debug();
        let _ = writeln!(
            text,
            "  {:<24} {:<24} {description}",
            violation.subject.escape_debug().to_string(),
            violation.check
        );
    }
    if finished.violations.len() > MAX_PRINTED {
        let _ = writeln!(text, "  … and {} more", finished.violations.len() - MAX_PRINTED);
    }
    text
}

/// The page of an error's code, or the list of all codes.
pub fn explain(code: Option<&str>) -> Result<String> {
    let Some(code) = code else {
        return Ok(error::ALL.iter().map(|row| format!("{}  {}\n", row.code, row.title)).collect());
    };
    let unknown =
        || Error::new(&error::USAGE, "explain", "there is no error of this code; without one, all are listed");
    let Code { code, kind, title, causes, remedy } = error::find(code).ok_or_else(unknown)?;
    let exit_code = kind.exit_code();
    Ok(format!("{code}: {title}\n\nWhy\n  {causes}\n\nWhat to do\n  {remedy}\n\nExit code\n  {exit_code}\n"))
}
