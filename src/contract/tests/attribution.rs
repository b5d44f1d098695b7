//! Attribution jobs, from their configurations.

use super::analysis::configured;
use super::*;
use crate::decode::{Attribute, Rows};
use crate::judge::Verdict;
use crate::predict::{AnswerFormat, ContentType, Limits, ShadowOf, ShadowSettings, Target};
use crate::profile::Aggregation;
use crate::store::Location;

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{}}"#;
const SHAP: &str = r#"{"dataset_type":"text/csv","headers":["y","a","b"],"label":"y","methods":{"shap":{}}}"#;

fn attribution(config: &str, pairs: Pairs<'_>) -> AttributionJob {
    match configured(config, pairs).unwrap_or_else(|error| panic!("{config}: {error}")).analysis {
        Analysis::Attribution(job) => *job,
        other => panic!("{other:?} is no attribution"),
    }
}

/// The attribution job of these settings for asking the model.
fn with_access(config: &str, pairs: Pairs<'_>, model: ModelAccess) -> Result<Option<Target>, Error> {
    let place = "config.json".to_owned();
    let analysis_config = Some(ConfigFile { place, bytes: config.as_bytes().to_vec() });
    let raw = RawEnv { environment: map(pairs), analysis_config, ..RawEnv::default() };
    let settings = Settings { model, ..settings() };
    Contract::check(raw, settings, NOW).map(|contract| match contract.analysis {
        Analysis::Attribution(job) => job.model.target,
        other => panic!("{other:?}"),
    })
}

fn name(name: &str) -> Attribute {
    Attribute::Name(name.to_owned())
}

fn cells(rows: &[&[&str]]) -> Reference {
    let cell = |cell: &&str| (!cell.is_empty()).then(|| (*cell).to_owned());
    Reference::Rows(rows.iter().map(|row| row.iter().map(cell).collect()).collect())
}

#[test]
fn a_configuration_that_asks_for_attributions_makes_an_attribution_job() {
    let contract = configured(SHAP, &[(variable::BASELINE_CONSTRAINTS, "/b/analysis.json")]).expect("a contract");
    assert_eq!(contract.format, Format::Csv { header: None });
    assert_eq!(contract.source.to_string(), "/mounts/processing/input/data");
    assert_eq!(contract.output.to_string(), "/mounts/processing/output");
    assert!(contract.monitors());
    let Analysis::Attribution(job) = contract.analysis else { panic!("{:?}", contract.analysis) };
    assert_eq!(job.instances.headers, ["y", "a", "b"]);
    assert_eq!((job.instances.others, job.instances.with_label), (vec![name("y")], true));
    let expected = Shap {
        reference: Reference::Clusters(None),
        n_samples: None,
        seed: 0x7368_6170,
        use_logit: false,
        aggregation: Aggregation::MeanAbs,
        saves_local_values: false,
        features_to_explain: None,
    };
    assert_eq!((job.shap, job.explains, job.partial_dependence, job.model.target), (expected, true, None, None));
    assert_eq!(job.model.limits, Limits::default());

    let kind = (variable::ANALYSIS_TYPE, "MODEL_EXPLAINABILITY");
    let job = attribution("{}", &[kind]);
    assert!(job.explains && job.partial_dependence.is_none() && !job.instances.with_label);
}

#[test]
fn the_dataset_that_a_configuration_names_comes_before_the_mounted_one_and_after_the_command_line() {
    let config = SHAP.replace("{\"dataset_type\"", "{\"dataset_uri\":\"s3://b/rows/\",\"dataset_type\"");
    let mounted = &[(variable::DATASET_SOURCE, "/mounted")];
    let source = |flags: Pairs<'_>| {
        let analysis_config = Some(ConfigFile { place: "config.json".to_owned(), bytes: config.clone().into_bytes() });
        let raw = RawEnv { flags: map(flags), environment: map(mounted), analysis_config, ..RawEnv::default() };
        Contract::check(raw, settings(), NOW).expect("a contract").source.to_string()
    };
    assert_eq!(source(&[]), "s3://b/rows/");
    assert_eq!(source(&[(variable::DATASET_SOURCE, "/said")]), "/said");
    let error = configured(&config.replace("s3://b/rows/", "https://b/rows"), &[]).expect_err("an error");
    assert_eq!((error.code().code, error.place()), (error::ANALYSIS_CONFIG_INVALID.code, "config.json"));
    assert!(error.cause().starts_with("dataset_uri: "), "{}", error.cause());
}

