//! Quoting of a CSV table: how quotes inside its cells are written, told by its first records once for all of them.

use std::collections::BTreeMap;

use crate::decode::text::csv::{Dialect, Escapes, Scan, record_of};

/// How a table is divided that begins with `head`, all of it where `is_whole`, and has this byte between its cells.
///
/// Where a backslash stands before a quote, the reading counts by which most records have the same number of cells.
/// Where that does not tell, each cell does ([`Escapes::ByContext`]), unless a quote behind a backslash is followed by
/// text: only a writer that escapes by backslashes leaves it so.
pub fn dialect(head: &[u8], is_whole: bool, delimiter: u8) -> Dialect {
    let of = |escapes| Dialect::of(delimiter).with_escapes(escapes);
    if memchr::memmem::find(head, b"\\\"").is_none() {
        return of(Escapes::ByContext);
    }
    let fitting = |escapes| n_fitting(&of(escapes), head, is_whole);
    let [doubled, by_context, backslash] = [Escapes::Doubled, Escapes::ByContext, Escapes::Backslash].map(fitting);
    of(
        if backslash > doubled.max(by_context) || (backslash >= doubled.max(by_context) && has_escaped(head, delimiter))
        {
            Escapes::Backslash
        } else if doubled > by_context {
            Escapes::Doubled
        } else {
            Escapes::ByContext
        },
    )
}

/// Records that have as many cells as most have.
fn n_fitting(dialect: &Dialect, head: &[u8], is_whole: bool) -> u64 {
    let (mut at, mut cells, mut by_width) = (0, Vec::new(), BTreeMap::<usize, u64>::new());
    while at < head.len() {
        let Scan::Record(next) = record_of(dialect, head, at, is_whole, &mut cells) else { break };
        *by_width.entry(cells.len()).or_default() += 1;
        at = next;
    }
    by_width.into_values().max().unwrap_or(0)
}

/// Whether text follows a quote that stands alone behind one backslash.
fn has_escaped(head: &[u8], delimiter: u8) -> bool {
    head.windows(4).any(|bytes| {
        let is_text = |byte: u8| ![b'"', b'\n', b'\r', delimiter].contains(&byte);
        bytes[0] != b'\\' && bytes[1..3] == *b"\\\"" && is_text(bytes[3])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_records_tell_how_quotes_are_written() {
        let spark = "a,b\n\"say \\\"hi\\\", ok\",1\nx,2\n\"y\\\"z\",3\n";
        let paths = "path,n\n\"C:\\dir, 0\\\",0\n\"C:\\dir, 1\\\",1\n";
        let json =
            "doc,n\n\"{\"\"p\"\":\"\"C:\\\\\"\",\"\"q\"\":1}\",1\n\"{\"\"p\"\":\"\"D:\\\\\"\",\"\"q\"\":1}\",2\n";
        let cases = [
            (spark, Escapes::Backslash),
            ("a,b\n\"5\\\" tube\",1\n", Escapes::Backslash),
            (paths, Escapes::ByContext),
            (json, Escapes::Doubled),
            ("a,b\n\"say \"\"hi\"\"\",1\n", Escapes::ByContext),
            ("a,b\nx\\y,1\n", Escapes::ByContext),
            ("a\n\"x\\\"\n", Escapes::ByContext),
        ];
        for (text, expected) in cases {
            let found = dialect(text.as_bytes(), true, b',');
            assert_eq!(format!("{found:?}"), format!("{:?}", Dialect::of(b',').with_escapes(expected)), "{text}");
        }
    }
}
