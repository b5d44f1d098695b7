//! The door to the local disk.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use futures::TryStreamExt;
use model_monitor::error::{BASELINE_UNREADABLE, Error, INPUT_UNREADABLE, OUTPUT_FULL, OUTPUT_UNWRITABLE};
use model_monitor::store::{Entry, EntryKind, Listing, Location, ReadError, Store, read_to_end, write_all};

async fn open(path: &Path) -> Store {
    Store::open(&Location::Local(path.to_path_buf())).await.expect("a store")
}

async fn list(path: &Path) -> Listing {
    open(path).await.list().await.expect("a listing")
}

fn named<'a>(listing: &'a Listing, name: &str) -> &'a Entry {
    listing.entries.iter().find(|entry| entry.name == name).expect(name)
}

fn shown(listing: &Listing) -> Vec<(&str, EntryKind)> {
    listing.entries.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect()
}

async fn all_bytes(path: &Path, name: &str) -> Result<Vec<u8>, ReadError> {
    let listing = list(path).await;
    let blocks: Vec<Bytes> = open(path).await.read(named(&listing, name)).await?.try_collect().await?;
    Ok(blocks.concat())
}

fn artifacts(all: &[(&str, &str)]) -> Vec<(String, Bytes)> {
    all.iter().map(|(name, text)| (name.to_string(), Bytes::copy_from_slice(text.as_bytes()))).collect()
}

/// Names and contents of the files in a folder, hidden ones too.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|child| child.expect("a child"))
        .filter(|child| child.path().is_file())
        .map(|child| {
            (child.file_name().to_string_lossy().into_owned(), fs::read_to_string(child.path()).expect("text"))
        })
        .collect();
    all.sort();
    all
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[tokio::test]
async fn a_listing_is_recursive_sorted_and_holds_hidden_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["b/2.jsonl", "b/10.jsonl", ".hidden", "a", "b.txt"] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, name).expect("a file");
    }
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let listing = list(folder.path()).await;
    assert!(listing.exists);
    let file = EntryKind::File;
    assert_eq!(
        shown(&listing),
        [(".hidden", file), ("a", file), ("b.txt", file), ("b/10.jsonl", file), ("b/2.jsonl", file)]
    );
    assert_eq!(named(&listing, "b/10.jsonl").size, 10);
}

#[tokio::test]
async fn a_file_lists_itself_and_nothing_lists_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("one.csv"), "1").expect("a file");
    assert_eq!(shown(&list(&folder.path().join("one.csv")).await), [("one.csv", EntryKind::File)]);
    let nothing = list(&folder.path().join("absent")).await;
    assert!(!nothing.exists && nothing.entries.is_empty());
    let empty = tempfile::tempdir().expect("a folder");
    let empty = list(empty.path()).await;
    assert!(empty.exists && empty.entries.is_empty());
    let error = open(&folder.path().join("one.csv/below")).await.list().await.expect_err("a file is no folder");
    assert_eq!(error.code().code, INPUT_UNREADABLE.code);
}

#[tokio::test]
async fn links_are_followed_but_not_in_circles() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("data"), "linked").expect("a file");
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("sub/deep")).expect("folders");
    symlink(outside.path().join("data"), at("to-file")).expect("a link");
    symlink(outside.path(), at("to-folder")).expect("a link");
    symlink(at("nowhere"), at("broken")).expect("a link");
    symlink(folder.path(), at("sub/deep/up")).expect("a link");
    symlink(at("itself"), at("itself")).expect("a link");
    let (file, other) = (EntryKind::File, EntryKind::NotAFile);
    let listing = list(folder.path()).await;
    assert_eq!(
        shown(&listing),
        [("broken", other), ("itself", other), ("sub/deep/up", other), ("to-file", other), ("to-folder/data", file)]
    );
    assert_eq!(all_bytes(folder.path(), "to-folder/data").await.expect("bytes"), b"linked");
}

