//! Head of an object: what its first bytes tell before it is read.

use std::collections::BTreeSet;

use crate::decode::formats::survey::{Survey, survey};
use crate::decode::object::{BYTE_ORDER_MARK, ObjectDecoder};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::positions::Widths;
use crate::decode::text::inflate::{self, Inflate};

/// Bytes of an object that are looked at before they are read.
pub const SURVEYED: usize = 1 << 20;

/// How wide the rows of captures are that begin with these bytes, as they lie in the store, and the variants that their
/// metadata name.
pub fn surveyed(settings: &Settings, head: &[u8], is_whole: bool) -> (Widths, BTreeSet<String>) {
    let Format::Capture(sides) = &settings.format else { return Default::default() };
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
    let Survey { widths, variants, .. } = survey(plain, is_whole, sides, settings);
    (widths, variants)
}

/// Names of the cells in the first records of an object that begins with these bytes.
pub fn column_names(object: &str, settings: Settings, head: &[u8]) -> Vec<String> {
    let (mut decoder, mut rest) = (ObjectDecoder::new(object, settings), head);
    while (!rest.is_empty() || decoder.has_more()) && decoder.column_names().is_empty() {
        rest = &rest[decoder.push(rest)..];
    }
    if decoder.column_names().is_empty() {
        decoder.finish();
    }
    decoder.column_names()
}
