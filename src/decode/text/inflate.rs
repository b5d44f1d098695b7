//! Gzip decompression (RFC 1952), step by step: members follow one another as one text, and damage in one of them
//! costs only that member.
//!
//! Damage shows late, and what was inflated meanwhile looks like text. So what a member unfolds to is held back until
//! its checksum fits, or until there is too much of it; then it may turn out to be wrong. Behind the damage the next member is looked for by its header.

use std::io::Write;

use flate2::write::GzDecoder;

use crate::decode::reason::Reason;

/// First bytes of a member (section 2.3.1).
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Compressed bytes that are inflated at a time: deflate gains a factor of at most 1,032
/// (zlib's technical details), so that one step yields at most 2.1 MB.
pub const STEP: usize = 2 << 10;

/// Bytes of a header that every member has.
const HEADER: usize = 10;
/// Most bytes of what a member unfolds to that are held back.
const MOST_HELD: usize = 4 << 20;
/// Bytes that are still held back of a member that holds more: more than one block of deflate, as most programs write
/// it. Damage often shows where its block ends.
const LEAST_HELD: usize = 512 << 10;
/// Most bytes that are kept of what may be further members.
const AHEAD: usize = 64 << 10;

/// A part of the compressed data that is lost. It stands before all that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub reason: Reason,
    /// Compressed bytes that are lost.
    pub n_lost: u64,
    /// Compressed bytes of the same member whose text was let go, though nobody knows whether it is right or whole.
    pub n_doubtful: u64,
    /// Whether a line begins behind it; else nobody knows.
    pub begins_line: bool,
}

/// Inflates gzip data.
pub struct Inflate {
    /// Bytes that wait until there are enough for a step.
    input: Vec<u8>,
    /// The member in the making; it holds what is held back.
    member: GzDecoder<Vec<u8>>,
    state: State,
    /// Compressed bytes of the member so far, and the last four of them as a number.
    n_taken: u64,
    last_four: u32,
    /// Bytes that were let go of what the member unfolds to, and whether the last one ended a line.
    n_released: u64,
    has_ended_line: bool,
    /// The bytes from the place on where the next member may begin, while one is in the making or looked for.
    ahead: Vec<u8>,
    /// How many bytes came in, and how many were taken more than once.
    n_input: u64,
    n_again: u64,
    /// What is lost before the next byte that is let go.
    gap: Option<Gap>,
    boundaries: Boundaries,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Inflating,
    /// The member is whole, and what it holds back can be let go.
    Whole,
    /// The member ends with the data, too early.
    Cut,
    /// The next member is looked for.
    Searching,
    Done,
}

/// Where members end, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Boundaries {
    Unknown,
    BetweenLines,
    WithinLines,
}

impl Default for Inflate {
    fn default() -> Self {
        Self {
            input: Vec::new(),
            member: GzDecoder::new(Vec::new()),
            state: State::Inflating,
            n_taken: 0,
            last_four: 0,
            n_released: 0,
            has_ended_line: true,
            ahead: Vec::new(),
            n_input: 0,
            n_again: 0,
            gap: None,
            boundaries: Boundaries::Unknown,
        }
    }
}

impl Inflate {
    /// Takes a first part of `block`, no more than a step, and appends to `plain` what it means; how long it is, and
    /// what is lost behind what was appended. Where blocks end makes no difference.
    pub fn push(&mut self, block: &[u8], plain: &mut Vec<u8>) -> (usize, Option<Gap>) {
        let n = block.len().min(STEP.saturating_sub(self.input.len()));
        self.input.extend_from_slice(&block[..n]);
        self.n_input += n as u64;
        (n, if self.has_more() { self.step(plain) } else { None })
    }

    /// Whether there is enough for a step without further bytes.
    pub fn has_more(&self) -> bool {
        self.input.len() >= STEP
    }

