//! Journal of a publication: what takes the place of what, so that the next run can undo what a killed one began.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::temporary;

/// First line of a journal.
const FIRST_LINE: &str = "model-monitor publishes";
/// Stands for an earlier file where there is none.
const NOTHING: &str = "-";
/// No journal is longer in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// One file of a publication.
#[derive(Clone, Debug)]
pub struct Step {
    /// The new file, before it has its name.
    pub temporary: PathBuf,
    pub target: PathBuf,
    /// The file that has the name, kept under another; `None` where there is none.
    pub kept: Option<PathBuf>,
}

impl Step {
    /// Gives the name back to the earlier file, or to none.
    pub fn undo(&self) -> io::Result<()> {
        match &self.kept {
            Some(kept) => fs::rename(kept, &self.target),
            None => match fs::remove_file(&self.target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                removed => removed,
            },
        }
    }
}

/// Writes down what is about to be done in `folder`: the steps whose files lie in it. Names of several lines are left out.
pub fn write(folder: &Path, journal: &Path, steps: &[Step]) -> io::Result<()> {
    let mut text = format!("{FIRST_LINE}\n");
    for step in steps {
        let within = |path: &PathBuf| Some(path.strip_prefix(folder).ok()?.to_str()?.to_owned());
        let kept = step.kept.as_ref().map_or(Some(NOTHING.to_owned()), within);
        let (Some(temporary), Some(target), Some(kept)) = (within(&step.temporary), within(&step.target), kept) else {
            continue;
        };
        if !target.contains(['\n', '\t']) {
            text.push_str(&format!("{temporary}\t{kept}\t{target}\n"));
        }
    }
    text.push_str(FIRST_LINE);
    let mut file = File::options().write(true).create_new(true).open(journal)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Whether the file of this path is a journal.
pub fn is_one(path: &Path) -> bool {
    let mut first = [0; FIRST_LINE.len()];
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    let mut read = || File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut first));
    is_file && read().is_ok() && first == FIRST_LINE.as_bytes()
}

/// Undoes the steps that a journal in `folder` tells of. One that was not written to its end tells of nothing that
/// was done. Only files in the folder are touched, whatever stands in the journal.
pub fn undo(folder: &Path, journal: &Path) {
    if fs::metadata(journal).is_ok_and(|metadata| metadata.len() > MAX_BYTES) {
        return;
    }
    let text = fs::read_to_string(journal).unwrap_or_default();
    let Some(lines) = text.strip_suffix(FIRST_LINE) else { return };
    let mut n_undone = 0;
    for step in lines.lines().skip(1).filter_map(|line| step_of(folder, line)) {
        let was_done = !step.temporary.exists() && step.kept.as_ref().is_none_or(|kept| kept.exists());
        if was_done && step.undo().is_ok() {
            n_undone += 1;
        }
    }
    tracing::warn!(folder = %folder.display(), files = n_undone, "what a killed run had begun to publish was undone");
}

fn step_of(folder: &Path, line: &str) -> Option<Step> {
    let mut parts = line.splitn(3, '\t');
    let (temporary, kept, target) = (parts.next()?, parts.next()?, parts.next()?);
    let hidden = |name: &str| (temporary::is_temporary(name) && !name.contains('/')).then(|| folder.join(name));
    let is_plain = Path::new(target).components().all(|part| matches!(part, Component::Normal(_)));
    let kept = if kept == NOTHING { None } else { Some(hidden(kept)?) };
    is_plain.then_some(())?;
    Some(Step { temporary: hidden(temporary)?, target: folder.join(target), kept })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_undone_and_what_was_not_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            path
        };
        let hidden = |n: u32| folder.path().join(format!(".model-monitor.{n}.tmp"));
        let step = |target: PathBuf, n, kept: Option<PathBuf>| Step { temporary: hidden(n), target, kept };
        let replaced = step(place("replaced", "new"), 1, Some(place(".model-monitor.11.tmp", "old")));
        let made = step(place("made", "new"), 2, None);
        let waiting = step(place("waiting", "old"), 3, Some(place(".model-monitor.13.tmp", "old")));
        fs::write(hidden(3), "new").expect("a file");
        let journal = folder.path().join(".model-monitor.0.tmp");
        write(folder.path(), &journal, &[replaced, made, waiting]).expect("a journal");
        assert!(is_one(&journal) && !is_one(&hidden(3)));

        let cut = fs::read(&journal).expect("the journal");
        fs::write(&journal, &cut[..cut.len() - 5]).expect("a journal");
        undo(folder.path(), &journal);
        assert_eq!(fs::read_to_string(folder.path().join("replaced")).expect("a file"), "new", "it is not whole");
        fs::write(&journal, &cut).expect("a journal");
        undo(folder.path(), &journal);
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).ok();
        assert_eq!([read("replaced"), read("made"), read("waiting")], [Some("old".into()), None, Some("old".into())]);
    }

    #[test]
    fn a_journal_that_was_tampered_with_reaches_no_other_folder() {
        let folder = Path::new("/x");
        for line in [
            "a\t-\tb",
            ".model-monitor.1.tmp\t-\t../b",
            ".model-monitor.1.tmp\t-\t/b",
            ".model-monitor./../1.tmp\t-\tb",
        ] {
            assert!(step_of(folder, line).is_none(), "{line}");
        }
        assert!(step_of(folder, ".model-monitor.1.tmp\t-\ta/b").is_some());
    }
}
