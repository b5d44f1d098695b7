//! Kept features: those of a record's rows, beside answers that are read without them. Where they cannot be read, or are
//! those of another number of rows, there are none; what becomes of the record does not depend on them.

use crate::decode::batch::packed_features::PackedFeatures;
use crate::decode::extract::features::Features;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::settings::instances::Instances;
use crate::decode::settings::rows::Rows;

/// Finds the features of one record after the other.
pub struct KeptFeatures {
    features: Features,
    packed: PackedFeatures,
    is_table: bool,
}

impl KeptFeatures {
    /// For records, or for the JSON values of a table; `None` where rows keep none, and where an expression finds what
    /// is no feature in a table's values: nobody can tell it from the features there.
    pub fn of(rows: &Rows, is_table: bool) -> Option<Self> {
        let attributes = rows.attributes();
        let Attributes { prediction, scores, label, id, .. } = &attributes;
        let mut all = [prediction, label, id].into_iter().flatten().chain(scores);
        let is_unclear = is_table && all.any(|attribute| matches!(attribute, Attribute::Path(_)));
        if !rows.keep_features() || is_unclear {
            return None;
        }
        let others = [prediction, label].into_iter().flatten().cloned().collect();
        let features =
            Features::new(&Instances { attributes: attributes.clone(), others, ..Instances::default() }, is_table);
        Some(Self { features, packed: PackedFeatures::default(), is_table })
    }

    /// Looks for the features of a request, or of a table's value.
    pub fn read(&mut self, found: Option<&ReadPayload<'_, '_>>) {
        self.packed.clear();
        let (request, of_table) = if self.is_table { (None, found) } else { (found, None) };
        let Ok(n_rows) = self.features.read(request, of_table) else { return };
        if self.features.are_among_others() == self.is_table {
            (0..n_rows).for_each(|row| self.features.pack(&mut self.packed, row));
        }
    }

    /// The features of a record of so many rows, whose rows may take up so much memory.
    pub fn of_rows(&mut self, n_rows: usize, max_record_memory: usize) -> &PackedFeatures {
        self.packed.fit(n_rows, max_record_memory);
        &self.packed
    }
}
