//! A server that answers as SageMaker does: it makes, describes, deletes and asks endpoints that are not there.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::Builder;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::predict::sagemaker::SageMaker;
use crate::predict::sagemaker::polling::Polling;
use crate::predict::sagemaker::shadow_endpoints::ShadowEndpoints;

pub const INVOKE: &str = "InvokeEndpoint";
pub const SECRET_KEY: &str = "test-secret-key";

/// What comes back for one call.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What a service in order does.
    Work,
    /// The call has its effect, and no answer ever comes.
    WorkAndHang,
    Hang,
    /// The call has its effect, and the answer is an error.
    WorkAndFail(u16),
    /// The call has its effect, and the answer is this, whatever it is.
    WorkAndSay(String),
    /// The connection ends.
    HangUp,
    /// HTTP status, code, message.
    Error(u16, &'static str, &'static str),
    /// HTTP status, code and body as they are.
    Raw(u16, Option<&'static str>, String),
}

/// One call as it arrived.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

impl Call {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a call in JSON")
    }

    /// The endpoint or configuration that is spoken of.
    pub fn name(&self) -> String {
        let body = self.json();
        let name = body.get("EndpointName").or(body.get("EndpointConfigName"));
        name.and_then(Value::as_str).expect("a name").to_owned()
    }
}

#[derive(Debug, Default)]
pub struct State {
    /// Answers to the next calls of an operation.
    pub next: HashMap<&'static str, VecDeque<Answer>>,
    /// The answer to all other calls of an operation.
    pub always: HashMap<&'static str, Answer>,
    /// The answer to the call of this number, from 0.
    pub at: HashMap<usize, Answer>,
    pub configurations: BTreeMap<String, Value>,
    /// Endpoints, each with the name of its configuration and how often it was described.
    pub endpoints: BTreeMap<String, (String, usize)>,
    /// How often an endpoint is described as being made.
    pub creating: usize,
    /// What becomes of it then.
    pub status: Option<(&'static str, &'static str)>,
    /// Whether what is being made may be deleted.
    pub locks_while_creating: bool,
    pub calls: Vec<Call>,
}

/// The server. It ends with the runtime of its test.
#[derive(Clone)]
pub struct Stub {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Stub {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let stub = Self { url, state: Arc::default() };
        let server = stub.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let server = server.clone();
                let service = service_fn(move |request| server.clone().answer(request));
                let connection =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service);
                // A client that hangs up is its own affair.
                tokio::spawn(async move { connection.await.ok() });
            }
        });
        stub
    }

    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().expect("the state"))
    }

    /// The next calls of `operation` are answered with these.
    pub fn script(&self, operation: &'static str, answers: impl IntoIterator<Item = Answer>) {
        self.with(|state| state.next.entry(operation).or_default().extend(answers));
    }

    pub fn sagemaker(&self) -> SageMaker {
        let config = configuration(&self.url);
        SageMaker::new(config.clone(), &config)
    }

    pub fn calls(&self) -> Vec<Call> {
        self.with(|state| state.calls.clone())
    }

    pub fn operations(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.operation).collect()
    }

    /// Whether neither an endpoint nor a configuration is there.
    pub fn is_empty(&self) -> bool {
        self.with(|state| state.endpoints.is_empty() && state.configurations.is_empty())
    }

    /// Waits until so many calls have arrived.
    pub async fn arrived(&self, n_calls: usize) {
        while self.with(|state| state.calls.len() < n_calls) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Unanswered> {
        let (head, body) = request.into_parts();
        let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: BTreeMap<_, _> = head.headers.iter().map(|(key, value)| (key.to_string(), text(value))).collect();
        let target = headers.get("x-amz-target").and_then(|target| target.strip_prefix("SageMaker."));
        let operation = target.unwrap_or(INVOKE).to_owned();
        let body = body.collect().await.map_err(|_| Unanswered)?.to_bytes();
        let call = Call { operation, path: head.uri.path().to_owned(), headers, body };
        let (answer, result) = self.with(|state| {
            let answer = state.answer_to(&call.operation);
            let works = !matches!(answer, Answer::Hang | Answer::HangUp | Answer::Error(..) | Answer::Raw(..));
            let result = works.then(|| state.work(&call));
            state.calls.push(call);
            (answer, result)
        });
        match (answer, result) {
            (Answer::Work, Some(Ok(body))) => Ok(response(200, None, body)),
            (Answer::Work, Some(Err(message))) => Ok(error(400, "ValidationException", &message)),
            (Answer::WorkAndFail(status), _) => Ok(error(status, "InternalFailure", "out of order")),
            (Answer::WorkAndSay(body), _) => Ok(response(200, None, body)),
            (Answer::Error(status, code, message), _) => Ok(error(status, code, message)),
            (Answer::Raw(status, code, body), _) => Ok(response(status, code, body)),
            (Answer::HangUp, _) => Err(Unanswered),
            _ => std::future::pending().await,
        }
    }
}

