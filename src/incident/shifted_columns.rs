//! Shifted columns: cells that stand one column too far.

use super::changes::Changes;
use super::evidence::{DISTANCE, DISTANCE_EXPLAINED, Evidence, number};
use super::feature::Feature;
use super::fit::{Fit, distance};
use super::kind::{Cause, IncidentKind};
use super::stray::{EFFECTS, Stray};

/// Fewest columns in a row that must be their neighbours.
const MIN_COLUMNS: usize = 3;
/// Least distance of those from their own baselines.
const MIN_DISTANCE: f64 = 0.2;
/// A column that is not far from its own baseline is its neighbour, too, where it is this near to it.
const NEAR: f64 = 0.1;

pub(super) static SHIFTED_COLUMNS: IncidentKind = IncidentKind {
    name: "shifted_columns",
    meaning: "Cells stand one column too far to the left or to the right: a column was left out or put in before them.",
    evidence: "Three columns or more in a row are at least 0.2 from their own baselines, and each has the \
               distribution that its neighbour on the same side has in the baseline.",
    remedy: "Hold the order of the columns against that of the baseline.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let n_strays =
        (0..changes.features().len()).filter(|place| Stray::of(changes, *place, MIN_DISTANCE).is_some()).count();
    if n_strays < MIN_COLUMNS {
        return Vec::new();
    }
    let right = runs(changes, |place| place.checked_sub(1), "before");
    let left = runs(changes, |place| Some(place + 1), "after");
    right.into_iter().chain(left).collect()
}

/// A column that looks like its neighbour.
struct Shifted {
    place: usize,
    /// `None` where it is near to its own baseline, too.
    fit: Option<Fit>,
}

/// Every run of columns that look like those neighbours of theirs.
fn runs(changes: &Changes<'_>, neighbour: impl Fn(usize) -> Option<usize>, side: &str) -> Vec<Cause> {
    let mut runs: Vec<Vec<Shifted>> = vec![Vec::new()];
    for place in 0..changes.features().len() {
        match neighbour(place).and_then(|other| shifted(changes, place, other)) {
            Some(shifted) => runs.iter_mut().last().map_or((), |run| run.push(shifted)),
            None => runs.push(Vec::new()),
        }
    }
    let is_long = |run: &Vec<Shifted>| run.iter().filter(|shifted| shifted.fit.is_some()).count() >= MIN_COLUMNS;
    runs.into_iter().filter(is_long).map(|run| cause(changes, &run, side)).collect()
}

fn shifted(changes: &Changes<'_>, place: usize, other: usize) -> Option<Shifted> {
    let (feature, neighbour) = (&changes.features()[place], changes.features().get(other)?);
    if feature.column.abs_diff(neighbour.column) != 1 {
        return None;
    }
    match Stray::of(changes, place, MIN_DISTANCE) {
        Some(stray) => Some(Shifted { place, fit: Some(stray.fit(neighbour)?) }),
        None => {
            let is_near = || distance(neighbour.baseline, feature.current).is_some_and(|distance| distance <= NEAR);
            (feature.may_be(neighbour) && is_near()).then_some(Shifted { place, fit: None })
        }
    }
}

fn cause(changes: &Changes<'_>, run: &[Shifted], side: &str) -> Cause {
    let strays = run.iter().filter_map(|shifted| Some((&changes.features()[shifted.place], shifted.fit?)));
    let evidence = |(feature, fit): (&Feature<'_>, Fit)| -> [Evidence; 2] {
        [number(feature, &DISTANCE, fit.before), number(feature, &DISTANCE_EXPLAINED, fit.after)]
    };
    let share = run.iter().map(|shifted| changes.features()[shifted.place].share_present()).fold(0.0, f64::max);
    Cause {
        features: run.iter().map(|shifted| shifted.place).collect(),
        what: format!("each looks like the column {side} it does in the baseline"),
        evidence: strays.flat_map(evidence).collect(),
        share_of_rows: share,
    }
}
