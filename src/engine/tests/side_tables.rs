//! Tests of the side-table join.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};

use super::support::{LITTLE, PLENTY, place, run, session};
use crate::decode::{Attribute, Attributes, Format, Instances, Meta, Rows as Decoded, Settings, outcome};
use crate::engine::{
    Dataset, JoinKey, Session, SideJoin, SideJoinCounts, SideTable, SideTableFault, SideTableMatches, SideTableSpec,
    fold,
};
use crate::error;
use crate::store::Location;
use crate::summary::Summary;

/// The features `x` and the facets `sex` of used rows.
#[derive(Debug, Default)]
struct Seen(Vec<String>);

impl Summary for Seen {
    type Input = RecordBatch;
    type Output = Vec<String>;

    fn observe(&mut self, batch: &RecordBatch) {
        let meta = Meta::of(batch).expect("the layout");
        let columns = ["feature.x", "facet.sex"].map(|name| outcome::cells_of(batch, name));
        for row in (0..batch.num_rows()).filter(|row| meta.reason.is_null(*row)) {
            let cells = columns.map(|cells| match cells {
                Some(cells) if cells.is_valid(row) => cells.value(row),
                _ => "-",
            });
            self.0.push(cells.concat());
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn finish(mut self) -> Vec<String> {
        self.0.sort();
        self.0
    }
}

async fn dataset(folder: &Path, key: JoinKey) -> Arc<Dataset> {
    let id = (key == JoinKey::Id).then(|| Attribute::parse("id").expect("an attribute"));
    let attributes = Attributes { id, ..Attributes::default() };
    let rows = Decoded::Instances(Instances { attributes, with_label: true, ..Instances::default() });
    let settings = Settings::new(Format::Csv { header: Some(true) }, rows, 1 << 20);
    Arc::new(Dataset::list(&Location::Local(folder.to_path_buf()), settings).await.expect("a dataset"))
}

fn spec(key: JoinKey) -> SideTableSpec {
    SideTableSpec { key, columns: vec![("feature.sex".to_owned(), "facet.sex".to_owned())] }
}

async fn side_table(session: &Session, folder: &Path, key: JoinKey) -> Result<SideTable, SideTableFault> {
    let of = dataset(folder, key).await;
    SideTable::read(session, of, spec(key), Seen::default).await.map(|(_, side_table)| side_table)
}

/// What is joined of files in `main` and `facets`, the counts, and the facets' rows: all, used, without id.
type Joined = (Vec<String>, SideJoinCounts, [u64; 3]);

fn join(folder: &Path, key: JoinKey, n_threads: usize) -> Result<Joined, SideTableFault> {
    run(async {
        let session = session(n_threads, PLENTY);
        let side_tables: Arc<[SideTable]> =
            [side_table(&session, &folder.join("facets"), key).await?].into_iter().collect();
        let main = dataset(&folder.join("main"), key).await;
        let rows = fold(&session, main, || SideJoin::new(side_tables.clone(), Seen::default())).await?;
        let (counts, rows) = rows.finish();
        Ok((rows, counts, [side_tables[0].n_rows(), side_tables[0].n_used(), side_tables[0].n_without_id()]))
    })
}

#[test]
fn rows_are_joined_by_id_whatever_their_files_and_every_row_is_accounted_for() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "main/a.csv", "id,x\n1,a\n2,b\n2,c\n,d\n9,e\n");
    place(folder.path(), "main/b.csv", "x,id\nf,4\ng,1\n");
    place(folder.path(), "facets/a.csv", "sex,id\nM,4\nF,2\nM,8\n");
    place(folder.path(), "facets/b.csv", "id,sex\n1,\n,F\n");
    for n_threads in [1, 4] {
        let (rows, counts, side_table) = join(folder.path(), JoinKey::Id, n_threads).expect("a join");
        assert_eq!(rows, ["a-", "bF", "cF", "fM", "g-"]);
        let of_main = &counts.of_tables[0];
        assert_eq!((of_main.n, of_main.n_matched, of_main.n_without_row, of_main.n_without_id), (7, 5, 1, 1));
        assert_eq!(counts.n_joined, 5);
        assert_eq!(side_table, [5, 3, 1]);
    }
}

#[test]
fn rows_are_joined_by_their_places_and_what_is_rejected_has_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = "y".repeat(2 << 20);
    place(folder.path(), "main/a.csv", &format!("x\na\n{long}\nc\nd\n"));
    place(folder.path(), "facets/a.csv", &format!("sex\nF\nM\n{long}\nM\n"));
    let (rows, counts, side_table) = join(folder.path(), JoinKey::Position, 2).expect("a join");
    assert_eq!(rows, ["aF", "dM"]);
    assert_eq!((counts.places.known(), side_table), (Some(4), [3, 2, 0]));
    let SideTableMatches { n, n_matched, n_without_row, n_without_id, .. } = counts.of_tables[0];
    assert_eq!((n, n_matched, n_without_row, n_without_id), (3, 2, 1, 0));
}

#[test]
fn an_identifier_that_repeats_fails_the_join() {
    for (files, place_of_error) in [
        ([("facets/a.csv", "id,sex\n1,F\n2,M\n1,M\n"), ("facets/b.csv", "id,sex\n3,F\n")], "a.csv, line 4"),
        ([("facets/a.csv", "id,sex\n1,F\n"), ("facets/b.csv", "id,sex\n1,F\n")], "facets"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        place(folder.path(), "main/a.csv", "id,x\n1,a\n");
        files.iter().for_each(|(name, text)| place(folder.path(), name, text));
        let fault = join(folder.path(), JoinKey::Id, 2).expect_err("a fault");
        let SideTableFault::IdRepeats { place } = fault else { panic!("{fault:?}") };
        assert!(place.ends_with(place_of_error), "{place}");
    }
}

#[test]
fn a_column_that_is_not_there_fails_the_join() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "main/a.csv", "id,x\n1,a\n");
    place(folder.path(), "facets/a.csv", "id,age\n1,40\n");
    let fault = join(folder.path(), JoinKey::Id, 1).expect_err("a fault");
    let SideTableFault::ColumnMissing { place, column } = fault else { panic!("{fault:?}") };
    assert!(place.ends_with("facets") && column == "sex", "{place}: {column}");
}

#[test]
fn what_does_not_fit_into_memory_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (0..200_000).map(|id| format!("{id},sex of {id}\n")).collect();
    place(folder.path(), "facets/a.csv", &format!("id,sex\n{rows}"));
    let read = |memory| {
        run(async { side_table(&session(2, memory), &folder.path().join("facets"), JoinKey::Id).await.map(|_| ()) })
    };
    let fault = read(LITTLE).expect_err("a fault");
    let SideTableFault::Failed(error) = fault else { panic!("{fault:?}") };
    assert_eq!(error.code().code, error::MEMORY_LIMIT.code);
    assert!(read(PLENTY).is_ok());
}
