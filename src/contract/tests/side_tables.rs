//! Datasets that a bias job joins with its own.

use super::analysis::configured;
use super::*;
use crate::contract::{BiasJob, Holds};
use crate::decode::Attribute;
use crate::engine::JoinKey;

const BASE: &str = r#""dataset_type":"text/csv","label":"y","label_values_or_threshold":[1],"headers":["row","x","y"]"#;

fn bias(more: &str) -> Result<BiasJob, Error> {
    configured(&format!("{{{BASE},{more}}}"), &[]).map(|contract| match contract.analysis {
        Analysis::Bias(job) => *job,
        other => panic!("{other:?} is no bias"),
    })
}

fn name(text: &str) -> Option<Attribute> {
    Some(Attribute::Name(text.to_owned()))
}

#[test]
fn facets_are_found_in_their_own_dataset() {
    let job = bias(
        r#""facet":[{"name_or_index":1},{"name_or_index":"age","value_or_threshold":[40]}],"joinsource_name_or_index":0,
        "facet_dataset_uri":"s3://bucket/facets","facet_headers":["age","sex","row"]"#,
    )
    .expect("a job");
    let names: Vec<&str> = job.facets.facets.iter().map(|facet| facet.name.as_str()).collect();
    assert_eq!(names, ["sex", "age"]);
    let [facets] = &job.side_tables[..] else { panic!("{:?}", job.side_tables) };
    assert_eq!((facets.holds, facets.source.to_string()), (Holds::Facets, "s3://bucket/facets".to_owned()));
    assert_eq!(facets.spec.key, JoinKey::Id);
    let columns = [("feature.sex", "facet.sex"), ("feature.age", "facet.age")];
    assert_eq!(facets.spec.columns, columns.map(|(from, to)| (from.to_owned(), to.to_owned())));
    // The place of the main dataset's column is another in this one.
    assert_eq!(facets.instances.attributes.id, name("row"));
    assert_eq!(job.instances.attributes.id, Some(Attribute::Index(0)));
}

#[test]
fn predictions_are_found_in_their_own_dataset() {
    let of = |more: &str| {
        bias(&format!(
            r#""facet":[{{"name_or_index":"x"}}],"predicted_label_dataset_uri":"/said","predicted_label":1{more}"#
        ))
        .expect("a job")
    };
    let job = of("");
    let [said] = &job.side_tables[..] else { panic!("{:?}", job.side_tables) };
    assert_eq!((said.holds, said.spec.key), (Holds::PredictedLabels, JoinKey::Position));
    assert_eq!(said.instances.attributes.prediction, Some(Attribute::Index(1)));
    assert_eq!(said.spec.columns, [("prediction".to_owned(), "prediction".to_owned())]);
    assert!(job.facets.has_predictions);
    assert_eq!((job.instances.attributes.prediction, job.instances.attributes.id), (None, None));
    let job = of(r#","probability_threshold":0.7"#);
    assert_eq!(job.side_tables[0].spec.columns, [("score.0".to_owned(), "score.0".to_owned())]);
    assert_eq!((job.facets.probability_threshold, job.instances.attributes.scores.len()), (Some(0.7), 0));
}

#[test]
fn an_identifier_is_no_feature_even_where_nothing_is_joined() {
    let job = bias(r#""facet":[{"name_or_index":"x"}],"joinsource_name_or_index":"row""#).expect("a job");
    assert_eq!((job.side_tables.len(), job.instances.attributes.id), (0, None));
    assert_eq!(job.instances.others, [Attribute::Name("row".to_owned())]);
}

#[test]
fn datasets_that_cannot_be_joined_are_refused_with_the_reason() {
    let facets = r#""facet":[{"name_or_index":"x"}],"facet_dataset_uri":"/facets""#;
    let of_json = format!("{{{BASE},{facets}}}").replace("text/csv", "application/jsonlines");
    let cases = [
        (of_json, "facet_dataset_uri is for datasets of text/csv"),
        (
            format!(r#"{{{BASE},"facet":[{{"name_or_index":"x"}}],"predicted_label_dataset_uri":"/said"}}"#),
            "predicted_label is missing",
        ),
        (format!("{{{BASE},{facets}}}").replace("/facets", "s3://"), "facet_dataset_uri: "),
        (format!(r#"{{{BASE},{facets},"facet_headers":["z"]}}"#), "Unable to locate the facet"),
        (
            format!(r#"{{{BASE},{facets},"segment_config":[{{"name_or_index":"x","segments":[["a"]]}}]}}"#),
            "segment_config is not supported",
        ),
    ];
    for (config, expected) in cases {
        let (code, _, cause) = refusal(configured(&config, &[]));
        assert_eq!(code, error::ANALYSIS_CONFIG_INVALID.code);
        assert!(cause.contains(expected), "{cause}");
    }
}
