//! Positive label of a binary problem: who names it, and what keeps it from being among the labels.

use crate::error::{self, Error};
use crate::profile::finite_number;

/// The label that counts as positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct PositiveLabel<'a> {
    pub text: &'a str,
    pub origin: Origin,
}

/// Who names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Job,
    Baseline,
    Default,
}

impl PositiveLabel<'_> {
    /// Whether the job or the baseline names it.
    pub fn is_known(self) -> bool {
        self.origin != Origin::Default
    }

    /// The error where it is none of the `labels`.
    pub fn unknown(self, labels: &[&str], place: String) -> Error {
        let (origin, mend) = match self.origin {
            Origin::Job => ("which positive_label names", "Set positive_label to the label that counts as positive"),
            Origin::Baseline => (
                "which the baseline has",
                "Set positive_label to what is positive here, or write labels and predictions as those of the baseline",
            ),
            Origin::Default => (
                "which is looked for where neither positive_label nor the baseline names one",
                "Set positive_label to the label that counts as positive",
            ),
        };
        let (text, n_labels) = (self.text.escape_debug(), labels.len());
        let cause =
            format!("no label is {text}, {origin}; there are {n_labels} different labels{}", self.likely(labels));
        Error::new(&error::POSITIVE_LABEL_UNKNOWN, place, cause).with_remedy(format!("{mend}."))
    }

    /// What the labels are instead, by their kind alone.
    fn likely(self, labels: &[&str]) -> &'static str {
        let is_number = |text: &str| finite_number(text).is_some();
        let is_alike = |label: &&str| label.trim().to_lowercase() == self.text.trim().to_lowercase();
        match is_number(self.text) {
            _ if labels.iter().any(is_alike) => ", one of which differs in the case of its letters alone",
            false if labels.iter().all(|label| is_number(label)) => ", and all are numbers, such as 0 and 1",
            true if !labels.iter().any(|label| is_number(label)) => ", and all are words",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_tells_who_names_the_label_and_what_the_labels_are_instead() {
        let told = |text, origin, labels: &[&str]| {
            let error = PositiveLabel { text, origin }.unknown(labels, String::new());
            (error.cause().to_owned(), error.remedy().to_owned())
        };
        let (cause, remedy) = told("yes", Origin::Baseline, &["0", "1"]);
        assert_eq!(
            cause,
            "no label is yes, which the baseline has; there are 2 different labels, and all are numbers, such as 0 and 1"
        );
        assert!(remedy.contains("as those of the baseline"), "{remedy}");
        let (cause, remedy) = told("yes", Origin::Job, &["No", "Yes"]);
        assert!(
            cause.contains("which positive_label names") && cause.ends_with("the case of its letters alone"),
            "{cause}"
        );
        assert!(remedy.starts_with("Set positive_label"), "{remedy}");
        assert!(told("1", Origin::Default, &["no", "yes"]).0.ends_with(", and all are words"));
        assert!(told("2", Origin::Default, &["0", "1"]).0.ends_with("2 different labels"));
    }
}
