//! AWS SDK: configuration of every client, and what its failures say.

mod cause;
mod configuration;
mod credentials;
mod http_client;
mod plain_text;
mod service_setting;

pub use cause::{missing_credentials, root_cause, unanswered_cause};
pub use configuration::{configuration, endpoint_url};
