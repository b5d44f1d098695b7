//! What about the files of a run needs attention, whatever the monitor.

use super::warning::warning;
use crate::decode::Observation;
use crate::error::{self, Code};
use crate::profile::Ledger;
use crate::report::{Account, DatasetAccount, Values, Warning};

/// What files may look like, other than what they are read as, and its code; all other observations are no warnings.
const OBSERVATIONS: [(Observation, &Code); 12] = [
    (Observation::JsonLines, &error::LOOKS_LIKE_JSON),
    (Observation::Semicolons, &error::OTHER_DELIMITER),
    (Observation::Tabs, &error::OTHER_DELIMITER),
    (Observation::Bars, &error::OTHER_DELIMITER),
    (Observation::Commas, &error::OTHER_DELIMITER),
    (Observation::Captures, &error::LOOKS_LIKE_JSON),
    (Observation::CellsDoNotFit, &error::CELLS_DO_NOT_FIT),
    (Observation::FilterFindsNothing, &error::FILTER_FINDS_NOTHING),
    (Observation::ListsMayBeRowsInAnswers, &error::LISTS_MAY_BE_ROWS),
    (Observation::ListsMayBeRowsInRequests, &error::LISTS_MAY_BE_ROWS),
    (Observation::LinesLookLikeHeaders, &error::LINES_LOOK_LIKE_HEADERS),
    (Observation::DecimalCommas, &error::DECIMAL_COMMAS),
];

/// Every warning about the datasets that were read.
pub(super) fn of(account: &Account) -> Vec<Warning> {
    let labels = account.labels.iter().map(|labels| &labels.dataset);
    let side_tables = account.side_tables.iter().map(|table| &table.dataset);
    [&account.dataset].into_iter().chain(labels).chain(side_tables).flat_map(of_dataset).collect()
}

fn of_dataset(dataset: &DatasetAccount) -> impl Iterator<Item = Warning> {
    let Ledger { n_cells_dropped, n_rows_short, cells_unreadable, unreadable_columns, .. } = &dataset.ledger;
    let unreadable = (!cells_unreadable.is_empty()).then(|| {
        let reasons: Vec<String> = cells_unreadable.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        let columns = Vec::from_iter(unreadable_columns.iter().cloned());
        let detail = format!("{} cells in {}", reasons.join(", "), dataset.place);
        let values = vec![Values { name: "columns".to_owned(), values: columns }];
        Warning { values, ..warning(&error::CELLS_UNREADABLE, detail) }
    });
    let are_uneven = *n_cells_dropped > 0 || *n_rows_short > 0;
    let uneven = are_uneven.then(|| {
        let place = &dataset.place;
        let detail = format!("{n_cells_dropped} cells have no column, {n_rows_short} rows lack cells, in {place}");
        warning(&error::UNEVEN_ROWS, detail)
    });
    let observed = OBSERVATIONS.into_iter().filter_map(|(observation, code)| {
        let n = dataset.ledger.observations.get(observation.name())?;
        let detail = format!(
            "{n} of {} files in {} hold {}",
            dataset.ledger.n_objects_opened,
            dataset.place,
            observation.text()
        );
        Some(warning(code, detail))
    });
    observed.chain(uneven).chain(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::LabelAccount;

    #[test]
    fn every_observation_has_a_code_and_every_dataset_is_looked_at() {
        let listed = OBSERVATIONS.map(|(observation, _)| observation);
        assert!(Observation::ALL.starts_with(&listed), "what follows is no warning");
        assert_eq!(Observation::ALL.get(listed.len()), Some(&Observation::HeaderInAnswers));
        let of = |place: &str, word: Observation| DatasetAccount {
            place: place.to_owned(),
            ledger: Ledger { n_objects_opened: 3, observations: [(word.name(), 2)].into(), ..Ledger::default() },
            ..DatasetAccount::default()
        };
        let labels = LabelAccount { dataset: of("labels", Observation::Tabs), ..LabelAccount::default() };
        let dataset = of("data", Observation::JsonLines);
        let found = super::of(&Account { dataset, labels: Some(labels), ..Account::default() });
        let shown: Vec<(&str, &str)> = found.iter().map(|found| (found.code, &found.detail[..33])).collect();
        let expected = [
            (error::LOOKS_LIKE_JSON.code, "2 of 3 files in data hold JSON Lines"),
            (error::OTHER_DELIMITER.code, "2 of 3 files in labels hold a table "),
        ];
        assert_eq!(shown, expected.map(|(code, detail)| (code, &detail[..33])));
    }
}
