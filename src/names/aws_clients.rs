//! Words of AWS's clients and of its services' answers.

/// Settings of every AWS client (AWS SDKs and Tools Reference Guide: service-specific endpoints, region).
pub mod sdk {
    pub const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
    pub const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
    pub const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
    pub const REGION: &str = "AWS_REGION";
    pub const ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
    pub const ENDPOINT_URL_PROFILE: &str = "endpoint_url";
    /// File of the certificate authorities that AWS clients trust, as a variable and in a profile.
    pub const CA_BUNDLE: &str = "AWS_CA_BUNDLE";
    /// See [`CA_BUNDLE`].
    pub const CA_BUNDLE_PROFILE: &str = "ca_bundle";
    /// As [`CA_BUNDLE`], for every client with TLS.
    pub const CERTIFICATE_FILE: &str = "SSL_CERT_FILE";
    /// What is appended to [`ENDPOINT_URL`] for S3 alone.
    pub const S3_SERVICE: &str = "S3";
    /// As [`S3_SERVICE`], for what makes endpoints.
    pub const SAGEMAKER_SERVICE: &str = "SageMaker";
    /// As [`S3_SERVICE`], for what asks endpoints.
    pub const SAGEMAKER_RUNTIME_SERVICE: &str = "SageMaker Runtime";
    /// What requests to both of SageMaker's services are signed for, and the second label of their hosts.
    pub const SAGEMAKER_NAME: &str = "sagemaker";
    /// Where nothing says another region.
    pub const DEFAULT_REGION: &str = "us-east-1";
}

/// Codes of S3's answers (Amazon S3 API Reference: error responses).
pub mod s3_answer {
    pub const NO_SUCH_BUCKET: &str = "NoSuchBucket";
    pub const NO_SUCH_KEY: &str = "NoSuchKey";
    /// What a missing object is called where the answer has no body.
    pub const NOT_FOUND: &str = "NotFound";
    /// What the answer to ListObjectsV2 ends with.
    pub const END_OF_LISTING: &str = "</ListBucketResult>";
}

/// Codes of SageMaker's answers, and phrases of their messages where one code stands for several things (Amazon
/// SageMaker API Reference: common errors; messages as users of the service quote them).
pub mod sagemaker_answer {
    pub const THROTTLED: [&str; 5] =
        ["ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded"];
    pub const DENIED: [&str; 14] = [
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ];
    pub const MISSING: [&str; 2] = ["ResourceNotFound", "ResourceNotFoundException"];
    pub const MISSING_PHRASES: [&str; 3] = ["could not find", "not found", "does not exist"];
    pub const EXISTING_PHRASES: [&str; 2] = ["already existing", "already exists"];
    pub const TOO_LARGE_PHRASES: [&str; 3] = ["too large", "exceeded the limit", "bytes max"];
    /// What the service says of a model that did not answer it.
    pub const TIMED_OUT_PHRASE: &str = "timed out";
}
