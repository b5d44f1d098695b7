//! Table of bias metrics.

use super::conditional::Accepted;
use super::metric::BiasMetricKind;
use super::metric::IntervalMethod::{Likelihood, MagnitudeOfDpl};
use super::unfairness::{
    ANY, CORRECT, FALSE_NEGATIVES, FALSE_POSITIVES, Form, NEGATIVES, POSITIVES, PREDICTED_NEGATIVES,
    PREDICTED_POSITIVES, TRUE_NEGATIVES, TRUE_POSITIVES, difference, odds, quotient,
};
use super::{labels, predictions};

/// The metric of this name.
pub fn named(metric: &str) -> Option<&'static BiasMetricKind> {
    ALL.iter().find(|kind| kind.name == metric)
}

type Kind = BiasMetricKind;

/// All metrics, by stage, in the order of their names. Those that follow from DPL are not tested.
pub static ALL: &[BiasMetricKind] = &[
    Kind::conditional("CDDL", "Conditional Demographic Disparity in Labels", Accepted::Labels).tested(Form::Other),
    Kind::pre_training("CI", "Class Imbalance", labels::class_imbalance).tested(Form::Imbalance),
    Kind::pre_training("DPL", "Difference in Positive Proportions in Labels", labels::difference_in_labels)
        .tested(difference(POSITIVES, ANY)),
    Kind::pre_training("JS", "Jensen-Shannon Divergence", labels::jensen_shannon).interval(Likelihood),
    Kind::pre_training("KL", "Kullback-Liebler Divergence", labels::kullback_leibler).interval(Likelihood),
    Kind::pre_training("KS", "Kolmogorov-Smirnov Distance", labels::kolmogorov_smirnov).interval(MagnitudeOfDpl(1.0)),
    Kind::pre_training("LP", "L-p Norm", labels::euclidean).interval(MagnitudeOfDpl(std::f64::consts::SQRT_2)),
    Kind::pre_training("TVD", "Total Variation Distance", labels::total_variation).interval(MagnitudeOfDpl(1.0)),
    Kind::post_training("AD", "Accuracy Difference", predictions::accuracy)
        .tested(difference(CORRECT, ANY))
        .of_intersections(3),
    Kind::conditional("CDDPL", "Conditional Demographic Disparity in Predicted Labels", Accepted::Predictions)
        .tested(Form::Other)
        .of_positive_predictions(),
    Kind::post_training("DAR", "Difference in Acceptance Rates", predictions::acceptance_rates)
        .tested(difference(TRUE_POSITIVES, PREDICTED_POSITIVES))
        .of_positive_predictions(),
    Kind::post_training("DCA", "Difference in Conditional Acceptance", predictions::conditional_acceptance)
        .tested(difference(POSITIVES, PREDICTED_POSITIVES))
        .of_positive_predictions(),
    Kind::post_training("DCR", "Difference in Conditional Rejection", predictions::conditional_rejection)
        .tested(difference(NEGATIVES, PREDICTED_NEGATIVES)),
    Kind::post_training("DI", "Disparate Impact", predictions::disparate_impact)
        .tested(quotient(PREDICTED_POSITIVES, ANY))
        .of_positive_predictions()
        .of_intersections(2),
    Kind::post_training(
        "DPPL",
        "Difference in Positive Proportions in Predicted Labels",
        predictions::difference_in_predictions,
    )
    .tested(difference(PREDICTED_POSITIVES, ANY))
    .of_intersections(1),
    Kind::post_training("DRR", "Difference in Rejection Rates", predictions::rejection_rates)
        .tested(difference(TRUE_NEGATIVES, PREDICTED_NEGATIVES)),
    Kind::flips("FT", "Flip Test").tested(Form::Other),
    Kind::post_training("GE", "Generalized Entropy", predictions::generalized_entropy).tested(Form::Entropy),
    Kind::post_training("RD", "Recall Difference", predictions::recall).tested(difference(TRUE_POSITIVES, POSITIVES)),
    Kind::post_training("SD", "Specificity Difference", predictions::specificity)
        .tested(difference(TRUE_NEGATIVES, NEGATIVES)),
    Kind::post_training("TE", "Treatment Equality", predictions::treatment_equality)
        .tested(odds(FALSE_NEGATIVES, FALSE_POSITIVES))
        .of_positive_predictions(),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::confusion_matrix::GroupAndRest;
    use super::super::metric::Stage;
    use super::*;

    /// The names of the kinds that are meant, in the order of the table.
    fn names(is_meant: impl Fn(&BiasMetricKind) -> bool) -> String {
        ALL.iter().filter(|kind| is_meant(kind)).map(|kind| kind.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_those_of_aws_by_stage_and_differ() {
        assert_eq!(names(|kind| kind.stage == Stage::PreTraining), "CDDL CI DPL JS KL KS LP TVD");
        assert_eq!(names(|kind| kind.stage == Stage::PostTraining), "AD CDDPL DAR DCA DCR DI DPPL DRR FT GE RD SD TE");
        assert!(ALL.is_sorted_by_key(|kind| kind.stage == Stage::PostTraining));
        assert_eq!(ALL.iter().map(|kind| kind.name).collect::<HashSet<_>>().len(), ALL.len());
        assert_eq!(ALL.iter().map(BiasMetricKind::description).collect::<HashSet<_>>().len(), ALL.len());
    }

    #[test]
    fn what_follows_from_dpl_is_not_tested() {
        assert_eq!(names(|kind| kind.form.is_none()), "JS KL KS LP TVD");
        assert_eq!(names(|kind| matches!(kind.form, Some(Form::Other))), "CDDL CDDPL FT");
    }

    #[test]
    fn metrics_of_positive_predictions_are_those_of_predictions() {
        assert_eq!(names(|kind| kind.needs_positive_predictions), "CDDPL DAR DCA DI TE");
    }

    #[test]
    fn metrics_of_intersections_are_of_counts_and_have_places_of_their_own() {
        let kinds = || ALL.iter().filter(|kind| kind.place_in_intersections.is_some());
        let mut places: Vec<_> = kinds().map(|kind| (kind.place_in_intersections, kind.name)).collect();
        places.sort_unstable();
        assert_eq!(places, [(Some(1), "DPPL"), (Some(2), "DI"), (Some(3), "AD")]);
        assert!(kinds().all(|kind| kind.of_counts(&GroupAndRest::default()).is_some()));
    }
}
