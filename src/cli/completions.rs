//! Completions for shells.

use clap::Command;
use clap_complete::Shell;

/// The script that makes `shell` complete the program's commands, flags and words.
pub fn script(shell: Shell, command: &mut Command) -> String {
    let name = env!("CARGO_PKG_NAME");
    let mut script = Vec::new();
    clap_complete::generate(shell, command, name, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    // For names with a hyphen the generator for bash writes one state in two ways, so that nothing is
    // completed after a command.
    match shell {
        Shell::Bash => script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__")),
        _ => script,
    }
}
