//! Truncation: texts that are cut after so many characters.

use super::changes::Changes;
use super::evidence::{CHARACTERS, DISTANCE, DISTANCE_EXPLAINED, categories, number};
use super::feature::Feature;
use super::fit::Fit;
use super::kind::{Cause, IncidentKind};
use super::respelling::EFFECTS;
use super::texts::{both, only_in, rewritten};

pub(super) static TRUNCATED_TEXT: IncidentKind = IncidentKind {
    name: "truncated_text",
    meaning: "Texts are cut after so many characters: a field became shorter on the way.",
    evidence: "No text is longer than the new ones, each of which is the beginning of a known category, and the \
               baseline's texts, cut likewise, have the shares that arrive.",
    remedy: "Look for a field of fixed length between the client and the model.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    changes.changed(&["new_category_share"]).filter_map(|changed| cause(changes, changed)).collect()
}

fn cause(changes: &Changes<'_>, (place, feature): (usize, &Feature<'_>)) -> Option<Cause> {
    let (baseline, current) = both(feature)?;
    let new = only_in(&current, &baseline);
    let length = |text: &str| text.chars().count();
    let longest = current.keys().map(|value| length(value)).max()?;
    let is_cut = |(value, _): &(&str, u64)| {
        let is_beginning = baseline.keys().any(|known| known.starts_with(value) && length(known) > longest);
        is_beginning && length(value) == longest
    };
    if longest == 0 || new.is_empty() || !new.iter().all(is_cut) {
        return None;
    }
    let before = feature.distance()?;
    let cut = rewritten(feature.baseline, |text| text.chars().take(longest).collect());
    let fit = Fit::of_columns(before, &cut, feature.current)?;
    let share = new.iter().map(|(_, n)| n).sum::<u64>() as f64 / feature.current.n_present as f64;
    let evidence = [
        number(feature, &CHARACTERS, longest as f64),
        number(feature, &DISTANCE, fit.before),
        number(feature, &DISTANCE_EXPLAINED, fit.after),
    ];
    Some(Cause {
        features: vec![place],
        what: format!("texts are cut after {longest} characters: {}", changes.told(new[0].0, "one new value")),
        evidence: evidence.into_iter().chain(categories(changes, feature, &new)).collect(),
        share_of_rows: share * feature.share_present(),
    })
}
