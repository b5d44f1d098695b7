//! Queue of log lines: a thread of its own writes them to standard error, so that one that is full, closed or not read
//! holds nothing up.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Bytes of lines that wait at most; what comes then is dropped.
const MAX_BYTES: usize = 1 << 20;
/// How long the end of the program waits for a line to be taken, and for all of them.
const TIME_FOR_A_LINE: Duration = Duration::from_millis(250);
const TIME_FOR_ALL: Duration = Duration::from_millis(800);
/// How long a standard error that takes nothing for the moment is left alone.
const PAUSE: Duration = Duration::from_millis(5);

/// The queue of the program.
pub static LOG: LogQueue = LogQueue {
    state: Mutex::new(State {
        lines: VecDeque::new(),
        n_bytes: 0,
        n_dropped: 0,
        n_written: 0,
        is_writing: false,
        told: None,
    }),
    changed: Condvar::new(),
};

pub struct LogQueue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    lines: VecDeque<Vec<u8>>,
    /// In the lines.
    n_bytes: usize,
    /// Lines that were dropped and not told of.
    n_dropped: u64,
    /// Lines that were taken from the queue and written, or could not be.
    n_written: u64,
    is_writing: bool,
    /// Makes the line that tells how many lines were dropped. Without it there is no thread: lines are written at once.
    told: Option<fn(u64) -> String>,
}

impl LogQueue {
    /// Starts the thread. `told` makes the line that tells how many were dropped. Where no thread can be started, lines
    /// are written by whoever has something to say.
    pub fn start(&'static self, told: fn(u64) -> String) {
        let mut state = self.lock();
        let started = state.told.is_none()
            && thread::Builder::new().name("log".to_owned()).spawn(|| self.write_all(&mut io::stderr())).is_ok();
        if started {
            state.told = Some(told);
        }
    }

    /// Takes a line, or drops it.
    pub fn push(&self, line: Vec<u8>) {
        let mut state = self.lock();
        if state.told.is_none() {
            drop(state);
            let _ = io::stderr().write_all(&line);
        } else if state.n_bytes + line.len() > MAX_BYTES {
            state.n_dropped += 1;
        } else {
            state.n_bytes += line.len();
            state.lines.push_back(line);
            self.changed.notify_all();
        }
    }

    /// Waits until all lines are written, but no longer than standard error takes any.
    pub fn finish(&self) {
        let begun = Instant::now();
        let mut state = self.lock();
        while state.told.is_some() && (state.is_writing || !state.lines.is_empty()) && begun.elapsed() < TIME_FOR_ALL {
            let n_written = state.n_written;
            let waited = self.changed.wait_timeout_while(state, TIME_FOR_A_LINE, |state| state.n_written == n_written);
            let (next, time) = waited.unwrap_or_else(PoisonError::into_inner);
            if time.timed_out() {
                return;
            }
            state = next;
        }
    }

    /// Writes lines as they come, for ever.
    fn write_all(&self, output: &mut impl Write) {
        loop {
            let line = self.next();
            let is_written = write_line(output, &line).is_ok();
            let mut state = self.lock();
            state.n_dropped += u64::from(!is_written);
            state.n_written += 1;
            state.is_writing = false;
            self.changed.notify_all();
        }
    }

    /// Waits for a line. Once there is room again, how many were dropped comes first.
    fn next(&self) -> Vec<u8> {
        let waited = self.changed.wait_while(self.lock(), |state| state.lines.is_empty());
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        let n_dropped = std::mem::take(&mut state.n_dropped);
        let told = state.told.filter(|_| n_dropped > 0).map(|told| told(n_dropped));
        let mut line = told.map(String::into_bytes).unwrap_or_default();
        let next = state.lines.pop_front().unwrap_or_default();
        state.n_bytes -= next.len();
        line.extend(next);
        line
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a line whole. One that would block, because whoever reads made it so, is tried again.
fn write_line(output: &mut impl Write, mut line: &[u8]) -> io::Result<()> {
    while !line.is_empty() {
        match output.write(line) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => line = &line[n..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) => return Err(error),
        }
    }
    output.flush()
}

/// A line in the making.
#[derive(Default)]
pub struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            LOG.push(std::mem::take(&mut self.0));
        }
    }
}

/// Gives lines to whoever logs.
pub struct ToLog;

impl MakeWriter<'_> for ToLog {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> LogQueue {
        let told: fn(u64) -> String = |n| format!("{n} dropped\n");
        let state = State {
            lines: VecDeque::new(),
            n_bytes: 0,
            n_dropped: 0,
            n_written: 0,
            is_writing: false,
            told: Some(told),
        };
        LogQueue { state: Mutex::new(state), changed: Condvar::new() }
    }

    #[test]
    fn what_there_is_no_room_for_is_dropped_and_counted() {
        let queue = queue();
        queue.push(vec![b'a'; MAX_BYTES - 1]);
        queue.push(b"bb".to_vec());
        queue.push(b"cc".to_vec());
        queue.push(b"d".to_vec());
        let first = queue.next();
        assert!(first.starts_with(b"2 dropped\naaa") && first.len() == MAX_BYTES + 9);
        assert_eq!(queue.next(), b"d");
    }

    #[test]
    fn the_end_waits_for_nobody_who_takes_nothing() {
        let queue = queue();
        queue.finish();
        queue.push(b"line".to_vec());
        queue.finish();
        assert_eq!(queue.next(), b"line", "it waits still");
    }

    /// Takes one byte at a time, and none every other time.
    struct Slow(Vec<u8>, bool);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.0.push(bytes[0]);
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_written_whole_however_slowly_it_is_taken() {
        let mut slow = Slow(Vec::new(), false);
        write_line(&mut slow, b"line\n").expect("a line");
        assert_eq!(slow.0, b"line\n");
    }
}
