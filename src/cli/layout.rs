//! Wrapping of text for terminals.

/// Longest line, in characters.
pub const WIDTH: usize = 96;

/// `text` after `lead`, in lines that begin where the first one does.
pub fn hanging(lead: &str, text: &str) -> String {
    let indent = lead.chars().count();
    let (mut lines, mut line) = (String::new(), lead.to_owned());
    let mut width = indent;
    for word in text.split_whitespace() {
        let space = usize::from(width > indent);
        let length = word.chars().count();
        if width > indent && width + space + length > WIDTH {
            lines += &(std::mem::replace(&mut line, " ".repeat(indent)) + "\n");
            width = indent;
        } else if space == 1 {
            line.push(' ');
            width += 1;
        }
        line += word;
        width += length;
    }
    lines + line.trim_end() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_unless_a_word_is_and_no_word_is_lost() {
        let text = "ä word ".repeat(60) + &"x".repeat(120);
        let wrapped = hanging("- name: ", &text);
        assert!(wrapped.lines().all(|line| line.chars().count() <= WIDTH || line.trim() == "x".repeat(120)));
        assert!(wrapped.lines().skip(1).all(|line| line.starts_with("        ") && !line.ends_with(' ')));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&wrapped)[2..], words(&text));
        assert_eq!(hanging("- ", ""), "-\n");
    }
}
