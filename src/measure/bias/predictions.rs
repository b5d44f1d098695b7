//! Post-training metrics of bias: differences of predictions (documentation: `clarify-measure-post-training-bias`).

use super::confusion_matrix::{ConfusionMatrix, GroupAndRest, Value, difference, div};
use super::labels::difference_of_shares;

const NO_GROUP: &str = "Facet set is empty";
const NO_REST: &str = "Negated Facet set is empty";

/// AD: accuracy of all others less that of the group, between -1 and 1.
pub fn accuracy(sides: &GroupAndRest) -> Value {
    sides.need_both(NO_GROUP, NO_REST)?;
    let accuracy = |side: &ConfusionMatrix| div(side.true_positives() + side.true_negatives(), side.n());
    Ok(accuracy(&sides.rest) - accuracy(&sides.sensitive))
}

/// DAR: precision of all others less that of the group, between -1 and 1.
pub fn acceptance_rates(sides: &GroupAndRest) -> Value {
    sides.need_both("DLR: Facet set is empty", "DLR: Negated Facet set is empty")?;
    let rate = |side: &ConfusionMatrix| div(side.true_positives(), side.predicted_positives());
    Ok(rate(&sides.rest) - rate(&sides.sensitive))
}

/// DRR: share of true negatives among predicted negatives, of the group less that of all others,
/// between -1 and 1.
pub fn rejection_rates(sides: &GroupAndRest) -> Value {
    sides.need_both("DLR: Facet set is empty", "DLR: Negated Facet set is empty")?;
    let rate = |side: &ConfusionMatrix| div(side.true_negatives(), side.predicted_negatives());
    Ok(rate(&sides.sensitive) - rate(&sides.rest))
}

/// DCA: actual per predicted positives, of all others less that of the group; unbounded.
pub fn conditional_acceptance(sides: &GroupAndRest) -> Value {
    sides.need_both("DCO: Facet set is empty", "DCO: Negated Facet set is empty")?;
    let ratio = |side: &ConfusionMatrix| div(side.positives(), side.predicted_positives());
    Ok(difference(ratio(&sides.rest), ratio(&sides.sensitive)))
}

/// DCR: actual per predicted negatives, of the group less that of all others; unbounded.
pub fn conditional_rejection(sides: &GroupAndRest) -> Value {
    sides.need_both("DCO: Facet set is empty", "DCO: Negated Facet set is empty")?;
    let ratio = |side: &ConfusionMatrix| div(side.negatives(), side.predicted_negatives());
    Ok(difference(ratio(&sides.sensitive), ratio(&sides.rest)))
}

/// DI: share of predicted positives of the group per that of all others, from 0; 1 where they are
/// alike.
pub fn disparate_impact(sides: &GroupAndRest) -> Value {
    sides.need_both(NO_GROUP, NO_REST)?;
    let share = |side: &ConfusionMatrix| side.predicted_positives() / side.n();
    Ok(div(share(&sides.sensitive), share(&sides.rest)))
}

/// DPPL: share of predicted positives of all others less that of the group, between -1 and 1.
pub fn difference_in_predictions(sides: &GroupAndRest) -> Value {
    difference_of_shares(sides, ConfusionMatrix::predicted_positives)
}

/// RD: recall of all others less that of the group, between -1 and 1.
pub fn recall(sides: &GroupAndRest) -> Value {
    sides.need_both("DLA: Facet set is empty", "DLA: Negated Facet set is empty")?;
    let recall = |side: &ConfusionMatrix| div(side.true_positives(), side.positives());
    Ok(recall(&sides.rest) - recall(&sides.sensitive))
}

/// SD: share of true negatives among negatives, of the group less that of all others, between -1 and 1.
pub fn specificity(sides: &GroupAndRest) -> Value {
    sides.need_both("DLA: Facet set is empty", "DLA: Negated Facet set is empty")?;
    let specificity = |side: &ConfusionMatrix| div(side.true_negatives(), side.negatives());
    Ok(specificity(&sides.sensitive) - specificity(&sides.rest))
}

/// TE: false negatives per false positive, of the group less that of all others; unbounded.
pub fn treatment_equality(sides: &GroupAndRest) -> Value {
    sides.need_both(NO_GROUP, NO_REST)?;
    let ratio = |side: &ConfusionMatrix| div(side.false_negatives(), side.false_positives());
    Ok(difference(ratio(&sides.sensitive), ratio(&sides.rest)))
}

/// GE: half the squared coefficient of variation of benefits over all rows, whatever their group. A
/// false positive is a benefit of 2, a false negative of 0, a right answer of 1 (Speicher et al., "A
/// unified approach to quantifying algorithmic unfairness", KDD 2018, α = 2). From 0.
pub fn generalized_entropy(sides: &GroupAndRest) -> Value {
    let all = sides.all();
    let n = all.n();
    let mean = (n + all.false_positives() - all.false_negatives()) / n;
    if mean == 0.0 {
        return Err("All predicted labels are false negatives. \
                    There should be at least one prediction that is not false negative.");
    }
    let term = |benefit: f64| (benefit / mean) * (benefit / mean) - 1.0;
    let n_right = all.true_positives() + all.true_negatives();
    let sum = all.false_positives() * term(2.0) + n_right * term(1.0) + all.false_negatives() * term(0.0);
    Ok(sum / (2.0 * n))
}
