//! Dependency graph: which file of a room takes names from which other file of it, and the circles in that graph.
//!
//! A name is followed through re-exports to the file that defines it, so that a table of contents (`mod.rs`)
//! ties no files together.

use std::collections::{BTreeMap, BTreeSet};

/// A path of modules and names, from the crate's root.
type Path = Vec<String>;

/// Keywords before the name of a thing that is defined.
const DEFINE: [&str; 8] = ["fn", "struct", "enum", "trait", "const", "static", "type", "union"];

/// Keywords that a path begins with.
const ROOTS: [&str; 3] = ["crate", "self", "super"];

/// One file: what it defines, what it brings into scope, and every path that its code names.
struct File {
    name: String,
    defined: BTreeSet<String>,
    uses: Vec<Use>,
    paths: Vec<Path>,
}

/// A name that a `use` brings into scope; `name` is `*` where that is all of a module's.
struct Use {
    name: String,
    path: Path,
    is_public: bool,
}

/// The files of a crate by their modules.
pub struct ImportGraph {
    files: BTreeMap<Path, File>,
}

impl ImportGraph {
    /// `sources`: each file's path below `src` and its text, without tests.
    pub fn of<'a>(sources: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self { files: sources.map(|(name, text)| (module_of(name), File::read(name, text))).collect() }
    }

    /// The circles in `room`: each as the arrows between its files.
    pub fn circles(&self, room: &str) -> Vec<String> {
        let arrows = self.arrows(room);
        let mut circles = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for &(start, _) in arrows.keys() {
            let circle: BTreeSet<&str> =
                reached(&arrows, start).into_iter().filter(|file| reached(&arrows, file).contains(start)).collect();
            if circle.contains(start) && seen.insert(start) {
                seen.extend(&circle);
                let inside = arrows.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
                let shown = inside.map(|((from, to), name)| format!("{from} takes {name} from {to}"));
                circles.push(shown.collect::<Vec<_>>().join("; "));
            }
        }
        circles
    }

    /// Which file takes from which, and one name that it takes.
    fn arrows(&self, room: &str) -> BTreeMap<(&str, &str), String> {
        let mut arrows = BTreeMap::new();
        for (module, file) in self.files.iter().filter(|(module, _)| is_in(module, room)) {
            // A table of contents takes nothing: it passes names on.
            let is_contents = file.defined.is_empty();
            let used = file.uses.iter().filter(|used| !(used.is_public && is_contents)).map(|used| &used.path);
            for path in used.chain(&file.paths) {
                let Some(path) = self.absolute(module, path) else { continue };
                let Some((found, _)) = self.definition(&path, 0) else { continue };
                let to = &self.files[found];
                let passes_on = to.defined.is_empty();
                if found != module && is_in(found, room) && !passes_on {
                    let name = path.last().cloned().unwrap_or_default();
                    arrows.entry((file.name.as_str(), to.name.as_str())).or_insert(name);
                }
            }
        }
        arrows
    }

    /// A path in the code of `module`, from the root; `None` where it leads out of the crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Path> {
        let rooted = || self.rooted(module, path);
        let uses = || self.files[module].uses.iter();
        let named = || {
            let used = uses().find(|used| used.name == path[0])?;
            Some([self.rooted(module, &used.path)?, path[1..].to_vec()].concat())
        };
        let in_glob = |used: &Use| {
            let path = [self.rooted(module, used.path.split_last()?.1)?, path.to_vec()].concat();
            self.definition(&path, 0).is_some_and(|(_, is_certain)| is_certain).then_some(path)
        };
        rooted().or_else(named).or_else(|| uses().filter(|used| used.name == "*").find_map(in_glob))
    }

    /// The same of a path that begins with a keyword or a module below.
    fn rooted(&self, module: &[String], path: &[String]) -> Option<Path> {
        let path = path.strip_prefix(&["self".to_owned()]).unwrap_or(path);
        let n_up = path.iter().take_while(|part| *part == "super").count();
        // A name alone is no module's, but a value's that is called the same.
        let is_below = || path.len() > 1 && self.files.contains_key(&[module, &path[..1]].concat());
        match path.first() {
            Some(first) if first == "crate" => Some(path[1..].to_vec()),
            Some(_) if n_up == 0 && !is_below() => None,
            _ => Some([&module[..module.len().checked_sub(n_up)?], &path[n_up..]].concat()),
        }
    }

    /// The module that defines what an absolute path names, and whether that is certain. `depth`: re-exports that
    /// were followed to it.
    fn definition<'a>(&'a self, path: &[String], depth: usize) -> Option<(&'a Path, bool)> {
        let n_modules = (0..=path.len()).rev().find(|&n| self.files.contains_key(&path[..n]))?;
        let (module, file) = self.files.get_key_value(&path[..n_modules])?;
        let Some(name) = path.get(n_modules).filter(|name| *name != "*") else { return Some((module, true)) };
        if file.defined.contains(name) || depth > self.files.len() {
            return Some((module, true));
        }
        let follow = |used: &Use, rest: &[String]| {
            let base = used.path.strip_suffix(&["*".to_owned()]).unwrap_or(&used.path);
            let path = [self.rooted(module, base)?, rest.to_vec()].concat();
            self.definition(&path, depth + 1)
        };
        if let Some(used) = file.uses.iter().find(|used| used.name == *name) {
            return follow(used, &path[n_modules + 1..]);
        }
        let globs = file.uses.iter().filter(|used| used.name == "*");
        let found = globs.filter_map(|used| follow(used, &path[n_modules..])).find(|(_, is_certain)| *is_certain);
        found.or(Some((module, false)))
    }
}

