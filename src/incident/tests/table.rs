//! The table of kinds.

use std::collections::BTreeSet;

use super::super::{ALL, EVIDENCE, MAX_INCIDENTS};
use crate::judge;

#[test]
fn kinds_differ_and_explain_effects_of_tests() {
    let names: BTreeSet<&str> = ALL.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), ALL.len());
    let effects: BTreeSet<&str> = judge::TESTS.iter().map(|test| test.effect).collect();
    for kind in ALL {
        assert!(kind.explains.iter().all(|effect| effects.contains(effect)), "{}", kind.name);
    }
}

#[test]
fn the_schema_has_the_words_of_the_tables() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/model_monitor_report.json")).expect("a schema");
    let incidents = &schema["properties"]["incidents"];
    let names: Vec<&str> = ALL.iter().map(|kind| kind.name).collect();
    assert_eq!(incidents["items"]["properties"]["kind"]["enum"], serde_json::json!(names));
    let names: Vec<&str> = EVIDENCE.iter().map(|evidence| evidence.name).collect();
    let evidence = &incidents["items"]["properties"]["evidence"]["items"];
    assert_eq!(evidence["properties"]["name"]["enum"], serde_json::json!(names));
    assert_eq!(incidents["maxItems"], serde_json::json!(MAX_INCIDENTS));
}
