//! The house's rules, held against its source: who may import whom, what the study must not touch,
//! how long a file may be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "floors/import_graph.rs"]
mod import_graph;

use import_graph::ImportGraph;

/// The floors, the lowest first. A room may use rooms of lower floors only, and itself.
const FLOORS: [&[&str]; 11] = [
    &["names", "error"],
    &["summary", "decode", "pairing", "store"],
    &["sketch", "engine", "predict"],
    &["profile"],
    &["measure"],
    &["judge", "incident"],
    &["wire"],
    &["report"],
    &["contract"],
    &["attributions"],
    &["demo", "run", "cli"],
];
/// On the roof, rooms stand above one another, too.
const ROOF: [&str; 3] = ["demo", "run", "cli"];
/// Ground and ground floor: `error` may be used everywhere, `names` knows nothing.
const KNOWS_NOTHING: [&str; 3] = ["names", "error", "summary"];
/// The pure wing.
const STUDY: [&str; 11] =
    ["sketch", "profile", "measure", "judge", "incident", "wire", "report", "decode", "pairing", "summary", "demo"];
const MAX_LINES: usize = 400;

/// A file of the source without its tests, and the room it belongs to.
struct Source {
    name: String,
    room: String,
    text: String,
    n_lines: usize,
}

impl Source {
    fn of(folder: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let written = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let room = name.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let text = without_tests(&written);
        let n_lines = text.lines().count();
        Self { name, room, text, n_lines }
    }

    fn is_test(&self) -> bool {
        self.name.split('/').any(|part| part == "tests" || part == "tests.rs")
    }

    /// The file without comments, with the number of each line.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        self.text.lines().enumerate().filter(move |(_, line)| !is_comment(line)).map(|(i, line)| (i + 1, line))
    }

    /// The rooms that are named by `crate::…`, in braces too.
    fn imports(&self) -> BTreeSet<String> {
        let code: String = self.code().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        let starts = code.match_indices("crate::").map(|(at, word)| at + word.len());
        starts.flat_map(|at| first_names(&code[at..])).filter(|name| is_room(name)).collect()
    }
}

/// The names that stand first in a path or in each path of a group in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn is_room(name: &str) -> bool {
    FLOORS.iter().any(|rooms| rooms.contains(&name))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// A file up to its module of tests, which stands last.
fn without_tests(text: &str) -> String {
    let is_body = |text: &str| text.lines().next().is_some_and(|line| line.contains("mod ") && line.ends_with('{'));
    let marks = text.match_indices("#[cfg(test)]\n");
    let end = marks.filter(|(at, mark)| is_body(&text[at + mark.len()..])).map(|(at, _)| at).next();
    text[..end.unwrap_or(text.len())].to_owned()
}

fn sources() -> Vec<Source> {
    fn gather(root: &Path, folder: &Path, all: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
            if path.is_dir() {
                gather(root, &path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all.push(Source::of(root, &path));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    gather(&root, &root, &mut all);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() > 50, "the source was not found");
    all
}

fn assert_none(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

/// Every line of these sources that holds one of `words`.
fn lines_with<'a>(sources: impl Iterator<Item = &'a Source>, words: &[&str]) -> Vec<String> {
    let found = |source: &'a Source| {
        let hits = source.code().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        hits.map(|(number, line)| format!("{}:{number}: {}", source.name, line.trim())).collect::<Vec<_>>()
    };
    sources.flat_map(found).collect()
}

#[test]
fn every_room_has_its_floor() {
    let strangers = |source: &Source| !is_room(&source.room) && !["lib", "main"].contains(&source.room.as_str());
    assert_none("not on any floor", sources().into_iter().filter(strangers).map(|source| source.name).collect());
}

#[test]
fn imports_go_down_only() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for import in source.imports().into_iter().filter(|import| *import != source.room) {
            let roof = |room: &str| ROOF.iter().position(|other| *other == room);
            let is_down = match (roof(&source.room), roof(&import)) {
                (Some(here), Some(there)) => there < here,
                _ => floor(&import) < floor(&source.room),
            };
            if !is_down && floor(&source.room).is_some() {
                found.push(format!("{} uses {import}", source.name));
            }
        }
    }
    assert_none("imports that go up or sideways", found);
}

