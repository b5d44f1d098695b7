//! Values outside a baseline's domain, and what known value each may be.

use crate::profile::ColumnStatistics;

/// Why a value is not the known one that it resembles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    LetterCase,
    Spaces,
    LetterCaseAndSpaces,
}

impl Difference {
    pub const ALL: [Self; 3] = [Self::LetterCase, Self::Spaces, Self::LetterCaseAndSpaces];

    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::LetterCase => "letter_case",
            Self::Spaces => "spaces",
            Self::LetterCaseAndSpaces => "letter_case_and_spaces",
        }
    }

    /// The same as a phrase for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::LetterCase => "letter case",
            Self::Spaces => "spaces around it",
            Self::LetterCaseAndSpaces => "letter case and spaces around it",
        }
    }

    /// How two texts differ, where that is all.
    fn between(value: &str, known: &str) -> Option<Self> {
        let (trimmed, trimmed_known) = (value.trim(), known.trim());
        if trimmed.to_lowercase() != trimmed_known.to_lowercase() {
            return None;
        }
        match (trimmed == trimmed_known, spaces_around(value) != spaces_around(known)) {
            (true, _) => Some(Self::Spaces),
            (false, false) => Some(Self::LetterCase),
            (false, true) => Some(Self::LetterCaseAndSpaces),
        }
    }
}

/// The white space before and behind a text.
fn spaces_around(text: &str) -> (&str, &str) {
    let start = text.len() - text.trim_start().len();
    (&text[..start], &text[text.trim_end().len().max(start)..])
}

/// A value outside the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownValue<'a> {
    pub value: &'a str,
    pub count: u64,
    /// The first known value of those that it resembles most, and how it differs.
    pub resembles: Option<(&'a str, Difference)>,
}

/// The most frequent values of a column outside the domain, as far as they were counted.
pub fn unknown_values<'a>(column: &'a ColumnStatistics, domain: &'a [String]) -> Vec<UnknownValue<'a>> {
    let resembled = |value: &str| {
        let all = domain.iter().filter_map(|known| Some((known.as_str(), Difference::between(value, known)?)));
        all.min_by_key(|(_, difference)| *difference as u8)
    };
    let unknown = column.unknown.iter();
    unknown
        .map(|seen| UnknownValue { value: &seen.value, count: seen.count, resembles: resembled(&seen.value) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_may_differ_in_letter_case_and_spaces_only() {
        let cases = [
            ("true", "True", Some(Difference::LetterCase)),
            (" no", "no", Some(Difference::Spaces)),
            ("no", "no ", Some(Difference::Spaces)),
            ("no ", " no", Some(Difference::Spaces)),
            ("NO\t", "no", Some(Difference::LetterCaseAndSpaces)),
            (" NO", " no", Some(Difference::LetterCase)),
            ("NO ", " no", Some(Difference::LetterCaseAndSpaces)),
            ("ÄH", "äh", Some(Difference::LetterCase)),
            ("n o", "no", None),
            ("yes", "no", None),
        ];
        for (value, known, expected) in cases {
            assert_eq!(Difference::between(value, known), expected, "{value:?} {known:?}");
        }
    }
}