    /// Appends to `plain` what comes of the last bytes, and says what is lost behind it. Call it until there is nothing.
    pub fn finish(&mut self, plain: &mut Vec<u8>) -> Option<Gap> {
        loop {
            while !self.input.is_empty() {
                let gap = self.step(plain);
                if gap.is_some() {
                    return gap;
                }
            }
            match self.state {
                State::Inflating if self.n_taken > 0 => self.end_last(),
                State::Searching if self.ahead.len() >= HEADER => self.search(&[]),
                State::Searching => {
                    let n_lost = std::mem::take(&mut self.ahead).len() as u64;
                    self.gap.iter_mut().for_each(|gap| gap.n_lost += n_lost);
                    self.state = State::Done;
                    return self.take_gap();
                }
                State::Whole | State::Cut if self.gap.is_some() => return self.take_gap(),
                State::Whole | State::Cut => {
                    self.release(0, plain);
                    let cut =
                        Gap { reason: Reason::Truncated, n_lost: 0, n_doubtful: self.n_taken, begins_line: false };
                    let is_cut = self.state == State::Cut;
                    self.state = State::Done;
                    return is_cut.then_some(cut);
                }
                State::Inflating | State::Done => return None,
            }
        }
    }

    /// Takes a step, or as much of it as stands before what is lost.
    fn step(&mut self, plain: &mut Vec<u8>) -> Option<Gap> {
        let later = self.input.split_off(self.input.len().min(STEP));
        let step = std::mem::replace(&mut self.input, later);
        let mut at = 0;
        while at < step.len() {
            let rest = &step[at..];
            match self.state {
                State::Whole if self.gap.is_some() => {
                    self.input.splice(0..0, rest.iter().copied());
                    return self.take_gap();
                }
                State::Whole => {
                    self.release(0, plain);
                    self.begin();
                }
                State::Searching => {
                    self.search(rest);
                    at = step.len();
                }
                State::Inflating | State::Cut | State::Done => at += self.inflate(rest),
            }
        }
        if self.member.get_ref().len() >= MOST_HELD {
            if self.gap.is_some() {
                return self.take_gap();
            }
            self.release(LEAST_HELD, plain);
        }
        None
    }

    /// Inflates a first part of `bytes`; how long it is.
    fn inflate(&mut self, bytes: &[u8]) -> usize {
        match self.member.write(bytes) {
            // The member ends before these bytes.
            Ok(0) => {
                match self.member.try_finish() {
                    Ok(()) => self.end(),
                    Err(_) => self.break_off(),
                }
                0
            }
            Ok(n) => {
                self.look_ahead(&bytes[..n]);
                let last = &bytes[n.saturating_sub(size_of::<u32>())..n];
                self.last_four = last.iter().fold(self.last_four, |four, byte| four >> 8 | u32::from(*byte) << 24);
                self.n_taken += n as u64;
                n
            }
            Err(_) => {
                // What is no member begins none.
                let n_skipped = usize::from(self.n_taken == 0);
                self.n_taken += n_skipped as u64;
                self.break_off();
                n_skipped
            }
        }
    }

    /// Ends a member that another one follows.
    fn end(&mut self) {
        self.state = State::Whole;
        let held = self.member.get_ref();
        let has_text = self.n_released > 0 || !held.is_empty();
        let ends_line = held.last().map_or(self.has_ended_line, |last| *last == b'\n');
        self.boundaries = match self.boundaries {
            Boundaries::WithinLines => Boundaries::WithinLines,
            _ if self.is_block() || has_text && !ends_line => Boundaries::WithinLines,
            _ if has_text => Boundaries::BetweenLines,
            unknown => unknown,
        };
    }

    /// Ends the last member, which may be cut.
    fn end_last(&mut self) {
        // All that comes of the bytes so far; if they are damaged, that shows now.
        let _ = self.member.flush();
        let n_held = self.member.get_ref().len();
        // A member that is whole takes no further byte.
        let is_whole = matches!(self.member.write(&[0]), Ok(0));
        if is_whole && self.member.try_finish().is_ok() {
            self.state = State::Whole;
            return;
        }
        self.member.get_mut().truncate(n_held);
        let holds_another = self.ahead.len() >= HEADER;
        if is_whole || holds_another || self.has_length() { self.break_off() } else { self.state = State::Cut }
    }

    /// Whether the last member, which does not end, has its last bytes all the same: they say how long its text is
    /// (section 2.3.1, ISIZE). Then it is not cut, but damaged so that its end was missed; what comes of it is about as
    /// long as the text, since it is made of the same symbols. Of members that are cut, few end so by chance: 8 in a
    /// thousand where the text has 4 MB.
    fn has_length(&self) -> bool {
        let (told, found) = (u64::from(self.last_four), self.n_released + self.member.get_ref().len() as u64);
        found > 0 && (told == 0 || (found / 8..=found * 8).contains(&told))
    }

