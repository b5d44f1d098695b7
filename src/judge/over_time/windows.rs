//! The verdict over time: of the tests that are violated in this window, those that the windows so far confirm.

use super::alarm_rule::AlarmRule;
use super::e_value;
use super::evidence::{Evidence, TestKey};
use super::history::{Bounds, History, IncidentKey};
use crate::judge::chance::ALPHA;
use crate::judge::{Subject, Test, TestOutcome};

/// How this window continues those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuation {
    /// It is the first one: no earlier one left anything.
    Started,
    Continued,
    /// The earlier ones were held against another baseline: it is the first one of this baseline.
    OtherBaseline,
    /// It is no later than the last one, and adds nothing to what that left.
    NotLater,
}

impl Continuation {
    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Continued => "continued",
            Self::OtherBaseline => "other_baseline",
            Self::NotLater => "not_later",
        }
    }
}

/// A test that is violated in this window, but not yet over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Unconfirmed {
    pub subject: Subject,
    pub metric: &'static str,
    /// The e-value over all windows, or how many of the last windows are violated.
    pub evidence: f64,
    /// What would have been enough.
    pub needed: f64,
}

/// The verdict over time, and what it leaves for the next window.
#[derive(Clone, Debug, PartialEq)]
pub struct OverTime {
    pub rule: AlarmRule,
    pub continuation: Continuation,
    pub unconfirmed: Vec<Unconfirmed>,
    pub history: History,
}

impl OverTime {
    /// Takes those violations back that the windows so far do not confirm, and remembers the incidents. `baseline` is the
    /// hash of the baseline's files, `earlier` what the windows before this one left.
    pub fn judge(
        tests: &mut [Test],
        incidents: Vec<IncidentKey>,
        rule: AlarmRule,
        (baseline, window): (u64, Bounds),
        earlier: Option<History>,
    ) -> Self {
        let (continuation, mut history) = match earlier {
            None => (Continuation::Started, History::default()),
            Some(earlier) if earlier.baseline != baseline => (Continuation::OtherBaseline, History::default()),
            Some(earlier) if earlier.has_counted(window) => (Continuation::NotLater, earlier),
            Some(earlier) => (Continuation::Continued, earlier),
        };
        let adds = continuation != Continuation::NotLater;
        if adds {
            history.baseline = baseline;
            history.n_windows += 1;
            history.last_window = window;
        }
        let since = |incident: IncidentKey| {
            let known = history.incidents.get(&incident).copied();
            (incident, known.unwrap_or(window.0))
        };
        history.incidents = incidents.into_iter().map(since).collect();
        let n_tests = tests.iter().filter(|test| test.p.is_some()).count() as u64;
        history.n_tests = history.n_tests.max(n_tests);
        let mut unconfirmed = Vec::new();
        for test in tests.iter_mut() {
            let Some(p) = test.p else { continue };
            let is_violated = test.outcome == TestOutcome::Violated;
            let evidence = history.tests.entry(TestKey::of(test)).or_default();
            if adds {
                let e_value = e_value::weight(history.n_windows) * e_value::of_p_value(p);
                evidence.e_value = (evidence.e_value + e_value).min(e_value::MAX);
                evidence.remember(is_violated, rule);
            }
            let (found, needed) = match rule {
                AlarmRule::EProcess => (evidence.e_value, history.n_tests as f64 / ALPHA),
                AlarmRule::Windows { fewest, .. } => (evidence.n_violated(is_violated, adds), fewest as f64),
            };
            if is_violated && found < needed {
                test.outcome = TestOutcome::Unconfirmed;
                test.finding = None;
                let (subject, metric) = (test.subject.clone(), test.metric);
                unconfirmed.push(Unconfirmed { subject, metric, evidence: found, needed });
            } else if adds && rule == AlarmRule::EProcess && !is_violated && found >= needed {
                // What was found before is over: the next change must show itself anew.
                evidence.e_value = 0.0;
            }
        }
        Self { rule, continuation, unconfirmed, history }
    }
}

impl Evidence {
    fn remember(&mut self, is_violated: bool, rule: AlarmRule) {
        let most = if let AlarmRule::Windows { of, .. } = rule { of } else { 1 };
        self.recent.push(is_violated);
        self.recent.drain(..self.recent.len().saturating_sub(most));
    }

    /// How many of the last windows are violated, this one among them.
    fn n_violated(&self, is_violated: bool, is_remembered: bool) -> f64 {
        let before = self.recent.iter().filter(|was_violated| **was_violated).count();
        if is_remembered { before as f64 } else { before.max(usize::from(is_violated)) as f64 }
    }
}

#[cfg(test)]
mod tests;
