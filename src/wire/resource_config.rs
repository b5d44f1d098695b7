//! `resourceconfig.json` (DG:build-your-own-processing-container): the hosts of the job.
//!
//! Any key may be null or absent; unknown keys are ignored.

use serde::Deserialize;

use super::WireError;
use super::error::from_json;

/// The hosts that the job runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceConfig {
    pub current_host: Option<String>,
    pub hosts: Vec<String>,
}

/// What the file says.
pub fn read(bytes: &[u8]) -> Result<ResourceConfig, WireError> {
    let file: File = from_json(bytes)?;
    Ok(ResourceConfig {
        current_host: file.current_host,
        hosts: file.hosts.unwrap_or_default().into_iter().flatten().collect(),
    })
}

#[derive(Deserialize)]
struct File {
    current_host: Option<String>,
    hosts: Option<Vec<Option<String>>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read() {
        let text = br#"{"current_host":"algo-1","hosts":["algo-1","algo-2",null],"network_interface_name":"eth0"}"#;
        let config = read(text).unwrap();
        assert_eq!(config.current_host.as_deref(), Some("algo-1"));
        assert_eq!(config.hosts, ["algo-1", "algo-2"]);
        for text in ["{}", r#"{"current_host":null,"hosts":null}"#] {
            assert_eq!(read(text.as_bytes()).unwrap(), ResourceConfig::default(), "{text}");
        }
        assert_eq!(read(br#"{"hosts":["a",1]}"#).unwrap_err().place, "hosts[1]");
    }
}
