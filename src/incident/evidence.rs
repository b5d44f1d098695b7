//! Evidence: the numbers and values that speak for an incident, by name.

use super::changes::Changes;
use super::feature::Feature;

/// One number, or some values, that speak for an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// `None` where it concerns whole records.
    pub feature: Option<String>,
    /// One of [`EVIDENCE`].
    pub name: &'static str,
    pub fact: Fact,
}

/// What a piece of evidence says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Number(f64),
    /// Values of the data, escaped and cut; never there where values are redacted.
    Texts(Vec<String>),
}

/// What can be said for an incident.
pub struct EvidenceName {
    /// Stable name.
    pub name: &'static str,
    pub meaning: &'static str,
}

pub(super) static DISTANCE: EvidenceName = EvidenceName {
    name: "distance",
    meaning: "how far the cells that it touches are from the baseline: of numbers the largest difference of the \
              distribution functions, of categories the total variation distance, 1 of texts and numbers",
};
pub(super) static DISTANCE_EXPLAINED: EvidenceName =
    EvidenceName { name: "distance_explained", meaning: "what the explanation leaves of it" };
pub(super) static FACTOR: EvidenceName = EvidenceName { name: "factor", meaning: "by which numbers were multiplied" };
pub(super) static OFFSET: EvidenceName = EvidenceName { name: "offset", meaning: "that was added to them" };
pub(super) static SHARE: EvidenceName = EvidenceName {
    name: "share",
    meaning: "the cells that it touches, of those that are not missing; of records, those",
};
pub(super) static BASELINE_SHARE: EvidenceName = EvidenceName {
    name: "baseline_share",
    meaning: "the baseline's cells that nothing is like any more, of those that are not missing",
};
pub(super) static CHANCE: EvidenceName =
    EvidenceName { name: "chance", meaning: "of this where nothing changed, at most" };
pub(super) static MISSING_SHARE: EvidenceName = EvidenceName { name: "missing_share", meaning: "the missing cells" };
pub(super) static BASELINE_MISSING_SHARE: EvidenceName =
    EvidenceName { name: "baseline_missing_share", meaning: "those of the baseline" };
pub(super) static VALUE: EvidenceName =
    EvidenceName { name: "value", meaning: "the number that stands for missing ones" };
pub(super) static CHARACTERS: EvidenceName = EvidenceName { name: "characters", meaning: "after which texts are cut" };
pub(super) static N_CATEGORIES: EvidenceName =
    EvidenceName { name: "n_categories", meaning: "how many categories are new, or gone" };
pub(super) static CATEGORIES: EvidenceName =
    EvidenceName { name: "categories", meaning: "the most frequent of them; not where values are redacted" };

/// Every name.
pub static EVIDENCE: &[&EvidenceName] = &[
    &DISTANCE,
    &DISTANCE_EXPLAINED,
    &FACTOR,
    &OFFSET,
    &SHARE,
    &BASELINE_SHARE,
    &CHANCE,
    &MISSING_SHARE,
    &BASELINE_MISSING_SHARE,
    &VALUE,
    &CHARACTERS,
    &N_CATEGORIES,
    &CATEGORIES,
];

/// A number about a feature.
pub(super) fn number(feature: &Feature<'_>, name: &EvidenceName, value: f64) -> Evidence {
    Evidence { feature: Some(feature.name().to_owned()), name: name.name, fact: Fact::Number(value) }
}

/// The most frequent of these categories of a feature; nothing where values are redacted.
pub(super) fn categories(changes: &Changes<'_>, feature: &Feature<'_>, values: &[(&str, u64)]) -> Option<Evidence> {
    let fact = Fact::Texts(changes.shown(values)?);
    Some(Evidence { feature: Some(feature.name().to_owned()), name: CATEGORIES.name, fact })
}

/// The share of the records that an incident touches.
pub(super) fn share_of_records(share: f64) -> Evidence {
    Evidence { feature: None, name: SHARE.name, fact: Fact::Number(share) }
}
