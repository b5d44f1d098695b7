//! What a model-quality job sees of its rows, closed.

use crate::contract::Contract;
use crate::error::{self, Error, Result};
use crate::measure::quality::QualityBaseline;
use crate::profile::{
    CurveStatistics, CurveSummary, Distribution, MAX_CLASSES, OutcomeStatistics, OutcomeSummary, PredictionStatistics,
    PredictionSummary, TooManyClasses, UndecidedLabels,
};
use crate::summary::Summary;

/// What was seen of rows with a prediction, and of those that are labelled, too.
pub(super) struct Outcomes {
    pub labelled: OutcomeStatistics,
    pub predictions: PredictionStatistics,
    pub curves: Option<CurveStatistics>,
}

impl Outcomes {
    /// Closes what was seen. A label that may stand for a missing value is a class where the predictions or the
    /// baseline have a class of its name. Where that holds for some such labels only, there are no exact curves.
    pub(super) fn close(
        contract: &Contract,
        (mut rows, predictions): (OutcomeSummary, PredictionSummary),
        curves: Option<CurveSummary>,
        profile: Option<&QualityBaseline>,
    ) -> Result<Self> {
        let too_many = |_: TooManyClasses| {
            let cause = format!("there are more than {}", MAX_CLASSES);
            Error::new(&error::TOO_MANY_CLASSES, contract.source.to_string(), cause)
        };
        let predictions = predictions.finish().map_err(too_many)?;
        let known = [Some(&predictions.predictions), profile.map(|profile| &profile.predictions)];
        let is_class = |text: &str| known.into_iter().flatten().any(|known| has_class(known, text));
        let curves = match rows.decide(is_class) {
            UndecidedLabels::AreClasses => curves.map(CurveSummary::with_undecided),
            UndecidedLabels::AreBoth => None,
            UndecidedLabels::None | UndecidedLabels::AreMissing => curves,
        };
        let labelled = rows.finish().map_err(too_many)?;
        if let Some(imbalance) = labelled.account.imbalance() {
            return Err(Error::new(&error::LEDGER, contract.source.to_string(), imbalance));
        }
        Ok(Self { labelled, predictions, curves: curves.and_then(Summary::finish) })
    }
}

fn has_class(distribution: &Distribution, text: &str) -> bool {
    matches!(distribution, Distribution::Classes(classes) if classes.iter().any(|(class, n)| class == text && *n > 0))
}
