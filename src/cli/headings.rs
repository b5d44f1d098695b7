//! Headings of flags and variables: the monitors that they mean something to.

use crate::contract::EVERY_MONITOR;

/// The monitors as a heading; "Every monitor" is all that there are.
pub fn monitors(names: &[&str]) -> String {
    if EVERY_MONITOR.iter().all(|monitor| names.contains(monitor)) {
        return "Every monitor".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| name.replace('_', " ")).collect();
    let text = names.join(", ");
    text[..1].to_uppercase() + &text[1..]
}
