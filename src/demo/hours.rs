//! The two captured hours that every demonstration has, and where their files lie.

use super::seeded_random::Random;

/// Folder of the captured requests, laid out as SageMaker lays it out.
pub const CAPTURE: &str = "capture";
/// Name of the endpoint, first folder below [`CAPTURE`].
pub const ENDPOINT: &str = "loan-default";
/// Folder of the ground truth, laid out as SageMaker's merge expects it.
pub const GROUND_TRUTH: &str = "ground-truth";
/// The hour in which nothing is wrong.
pub const HEALTHY: Hour = Hour { start: "2026-03-02T09:00:00Z", end: "2026-03-02T10:00:00Z", of_day: 9 };
/// The hour in which something is: each demonstration lists what.
pub const DRIFTED: Hour = Hour { start: "2026-03-02T10:00:00Z", end: "2026-03-02T11:00:00Z", of_day: 10 };

pub(super) const REQUESTS_PER_HOUR: u32 = 1_800;
pub(super) const SECONDS_PER_HOUR: u32 = 3_600;

const DAY: &str = "2026/03/02";

/// A captured hour, from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    pub start: &'static str,
    pub end: &'static str,
    pub(super) of_day: u32,
}

impl Hour {
    /// Folder of the hour's captured requests, with a slash at its end.
    pub(super) fn captures(self) -> String {
        format!("{CAPTURE}/{ENDPOINT}/AllTraffic/{DAY}/{:02}/", self.of_day)
    }

    /// Folder of the ground truth that came so many hours later, with a slash at its end.
    pub(super) fn labels(self, hours_later: u32) -> String {
        format!("{GROUND_TRUTH}/{DAY}/{:02}/", self.of_day + hours_later)
    }

    /// Time stamp of a second of the hour.
    pub(super) fn time(self, second: u32) -> String {
        format!("{}T{:02}:{:02}:{:02}Z", DAY.replace('/', "-"), self.of_day, second / 60, second % 60)
    }
}

/// Name of a file that was begun at this minute and second, as data capture names it.
pub(super) fn file_name(random: &mut Random, minute: u32, second: u32) -> String {
    format!("{minute:02}-{second:02}-{:03}-{}.jsonl", random.below(1_000), random.uuid())
}

/// When the `n`th request of an hour arrives: they are spread evenly.
pub(super) fn second_of(request: u32) -> u32 {
    request * SECONDS_PER_HOUR / REQUESTS_PER_HOUR
}
