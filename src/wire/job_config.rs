//! `processingjobconfig.json` (DG:build-your-own-processing-container), as far as it concerns the job.
//!
//! Any key may be null or absent; unknown keys are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::WireError;
use super::error::from_json;

/// What SageMaker says about the job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobConfig {
    pub name: Option<String>,
    pub arn: Option<String>,
    /// Variables; those that are null are left out.
    pub environment: BTreeMap<String, String>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    pub instance_count: Option<u64>,
}

/// One mounted input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    pub name: Option<String>,
    pub local_path: Option<String>,
    pub s3_uri: Option<String>,
    /// `FullyReplicated` or `ShardedByS3Key`.
    pub distribution: Option<String>,
    /// `File` or `Pipe`.
    pub mode: Option<String>,
}

/// One uploaded output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub name: Option<String>,
    pub local_path: Option<String>,
    pub s3_uri: Option<String>,
    /// `Continuous` or `EndOfJob`.
    pub upload_mode: Option<String>,
}

/// What the file says.
pub fn read(bytes: &[u8]) -> Result<JobConfig, WireError> {
    let file: File = from_json(bytes)?;
    let output_config = file.processing_output_config.unwrap_or_default();
    Ok(JobConfig {
        name: file.processing_job_name,
        arn: file.processing_job_arn,
        environment: environment(file.environment.unwrap_or_default())?,
        inputs: file.processing_inputs.unwrap_or_default().into_iter().flatten().map(InputTwin::meaning).collect(),
        outputs: output_config.outputs.unwrap_or_default().into_iter().flatten().map(OutputTwin::meaning).collect(),
        instance_count: file
            .processing_resources
            .and_then(|resources| resources.cluster_config)
            .and_then(|cluster| cluster.instance_count),
    })
}

fn environment(variables: BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, WireError> {
    let text = |(name, value): (String, Value)| match value {
        Value::Null => None,
        Value::String(text) => Some(Ok((name, text))),
        Value::Number(number) => Some(Ok((name, number.to_string()))),
        Value::Bool(value) => Some(Ok((name, value.to_string()))),
        _ => Some(Err(WireError::new(format!("Environment.{name}"), "is not a text"))),
    };
    variables.into_iter().filter_map(text).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    processing_job_name: Option<String>,
    processing_job_arn: Option<String>,
    environment: Option<BTreeMap<String, Value>>,
    processing_inputs: Option<Vec<Option<InputTwin>>>,
    processing_output_config: Option<OutputConfig>,
    processing_resources: Option<Resources>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InputTwin {
    input_name: Option<String>,
    #[serde(rename = "S3Input")]
    s3_input: Option<S3Input>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct S3Input {
    local_path: Option<String>,
    s3_uri: Option<String>,
    s3_data_distribution_type: Option<String>,
    s3_input_mode: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OutputConfig {
    outputs: Option<Vec<Option<OutputTwin>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OutputTwin {
    output_name: Option<String>,
    #[serde(rename = "S3Output")]
    s3_output: Option<S3Output>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct S3Output {
    local_path: Option<String>,
    s3_uri: Option<String>,
    s3_upload_mode: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resources {
    cluster_config: Option<ClusterConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClusterConfig {
    instance_count: Option<u64>,
}

impl InputTwin {
    fn meaning(self) -> Input {
        let s3 = self.s3_input.unwrap_or_default();
        Input {
            name: self.input_name,
            local_path: s3.local_path,
            s3_uri: s3.s3_uri,
            distribution: s3.s3_data_distribution_type,
            mode: s3.s3_input_mode,
        }
    }
}

impl OutputTwin {
    fn meaning(self) -> Output {
        let s3 = self.s3_output.unwrap_or_default();
        Output { name: self.output_name, local_path: s3.local_path, s3_uri: s3.s3_uri, upload_mode: s3.s3_upload_mode }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheduled_jobs_config_is_read() {
        let text = r#"{"ProcessingJobArn":"arn:x","ProcessingJobName":"n","Environment":{"dataset_format":"{}","n":1,"b":true,"gone":null},
            "AppSpecification":{"ImageUri":"i","ContainerEntrypoint":null},
            "ProcessingInputs":[{"InputName":"input_1","AppManaged":false,"DatasetDefinition":null,"S3Input":{
                "LocalPath":"/in","S3Uri":"s3://b/k","S3DataDistributionType":"FullyReplicated","S3DataType":"S3Prefix","S3InputMode":"File","S3CompressionType":null}},
                {"InputName":"other","S3Input":null},null],
            "ProcessingOutputConfig":{"KmsKeyId":null,"Outputs":[{"OutputName":"result","S3Output":{"LocalPath":"/out","S3UploadMode":"Continuous","S3Uri":"s3://b/o"}}]},
            "ProcessingResources":{"ClusterConfig":{"InstanceCount":2,"InstanceType":"t"}},"StoppingCondition":{"MaxRuntimeInSeconds":1800}}"#;
        let config = read(text.as_bytes()).unwrap();
        assert_eq!((config.name.as_deref(), config.arn.as_deref()), (Some("n"), Some("arn:x")));
        let environment: Vec<(&str, &str)> = config.environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(environment, [("b", "true"), ("dataset_format", "{}"), ("n", "1")]);
        let text = |text: &str| Some(text.to_owned());
        let input = Input {
            name: text("input_1"),
            local_path: text("/in"),
            s3_uri: text("s3://b/k"),
            distribution: text("FullyReplicated"),
            mode: text("File"),
        };
        assert_eq!(config.inputs, [input, Input { name: text("other"), ..Input::default() }]);
        let output = Output {
            name: text("result"),
            local_path: text("/out"),
            s3_uri: text("s3://b/o"),
            upload_mode: text("Continuous"),
        };
        assert_eq!(config.outputs, [output]);
        assert_eq!(config.instance_count, Some(2));
    }

    #[test]
    fn every_key_may_be_null_or_absent() {
        let nulls = r#"{"ProcessingJobName":null,"Environment":null,"ProcessingInputs":null,"ProcessingOutputConfig":null,"ProcessingResources":null}"#;
        let hollow = r#"{"ProcessingOutputConfig":{"Outputs":null},"ProcessingResources":{"ClusterConfig":null}}"#;
        for text in ["{}", nulls, hollow] {
            assert_eq!(read(text.as_bytes()).unwrap(), JobConfig::default(), "{text}");
        }
    }

    #[test]
    fn what_is_of_another_form_is_refused_with_a_place() {
        for (text, place) in [
            ("", ""),
            ("[]", ""),
            (r#"{"Environment":{"a":{}}}"#, "Environment.a"),
            (r#"{"Environment":"a"}"#, "Environment"),
            (r#"{"ProcessingInputs":[{"S3Input":{"S3Uri":1}}]}"#, "ProcessingInputs[0].S3Input.S3Uri"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err().place, place, "{text}");
        }
    }
}
