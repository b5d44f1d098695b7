//! Text of a demonstration: what is odd about the data, what was found, and the commands to do it again.

use std::fmt::Write;

use super::command_line::CommandLine;
use super::definition::{Demonstration, Places};
use crate::cli::job::Done;
use crate::run::Violation;
use std::net::SocketAddr;

/// A job that was run.
pub(super) struct Job {
    pub name: &'static str,
    /// Whether it has a baseline to be held against.
    pub is_judged: bool,
    pub command: CommandLine,
    pub finished: Done,
}

/// Both hours, looked at again.
pub(super) struct Replay {
    pub command: CommandLine,
    pub text: String,
}

/// What was done to the data, what each job found, and how to repeat it.
pub(super) fn page(
    demonstration: &Demonstration,
    places: &Places,
    jobs: &[Job],
    replay: Option<Replay>,
    model: Option<SocketAddr>,
) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    say(format!("{:<10} {:>8}  {:<26} violations", "job", "records", "outcome"));
    for job in jobs {
        let finished = &job.finished.finished;
        let n = if job.is_judged { finished.violations.len().to_string() } else { "-".to_owned() };
        say(format!("{:<10} {:>8}  {:<26} {n}", job.name, finished.ledger.n_records_used, finished.outcome.name()));
    }
    say(format!("\nverdict: {}", demonstration.verdict));

    let drifted = jobs.last().map(|job| job.finished.finished.violations.as_slice()).unwrap_or_default();
    let is_about = |violation: &Violation, subject: &str| violation.subject == subject;
    say("\nwhat is odd about the data, and what was found in the drifted hour:".to_owned());
    for (subject, change) in demonstration.changes {
        say(format!("  {subject} {change}"));
        for violation in drifted.iter().filter(|violation| is_about(violation, subject)) {
            say(format!("    {}: {}", violation.check, found(violation)));
        }
    }
    for job in jobs {
        let others =
            |violation: &&Violation| !demonstration.changes.iter().any(|(subject, _)| is_about(violation, subject));
        let finished = &job.finished.finished;
        let violations: Vec<_> = finished.violations.iter().filter(others).collect();
        if violations.is_empty() && finished.lines.is_empty() {
            continue;
        }
        say(format!("\n{}:", job.name));
        finished.lines.iter().for_each(|line| say(format!("  {line}")));
        violations
            .iter()
            .for_each(|violation| say(format!("  violation: {}: {}", violation.subject, found(violation))));
    }
    if let Some(replay) = &replay {
        say("\nboth hours again, in windows of ten minutes, by both verdicts:".to_owned());
        replay.text.lines().for_each(|line| say(format!("  {line}")));
    }
    say(format!("\nthe data and the results are in {}", places.folder().display()));
    say("the commands that were run, to be run again:\n".to_owned());
    if let Some(address) = model {
        say(format!("{} demo --serve {address} &   # the demonstration's model", env!("CARGO_PKG_NAME")));
    }
    jobs.iter().for_each(|job| say(job.command.shown()));
    replay.iter().for_each(|replay| say(replay.command.shown()));
    if model.is_some() {
        say("kill $!".to_owned());
    }
    text
}

fn found(violation: &Violation) -> String {
    format!("{} (n = {})", violation.description.trim_end(), violation.n)
}
