//! Dataset: the objects that are scanned, one split each, and a fingerprint of them.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use futures::TryStreamExt;
use futures::future::join_all;
use sha2::{Digest, Sha256};

use crate::decode::{self, Format, Misfit, Positions, Rows, Settings, SkipReason, Widths, Window};
use crate::error::{self, Error, Result};
use crate::names::file;
use crate::store::{Entry, EntryKind, Listing, Location, Place, ReadError, Store};

/// Objects whose first records are looked at before all others.
const SURVEYED_OBJECTS: usize = 4;

/// What is to be scanned: every object is one split, the largest first, equal ones by name.
///
/// AWS's engine orders files so, and a sum of floating-point numbers depends on the order.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub(super) store: Store,
    pub(super) splits: Vec<Split>,
    pub(super) settings: Settings,
    exists: bool,
    /// Whether folders that look like those of a variant are that: not where metadata name another one.
    folders_tell_variants: bool,
}

/// One object and what the listing says of it.
#[derive(Clone, Debug)]
pub(super) struct Split {
    pub(super) entry: Entry,
    /// Why it is not opened at all.
    pub(super) skip: Option<SkipReason>,
}

/// A fingerprint of what was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Objects that are to be opened.
    pub n_objects: u64,
    /// Their bytes as they lie in the store.
    pub n_bytes: u64,
    /// SHA-256, in hexadecimal, over a line `name TAB size` for every listed object, sorted by name.
    pub sha256: String,
}

impl Dataset {
    /// Lists what lies at `location`.
    pub async fn list(location: &Location, settings: Settings) -> Result<Self> {
        let store = Store::open(location).await?;
        let listing = store.list().await?;
        Ok(Self::of(store, listing, settings))
    }

    /// As [`Self::list`], without what monitors write into the folder `results`; of captures the first records of some
    /// objects say where cells without names stand, the same for all records of the job.
    pub async fn list_surveyed(location: &Location, settings: Settings, results: &Location) -> Result<Self> {
        let mut dataset = Self::list(location, settings).await?;
        dataset.skip_results_in(&Place::of(results));
        if matches!(dataset.settings.format, Format::Capture(_)) {
            let widths = dataset.survey().await?;
            let settings = &mut dataset.settings;
            settings.positions = Some(Positions::of(&widths, settings.names.len(), settings.outputs_are_last));
        }
        Ok(dataset)
    }

    /// Leaves out the files that monitors write into the folder `results`, and those of earlier runs in folders where a
    /// report of theirs lies, unless the job names one of them itself.
    fn skip_results_in(&mut self, results: &Place) {
        let is_named =
            self.splits.len() == 1 && self.store.location().to_string().ends_with(&self.splits[0].entry.name);
        let reported: BTreeSet<String> = self
            .splits
            .iter()
            .filter_map(|split| folder_of(&split.entry.name, file::REPORT))
            .map(str::to_owned)
            .collect();
        let is_like = |name: &str, result: &&str| Path::new(name).file_name() == Path::new(result).file_name();
        for split in self.splits.iter_mut().filter(|split| split.skip.is_none() && !is_named) {
            // Few are looked at: each look is a request to the disk.
            let name = &split.entry.name;
            let alike = file::RESULTS.iter().any(|result| is_like(name, result));
            let way = || split.entry.way_from(results);
            let mut folders = file::RESULTS.iter().filter_map(|result| folder_of(name, result));
            let is_result = || way().is_some_and(|way| file::RESULTS.contains(&way.as_str()));
            if folders.any(|folder| reported.contains(folder)) || alike && is_result() {
                split.skip = Some(SkipReason::OwnResult);
            }
        }
    }

    /// How wide the rows of the first records are, in the first objects; of what is gone nothing is known. Where their
    /// metadata contradict the folders about variants, all objects are opened.
    async fn survey(&mut self) -> Result<Widths> {
        let is_other = |split: &&Split| split.skip == Some(SkipReason::OtherVariant);
        let to_open = self.splits.iter().filter(|split| split.skip.is_none());
        let looked_at: Vec<&Split> =
            to_open.chain(self.splits.iter().filter(is_other)).take(SURVEYED_OBJECTS).collect();
        let heads = join_all(looked_at.iter().map(|split| self.head(&split.entry))).await;
        let mut surveyed = Vec::new();
        for (split, head) in looked_at.into_iter().zip(heads) {
            if let Some((head, is_whole)) = head? {
                let (widths, variants) = decode::surveyed(&self.settings, &head, is_whole);
                let of_folder = self.variant_of(&split.entry);
                let is_contradicted = of_folder.is_some_and(|of_folder| variants.iter().any(|name| *name != of_folder));
                surveyed.push((widths, is_contradicted, split.skip.is_none()));
            }
        }
        self.folders_tell_variants = !surveyed.iter().any(|(_, is_contradicted, _)| *is_contradicted);
        if !self.folders_tell_variants {
            let others = self.splits.iter_mut().filter(|split| split.skip == Some(SkipReason::OtherVariant));
            others.for_each(|split| split.skip = None);
        }
        let mut all = Widths::default();
        let are_opened = !self.folders_tell_variants;
        surveyed.iter().filter(|(.., is_open)| *is_open || are_opened).for_each(|(widths, ..)| all.merge(widths));
        Ok(all)
    }