#[tokio::test]
async fn links_lead_to_a_file_once_however_many_ways_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let level = |n: usize| folder.path().join(format!("levels/{n:02}"));
    let levels = 30;
    for n in 0..levels {
        fs::create_dir_all(level(n)).expect("a folder");
    }
    for n in 1..levels {
        for name in ["a", "b"] {
            symlink(level(n), level(n - 1).join(name)).expect("a link");
        }
    }
    fs::write(level(levels - 1).join("data"), "1").expect("a file");
    let start = folder.path().join("start");
    symlink(level(0), &start).expect("a link");
    let files = |listing: &Listing| {
        let files = listing.entries.iter().filter(|entry| entry.kind == EntryKind::File);
        files.map(|entry| entry.name.clone()).collect::<Vec<_>>()
    };
    let (through_links, all) = (list(&start).await, list(folder.path()).await);
    assert_eq!(files(&through_links), ["a/".repeat(levels - 1) + "data"]);
    assert_eq!(through_links.entries.len(), levels);
    // A real folder goes before a link to it.
    assert_eq!(files(&all), ["levels/29/data"]);
    fs::create_dir(folder.path().join("more")).expect("a folder");
    symlink(level(levels - 1).join("data"), folder.path().join("more/alias")).expect("a link");
    let again = list(folder.path()).await;
    assert_eq!((files(&again), named(&again, "more/alias").kind), (files(&all), EntryKind::NotAFile));
}

#[tokio::test]
async fn a_file_that_shrinks_is_a_failure_and_one_that_grows_is_read_as_it_was_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x");
    let large = vec![b'1'; 5 << 20];
    fs::write(&path, &large).expect("a file");
    let (listing, store) = (list(folder.path()).await, open(folder.path()).await);
    let entry = named(&listing, "x");
    let file = |length: u64| fs::File::options().write(true).open(&path).and_then(|file| file.set_len(length));
    let shorter = ReadError::Failed("it became shorter after it was listed".to_string());
    let read = async || store.read(entry).await?.try_collect::<Vec<Bytes>>().await.map(|blocks| blocks.concat());

    file(6 << 20).expect("a longer file");
    assert!(read().await == Ok(large.clone()));
    file((5 << 20) - 1).expect("a shorter file");
    assert_eq!(read().await.err(), Some(shorter.clone()));
    assert_eq!(store.open_entry(entry).await.err(), Some(shorter.clone()));

    fs::write(&path, &large).expect("a file");
    let (mut blocks, mut opened) =
        (store.read(entry).await.expect("a stream"), store.open_entry(entry).await.expect("a file"));
    assert!(blocks.try_next().await.expect("a block").is_some());
    file(1).expect("a shorter file");
    let rest: Result<Vec<Bytes>, ReadError> = blocks.try_collect().await;
    assert_eq!((rest.err(), opened.read_range(0..9).await), (Some(shorter.clone()), Err(shorter)));
}

#[tokio::test]
async fn ranges_of_an_opened_file_are_of_one_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("x"), "111111").expect("a file");
    let (listing, store) = (list(folder.path()).await, open(folder.path()).await);
    let mut opened = store.open_entry(named(&listing, "x")).await.expect("a file");
    fs::write(at("y"), "222222").expect("a file");
    fs::rename(at("y"), at("x")).expect("a replacement");
    assert_eq!(opened.read_range(3..6).await.expect("a range"), "111");
}

#[tokio::test]
async fn pipes_and_sockets_are_listed_and_never_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    make_pipe(&folder.path().join("pipe"));
    let _socket = UnixListener::bind(folder.path().join("socket")).expect("a socket");
    let listing = list(folder.path()).await;
    assert_eq!(shown(&listing), [("pipe", EntryKind::NotAFile), ("socket", EntryKind::NotAFile)]);
    assert!(matches!(all_bytes(folder.path(), "pipe").await, Err(ReadError::Failed(_))));
    assert_eq!(shown(&list(&folder.path().join("pipe")).await), [("pipe", EntryKind::NotAFile)]);
}

