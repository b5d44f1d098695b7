//! Holm's correction over the hypotheses of the tests: those that follow from one another count once.

use crate::judge::chance::holm;
use crate::judge::{Alternative, Test};
use crate::measure::quality::{Relation, named};

/// Thresholds that differ by rounding only are the same.
const TOLERANCE: f64 = 1e-9;

/// What a test asks, in the terms of one metric for all of those that follow from one another.
struct Hypothesis<'a> {
    metric: &'a str,
    threshold: f64,
    is_worse_when_less: bool,
}

impl<'a> Hypothesis<'a> {
    fn of(test: &'a Test) -> Self {
        let threshold = test.baseline_value.unwrap_or(f64::NAN);
        let is_less = test.alternative == Alternative::Less;
        let Some((relation, metric)) = named(test.metric).and_then(|kind| kind.equivalent) else {
            return Self { metric: test.metric, threshold, is_worse_when_less: is_less };
        };
        let (threshold, is_worse_when_less) = match relation {
            Relation::Equal => (threshold, is_less),
            Relation::Complement => (1.0 - threshold, !is_less),
            Relation::Square => (threshold.sqrt(), is_less),
        };
        Self { metric, threshold, is_worse_when_less }
    }

    fn is(&self, other: &Self) -> bool {
        self.metric == other.metric
            && self.is_worse_when_less == other.is_worse_when_less
            && is_same(self.threshold, other.threshold)
    }
}

/// Whether two numbers differ by rounding only.
pub(super) fn is_same(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(TOLERANCE)
}

/// Corrects the tests' p-values so that the chance of any false alarm is held, whatever the metrics
/// have to do with one another. Tests that ask the same question count once, with the largest of
/// their p-values.
pub(super) fn correct(tests: &mut [Test]) {
    let mut questions: Vec<(f64, Vec<usize>)> = Vec::new();
    for (place, test) in tests.iter().enumerate() {
        let Some(p) = test.p else { continue };
        let hypothesis = Hypothesis::of(test);
        let same = questions.iter_mut().find(|(_, places)| Hypothesis::of(&tests[places[0]]).is(&hypothesis));
        match same {
            Some((largest, places)) => {
                *largest = largest.max(p);
                places.push(place);
            }
            None => questions.push((p, vec![place])),
        }
    }
    let corrected = holm(&questions.iter().map(|(p, _)| *p).collect::<Vec<f64>>());
    for (p, (_, places)) in corrected.into_iter().zip(questions) {
        for place in places {
            tests[place].p_adjusted = Some(p);
        }
    }
}
