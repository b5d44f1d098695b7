//! What every demonstration does: place files, run a job beside a stand-in for SageMaker's mounts.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::cli::arguments::RunArguments;
use crate::cli::job;
use crate::contract::{OnEmpty, Settings};
use crate::error::{self, Error, Result};
use crate::names::variable;
use crate::run::Finished;

/// Writes files below `folder/data`.
pub(super) fn place(folder: &Path, files: Vec<(String, Vec<u8>)>) -> Result<()> {
    for (name, bytes) in files {
        let path = folder.join("data").join(name);
        let parent = path.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes));
        written.map_err(|cause| Error::new(&error::OUTPUT_UNWRITABLE, path.display().to_string(), cause))?;
    }
    Ok(())
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The program's own, but none of the data is to be rejected.
pub(super) fn settings() -> Settings {
    Settings { max_rejected: 0.0, ..RunArguments::of(BTreeMap::new()).settings }
}

/// Runs a job whose results go to `folder/name`. It fails when it finds no data.
pub(super) async fn job_at(
    folder: &Path,
    name: &str,
    variables: BTreeMap<&'static str, String>,
    settings: Settings,
) -> Result<Finished> {
    let output = folder.join(name);
    let opt_ml = output.join("opt-ml");
    fs::create_dir_all(&opt_ml).map_err(|cause| Error::new(&error::OUTPUT_UNWRITABLE, shown(&opt_ml), cause))?;
    let mut flags: BTreeMap<String, String> =
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    flags.insert(variable::OUTPUT_PATH.to_owned(), shown(&output));
    let settings = Settings { opt_ml, on_empty: OnEmpty::Fail, ..settings };
    let arguments = RunArguments { settings, ..RunArguments::of(flags) };
    let finished = job::execute(&arguments, BTreeMap::new()).await?;
    finished.ok_or_else(|| Error::new(&error::INTERNAL, "demo", "another host was named as the leader"))
}

/// What was done to the data, and what each job found.
pub(super) fn page(folder: &Path, changes: &[(&str, &str)], finished: &[(&str, Finished)]) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    say("what is odd about the data:".to_owned());
    for (subject, change) in changes {
        say(format!("  {subject} {change}"));
    }
    for (name, job) in finished {
        say(format!("\n{name}: {}, {} violations", job.outcome.name(), job.violations.len()));
        for line in &job.lines {
            say(format!("  {line}"));
        }
        for violation in &job.violations {
            say(format!(
                "  violation: {}: {} (n = {})",
                violation.subject,
                violation.description.trim_end(),
                violation.n
            ));
        }
    }
    say(format!("\nthe data is in {}, the results in", folder.join("data").display()));
    for (name, _) in finished {
        say(format!("  {}", folder.join(name).display()));
    }
    text
}
