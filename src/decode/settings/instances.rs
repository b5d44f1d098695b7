//! Instances: the features a model was asked about, beside its answers and their labels.

use std::collections::HashSet;

use crate::decode::batch::outcome::{feature_column, unnamed_feature};
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::settings::format::Format;

/// What is taken from a dataset of instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instances {
    /// Where predictions, scores, labels and ids stand. Of records, those of predictions and scores
    /// look at the model's answer only, that of the label at the ground truth.
    pub attributes: Attributes,
    /// Whether rows have a label. Captures that are to be joined have none: the join adds it.
    pub with_label: bool,
    /// Where the features stand in a JSON value: a list of one list or object for each instance, or
    /// one of them. `None`, and in comma-separated requests: the cells of a request, or those of an answer
    /// that was joined with its request, or of a table, that are nothing else.
    pub features: Option<Attribute>,
    /// Names by position. Of records, and wherever there is [`Self::features`], those of the features;
    /// of other tables those of all columns. No more than a table has room for.
    ///
    /// Where the names of features are given, the rows of records hold these features and no others.
    pub headers: Vec<String>,
    /// Where else something stands that is no feature, and that rows do not hold: outcomes of tables, and of
    /// answers that were joined with their requests. Written as predictions, scores and labels are.
    pub others: Vec<Attribute>,
    /// Features that are left out, by name, or by their place among what [`Self::headers`] names.
    pub excluded: Vec<Attribute>,
}

/// Where features are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A request: nothing else stands there.
    Request,
    /// An answer that was joined with its request.
    AnswerWithRequest,
    /// A table's row or JSON value.
    Table,
}

/// The names of cells that are known by position, and which cells are no features.
#[derive(Debug, Default)]
pub struct FeatureLayout {
    pub names: Vec<String>,
    left_positions: HashSet<usize>,
    left_names: HashSet<String>,
    /// Names of lists, whose elements are called by the name and a number.
    left_lists: Vec<String>,
}

impl Instances {
    /// The feature columns that every batch has, in their order; none where the data sets them.
    pub fn fixed_columns(&self, format: &Format, n_leading: usize) -> Vec<String> {
        let source = match format {
            Format::Capture(_) => Source::Request,
            Format::Csv { .. } | Format::Json { .. } if !self.with_label => Source::Request,
            Format::Json { .. } => Source::Table,
            Format::Csv { .. } | Format::Parquet | Format::GroundTruth => return Vec::new(),
        };
        if self.headers.is_empty() {
            return Vec::new();
        }
        let layout = self.layout(source);
        let is_feature = |(place, name): &(usize, &String)| !layout.is_left_out(*place, name);
        let names = layout.names.iter().enumerate().filter(is_feature);
        names.map(|(_, name)| feature_column(name)).take(MAX_COLUMNS - n_leading).collect()
    }

    pub fn layout(&self, source: Source) -> FeatureLayout {
        let Attributes { prediction, scores, label, id, .. } = &self.attributes;
        let mut layout = FeatureLayout::default();
        // What features stand beside is found elsewhere where they have a place of their own.
        let source = if self.features.is_some() { Source::Request } else { source };
        if source != Source::Request {
            layout.leave_out(prediction);
            layout.leave_out(scores);
            layout.leave_out(&self.others);
        }
        if source == Source::Table {
            layout.leave_out(label);
            layout.leave_out(id);
        }
        let lists = scores.iter().chain(&self.others).filter(|_| source != Source::Request);
        layout.left_lists.extend(lists.filter_map(name_of));
        let taken = std::mem::take(&mut layout.left_positions);
        layout.leave_out(&self.excluded);
        if source == Source::Table {
            layout.left_positions.extend(taken);
            layout.names = unique(&self.headers);
        } else {
            layout.number_around(&taken, &unique(&self.headers));
        }
        layout
    }
}

impl FeatureLayout {
    fn leave_out<'a>(&mut self, attributes: impl IntoIterator<Item = &'a Attribute>) {
        for attribute in attributes {
            match attribute {
                Attribute::Index(index) => drop(self.left_positions.insert(*index)),
                Attribute::Name(name) => drop(self.left_names.insert(name.clone())),
                Attribute::Path(_) => {}
            }
        }
    }

    /// Names the positions that are not taken by `headers`, and counts what is left out among them.
    fn number_around(&mut self, taken: &HashSet<usize>, headers: &[String]) {
        let n_excluded = self.left_positions.iter().map(|position| position + 1).max().unwrap_or(0);
        let excluded = std::mem::replace(&mut self.left_positions, taken.clone());
        let mut n_features = 0;
        while n_features < headers.len().max(n_excluded) {
            let position = self.names.len();
            let mut name = unnamed_feature(position);
            if !taken.contains(&position) {
                if excluded.contains(&n_features) {
                    self.left_positions.insert(position);
                }
                name = headers.get(n_features).cloned().unwrap_or(name);
                n_features += 1;
            }
            self.names.push(name);
        }
    }

    /// Whether the cell at `position` that is called `name` is no feature.
    pub fn is_left_out(&self, position: usize, name: &str) -> bool {
        self.left_positions.contains(&position) || self.is_name_left_out(name)
    }

    pub fn is_position_left_out(&self, position: usize) -> bool {
        self.left_positions.contains(&position)
    }

    pub fn is_name_left_out(&self, name: &str) -> bool {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_element = |list: &String| {
            name.strip_prefix(list.as_str()).and_then(|rest| rest.strip_prefix('.')).is_some_and(is_number)
        };
        self.left_names.contains(name) || self.left_lists.iter().any(is_element)
    }
}

fn name_of(attribute: &Attribute) -> Option<String> {
    if let Attribute::Name(name) = attribute { Some(name.clone()) } else { None }
}

/// The names; one that was there before gets underscores.
fn unique(names: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut apart = |name: &String| {
        let mut name = name.clone();
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        name
    };
    names.iter().map(&mut apart).collect()
}
