//! Valid text: how far bytes are UTF-8, looked at for many short records at once.

/// Bytes that are looked at together for whether they are text.
const WINDOW: usize = 64 << 10;

/// Valid text from a place on.
pub struct ValidText<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

impl<'a> ValidText<'a> {
    /// From `start` on, as far as a window, or `needed_end`, reaches.
    pub fn from(bytes: &'a [u8], start: usize, needed_end: usize) -> Self {
        let end = bytes.len().min(needed_end.max(start + WINDOW));
        let text = match std::str::from_utf8(&bytes[start..end]) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[start..start + error.valid_up_to()]).unwrap_or_default(),
        };
        Self { text, start, end: start + text.len() }
    }
}