/// So that a registry and the trait of its entries are two files, and no helpers lie in a dispatcher.
#[test]
fn no_files_of_a_room_import_one_another_in_a_circle() {
    let all = sources();
    let files = all.iter().filter(|source| !source.is_test());
    let graph = ImportGraph::of(files.map(|source| (source.name.as_str(), source.text.as_str())));
    let rooms = FLOORS.iter().flat_map(|rooms| rooms.iter());
    assert_none("circles of imports", rooms.flat_map(|room| graph.circles(room)).collect());
}

#[test]
fn the_ground_knows_nothing() {
    let all = sources();
    let on_the_ground = all.iter().filter(|source| KNOWS_NOTHING.contains(&source.room.as_str()));
    let found = on_the_ground.flat_map(|source| {
        source
            .imports()
            .into_iter()
            .filter(|import| *import != source.room)
            .map(|import| format!("{} uses {import}", source.name))
    });
    assert_none("imports of the ground", found.collect());
}

#[test]
fn groups_in_braces_are_seen_through() {
    assert_eq!(first_names("{decode, error::{self, Error}, store::Store};"), ["decode", "error", "store"]);
    assert_eq!(first_names("decode::Reason;"), ["decode"]);
}

#[test]
fn tests_at_the_end_of_a_file_do_not_count() {
    let text = "use a;\n#[cfg(test)]\nmod elsewhere;\nmod b;\n#[cfg(test)]\nmod tests {\n    use c;\n}\n";
    assert_eq!(without_tests(text), "use a;\n#[cfg(test)]\nmod elsewhere;\nmod b;\n");
}

#[test]
fn every_file_says_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = sources().iter().map(|source| format!("src/{}", source.name)).collect();
    for entry in fs::read_dir(root.join("tests")).expect("the tests") {
        let name = entry.expect("a test").file_name().to_string_lossy().into_owned();
        names.extend(name.ends_with(".rs").then(|| format!("tests/{name}")));
    }
    names.retain(|name| !fs::read_to_string(root.join(name)).is_ok_and(|text| text.starts_with("//! ")));
    assert_none("files that do not begin with a line of documentation", names);
}

#[test]
fn no_file_is_too_long() {
    let too_long = |source: &Source| source.n_lines > MAX_LINES;
    let shown = |source: Source| format!("{}: {} lines", source.name, source.n_lines);
    assert_none("files of more than 400 lines", sources().into_iter().filter(too_long).map(shown).collect());
}

#[test]
fn tables_of_contents_hold_no_logic() {
    let contents = |source: &&Source| source.name.ends_with("mod.rs");
    let words = ["fn ", "impl ", "struct ", "enum ", "trait "];
    assert_none("logic in mod.rs", lines_with(sources().iter().filter(contents), &words));
}

#[test]
fn the_study_does_no_io_and_reads_no_clock() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "env::var",
        "std::process",
        "std::thread",
        "tokio",
        "async ",
        ".await",
        "futures",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "rand::",
        "getrandom",
        "RandomState",
        "object_store",
        "aws_",
        "tracing::",
        "println!",
        "eprintln!",
    ];
    let all = sources();
    let study = all.iter().filter(|source| STUDY.contains(&source.room.as_str()) && !source.is_test());
    assert_none("doors in the study", lines_with(study, &words));
}

#[test]
fn only_the_engine_names_datafusion() {
    let all = sources();
    let others = all.iter().filter(|source| source.room != "engine");
    assert_none("DataFusion outside the engine", lines_with(others, &["datafusion"]));
}

