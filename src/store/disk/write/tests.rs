//! Tests of what a writing that is given up leaves behind.

use super::*;

fn hidden(folder: &Path) -> usize {
    fs::read_dir(folder).expect("the folder").count()
}

#[test]
fn giving_up_removes_the_temporary_files_and_forbids_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let guard = Guard(Arc::default());
    let shared = Arc::clone(&guard.0);
    let path = folder.path().join(".a.tmp");
    create(&path, &shared).expect("a temporary file");
    assert_eq!(hidden(folder.path()), 1);
    drop(guard);
    assert_eq!(hidden(folder.path()), 0);
    assert!(create(&path, &shared).is_err());
    assert!(rename(&[(path, folder.path().join("a"))], &shared).is_err());
    assert_eq!(hidden(folder.path()), 0);
}

#[test]
fn a_temporary_file_left_by_a_killed_run_is_replaced_even_if_it_is_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let (precious, path) = (folder.path().join("precious"), folder.path().join(".a.tmp"));
    fs::write(&precious, "kept").expect("a file");
    std::os::unix::fs::symlink(&precious, &path).expect("a link");
    let shared = Mutex::default();
    create(&path, &shared).and_then(|mut file| file.write_all(b"new")).expect("a temporary file");
    assert_eq!(fs::read(&precious).expect("the file"), b"kept");
    assert_eq!(fs::read(&path).expect("the file"), b"new");
}

#[test]
fn a_full_disk_has_a_code_of_its_own() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        assert_eq!(output_error(Path::new("/x"), kind.into()).code().code, OUTPUT_FULL.code);
    }
    assert_eq!(output_error(Path::new("/x"), io::ErrorKind::TimedOut.into()).code().code, OUTPUT_UNWRITABLE.code);
}
