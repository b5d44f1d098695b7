//! Headings of flags and variables: the monitors that they mean something to.

use crate::names::Monitor;

/// The monitors as a heading; "Every monitor" is all that there are.
pub fn monitors(monitors: &[Monitor]) -> String {
    if Monitor::ALL.iter().all(|monitor| monitors.contains(monitor)) {
        return "Every monitor".to_owned();
    }
    let names: Vec<String> = monitors.iter().map(|monitor| monitor.name().replace('_', " ")).collect();
    let text = names.join(", ");
    text[..1].to_uppercase() + &text[1..]
}
