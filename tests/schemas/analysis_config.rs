//! The schema of what is asked of attributions, and of the model.

use super::bias::check_configuration;
use super::*;

#[test]
fn schema_and_reader_agree_about_attributions() {
    let cases = [
        (json!({}), true),
        (json!({"baseline": null, "num_clusters": 5}), true),
        (json!({"baseline": "s3://bucket/baseline.csv"}), true),
        (json!({"baseline": [[1, "a", null, 0.5, true], [2, "", "b", 1e5, false]]}), true),
        (json!({"baseline": [1, "a"]}), true),
        (json!({"baseline": {"features": [1, 2]}, "num_clusters": null}), true),
        (json!({"baseline": [{"features": [1, 2]}, {"features": [3, 4]}]}), true),
        (json!({"num_samples": 100, "seed": 0, "agg_method": "MEAN_SQ", "use_logit": true}), true),
        (json!({"seed": u64::MAX}), true),
        (json!({"num_samples": 100.0}), true),
        (json!({"use_logit": "False"}), true),
        (json!({"save_local_shap_values": "true", "features_to_explain": ["a", 1]}), true),
        (json!({"features_to_explain": "a", "text_config": null}), true),
        (json!({"baseline": [[1]], "num_clusters": 5}), false),
        (json!({"baseline": []}), false),
        (json!({"baseline": [[]]}), false),
        (json!({"baseline": [[1], {"a": 1}]}), false),
        (json!({"baseline": [[1], 2]}), false),
        (json!({"baseline": [[[1]]]}), false),
        (json!({"baseline": " "}), false),
        (json!({"baseline": 1}), false),
        (json!({"baseline": vec![[1]; 1_001]}), false),
        (json!({"baseline": vec![1; 16_385]}), false),
        (json!({"num_clusters": 0}), false),
        (json!({"num_clusters": 1_001}), false),
        (json!({"num_samples": 1.5}), false),
        (json!({"num_samples": "100"}), false),
        (json!({"seed": -1}), false),
        (json!({"agg_method": "mean"}), false),
        (json!({"use_logit": 1}), false),
        (json!({"features_to_explain": [null]}), false),
        (json!({"image_config": {}}), false),
        (json!({"nsamples": 1}), false),
        (json!([]), false),
    ];
    for (shap, expected) in cases {
        check_configuration(&json!({"methods": {"shap": shap}}), expected);
    }
    let cases = [
        (json!({"grid_resolution": 10, "features": ["a", 2], "top_k_features": 3}), true),
        (json!({"features": 0, "grid_resolution": null}), true),
        (json!({"grid_resolution": 0}), false),
        (json!({"grid_resolution": 1_001}), false),
        (json!({"top_k_features": 0}), false),
        (json!({"features": [{}]}), false),
        (json!({"grid": 1}), false),
    ];
    for (pdp, expected) in cases {
        check_configuration(&json!({"methods": {"pdp": pdp}}), expected);
    }
}

#[test]
fn schema_and_reader_agree_about_the_model() {
    let name = |length: usize| "a".repeat(length);
    let cases = [
        (json!({"endpoint_name": "an-endpoint-1", "target_model": "", "custom_attributes": "a=1; b~"}), true),
        (json!({"model_name": name(63), "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}), true),
        (json!({"endpoint_name_prefix": name(23), "accelerator_type": "ml.eia1.medium"}), true),
        (json!({"endpoint_name_prefix": "", "endpoint_name": "a", "model_name": "a-b"}), true),
        (json!({"label": 0, "probability": "predictions[*].score", "label_headers": ["no", "yes"]}), true),
        (json!({"label_headers": [0, 1]}), true),
        (json!({"label_headers": "one"}), true),
        (json!({"content_type": "Text/CSV", "accept_type": "application/jsonlines"}), true),
        (json!({"content_template": "{\"a\":$records}", "record_template": "$features_kvp"}), true),
        (json!({"content_type": null, "time_series_predictor_config": null}), true),
        (json!({"endpoint_name_prefix": name(24)}), false),
        (json!({"endpoint_name_prefix": "under_score"}), false),
        (json!({"endpoint_name_prefix": "ends-"}), false),
        (json!({"endpoint_name": "a/b"}), false),
        (json!({"endpoint_name": "a\n"}), false),
        (json!({"model_name": name(64)}), false),
        (json!({"model_name": "-a"}), false),
        (json!({"model_name": 1}), false),
        (json!({"initial_instance_count": 0}), false),
        (json!({"initial_instance_count": "1"}), false),
        (json!({"custom_attributes": "a\r\nHost: b"}), false),
        (json!({"custom_attributes": name(1_025)}), false),
        (json!({"target_model": "modèle"}), false),
        (json!({"label": -1}), false),
        (json!({"label_headers": ["a", "a"]}), false),
        (json!({"label_headers": [null]}), false),
        (json!({"content_type": "image/jpeg"}), false),
        (json!({"accept_type": "application/x-npy"}), false),
        (json!({"content_template": {}}), false),
        (json!({"url": "http://localhost"}), false),
    ];
    for (predictor, expected) in cases {
        check_configuration(&json!({"predictor": predictor}), expected);
    }
}
