//! Columns that the configuration names by their positions, in tables that name their columns themselves.

use crate::contract::{BiasJob, Contract};
use crate::decode::outcome::unnamed_feature;
use crate::decode::{Format, unnamed};
use crate::error::{self, Error};
use crate::profile::FacetSettings;
use crate::run::datasets;

/// The facets and the label, those known by their positions alone called as the data's header does; an error where `headers` calls a
/// column that the configuration counts otherwise than the data: nobody can say which of them is meant.
pub(super) async fn named(contract: &Contract, job: &BiasJob) -> (FacetSettings, Option<Error>) {
    let mut facets = job.facets.clone();
    let header = match contract.format {
        Format::Csv { header } => header,
        Format::Parquet => Some(true),
        _ => Some(false),
    };
    if job.positions.is_empty() || header == Some(false) {
        return (facets, None);
    }
    let names = datasets::column_names(contract).await;
    let headers = &job.instances.headers;
    let is_named = |position: &usize| names.get(*position).is_some_and(|name| *name != unnamed(*position));
    let named: Vec<usize> = job.positions.iter().copied().filter(is_named).collect();
    if !headers.is_empty() {
        return (facets, misnamed(header, (headers, &names), &named));
    }
    for position in named {
        let (unnamed, name) = (unnamed_feature(position), &names[position]);
        let of_facets = facets.facets.iter_mut().map(|facet| &mut facet.name);
        let all = of_facets.chain(&mut facets.group_variable).chain([&mut facets.label]);
        all.filter(|called| **called == unnamed).for_each(|called| called.clone_from(name));
    }
    (facets, None)
}

/// The error where two names are given to these positions. Where nothing says that the first record is a header, it is
/// one if it holds the same names.
fn misnamed(header: Option<bool>, (headers, names): (&[String], &[String]), positions: &[usize]) -> Option<Error> {
    let has = |all: &[String], name: &String| all.iter().any(|other| other.trim() == name.trim());
    let is_header = header == Some(true)
        || headers.iter().all(|name| has(names, name))
        || names.iter().all(|name| has(headers, name));
    let differs =
        |position: &&usize| headers.get(**position).is_some_and(|header| header.trim() != names[**position].trim());
    let differ: Vec<String> = positions.iter().filter(differs).map(ToString::to_string).collect();
    if !is_header || differ.is_empty() {
        return None;
    }
    let cause = format!(
        "columns are named by their positions, and at {} headers gives another name than the data's own header",
        differ.join(", ")
    );
    let remedy = "Give headers the names of the data in their order, or leave headers out; or name columns in place of \
                  counting them.";
    Some(Error::new(&error::FACET_NOT_FOUND, "headers", cause).with_remedy(remedy))
}
