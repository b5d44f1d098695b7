//! Header of a report: what every one of them says, whatever the monitor.

use serde::Serialize;

use crate::wire::time;

/// Bounds in milliseconds since 1970 (UTC), the start included and the end not; `None` where open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub start: Option<i64>,
    pub end: Option<i64>,
}

impl Window {
    /// Both bounds as the report has them.
    pub(super) fn to_text(self) -> WindowText {
        WindowText { start: self.start.and_then(time::utc), end: self.end.and_then(time::utc) }
    }
}

/// Times in UTC, the start included and the end not; null where the window is open.
#[derive(Serialize)]
pub(super) struct WindowText {
    start: Option<String>,
    end: Option<String>,
}

/// What the job is called and where it reads and writes; `None` where unknown.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Job {
    pub name: Option<String>,
    pub endpoint: Option<String>,
    pub schedule: Option<String>,
    pub dataset_source: Option<String>,
    /// Absent where the job has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground_truth_source: Option<String>,
    pub output_path: Option<String>,
}

/// What was read, so that a run can be repeated on the same bytes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inputs {
    /// SHA-256 over the list of objects, in hexadecimal digits; `None` when none was listed.
    pub manifest_sha256: Option<String>,
    pub n_objects: u64,
    pub n_bytes: u64,
}

/// Why a run failed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Failure<'a> {
    /// Stable code of the error.
    pub code: &'a str,
    pub place: &'a str,
    pub cause: &'a str,
    /// What to do, in sentences.
    pub remedy: &'a str,
}

/// Something that needs attention, though the results stand.
#[derive(Clone, Debug, Serialize)]
pub struct Warning {
    /// Stable code of the warning, and its title.
    pub code: &'static str,
    pub title: &'static str,
    /// What was seen in this run, as a sentence.
    pub detail: String,
    /// What is to be compared, such as the predictions' and the labels' values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Values>,
}

/// Longest list of values that a warning shows.
const MAX_VALUES: usize = 50;
/// Longest value that a warning shows, in characters.
const MAX_CHARACTERS: usize = 300;

impl Warning {
    /// With the beginning of a list of values, where there are any.
    pub fn listing(mut self, name: &str, values: &[String]) -> Self {
        if !values.is_empty() {
            let shown = values.iter().take(MAX_VALUES).map(|text| text.chars().take(MAX_CHARACTERS).collect());
            self.values.push(Values { name: name.to_owned(), values: shown.collect() });
        }
        self
    }

    /// The warning as people are told of it.
    pub fn line(&self) -> String {
        format!("{} {}: {}", self.code, self.title, self.detail)
    }
}

/// Values under the name of what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Values {
    pub name: String,
    pub values: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_their_values_have_an_end() {
        let warning = Warning { code: "MM-X", title: "x", detail: String::new(), values: Vec::new() };
        let found = warning.listing("many", &vec!["x".repeat(1_000); 1_000]).listing("none", &[]);
        let [Values { name, values: shown }] = &found.values[..] else { panic!("{:?}", found.values) };
        assert_eq!((name.as_str(), shown.len()), ("many", MAX_VALUES));
        assert!(shown.iter().all(|text| text.len() == MAX_CHARACTERS));
    }
}
