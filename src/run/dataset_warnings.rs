//! What about the files of a run needs attention, whatever the monitor.

use super::warning::warning;
use crate::decode::{Misfit, Observation};
use crate::error::{self, Code};
use crate::profile::Ledger;
use crate::report::{Account, DatasetAccount, Values, Warning};

/// What files may look like, other than what they are read as, and its code; all other observations are no warnings.
const OBSERVATIONS: [(Observation, &Code); 19] = [
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
    (Observation::TextFitsNoDelimiter, &error::TEXT_DOES_NOT_FIT),
    (Observation::ListsMayBeRowsInRecords, &error::LISTS_IN_RECORDS),
    (Observation::HeaderLooksLikeRow, &error::HEADER_IN_DOUBT),
    (Observation::RowLooksLikeHeader, &error::HEADER_IN_DOUBT),
    (Observation::ListLooksLikeHeader, &error::HEADER_IN_DOUBT),
    (Observation::CellsOfTwoKinds, &error::CELLS_OF_TWO_KINDS),
    (Observation::LabelsInAnotherOrder, &error::LABEL_ORDER),
];

/// Every warning about the datasets that were read.
pub(super) fn of(account: &Account) -> Vec<Warning> {
    let labels = account.labels.iter().map(|labels| (&labels.dataset, true));
    let side_tables = account.side_tables.iter().map(|table| (&table.dataset, false));
    let all = [(&account.dataset, false)].into_iter().chain(labels).chain(side_tables);
    all.flat_map(|(dataset, are_labels)| of_dataset(dataset, are_labels)).collect()
}

fn of_dataset(dataset: &DatasetAccount, are_labels: bool) -> impl Iterator<Item = Warning> {
    let Ledger { n_cells_dropped, n_rows_short, cells_unreadable, unreadable_columns, .. } = &dataset.ledger;
    let unreadable = (!cells_unreadable.is_empty()).then(|| {
        let reasons: Vec<String> = cells_unreadable.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        let columns = Vec::from_iter(unreadable_columns.iter().cloned());
        let detail = format!("{} cells in {}", reasons.join(", "), dataset.place);
        let values = vec![Values { name: "columns".to_owned(), values: columns }];
        Warning { values, ..warning(&error::CELLS_UNREADABLE, detail) }
    });
    let absent = dataset.is_absent.then(|| warning(&error::PLACE_ABSENT, format!("{} does not exist", dataset.place)));
    let are_uneven = *n_cells_dropped > 0 || *n_rows_short > 0;
    let uneven = are_uneven.then(|| {
        let place = &dataset.place;
        let detail = format!("{n_cells_dropped} cells have no column, {n_rows_short} rows lack cells, in {place}");
        warning(&error::UNEVEN_ROWS, detail)
    });
    let observed = OBSERVATIONS.into_iter().filter_map(move |(observation, code)| {
        let n = dataset.ledger.observations.get(observation.name())?;
        let files = format!("{n} of {} files in {}", dataset.ledger.n_objects_opened, dataset.place);
        let misfit = dataset.misfit.filter(|_| observation == Observation::CellsDoNotFit);
        let more = misfit.map(told).or_else(|| Some(fitting(observation.delimiter()?, are_labels)));
        let more = more.map(|more| format!("; {more}")).unwrap_or_default();
        Some(warning(code, format!("{files} hold {}{more}", observation.text())))
    });
    absent.into_iter().chain(observed).chain(uneven).chain(unreadable)
}

/// The setting that fits tables with this delimiter.
fn fitting(delimiter: &str, are_labels: bool) -> String {
    match (delimiter, are_labels) {
        (delimiter, true) => format!("--ground-truth-delimiter '{delimiter}' would fit"),
        (",", false) => "dataset_format without a delimiter would fit".to_owned(),
        (delimiter, false) => format!("dataset_format {{\"csv\":{{\"delimiter\":\"{delimiter}\"}}}} would fit"),
    }
}

/// How many cells there are.
fn told(Misfit { n_answer_cells, n_request_cells, n_columns }: Misfit) -> String {
    let cells = format!("{n_answer_cells} in most answers, {n_request_cells} in most requests");
    format!("cells: {cells}; columns of the baseline: {n_columns}")
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
