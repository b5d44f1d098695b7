//! A model server on loopback, as good or as bad as a test wants it.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a request is answered with: a status, a body.
pub type Answer = (u16, String);

/// A request: its path, the header that names the operation of an AWS service, its body.
pub struct Request {
    pub method: String,
    pub path: String,
    pub target: Option<String>,
    pub content_type: Option<String>,
    pub body: String,
}

/// The server; it stops answering with the test's process.
pub struct Model {
    pub url: String,
    n_requests: Arc<AtomicU64>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// Answers by `answer`, which is given the number of the request (pings not counted), too. No answer: the
    /// connection is cut.
    pub fn start(answer: impl Fn(u64, &Request) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let model = Self { url, n_requests: Arc::default(), requests: Arc::default() };
        let (n_requests, requests) = (model.n_requests.clone(), model.requests.clone());
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, n_requests, requests) = (answer.clone(), n_requests.clone(), requests.clone());
                thread::spawn(move || drop(serve(stream, &*answer, &n_requests, &requests)));
            }
        });
        model
    }

    /// A model of comma-separated rows: a line of scores for each.
    pub fn of_rows(score: impl Fn(&[&str]) -> String + Send + Sync + 'static) -> Self {
        Self::start(move |_, request| Some((200, scored(&request.body, &score))))
    }

    /// Requests so far, pings not counted.
    pub fn n_requests(&self) -> u64 {
        self.n_requests.load(Ordering::SeqCst)
    }

    /// Method and path of every request, with the operation where it names one.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no other test failed here").clone()
    }
}

/// An answer for each line.
pub fn scored(body: &str, score: impl Fn(&[&str]) -> String) -> String {
    body.lines().map(|line| score(&line.split(',').collect::<Vec<_>>()) + "\n").collect()
}

/// Takes longer than any limit of a test.
pub fn sleep() -> Option<Answer> {
    thread::sleep(Duration::from_secs(600));
    None
}

fn serve(
    stream: TcpStream,
    answer: &(dyn Fn(u64, &Request) -> Option<Answer> + Send + Sync),
    n_requests: &AtomicU64,
    requests: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(request) = read(&mut reader)? {
        let operation = request.target.as_ref().map(|target| format!(" {target}")).unwrap_or_default();
        requests
            .lock()
            .expect("no other test failed here")
            .push(format!("{} {}{operation}", request.method, request.path));
        let answered = if request.path == "/ping" {
            Some((200, String::new()))
        } else {
            answer(n_requests.fetch_add(1, Ordering::SeqCst), &request)
        };
        let Some((status, body)) = answered else { return Ok(()) };
        write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
        stream.flush()?;
    }
    Ok(())
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Request { method, path, target: None, content_type: None, body: String::new() };
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "x-amz-target" => request.target = Some(value.trim().to_owned()),
            "content-type" => request.content_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(request))
}
