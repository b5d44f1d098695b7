//! Proxy before an S3 server that spoils the answer to one request, or to all from one on.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The second half of the body is missing, and the length says so.
    ShortBody,
    /// The body is followed by more, and the length says so.
    LongBody,
    /// The length is that of twice the body; the connection ends with the body.
    WrongLength,
    /// The connection ends in the middle of the body.
    Reset,
    /// The whole object where a part was asked for.
    RangeIgnored,
    /// Another part than the one that was asked for, says the head.
    WrongRange,
    /// Another version of the object, says the head.
    OtherETag,
    /// One byte of the body is another.
    OtherByte,
    /// 403, with the code of a token that has expired.
    Expired,
    /// 503 with the code of a server that has too much to do.
    Busy,
    /// A listing that goes on and does not say where.
    NoToken,
    /// A listing that goes on where it was.
    SameToken,
    /// A listing that ends in the middle.
    CutListing,
    /// No answer.
    Silence,
    /// Half of the body, then nothing more.
    Stall,
}

impl Fault {
    pub const ALL: [Self; 15] = [
        Self::ShortBody,
        Self::LongBody,
        Self::WrongLength,
        Self::Reset,
        Self::RangeIgnored,
        Self::WrongRange,
        Self::OtherETag,
        Self::OtherByte,
        Self::Expired,
        Self::Busy,
        Self::NoToken,
        Self::SameToken,
        Self::CutListing,
        Self::Silence,
        Self::Stall,
    ];

    /// Whether only a time limit ends the wait for the rest.
    pub fn hangs(self) -> bool {
        matches!(self, Self::Silence | Self::Stall)
    }
}

/// Which requests are answered with a fault.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub fault: Fault,
    /// The first of them, counted from 0.
    pub first: usize,
    /// How many there are.
    pub n_requests: usize,
    /// Whether the request before the first is broken off in its body, so that the fault meets its resumption.
    pub after_reset: bool,
}

impl Plan {
    pub fn once(fault: Fault, first: usize) -> Self {
        Self { fault, first, n_requests: 1, after_reset: false }
    }
}

/// The proxy; it stops when this is dropped. It gives objects entity tags in listings, too, and heeds `If-Match`,
/// which the server behind it does not.
pub struct FaultyProxy {
    pub endpoint: String,
    n_requests: Arc<AtomicUsize>,
    runtime: Option<Runtime>,
}

struct Shared {
    server: String,
    folder: PathBuf,
    plan: Option<Plan>,
    n_requests: Arc<AtomicUsize>,
}