impl State {
    fn answer_to(&mut self, operation: &str) -> Answer {
        let planned = self.at.remove(&self.calls.len());
        let next = || self.next.get_mut(operation).and_then(VecDeque::pop_front);
        planned.or_else(next).or_else(|| self.always.get(operation).cloned()).unwrap_or(Answer::Work)
    }

    /// What the call does, and the body of its answer, or why it is refused.
    fn work(&mut self, call: &Call) -> Result<String, String> {
        if call.operation == INVOKE {
            return Ok("0.5\n".to_owned());
        }
        let (body, name) = (call.json(), call.name());
        match call.operation.as_str() {
            "CreateEndpointConfig" if self.configurations.contains_key(&name) => {
                Err(format!("Cannot create already existing endpoint configuration \"arn:{name}\"."))
            }
            "CreateEndpointConfig" => {
                self.configurations.insert(name.clone(), body);
                Ok(json!({ "EndpointConfigArn": format!("arn:{name}") }).to_string())
            }
            "CreateEndpoint" if self.endpoints.contains_key(&name) => {
                Err(format!("Cannot create already existing endpoint \"arn:{name}\"."))
            }
            "CreateEndpoint" => {
                let configuration = body["EndpointConfigName"].as_str().unwrap_or_default().to_owned();
                if !self.configurations.contains_key(&configuration) {
                    return Err(format!("Could not find endpoint configuration \"arn:{configuration}\"."));
                }
                self.endpoints.insert(name.clone(), (configuration, 0));
                Ok(json!({ "EndpointArn": format!("arn:{name}") }).to_string())
            }
            "DescribeEndpointConfig" => self.configurations.get(&name).map(ToString::to_string).ok_or(missing(&name)),
            "DescribeEndpoint" => self.describe(&name),
            "DeleteEndpoint" => self.delete(&name),
            "DeleteEndpointConfig" => self.configurations.remove(&name).map(|_| String::new()).ok_or(missing(&name)),
            other => Err(format!("no operation {other}")),
        }
    }

    fn describe(&mut self, name: &str) -> Result<String, String> {
        let (creating, end) = (self.creating, self.status.unwrap_or(("InService", "")));
        let (configuration, n_described) = self.endpoints.get_mut(name).ok_or(missing(name))?;
        *n_described += 1;
        let (status, reason) = if *n_described > creating { end } else { ("Creating", "") };
        let mut answer = json!({
            "EndpointName": name, "EndpointConfigName": configuration, "EndpointStatus": status,
            "EndpointArn": format!("arn:{name}"), "CreationTime": 1.7e9, "LastModifiedTime": 1.7e9,
        });
        if !reason.is_empty() {
            answer["FailureReason"] = json!(reason);
        }
        Ok(answer.to_string())
    }

    fn delete(&mut self, name: &str) -> Result<String, String> {
        let (_, n_described) = self.endpoints.get(name).ok_or(missing(name))?;
        if self.locks_while_creating && *n_described <= self.creating {
            return Err(format!("Cannot update in-progress endpoint \"arn:{name}\"."));
        }
        self.endpoints.remove(name);
        Ok(String::new())
    }
}

/// Ends a connection without an answer.
#[derive(Debug)]
struct Unanswered;

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no answer")
    }
}

impl std::error::Error for Unanswered {}

fn missing(name: &str) -> String {
    format!("Could not find endpoint \"arn:{name}\".")
}

fn error(status: u16, code: &str, message: &str) -> Response<Full<Bytes>> {
    response(status, Some(code), json!({ "__type": code, "message": message }).to_string())
}

fn response(status: u16, code: Option<&str>, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    if let Some(code) = code {
        response = response.header("x-amzn-errortype", code);
    }
    response.body(Full::new(Bytes::from(body))).expect("a response")
}

/// What clients of the server at `url` are configured with.
pub fn configuration(url: &str) -> SdkConfig {
    let credentials = Credentials::new("test-access-key", SECRET_KEY, None, None, "tests");
    without_credentials(url).into_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build()
}

pub fn without_credentials(url: &str) -> SdkConfig {
    without_address().endpoint_url(url).build()
}

pub fn without_address() -> Builder {
    let client = aws_smithy_http_client::Builder::new().build_http();
    let region = Region::from_static("eu-central-1");
    SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(region).http_client(client)
}

/// Endpoints that are waited for as long as tests may take.
pub fn shadows() -> ShadowEndpoints {
    at_pace(Duration::from_secs(60), Duration::from_secs(60))
}

/// Endpoints whose making and whose last deletion may take so long.
pub fn at_pace(creation: Duration, last_call: Duration) -> ShadowEndpoints {
    let pause = Duration::from_millis(1);
    let settling = Duration::from_millis(30);
    let polling = Polling { first_pause: pause, longest_pause: 5 * pause, creation, settling, last_call };
    ShadowEndpoints { polling, ..ShadowEndpoints::default() }
}
