//! Both verdicts on one run.

use super::{AlarmRule, Bounds, Finding, History, IncidentKey, OverTime, Test, Verdict, findings_of};

/// What was found against a baseline, by verdict; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// What AWS's containers find.
    pub aws: Vec<Finding>,
    /// What the statistical verdict finds without a test.
    pub untested: Vec<Finding>,
    /// `None` where no statistical verdict is made.
    pub tests: Option<Vec<Test>>,
    /// How the windows before this one count in the statistical verdict; `None` where this one stands alone.
    pub over_time: Option<OverTime>,
}

impl Judgement {
    /// What needs no test, and the tests that were violated, as findings; `None` where no statistical verdict is made.
    pub fn statistical(&self) -> Option<Vec<Finding>> {
        let tested = self.tests.as_deref().map(findings_of)?;
        Some(self.untested.iter().cloned().chain(tested).collect())
    }

    /// The same with the windows before this one, which `earlier` sums up; `baseline` is the hash of the baseline's
    /// files.
    pub fn over_time(
        mut self,
        incidents: Vec<IncidentKey>,
        rule: AlarmRule,
        window: (u64, Bounds),
        earlier: Option<History>,
    ) -> Self {
        let tests = self.tests.as_deref_mut().unwrap_or_default();
        self.over_time = Some(OverTime::judge(tests, incidents, rule, window, earlier));
        self
    }

    /// The findings that count under this verdict.
    pub fn chosen(&self, verdict: Verdict) -> Vec<Finding> {
        match verdict {
            Verdict::Aws => self.aws.clone(),
            Verdict::Statistical => self.statistical().unwrap_or_default(),
        }
    }
}