impl File {
    fn read(name: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let mut file = Self { name: name.to_owned(), defined: BTreeSet::new(), uses: Vec::new(), paths: Vec::new() };
        let mut at = 0;
        while at < tokens.len() {
            let token = tokens[at].as_str();
            if token == "use" {
                let is_public = at > 0 && (tokens[at - 1] == "pub" || is_restricted(&tokens[..at]));
                let end = tokens[at..].iter().position(|token| token == ";").map_or(tokens.len(), |n| at + n);
                expand(&tokens[at + 1..end], &[], &mut |name, path| file.uses.push(Use { name, path, is_public }));
                at = end;
            } else if DEFINE.contains(&token) {
                file.defined.extend(tokens.get(at + 1).filter(|token| is_name(token)).cloned());
            } else if token == "mod" {
                at += 1;
            } else if token == "pub" && tokens.get(at + 1).is_some_and(|token| token == "(") {
                // Who may see a thing is nothing that its file takes.
                at += tokens[at..].iter().position(|token| token == ")").unwrap_or(0);
            } else if is_name(token) {
                let mut path = vec![token.to_owned()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && tokens.get(at + 2).is_some_and(|token| is_name(token))
                {
                    path.push(tokens[at + 2].clone());
                    at += 2;
                }
                if path.len() > 1 || !ROOTS.contains(&token) {
                    file.paths.push(path);
                }
            }
            at += 1;
        }
        file
    }
}

/// Hands out every name that a tree of a `use` brings into scope, and its path.
fn expand(tokens: &[String], before: &[String], found: &mut impl FnMut(String, Path)) {
    let mut path = before.to_vec();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => {
                for branch in branches(&tokens[at + 1..tokens.len() - 1]) {
                    expand(branch, &path, found);
                }
                return;
            }
            "as" => return found(tokens[at + 1].clone(), path),
            "::" => {}
            // In braces it is the module itself; at the beginning it is a root.
            "self" if !path.is_empty() => {}
            part => path.push(part.to_owned()),
        }
        at += 1;
    }
    if let Some(last) = path.last().cloned() {
        found(last, path);
    }
}

/// The parts of a group in braces, between the commas of its own depth.
fn branches(tokens: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    let is_comma = |token: &String| {
        depth += match token.as_str() {
            "{" => 1,
            "}" => -1,
            _ => 0,
        };
        depth == 0 && token == ","
    };
    tokens.split(is_comma).filter(|branch| !branch.is_empty()).collect()
}

/// Whether tokens end in `pub(…)`.
fn is_restricted(tokens: &[String]) -> bool {
    let open = tokens.iter().rposition(|token| token == "(");
    tokens.last().is_some_and(|token| token == ")") && open.is_some_and(|at| at > 0 && tokens[at - 1] == "pub")
}

/// The names and signs of Rust code without comments, texts and characters.
fn tokens(text: &str) -> Vec<String> {
    let code: Vec<char> = text.chars().collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < code.len() {
        let (c, next) = (code[at], code.get(at + 1).copied().unwrap_or(' '));
        let start = at;
        match c {
            '/' if next == '/' => at = position(&code, at, &['\n']),
            '/' if next == '*' => at = position(&code, at + 2, &['*', '/']) + 2,
            '"' => at = end_of_text(&code, at),
            'r' if next == '"' || (next == '#' && matches!(code.get(at + 2), Some('"' | '#'))) => {
                let n_hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
                let end = [vec!['"'], vec!['#'; n_hashes]].concat();
                at = position(&code, at + n_hashes + 2, &end) + end.len();
            }
            '\'' if next == '\\' => at = position(&code, at + 3, &['\'']) + 1,
            '\'' if code.get(at + 2) == Some(&'\'') => at += 3,
            ':' if next == ':' => {
                tokens.push("::".to_owned());
                at += 2;
            }
            c if is_word(c) => {
                at += code[at..].iter().take_while(|c| is_word(**c)).count();
                tokens.push(code[start..at].iter().collect());
            }
            c => {
                at += 1;
                if !c.is_whitespace() {
                    tokens.push(c.to_string());
                }
            }
        }
    }
    tokens
}

