//! AWS service APIs: partitions with their host names, the JSON protocol, SageMaker's production variants.

/// Groups of regions with host names of their own (AWS General Reference: partitions; SageMaker's endpoints).
pub mod partition {
    /// A group of regions.
    #[derive(Clone, Copy, Debug)]
    pub struct Partition {
        pub name: &'static str,
        /// What its regions begin with.
        region_prefix: &'static str,
        /// What its hosts end with.
        pub suffix: &'static str,
        /// As `suffix`, where a host answers over IPv6, too.
        pub dual_stack_suffix: &'static str,
    }

    pub const AWS: &str = "aws";
    pub const US_GOV: &str = "aws-us-gov";
    /// What stands behind a label of a host whose cryptography is validated.
    pub const FIPS_MARK: &str = "-fips";

    /// The last one takes every region.
    const ALL: [Partition; 8] = [
        of_regions("aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        of_regions("aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
        of_regions("aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
        of_regions("aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
        of_regions("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        of_regions("aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        of_regions(US_GOV, "us-gov-", "amazonaws.com", "api.aws"),
        of_regions(AWS, "", "amazonaws.com", "api.aws"),
    ];

    const fn of_regions(
        name: &'static str,
        region_prefix: &'static str,
        suffix: &'static str,
        dual_stack_suffix: &'static str,
    ) -> Partition {
        Partition { name, region_prefix, suffix, dual_stack_suffix }
    }

    /// The partition of a region.
    pub fn of(region: &str) -> Partition {
        let found = ALL.into_iter().find(|partition| region.starts_with(partition.region_prefix));
        found.unwrap_or(ALL[ALL.len() - 1])
    }
}

/// AWS's JSON protocols (Smithy: AWS JSON 1.1 and AWS REST JSON 1 protocols).
pub mod aws_json {
    pub const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
    /// Names the operation.
    pub const TARGET_HEADER: &str = "x-amz-target";
    /// What stands before the operation's name.
    pub const TARGET_PREFIX: &str = "SageMaker.";
    pub const ERROR_TYPE_HEADER: &str = "x-amzn-errortype";
    /// Where an error's code may stand in its body, the first found counts.
    pub const CODE_KEYS: [&str; 2] = ["code", "__type"];
    pub const MESSAGE_KEYS: [&str; 3] = ["message", "Message", "errorMessage"];
    /// Code of an error that comes from the model's container, and where its status and words stand (Amazon SageMaker
    /// API Reference: InvokeEndpoint).
    pub const MODEL_ERROR: &str = "ModelError";
    /// See [`MODEL_ERROR`].
    pub const ORIGINAL_STATUS_KEY: &str = "OriginalStatusCode";
    /// See [`MODEL_ERROR`].
    pub const ORIGINAL_MESSAGE_KEY: &str = "OriginalMessage";
}

/// Requests and answers about endpoints (Amazon SageMaker API Reference: CreateEndpoint, CreateEndpointConfig,
/// DescribeEndpoint, DescribeEndpointConfig).
pub mod endpoint_api {
    pub const ENDPOINT: &str = "EndpointName";
    pub const CONFIG: &str = "EndpointConfigName";
    pub const VARIANTS: &str = "ProductionVariants";
    pub const VOLUME_KEY: &str = "KmsKeyId";
    pub const STATUS: &str = "EndpointStatus";
    pub const FAILURE_REASON: &str = "FailureReason";
    pub const IN_SERVICE: &str = "InService";
    /// An endpoint in one of these states will never be in service.
    pub const LOST: [&str; 4] = ["Deleting", "Failed", "OutOfService", "UpdateRollbackFailed"];
}

/// Keys of one production variant (Amazon SageMaker API Reference: ProductionVariant).
pub mod production_variant {
    pub const NAME: &str = "VariantName";
    pub const MODEL: &str = "ModelName";
    pub const WEIGHT: &str = "InitialVariantWeight";
    pub const INSTANCE_TYPE: &str = "InstanceType";
    pub const INSTANCE_COUNT: &str = "InitialInstanceCount";
    pub const ACCELERATOR: &str = "AcceleratorType";
    pub const SERVERLESS: &str = "ServerlessConfig";
    /// Of a serverless variant, what its model needs.
    pub const OF_SERVERLESS: [&str; 2] = ["MemorySizeInMB", "MaxConcurrency"];
    /// What the model needs to start.
    pub const OF_MODEL: [&str; 2] =
        ["ModelDataDownloadTimeoutInSeconds", "ContainerStartupHealthCheckTimeoutInSeconds"];
    /// What belongs to the machine.
    pub const OF_MACHINE: [&str; 2] = ["VolumeSizeInGB", "InferenceAmiVersion"];
}
