//! Places that must not be one another: results over what a job reads.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{Pairs, job, refusal};
use crate::error::PLACES_OVERLAP;
use crate::names::variable::{
    BASELINE_CONSTRAINTS, BASELINE_STATISTICS, DATASET_SOURCE, GROUND_TRUTH_SOURCE, OUTPUT_PATH,
};

/// What is said of a job of these places below `root`, if it is refused; those on S3 are taken as they are.
fn refused(root: &Path, places: Pairs<'_>) -> Option<String> {
    let whole =
        |place: &str| if place.contains("://") { place.to_owned() } else { root.join(place).display().to_string() };
    let places: Vec<(&str, String)> = places.iter().map(|(name, place)| (*name, whole(place))).collect();
    let places: Vec<(&str, &str)> = places.iter().map(|(name, place)| (*name, place.as_str())).collect();
    let contract = job(&places).expect("a contract");
    contract.refuse_overlaps().is_err().then(|| {
        let (code, place, cause) = refusal(contract.refuse_overlaps().map(|()| contract));
        assert_eq!((code, place.as_str()), (PLACES_OVERLAP.code, OUTPUT_PATH));
        cause
    })
}

#[test]
fn results_that_would_replace_their_baseline_are_refused_whatever_the_places_are_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir_all(root.join("base/sub")).and_then(|()| fs::create_dir(root.join("other"))).expect("folders");
    fs::write(root.join("base/constraints.json"), "{}").expect("a baseline");
    symlink(root.join("base"), root.join("link")).expect("a link");
    symlink(root.join("base/constraints.json"), root.join("other/kept.json")).expect("a link");
    symlink(root.join("base/sub"), root.join("other/statistics.json")).expect("a link");
    let cases = [
        (BASELINE_CONSTRAINTS, "base/constraints.json", "base"),
        (BASELINE_CONSTRAINTS, "base/constraints.json", "base/sub/.."),
        (BASELINE_CONSTRAINTS, "base/constraints.json", "link"),
        (BASELINE_CONSTRAINTS, "link/constraints.json", "base"),
        (BASELINE_CONSTRAINTS, "other/kept.json", "base"),
        (BASELINE_STATISTICS, "other/statistics.json", "other"),
        (BASELINE_STATISTICS, "new/statistics.json", "new"),
        (DATASET_SOURCE, "new/explanations_shap/out.csv", "new"),
        (BASELINE_STATISTICS, "s3://b/p/statistics.json", "s3://b/p/"),
    ];
    for (name, file, output) in cases {
        let said = refused(root, &[(name, file), (OUTPUT_PATH, output)]).unwrap_or_else(|| panic!("{file} {output}"));
        assert!(said.contains(file) && said.contains(output), "{said}");
    }
    let apart = [
        ("base/constraints.json", "base/sub"),
        ("base/constraints.json", "."),
        ("base/my-own.json", "base"),
        ("s3://b/p/constraints.json", "s3://b/p/constraints.json"),
        ("s3://b/p/constraints.json", "s3://b"),
        ("s3://b/pq/constraints.json", "s3://b/p"),
    ];
    for (file, output) in apart {
        assert_eq!(refused(root, &[(BASELINE_CONSTRAINTS, file), (OUTPUT_PATH, output)]), None, "{file} {output}");
    }
}

#[test]
fn a_baseline_may_be_made_anew_where_it_lies() {
    let contract = job(&[(BASELINE_CONSTRAINTS, "/b/constraints.json"), (OUTPUT_PATH, "/b")]).expect("a contract");
    assert!(contract.refuse_overlaps().is_err());
    assert!(contract.without_baseline().refuse_overlaps().is_ok());
}

#[test]
fn a_merge_into_its_captures_or_labels_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir_all(root.join("captures")).expect("folders");
    symlink(root.join("captures"), root.join("link")).expect("a link");
    let of = |output| [(DATASET_SOURCE, "captures"), (GROUND_TRUTH_SOURCE, "labels"), (OUTPUT_PATH, output)];
    for output in ["captures", "captures/merged", "link/merged", "labels", "labels/merged", "x/../captures"] {
        assert!(refused(root, &of(output)).is_some(), "{output}");
    }
    for output in ["merged", "captures-merged", "link/../merged", "."] {
        assert_eq!(refused(root, &of(output)), None, "{output}");
    }
    let of = |output| [(DATASET_SOURCE, "s3://b/c/"), (GROUND_TRUTH_SOURCE, "s3://b/l"), (OUTPUT_PATH, output)];
    assert!(refused(root, &of("s3://b/c/m")).is_some() && refused(root, &of("s3://b/l/")).is_some());
    assert_eq!(refused(root, &of("s3://b/merged")), None);
}
