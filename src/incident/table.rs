//! Table of the kinds of incidents. Those that explain more stand first: what they explain, the later ones do not tell.

use super::constant_feature::CONSTANT_FEATURE;
use super::kind::IncidentKind;
use super::letter_case_change::LETTER_CASE_CHANGE;
use super::missing_sentinel::MISSING_SENTINEL;
use super::missing_values::MISSING_VALUES;
use super::new_category::NEW_CATEGORY;
use super::payload_errors::PAYLOAD_ERRORS;
use super::scale_change::SCALE_CHANGE;
use super::shifted_columns::SHIFTED_COLUMNS;
use super::sign_flip::SIGN_FLIP;
use super::swapped_features::SWAPPED_FEATURES;
use super::time_unit_change::TIME_UNIT_CHANGE;
use super::truncated_text::TRUNCATED_TEXT;
use super::type_change::TYPE_CHANGE;
use super::unit_change::UNIT_CHANGE;
use super::vanished_category::VANISHED_CATEGORY;
use super::whitespace_change::WHITESPACE_CHANGE;

/// Every kind, in the order in which they are looked for.
pub static ALL: &[&IncidentKind] = &[
    &SHIFTED_COLUMNS,
    &SWAPPED_FEATURES,
    &TIME_UNIT_CHANGE,
    &SCALE_CHANGE,
    &UNIT_CHANGE,
    &SIGN_FLIP,
    &CONSTANT_FEATURE,
    &MISSING_SENTINEL,
    &TYPE_CHANGE,
    &LETTER_CASE_CHANGE,
    &WHITESPACE_CHANGE,
    &TRUNCATED_TEXT,
    &MISSING_VALUES,
    &NEW_CATEGORY,
    &VANISHED_CATEGORY,
    &PAYLOAD_ERRORS,
];