    /// Names of the cells in the first records of the first object that has any.
    pub async fn column_names(&self) -> Result<Vec<String>> {
        for split in self.splits.iter().filter(|split| split.skip.is_none()).take(SURVEYED_OBJECTS) {
            let Some((head, _)) = self.head(&split.entry).await? else { continue };
            let settings = Settings { rows: Rows::Cells, ..self.settings.clone() };
            let names = decode::column_names(&split.entry.name, settings, &head);
            if !names.is_empty() {
                return Ok(names);
            }
        }
        Ok(Vec::new())
    }

    /// Whether the folders of an object name a variant: of those that are read it is the one that is asked for.
    pub(super) fn has_variant(&self, entry: &Entry) -> bool {
        self.variant_of(entry).is_some()
    }

    /// The variant that the folders of an object name.
    fn variant_of(&self, entry: &Entry) -> Option<String> {
        let path = format!("{}/{}", self.store.location(), entry.name);
        decode::variant_of(&path).filter(|_| self.folders_tell_variants).map(str::to_owned)
    }

    /// Whether folders that look like those of a variant are that.
    pub fn folders_tell_variants(&self) -> bool {
        self.folders_tell_variants
    }

    /// The first bytes of an object, and whether they are all; `None` if it is gone.
    async fn head(&self, entry: &Entry) -> Result<Option<(Vec<u8>, bool)>> {
        let unreadable = |cause| self.unreadable(&entry.name, cause);
        let mut stream = match self.store.read(entry).await {
            Ok(stream) => stream,
            Err(ReadError::Gone) => return Ok(None),
            Err(cause) => return Err(unreadable(cause)),
        };
        let mut head = Vec::new();
        while head.len() < decode::SURVEYED {
            match stream.try_next().await.map_err(unreadable)? {
                Some(block) => head.extend_from_slice(&block),
                None => return Ok(Some((head, true))),
            }
        }
        Ok(Some((head, false)))
    }

    /// The failure of a job that cannot read the object of this name.
    pub(super) fn unreadable(&self, name: &str, cause: ReadError) -> Error {
        Error::new(&error::INPUT_UNREADABLE, self.place_of(name).to_string(), cause)
    }

    /// Where the object of this name lies.
    pub(super) fn place_of(&self, name: &str) -> Location {
        match self.store.location() {
            // A location may be the object itself.
            alone if alone.to_string().ends_with(&format!("/{name}")) && self.splits.len() == 1 => alone.clone(),
            folder => folder.join(name),
        }
    }

    fn of(store: Store, listing: Listing, settings: Settings) -> Self {
        // A file that the job itself names is read whatever it is called.
        let (is_alone, location) = (listing.entries.len() == 1, store.location().to_string());
        let is_named = |entry: &Entry| {
            is_alone && entry.kind == EntryKind::File && entry.size > 0 && location.ends_with(&entry.name)
        };
        let is_other = |entry: &Entry| {
            let wanted = settings.filter.variant.as_deref().filter(|_| matches!(settings.format, Format::Capture(_)));
            let path = format!("{location}/{}", entry.name);
            wanted.is_some() && decode::variant_of(&path).is_some_and(|variant| Some(variant) != wanted)
        };
        let skip = |entry: &Entry| {
            let skip = reason_to_skip(entry).filter(|_| !is_named(entry));
            skip.or_else(|| is_other(entry).then_some(SkipReason::OtherVariant))
        };
        let mut splits: Vec<Split> =
            listing.entries.into_iter().map(|entry| Split { skip: skip(&entry), entry }).collect();
        splits.sort_by(|a, b| (Reverse(a.entry.size), &a.entry.name).cmp(&(Reverse(b.entry.size), &b.entry.name)));
        Self { store, splits, settings, exists: listing.exists, folders_tell_variants: true }
    }