#[test]
fn what_is_asked_of_attributions_is_told_by_the_names_of_columns() {
    let config = SHAP.replace(
        "\"shap\":{}",
        r#""shap":{"num_samples":9,"seed":3,"use_logit":true,"agg_method":"median","save_local_shap_values":true,
           "features_to_explain":[2,"a"],"num_clusters":4},"pdp":{"features":[1],"top_k_features":2}"#,
    );
    let job = attribution(&config, &[]);
    let expected = Shap {
        reference: Reference::Clusters(Some(4)),
        n_samples: Some(9),
        seed: 3,
        use_logit: true,
        aggregation: Aggregation::Median,
        saves_local_values: true,
        features_to_explain: Some(vec!["b".to_owned(), "a".to_owned()]),
    };
    assert_eq!(job.shap, expected);
    let features = Some(vec!["a".to_owned()]);
    assert_eq!(job.partial_dependence, Some(PartialDependenceJob { grid_resolution: 15, features, top_k_features: 2 }));
    let alone = attribution(r#"{"methods":{"pdp":{"features":["a"],"grid_resolution":3}}}"#, &[]);
    assert!(!alone.explains && alone.partial_dependence.is_some_and(|pdp| pdp.grid_resolution == 3));
    let (code, _, cause) = refusal(configured(r#"{"methods":{"pdp":{}}}"#, &[]));
    assert_eq!(code, error::ANALYSIS_CONFIG_INVALID.code);
    assert!(cause.contains("pdp.features is missing"), "{cause}");
    let both = attribution(r#"{"methods":{"pdp":{},"shap":{}}}"#, &[]);
    assert!(both.partial_dependence.is_some_and(|pdp| pdp.features.is_none() && pdp.top_k_features == 10));
}

#[test]
fn outcomes_of_tables_are_no_features() {
    let attributes = [(variable::INFERENCE_ATTRIBUTE, "p"), (variable::PROBABILITY_ATTRIBUTE, "1,s")];
    let config = SHAP.replace(
        "\"label\":\"y\"",
        r#""label":0,"predicted_label":"said","joinsource_name_or_index":"row","excluded_columns":["b"]"#,
    );
    let instances = attribution(&config, &attributes).instances;
    let expected = [Attribute::Index(1), name("s"), name("p"), name("said"), Attribute::Index(0), name("row")];
    assert_eq!((instances.others, instances.excluded), (expected.to_vec(), vec![name("b")]));
    assert_eq!(instances.attributes, Default::default(), "rows hold no outcomes");

    let truth = attribution(SHAP, &[(variable::GROUND_TRUTH_ATTRIBUTE, "truth")]).instances;
    assert_eq!(truth.others, [name("truth"), name("y")]);

    let monitors = r#"{"headers":["a","b"],"methods":{"shap":{}}}"#;
    let job = attribution(monitors, &[(variable::DATASET_FORMAT, CAPTURES), (variable::INFERENCE_ATTRIBUTE, "0")]);
    assert_eq!((job.instances.others, job.instances.with_label), (vec![Attribute::Index(0)], false));
    assert_eq!(job.instances.headers, ["a", "b"]);
    let json = r#"{"dataset_type":"application/json","headers":["a","b","y"],"label":"[*].y","features":"[*].x","methods":{"shap":{}}}"#;
    let job = attribution(json, &[]);
    assert_eq!(job.instances.headers, ["a", "b"]);
    assert!(matches!(job.instances.features, Some(Attribute::Path(_))));
}

#[test]
fn a_table_of_features_and_outcomes_gives_its_features() {
    let job = attribution(&SHAP.replace("\"label\":\"y\"", "\"label\":0"), &[(variable::PROBABILITY_ATTRIBUTE, "2")]);
    let rows = Rows::Instances(job.instances);
    let settings = crate::decode::Settings::new(Format::Csv { header: None }, rows, 1_000);
    let mut decoder = crate::decode::ObjectDecoder::new("table", settings);
    let mut rest = &b"1,30,0.9,7\n0,31,0.1,8\n"[..];
    while !rest.is_empty() || decoder.has_more() {
        rest = &rest[decoder.push(rest)..];
    }
    decoder.finish();
    let batch = decoder.take().pop().expect("a batch");
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names[4..], ["id", "prediction", "label", "feature.a", "feature.column_3"]);
    assert_eq!(batch.num_rows(), 2);
}

#[test]
fn what_the_model_takes_follows_from_what_there_is() {
    let of = |config: &str, pairs: Pairs<'_>| {
        let job = attribution(config, pairs);
        (job.model.request.content_type, job.model.answer.accept)
    };
    let shap = |keys: &str| format!(r#"{{{keys}"methods":{{"shap":{{}}}}}}"#);
    let predictor = |keys: &str, predictor: &str| shap(&format!(r#"{keys}"predictor":{{{predictor}}},"#));
    let both = |content_type| (content_type, content_type);
    let (csv, lines, json) = (ContentType::Csv, ContentType::JsonLines, ContentType::Json);
    for (word, expected) in [
        ("text/csv", csv),
        ("application/jsonlines", lines),
        ("application/json", json),
        ("application/x-parquet", csv),
        ("application/sagemakercapturejson", csv),
    ] {
        assert_eq!(of(&shap(&format!(r#""dataset_type":"{word}","#)), &[]), both(expected), "{word}");
    }
    let formats =
        [(r#"{"json":{"lines":true}}"#, lines), (r#"{"json":{"lines":false}}"#, json), (CSV, csv), (CAPTURES, csv)];
    for (format, expected) in formats {
        assert_eq!(of(&shap(""), &[(variable::DATASET_FORMAT, format)]), both(expected), "{format}");
    }
    for (keys, template, expected) in [
        ("", r#""content_template":"{\"x\":$features}""#, lines),
        ("", r#""content_template":"{\"x\":$records}","record_template":"$features""#, json),
        ("", r#""record_template":"$features_kvp""#, json),
        (r#""features":"x.y","#, "", lines),
        (r#""features":"instances[*].x","#, "", json),
        (r#""features":"instances[*].x","#, r#""content_type":"text/csv""#, csv),
    ] {
        assert_eq!(of(&predictor(keys, template), &[]), both(expected), "{keys} {template}");
    }
    let accepting = predictor("", r#""content_type":"text/csv","accept_type":"application/json""#);
    assert_eq!(of(&accepting, &[]), (csv, json));
}

#[test]
fn what_is_sent_and_found_in_answers_is_told() {
    let config = |predictor: &str| format!(r#"{{"methods":{{"shap":{{}}}},"predictor":{{{predictor}}}}}"#);
    let job = attribution(
        &config(
            r#""record_template":"r","custom_attributes":"c","label":0,"probability":"p","label_headers":["n","y"]"#,
        ),
        &[(variable::INFERENCE_ATTRIBUTE, "7")],
    );
    let label_headers = vec!["n".to_owned(), "y".to_owned()];
    let label = Some(Attribute::Index(0));
    let expected = AnswerFormat { accept: ContentType::Json, label, probability: Some(name("p")), label_headers };
    assert_eq!(job.model.answer, expected);
    let request = RequestSettings {
        content_type: ContentType::Json,
        content_template: None,
        record_template: Some("r".to_owned()),
        custom_attributes: Some("c".to_owned()),
    };
    assert_eq!(job.model.request, request);
    let attributes = [(variable::INFERENCE_ATTRIBUTE, "7"), (variable::PROBABILITY_ATTRIBUTE, "p")];
    let captured = attribution(&config(""), &attributes).model.answer;
    assert_eq!((captured.label, captured.probability), (Some(Attribute::Index(7)), Some(name("p"))));
    let untold = attribution(&config(""), &[(variable::INFERENCE_ATTRIBUTE, "None")]);
    assert_eq!(
        (untold.model.answer.label, untold.instances.others),
        (None, Vec::new()),
        "so the client writes nothing"
    );
    let table = attribution(SHAP, &attributes).model.answer;
    assert_eq!((table.label, table.probability), (None, None), "they are columns of the table");
}

#[test]
fn the_model_is_where_the_job_says_and_no_endpoint_in_use_is_asked_by_itself() {
    let config = |predictor: &str| format!(r#"{{"methods":{{"shap":{{}}}},"predictor":{{{predictor}}}}}"#);
    let (model, endpoint) = (
        r#""model_name":"m","instance_type":"ml.m5.large","initial_instance_count":2"#,
        r#""endpoint_name":"e","target_model":"t""#,
    );
    let both = config(&format!("{endpoint},{model}"));
    let silent = ModelAccess::default;
    let calling = || ModelAccess { calls_endpoint: true, ..silent() };
    let schedule = (variable::ENDPOINT_NAME, "monitored");
    let shadow = |of: ShadowOf, is_sized: bool, target_model: Option<&str>| {
        Some(Target::Shadow(ShadowSettings {
            of,
            instance_type: is_sized.then(|| "ml.m5.large".to_owned()),
            initial_instance_count: is_sized.then_some(2),
            accelerator_type: None,
            name_prefix: "sm-clarify".to_owned(),
            target_model: target_model.map(str::to_owned),
        }))
    };
    let of_model = |target_model| shadow(ShadowOf::Model("m".to_owned()), true, target_model);
    let of_endpoint = shadow(ShadowOf::Endpoint("monitored".to_owned()), false, None);
    let in_use = Some(Target::Endpoint { name: "e".to_owned(), target_model: Some("t".to_owned()) });
    let target = |config: &str, pairs: Pairs<'_>, access| with_access(config, pairs, access).expect("a contract");
    assert_eq!(target(&config(""), &[], silent()), None);
    assert_eq!(target(&config(endpoint), &[], calling()), in_use);
    assert_eq!(target(&both, &[], calling()), in_use);
    assert_eq!(target(&both, &[], silent()), of_model(Some("t")));
    assert_eq!(target(&config(model), &[schedule], calling()), of_model(None));
    assert_eq!(target(&config(""), &[schedule], silent()), of_endpoint);
    assert_eq!(target(SHAP, &[schedule], silent()), of_endpoint);
    let url = || ModelAccess { url: Some("http://model:8080".to_owned()), ..calling() };
    let http = Some(Target::Http { url: "http://model:8080".to_owned() });
    assert_eq!((target(&both, &[schedule], url()), target(SHAP, &[], url())), (http.clone(), http));

    for pairs in [&[][..], &[schedule], &[(variable::ENDPOINT_NAME, "e")]] {
        let error = with_access(&config(endpoint), pairs, silent()).expect_err("a refusal");
        assert_eq!((error.code().code, error.place()), (error::ENDPOINT_NOT_ALLOWED.code, "config.json"));
    }
    for missing in ["instance_type", "initial_instance_count"] {
        let config =
            config(model).replace(missing, "accelerator_type").replace("\"accelerator_type\":2", "\"label\":2");
        let error = with_access(&config, &[], silent()).expect_err("a refusal");
        assert_eq!(error.code().code, error::ANALYSIS_CONFIG_INVALID.code);
        assert!(error.cause().contains(&format!("predictor.{missing} is missing")), "{error}");
    }
    let prefixed = config(&format!(r#"{model},"endpoint_name_prefix":"ours","accelerator_type":"a""#));
    let Some(Target::Shadow(made)) = target(&prefixed, &[], silent()) else { panic!("no shadow") };
    assert_eq!((made.name_prefix.as_str(), made.accelerator_type.as_deref()), ("ours", Some("a")));
}

#[test]
fn baseline_rows_become_cells_in_the_order_of_the_features() {
    let of = |keys: &str, baseline: &str, pairs: Pairs<'_>| {
        attribution(&format!(r#"{{{keys}"methods":{{"shap":{{"baseline":{baseline}}}}}}}"#), pairs).shap.reference
    };
    assert_eq!(of("", r#"[[1,null],["x",2.5]]"#, &[]), cells(&[&["1", ""], &["x", "2.5"]]));
    assert_eq!(of("", "[1,2]", &[]), cells(&[&["1", "2"]]));
    let place = "s3://bucket/key.csv".parse::<Location>().expect("a place");
    assert_eq!(of("", "\"s3://bucket/key.csv\"", &[]), Reference::Dataset(place));

    let lines =
        r#""dataset_type":"application/jsonlines","headers":["a","b","y"],"label":"data.label","features":"data.x","#;
    let records = r#"[{"data":{"x":[9,"é"],"label":0}},{"data":{"x":[11,null],"label":1}}]"#;
    assert_eq!(of(lines, records, &[]), cells(&[&["9", "é"], &["11", ""]]));
    let json = r#""dataset_type":"application/json","headers":["a","b"],"features":"instances[*].x","#;
    assert_eq!(of(json, r#"{"instances":[{"x":[1,2]},{"x":[3.50,4]}]}"#, &[]), cells(&[&["1", "2"], &["3.5", "4"]]));
    let by_key = r#""dataset_type":"application/jsonlines","headers":["b","a","y"],"label":"y","#;
    assert_eq!(of(by_key, r#"[{"a":1,"y":5,"b":true},{"b":2}]"#, &[]), cells(&[&["true", "1"], &["2", ""]]));
    let unnamed = r#""dataset_type":"application/jsonlines","label":"y","#;
    assert_eq!(of(unnamed, r#"[{"b":1},{"y":0,"a":2,"b":3}]"#, &[]), cells(&[&["", "1"], &["2", "3"]]));
    let captured = [(variable::DATASET_FORMAT, CAPTURES), (variable::INFERENCE_ATTRIBUTE, "a")];
    assert_eq!(of(r#""headers":["a","b"],"#, r#"{"instances":[{"a":1,"b":2}]}"#, &captured), cells(&[&["1", "2"]]));
}

#[test]
fn baseline_rows_that_cannot_be_used_are_refused_with_their_place() {
    let of = |keys: &str, baseline: &str| {
        refusal(configured(&format!(r#"{{{keys}"methods":{{"shap":{{"baseline":{baseline}}}}}}}"#), &[]))
    };
    let lines = r#""dataset_type":"application/jsonlines","features":"x","#;
    let deep = format!(r#"{{"x":{}1{}}}"#, "[".repeat(70), "]".repeat(70));
    let many = format!(r#"{{"instances":[{}[1,2]]}}"#, "[1,2],".repeat(1_000));
    for (keys, baseline, cause) in [
        ("", "[[1,2],[3]]", "shap.baseline[1] holds 1 cells, and the first row 2"),
        ("", "\"s3://\"", "shap.baseline: "),
        (lines, r#"[{"x":[1]},{"y":[1]}]"#, "shap.baseline[1]: the record holds no features"),
        (lines, &deep, "shap.baseline[0]: JSON is nested deeper than the limit"),
        (r#""dataset_type":"application/jsonlines","label":"y","#, r#"{"y":1}"#, "shap.baseline holds no features"),
        ("", &many, "shap.baseline holds 1001 rows, more than 1000"),
    ] {
        let (code, place, found) = of(keys, baseline);
        assert_eq!((code, place.as_str()), (error::ANALYSIS_CONFIG_INVALID.code, "config.json"), "{baseline}: {found}");
        assert!(found.contains(cause), "{baseline}: {found}");
    }
}

#[test]
fn what_means_nothing_to_attributions_is_no_reason_to_refuse() {
    assert!(attribution(SHAP, &[(variable::GROUND_TRUTH_SOURCE, "/labels")]).explains);
    let kind = (variable::ANALYSIS_TYPE, "MODEL_EXPLAINABILITY");
    let others = [kind, (variable::PROBLEM_TYPE, "Regression"), (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.5")];
    assert!(attribution(SHAP, &others).explains);
    let statistical = Settings { verdict: Verdict::Statistical, ..settings() };
    let analysis_config = Some(ConfigFile { place: "c".to_owned(), bytes: SHAP.as_bytes().to_vec() });
    let raw = RawEnv { analysis_config, ..RawEnv::default() };
    assert!(Contract::check(raw, statistical, NOW).is_ok(), "it has a statistical verdict");
}
