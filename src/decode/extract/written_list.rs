//! Written lists: a list of labels in one cell of text, as JSON, Python or NumPy writes it.

use crate::decode::extract::column::Column;
use crate::decode::shapes::{is_list, length};
use crate::decode::text::json::{Reader, Value};

/// What stands around lists, the tuples of Python last.
const BRACKETS: [(char, char); 2] = [('[', ']'), ('(', ')')];
const QUOTES: [char; 2] = ['\'', '"'];

/// The elements of the list that a text is; `None` where it is none, or elements hold more than one value.
pub fn elements_in(text: &str) -> Option<Column> {
    let text = text.trim();
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let inside = text.strip_prefix(open)?.strip_suffix(close)?;
    of_json(text).or_else(|| of_python(inside, (open, close) == BRACKETS[1]))
}

/// The label in a list of one.
pub fn only_element(text: &str) -> Option<Column> {
    elements_in(text).filter(|elements| elements.n_rows() == 1)
}

/// Whether a text is a number in parentheses: a list of one for some, a negative number for others.
pub fn is_number_in_parentheses(text: &str) -> bool {
    let inside = text.trim().strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
    inside.is_some_and(|inside| inside.trim().parse::<f64>().is_ok_and(f64::is_finite))
}

/// Whether a text is one line in the brackets of a list, whatever stands in them: no line of cells.
pub fn is_in_brackets(text: &str) -> bool {
    let text = text.trim();
    let is_between = |(open, close): (char, char)| {
        let inside = text.strip_prefix(open).and_then(|inside| inside.strip_suffix(close));
        inside.is_some_and(|inside| open == BRACKETS[0].0 || !inside.contains([open, close]))
    };
    BRACKETS.into_iter().any(is_between) && !text.contains(['\n', '\r'])
}

fn of_json(text: &str) -> Option<Column> {
    let (mut tape, mut reader) = (Vec::new(), Reader::over(text));
    let is_whole = reader.read(&mut tape) == Ok(true) && reader.position() == text.len();
    let mut list = Value::at(&tape, 0);
    if !is_whole || !is_list(list) {
        return None;
    }
    while let Some(inner) = list.elements().next().filter(|inner| length(list) == 1 && is_list(*inner)) {
        list = inner;
    }
    let mut column = Column::default();
    for element in list.elements() {
        let only = element.elements().next().filter(|_| length(element) == 1);
        let scalar = only.unwrap_or(element);
        column.push_scalar(Some(scalar).filter(|scalar| scalar.is_scalar())?).ok()?;
        column.end_row();
    }
    Some(column)
}

/// Quoted texts and numbers with commas between them, or white space where there are no commas. A tuple of one has a
/// comma. A word in brackets may be a class, such as `[unk]`.
fn of_python(inside: &str, is_tuple: bool) -> Option<Column> {
    let has_commas = inside.contains(',');
    let mut column = Column::default();
    let mut rest = inside.trim();
    while !rest.is_empty() {
        let (element, after) = match quoted(rest) {
            Some(found) => found,
            None => {
                let end = |c: char| if has_commas { c == ',' } else { c.is_whitespace() };
                let (word, after) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
                let word = word.trim();
                if word.parse::<f64>().is_err() && !matches!(word, "True" | "False" | "None") {
                    return None;
                }
                (word.to_owned(), after)
            }
        };
        column.push_row(Some(&element));
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if has_commas && !after.is_empty() => return None,
            None => after,
        };
    }
    let is_list = column.n_rows() > 1 || column.n_rows() == 1 && (has_commas || !is_tuple);
    is_list.then_some(column)
}

/// The quoted text that stands first, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|first| QUOTES.contains(first))?;
    let mut meaning = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => {
                let (_, escaped) = characters.next()?;
                if escaped != '\\' && !QUOTES.contains(&escaped) {
                    meaning.push(c);
                }
                meaning.push(escaped);
            }
            _ if c == quote => return Some((meaning, &text[at + c.len_utf8()..])),
            _ => meaning.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements with bars between them.
    fn elements(text: &str) -> Option<String> {
        let column = elements_in(text)?;
        let rows = (0..column.n_rows()).map(|row| column.cell(row).unwrap_or("∅").to_owned());
        Some(rows.collect::<Vec<_>>().join("|"))
    }

    #[test]
    fn lists_of_json_python_and_numpy_are_read() {
        let cases = [
            ("[1]", "1"),
            ("[\"1\"]", "1"),
            (" [\"cat\", \"a, b\"] ", "cat|a, b"),
            ("[null, true]", "∅|true"),
            ("[[1, 0]]", "1|0"),
            ("[[1], [0]]", "1|0"),
            ("[[[1]]]", "1"),
            ("['cat']", "cat"),
            ("['cat', 'dog']", "cat|dog"),
            (r#"['it\'s', "a 'b'", 'a\\b', 'a\tb']"#, r"it's|a 'b'|a\b|a\tb"),
            ("(0, 1, 1)", "0|1|1"),
            ("('cat',)", "cat"),
            ("(1,)", "1"),
            ("[True, False]", "True|False"),
            ("[None]", "None"),
            ("[0 1 1]", "0|1|1"),
            ("['cat' 'dog']", "cat|dog"),
        ];
        for (text, expected) in cases {
            assert_eq!(elements(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_labels_is_none() {
        let cases = [
            "",
            "1",
            "cat",
            "[unk]",
            "[cat, dog]",
            "(unk,)",
            "(18)",
            "(unknown)",
            "(0, 10]",
            "[1, 0",
            "[1], [0]",
            "[[1, 2], [3, 4]]",
            "['a', 'b]",
            "['a' b, 'c']",
            "[a,,b]",
            "{1, 0}",
            "(a),(b)",
            "[{\"a\": 1}]",
            "(['a'], 'b')",
            "[]",
            "()",
        ];
        for text in cases {
            assert_eq!(elements(text).filter(|elements| !elements.is_empty()), None, "{text}");
        }
        assert!([" (1) ", "(-1.5)"].into_iter().all(is_number_in_parentheses));
        assert!(!["1", "(1", "(1,)", "(a)", "()", "(nan)", "[1]"].into_iter().any(is_number_in_parentheses));
        assert!(only_element("[1]").is_some() && only_element("[1, 0]").is_none() && only_element("[]").is_none());
        assert!(
            is_in_brackets("[[1, 2], [3, 4]]")
                && is_in_brackets("(a, b)")
                && !is_in_brackets("[1]\n[0]")
                && !is_in_brackets("(a),(b)")
        );
    }
}