    /// Whether there is anything at the location, be it an empty folder.
    pub fn exists(&self) -> bool {
        self.exists
    }

    /// Records of other times are left out.
    pub fn window(&self) -> Window {
        self.settings.window
    }

    /// Number of listed objects.
    pub fn n_objects(&self) -> u64 {
        self.splits.len() as u64
    }

    /// Bytes of all listed objects, as they lie in the store.
    pub fn n_bytes(&self) -> u64 {
        self.splits.iter().map(|split| split.entry.size).sum()
    }

    /// Cells of an answer in the first records of captures, as most have them; `None` where none was seen.
    pub fn n_answer_cells(&self) -> Option<usize> {
        self.settings.positions?.n_answer_cells
    }

    /// What keeps the cells of captures from being the baseline's columns.
    pub fn misfit(&self) -> Option<Misfit> {
        self.settings.positions?.misfit
    }

    pub fn manifest(&self) -> Manifest {
        let mut entries: Vec<&Entry> = self.splits.iter().map(|split| &split.entry).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let mut hash = Sha256::new();
        for entry in entries {
            hash.update(format!("{}\t{}\n", entry.name, entry.size));
        }
        let to_open = || self.splits.iter().filter(|split| split.skip.is_none());
        Manifest {
            n_objects: to_open().count() as u64,
            n_bytes: to_open().map(|split| split.entry.size).sum(),
            sha256: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

impl Dataset {
    /// Of the object of every number ([`Self::numbers_by_name`]) the place of its variant among the variants' names;
    /// `None` where there are fewer than two. A label is for one variant's capture of an id, and merged records keep
    /// both.
    pub(super) fn variants_by_number(&self) -> Option<Arc<[u32]>> {
        if !matches!(self.settings.format, Format::Capture(_)) || self.settings.rows == Rows::CaptureRecords {
            return None;
        }
        let mut splits: Vec<&Split> = self.splits.iter().collect();
        splits.sort_by(|a, b| a.entry.name.cmp(&b.entry.name));
        let variant = |split: &&Split| self.variant_of(&split.entry).unwrap_or_default();
        let variants: Vec<String> = splits.iter().map(variant).collect();
        let opened = variants.iter().zip(&splits).filter(|(_, split)| split.skip.is_none());
        let names: BTreeSet<&String> = opened.map(|(variant, _)| variant).collect();
        let names: Vec<&String> = names.into_iter().collect();
        let place = |variant: &String| names.binary_search(&variant).unwrap_or(names.len()) as u32;
        (names.len() > 1).then(|| variants.iter().map(place).collect())
    }

    /// The name of the object of every split.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.splits.iter().map(|split| split.entry.name.as_str())
    }

    /// The number of every split's object in the order of names.
    pub(super) fn numbers_by_name(&self) -> Vec<u32> {
        let mut by_name: Vec<usize> = (0..self.splits.len()).collect();
        by_name.sort_by_key(|split| &self.splits[*split].entry.name);
        let mut numbers = vec![0; self.splits.len()];
        for (number, split) in (0..).zip(by_name) {
            numbers[split] = number;
        }
        numbers
    }

    /// Names of the objects, in their order: those that [`Self::numbers_by_name`] numbers.
    pub(super) fn names_in_order(&self) -> Vec<String> {
        let mut names: Vec<String> = self.names().map(str::to_owned).collect();
        names.sort_unstable();
        names
    }

    /// Where the objects lie.
    pub(super) fn location(&self) -> &Location {
        self.store.location()
    }
}

/// The folder in which an object of this name is the file `result`; it ends in a slash, unless it is the location.
fn folder_of<'a>(name: &'a str, result: &str) -> Option<&'a str> {
    name.strip_suffix(result).filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

/// Spark and Hadoop leave out what begins with a dot or an underscore; so do the files that jobs
/// leave behind (`_SUCCESS`) and the stand-ins for folders (`_$folder$`, names that end in a slash).
fn reason_to_skip(entry: &Entry) -> Option<SkipReason> {
    let parts = || entry.name.split('/');
    if entry.kind == EntryKind::NotAFile {
        Some(SkipReason::NotAFile)
    } else if parts().any(|part| part.starts_with('.')) {
        Some(SkipReason::DotFile)
    } else if parts().any(|part| part.starts_with('_'))
        || entry.name.ends_with("_$folder$")
        || entry.name.ends_with('/')
    {
        Some(SkipReason::Marker)
    } else if entry.size == 0 {
        Some(SkipReason::Empty)
    } else {
        None
    }
}
