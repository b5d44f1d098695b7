//! Writing and reading, against examples.

use super::*;
use crate::profile::Kind;

fn feature(name: &str, kind: Kind) -> FeatureConstraints {
    FeatureConstraints {
        name: name.to_owned(),
        kind,
        completeness: Some(1.0),
        is_non_negative: kind.is_numeric().then_some(true),
        domain: (kind == Kind::String).then(|| vec!["a".to_owned(), "b".to_owned()]),
        config: MonitoringConfig::default(),
    }
}

fn constraints() -> Constraints {
    let mut overridden = feature("height", Kind::Fractional);
    overridden.config.emit_metrics = false;
    overridden.config.comparison_threshold = 0.25;
    overridden.config.drift_measure = Some("wasserstein_distance");
    overridden.config.drift_threshold = Some(0.2);
    let mut bare = feature("note", Kind::Unknown);
    bare.completeness = None;
    Constraints {
        features: vec![feature("age", Kind::Integral), overridden, feature("city", Kind::String), bare],
        config: MonitoringConfig::default(),
        outputs_are_last: true,
    }
}

#[test]
fn what_is_written_is_read_back() {
    assert_eq!(read(&write(&constraints(), Layout::Aws2024)).unwrap(), constraints());
    assert_eq!(read(&write(&constraints(), Layout::Aws2021)).unwrap(), constraints(), "the defaults fill the gap");
}

#[test]
fn the_place_of_outputs_is_written_where_it_is_the_end() {
    let text = |outputs_are_last| {
        let constraints = Constraints { outputs_are_last, ..constraints() };
        String::from_utf8(write(&constraints, Layout::Aws2024)).unwrap()
    };
    assert!(text(true).ends_with("  },\n  \"output_columns_position\" : \"END\"\n}"), "{}", text(true));
    assert!(!text(false).contains("output_columns_position"));
    for (position, expected) in [("\"end\"", true), ("\"START\"", false), ("null", false)] {
        let file = format!("{{\"features\":[],\"output_columns_position\":{position}}}");
        assert_eq!(read(file.as_bytes()).unwrap().outputs_are_last, expected, "{position}");
    }
}

#[test]
fn overrides_of_a_feature_win_over_those_beside_its_limits() {
    let text = r#"{"features":[
        {"name":"a","string_constraints":{"domains":["x"],"monitoring_config_overrides":{"evaluate_constraints":"Disabled"}}},
        {"name":"b","numerical_constraints":{"monitoringConfigOverrides":{"emit_metrics":"Disabled","datatype_check_threshold":0.5}}},
        {"name":"c","num_constraints":{"is_non_negative":true,"monitoring_config_overrides":{"emit_metrics":"Disabled","evaluate_constraints":"Disabled"}},
            "monitoringConfigOverrides":{"evaluate_constraints":"Enabled"}}]}"#;
    let features = read(text.as_bytes()).unwrap().features;
    let found: Vec<_> = features.iter().map(|f| (f.config.evaluate_constraints, f.config.emit_metrics)).collect();
    assert_eq!(found, [(false, true), (true, false), (true, false)]);
    assert_eq!(features[1].config.datatype_check_threshold, 0.5);
    let broken =
        r#"{"features":[{"name":"a","string_constraints":{"monitoring_config_overrides":{"emit_metrics":1}}}]}"#;
    let place = read(broken.as_bytes()).unwrap_err().place;
    assert_eq!(place, "features[0].string_constraints.monitoring_config_overrides.emit_metrics");
}

#[test]
fn only_differing_settings_are_written_as_overrides() {
    let text = String::from_utf8(write(&constraints(), Layout::Aws2024)).unwrap();
    let expected = "    \"monitoringConfigOverrides\" : {\n      \"emit_metrics\" : \"Disabled\",\n      \
                    \"distribution_constraints\" : {\n        \"comparison_threshold\" : 0.25,\n        \
                    \"drift_measure\" : \"wasserstein_distance\",\n        \"drift_threshold\" : 0.2\n      }\n    }\n";
    assert!(text.contains(expected), "{text}");
    assert_eq!(text.matches("monitoringConfigOverrides").count(), 1);
    assert!(text.contains("categorical_drift_method"));
    assert!(!String::from_utf8(write(&constraints(), Layout::Aws2021)).unwrap().contains("categorical_"));
}

