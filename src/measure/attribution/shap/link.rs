//! Link function: the scale on which attributions sum up.

use crate::profile::Undefined;

/// Nearest that a probability comes to 0 and 1: half the distance from 1 to the next double, so the largest double
/// below 1 is as it was. Log-odds are then within ±36.8 and attributions finite.
const NEAREST: f64 = f64::EPSILON / 2.0;
/// How far a model's probabilities may be beyond 0 and 1: ten times the rounding of a sum in single precision.
const ROUNDING: f64 = 1e-6;

/// What a mean prediction is turned into before it is explained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    Identity,
    /// Log-odds of a probability.
    Logit,
}

impl Link {
    /// The mean prediction over the reference rows on the scale of the link. The mean comes first: log-odds of
    /// single predictions are not averaged.
    pub fn apply(self, mean: f64) -> Result<f64, Undefined> {
        if !mean.is_finite() {
            return Err(Undefined::NotFinite);
        }
        match self {
            Self::Identity => Ok(mean),
            Self::Logit if !(-ROUNDING..=1.0 + ROUNDING).contains(&mean) => Err(Undefined::NotFinite),
            Self::Logit => {
                let p = mean.clamp(NEAREST, 1.0 - NEAREST);
                Ok((p / (1.0 - p)).ln())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_are_finite() {
        for (mean, expected) in [(0.5, 0.0), (0.8, 4f64.ln()), (1.0 + 1e-7, 36.7368), (1.0, 36.7368), (0.0, -36.7368)] {
            let found = Link::Logit.apply(mean).expect("log-odds");
            assert!((found - expected).abs() < 1e-4, "{mean}: {found}");
        }
        // No double below 1 is changed.
        assert_eq!(Link::Logit.apply(1.0_f64.next_down()), Link::Logit.apply(1.0));
        assert_ne!(Link::Logit.apply(1.0_f64.next_down().next_down()), Link::Logit.apply(1.0));
    }

    #[test]
    fn what_is_no_probability_has_no_log_odds() {
        for mean in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Link::Logit.apply(mean), Err(Undefined::NotFinite), "{mean}");
        }
        assert_eq!(Link::Identity.apply(-3.5), Ok(-3.5));
        assert_eq!(Link::Identity.apply(f64::NAN), Err(Undefined::NotFinite));
    }
}
