//! A model server for tests: raw answers, written by a rule, and what was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a server does with a request.
pub(super) enum Deed {
    /// Answers and keeps the connection.
    Answer(Vec<u8>),
    /// Writes this and closes the connection.
    Close(Vec<u8>),
    /// Writes this over and over, until nobody takes it.
    Repeat(Vec<u8>, Vec<u8>),
    /// Does nothing until the other side closes the connection.
    Hang,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Method and path.
    pub line: String,
    /// In small letters.
    pub headers: Vec<String>,
    pub body: String,
}

type Rule = dyn Fn(usize, &Seen) -> Deed + Send + Sync;

/// Listens on loopback until it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    is_closed: Arc<AtomicBool>,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    pub n_connections: Arc<AtomicUsize>,
}

impl Server {
    /// A server that is ready and answers invocations by a rule; it is told how many came before.
    pub fn ready(rule: impl Fn(usize, &Seen) -> Deed + Send + Sync + 'static) -> Self {
        let n_invocations = AtomicUsize::new(0);
        Self::by(move |_, seen| match seen.line.starts_with("GET /ping") {
            true => answer(200, ""),
            false => rule(n_invocations.fetch_add(1, Ordering::SeqCst), seen),
        })
    }

    pub fn by(rule: impl Fn(usize, &Seen) -> Deed + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            is_closed: Arc::default(),
            seen: Arc::default(),
            n_connections: Arc::default(),
        };
        let (is_closed, seen, n) = (server.is_closed.clone(), server.seen.clone(), server.n_connections.clone());
        let rule: Arc<Rule> = Arc::new(rule);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_closed.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                n.fetch_add(1, Ordering::SeqCst);
                let (rule, seen) = (rule.clone(), seen.clone());
                thread::spawn(move || serve(&stream, &*rule, &seen));
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("requests").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// An answer with a length.
pub(super) fn answer(status: u16, body: &str) -> Deed {
    Deed::Answer(format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

fn serve(mut stream: &TcpStream, rule: &Rule, all: &Mutex<Vec<Seen>>) {
    let mut reader = BufReader::new(stream);
    while let Some(seen) = request(&mut reader) {
        let number = {
            let mut all = all.lock().expect("requests");
            all.push(seen.clone());
            all.len() - 1
        };
        match rule(number, &seen) {
            Deed::Answer(bytes) => {
                if stream.write_all(&bytes).is_err() {
                    return;
                }
            }
            Deed::Close(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Deed::Repeat(head, part) => {
                let mut result = stream.write_all(&head);
                while result.is_ok() {
                    result = stream.write_all(&part);
                }
                return;
            }
            Deed::Hang => {
                let _ = reader.read_to_end(&mut Vec::new());
                return;
            }
        }
    }
}

fn request(reader: &mut impl BufRead) -> Option<Seen> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: Vec<String> = lines.iter().skip(1).map(|line| line.to_lowercase()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { line: lines.first()?.clone(), headers, body: String::from_utf8_lossy(&body).into_owned() })
}
