//! Names of endpoints that are made.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::error::ANALYSIS_CONFIG_INVALID;
use crate::predict::sagemaker::endpoint_name::shadow_name;

#[test]
fn names_differ_and_begin_as_they_should() {
    let names: BTreeSet<String> = (0..1000).map(|_| shadow_name("clarify").expect("a name")).collect();
    assert_eq!(names.len(), 1000);
    assert!(names.iter().all(|name| name.starts_with("clarify-")));
}

#[test]
fn prefixes_that_begin_no_name_are_refused() {
    for prefix in ["", "-a", "a_b", "a b", "ä", "a.b", "a/b", &"a".repeat(24)] {
        let refused = shadow_name(prefix).expect_err(prefix);
        assert_eq!(refused.code().code, ANALYSIS_CONFIG_INVALID.code, "{prefix}");
        assert_eq!(refused.place(), "predictor.endpoint_name_prefix");
    }
}

proptest! {
    #[test]
    fn names_are_names(prefix in "[a-zA-Z0-9][a-zA-Z0-9-]{0,22}") {
        let name = shadow_name(&prefix).expect("a name");
        prop_assert!(name.len() <= 63, "{name}");
        prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        prop_assert!(name.ends_with(|c: char| c.is_ascii_alphanumeric()), "{name}");
    }
}