impl FaultyProxy {
    /// Before the server at this address, whose buckets lie in `folder`.
    pub fn start(server: &str, folder: PathBuf, plan: Option<Plan>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener that does not block");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let n_requests = Arc::new(AtomicUsize::new(0));
        let server = server.trim_start_matches("http://").to_string();
        let shared = Arc::new(Shared { server, folder, plan, n_requests: Arc::clone(&n_requests) });
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, Arc::clone(&shared)));
            }
        });
        Self { endpoint, n_requests, runtime: Some(runtime) }
    }

    /// Requests so far.
    pub fn n_requests(&self) -> usize {
        self.n_requests.load(Ordering::SeqCst)
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The head of a request or an answer, and its body.
struct Message {
    head: String,
    body: Vec<u8>,
}

impl Message {
    async fn read(socket: &mut TcpStream, is_answer: bool) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if socket.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let body = bytes.split_off(end + 4);
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut message = Self { head, body };
        let expected = message.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while is_answer || message.body.len() < expected {
            if socket.read_buf(&mut message.body).await.ok()? == 0 {
                break;
            }
        }
        Some(message)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn set_header(&mut self, name: &str, value: &str) {
        let is_other = |line: &&str| !line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        let lines: Vec<&str> = self.head.lines().filter(is_other).collect();
        self.head = format!("{}\r\n{name}: {value}", lines.join("\r\n"));
    }

    fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    fn is_listing(&self) -> bool {
        self.path().contains("list-type=2")
    }
}

async fn pass_on(mut client: TcpStream, shared: Arc<Shared>) {
    let Some(request) = Message::read(&mut client, false).await else { return };
    let number = shared.n_requests.fetch_add(1, Ordering::SeqCst);
    let fault = shared.plan.and_then(|plan| match number {
        before if plan.after_reset && before + 1 == plan.first => Some(Fault::Reset),
        number if (plan.first..plan.first.saturating_add(plan.n_requests)).contains(&number) => Some(plan.fault),
        _ => None,
    });
    // What is refused is not done.
    let is_refused = fault == Some(Fault::Expired) && !request.head.starts_with("GET ");
    let asked =
        if is_refused { Some(Message { head: String::new(), body: Vec::new() }) } else { ask(&request, &shared).await };
    let Some(mut answer) = asked else { return };
    let length = answer.body.len();
    answer.set_header("content-length", &length.to_string());
    answer.set_header("connection", "close");
    let stalls = fault.is_some_and(|fault| spoil(fault, &request, &mut answer, &shared));
    if fault != Some(Fault::Silence) {
        // A client that hangs up is its own affair.
        let _ = client.write_all(format!("{}\r\n\r\n", answer.head).as_bytes()).await;
        let _ = client.write_all(&answer.body).await;
    }
    if stalls {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// The server's answer, as one that knows entity tags would give it.
async fn ask(request: &Message, shared: &Shared) -> Option<Message> {
    let mut server = TcpStream::connect(&shared.server).await.ok()?;
    // So that the body is sent as it is, up to the end of the connection.
    let head = request.head.replacen("HTTP/1.1", "HTTP/1.0", 1);
    server.write_all(format!("{head}\r\n\r\n").as_bytes()).await.ok()?;
    server.write_all(&request.body).await.ok()?;
    let mut answer = Message::read(&mut server, true).await?;
    answer.head = answer.head.replacen("HTTP/1.0", "HTTP/1.1", 1);
    if request.is_listing() {
        let text = String::from_utf8(std::mem::take(&mut answer.body)).ok()?;
        answer.body = with_tags(&text, &bucket_folder(request, shared)).into_bytes();
    } else if request.head.starts_with("GET ")
        && let Some(object) = object(request, shared)
    {
        let tag = tag(&object);
        answer.set_header("etag", &tag);
        if request.header("if-match").is_some_and(|wanted| wanted != tag) {
            refuse(&mut answer, "412 Precondition Failed", "PreconditionFailed");
        }
    }
    Some(answer)
}

/// The listing with the entity tag of every object, and with its key escaped as the listing says.
fn with_tags(listing: &str, bucket: &std::path::Path) -> String {
    let mut parts = listing.split("<Key>");
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (key, rest) = part.split_once("</Key>").expect("a key");
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
        let key = entities.iter().fold(key.to_string(), |key, (entity, plain)| key.replace(entity, plain));
        let bytes = std::fs::read(bucket.join(&key)).unwrap_or_default();
        let tag = tag(&bytes).replace('"', "&quot;");
        text.push_str(&format!("<Key>{}</Key><ETag>{tag}</ETag>{rest}", escaped(&key)));
    }
    text
}

fn escaped(key: &str) -> String {
    let escape = |byte: u8| match byte {
        b' ' => "+".to_string(),
        b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    key.bytes().map(escape).collect()
}

fn bucket_folder(request: &Message, shared: &Shared) -> PathBuf {
    let path = request.path().split('?').next().unwrap_or_default().trim_matches('/');
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("an escape"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    shared.folder.join(String::from_utf8(bytes).expect("a key"))
}

fn object(request: &Message, shared: &Shared) -> Option<Vec<u8>> {
    std::fs::read(bucket_folder(request, shared)).ok()
}

fn tag(bytes: &[u8]) -> String {
    let mut hash = DefaultHasher::new();
    bytes.hash(&mut hash);
    format!("\"{:016x}\"", hash.finish())
}

fn refuse(answer: &mut Message, status: &str, code: &str) {
    answer.body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>said so</Message></Error>").into();
    answer.head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}", answer.body.len());
}

/// Spoils an answer, if the fault is one of such answers; says whether nothing more is to come after it.
fn spoil(fault: Fault, request: &Message, answer: &mut Message, shared: &Shared) -> bool {
    let (half, is_part) = (answer.body.len() / 2, request.header("range").is_some());
    match fault {
        Fault::Silence => return true,
        Fault::Stall => {
            answer.body.truncate(half);
            return true;
        }
        Fault::Reset => answer.body.truncate(half),
        Fault::WrongLength => answer.set_header("content-length", &(2 * answer.body.len()).to_string()),
        Fault::Expired => refuse(answer, "403 Forbidden", "ExpiredToken"),
        Fault::Busy => refuse(answer, "503 Slow Down", "SlowDown"),
        Fault::NoToken | Fault::SameToken if request.is_listing() => {
            let token = if fault == Fault::SameToken { "<NextContinuationToken>0</NextContinuationToken>" } else { "" };
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let more = format!("<IsTruncated>true</IsTruncated>{token}");
            answer.body = text.replace("<IsTruncated>false</IsTruncated>", &more).into_bytes();
        }
        Fault::CutListing if request.is_listing() => {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            // Between two objects, or before the only one's end.
            let cut = text.rfind("<Contents>").unwrap_or(half);
            answer.body.truncate(cut);
        }
        _ if request.is_listing() => return false,
        Fault::ShortBody => answer.body.truncate(half),
        Fault::LongBody => answer.body.extend_from_within(..half),
        Fault::OtherETag => answer.set_header("etag", "\"0\""),
        Fault::OtherByte if half > 0 => answer.body[half] ^= 1,
        Fault::RangeIgnored if is_part => {
            answer.body = object(request, shared).unwrap_or_default();
            let tag = tag(&answer.body);
            answer.head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\netag: {tag}");
        }
        Fault::WrongRange if is_part => {
            answer.set_header("content-range", "bytes 0-0/1");
        }
        _ => return false,
    }
    if !matches!(fault, Fault::Reset | Fault::WrongLength) {
        answer.set_header("content-length", &answer.body.len().to_string());
    }
    false
}
