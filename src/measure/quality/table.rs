//! Table of quality metrics: AWS's in the order of AWS's statistics file, then ours.

use super::metric::Limit::{Number, Share};
use super::metric::Relation::{Complement, Equal, Square};
use super::metric::{MetricKind, Needs, Replicates, Rows};
use super::sample::{BinarySample, MulticlassSample, RegressionSample};
use crate::names::quality::{AU_PRC, AUC};

/// The metric of this name. What is told of it is the same for every kind of problem that has it.
pub fn named(metric: &str) -> Option<&'static MetricKind> {
    ALL.iter().find(|kind| kind.name == metric)
}

const LARGER: Option<bool> = Some(true);
const SMALLER: Option<bool> = Some(false);

type B = BinarySample;
type M = MulticlassSample;
type R = RegressionSample;

/// Every metric, in the order of files.
pub static ALL: &[MetricKind] = &[
    MetricKind::binary("recall", LARGER, B::recall).limited(Share).over(Rows::Positive).estimated(),
    MetricKind::binary("precision", LARGER, B::precision).limited(Share).over(Rows::SaidPositive).estimated(),
    MetricKind::binary("accuracy", LARGER, B::accuracy).limited(Share).estimated(),
    MetricKind::binary("recall_best_constant_classifier", LARGER, B::constant_recall)
        .of_constant_classifier()
        .replicates(Replicates::Ignored),
    MetricKind::binary("precision_best_constant_classifier", LARGER, B::constant_precision)
        .of_constant_classifier()
        .replicates(Replicates::Ignored),
    MetricKind::binary("accuracy_best_constant_classifier", LARGER, B::constant_accuracy).of_constant_classifier(),
    MetricKind::binary("true_positive_rate", LARGER, B::recall)
        .limited(Share)
        .equivalent(Equal, "recall")
        .over(Rows::Positive),
    MetricKind::binary("true_negative_rate", LARGER, B::true_negative_rate).limited(Share).over(Rows::Negative),
    MetricKind::binary("false_positive_rate", SMALLER, B::false_positive_rate)
        .limited(Share)
        .equivalent(Complement, "true_negative_rate")
        .over(Rows::Negative),
    MetricKind::binary("false_negative_rate", SMALLER, B::false_negative_rate)
        .limited(Share)
        .equivalent(Complement, "recall")
        .over(Rows::Positive),
    MetricKind::binary(AUC, LARGER, B::auc).limited(Share).over(Rows::BothClasses).needing(Needs::Curves).estimated(),
    MetricKind::binary(AU_PRC, LARGER, B::au_prc).over(Rows::BothClasses).needing(Needs::Curves),
    MetricKind::binary("f0_5", LARGER, B::f0_5).limited(Share).never_reported().over(Rows::BothClasses).estimated(),
    MetricKind::binary("f1", LARGER, B::f1).limited(Share).over(Rows::BothClasses).estimated(),
    MetricKind::binary("f2", LARGER, B::f2).limited(Share).over(Rows::BothClasses).estimated(),
    MetricKind::binary("f0_5_best_constant_classifier", LARGER, B::constant_f0_5)
        .of_constant_classifier()
        .replicates(Replicates::Ignored),
    MetricKind::binary("f1_best_constant_classifier", LARGER, B::constant_f1)
        .of_constant_classifier()
        .replicates(Replicates::Ignored),
    MetricKind::binary("f2_best_constant_classifier", LARGER, B::constant_f2)
        .of_constant_classifier()
        .replicates(Replicates::Ignored),
    MetricKind::binary("log_loss", SMALLER, B::log_loss).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::binary("brier_score", SMALLER, B::brier_score).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::binary("expected_calibration_error", SMALLER, B::expected_calibration_error)
        .ours()
        .replicates(Replicates::Error)
        .needing(Needs::Scores)
        .over(Rows::Probabilities),
    MetricKind::binary("matthews_correlation", LARGER, B::matthews_correlation).over(Rows::BothClasses).ours(),
    MetricKind::binary("balanced_accuracy", LARGER, B::balanced_accuracy).over(Rows::BothClasses).ours(),
    MetricKind::binary("average_precision", LARGER, B::average_precision)
        .over(Rows::BothClasses)
        .ours()
        .needing(Needs::Curves),
    MetricKind::binary("majority_class_accuracy", LARGER, B::majority_class_accuracy).ours(),
    MetricKind::multiclass("accuracy", LARGER, M::accuracy).limited(Share).estimated(),
    MetricKind::multiclass("weighted_recall", LARGER, M::weighted_recall)
        .limited(Share)
        .equivalent(Equal, "accuracy")
        .estimated(),
    MetricKind::multiclass("weighted_precision", LARGER, M::weighted_precision).limited(Share).estimated(),
    MetricKind::multiclass("weighted_f0_5", LARGER, M::weighted_f0_5).limited(Share).estimated(),
    MetricKind::multiclass("weighted_f1", LARGER, M::weighted_f1).limited(Share).estimated(),
    MetricKind::multiclass("weighted_f2", LARGER, M::weighted_f2).limited(Share).estimated(),
    MetricKind::multiclass("accuracy_best_constant_classifier", LARGER, M::constant_accuracy).of_constant_classifier(),
    MetricKind::multiclass("weighted_recall_best_constant_classifier", LARGER, M::constant_weighted_recall)
        .of_constant_classifier(),
    MetricKind::multiclass("weighted_precision_best_constant_classifier", LARGER, M::constant_weighted_precision)
        .of_constant_classifier(),
    MetricKind::multiclass("weighted_f0_5_best_constant_classifier", LARGER, M::constant_weighted_f0_5)
        .of_constant_classifier(),
    MetricKind::multiclass("weighted_f1_best_constant_classifier", LARGER, M::constant_weighted_f1)
        .of_constant_classifier(),
    MetricKind::multiclass("weighted_f2_best_constant_classifier", LARGER, M::constant_weighted_f2)
        .of_constant_classifier(),
    MetricKind::multiclass("log_loss", SMALLER, M::log_loss).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::multiclass("matthews_correlation", LARGER, M::matthews_correlation).ours(),
    MetricKind::multiclass("balanced_accuracy", LARGER, M::balanced_accuracy).ours(),
    MetricKind::multiclass("macro_f1", LARGER, M::macro_f1).ours(),
    MetricKind::multiclass("majority_class_accuracy", LARGER, M::majority_class_accuracy).ours(),
    MetricKind::regression("mae", SMALLER, R::mae).limited(Number),
    MetricKind::regression("mse", SMALLER, R::mse).limited(Number).equivalent(Square, "rmse"),
    MetricKind::regression("rmse", SMALLER, R::rmse).limited(Number),
    MetricKind::regression("r2", LARGER, R::r2).limited(Number),
    MetricKind::regression("bias", None, R::bias).ours(),
];

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::profile::Problem;

    /// The names of the kinds that are meant, in the order of the table.
    fn names(is_meant: impl Fn(&MetricKind) -> bool) -> Vec<&'static str> {
        ALL.iter().filter(|kind| is_meant(kind)).map(|kind| kind.name).collect()
    }

    #[test]
    fn names_differ_within_a_problem_and_mean_the_same_in_all() {
        let names: HashSet<_> = ALL.iter().map(|kind| (kind.problem().name(), kind.name)).collect();
        assert_eq!(names.len(), ALL.len());
        let mut told = HashMap::new();
        for kind in ALL {
            let facts = (
                kind.larger_is_better,
                kind.limit,
                kind.is_never_reported,
                kind.is_constant_classifier,
                kind.equivalent,
            );
            assert_eq!(*told.entry(kind.name).or_insert(facts), facts, "{}", kind.name);
        }
        assert!(
            ALL.iter().all(|kind| kind.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()))
        );
    }

    #[test]
    fn aws_s_metrics_stand_before_ours() {
        for problem in Problem::ALL {
            assert!(ALL.iter().filter(|kind| kind.problem() == problem).is_sorted_by_key(|kind| !kind.is_aws));
        }
    }

    #[test]
    fn errors_and_false_alarms_are_better_when_smaller() {
        let smaller: HashSet<_> = names(|kind| kind.larger_is_better == Some(false)).into_iter().collect();
        let expected = [
            "false_positive_rate",
            "false_negative_rate",
            "log_loss",
            "brier_score",
            "expected_calibration_error",
            "mae",
            "mse",
            "rmse",
        ];
        assert_eq!(smaller, expected.into_iter().collect());
        assert_eq!(names(|kind| kind.larger_is_better.is_none()), ["bias"]);
    }

    /// As in AWS's constraints files; of many classes no complete one is known.
    #[test]
    fn the_metrics_that_aws_limits() {
        let limited = |problem| names(|kind| kind.problem() == problem && kind.limit.is_some()).join(" ");
        assert_eq!(
            limited(Problem::BinaryClassification),
            "recall precision accuracy true_positive_rate true_negative_rate false_positive_rate false_negative_rate \
             auc f0_5 f1 f2"
        );
        assert_eq!(
            limited(Problem::MulticlassClassification),
            "accuracy weighted_recall weighted_precision weighted_f0_5 weighted_f1 weighted_f2"
        );
        assert_eq!(limited(Problem::Regression), "mae mse rmse r2");
        assert_eq!(names(|kind| kind.is_never_reported), ["f0_5"]);
    }

    #[test]
    fn what_is_limited_is_a_metric_of_aws_of_which_one_side_is_better() {
        let is_sound =
            |kind: &&MetricKind| kind.is_aws && !kind.is_constant_classifier && kind.larger_is_better.is_some();
        let limited = || ALL.iter().filter(|kind| kind.limit.is_some());
        assert_eq!(limited().filter(is_sound).count(), limited().count());
        let numbers = names(|kind| kind.limit == Some(Number));
        assert_eq!(numbers, names(|kind| kind.limit.is_some() && kind.problem() == Problem::Regression));
    }

    #[test]
    fn what_stands_for_another_metric_is_of_the_same_problem_and_leads_no_further() {
        for kind in ALL {
            let Some((relation, name)) = kind.equivalent else { continue };
            let other = ALL.iter().find(|other| other.problem() == kind.problem() && other.name == name);
            let other = other.unwrap_or_else(|| panic!("{} stands for {name}", kind.name));
            assert!(other.equivalent.is_none() && other.limit.is_some(), "{name}");
            let is_turned = other.larger_is_better != kind.larger_is_better;
            assert_eq!(is_turned, relation == Complement, "{}", kind.name);
        }
    }

    #[test]
    fn constant_classifiers_are_called_so() {
        let named_so = names(|kind| kind.name.ends_with("_best_constant_classifier"));
        assert_eq!(names(|kind| kind.is_constant_classifier), named_so);
        assert_eq!(named_so.len(), 12);
    }
}