#[test]
fn settings_are_read_leniently() {
    let read_config = |settings: &str| {
        let text = format!(r#"{{"version":"x","features":[],"monitoring_config":{settings}}}"#);
        read(text.as_bytes()).unwrap_or_else(|error| panic!("{settings}: {error}")).config
    };
    let standard = MonitoringConfig::default();
    let cases = [
        ("null", standard.clone()),
        ("{}", standard.clone()),
        (r#"{"emit_metrics":"disabled","other":1}"#, MonitoringConfig { emit_metrics: false, ..standard.clone() }),
        (r#"{"evaluate_constraints":false}"#, MonitoringConfig { evaluate_constraints: false, ..standard.clone() }),
        (
            r#"{"datatype_check_threshold":"0.5"}"#,
            MonitoringConfig { datatype_check_threshold: 0.5, ..standard.clone() },
        ),
        (r#"{"domain_content_threshold":1}"#, standard.clone()),
        (
            r#"{"distribution_constraints":{"comparion_method":"simple"}}"#,
            MonitoringConfig { comparison_method: "Simple", ..standard.clone() },
        ),
        (
            r#"{"distribution_constraints":{"comparion_method":"Simple","comparison_method":"Robust"}}"#,
            standard.clone(),
        ),
        (
            r#"{"distribution_constraints":{"perform_comparison":"DISABLED","categorical_drift_method":"ChiSquared","categorical_comparison_threshold":0.3}}"#,
            MonitoringConfig {
                perform_comparison: false,
                categorical_drift_method: "ChiSquared",
                categorical_comparison_threshold: 0.3,
                ..standard.clone()
            },
        ),
    ];
    for (settings, expected) in cases {
        assert_eq!(read_config(settings), expected, "{settings}");
    }
    assert_eq!(read(br#"{"features":[]}"#).unwrap().config, standard);
}

#[test]
fn overrides_lie_over_the_tables_settings_in_both_spellings() {
    let text = r#"{"monitoring_config":{"datatype_check_threshold":0.7,"distribution_constraints":{"comparison_threshold":0.2}},
        "features":[
            {"name":"plain","inferred_type":"integral","completeness":"0.9"},
            {"name":"docs","monitoringConfigOverrides":{"distribution_constraints":{"comparison_threshold":0.3}}},
            {"name":"client","monitoring_config_overrides":{"evaluate_constraints":"Disabled"}},
            {"name":"both","monitoringConfigOverrides":{"emit_metrics":"Disabled","evaluate_constraints":"Disabled"},"monitoring_config_overrides":{"evaluate_constraints":"Enabled"}},
            {"name":"none","monitoringConfigOverrides":{},"string_constraints":{"domains":["x",1,2.5,true]}}]}"#;
    let constraints = read(text.as_bytes()).unwrap();
    let config = |i: usize| &constraints.features[i].config;
    assert_eq!(*config(0), constraints.config);
    assert_eq!((constraints.features[0].kind, constraints.features[0].completeness), (Kind::Integral, Some(0.9)));
    assert_eq!((config(1).comparison_threshold, config(1).datatype_check_threshold), (0.3, 0.7));
    assert_eq!((config(2).evaluate_constraints, config(2).comparison_threshold), (false, 0.2));
    assert_eq!((config(3).evaluate_constraints, config(3).emit_metrics), (true, false));
    assert_eq!(constraints.features[4].domain.as_deref().unwrap(), ["x", "1", "2.5", "true"]);
    assert_eq!(constraints.features[1].kind, Kind::Unknown, "no kind is expected where none is written");
}

#[test]
fn unknown_keys_at_every_level_survive_byte_for_byte() {
    let text = "{\n  \"zeta\" : [ ],\n  \"version\" : 0.0,\n  \"features\" : [ {\n    \"owner\" : null,\n    \
                \"name\" : \"a\",\n    \"num_constraints\" : {\n      \"limit\" : 1.0E7,\n      \
                \"is_non_negative\" : true\n    },\n    \"monitoring_config_overrides\" : {\n      \"why\" : { }\n    \
                }\n  } ],\n  \"monitoring_config\" : {\n    \"emit_metrics\" : \"Enabled\",\n    \
                \"distribution_constraints\" : {\n      \"new\" : -0.0,\n      \"old\" : 12345678901234567890\n    \
                }\n  },\n  \"alpha\" : \"\\u001F\"\n}";
    let file = ConstraintsFile::read(text.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(file.to_bytes()).unwrap(), text);
    assert_eq!(file.constraints().unwrap().features[0].name, "a");
}

#[test]
fn what_is_no_constraints_file_is_refused_with_a_place() {
    let cases = [
        ("", ""),
        ("[]", ""),
        ("{\"features\":[", "features"),
        ("{}", "features"),
        (r#"{"features":{}}"#, "features"),
        (r#"{"features":[1]}"#, "features[0]"),
        (r#"{"features":[{}]}"#, "features[0].name"),
        (r#"{"features":[{"name":1}]}"#, "features[0].name"),
        (r#"{"features":[{"name":"a","inferred_type":"Boolean"}]}"#, "features[0].inferred_type"),
        (r#"{"features":[{"name":"a","completeness":"all"}]}"#, "features[0].completeness"),
        (r#"{"features":[{"name":"a","completeness":"inf"}]}"#, "features[0].completeness"),
        (
            r#"{"features":[{"name":"a","string_constraints":{"domains":[[]]}}]}"#,
            "features[0].string_constraints.domains[0]",
        ),
        (
            r#"{"features":[{"name":"a","monitoringConfigOverrides":{"emit_metrics":"yes"}}]}"#,
            "features[0].monitoringConfigOverrides.emit_metrics",
        ),
        (
            r#"{"features":[],"monitoring_config":{"distribution_constraints":{"comparison_threshold":[]}}}"#,
            "monitoring_config.distribution_constraints.comparison_threshold",
        ),
        (r#"{"version":0.0,"binary_classification_constraints":{}}"#, "binary_classification_constraints"),
        (r#"{"post_training_bias_metrics":{}}"#, "post_training_bias_metrics"),
    ];
    for (text, place) in cases {
        let error = read(text.as_bytes()).expect_err(text);
        assert_eq!(error.place, place, "{text}: {error}");
    }
    assert!(read("{\"a\":".repeat(100_000).as_bytes()).is_err(), "deep nesting");
    let error = read(br#"{"regression_constraints":{},"version":0.0}"#).unwrap_err();
    assert!(error.cause.contains("model quality"), "{error}");
}