    /// Whether the member says more of itself than others do: those that hold blocks of one size do, wherever lines end.
    fn is_block(&self) -> bool {
        self.member.header().is_some_and(|header| header.extra().is_some())
    }

    /// Begins a member.
    fn begin(&mut self) {
        let mut held = std::mem::take(self.member.get_mut());
        held.clear();
        self.member = GzDecoder::new(held);
        self.state = State::Inflating;
        (self.n_taken, self.n_released) = (0, 0);
        self.ahead.clear();
    }

    /// Lets go of what is held back, but for its last bytes.
    fn release(&mut self, n_kept: usize, plain: &mut Vec<u8>) {
        let held = self.member.get_mut();
        let n = held.len().saturating_sub(n_kept);
        plain.extend_from_slice(&held[..n]);
        self.has_ended_line = held[..n].last().map_or(self.has_ended_line, |last| *last == b'\n');
        held.drain(..n);
        self.n_released += n as u64;
    }

    /// Leaves a damaged member: what is held back is lost, and what was let go may be wrong.
    fn break_off(&mut self) {
        let held = self.member.get_mut();
        let (n_held, n_text) = (held.len() as u64, held.len() as u64 + self.n_released);
        held.clear();
        let share = (u128::from(self.n_taken) * u128::from(n_held)).checked_div(u128::from(n_text));
        let n_lost = share.and_then(|share| u64::try_from(share).ok()).unwrap_or(self.n_taken);
        let gap = self.gap.get_or_insert(Gap { reason: Reason::Corrupt, n_lost: 0, n_doubtful: 0, begins_line: false });
        gap.n_lost += n_lost;
        gap.n_doubtful += self.n_taken - n_lost;
        self.n_taken = 0;
        self.state = State::Searching;
        // It may have taken others for its own; looking at everything over and over is no way to find them.
        let n_ahead = self.ahead.len() as u64;
        if self.n_again + n_ahead <= self.n_input {
            self.n_again += n_ahead;
            gap.n_lost = gap.n_lost.saturating_sub(n_ahead);
        } else {
            self.ahead.clear();
        }
    }

    fn take_gap(&mut self) -> Option<Gap> {
        let begins_line = self.boundaries == Boundaries::BetweenLines && !self.is_block();
        self.gap.take().map(|gap| Gap { begins_line, n_lost: gap.n_lost.max(1), ..gap })
    }

    /// Keeps the bytes from the next place on where another member may begin.
    fn look_ahead(&mut self, bytes: &[u8]) {
        self.ahead.extend_from_slice(bytes);
        // The member itself is none, and one that is followed by so much is not known to end.
        let is_none = self.n_taken == 0 || self.ahead.len() > AHEAD;
        let at = next_header(&self.ahead, usize::from(is_none));
        self.ahead.drain(..at);
    }

    /// Looks for the next member; what stands before it is lost.
    fn search(&mut self, bytes: &[u8]) {
        self.ahead.extend_from_slice(bytes);
        let at = next_header(&self.ahead, 0);
        self.ahead.drain(..at);
        self.gap.iter_mut().for_each(|gap| gap.n_lost += at as u64);
        if self.ahead.len() >= HEADER {
            self.input.splice(0..0, std::mem::take(&mut self.ahead));
            self.begin();
        }
    }
}

/// The first place, from `start` on, where a header may begin, if only its first bytes are there; else the end.
fn next_header(bytes: &[u8], start: usize) -> usize {
    let places = memchr::memchr_iter(MAGIC[0], &bytes[start..]);
    places.map(|at| start + at).find(|at| may_be_header(&bytes[*at..])).unwrap_or(bytes.len())
}

/// Whether a header begins so (section 2.3.1): deflate, no unknown flags, a level and a system that are known.
fn may_be_header(bytes: &[u8]) -> bool {
    let is = |place: usize, is_known: fn(u8) -> bool| bytes.get(place).is_none_or(|byte| is_known(*byte));
    let begins = MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]);
    begins
        && is(2, |method| method == 8)
        && is(3, |flags| flags & 0xe0 == 0)
        && is(8, |level| matches!(level, 0 | 2 | 4))
        && is(9, |system| system <= 13 || system == 255)
}
