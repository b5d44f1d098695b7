//! Setting of one AWS service, from the environment or a profile.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// A setting of this variable, or of this key in the profile: for the service alone, or else for all.
pub(super) fn setting(config: &SdkConfig, service: &str, variable: &str, profile_key: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env(variable).profile(profile_key).build().ok()?;
    config.service_config()?.load_config(key)
}
