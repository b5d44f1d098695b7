//! Foreign formats: files that are nothing that a job may say they are, told by their first bytes.

use crate::decode::framing::appearance::{is_manifest, is_utf_16};
use crate::decode::reason::{Reason, SkipReason};
use crate::decode::settings::format::Format;

/// Bytes of a file's beginning among which one is no text's.
const FIRST_BYTES: usize = 256;
/// An entry that every Office file has.
const OFFICE_ENTRY: &[u8] = b"[Content_Types].xml";
const ZIP: &[u8] = b"PK\x03\x04";

/// First bytes of files, and what begins so (the formats' own specifications).
const FORMATS: [(&[u8], &str); 20] = [
    (ZIP, "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive without files"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file, such as an Excel workbook (.xls)"),
    (b"\x1f\x8b\x08", "packed with gzip twice"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
    (b"\xff\x06\x00\x00sNaPpY", "packed with snappy"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1\x00\x00", "an Arrow file, such as Feather"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x93NUMPY", "an array of NumPy (.npy)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x80\x02", PICKLE),
    (b"\x80\x03", PICKLE),
    (b"\x80\x04", PICKLE),
    (b"\x80\x05", PICKLE),
];
const PICKLE: &str = "a pickled Python object";
/// First characters of files of text that hold no rows, in whatever case, and what begins so.
const TEXTS: [(&[u8], &str); 7] = [
    (b"<html", HTML),
    (b"<!doctype html", HTML),
    (b"<?xml", "an XML document"),
    (b"version https://git-lfs.github.com/spec/", "a pointer of Git LFS, in place of the file"),
    (b"(lp0\n", PICKLE),
    (b"(dp0\n", PICKLE),
    (b"ccopy_reg\n_reconstructor\n", PICKLE),
];
const HTML: &str = "an HTML page";

/// Why an object is not read.
pub enum NotRead {
    /// It is no data.
    Skipped(SkipReason),
    /// It cannot be read, being what the text says.
    Lost(Reason, Option<&'static str>),
}

/// Why an object that begins with these bytes is not read; `None` where it is.
pub fn not_read(format: &Format, head: &[u8]) -> Option<NotRead> {
    if head.is_empty() {
        return Some(NotRead::Skipped(SkipReason::Empty));
    }
    if *format != Format::GroundTruth && is_manifest(head) {
        return Some(NotRead::Skipped(SkipReason::BatchManifest));
    }
    if is_utf_16(head) {
        return Some(NotRead::Lost(Reason::Utf16, None));
    }
    foreign_format(head).map(|name| NotRead::Lost(Reason::ForeignFormat, Some(name)))
}

/// What a file is that begins with these bytes, gzip taken off; `None` where it may be text.
fn foreign_format(head: &[u8]) -> Option<&'static str> {
    let text = head.trim_ascii_start();
    let begins = |start: &[u8]| text.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start));
    if let Some((_, name)) = TEXTS.into_iter().find(|(start, _)| begins(start)) {
        return Some(name);
    }
    let is_of_no_text = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t'..=b'\r' | 0x1b);
    if !head.iter().take(FIRST_BYTES).any(is_of_no_text) {
        return None;
    }
    let (magic, name) = FORMATS.into_iter().find(|(magic, _)| head.starts_with(magic))?;
    let is_office = magic == ZIP && memchr::memmem::find(head, OFFICE_ENTRY).is_some();
    Some(if is_office { "an Office file, such as an Excel workbook (.xlsx)" } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes_and_tables_are_never_any() {
        let cases: [(&[u8], Option<&str>); 18] = [
            (b"\n<HTML lang=\"en\">\n", Some(HTML)),
            (b"<!DOCTYPE html>", Some(HTML)),
            (b"<?xml version=\"1.0\"?>", Some("an XML document")),
            (b"(dp0\nS'a'\n", Some(PICKLE)),
            (b"version https://git-lfs.github.com/spec/v1\n", Some("a pointer of Git LFS, in place of the file")),
            (b"version,b\n1,2\n", None),
            (b"PK\x03\x04\x14\x00\x00\x00data.csv", Some("a ZIP archive")),
            (
                b"PK\x03\x04\x14\x00\x00\x00[Content_Types].xml",
                Some("an Office file, such as an Excel workbook (.xlsx)"),
            ),
            (b"\x80\x04\x95\x10\x00", Some(PICKLE)),
            (b"ORC\n\x00\x12", Some("an ORC file")),
            (b"Obj\x01\x04\x16avro.schema", Some("an Avro file")),
            (b"PAR1\x15\x04", Some("a Parquet file")),
            (b"ORC,PAR1\n1,2\n", None),
            (b"PAR1,b\n1,2\n", None),
            (b"BZh,b\r\n1,\t2\n", None),
            (b"a,b\n\x00\x00", None),
            (b"", None),
            ("\u{feff}a,b\n".as_bytes(), None),
        ];
        for (head, expected) in cases {
            assert_eq!(foreign_format(head), expected, "{head:?}");
        }
    }
}