/// Where `sought` begins at or after `from`, else the end.
fn position(code: &[char], from: usize, sought: &[char]) -> usize {
    let found = code.get(from..).and_then(|rest| rest.windows(sought.len()).position(|window| window == sought));
    found.map_or(code.len(), |n| from + n)
}

/// Behind the quote that closes the text which begins at `at`.
fn end_of_text(code: &[char], mut at: usize) -> usize {
    at += 1;
    while at < code.len() && code[at] != '"' {
        at += if code[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The module of a file: `a/b.rs` is `a::b`, `a/mod.rs` is `a`, `lib.rs` the root.
fn module_of(name: &str) -> Path {
    let path = name.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

fn is_in(module: &[String], room: &str) -> bool {
    module.first().is_some_and(|first| first == room)
}

/// Every file that is reached from `start` by arrows.
fn reached<'a>(arrows: &BTreeMap<(&'a str, &'a str), String>, start: &str) -> BTreeSet<&'a str> {
    let (mut found, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(from) = open.pop() {
        for (_, to) in arrows.keys().filter(|(other, _)| *other == from) {
            if found.insert(*to) {
                open.push(to);
            }
        }
    }
    found
}

#[test]
fn a_circle_is_seen_through_re_exports() {
    let contents =
        ("room/mod.rs", "mod trade;\nmod list;\nmod apart;\npub use trade::Trade;\npub use list::{ALL, fill as full};");
    let list = "use super::Trade;\npub static ALL: [Trade; 1] = [super::apart::Apart];\npub fn fill() {}";
    let apart = (
        "room/apart.rs",
        "//! use super::ALL;\nuse super::Trade;\npub struct Apart;\nconst TEXT: &str = \"super::ALL\";",
    );
    let circles = |trade: &str| {
        let files = [("lib.rs", "pub mod room;"), contents, apart, ("room/list.rs", list), ("room/trade.rs", trade)];
        ImportGraph::of(files.into_iter()).circles("room")
    };
    let free = "use crate::elsewhere::ALL;\npub trait Trade {}\n// super::ALL\n";
    assert!(circles(free).is_empty());
    for tied in [
        "use super::ALL;\npub trait Trade {}",
        "use crate::room::{ALL, other};\npub trait Trade {}",
        "pub trait Trade { fn all() { super::full() } }",
        "use super::list;\npub trait Trade { fn all() { list::fill() } }",
        "use crate::room as house;\npub trait Trade { fn all() { house::ALL.len(); } }",
        "use super::*;\npub trait Trade { fn all() { ALL.len(); } }",
        "pub trait Trade { fn all() { self::super::list::fill(); } }",
    ] {
        let found = circles(tied);
        assert_eq!(found.len(), 1, "{tied}: {found:?}");
        let [apart, list] = ["room/apart.rs takes Trade", "room/list.rs takes Trade from room/trade.rs"];
        assert!(found[0].contains(list) && found[0].contains(apart), "{tied}: {found:?}");
    }
}

#[test]
fn parents_with_logic_are_part_of_a_circle() {
    let circles = |parent: &str| {
        let files = [("room.rs", parent), ("room/child.rs", "use super::Parent;\npub struct Child(Parent);")];
        ImportGraph::of(files.into_iter()).circles("room").len()
    };
    assert_eq!(circles("mod child;\npub struct Parent(child::Child);"), 1);
    for child in ["pub(super) struct Child;", "pub(in crate::room) struct Child;"] {
        let files = [("room.rs", "mod child;\npub struct Parent(child::Child);"), ("room/child.rs", child)];
        assert_eq!(ImportGraph::of(files.into_iter()).circles("room").len(), 0, "{child}");
    }
    assert_eq!(circles("mod child;\npub struct Parent;"), 0);
    assert_eq!(circles("mod child;\npub struct Parent;\nfn twice(child: f64) -> f64 { 2.0 * child }"), 0);
}