#[tokio::test]
async fn a_file_that_became_a_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x");
    fs::write(&path, "x").expect("a file");
    let listing = list(folder.path()).await;
    fs::remove_file(&path).expect("a deletion");
    let store = open(folder.path()).await;
    assert_eq!(store.read(named(&listing, "x")).await.err(), Some(ReadError::Gone));
    assert_eq!(store.open_entry(named(&listing, "x")).await.err(), Some(ReadError::Gone));
    make_pipe(&path);
    assert!(matches!(store.read(named(&listing, "x")).await.err(), Some(ReadError::Failed(_))));
}

#[tokio::test]
async fn odd_names_are_listed_and_read_every_way() {
    let names: [&[u8]; 7] =
        [b"a b", b"100%20", b"#hash?", "grün".as_bytes(), b"line\nbreak", b"not-utf8-\xff", b"back\\slash"];
    let folder = tempfile::tempdir().expect("a folder");
    for name in names {
        fs::write(folder.path().join(OsStr::from_bytes(name)), name).expect("a file");
    }
    let listing = list(folder.path()).await;
    assert_eq!(listing.entries.len(), names.len());
    let store = open(folder.path()).await;
    for entry in &listing.entries {
        let blocks: Vec<Bytes> = store.read(entry).await.expect("a stream").try_collect().await.expect("bytes");
        assert_eq!(
            store.open_entry(entry).await.expect("a file").read_range(0..entry.size).await.expect("a range"),
            blocks.concat()
        );
        assert!(names.contains(&blocks.concat().as_slice()), "{}", entry.name);
    }
    assert_eq!(all_bytes(folder.path(), "not-utf8-\\xff").await.expect("bytes"), b"not-utf8-\xff");
}

#[tokio::test]
async fn files_of_every_size_are_read_whole_and_in_ranges() {
    let folder = tempfile::tempdir().expect("a folder");
    let block = 1 << 20;
    for size in [0, 1, block - 1, block, block + 1, 3 * block + 7] {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 31 + i / 251) as u8).collect();
        fs::write(folder.path().join("x"), &bytes).expect("a file");
        assert!(all_bytes(folder.path(), "x").await.expect("bytes") == bytes, "{size}");
        let (listing, store) = (list(folder.path()).await, open(folder.path()).await);
        let mut opened = store.open_entry(named(&listing, "x")).await.expect("a file");
        for range in [0..1, 3..700, size as u64 / 2..size as u64 + 5, size as u64..size as u64 + 1, 5..5] {
            let read = opened.read_range(range.clone()).await.expect("a range");
            let expected = bytes.get(range.start as usize..(range.end as usize).min(size)).unwrap_or_default();
            assert!(read == expected, "{size} {range:?}");
        }
    }
}

#[tokio::test]
async fn small_files_are_read_up_to_the_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("c.json"), "0123456789").expect("a file");
    let at = |name: &str| Location::Local(folder.path().join(name));
    let unreadable = |cause| Error::new(&BASELINE_UNREADABLE, "the file", cause);
    assert_eq!(read_to_end(&at("c.json"), 10, unreadable).await.expect("bytes"), "0123456789");
    for (name, limit, cause) in [
        ("c.json", 9, "it is larger than 9 bytes"),
        ("absent.json", 10, "there is no such file"),
        (".", 10, "it is not a file"),
    ] {
        let error = read_to_end(&at(name), limit, unreadable).await.expect_err(name);
        assert_eq!((error.code().code, error.cause()), (BASELINE_UNREADABLE.code, cause));
    }
}

#[tokio::test]
async fn artifacts_replace_earlier_ones_and_leave_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("new/folder");
    let location = Location::Local(target.clone());
    write_all(&location, &artifacts(&[("a", "old"), ("kept", "kept")])).await.expect("artifacts");
    write_all(&location, &artifacts(&[("a", "new"), ("b", "")])).await.expect("artifacts");
    assert_eq!(contents(&target), pairs(&[("a", "new"), ("b", ""), ("kept", "kept")]));
}

