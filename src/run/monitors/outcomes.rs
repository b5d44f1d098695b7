//! What a model-quality job sees of its rows, closed.

use crate::contract::Contract;
use crate::error::{self, Error, Result};
use crate::profile::{
    CurveStatistics, CurveSummary, MAX_CLASSES, OutcomeStatistics, OutcomeSummary, PredictionStatistics,
    PredictionSummary, TooManyClasses,
};
use crate::summary::Summary;

/// What was seen of rows with a prediction, and of those that are labelled, too.
pub(super) struct Outcomes {
    pub labelled: OutcomeStatistics,
    pub predictions: PredictionStatistics,
    pub curves: Option<CurveStatistics>,
}

impl Outcomes {
    pub(super) fn close(
        contract: &Contract,
        rows: OutcomeSummary,
        predictions: PredictionSummary,
        curves: Option<CurveSummary>,
    ) -> Result<Self> {
        let too_many = |_: TooManyClasses| {
            let cause = format!("there are more than {}", MAX_CLASSES);
            Error::new(&error::TOO_MANY_CLASSES, contract.source.to_string(), cause)
        };
        let labelled = rows.finish().map_err(too_many)?;
        if let Some(imbalance) = labelled.account.imbalance() {
            return Err(Error::new(&error::LEDGER, contract.source.to_string(), imbalance));
        }
        let predictions = predictions.finish().map_err(too_many)?;
        Ok(Self { labelled, predictions, curves: curves.and_then(Summary::finish) })
    }
}
