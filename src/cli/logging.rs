//! Logs on standard error: for people on a terminal, as JSON anywhere else.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Variable with a filter such as `debug` or `model_monitor=trace`.
const FILTER: &str = "MODEL_MONITOR_LOG";
/// Jobs log what they do; on a terminal only what needs attention is said.
const IN_JOBS: &str = "warn,model_monitor=info";
const ON_TERMINALS: &str = "warn";

/// Starts logging. A second call changes nothing.
pub fn start() {
    let on_terminal = std::io::stderr().is_terminal();
    let usual = || EnvFilter::new(if on_terminal { ON_TERMINALS } else { IN_JOBS });
    let asked = std::env::var(FILTER).ok().filter(|text| !text.trim().is_empty());
    let filter = asked.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(usual);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Fails only when logging was started before.
    let _ = if on_terminal { logs.try_init() } else { logs.json().flatten_event(true).try_init() };
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(code = crate::error::INTERNAL.code, place = ?panic.location(), "the program failed: {panic}");
    }));
}
