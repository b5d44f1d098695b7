//! JSON and JSON Lines responses.
//!
//! Where nothing says where scores stand, these are understood:
//!
//! | answer | scores |
//! |---|---|
//! | a list of numbers | one of each row; of a single row, all of them |
//! | a list of lists of numbers | those of each row |
//! | a list of objects | of each row, what stands under [`SCORES`]' first key that it has, or as its only member |
//! | an object with `predictions` | as what stands there |
//! | any other object | as what stands under [`SCORES`]' first key that it has, or as its only member |
//! | a number | that of a single row |
//!
//! A line of JSON Lines is read as the answer for a single row.

use crate::decode::json::{Node, Reader, Value};
use crate::decode::{Attribute, Path, Searched};

use super::scores::{Fault, Scores, row, rows};

/// What wraps the rows (DG:cdf-inference).
const PREDICTIONS: &str = "predictions";
/// What scores, and after them labels, are called in answers of SageMaker's algorithms (DG:cdf-inference) and
/// of other model servers.
const SCORES: [&str; 6] = ["score", "scores", "probability", "probabilities", "predicted_label", "label"];

/// Reads an answer that is one value.
pub(super) fn document(text: &str, wanted: Option<&Attribute>, n_rows: usize) -> Result<Scores, Fault> {
    let mut tape = Vec::new();
    let mut reader = Reader::over(text);
    let is_read = reader.read(&mut tape).map_err(Fault::json)?;
    if !is_read || !text[reader.position()..].trim().is_empty() {
        return Err(Fault::shape("it is not one value of JSON"));
    }
    of_document(Value::at(&tape, 0), wanted, n_rows)
}

/// Reads an answer that has a value for each row.
pub(super) fn lines(text: &str, wanted: Option<&Attribute>, n_rows: usize) -> Result<Scores, Fault> {
    let mut tape = Vec::new();
    let mut reader = Reader::over(text);
    let mut places = Vec::new();
    loop {
        let place = tape.len();
        if !reader.read(&mut tape).map_err(Fault::json)? {
            break;
        }
        places.push(place);
    }
    // Some servers write a single document whatever they are asked for.
    if let ([place], 2..) = (&places[..], n_rows) {
        return of_document(Value::at(&tape, *place), wanted, n_rows);
    }
    if places.len() != n_rows {
        return Err(Fault::rows(places.len(), n_rows));
    }
    places.into_iter().map(|place| of_line(Value::at(&tape, place), wanted)).collect()
}

fn of_line(value: Value<'_, '_>, wanted: Option<&Attribute>) -> Result<Vec<f64>, Fault> {
    let mut scores = of_document(value, wanted, 1)?;
    scores.pop().ok_or_else(|| Fault::shape("a line has no scores"))
}

fn of_document(value: Value<'_, '_>, wanted: Option<&Attribute>, n_rows: usize) -> Result<Scores, Fault> {
    match wanted {
        None => told_by_itself(value, n_rows),
        Some(Attribute::Path(path)) => found_by(path, value, n_rows),
        Some(Attribute::Name(name)) => match value.at_keys(name) {
            Some(found) => something(found, wanted).and_then(|found| rows(found, n_rows)),
            None => each(value, n_rows, |one| something(one.at_keys(name)?, wanted).ok()),
        },
        Some(Attribute::Index(index)) => each(value, n_rows, |one| match one.is_scalar() {
            true => (*index == 0).then_some(one),
            false => one.elements().nth(*index),
        }),
    }
}

fn told_by_itself(value: Value<'_, '_>, n_rows: usize) -> Result<Scores, Fault> {
    let inner = value.get(PREDICTIONS).unwrap_or(value);
    let found = if let Node::Object { .. } = inner.node() { score_of(inner)? } else { inner };
    let is_of_objects = found.elements().next().is_some_and(|first| matches!(first.node(), Node::Object { .. }));
    if !is_of_objects {
        return rows(found, n_rows);
    }
    let n_found = found.elements().count();
    if n_found != n_rows {
        return Err(Fault::rows(n_found, n_rows));
    }
    found.elements().map(|object| row(score_of(object)?)).collect()
}

/// The member of an object that holds scores.
fn score_of<'t, 'a>(object: Value<'t, 'a>) -> Result<Value<'t, 'a>, Fault> {
    let mut members = object.entries().map(|(_, member)| member);
    let only = members.next().filter(|_| members.next().is_none());
    let found = SCORES.iter().find_map(|key| object.get(key)).or(only);
    found.ok_or_else(|| Fault::shape("it cannot be told which of the members are scores"))
}

fn found_by(path: &Path, value: Value<'_, '_>, n_rows: usize) -> Result<Scores, Fault> {
    let searched = Searched::of(value).map_err(Fault::json)?;
    let found = path.search(&searched);
    let is_nothing = found.is_null() || found.as_array().is_some_and(|all| all.iter().all(|one| one.is_null()));
    if is_nothing {
        return Err(Fault::Shape(format!("`{}` finds nothing in it", path.text().escape_debug())));
    }
    let text = searched.json(&found);
    let mut tape = Vec::new();
    let is_read = Reader::over(&text).read(&mut tape).is_ok_and(|is_read| is_read);
    if is_read { rows(Value::at(&tape, 0), n_rows) } else { Err(Fault::shape("what was found in it is no JSON")) }
}

/// What is wanted of each row, which is an element of the list, or of what `predictions` holds; of a single row
/// the value itself, if it has it.
fn each<'t, 'a>(
    value: Value<'t, 'a>,
    n_rows: usize,
    wanted: impl Fn(Value<'t, 'a>) -> Option<Value<'t, 'a>>,
) -> Result<Scores, Fault> {
    let nothing = || Fault::shape("what label or probability points at is not there");
    let list = value.get(PREDICTIONS).unwrap_or(value);
    let is_list_of_rows = list.elements().next().is_some_and(|first| !first.is_scalar());
    if !is_list_of_rows && n_rows == 1 {
        return Ok(vec![row(wanted(list).ok_or_else(nothing)?)?]);
    }
    let n_found = list.elements().count();
    if n_found != n_rows {
        return Err(Fault::rows(n_found, n_rows));
    }
    list.elements().map(|one| row(wanted(one).ok_or_else(nothing)?)).collect()
}

/// What was found, unless it is null.
fn something<'t, 'a>(found: Value<'t, 'a>, wanted: Option<&Attribute>) -> Result<Value<'t, 'a>, Fault> {
    if found.node() != Node::Null {
        return Ok(found);
    }
    let name = wanted.map(Attribute::text).unwrap_or_default();
    Err(Fault::Shape(format!("`{}` finds nothing in it", name.escape_debug())))
}
