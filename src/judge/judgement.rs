//! Both verdicts on one run.

use super::{Finding, Test, Verdict, findings_of};

/// What was found against a baseline, by verdict; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// What AWS's containers find.
    pub aws: Vec<Finding>,
    /// What the statistical verdict finds without a test.
    pub untested: Vec<Finding>,
    /// `None` where no statistical verdict is made.
    pub tests: Option<Vec<Test>>,
}

impl Judgement {
    /// What needs no test, and the tests that were violated, as findings; `None` where no statistical verdict is made.
    pub fn statistical(&self) -> Option<Vec<Finding>> {
        let tested = self.tests.as_deref().map(findings_of)?;
        Some(self.untested.iter().cloned().chain(tested).collect())
    }

    /// The findings that count under this verdict.
    pub fn chosen(&self, verdict: Verdict) -> Vec<Finding> {
        match verdict {
            Verdict::Aws => self.aws.clone(),
            Verdict::Statistical => self.statistical().unwrap_or_default(),
        }
    }
}
