//! Warnings of a run, from the table of codes.

use crate::error::Code;
use crate::report::Warning;

/// Values that the sentence of a warning tells.
const MAX_TOLD: usize = 25;

/// A warning of this code, without values.
pub(super) fn warning(code: &Code, detail: impl Into<String>) -> Warning {
    Warning { code: code.code, title: code.title, detail: detail.into(), values: Vec::new() }
}

/// A warning of these values among so many, the first of them in the sentence.
pub(super) fn warning_of(code: &Code, n_known: usize, name: &str, values: &[String]) -> Warning {
    warning_telling(code, (values.len(), n_known), values).listing(name, values)
}

/// A warning of so many values among so many, of which the sentence tells these names.
pub(super) fn warning_telling(code: &Code, (n, n_known): (usize, usize), names: &[String]) -> Warning {
    let more = if names.len() > MAX_TOLD { ", …" } else { "" };
    let told = names.iter().take(MAX_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
    warning(code, format!("{n} of {n_known}: {told}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error;

    #[test]
    fn the_first_of_many_values_are_told() {
        let texts: Vec<String> = (0..30).map(|i| i.to_string()).collect();
        let found = warning_of(&error::BASELINE_NOT_MEASURED, 40, "not measured", &texts);
        assert!(found.detail.starts_with("30 of 40: 0, 1, ") && found.detail.ends_with(" 24, …"), "{}", found.detail);
        assert_eq!((found.code, found.values[0].values.len()), (error::BASELINE_NOT_MEASURED.code, 30));
        assert_eq!(warning_of(&error::BASELINE_NOT_MEASURED, 2, "a", &texts[..1]).detail, "1 of 2: 0");
    }
}
