//! Polling intervals and time limits of making and deleting an endpoint.

use std::time::Duration;

/// Waiting times of making and deleting an endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Polling {
    /// Between the first two questions.
    pub first_pause: Duration,
    /// Pauses grow up to this.
    pub longest_pause: Duration,
    /// From the request for an endpoint until it is in service.
    pub creation: Duration,
    /// How long something may be unknown to the service that it has just been asked to make.
    pub settling: Duration,
    /// What a deletion has at least, so that it is tried where others took all the time.
    pub last_call: Duration,
}

/// An endpoint takes minutes, so that a few seconds do not matter, and a waiting job calls four times a minute. The
/// job of an hourly schedule may take an hour (Amazon SageMaker API Reference: MonitoringStoppingCondition): an endpoint
/// that takes half of it leaves too little time for questions. What is asked for is visible within a second or two, and
/// a call is answered in that time: ten and five are on the safe side.
impl Default for Polling {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(15),
            creation: Duration::from_secs(30 * 60),
            settling: Duration::from_secs(10),
            last_call: Duration::from_secs(5),
        }
    }
}

impl Polling {
    /// Pauses, each half as long again as the one before, up to the longest.
    pub fn pauses(self) -> impl Iterator<Item = Duration> + Send {
        let longer = move |pause: &Duration| Some((*pause * 3 / 2).min(self.longest_pause));
        std::iter::successors(Some(self.first_pause.min(self.longest_pause)), longer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_by_half_up_to_the_longest() {
        let polling = Polling {
            first_pause: Duration::from_secs(4),
            longest_pause: Duration::from_secs(10),
            ..Polling::default()
        };
        let seconds: Vec<u64> = polling.pauses().take(5).map(|pause| pause.as_secs()).collect();
        assert_eq!(seconds, [4, 6, 9, 10, 10]);
    }

    #[test]
    fn no_pause_is_longer_than_the_longest() {
        let longest_pause = Duration::from_millis(1);
        assert_eq!(Polling { longest_pause, ..Polling::default() }.pauses().next(), Some(longest_pause));
    }
}
