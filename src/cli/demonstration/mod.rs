//! The demonstrations: data made on the spot, monitored as any other.

mod data_quality;
mod model_quality;
mod stage;

use std::path::Path;

use super::arguments::Monitor;
use crate::error::Result;

/// Makes the data of a monitor below `folder`, runs its jobs and tells what they found.
pub async fn run(monitor: Monitor, folder: &Path) -> Result<String> {
    match monitor {
        Monitor::DataQuality => data_quality::run(folder).await,
        Monitor::ModelQuality => model_quality::run(folder).await,
    }
}
