//! Table of the topics of `explain`: pages of text, with marks where tables of the code belong.

/// A topic.
pub(super) struct Topic {
    pub name: &'static str,
    /// Its first line is `# NAME: TITLE`. A line `{{TABLE}}` stands for a table of `generated`.
    pub text: &'static str,
}

macro_rules! topics {
    ($($name:literal),+ $(,)?) => {
        /// Every topic, in the order of the list.
        pub(super) static ALL: &[Topic] =
            &[$(Topic { name: $name, text: include_str!(concat!("../pages/", $name, ".md")) }),+];
    };
}

topics!(
    "variables",
    "settings",
    "formats",
    "measures",
    "verdicts",
    "incidents",
    "bias",
    "attribution",
    "models",
    "files",
    "exit-codes",
    "reliability",
    "compatibility",
);

impl Topic {
    /// What the page is about, in a few words.
    pub fn title(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }
}
