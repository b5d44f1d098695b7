//! Progress line of a run, for a person's terminal.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Progress;

const INTERVAL: Duration = Duration::from_millis(200);

/// Shows how far `progress` is for as long as the returned task lives.
pub fn show(progress: Arc<Progress>) -> Shown {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} in {elapsed}") {
        bar.set_style(style);
    }
    let line = bar.clone();
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            let megabytes = progress.bytes() as f64 / 1e6;
            let rate = megabytes / line.elapsed().as_secs_f64().max(0.1);
            let share = 100.0 * megabytes / (progress.expected_bytes() as f64 / 1e6).max(megabytes).max(1e-6);
            line.set_message(format!("{megabytes:.1} MB read, {share:.0} % of what was found, {rate:.0} MB/s"));
            line.tick();
        }
    });
    Shown { bar, task }
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
