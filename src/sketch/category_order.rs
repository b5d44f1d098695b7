//! Category order of AWS's files: that in which a Scala 2.12 immutable map is walked.
//!
//! A map of more than four entries is a hash trie; its keys come in the order of their improved
//! hash, five bits at a time from the low end (Scala standard library, `HashMap.scala` and
//! `MurmurHash3.scala`, Apache-2.0). Equal hashes are ordered by UTF-16 text here.

/// Keys of a map of more than four texts, in its order.
pub fn map_order<T: AsRef<str>>(keys: &mut [T]) {
    keys.sort_by(|a, b| {
        let (a, b) = (a.as_ref(), b.as_ref());
        trie_key(string_hash(a)).cmp(&trie_key(string_hash(b))).then_with(|| a.encode_utf16().cmp(b.encode_utf16()))
    });
}

/// Sorts the categories of `column` by the text that `text` reads off each: by the hash of the text
/// when there are more than four, otherwise by the hash of the pair of column and text.
pub fn category_order<T>(column: &str, categories: &mut [T], text: impl Fn(&T) -> &str) {
    let many = categories.len() > 4;
    let key = |text: &str| trie_key(if many { string_hash(text) } else { pair_hash(column, text) });
    categories.sort_by(|a, b| {
        let (a, b) = (text(a), text(b));
        key(a).cmp(&key(b)).then_with(|| a.encode_utf16().cmp(b.encode_utf16()))
    });
}

/// Java's `String.hashCode`.
fn string_hash(text: &str) -> u32 {
    text.encode_utf16().fold(0, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

/// Scala's `MurmurHash3.productHash` of a pair of texts.
fn pair_hash(first: &str, second: &str) -> u32 {
    let mut hash = 0xCAFE_BABE_u32;
    for text in [first, second] {
        let k = string_hash(text).wrapping_mul(0xCC9E_2D51).rotate_left(15).wrapping_mul(0x1B87_3593);
        hash = (hash ^ k).rotate_left(13).wrapping_mul(5).wrapping_add(0xE654_6B64);
    }
    hash ^= 2;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}

/// The hash as the trie spreads it, its groups of five bits in reverse, so that it sorts as walked.
fn trie_key(hash: u32) -> u64 {
    let mut h = hash.wrapping_add(!(hash << 9));
    h ^= h >> 14;
    h = h.wrapping_add(h << 4);
    h ^= h >> 10;
    (0..7).fold(0, |key, group| (key << 5) | u64::from((h >> (5 * group)) & 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_names_come_as_in_published_violations() {
        let mut names = [
            "accuracy",
            "auc",
            "f1",
            "f2",
            "falseNegativeRate",
            "falsePositiveRate",
            "precision",
            "recall",
            "trueNegativeRate",
            "truePositiveRate",
        ];
        map_order(&mut names);
        let published = [
            "auc",
            "precision",
            "truePositiveRate",
            "f1",
            "accuracy",
            "falsePositiveRate",
            "trueNegativeRate",
            "falseNegativeRate",
            "recall",
            "f2",
        ];
        assert_eq!(names, published);
    }

    #[test]
    fn hashes_are_java_s() {
        assert_eq!(string_hash(""), 0);
        assert_eq!(string_hash("hello"), 99_162_322);
        assert_eq!(string_hash("Aa"), string_hash("BB"));
    }

    #[test]
    fn equal_hashes_are_ordered_by_text() {
        let mut names = ["BB", "Aa"];
        map_order(&mut names);
        assert_eq!(names, ["Aa", "BB"]);
    }
}
