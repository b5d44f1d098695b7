//! A progress line, on terminals only.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Progress;

const INTERVAL: Duration = Duration::from_millis(200);

/// Shows how far `progress` is for as long as the returned task lives; nothing where standard error
/// is no terminal.
pub fn show(progress: Arc<Progress>) -> Option<Shown> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} in {elapsed}") {
        bar.set_style(style);
    }
    let line = bar.clone();
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            line.set_message(format!("{} objects, {:.1} MB", progress.objects(), progress.bytes() as f64 / 1e6));
            line.tick();
        }
    });
    Some(Shown { bar, task })
}

/// A progress line that disappears when dropped.
pub struct Shown {
    bar: ProgressBar,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}
