//! Finding and printing what `explain` was asked about.

use std::cmp::Reverse;
use std::fmt::Write;

use super::generated;
use super::topics::{self, Topic};
use crate::cli::nearest::nearest;
use crate::error::{self, Code, Error, Result};

/// Topics that are named since they mention a word.
const MAX_MENTIONING: usize = 3;

/// Every word that [`explain`] takes.
pub fn subjects() -> impl Iterator<Item = &'static str> {
    topics::ALL.iter().map(|topic| topic.name).chain(error::ALL.iter().map(|row| row.code))
}

/// The page of a topic or of an error's code; the list of both without one.
pub fn explain(subject: Option<&str>) -> Result<String> {
    let Some(subject) = subject else { return Ok(list()) };
    let is_named = |topic: &&Topic| topic.name.eq_ignore_ascii_case(subject);
    if let Some(topic) = topics::ALL.iter().find(is_named) {
        return Ok(generated::filled_in(topic.text));
    }
    error::find(subject).map(page_of_code).ok_or_else(|| Error::new(&error::USAGE, "explain", unknown(subject)))
}

fn list() -> String {
    let mut text = "Topics, for model-monitor explain TOPIC:\n\n".to_owned();
    for topic in topics::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<14} {}", topic.name, topic.title());
    }
    text += "\nCodes of errors and warnings, for model-monitor explain CODE:\n\n";
    error::ALL.iter().for_each(|row| text += &format!("{}  {}\n", row.code, row.title));
    text
}

fn page_of_code(code: &Code) -> String {
    let Code { code, kind, title, causes, remedy } = code;
    let exit_code = kind.exit_code();
    format!("{code}: {title}\n\nWhy\n  {causes}\n\nWhat to do\n  {remedy}\n\nExit code\n  {exit_code}\n")
}

/// What may have been meant: words that are spelt alike, else the topics that mention it most.
fn unknown(subject: &str) -> String {
    let alike = nearest(subject, subjects());
    let word = subject.to_lowercase();
    // In headings, and anywhere.
    let mentions = |topic: &Topic| {
        let text = generated::filled_in(topic.text).to_lowercase();
        let headings = text.lines().filter(|line| line.starts_with('#'));
        [headings.filter(|heading| heading.contains(&word)).count(), text.matches(&word).count()]
    };
    let counted = topics::ALL.iter().filter(|_| !word.is_empty()).map(|topic| (mentions(topic), topic.name));
    let mut counted: Vec<([usize; 2], &str)> = counted.filter(|([_, n], _)| *n > 0).collect();
    counted.sort_by_key(|(mentions, _)| Reverse(*mentions));
    let mentioning: Vec<&str> = counted.into_iter().take(MAX_MENTIONING).map(|(_, name)| name).collect();
    let hint = match (alike.is_empty(), mentioning.is_empty()) {
        (false, _) => format!("did you mean {}?", alike.join(" or ")),
        (true, false) => format!("topics that mention it: {}", mentioning.join(", ")),
        (true, true) => {
            let names: Vec<&str> = topics::ALL.iter().map(|topic| topic.name).collect();
            format!("topics are {}", names.join(", "))
        }
    };
    format!("there is no topic and no code {subject}; {hint}")
}
