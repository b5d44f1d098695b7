//! Models of feature attribution through the program itself: every way to one, and what may be wrong with it.

#[path = "support/attribution_job.rs"]
mod attribution_job;
#[path = "support/job.rs"]
mod job;
#[path = "support/model.rs"]
mod model;

use attribution_job::*;
use job::Done;
use model::{Model, Request, scored};
use serde_json::{Value, json};

/// Runs a baseline against a model and gives what it did.
fn against(answer: impl Fn(u64, &Request) -> Option<model::Answer> + Send + Sync + 'static, more: &[&str]) -> Done {
    let model = Model::start(answer);
    let arguments = [&["--model-timeout", "1", "--model-batch-rows", "50"], more].concat();
    let done = run(&of_table(60, json!({})), Some(&model), false, &arguments);
    let results: Vec<&String> = done.files.keys().filter(|name| *name != "model_monitor_report.json").collect();
    assert!(done.exit == Some(0) || results.is_empty(), "a failed run left {results:?}");
    done
}

#[test]
fn a_model_that_is_not_there_or_fails_is_told() {
    let down = ["--model-url", "http://127.0.0.1:9", "--model-timeout", "1"];
    run(&of_table(60, json!({})), None, false, &down).failed(4, "MM-MODEL-001");
    against(|_, _| Some((500, "out of memory".into())), &[]).failed(4, "MM-MODEL-001");
}

#[test]
fn answers_that_are_no_scores_are_told() {
    against(|_, request| Some((200, scored(&request.body, |_| "maybe".into()))), &[]).failed(4, "MM-MODEL-005");
    against(|_, _| Some((200, "0.5\n".into())), &[]).failed(4, "MM-MODEL-004");
    against(|_, request| Some((200, scored(&request.body, |_| "nan".into()))), &[]).failed(4, "MM-MODEL-005");
    let of_two = |n: u64, request: &Request| {
        Some((200, scored(&request.body, |cells| if n < 4 { linear(cells) } else { "0.1,0.9".into() })))
    };
    against(of_two, &[]).failed(4, "MM-MODEL-004");
}

#[test]
fn a_model_that_hangs_in_the_middle_is_told() {
    let hangs =
        |n: u64, request: &Request| if n < 4 { Some((200, scored(&request.body, linear))) } else { model::sleep() };
    against(hangs, &[]).failed(4, "MM-MODEL-002");
}

#[test]
fn a_model_that_cuts_connections_in_the_middle_is_told() {
    let cuts = |n: u64, request: &Request| (n < 4).then(|| (200, scored(&request.body, linear)));
    against(cuts, &[]).failed(4, "MM-MODEL-001");
}

#[test]
fn rows_that_a_model_refuses_are_counted_and_the_others_explained() {
    // It knows no `b` above 11, not even in a batch.
    let is_refused = |line: &str| line.split(',').nth(1).is_some_and(|b| b.parse::<f64>().is_ok_and(|b| b > 11.0));
    let done = against(
        move |_, request| match request.body.lines().any(is_refused) {
            true => Some((400, "b is out of range".into())),
            false => Some((200, scored(&request.body, linear))),
        },
        &[],
    );
    done.succeeded();
    let report = done.report().to_string();
    assert!(report.contains("MM-ATTRIBUTION-104"), "{report}");
    against(|_, _| Some((400, "no".into())), &[]).failed(4, "MM-ATTRIBUTION-002");
}

