//! Places of a job: results must not replace what the job reads, nor be read as data by the next one.

use super::analysis::Analysis;
use super::checked::Contract;
use super::ground_truth::GroundTruth;
use super::reference_rows::Reference;
use crate::error::{self, Error, Result};
use crate::names::{file, variable};
use crate::store::{Location, Place};

impl Contract {
    /// Refuses an output that would replace a file that the job reads, and a merge into its own captures or labels.
    /// Looks at the disk: places are compared by what they are.
    pub fn refuse_overlaps(&self) -> Result<()> {
        let output = Place::of(&self.output);
        if let Analysis::Merge(truth) = &self.analysis {
            return self.refuse_merge_into(&output, truth);
        }
        let is_result = |location: &Location| {
            let ways = [Place::of(location).way_from(&output), Place::of_name(location).way_from(&output)];
            ways.into_iter().flatten().find(|way| file::RESULTS.contains(&way.as_str()))
        };
        for (what, location) in self.files() {
            if let Some(name) = is_result(location) {
                let cause = format!("{} is {location}, and the results' {name} would replace it", what);
                return Err(self.overlap(&cause));
            }
        }
        Ok(())
    }

    fn refuse_merge_into(&self, output: &Place, truth: &GroundTruth) -> Result<()> {
        for (what, source) in [("captures", &self.source), ("labels", &truth.source)] {
            if output.is_inside(&Place::of(source)) {
                let cause = format!(
                    "the {what} lie in {source}: merged records would lie among the {what}, and be read as such by the \
                     next merge"
                );
                return Err(self.overlap(&cause));
            }
        }
        Ok(())
    }

    fn overlap(&self, cause: &str) -> Error {
        Error::new(&error::PLACES_OVERLAP, variable::OUTPUT_PATH, format!("it is {}; {cause}", self.output))
    }

    /// What the job reads and names, each with its variable or key. A folder among them is none of the results.
    fn files(&self) -> Vec<(&'static str, &Location)> {
        let baselines = [
            (variable::BASELINE_CONSTRAINTS, self.baseline_constraints.as_ref()),
            (variable::BASELINE_STATISTICS, self.baseline_statistics.as_ref()),
            (
                "baseline-profile",
                self.baseline_profile.as_ref().filter(|(_, is_named)| *is_named).map(|(place, _)| place),
            ),
            (variable::DATASET_SOURCE, Some(&self.source)),
        ];
        let mut files: Vec<_> = baselines.into_iter().filter_map(|(what, place)| Some((what, place?))).collect();
        match &self.analysis {
            Analysis::Bias(job) => {
                files.extend(job.side_tables.iter().map(|table| (table.holds.name(), &table.source)))
            }
            Analysis::Attribution(job) => {
                if let Reference::Dataset(location) = &job.shap.reference {
                    files.push(("shap.baseline", location));
                }
            }
            Analysis::DataQuality | Analysis::ModelQuality(_) | Analysis::Merge(_) => {}
        }
        files
    }
}
