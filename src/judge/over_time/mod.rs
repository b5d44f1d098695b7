//! Verdicts over many windows that are held against one baseline.

mod alarm_rule;
mod e_value;
mod evidence;
mod history;
mod over_time;

pub use alarm_rule::AlarmRule;
pub use evidence::{Evidence, TestKey};
pub use history::{Bounds, History, IncidentKey};
pub use over_time::{Continuation, OverTime};
