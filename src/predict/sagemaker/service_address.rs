//! Service endpoints: the address of each of SageMaker's services, by region, or as it is configured.

use aws_types::SdkConfig;

use crate::names::{partition, sdk};
use crate::store::endpoint_url;

/// One service of AWS, as its addresses and the SDK's settings call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// What settings of this service alone are named by.
    pub id: &'static str,
    /// First label of its host.
    pub host_prefix: &'static str,
    /// Partitions whose hosts of validated cryptography (FIPS) mark their first label, with their host's prefix; in
    /// all others the second label is marked.
    pub fips: &'static [(&'static str, &'static str)],
}

/// What makes, describes and deletes endpoints.
pub(super) const CONTROL_PLANE: Service = Service {
    id: sdk::SAGEMAKER_SERVICE,
    host_prefix: "api",
    fips: &[(partition::AWS, "api-fips"), (partition::US_GOV, "api-fips")],
};

/// What asks endpoints. In the partition of the US government its only host has validated cryptography.
pub(super) const RUNTIME: Service = Service {
    id: sdk::SAGEMAKER_RUNTIME_SERVICE,
    host_prefix: "runtime",
    fips: &[(partition::AWS, "runtime-fips"), (partition::US_GOV, "runtime")],
};

/// The address that is configured for the service, or else the one of its region.
pub(super) fn address(service: &Service, config: &SdkConfig) -> String {
    endpoint_url(config, service.id).unwrap_or_else(|| {
        let region = config.region().map_or(sdk::DEFAULT_REGION, AsRef::as_ref);
        let is_fips = config.use_fips().unwrap_or(false);
        regional(service, region, is_fips, config.use_dual_stack().unwrap_or(false))
    })
}

fn regional(service: &Service, region: &str, is_fips: bool, is_dual_stack: bool) -> String {
    let home = partition::of(region);
    let suffix = if is_dual_stack { home.dual_stack_suffix } else { home.suffix };
    let marked = service.fips.iter().find(|(name, _)| *name == home.name && !is_dual_stack);
    let (first, mark) = match marked {
        Some((_, prefix)) if is_fips => (*prefix, ""),
        None if is_fips => (service.host_prefix, partition::FIPS_MARK),
        _ => (service.host_prefix, ""),
    };
    format!("https://{first}.{}{mark}.{region}.{suffix}", sdk::SAGEMAKER_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts as AWS's own endpoint rules give them.
    #[test]
    fn every_partition_has_its_hosts() {
        let cases = [
            (CONTROL_PLANE, "eu-central-1", false, false, "api.sagemaker.eu-central-1.amazonaws.com"),
            (CONTROL_PLANE, "us-east-1", true, false, "api-fips.sagemaker.us-east-1.amazonaws.com"),
            (CONTROL_PLANE, "us-east-1", false, true, "api.sagemaker.us-east-1.api.aws"),
            (CONTROL_PLANE, "us-east-1", true, true, "api.sagemaker-fips.us-east-1.api.aws"),
            (CONTROL_PLANE, "us-gov-west-1", true, false, "api-fips.sagemaker.us-gov-west-1.amazonaws.com"),
            (CONTROL_PLANE, "cn-north-1", false, false, "api.sagemaker.cn-north-1.amazonaws.com.cn"),
            (CONTROL_PLANE, "cn-north-1", true, false, "api.sagemaker-fips.cn-north-1.amazonaws.com.cn"),
            (CONTROL_PLANE, "us-iso-east-1", true, false, "api.sagemaker-fips.us-iso-east-1.c2s.ic.gov"),
            (RUNTIME, "ap-southeast-2", false, false, "runtime.sagemaker.ap-southeast-2.amazonaws.com"),
            (RUNTIME, "us-west-2", true, false, "runtime-fips.sagemaker.us-west-2.amazonaws.com"),
            (RUNTIME, "us-gov-west-1", false, false, "runtime.sagemaker.us-gov-west-1.amazonaws.com"),
            (RUNTIME, "us-gov-west-1", true, false, "runtime.sagemaker.us-gov-west-1.amazonaws.com"),
            (RUNTIME, "us-gov-east-1", true, true, "runtime.sagemaker-fips.us-gov-east-1.api.aws"),
            (RUNTIME, "cn-north-1", false, true, "runtime.sagemaker.cn-north-1.api.amazonwebservices.com.cn"),
            (RUNTIME, "us-isob-east-1", false, false, "runtime.sagemaker.us-isob-east-1.sc2s.sgov.gov"),
            (RUNTIME, "eusc-de-east-1", false, false, "runtime.sagemaker.eusc-de-east-1.amazonaws.eu"),
        ];
        for (service, region, is_fips, is_dual_stack, host) in cases {
            assert_eq!(regional(&service, region, is_fips, is_dual_stack), format!("https://{host}"));
        }
    }
}
