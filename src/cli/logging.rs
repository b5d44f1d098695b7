//! Logs on standard error: for people on a terminal, as JSON anywhere else.

use std::collections::BTreeMap;

use chrono::{SecondsFormat, Utc};
use serde_json::json;
use tracing_subscriber::EnvFilter;

use super::log_queue::{LOG, ToLog};
use crate::contract::LOG_LEVELS;
use crate::{decode, error};

/// Variable that many programs in Rust read, where ours says nothing.
const USUAL_FILTER: &str = "RUST_LOG";
/// Jobs log what they do; on a terminal only what needs attention is said.
const IN_JOBS: &str = "warn,model_monitor=info";
const ON_TERMINALS: &str = "warn";

const DROPPED: &str = "lines of the log were dropped: standard error did not take them";

/// Starts logging at this level, else by the usual variable's filter, such as `debug` or `model_monitor=trace`; one
/// that cannot be read is named, and counts as none. Lines are written by a thread of their own ([`LOG`]). A second call
/// changes nothing.
pub fn start(level: Option<&str>, environment: &BTreeMap<String, String>, is_watched: bool) {
    let usual = || EnvFilter::new(if is_watched { ON_TERMINALS } else { IN_JOBS });
    let named = environment.get(USUAL_FILTER).filter(|text| level.is_none() && !text.trim().is_empty());
    let read = |text: &String| readable(text).and_then(|text| EnvFilter::try_new(text).ok());
    let asked = level.and_then(|level| EnvFilter::try_new(level).ok()).or_else(|| read(named?));
    let is_misspelt = named.is_some() && asked.is_none();
    LOG.start(if is_watched { dropped_for_people } else { dropped });
    let logs = tracing_subscriber::fmt().with_env_filter(asked.unwrap_or_else(usual)).with_writer(ToLog);
    // What goes wrong within a line is no line of its own.
    let logs = logs.with_target(false).log_internal_errors(false);
    // Fails only when logging was started before.
    let _ = if is_watched { logs.try_init() } else { logs.json().flatten_event(true).try_init() };
    // What a defect says of itself may hold data: its place has to do.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(tracing::field::display);
        if decode::is_guarded() {
            tracing::debug!(place, "data is damaged in an unexpected way");
            return;
        }
        tracing::error!(code = error::INTERNAL.code, place, "{}", error::INTERNAL.title);
    }));
    if is_misspelt {
        let given = named.map(|text| error::printable(text));
        tracing::warn!(variable = USUAL_FILTER, given, "the filter of the log cannot be read; the default is taken");
    }
}

/// The line that tells of so many that were dropped.
fn dropped(n: u64) -> String {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    let line = json!({"timestamp": time, "level": "WARN", "message": DROPPED, "lines": n});
    format!("{line}\n")
}

fn dropped_for_people(n: u64) -> String {
    format!("{n} {DROPPED}\n")
}

/// A filter of levels (`debug`) and of targets with their levels (`hyper=debug`), joined by commas; `None` where it is
/// none, since a word that is no level would be taken for a target, and silence all others. Errors of the program are
/// never silenced.
fn readable(filter: &str) -> Option<String> {
    let parts: Vec<&str> = filter.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_level = |part: &&str| LOG_LEVELS.contains(&part.to_ascii_lowercase().as_str());
    if parts.is_empty() || !parts.iter().all(|part| is_level(part) || part.contains('=')) {
        return None;
    }
    let speaks_of_us = parts.iter().any(|part| is_level(part) || part.starts_with(env!("CARGO_CRATE_NAME")));
    Some(if speaks_of_us { parts.join(",") } else { format!("{}=error,{}", env!("CARGO_CRATE_NAME"), parts.join(",")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_never_silences_errors() {
        let read = |filter: &str| readable(filter);
        assert_eq!(read("debug").as_deref(), Some("debug"));
        assert_eq!(read(" warn , hyper=trace,").as_deref(), Some("warn,hyper=trace"));
        assert_eq!(read("hyper=debug").as_deref(), Some("model_monitor=error,hyper=debug"));
        assert_eq!(read("model_monitor=trace").as_deref(), Some("model_monitor=trace"));
        assert_eq!((read("warm"), read(""), read("off")), (None, None, None));
    }
}
