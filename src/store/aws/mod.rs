//! AWS SDK: configuration of every client, and what its failures say.

mod ca_bundle;
mod cause;
mod configuration;
mod service_setting;

pub use cause::{missing_credentials, root_cause, unanswered_cause};
pub use configuration::{configuration, endpoint_url};
