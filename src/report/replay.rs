//! A replay: what both verdicts say of each window of a period, and what AWS's distances did not show.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Window;
use crate::judge::{BlindDistance, Finding, Judgement, Verdict};
use crate::wire::time;

/// Features that a line of a window names, at most.
const MAX_NAMED: usize = 3;

/// What was found in one window.
pub struct ReplayedWindow {
    pub window: Window,
    pub n_rows: u64,
    /// The features that AWS's containers would have found.
    pub aws: Vec<String>,
    /// Those of the statistical verdict on the window alone.
    pub statistical: Vec<String>,
    /// Those of them that the windows so far confirm.
    pub over_time: Vec<String>,
    /// Changes that AWS's distances do not show.
    pub blind: Vec<BlindDistance>,
}

impl ReplayedWindow {
    /// By what is found of the window alone, and with the windows before it.
    pub fn of(
        window: Window,
        n_rows: u64,
        alone: &Judgement,
        over_time: &Judgement,
        blind: Vec<BlindDistance>,
    ) -> Self {
        Self {
            window,
            n_rows,
            aws: features(&alone.aws),
            statistical: features(&alone.statistical().unwrap_or_default()),
            over_time: features(&over_time.statistical().unwrap_or_default()),
            blind,
        }
    }
}

impl ReplayedWindow {
    /// For a person: how many features each verdict finds, and the first of their names.
    fn line(&self) -> String {
        let start = self.window.start.and_then(time::utc).unwrap_or_default();
        let [n_aws, n_statistical, n_over_time] = [&self.aws, &self.statistical, &self.over_time].map(Vec::len);
        let named = if n_aws > n_statistical { &self.aws } else { &self.statistical };
        let more = if named.len() > MAX_NAMED { ", …" } else { "" };
        let named = named.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let n_rows = self.n_rows;
        let line = format!("{start:<20} {n_rows:>10} {n_aws:>5} {n_statistical:>5} {n_over_time:>10}  {named}{more}");
        line.trim_end().to_owned()
    }
}

/// The features of the findings, each once.
fn features(findings: &[Finding]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in findings.iter().map(|finding| finding.subject.feature().unwrap_or_default()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A feature that changed in some windows without AWS's distances showing it.
struct Missed {
    n_windows: usize,
    /// The change that was the largest.
    largest: BlindDistance,
}

/// A period that was looked at again.
pub struct Replay {
    pub windows: Vec<ReplayedWindow>,
    /// What became of the records, a sentence each.
    pub records: Vec<String>,
}

impl Replay {
    /// Whether a window is violated by this verdict, the statistical one on each window alone.
    pub fn is_violated(&self, verdict: Verdict) -> bool {
        self.windows.iter().any(|window| match verdict {
            Verdict::Aws => !window.aws.is_empty(),
            Verdict::Statistical => !window.statistical.is_empty(),
        })
    }

    /// For a person: a line a window, then what AWS's distances did not show, then what became of the records. Names are as
    /// they are in the data.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec!["window                     rows   aws  stat  over time".to_owned()];
        lines.extend(self.windows.iter().map(ReplayedWindow::line));
        let n_alarms = |of: fn(&ReplayedWindow) -> &Vec<String>| {
            self.windows.iter().filter(|window| !of(window).is_empty()).count()
        };
        lines.push(format!(
            "{} windows; with violations: {} by the verdict aws, {} by the verdict statistical, {} of these over time",
            self.windows.len(),
            n_alarms(|window| &window.aws),
            n_alarms(|window| &window.statistical),
            n_alarms(|window| &window.over_time),
        ));
        let missed = self.missed().into_iter().map(|(feature, Missed { n_windows, largest })| {
            let (aws, exact) = (largest.aws, largest.exact);
            format!("not shown by AWS's distance: {feature} in {n_windows} windows (AWS's {aws:.3}, exact {exact:.3})")
        });
        lines.extend(missed);
        lines.extend(self.records.iter().cloned());
        lines
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        let window = |window: &ReplayedWindow| {
            json!({
                "window": window.window.to_text(),
                "n_rows": window.n_rows,
                "aws": window.aws,
                "statistical": window.statistical,
                "over_time": window.over_time,
            })
        };
        let missed = |(feature, Missed { n_windows, largest }): (&str, Missed)| json!({ "feature": feature, "n_windows": n_windows, "aws": largest.aws, "exact": largest.exact });
        json!({
            "windows": self.windows.iter().map(window).collect::<Vec<_>>(),
            "missed": self.missed().into_iter().map(missed).collect::<Vec<_>>(),
            "records": self.records,
        })
    }

    /// By name.
    fn missed(&self) -> BTreeMap<&str, Missed> {
        let mut missed: BTreeMap<&str, Missed> = BTreeMap::new();
        for blind in self.windows.iter().flat_map(|window| &window.blind) {
            let first = || Missed { n_windows: 0, largest: blind.clone() };
            let known = missed.entry(&blind.feature).or_insert_with(first);
            known.n_windows += 1;
            if blind.exact > known.largest.exact {
                known.largest = blind.clone();
            }
        }
        missed
    }
}
