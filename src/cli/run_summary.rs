//! Summary of a run for people.

use std::fmt::Write;

use super::job::Done;
use crate::error::printable;
use crate::report::Outcome;

/// Longest list of violations that is printed.
const MAX_PRINTED: usize = 20;

/// A run in a few lines, the place of its results last. Names from data steer no terminal.
pub fn summary(done: &Done) -> String {
    let finished = &done.finished;
    let ledger = &finished.ledger;
    let filtered_out = match ledger.n_records_filtered_out {
        0 => String::new(),
        n => format!("{n} filtered out, "),
    };
    let lost = match (ledger.n_records_lost(), ledger.n_bytes_not_had()) {
        (0, 0) => String::new(),
        (n, n_bytes) => format!(", {n} lost ({n_bytes} bytes)"),
    };
    let mut text = format!(
        "{}{}: {} records used of {} seen, {} outside the window, {}{} rejected{lost}; {} rows\n",
        finished.outcome.name(),
        if finished.has_warnings { " with warnings" } else { "" },
        ledger.n_records_used,
        ledger.n_records_seen,
        ledger.n_records_outside_window,
        filtered_out,
        ledger.n_records_rejected(),
        ledger.n_rows,
    );
    let mut say = |line: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}", printable(line));
    };
    finished.lines.iter().for_each(|line| say(line));
    if finished.outcome == Outcome::NoData {
        say(&finished.message);
    }
    for violation in finished.violations.iter().take(MAX_PRINTED) {
        say(&format!("{:<24} {:<24} {}", violation.subject, violation.check, violation.description.trim_end()));
    }
    if finished.violations.len() > MAX_PRINTED {
        say(&format!("… and {} more", finished.violations.len() - MAX_PRINTED));
    }
    if done.is_judged && finished.outcome == Outcome::Completed {
        say("no violations");
    }
    say(&format!("results in {}", done.output));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stay_and_control_characters_do_not() {
        assert_eq!(printable("doesn't \"fit\" \\ ä"), "doesn't \"fit\" \\ ä");
        assert_eq!(printable("a\u{1b}[31mb\nc\u{202e}d"), "a\\u{1b}[31mb\\nc\\u{202e}d");
    }
}
