//! Logs on standard error: for people on a terminal, as JSON anywhere else.

use std::collections::BTreeMap;

use tracing_subscriber::EnvFilter;

use crate::contract::LOG_LEVELS;
use crate::{decode, error};

/// Variable that many programs in Rust read, where ours says nothing.
const USUAL_FILTER: &str = "RUST_LOG";
/// Jobs log what they do; on a terminal only what needs attention is said.
const IN_JOBS: &str = "warn,model_monitor=info";
const ON_TERMINALS: &str = "warn";

/// Starts logging at this level, else by the usual variable's filter, such as `debug` or `model_monitor=trace`; one
/// that cannot be read counts as none. A second call changes nothing.
pub fn start(level: Option<&str>, environment: &BTreeMap<String, String>, is_watched: bool) {
    let usual = || EnvFilter::new(if is_watched { ON_TERMINALS } else { IN_JOBS });
    let asked = level.map(str::to_owned).or_else(|| readable(environment.get(USUAL_FILTER)?));
    let filter = asked.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(usual);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Fails only when logging was started before.
    let _ = if is_watched { logs.try_init() } else { logs.json().flatten_event(true).try_init() };
    std::panic::set_hook(Box::new(|panic| {
        if decode::is_guarded() {
            // Its text may hold values of the data.
            tracing::debug!(place = ?panic.location(), "data is damaged in an unexpected way");
            return;
        }
        tracing::error!(code = error::INTERNAL.code, place = ?panic.location(), "the program failed: {panic}");
    }));
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