#[test]
fn what_is_wrong_with_a_job_has_its_code() {
    let model = Model::of_rows(linear);
    run(&of_table(60, json!({})), None, false, &[]).failed(2, "MM-MODEL-009");
    let named = json!({"predictor": {"endpoint_name": "in-use"}});
    run(&of_table(60, named), None, false, &[]).failed(2, "MM-MODEL-007");
    let narrow = json!({"methods": {"shap": {"baseline": [[1, 2, 0]]}}});
    run(&of_table(60, narrow), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-002");
    let n_before = model.n_requests();
    for unknown in [json!({"shap": {"features_to_explain": ["z"]}}), json!({"pdp": {"features": ["a", "z"]}})] {
        let unknown = json!({"methods": unknown});
        run(&of_table(60, unknown), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-003");
    }
    let none = json!({"excluded_columns": ["a", "b", "c", "word"]});
    run(&of_table(60, none), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-003");
    assert_eq!(model.n_requests(), n_before, "the model was asked though the job cannot succeed");
    let logit = json!({"methods": {"shap": {"use_logit": true}}});
    run(&of_table(60, logit), Some(&model), false, &[]).failed(4, "MM-ATTRIBUTION-001");
    let mounts = of_captures(60, 1.0, None, json!({}));
    mounts.place_beside(
        "processing/baseline/constraints/analysis.json",
        r#"{"version":"1.0","pre_training_bias_metrics":{"facets":{}}}"#,
    );
    run(&mounts, Some(&model), true, &[]).failed(2, "MM-BASELINE-002");
}

#[test]
fn json_models_are_asked_by_their_templates() {
    let more = json!({"predictor": {
        "content_type": "application/json", "accept_type": "application/json", "probability": "answers[*].p",
        "content_template": "{\"rows\":$records}",
        "record_template": "{\"a\":\"${a}\",\"others\":{\"b\":\"${b}\",\"c\":\"${c}\",\"word\":\"${word}\"}}",
    }});
    let model = Model::start(|_, request| {
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let score = |row: &Value| {
            let of = |value: &Value| value.as_f64().expect("a number").to_string();
            let cells = [of(&row["a"]), of(&row["others"]["b"]), of(&row["others"]["c"])];
            let word = row["others"]["word"].as_str().expect("a word");
            json!({"p": linear(&[&cells[0], &cells[1], &cells[2], word]).parse::<f64>().expect("a number")})
        };
        assert_eq!(request.content_type.as_deref(), Some("application/json"));
        Some((
            200,
            json!({"answers": body["rows"].as_array().expect("rows").iter().map(score).collect::<Vec<_>>()})
                .to_string(),
        ))
    });
    let done = run(&of_table(60, more), Some(&model), false, &[]);
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
}

/// A stub of SageMaker: endpoints are made at once and answer like the linear model.
fn sagemaker(answers: impl Fn(u64) -> bool + Send + Sync + 'static) -> Model {
    Model::start(move |n, request| {
        if request.path.ends_with("/invocations") {
            return if answers(n) { Some((200, scored(&request.body, linear))) } else { model::sleep() };
        }
        let operation = request.target.as_deref().and_then(|target| target.split('.').next_back()).unwrap_or_default();
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/x";
        let body = match operation {
            "CreateEndpointConfig" => json!({"EndpointConfigArn": arn}),
            "CreateEndpoint" => json!({"EndpointArn": arn}),
            "DescribeEndpoint" => json!({
                "EndpointName": "x", "EndpointArn": arn, "EndpointConfigName": "of-the-endpoint",
                "EndpointStatus": "InService", "CreationTime": 1.7e9, "LastModifiedTime": 1.7e9,
            }),
            "DescribeEndpointConfig" => json!({
                "EndpointConfigName": "of-the-endpoint", "EndpointConfigArn": arn, "CreationTime": 1.7e9,
                "ProductionVariants": [{"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}],
            }),
            _ => json!({}),
        };
        Some((200, body.to_string()))
    })
}

fn aws(service: &Model) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", service.url.clone()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
    ]
}

fn environment<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn operations(service: &Model) -> Vec<String> {
    let requests = service.requests();
    let made = ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"];
    let named = requests.iter().filter_map(|request| request.split('.').next_back().map(str::to_owned));
    named.filter(|name| made.contains(&name.as_str())).collect()
}

#[test]
fn an_endpoint_is_made_of_a_model_asked_and_deleted() {
    let service = sagemaker(|_| true);
    let more = json!({"predictor": {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}});
    let mounts = of_table(60, more);
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    let done = mounts.run(&[], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    assert_eq!(
        operations(&service),
        ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"]
    );
}

#[test]
fn a_schedule_without_a_predictor_makes_an_endpoint_of_the_watched_ones_model() {
    let service = sagemaker(|_| true);
    let baseline = baseline(&Model::of_rows(linear), 120);
    let mounts = of_captures(60, 1.0, Some(&baseline), json!({}));
    let pairs = [variables(&mounts, None, true), aws(&service)].concat();
    let done = mounts.run(&[], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    let asked: Vec<String> =
        service.requests().into_iter().filter(|request| request.contains("/invocations")).collect();
    assert!(!asked.is_empty() && asked.iter().all(|request| !request.contains("/endpoints/endpoint/")), "{asked:?}");
    assert_eq!(operations(&service).len(), 4);
}

#[test]
fn a_stopped_job_deletes_its_endpoint() {
    // The first rows are answered, then the model hangs.
    let service = sagemaker(|n| n < 4);
    let more = json!({"predictor": {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}});
    let mounts = of_table(60, more);
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    let child = mounts.start(&["--model-batch-rows", "20"], &environment(&pairs));
    while !service.requests().iter().any(|request| request.contains("/invocations")) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
    let done = mounts.done(&child.wait_with_output().expect("output"));
    done.failed(143, "MM-STOPPED-002");
    assert_eq!(
        operations(&service),
        ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"]
    );
}

#[test]
fn an_endpoint_in_use_is_asked_only_when_that_is_allowed() {
    let service = sagemaker(|_| true);
    let mounts = of_table(60, json!({"predictor": {"endpoint_name": "in-use"}}));
    let pairs = [variables(&mounts, None, false), aws(&service)].concat();
    mounts.run(&[], &environment(&pairs)).failed(2, "MM-MODEL-007");
    assert_eq!(service.n_requests(), 0);
    let done = mounts.run(&["--call-endpoint"], &environment(&pairs));
    done.succeeded();
    assert_near(&global(&done), &expected(60, 1.0));
    assert!(service.requests().iter().all(|request| request == "POST /endpoints/in-use/invocations"));
}
