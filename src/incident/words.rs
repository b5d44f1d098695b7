//! Words of sentences: shares, and names of several features.

/// Most features that a sentence names.
const MAX_NAMED: usize = 5;

/// A share in per cent.
pub(super) fn per_cent(share: f64) -> String {
    let value = 100.0 * share;
    if value == 0.0 || value >= 0.1 { format!("{value:.1} %") } else { "less than 0.1 %".to_owned() }
}

/// The first of these names, and how many more there are.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let n_more = names.len().saturating_sub(MAX_NAMED);
    let shown: Vec<&str> = names.take(MAX_NAMED).collect();
    let shown = shown.join(", ");
    if n_more > 0 { format!("{shown} and {n_more} more") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_names_are_short() {
        assert_eq!([0.0, 0.000_2, 0.123_4, 1.0].map(per_cent), ["0.0 %", "less than 0.1 %", "12.3 %", "100.0 %"]);
        assert_eq!(listed(["a", "b"].into_iter()), "a, b");
        assert_eq!(listed(["a", "b", "c", "d", "e", "f", "g"].into_iter()), "a, b, c, d, e and 2 more");
    }
}
