//! Time limits: how long a store is waited for before a read or a write fails.

use std::time::Duration;

use aws_sdk_s3::config::timeout::TimeoutConfig;

/// How long a file is waited for when no descriptor is free: other objects are read meanwhile, and each gives
/// one back at its end.
pub(super) const DESCRIPTOR_WAIT: Duration = Duration::from_secs(30);
/// The pause between two tries to open it.
pub(super) const DESCRIPTOR_PAUSE: Duration = Duration::from_millis(20);
/// How often a broken transfer is taken up again, for one object or one range of it.
pub(super) const RESUMPTIONS: u32 = 5;

/// Uploads up to this size in bytes are waited for as for any other answer.
const SMALL_UPLOAD: u64 = 1 << 20;
/// Larger ones have [`LONGER`] more for each of so many bytes begun: a quarter of a megabyte a second at the least.
const UPLOAD_STEP: u64 = 16 << 20;
const LONGER: Duration = Duration::from_secs(64);

/// How long S3 is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, in one try. A machine in the same network answers in milliseconds; a lost packet is sent
    /// again after 1, 3 and 7 seconds.
    pub connect: Duration,
    /// From a request to the first byte of its answer, in one try. S3 answers within a second; a slow mirror, or one
    /// that fetches from afar, takes longer.
    pub first_byte: Duration,
    /// For the next byte of a body.
    pub stall: Duration,
    /// For a request with all its tries; of a read, up to the head of the answer.
    pub request: Duration,
    /// The pause before a broken transfer is taken up again; it doubles from time to time.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            stall: Duration::from_secs(20),
            request: Duration::from_secs(120),
            pause: Duration::from_millis(50),
        }
    }
}

impl Patience {
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        self.timeouts_of_upload(0)
    }

    /// Those of a request with a body of so many bytes.
    pub(super) fn timeouts_of_upload(&self, bytes: u64) -> TimeoutConfig {
        let steps = if bytes <= SMALL_UPLOAD { 0 } else { bytes.div_ceil(UPLOAD_STEP) };
        let longer = LONGER * u32::try_from(steps).unwrap_or(u32::MAX);
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .read_timeout(self.first_byte + longer)
            .operation_timeout(self.request + longer)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_have_the_longer_the_more_they_send() {
        let patience = Patience::default();
        let seconds = |bytes| patience.timeouts_of_upload(bytes).read_timeout().map(|limit| limit.as_secs());
        for (bytes, expected) in [(0, 30), (1 << 20, 30), (2 << 20, 94), (16 << 20, 94), (64 << 20, 286)] {
            assert_eq!(seconds(bytes), Some(expected), "{bytes}");
        }
    }
}
