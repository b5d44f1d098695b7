//! Logs on standard error: for people on a terminal, as JSON anywhere else.

use std::collections::BTreeMap;

use tracing_subscriber::EnvFilter;

use crate::error;

/// Variable that many programs in Rust read, where ours says nothing.
const USUAL_FILTER: &str = "RUST_LOG";
/// Jobs log what they do; on a terminal only what needs attention is said.
const IN_JOBS: &str = "warn,model_monitor=info";
const ON_TERMINALS: &str = "warn";

/// Starts logging by a filter such as `debug` or `model_monitor=trace`; one that cannot be read counts as
/// none. A second call changes nothing.
pub fn start(filter: Option<&str>, environment: &BTreeMap<String, String>, is_watched: bool) {
    let asked = filter.or(environment.get(USUAL_FILTER).map(String::as_str)).filter(|text| !text.trim().is_empty());
    let usual = || EnvFilter::new(if is_watched { ON_TERMINALS } else { IN_JOBS });
    let filter = asked.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(usual);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Fails only when logging was started before.
    let _ = if is_watched { logs.try_init() } else { logs.json().flatten_event(true).try_init() };
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(code = error::INTERNAL.code, place = ?panic.location(), "the program failed: {panic}");
    }));
}
