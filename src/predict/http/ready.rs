//! Waiting for a model server to come up.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

/// How long a server is waited for.
#[derive(Clone, Copy, Debug)]
pub(in crate::predict) struct Patience {
    /// While nobody listens at the address. A server that is started with the job listens before it loads its
    /// model; at a wrong address nobody ever does.
    pub silent: Duration,
    /// Once somebody listens: containers have so long to get ready (DG:your-algorithms-inference-code).
    pub starting: Duration,
    /// Time of one answer (DG:your-algorithms-inference-code).
    pub answer: Duration,
    /// Between two questions.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            silent: Duration::from_secs(30),
            starting: Duration::from_secs(240),
            answer: Duration::from_secs(2),
            pause: Duration::from_secs(1),
        }
    }
}

/// What a server said when it was asked whether it is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Status(StatusCode),
    /// Nothing, though it listens.
    Nothing,
    /// There is no connection, for this reason.
    NotListening(String),
}

/// Asks until the server is ready. The error is why it is not, as a phrase.
pub(super) async fn wait_until_ready<F>(patience: Patience, ask: impl Fn() -> F) -> Result<(), String>
where
    F: Future<Output = Said>,
{
    let start = Instant::now();
    let mut was_heard = false;
    loop {
        let cause = match ask().await {
            Said::Status(StatusCode::OK) => return Ok(()),
            // While a model is loaded, servers and what stands before them answer with 5xx.
            Said::Status(status) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                was_heard = true;
                format!("/ping answers with HTTP status {}", status.as_u16())
            }
            Said::Status(status) => {
                let status = status.as_u16();
                return Err(format!("/ping answers with HTTP status {status}, where a model server says 200"));
            }
            Said::Nothing => {
                was_heard = true;
                "/ping is not answered".to_owned()
            }
            Said::NotListening(cause) => cause,
        };
        let limit = if was_heard { patience.starting } else { patience.silent };
        if start.elapsed() + patience.pause > limit {
            return Err(format!("{cause}, for {} s", limit.as_secs_f64()));
        }
        tokio::time::sleep(patience.pause).await;
    }
}
