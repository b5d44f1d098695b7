//! What could not be read of a command line, why, and what may have been meant.

use clap::error::{ContextKind, ContextValue};

use crate::error::{self, Error};

/// The parser's error as one of ours, with its tip and the values that would do.
pub fn usage_error(refused: &clap::Error) -> Error {
    let named = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let place = named.into_iter().find_map(|kind| refused.get(kind)).map(ToString::to_string);
    let before = words(refused, ContextKind::PriorArg);
    let known = || match &before[..] {
        [] => refused.kind().as_str().unwrap_or("it does not fit the grammar").to_owned(),
        [only] if Some(only) == place.as_ref() => "it is given more than once".to_owned(),
        others => format!("it cannot be given beside {}", others.join(", ")),
    };
    let mut cause = std::error::Error::source(refused).map_or_else(known, ToString::to_string);
    if let Some(given) =
        refused.get(ContextKind::InvalidValue).map(ToString::to_string).filter(|given| !given.is_empty())
    {
        cause = format!("{given}: {cause}");
    }
    let accepted = words(refused, ContextKind::ValidValue);
    if !accepted.is_empty() {
        cause = format!("{cause}; it takes {}", accepted.join(", "));
    }
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // The parser lists the likeliest last.
    let suggested: Vec<String> = suggested.into_iter().flat_map(|kind| words(refused, kind)).rev().collect();
    if !suggested.is_empty() {
        cause = format!("{cause}; did you mean {}?", suggested.join(" or "));
    }
    Error::new(&error::USAGE, place.unwrap_or_else(|| "command line".to_owned()), cause)
}

fn words(refused: &clap::Error, kind: ContextKind) -> Vec<String> {
    match refused.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.iter().filter(|word| !word.is_empty()).cloned().collect(),
        _ => Vec::new(),
    }
}