#[test]
fn only_the_store_speaks_to_s3() {
    let all = sources();
    let others = all.iter().filter(|source| source.room != "store");
    assert_none("S3 outside the store", lines_with(others, &["aws_sdk_s3", "aws_config", "object_store::"]));
}

#[test]
fn words_shared_with_aws_stand_in_names_only() {
    let words = [
        "\"/opt/ml",
        "\"s3://",
        "\"file://",
        "\"AWS_",
        "\"sagemaker",
        "endpointInput\\\"",
        "\"endpointOutput",
        "_check\"",
        "\"feature_",
        "\"dataset_source",
        "\"output_path",
        "\"captureData",
        "\"statistics.json\"",
        "\"constraints.json\"",
        "violations.json\"",
        "processingjobconfig.json\"",
    ];
    let all = sources();
    // The demonstration's data is data: a captured line is written out as a whole.
    let others = all.iter().filter(|source| !["names", "demo"].contains(&source.room.as_str()) && !source.is_test());
    let mut found = lines_with(others, &words);
    found.retain(|line| !line.contains(": help: \""));
    assert_none("words of AWS outside names and texts for people", found);
}

#[test]
fn only_the_roof_prints_exits_or_reads_the_environment() {
    let words = ["println!", "print!(", "stdout()", "stderr()", "process::exit", "env::var", "env::args", "set_hook"];
    let all = sources();
    let below = all.iter().filter(|source| !["main", "cli"].contains(&source.room.as_str()) && !source.is_test());
    assert_none("prints, exits or variables below the roof", lines_with(below, &words));
}

#[test]
fn nothing_is_left_undone() {
    let words = ["todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX"];
    let undone = |source: &Source| {
        let hits = source.text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        hits.map(|(i, line)| format!("{}:{}: {}", source.name, i + 1, line.trim())).collect::<Vec<_>>()
    };
    assert_none("left undone", sources().iter().flat_map(undone).collect());
}

#[test]
fn data_makes_nothing_panic_by_name() {
    let words = [".unwrap()", ".expect(\"", "panic!("];
    // What is written as JSON there are file types of the program's own.
    let is_sure = |line: &String| line.starts_with("wire/jackson.rs") && line.contains("file types have texts as keys");
    let all = sources();
    let found = lines_with(all.iter().filter(|source| !source.is_test()), &words);
    assert_none("calls that panic", found.into_iter().filter(|line| !is_sure(line)).collect());
}

#[test]
fn domain_types_are_not_serialisable() {
    let all = sources();
    let domain = all.iter().filter(|source| !["wire", "report"].contains(&source.room.as_str()) && !source.is_test());
    assert_none("serde outside the wire", lines_with(domain, &["serde::", "derive(Serialize", "derive(Deserialize"]));
}

#[test]
fn errors_are_made_in_doors_and_on_the_roof_only() {
    let pure = ["sketch", "profile", "measure", "judge", "incident", "wire", "report", "summary", "demo"];
    let all = sources();
    let study = all.iter().filter(|source| pure.contains(&source.room.as_str()) && !source.is_test());
    assert_none("errors of the program made in the study", lines_with(study, &["crate::error", "Error::new(&"]));
}

#[test]
fn every_exception_to_a_lint_has_its_reason() {
    let all = sources();
    let without_reason = |line: &String| !line.contains("reason");
    let found = lines_with(all.iter(), &["#[allow(", "#[expect(", "#![allow("]);
    assert_none("exceptions without a reason", found.into_iter().filter(without_reason).collect());
}

#[test]
fn no_room_is_a_drawer_for_odds_and_ends() {
    let words = ["utils", "util", "common", "misc", "helpers", "helper", "shared"];
    let is_drawer = |source: &Source| source.name.trim_end_matches(".rs").split('/').any(|part| words.contains(&part));
    assert_none("drawers", sources().into_iter().filter(is_drawer).map(|source| source.name).collect());
}