#[tokio::test]
async fn a_link_under_a_final_name_is_replaced_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let outside = tempfile::NamedTempFile::new().expect("a file");
    symlink(outside.path(), folder.path().join("a")).expect("a link");
    write_all(&Location::Local(folder.path().into()), &artifacts(&[("a", "new")])).await.expect("artifacts");
    assert_eq!(fs::read(outside.path()).expect("the file"), b"");
    assert_eq!(contents(folder.path()), pairs(&[("a", "new")]));
}

#[tokio::test]
async fn a_failure_half_way_leaves_the_old_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::Local(folder.path().into());
    let (old, new) = ([("a", "old"), ("b", "old")], [("a", "new"), ("b", "new"), ("c", "new")]);
    write_all(&location, &artifacts(&old)).await.expect("artifacts");

    let in_the_way = folder.path().join("c");
    fs::create_dir(&in_the_way).expect("a folder");
    let error = write_all(&location, &artifacts(&new)).await.expect_err("a folder in the way");
    assert_eq!(error.code().code, OUTPUT_UNWRITABLE.code);
    assert_eq!((error.place(), error.cause()), (in_the_way.to_str().unwrap(), "a folder stands under this name"));
    assert_eq!(contents(folder.path()), pairs(&old));
}

#[tokio::test]
async fn an_output_that_is_no_folder_is_unwritable() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    for target in [file.path().to_path_buf(), file.path().join("below")] {
        let error = write_all(&Location::Local(target), &artifacts(&[("a", "x")])).await.expect_err("no folder");
        assert_eq!(error.code().code, OUTPUT_UNWRITABLE.code);
        assert_eq!(error.cause(), "a part of the path is a file, not a folder");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out");
    for name in ["", ".", "..", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/."] {
        let error = write_all(&Location::Local(target.clone()), &artifacts(&[(name, "x")])).await.expect_err(name);
        assert_eq!(error.code().code, OUTPUT_UNWRITABLE.code, "{name}");
    }
    assert_eq!((contents(&target), contents(folder.path())), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn names_may_hold_folders() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::Local(folder.path().join("out"));
    let names = [("first", "1"), ("tables/out.csv", "2"), ("tables/more/out.csv", "3"), ("out.csv", "4")];
    for _ in 0..2 {
        write_all(&location, &artifacts(&names)).await.expect("artifacts");
        let (out, tables) = (folder.path().join("out"), folder.path().join("out/tables"));
        assert_eq!(fs::read(tables.join("more/out.csv")).expect("a file"), b"3");
        for (place, expected) in [(out, ["first", "out.csv", "tables"].as_slice()), (tables, &["more", "out.csv"])] {
            let entries = fs::read_dir(place).expect("a folder").map(|entry| entry.expect("an entry").file_name());
            let mut found: Vec<_> = entries.collect();
            found.sort();
            assert_eq!(found, expected, "no temporary file is left");
        }
    }
    let in_the_way = [("first", "new"), ("out.csv/a", "x")];
    let error = write_all(&location, &artifacts(&in_the_way)).await.expect_err("a file in the way");
    assert_eq!(error.cause(), "a part of the path is a file, not a folder");
    assert_eq!(fs::read(folder.path().join("out/first")).expect("a file"), b"1");
}

/// A disk of 64 KiB; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let disk = Self(tempfile::tempdir().expect("a folder"));
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(disk.0.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(disk)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Without a mount there is nothing to undo, and the command says so in vain.
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[tokio::test]
async fn a_full_disk_is_called_so_and_keeps_the_old_files() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: a small disk cannot be mounted here");
        return;
    };
    let location = Location::Local(disk.0.path().into());
    write_all(&location, &artifacts(&[("a", "old")])).await.expect("artifacts");
    let large = "x".repeat(100_000);
    let error = write_all(&location, &artifacts(&[("a", "new"), ("b", &large)])).await.expect_err("a full disk");
    assert_eq!(error.code().code, OUTPUT_FULL.code);
    assert_eq!(contents(disk.0.path()), pairs(&[("a", "old")]));
    write_all(&location, &artifacts(&[("a", "newer")])).await.expect("space again");
}
