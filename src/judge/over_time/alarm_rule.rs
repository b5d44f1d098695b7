//! Alarm rule: when a test that is violated in one window is a violation over all windows.

/// Most windows that the rule `K/N` looks back at.
const MAX_WINDOWS: usize = 100;

/// How the windows before this one count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlarmRule {
    /// The e-process of the test is above its bound: over all windows together, at most one chain of windows in twenty
    /// has a false alarm.
    #[default]
    EProcess,
    /// So many of the last windows, this one among them, are violated. It holds no stated rate.
    Windows { fewest: usize, of: usize },
}

impl AlarmRule {
    /// The rule that a text names; the error is the cause that it names none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let cause = || format!("it is neither e-process nor K/N, such as 2/3, with N up to {MAX_WINDOWS}");
        if text == Self::EProcess.name() {
            return Ok(Self::EProcess);
        }
        let (fewest, of) = text.split_once('/').ok_or_else(cause)?;
        let (fewest, of) = (fewest.trim().parse(), of.trim().parse());
        match (fewest, of) {
            (Ok(fewest), Ok(of)) if 1 <= fewest && fewest <= of && of <= MAX_WINDOWS => {
                Ok(Self::Windows { fewest, of })
            }
            _ => Err(cause()),
        }
    }

    /// The rule as a text names it.
    pub fn name(self) -> String {
        match self {
            Self::EProcess => "e-process".to_owned(),
            Self::Windows { fewest, of } => format!("{fewest}/{of}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_named() {
        for rule in
            [AlarmRule::EProcess, AlarmRule::Windows { fewest: 2, of: 3 }, AlarmRule::Windows { fewest: 1, of: 1 }]
        {
            assert_eq!(AlarmRule::parse(&rule.name()), Ok(rule));
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["", "2", "0/3", "4/3", "1/101", "-1/3", "a/b", "1/2/3", "E-PROCESS"] {
            assert!(AlarmRule::parse(text).is_err_and(|cause| cause.contains("K/N")), "{text}");
        }
    }
}
