//! Finding of incidents: every kind in turn, the strongest first.

use super::changes::Changes;
use super::description::Incident;
use super::kind::{Cause, IncidentKind};
use super::table::ALL;
use super::words::listed;

/// Most incidents that are told.
pub const MAX_INCIDENTS: usize = 5;

/// The incidents of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The strongest first: those that touch most cells.
    pub incidents: Vec<Incident>,
    /// How many more there were.
    pub n_more: usize,
}

/// Names the causes of the changes. A change that one kind explains is not told by those after it.
pub fn find(mut changes: Changes<'_>) -> Found {
    let mut incidents = Vec::new();
    for kind in ALL {
        for cause in (kind.find)(&changes) {
            cause.features.iter().for_each(|place| changes.explain(*place, kind.explains));
            incidents.push(incident(kind, cause, &changes));
        }
    }
    incidents.sort_by(|a: &Incident, b| b.strength().total_cmp(&a.strength()));
    let n_more = incidents.len().saturating_sub(MAX_INCIDENTS);
    incidents.truncate(MAX_INCIDENTS);
    Found { incidents, n_more }
}

fn incident(kind: &IncidentKind, cause: Cause, changes: &Changes<'_>) -> Incident {
    let Cause { features, what, evidence, share_of_rows } = cause;
    let names: Vec<String> = features.iter().map(|place| changes.features()[*place].name().to_owned()).collect();
    let sentence = match names.is_empty() {
        true => what,
        false => format!("{}: {what}", listed(names.iter().map(String::as_str))),
    };
    Incident { kind: kind.name, features: names, sentence, evidence, share_of_rows }
}
