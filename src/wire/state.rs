//! `model_monitor_state.json`: what a window leaves for the next one that is held against the same baseline. Ours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::from_json;
use super::{WireError, jackson, time};
use crate::decode::time as instants;
use crate::judge::{Evidence, History, IncidentKey, TestKey};
use crate::names::Monitor;

/// The only version that is known.
const VERSION: u64 = 1;

/// Most windows and tests: an hourly one would be 100,000 years old.
const MAX_COUNT: u64 = 1_000_000_000;

/// Largest e-value: a p-value of 1e-300 has less.
const MAX_E_VALUE: f64 = 1e300;

/// Most windows that a test may remember.
const MAX_RECENT: usize = 1_000;

/// The file's bytes.
pub fn write(monitor: Monitor, history: &History) -> Vec<u8> {
    let (start, end) = history.last_window;
    jackson::to_bytes(&File {
        version: VERSION,
        monitor: monitor.name().to_owned(),
        baseline: format!("{:016x}", history.baseline),
        n_windows: history.n_windows,
        n_tests: history.n_tests,
        last_window: Window { start: start.and_then(time::utc), end: end.and_then(time::utc) },
        tests: history.tests.iter().map(Test::of).collect(),
        incidents: history.incidents.iter().map(Incident::of).collect(),
    })
}

/// What the file of this monitor holds; `None` where it is another monitor's.
pub fn read(bytes: &[u8], monitor: Monitor) -> Result<Option<History>, WireError> {
    let file: File = from_json(bytes)?;
    if file.version != VERSION {
        return Err(WireError::new("version", format!("is {}, and only {VERSION} is known", file.version)));
    }
    for (place, n) in [("n_windows", file.n_windows), ("n_tests", file.n_tests)] {
        if n > MAX_COUNT {
            return Err(WireError::new(place, format!("is above {MAX_COUNT}")));
        }
    }
    let baseline = u64::from_str_radix(&file.baseline, 16);
    let baseline = baseline.map_err(|_| WireError::new("baseline", "is no hash of 16 hexadecimal digits"))?;
    let bound = |text: &Option<String>, place: &str| match text {
        None => Ok(None),
        Some(text) => instants::parse(text).map(Some).ok_or_else(|| WireError::new(place, "is no time")),
    };
    let last_window =
        (bound(&file.last_window.start, "last_window.start")?, bound(&file.last_window.end, "last_window.end")?);
    let mut tests = BTreeMap::new();
    for (i, test) in file.tests.into_iter().enumerate() {
        let (key, evidence) = test.into_domain().map_err(|cause| WireError::new(format!("tests[{i}]"), cause))?;
        tests.insert(key, evidence);
    }
    let mut incidents = BTreeMap::new();
    for (i, Incident { kind, features, first_seen }) in file.incidents.into_iter().enumerate() {
        let first_seen = bound(&first_seen, &format!("incidents[{i}].first_seen"))?;
        incidents.insert(IncidentKey { kind, features }, first_seen);
    }
    let (n_windows, n_tests) = (file.n_windows, file.n_tests);
    let history = History { baseline, n_windows, n_tests, last_window, tests, incidents };
    Ok((file.monitor == monitor.name()).then_some(history))
}

#[derive(Deserialize, Serialize)]
struct File {
    version: u64,
    monitor: String,
    baseline: String,
    n_windows: u64,
    n_tests: u64,
    last_window: Window,
    tests: Vec<Test>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    incidents: Vec<Incident>,
}

#[derive(Deserialize, Serialize)]
struct Incident {
    kind: String,
    features: Vec<String>,
    /// The start of the first of the windows in a row that have it; null where windows are open.
    first_seen: Option<String>,
}

impl Incident {
    fn of((key, first_seen): (&IncidentKey, &Option<i64>)) -> Self {
        let IncidentKey { kind, features } = key.clone();
        Self { kind, features, first_seen: first_seen.and_then(time::utc) }
    }
}

#[derive(Deserialize, Serialize)]
struct Window {
    start: Option<String>,
    end: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Test {
    feature: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_post_training: bool,
    measure: String,
    e_value: f64,
    recent: Vec<bool>,
}

impl Test {
    fn of((key, evidence): (&TestKey, &Evidence)) -> Self {
        Self {
            feature: key.feature.clone(),
            group: key.group.clone(),
            is_post_training: key.is_post_training,
            measure: key.measure.clone(),
            e_value: evidence.e_value,
            recent: evidence.recent.clone(),
        }
    }

    fn into_domain(self) -> Result<(TestKey, Evidence), &'static str> {
        if !(0.0..=MAX_E_VALUE).contains(&self.e_value) {
            return Err("e_value is no number from 0 to 1e300");
        }
        if self.recent.len() > MAX_RECENT {
            return Err("recent is too long");
        }
        let (feature, group, is_post_training) = (self.feature, self.group, self.is_post_training);
        let key = TestKey { feature, group, is_post_training, measure: self.measure };
        Ok((key, Evidence { e_value: self.e_value, recent: self.recent }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> History {
        let key = |feature: Option<&str>, group: Option<&str>| TestKey {
            feature: feature.map(str::to_owned),
            group: group.map(str::to_owned),
            is_post_training: group.is_some(),
            measure: "ks_statistic".to_owned(),
        };
        let evidence = |e_value: f64| Evidence { e_value, recent: vec![false, true] };
        History {
            baseline: 0x0123_4567_89ab_cdef,
            n_windows: 12,
            n_tests: 3,
            last_window: (Some(1_772_445_600_000), None),
            tests: BTreeMap::from([
                (key(None, None), evidence(0.0)),
                (key(Some("a \"b\"\n"), None), evidence(1e-12)),
                (key(Some("age"), Some("1")), evidence(1e40)),
            ]),
            incidents: BTreeMap::from([
                (IncidentKey { kind: "sign_flip".to_owned(), features: vec!["a".to_owned()] }, None),
                (IncidentKey { kind: "new_category".to_owned(), features: Vec::new() }, Some(1_772_442_000_000)),
            ]),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = write(Monitor::Bias, &example());
        assert_eq!(read(&bytes, Monitor::Bias), Ok(Some(example())));
        assert_eq!(read(&bytes, Monitor::DataQuality), Ok(None));
    }

    #[test]
    fn what_others_made_of_it_is_refused() {
        let text = String::from_utf8(write(Monitor::Bias, &example())).expect("a text");
        for (from, to, place) in [
            ("\"version\" : 1", "\"version\" : 2", "version"),
            ("0123456789abcdef", "0123456789abcdeg", "baseline"),
            ("2026-03-02T10:00:00Z", "yesterday", "last_window.start"),
            ("2026-03-02T09:00:00Z", "12", "incidents[0].first_seen"),
            ("1.0E-12", "-1.0", "tests[1]"),
            ("1.0E-12", "1.0E301", "tests[1]"),
            ("\"n_windows\" : 12", "\"n_windows\" : 18446744073709551615", "n_windows"),
            ("\"n_tests\" : 3", "\"n_tests\" : 1000000001", "n_tests"),
            ("1.0E-12", "\"NaN\"", "tests[1].e_value"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let error = read(changed.as_bytes(), Monitor::Bias).expect_err(from);
            assert_eq!(error.place, place, "{error}");
        }
    }
}
