//! A command as words for the program and as text for a shell.

use super::definition::Flag;

/// Longest line of a command that is shown.
const WIDTH: usize = 110;

/// A command of the program with its flags.
pub(super) struct CommandLine {
    command: &'static str,
    flags: Vec<Flag>,
}

impl CommandLine {
    pub fn new(command: &'static str, flags: Vec<Flag>) -> Self {
        Self { command, flags }
    }

    /// The arguments, the program's name first.
    pub fn words(&self) -> Vec<String> {
        let flags = self.flags.iter().flat_map(|(name, value)| [format!("--{name}"), value.clone()]);
        [env!("CARGO_PKG_NAME").to_owned(), self.command.to_owned()].into_iter().chain(flags).collect()
    }

    /// As one types it, on as many lines as it needs.
    pub fn shown(&self) -> String {
        let mut line = format!("{} {}", env!("CARGO_PKG_NAME"), self.command);
        let mut lines = Vec::new();
        for (name, value) in &self.flags {
            let flag = format!("--{name} {}", quoted(value));
            if line.len() + flag.len() > WIDTH {
                lines.push(format!("{line} \\\n"));
                line = format!("    {flag}");
            } else {
                line = format!("{line} {flag}");
            }
        }
        lines.concat() + &line
    }
}

/// A word as a shell needs it (POSIX.1-2017, Shell Command Language, 2.2).
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::super::definition::flag;
    use super::*;

    #[test]
    fn words_that_a_shell_would_take_apart_are_quoted() {
        assert_eq!(quoted("a/b-c_d.json"), "a/b-c_d.json");
        assert_eq!(quoted("{\"csv\":{}}"), "'{\"csv\":{}}'");
        assert_eq!((quoted("it's"), quoted("")), ("'it'\\''s'".to_owned(), "''".to_owned()));
    }

    #[test]
    fn long_commands_go_on_in_the_next_line() {
        let flags = vec![flag("start_time", "x".repeat(70)), flag("end_time", "y".repeat(70))];
        let command = CommandLine::new("run", flags);
        let expected =
            format!("model-monitor run --start-time {} \\\n    --end-time {}", "x".repeat(70), "y".repeat(70));
        assert_eq!(command.shown(), expected);
        assert_eq!(command.words()[1..3], ["run", "--start-time"]);
    }
}
