//! Readiness probe: waits until a model server answers `/ping`.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

use crate::predict::Limits;

/// How long a server is waited for.
#[derive(Clone, Copy, Debug)]
pub(in crate::predict) struct ReadinessLimits {
    /// While nobody listens at the address: as long as a request may take, 30 s at most. A server that is started with
    /// the job listens before it loads its model; at a wrong address nobody ever does.
    pub silent: Duration,
    /// Once somebody listens: containers have so long to get ready (DG:your-algorithms-inference-code).
    pub starting: Duration,
    /// Time of one answer (DG:your-algorithms-inference-code).
    pub answer: Duration,
    /// Between two questions.
    pub pause: Duration,
}

impl Default for ReadinessLimits {
    fn default() -> Self {
        Self {
            silent: Duration::from_secs(30),
            starting: Duration::from_secs(240),
            answer: Duration::from_secs(2),
            pause: Duration::from_secs(1),
        }
    }
}

impl ReadinessLimits {
    /// Whoever gives a request less time than a silent server gets waits no longer for that either.
    pub fn within(limits: &Limits) -> Self {
        let default = Self::default();
        Self { silent: default.silent.min(limits.timeout), ..default }
    }
}

/// What a server said when it was asked whether it is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PingOutcome {
    Status(StatusCode),
    /// None, though it listens.
    NoAnswer,
    /// There is no connection, for this reason.
    NotListening(String),
}

/// Asks until the server is ready. The error is why it is not, as a phrase.
pub(super) async fn wait_until_ready<F>(limits: ReadinessLimits, ask: impl Fn() -> F) -> Result<(), String>
where
    F: Future<Output = PingOutcome>,
{
    let start = Instant::now();
    let mut was_heard = false;
    loop {
        let cause = match ask().await {
            PingOutcome::Status(StatusCode::OK) => return Ok(()),
            // While a model is loaded, servers and what stands before them answer with 5xx.
            PingOutcome::Status(status) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                was_heard = true;
                format!("/ping answers with HTTP status {}", status.as_u16())
            }
            PingOutcome::Status(status) => {
                let status = status.as_u16();
                return Err(format!("/ping answers with HTTP status {status}, where a model server says 200"));
            }
            PingOutcome::NoAnswer => {
                was_heard = true;
                "/ping is not answered".to_owned()
            }
            PingOutcome::NotListening(cause) => cause,
        };
        let limit = if was_heard { limits.starting } else { limits.silent };
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(format!("{cause}, for {} s", limit.as_secs_f64()));
        }
        tokio::time::sleep(limits.pause.min(left)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// As long as it takes, or no time at all.
    const EVER: Duration = Duration::from_secs(3_600);
    const NEVER: Duration = Duration::ZERO;

    fn status(code: u16) -> PingOutcome {
        StatusCode::from_u16(code).map_or(PingOutcome::NoAnswer, PingOutcome::Status)
    }

    /// How often a server was asked that says this, the last word for ever, and why that came to its end.
    async fn waited(said: &[PingOutcome], silent: Duration, starting: Duration) -> (usize, Result<(), String>) {
        let limits = ReadinessLimits { silent, starting, answer: EVER, pause: NEVER };
        let n_asked = RefCell::new(0);
        let ask = || {
            let said = said[(*n_asked.borrow()).min(said.len() - 1)].clone();
            *n_asked.borrow_mut() += 1;
            std::future::ready(said)
        };
        let outcome = wait_until_ready(limits, ask).await;
        (n_asked.take(), outcome)
    }

    #[tokio::test]
    async fn what_comes_up_is_waited_for() {
        let refused = || PingOutcome::NotListening("refused".to_owned());
        let cases = [
            (vec![status(200)], NEVER, NEVER),
            (vec![refused(), refused(), status(200)], EVER, NEVER),
            (vec![PingOutcome::NoAnswer, status(503), status(429), status(200)], NEVER, EVER),
            // It was heard once, so that it is not silent.
            (vec![status(500), refused(), PingOutcome::NoAnswer, refused(), status(200)], NEVER, EVER),
        ];
        for (said, silent, starting) in cases {
            assert_eq!(waited(&said, silent, starting).await, (said.len(), Ok(())), "{said:?}");
        }
    }

    #[test]
    fn a_silent_server_is_waited_for_as_long_as_a_request_and_not_for_ever() {
        let silent = |seconds| {
            let limits = Limits { timeout: Duration::from_secs(seconds), ..Limits::default() };
            ReadinessLimits::within(&limits).silent.as_secs()
        };
        assert_eq!((silent(1), silent(30), silent(3_600)), (1, 30, 30));
    }

    #[tokio::test]
    async fn the_last_question_comes_when_the_time_is_over() {
        let limits = ReadinessLimits { silent: Duration::from_millis(5), starting: NEVER, answer: EVER, pause: EVER };
        let n_asked = RefCell::new(0);
        let ask = || {
            *n_asked.borrow_mut() += 1;
            std::future::ready(PingOutcome::NotListening("refused".to_owned()))
        };
        assert_eq!(wait_until_ready(limits, ask).await, Err("refused, for 0.005 s".to_owned()));
        assert_eq!(n_asked.take(), 2);
    }

    #[tokio::test]
    async fn what_does_not_come_up_is_given_up() {
        let cases = [
            (PingOutcome::NotListening("refused".to_owned()), NEVER, EVER, "refused, for 0 s"),
            (PingOutcome::NoAnswer, EVER, NEVER, "/ping is not answered, for 0 s"),
            (status(503), EVER, NEVER, "/ping answers with HTTP status 503, for 0 s"),
            (status(404), EVER, EVER, "/ping answers with HTTP status 404, where a model server says 200"),
            (status(302), EVER, EVER, "/ping answers with HTTP status 302, where a model server says 200"),
        ];
        for (said, silent, starting, cause) in cases {
            assert_eq!(waited(&[said], silent, starting).await, (1, Err(cause.to_owned())));
        }
    }
}
