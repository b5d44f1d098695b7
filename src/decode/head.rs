//! Head of an object: what its first bytes tell before it is read.

use crate::decode::formats::survey::survey;
use crate::decode::object::BYTE_ORDER_MARK;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::positions::Widths;
use crate::decode::text::inflate::{self, Inflate};

/// Bytes of an object that are looked at for how wide rows are.
pub const SURVEYED: usize = 1 << 20;

/// How wide the rows of captures are that begin with these bytes, as they lie in the store.
pub fn widths(settings: &Settings, head: &[u8], is_whole: bool) -> Widths {
    let Format::Capture(sides) = &settings.format else { return Widths::default() };
    let mut plain = Vec::new();
    if head.starts_with(&inflate::MAGIC) {
        let (mut inflate, mut rest) = (Inflate::default(), head);
        let mut gap = None;
        while gap.is_none() && !rest.is_empty() && plain.len() < SURVEYED {
            let (n_taken, lost) = inflate.push(rest, &mut plain);
            (rest, gap) = (&rest[n_taken..], lost);
        }
        if gap.is_none() && rest.is_empty() {
            inflate.finish(&mut plain);
        }
    } else {
        plain.extend_from_slice(head);
    }
    let is_whole = is_whole && plain.len() <= SURVEYED;
    plain.truncate(SURVEYED);
    let plain = plain.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&plain);
    survey(plain, is_whole, sides, settings).widths
}
