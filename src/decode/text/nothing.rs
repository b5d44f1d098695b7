//! Nothing: the texts that stand for a missing value.

/// What Python, R, SQL, Spark and spreadsheets write for a missing value; compared without regard to letter case.
const WORDS: [&str; 9] = ["nan", "none", "null", "na", "n/a", "<na>", "nat", "nil", "\\n"];

/// Whether a text, apart from white space around it, stands for a missing value.
pub fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_known_in_any_case() {
        for text in ["", " ", "NaN", "None", "NULL", "NA", "n/a", "<NA>", "NaT", "\\N", " nan\n"] {
            assert!(is_nothing(text), "{text:?}");
        }
        for text in ["0", "no", "nano", "-", "nullable"] {
            assert!(!is_nothing(text), "{text:?}");
        }
    }
}
