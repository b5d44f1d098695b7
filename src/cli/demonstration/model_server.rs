//! HTTP server of the attribution demonstration's model, with SageMaker's hosting contract
//! (DG:your-algorithms-inference-code).

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::demo::attribution::score;
use crate::error::{self, Error, Result};

/// Largest body of a request in bytes (DG:model-deploy-feature-matrix).
const MAX_BODY_BYTES: usize = 6 << 20;

/// A model that answers as long as this is held.
pub(super) struct ModelServer {
    address: SocketAddr,
    listening: JoinHandle<()>,
}

impl ModelServer {
    /// Serves the model at an address; port 0 is any that is free.
    pub(super) async fn start(address: SocketAddr) -> Result<Self> {
        let unable = |cause: std::io::Error| Error::new(&error::USAGE, format!("--serve {address}"), cause);
        let listener = TcpListener::bind(address).await.map_err(unable)?;
        let address = listener.local_addr().map_err(unable)?;
        Ok(Self { address, listening: tokio::spawn(answer_all(listener)) })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Serves the model until the process is stopped; `ready` is told its address.
pub async fn serve(address: SocketAddr, ready: impl FnOnce(&str)) -> Result<()> {
    let server = ModelServer::start(address).await?;
    ready(&server.url());
    std::future::pending().await
}

async fn answer_all(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        // A caller that goes away is no matter.
        let answering = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::spawn(async move { drop(answering.await) });
    }
}

async fn answer(request: Request<Incoming>) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/ping") => (StatusCode::OK, String::new()),
        (&Method::POST, "/invocations") => match Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await {
            Ok(body) => scores(&String::from_utf8_lossy(&body.to_bytes())),
            Err(_) => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or was cut off".to_owned()),
        },
        _ => (StatusCode::NOT_FOUND, "there are /ping and /invocations".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("text/csv"));
    Ok(response)
}

/// A score for each line of comma-separated cells.
fn scores(body: &str) -> (StatusCode, String) {
    let mut answer = String::new();
    for (line, row) in body.lines().enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let Some(score) = score(&cells) else {
            return (StatusCode::BAD_REQUEST, format!("line {} is no applicant", line + 1));
        };
        answer += &format!("{score}\n");
    }
    (StatusCode::OK, answer)
}
