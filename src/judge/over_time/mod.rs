//! Verdicts over many windows that are held against one baseline.

mod alarm_rule;
mod e_value;
mod evidence;
mod history;
mod windows;

pub use alarm_rule::AlarmRule;
pub use evidence::{Evidence, TestKey};
pub use history::{Bounds, History, IncidentKey};
pub use windows::{Continuation, OverTime};
