//! Words that are spelt like another one (Levenshtein distance), for suggestions.

/// Most words that are suggested.
const MAX_SUGGESTIONS: usize = 3;

/// The words that can be made of `word` by changing about a third of its letters, the nearest first.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let most = (word.chars().count() / 3).max(1);
    let mut alike: Vec<(usize, &str)> = known
        .map(|known| (distance(&word, &known.to_lowercase()), known))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    alike.sort();
    alike.into_iter().take(MAX_SUGGESTIONS).map(|(_, known)| known).collect()
}

/// Letters to insert, leave out or exchange (V. I. Levenshtein, "Binary codes capable of correcting deletions,
/// insertions, and reversals", 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_the_known_ones() {
        for (a, b, expected) in [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0)] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_comes_first_and_what_is_far_not_at_all() {
        let known = || ["settings", "measures", "models", "bias"].into_iter();
        assert_eq!(nearest("Setings", known()), ["settings"]);
        assert_eq!(nearest("modules", known()), ["models"]);
        assert_eq!(nearest("drift", known()), Vec::<&str>::new());
    }
}
